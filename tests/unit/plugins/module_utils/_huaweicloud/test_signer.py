# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The signature, against vectors that the vendor's own client made (huaweicloud_cph 1.3)."""

from __future__ import annotations

import json

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.signer import (
    authorization,
    canonical_query,
)

ACCESS_KEY = "EXAMPLEAK0000000000A"
SECRET_KEY = "EXAMPLESK0000000000000000000000000000SK"
PROJECT = "0123456789abcdef0123456789abcdef"
SERVER = "a176d8625981453bbafbc0a321d8d6a1"
SERVERS = f"/v1/{PROJECT}/cloud-phone/servers"
DATE = {"X-Sdk-Date": "20260101T000000Z"}
CLOUD = {
    **DATE,
    "Host": "cph.cn-north-4.myhuaweicloud.com",
    "Content-Type": "application/json",
    "X-Project-Id": PROJECT,
}
ORDER = json.dumps(
    {
        "server_id": SERVER,
        "server_model_name": "physical.rx1.xlarge.special",
        "phone_model_name": "rx1.cp.sp.c105.d8.e5v5",
        "extend_param": {"is_auto_pay": 1},
    }
).encode()


def sign(method, path, query="", headers=None, content=b""):
    return authorization(
        method, path, query, headers or CLOUD, content, access_key=ACCESS_KEY, secret_key=SECRET_KEY
    )


def signature(*args, **kwargs):
    return sign(*args, **kwargs).rpartition("Signature=")[2]


def test_a_read():
    expected = "63c7cca49b3f9e4d5fc438a4937620a429e0cb6cd03b679e5fd246ffdfecc1ac"
    assert signature("GET", f"{SERVERS}/{SERVER}") == expected


def test_a_query_a_port_and_a_security_token():
    headers = {**DATE, "Host": "127.0.0.1:8080", "X-Security-Token": "STS"}
    query = canonical_query({"offset": 0, "limit": 100, "server_name": "a b/é"})
    assert query == "limit=100&offset=0&server_name=a%20b%2F%C3%A9"
    expected = "76889c9c44de322f9f1f821bc1f736c1cdf74410d451f9f947060e56f2daec83"
    assert signature("GET", SERVERS, query, headers) == expected


def test_a_body():
    expected = "f0cf595c2f7c8c83ffe149387b19405dacb60132bb1e3e0a043b424a72143814"
    assert signature("POST", f"{SERVERS}/change-server-model", content=ORDER) == expected


def test_the_header_names_the_signed_headers():
    assert sign("GET", "/").startswith(
        f"SDK-HMAC-SHA256 Access={ACCESS_KEY}, "
        "SignedHeaders=content-type;host;x-project-id;x-sdk-date, Signature="
    )


def test_names_with_an_underscore_are_not_signed():
    assert sign("GET", "/", headers={**CLOUD, "X_Odd": "1"}) == sign("GET", "/")


def test_blanks_around_a_value_do_not_count():
    assert sign("GET", "/", headers={**CLOUD, "X-Project-Id": f" {PROJECT} "}) == sign("GET", "/")


@pytest.mark.parametrize("path", ["/v1/a%20b", "/v1/a b", "/v1/a%20b/"])
def test_a_path_is_the_same_however_it_is_written(path):
    assert signature("GET", path) == signature("GET", "/v1/a%20b")


@pytest.mark.parametrize(
    ("changed", "value"),
    [("method", "PUT"), ("path", "/x"), ("query", "a=1"), ("content", b"{}")],
)
def test_every_part_counts(changed, value):
    request = {"method": "GET", "path": "/", "query": "", "content": b""}
    assert signature(**{**request, changed: value}) != signature(**request)


@pytest.mark.parametrize(
    ("query", "written"),
    [
        ({}, ""),
        ({"b": 1, "a": True}, "a=true&b=1"),
        ({"a": ["2", "1"]}, "a=1&a=2"),
        ({"a~b": "x~y&z=%"}, "a~b=x~y%26z%3D%25"),
    ],
)
def test_a_query_is_sorted_and_encoded(query, written):
    assert canonical_query(query) == written
