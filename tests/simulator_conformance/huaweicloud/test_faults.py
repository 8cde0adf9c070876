# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults of these services (huaweicloud_cph 4)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.simulator.clock import Clock
from tests.simulator.exchange import Request
from tests.simulator.faults import FaultPlan
from tests.simulator.huaweicloud import HuaweiCloud
from tests.simulator.huaweicloud.accounts import Account
from tests.simulator.huaweicloud.routes import ROUTES
from tests.simulator.switches import Switches

from .cloud import CHANGE, DEARER, START, Cloud

THROTTLED = {
    "error_msg": "The throttling threshold has been reached: policy ip over ratelimit,limit:5,time:1 minute",
    "error_code": "APIGW.0308",
    "request_id": "0" * 32,
}


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "1"}])
def test_throttling(cloud: Cloud, headers: dict[str, str]) -> None:
    cloud.control.fault("status", operation=CHANGE, status=429, body=THROTTLED, headers=headers)
    response = cloud.change(cloud.id_of(1), DEARER)
    assert (response.status_code, response.json()["error_code"]) == (429, "APIGW.0308")
    assert response.headers.get("Retry-After") == headers.get("Retry-After")
    assert cloud.change(cloud.id_of(1), DEARER).status_code == 200


def test_a_bad_gateway_without_json(cloud: Cloud) -> None:
    cloud.control.fault("html", path="/cloud-phone/servers$", status=502)
    response = cloud.cph("GET", "/servers")
    assert response.status_code == 502
    assert response.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("kind", ["reset", "status"])
def test_an_order_whose_answer_is_lost_is_placed_once(cloud: Cloud, kind: str) -> None:
    server_id = cloud.id_of(1)
    cloud.control.fault(kind, operation=CHANGE, when="after")
    if kind == "reset":
        with pytest.raises(requests.ConnectionError):
            cloud.change(server_id, DEARER)
    else:
        assert cloud.change(server_id, DEARER).status_code == 500
    assert cloud.control.counters()["applied"] == 1
    assert cloud.control.counters()["writes_by_server"] == {server_id: 1}
    assert cloud.bss("GET", "/v2/orders/customer-orders").json()["total_count"] == 1
    cloud.control.advance(120)
    assert cloud.flavor(server_id) == DEARER


def test_an_order_that_never_arrives(cloud: Cloud) -> None:
    cloud.control.fault("reset", operation=CHANGE, when="before")
    with pytest.raises(requests.ConnectionError):
        cloud.change(cloud.id_of(1), DEARER)
    assert cloud.bss("GET", "/v2/orders/customer-orders").json()["total_count"] == 0
    assert cloud.flavor(cloud.id_of(1)) == START


@pytest.mark.parametrize("path", ["/servers", "/phones", "/phone-models", "/server-models"])
def test_an_empty_page(cloud: Cloud, path: str) -> None:
    cloud.control.fault("empty_page", path=f"/cloud-phone{path}$")
    rows = {"/phone-models": "phone_models", "/server-models": "server_models"}.get(path, path[1:])
    assert cloud.get(path)[rows] == []
    assert cloud.get(path)[rows] != []


@pytest.mark.parametrize(("change", "first"), [("insert", 9), ("remove", 11)])
def test_rows_that_come_or_go_between_two_pages(change: str, first: int) -> None:
    account = Account()
    panel = HuaweiCloud(Clock(), Switches(HuaweiCloud.switch_table, {}), account)
    panel.reset(30, 1)
    fault = FaultPlan().add({"kind": "page_shift", "params": {"change": change, "rows": 1}})
    path = f"/v1/{account.project_id}/cloud-phone/servers"
    headers = {"x-auth-token": account.token}
    whole = panel.handle(Request("GET", path, "", headers, b""), None).value["servers"]
    shifted = panel.handle(Request("GET", path, "offset=10&limit=5", headers, b""), fault).value
    assert [server["server_id"] for server in shifted["servers"]] == [
        server["server_id"] for server in whole[first : first + 5]
    ]


def test_a_wrong_type(cloud: Cloud) -> None:
    cloud.control.fault(
        "wrong_type", path="/cloud-phone/servers$", at="servers.0.status", value="5"
    )
    assert cloud.get("/servers")["servers"][0]["status"] == "5"


def test_read_only(cloud: Cloud) -> None:
    cloud.control.read_only()
    assert cloud.change(cloud.id_of(1), DEARER).status_code == 599
    assert cloud.bss("PUT", "/v2/orders/customer-orders/cancel", {}).status_code == 599
    assert cloud.control.counters()["violations"] == 2
    assert cloud.get("/servers")["count"] == 50


WORDS = st.sampled_from(
    [
        "auth",
        "identity",
        "methods",
        "password",
        "token",
        "assume_role",
        "scope",
        "project",
        "domain",
        "user",
        "name",
        "id",
        "order_id",
        "server_id",
        "server_ids",
        "server_model_name",
        "phone_model_name",
        "extend_param",
        "is_auto_pay",
        "tags",
        "key",
        "action",
        "use_coupon",
        "use_discount",
        "duration_seconds",
        "server_name",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=40, deadline=None)
@example(body={"auth": {"identity": {"methods": ["token"], "token": {"id": [1]}}}}, query={})
@example(body={"use_coupon": [], "use_discount": {}, "order_id": []}, query={})
@given(
    body=VALUES,
    query=st.dictionaries(
        st.sampled_from(
            [
                "limit",
                "offset",
                "marker",
                "status",
                "create_since",
                "request_ids",
                "product_type",
                "server_name",
            ]
        ),
        st.text(),
        max_size=3,
    ),
)
def test_no_request_is_answered_by_a_crash(body: Any, query: dict[str, str]) -> None:
    account = Account()
    panel = HuaweiCloud(Clock(), Switches(HuaweiCloud.switch_table, {"bss_access": "any"}), account)
    panel.reset(1, 1)
    server_id = next(iter(panel.collections()["cph_servers"]))
    for route in ROUTES.all:
        path = route.template.replace("{project_id}", account.project_id)
        path = path.replace("{server_id}", server_id).replace("{resource_id}", server_id)
        path = path.replace("{resource_type}", "cph-server")
        headers = {"x-auth-token": account.token}
        for asked in (query, {}):
            request = Request(
                route.method, path, urlencode(asked), headers, json.dumps(body).encode()
            )
            assert panel.classify(request).operation == route.operation
            reply = panel.handle(request, None)
            assert reply.status in (200, 201, 204, 400, 401, 403, 404)
