# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Profiles, credit, packs and statistics (virtfusion 5)."""

from __future__ import annotations

from typing import Any

import pytest

from .api import Api

USER = "byUserExtRelationId/1001"
WITHOUT_DATA = "byUserExtRelationId/1002"
PACK, PACKED = 1, (1, 11)
"""A pack of user 2, and two servers of that user."""


def fill_pack(panel: Api) -> None:
    """Add two servers to the pack."""
    for server in PACKED:
        panel.control.patch_server(server, {"packId": PACK})


@pytest.mark.parametrize(
    ("route", "field"),
    [
        ("hourlyGroupProfile", "selfServiceHourlyGroupProfiles"),
        ("resourceGroupProfile", "selfServiceResourceGroupProfiles"),
    ],
)
def test_profiles(panel: Api, route: str, field: str) -> None:
    for profile in (2, 2, 5):
        panel.ok("POST", f"/selfService/{route}/{USER}", {"profileId": profile})
    assert panel.data("/users/1001/byExtRelation")[field] == [2, 5]
    panel.ok("DELETE", f"/selfService/{route}/2/{USER}")
    assert panel.data("/users/1001/byExtRelation")[field] == [5]
    assert panel.call("DELETE", f"/selfService/{route}/2/{USER}").status_code == 404
    assert panel.call("POST", f"/selfService/{route}/{USER}", {"profileId": 99}).status_code == 422


def test_access_follows_the_profiles(panel: Api) -> None:
    def level(sync: bool) -> int:
        panel.ok("PUT", f"/selfService/access/{USER}", {"syncToProfiles": sync})
        return int(panel.data("/users/1001/byExtRelation")["selfService"])

    assert level(False) == 3
    assert level(True) == 0
    panel.ok("POST", f"/selfService/resourceGroupProfile/{USER}", {"profileId": 1})
    assert level(True) == 2
    assert panel.call("PUT", f"/selfService/access/{USER}").status_code == 422


def test_hourly_pack(panel: Api) -> None:
    panel.ok("PUT", f"/selfService/hourlyResourcePack/{USER}", {"packId": 2})
    assert panel.data("/users/1001/byExtRelation")["selfServiceHourlyResourcePack"] == 2
    path = f"/selfService/hourlyResourcePack/{USER}"
    assert panel.call("PUT", path, {"packId": 77}).status_code == 422


def test_credit(panel: Api) -> None:
    def balance() -> Any:
        return panel.data(f"/selfService/hourlyStats/{USER}")["credit"]["value"]

    path = f"/selfService/credit/{USER}"
    first = panel.ok("POST", path, {"tokens": 100.5, "reference_1": 4}).json()["data"]["id"]
    panel.ok("POST", path, {"tokens": -20})
    assert balance() == 80.5
    panel.ok("DELETE", f"/selfService/credit/{first}")
    assert balance() == -20
    assert panel.call("DELETE", f"/selfService/credit/{first}").status_code == 404
    for body in ({}, {"tokens": "many"}, {"tokens": 1, "reference_1": "text"}):
        assert panel.call("POST", path, body).status_code == 422


def test_packs(panel: Api) -> None:
    path = f"/selfService/resourcePack/{USER}"
    ids = [panel.ok("POST", path, {"packId": 2}).json()["data"]["id"] for dummy in range(2)]
    assert len(set(ids)) == 2
    pack = panel.data(f"/selfService/resourcePack/{ids[0]}")
    assert (pack["id"], pack["pid"], pack["limits"]["total_servers"]) == (ids[0], 2, 2)
    assert "enabled" not in pack
    report = panel.data(f"/selfService/report/{USER}")
    assert {row["id"] for row in report["limits"]["packs"]} == {PACK, *ids}
    panel.ok("DELETE", f"/selfService/resourcePack/{ids[0]}")
    assert panel.call("GET", f"/selfService/resourcePack/{ids[0]}").status_code == 404
    assert panel.call("POST", path, {"packId": 99, "enabled": True}).status_code == 422


def test_a_pack_counts_its_servers(panel: Api) -> None:
    fill_pack(panel)
    pack = panel.data(f"/selfService/resourcePack/{PACK}", withServers="true")
    assert [server["id"] for server in pack["servers"]] == list(PACKED)
    assert pack["used"]["servers"] == 2
    assert pack["usage"]["servers"] == {"t": 5, "u": 2, "f": 3, "p": 40, "l": True}
    assert "servers" not in panel.data(f"/selfService/resourcePack/{PACK}")


def test_a_pack_with_servers_is_disabled_instead(panel: Api) -> None:
    fill_pack(panel)
    path = f"/selfService/resourcePack/{PACK}"
    assert panel.call("DELETE", path).status_code == 409
    assert panel.call("DELETE", path, disable="true").status_code == 204
    assert panel.control.record("packs", PACK)["enabled"] is False
    panel.ok("PUT", path, {"enabled": True})
    assert panel.control.record("packs", PACK)["enabled"] is True


def test_servers_of_a_pack(panel: Api) -> None:
    fill_pack(panel)
    path = f"/selfService/resourcePackServers/{PACK}"
    panel.ok("POST", f"{path}/suspend")
    assert [panel.server(server)["suspended"] for server in (*PACKED, 2)] == [True, True, False]
    panel.ok("POST", f"{path}/unsuspend")
    assert panel.server(PACKED[0])["suspended"] is False
    panel.ok("DELETE", path)
    panel.control.advance(29 * 60)
    assert panel.server(PACKED[0])["deleteLevel"] == 1
    panel.control.advance(120)
    assert panel.call("GET", f"/servers/{PACKED[0]}").status_code == 404
    assert panel.ok("GET", "/servers").json()["total"] == 48


def test_a_report_without_data_shows_false(panel: Api) -> None:
    report = panel.data(f"/selfService/report/{WITHOUT_DATA}")
    usage = report["usage"]
    nothing = {"hours": False, "value": False, "tokens": False}
    assert (usage["success"], usage["servers"]) == (False, [])
    assert usage["serversTotal"] == usage["monthlyTotal"] == nothing
    assert usage["addonsTotal"] == {"hours": 0, "value": 0, "tokens": False}
    assert (usage["term"], usage["history"]) == ("February 2025", "0")
    assert report["currency"]["code"] == ""


def test_report_with_data(panel: Api) -> None:
    report = panel.data(f"/selfService/report/{USER}", period="1")
    usage = report["usage"]
    assert usage["success"] is True
    assert usage["serversTotal"] == {"hours": 1488, "value": 8.935, "tokens": 893.5}
    assert usage["monthlyTotal"]["tokens"] == 905.75
    assert usage["period"] == {
        "ymd": "2025-01-01",
        "start": "2025-01-01T00:00:00+00:00",
        "end": "2025-01-31T00:00:00+00:00",
    }
    assert (usage["previousTerm"], usage["nextTerm"]) == ("December 2024", "February 2025")
    assert (report["currency"]["code"], report["currency"]["value"]) == ("USD", 0.01)
    pounds = panel.data(f"/selfService/report/{USER}", period="1", currency="GBP")
    assert pounds["usage"]["serversTotal"]["value"] == 17.87
    assert panel.data(f"/selfService/report/{USER}", period="2")["usage"]["success"] is False


@pytest.mark.parametrize("query", [{"period": 25}, {"period": "x"}, {"currency": "XXX"}])
def test_refused_reports(panel: Api, query: Any) -> None:
    response = panel.call("GET", f"/selfService/report/{USER}", **query)
    assert response.status_code == 422


def test_hourly_stats(panel: Api) -> None:
    query = {"period[]": "2025-01-15", "range": "m"}
    stats = panel.data(f"/selfService/hourlyStats/{USER}", **query)
    assert (stats["period"], stats["previousPeriod"]) == ("January 2025", "December 2024")
    assert stats["monthlyTotal"] == {"hours": 1488, "value": "9.06", "tokens": 905.75}
    empty = panel.data(f"/selfService/hourlyStats/{WITHOUT_DATA}")
    assert empty["monthlyTotal"] == {"hours": 0, "value": "0.00", "tokens": False}


def test_usage_of_some_periods(panel: Api) -> None:
    query = {"period[]": ["2025-01-01", "2025-02-01"]}
    usage = panel.data(f"/selfService/usage/{USER}", **query)
    january, february = usage["periods"]
    assert january["hoursInMonthPeriod"] == january["hours"] == 744
    assert (january["currentPeriod"], february["currentPeriod"]) == (False, True)
    assert february["end"] == "2025-02-28T23:59:59+00:00"
    assert usage["usageServers"] == {"hours": 1512, "token": 907, "tokenReal": 907.9}
    week = panel.data(f"/selfService/usage/{USER}", **{"period[]": "2025-01-01", "range": "w"})
    assert week["periods"][0]["days"] == 7
    assert panel.call("GET", f"/selfService/usage/{USER}", range="y").status_code == 422
    wrong = {"period[]": "January"}
    assert panel.call("GET", f"/selfService/usage/{USER}", **wrong).status_code == 422
