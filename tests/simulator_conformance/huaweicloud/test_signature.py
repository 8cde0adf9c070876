# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The signature: published vectors, and agreement with the vendor's own signer (huaweicloud_cph 1.3)."""

from __future__ import annotations

import json
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.simulator.exchange import Request
from tests.simulator.huaweicloud.signature import Claim, claim_of, is_authentic, signature_of

# The SDK reads the time with a function that is deprecated in newer Pythons.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:huaweicloudsdkcore.*")

ACCESS_KEY = "EXAMPLEAK0000000000A"
SECRET_KEY = "EXAMPLESK0000000000000000000000000000SK"
DATE = "20260101T000000Z"
PROJECT = "0123456789abcdef0123456789abcdef"
SERVER = "a176d8625981453bbafbc0a321d8d6a1"
BASE = f"/v1/{PROJECT}/cloud-phone/servers"
USUAL = {
    "content-type": "application/json",
    "host": "cph.cn-north-4.myhuaweicloud.com",
    "x-project-id": PROJECT,
    "x-sdk-date": DATE,
}
TEMPORARY = {"host": "127.0.0.1:8080", "x-sdk-date": DATE, "x-security-token": "STS"}
BODY = json.dumps(
    {
        "server_id": SERVER,
        "server_model_name": "physical.rx1.xlarge.special",
        "phone_model_name": "rx1.cp.sp.c105.d8.e5v5",
        "extend_param": {"is_auto_pay": 1},
    }
).encode()

VECTORS = [
    pytest.param(
        Request("GET", f"{BASE}/{SERVER}", "", USUAL, b""),
        "63c7cca49b3f9e4d5fc438a4937620a429e0cb6cd03b679e5fd246ffdfecc1ac",
        id="detail",
    ),
    pytest.param(
        Request("GET", BASE, "limit=100&offset=0&server_name=a%20b%2F%C3%A9", TEMPORARY, b""),
        "76889c9c44de322f9f1f821bc1f736c1cdf74410d451f9f947060e56f2daec83",
        id="list with a temporary pair",
    ),
    pytest.param(
        Request("POST", f"{BASE}/change-server-model", "", USUAL, BODY),
        "f0cf595c2f7c8c83ffe149387b19405dacb60132bb1e3e0a043b424a72143814",
        id="flavor change",
    ),
]


@pytest.mark.parametrize(("request_", "expected"), VECTORS)
def test_vectors(request_: Request, expected: str) -> None:
    names = tuple(sorted(request_.headers))
    assert signature_of(request_, names, SECRET_KEY) == expected
    claim = claim_of(
        f"SDK-HMAC-SHA256 Access={ACCESS_KEY}, SignedHeaders={';'.join(names)}, Signature={expected}"
    )
    assert claim == Claim(ACCESS_KEY, names, expected)
    assert is_authentic(request_, claim, SECRET_KEY)
    assert not is_authentic(request_, claim, SECRET_KEY[:-1])


@pytest.mark.parametrize(("request_", "expected"), VECTORS)
def test_the_order_of_the_query_does_not_matter(request_: Request, expected: str) -> None:
    turned = "&".join(reversed(request_.query_string.split("&")))
    other = Request(request_.method, request_.raw_path, turned, request_.headers, request_.body)
    assert signature_of(other, tuple(sorted(request_.headers)), SECRET_KEY) == expected


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer x",
        "SDK-HMAC-SHA256 Access=a, SignedHeaders=host",
        "SDK-HMAC-SHA1 Access=a, SignedHeaders=host, Signature=00",
        "SDK-HMAC-SHA256 Access=, SignedHeaders=host, Signature=00",
    ],
)
def test_other_headers_are_not_credentials(header: str) -> None:
    assert claim_of(header) is None


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    segments=st.lists(TEXT.filter(lambda text: "/" not in text and "%" not in text), max_size=3),
    query=st.dictionaries(TEXT, TEXT, max_size=4),
    body=st.text(max_size=30),
)
def test_agreement_with_the_vendors_signer(
    sdk: SimpleNamespace, segments: list[str], query: dict[str, str], body: str
) -> None:
    """The simulator accepts the SDK's signature of any path, query and body."""
    path = "/".join(["/v1", *(quote(segment, safe="") for segment in segments)])
    asked = sdk.SdkRequest(
        method="POST",
        host="127.0.0.1:8080",
        resource_path=path,
        query_params=list(query.items()),
        header_params={"Content-Type": "application/json", "X-Sdk-Date": DATE},
        body=body,
    )
    done = sdk.Signer(sdk.BasicCredentials(ACCESS_KEY, SECRET_KEY)).sign(asked)
    headers = {name.lower(): value for name, value in done.header_params.items()}
    received = Request("POST", path, done.uri.partition("?")[2], headers, body.encode())
    claim = claim_of(headers["authorization"])
    assert claim is not None
    assert is_authentic(received, claim, SECRET_KEY)
