# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection's own signer against the vendor's: the same request, the same signature."""

from __future__ import annotations

from types import SimpleNamespace
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from plugins.module_utils._huaweicloud.signer import authorization, canonical_query

# The SDK reads the time with a function that is deprecated in newer Pythons.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:huaweicloudsdkcore.*")

ACCESS_KEY = "EXAMPLEAK0000000000A"
SECRET_KEY = "EXAMPLESK0000000000000000000000000000SK"

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
WORD = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)
NAMES = st.sampled_from(["limit", "offset", "server_name", "a", "B", "~"])
HEADERS = st.dictionaries(st.sampled_from(["X-Project-Id", "X-Security-Token", "X_Odd"]), WORD)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "POST", "PUT"]),
    segments=st.lists(TEXT, max_size=3),
    query=st.dictionaries(NAMES, st.one_of(TEXT, st.integers(), st.booleans()), max_size=4),
    more=HEADERS,
    body=st.text(max_size=30),
)
@example("GET", ["a~b", "c/d", "é"], {"server_name": "a b/é~", "a": True}, {}, "")
def test_the_signature_is_the_vendors(
    sdk: SimpleNamespace,
    method: str,
    segments: list[str],
    query: dict[str, str | int | bool],
    more: dict[str, str],
    body: str,
) -> None:
    path = "/".join(["/v1", *(quote(segment, safe="") for segment in segments)])
    headers = {
        "Host": "127.0.0.1:8080",
        "X-Sdk-Date": "20260101T000000Z",
        "Content-Type": "application/json",
        **more,
    }
    asked = sdk.SdkRequest(
        method=method,
        host=headers["Host"],
        resource_path=path,
        query_params=list(query.items()),
        header_params=dict(headers),
        body=body,
    )
    theirs = sdk.Signer(sdk.BasicCredentials(ACCESS_KEY, SECRET_KEY)).sign(asked)
    ours = authorization(
        method,
        path,
        canonical_query(query),
        headers,
        body.encode(),
        access_key=ACCESS_KEY,
        secret_key=SECRET_KEY,
    )
    assert ours == theirs.header_params["Authorization"]
