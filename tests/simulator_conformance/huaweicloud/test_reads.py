# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists, details, filters and pages of CPH (huaweicloud_cph 3.1)."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from .cloud import GAMING, HIDDEN, PRIVATE, RX1, SPECIAL, Cloud

HEX = re.compile(r"[0-9a-f]{32}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def names(cloud: Cloud, **query: Any) -> list[str]:
    return [server["server_name"] for server in cloud.get("/servers", **query)["servers"]]


def test_two_request_ids(cloud: Cloud) -> None:
    response = cloud.cph("GET", "/servers")
    inside, outside = response.json()["request_id"], response.headers["X-Request-Id"]
    assert HEX.fullmatch(inside)
    assert HEX.fullmatch(outside)
    assert inside != outside
    assert cloud.get("/servers")["request_id"] != inside


def test_the_list_of_servers(cloud: Cloud) -> None:
    answer = cloud.get("/servers")
    assert answer["count"] == len(answer["servers"]) == 50
    times = [server["create_time"] for server in answer["servers"]]
    assert times == sorted(times, reverse=True)
    for server in answer["servers"]:
        assert HEX.fullmatch(server["server_id"])
        assert UUID.fullmatch(server["vpc_id"])
        assert TIME.fullmatch(server["update_time"])
        assert set(server["metadata"]) == {"order_id", "product_id", "charging_mode"}
        assert server["resource_project_id"] != cloud.account.project_id
        assert bool(server["addresses"]) == (server["network_version"] == "v1")
        assert "band_widths" not in server
    assert {server["metadata"]["charging_mode"] for server in answer["servers"]} == {0, 1}


def test_a_server(cloud: Cloud) -> None:
    server_id = cloud.id_of(4)
    server = cloud.get(f"/servers/{server_id}")
    (row,) = cloud.get("/servers", server_id=server_id)["servers"]
    detail_only = {"band_widths", "volumes", "share_volume_info", "security_groups", "request_id"}
    assert set(server) - set(row) == detail_only
    assert {**row, "addresses": None} == {**{key: server[key] for key in row}, "addresses": None}
    assert server["network_version"] == "v2"
    assert server["addresses"][0]["server_ip"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", server["band_widths"][0]["create_time"])


def test_an_unknown_server(cloud: Cloud) -> None:
    assert cloud.refused("GET", f"/servers/{'0' * 32}") == (404, "CPS.0015")


def test_filters_of_the_list(cloud: Cloud) -> None:
    everything = cloud.get("/servers")["servers"]
    assert names(cloud, server_name="FARM-5") == ["farm-50", "farm-5"]
    assert names(cloud, server_name="twin") == ["farm-twin", "farm-twin"]
    assert names(cloud, server_name="nothing") == []
    assert names(cloud, status=8) == ["farm-6"]
    assert len(names(cloud, network_version="v2")) == 12
    wanted = [s for s in everything if s["phone_model_name"] == "kg1.max"]
    assert cloud.get("/servers", phone_model_name="kg1.max")["count"] == len(wanted) > 0
    # There is no filter on the server flavor: it is ignored.
    assert cloud.get("/servers", server_model_name=RX1)["count"] == 50
    later = cloud.get("/servers", create_since=1709800000)["count"]
    assert 0 < later < 50
    assert cloud.get("/servers", create_since=1709800000000)["count"] == later
    assert cloud.get("/servers", create_until=1709800000)["count"] == 50 - later


def test_pages_by_offset(cloud: Cloud) -> None:
    whole = names(cloud)
    pages = [names(cloud, offset=offset, limit=20) for offset in (0, 20, 40, 60)]
    assert [len(page) for page in pages] == [20, 20, 10, 0]
    assert [name for page in pages for name in page] == whole


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/servers", {"limit": 0}),
        ("/servers", {"limit": 101}),
        ("/servers", {"offset": -1}),
        ("/servers", {"limit": "many"}),
        ("/servers", {"limit": "²"}),
        ("/servers", {"status": "x"}),
        ("/servers", {"create_since": "yesterday"}),
        ("/phones", {"limit": 201}),
        ("/phone-models", {"limit": 101}),
        ("/phone-models", {"status": 2}),
        ("/server-models", {"limit": 101}),
        ("/server-models", {"marker": "nowhere"}),
    ],
)
def test_parameters_out_of_range(cloud: Cloud, path: str, query: dict[str, Any]) -> None:
    assert cloud.refused("GET", path, **query) == (400, "CPS.0002")


def test_server_flavors_come_by_marker(cloud: Cloud) -> None:
    rows: list[dict[str, Any]] = []
    marker: dict[str, str] = {}
    sizes = []
    while True:
        answer = cloud.get("/server-models", limit=4, **marker)
        rows += answer["server_models"]
        sizes.append(len(answer["server_models"]))
        if not answer["page_info"]["next_marker"]:
            break
        marker = {"marker": answer["page_info"]["next_marker"]}
    assert sizes == [4, 2]
    assert len({row["server_model_name"] for row in rows}) == 6
    assert PRIVATE not in {row["server_model_name"] for row in rows}
    for row in rows:
        assert isinstance(row["extend_spec"], dict)
        assert not {"generation", "listed", "disk"} & set(row)
    (gaming,) = cloud.get("/server-models", product_type=1)["server_models"]
    assert gaming["server_model_name"] == GAMING
    assert cloud.get("/server-models", product_type=0)["page_info"] == {"next_marker": None}


def test_phone_flavors(cloud: Cloud) -> None:
    answer = cloud.get("/phone-models")
    assert set(answer) == {"request_id", "phone_models"}
    rows = answer["phone_models"]
    assert len(rows) == 10
    for row in rows:
        assert isinstance(row["cpu"], float)
        assert isinstance(json.loads(row["extend_spec"]), dict)
        assert "monthly_price" not in row
    assert HIDDEN[1] not in {row["phone_model_name"] for row in rows}
    (withdrawn,) = cloud.get("/phone-models", status=0)["phone_models"]
    assert withdrawn["phone_model_name"] == "rx1.cp.c6.d6.old"
    assert len(cloud.get("/phone-models", status=1)["phone_models"]) == 9
    assert cloud.get("/phone-models", offset=8, limit=5)["phone_models"] == rows[8:]


def test_capacities_offer_pairs_up_down_and_across(cloud: Cloud) -> None:
    rows = cloud.get("/phone-models")["phone_models"]
    of_rx1 = {r["phone_capacity"] for r in rows if r["server_model_name"] == RX1}
    of_special = {r["phone_capacity"] for r in rows if r["server_model_name"] == SPECIAL}
    assert of_rx1 == of_special == {4, 6}


def test_offerings(cloud: Cloud) -> None:
    path = f"/v1/{cloud.account.project_id}/server-model-offerings"
    answer = cloud.call("GET", path).json()
    assert answer["count"] == len(answer["models"]) == 12
    assert answer["page_info"] == {"next_marker": None}
    sold_out = {m["model_name"] for m in answer["models"] if m["sell_status"] == "sellout"}
    assert sold_out == {"physical.kg1.4xlarge.special"}
    first = cloud.call("GET", path, limit=5).json()
    marker = first["page_info"]["next_marker"]
    rest = cloud.call("GET", path, marker=marker, limit=1000).json()
    assert first["models"] + rest["models"] == answer["models"]
    assert cloud.call("GET", path, limit=1001).json()["error_code"] == "CPS.0002"


def test_phones(cloud: Cloud) -> None:
    everything = cloud.get("/phones", limit=200)
    assert everything["count"] > len(everything["phones"]) == 200
    server = cloud.get(f"/servers/{cloud.id_of(1)}")
    answer = cloud.get("/phones", server_id=server["server_id"])
    assert answer["count"] == len(answer["phones"]) == 6
    for phone in answer["phones"]:
        assert phone["phone_model_name"] == server["phone_model_name"]
        assert phone["vnc_enable"] == "true"
        detail = cloud.get(f"/phones/{phone['phone_id']}")
        assert {key: detail[key] for key in phone} == phone
    assert cloud.get("/phones", phone_name="FARM-1-00002")["count"] == 1
    assert cloud.get("/phones", status=8)["count"] > 0
    assert cloud.get("/phones", server_id="0" * 32)["phones"] == []
    assert cloud.refused("GET", f"/phones/{'0' * 32}") == (404, "CPS.0005")


def test_paths_outside_the_api(cloud: Cloud) -> None:
    for method, path in (("GET", "/nowhere"), ("DELETE", "/servers")):
        assert cloud.refused(method, path) == (404, "APIGW.0101")
    assert cloud.call("GET", "/v3/nowhere").json()["error_code"] == "APIGW.0101"
