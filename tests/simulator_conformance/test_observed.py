# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Behaviour of VirtFusion that production clients observed: builds, passwords, suspension, odd values."""

from __future__ import annotations

from typing import Any

import pytest

from .api import Api

SERVER, OTHER, SUSPENDED, UNBUILT, CLOUD_4 = 1, 2, 7, 8, 3
PACK, PACK_OWNER = 1, 2
"""A resource pack and its user."""
BUILD = "POST /servers/{serverId}/build"
HIGHEST_RELATION = 18446744073709551615


def build_state(server: Any) -> tuple[str, int, bool, bool]:
    """Return what a server shows of its build."""
    return (
        server["state"],
        server["commissionStatus"],
        server["buildFailed"],
        server["tasks"]["active"],
    )


def test_a_rebuild_shows_a_failure_and_continues(panel: Api) -> None:
    panel.control.switches(job_polls=4, rebuild_shows="failed")
    before = panel.server(SERVER)["built"]
    answer = panel.ok("POST", f"/servers/{SERVER}/build", {"operatingSystemId": 49}).json()["data"]
    assert build_state(answer) == ("queued", 1, False, True)
    seen = [panel.server(SERVER) for dummy in range(4)]
    assert [build_state(server)[1:] for server in seen] == [
        (0, True, False),
        (0, True, False),
        (1, True, False),
        (3, False, False),
    ]
    assert [server["built"] > before for server in seen] == [False, False, False, True]


def test_every_list_shows_the_same_build(panel: Api) -> None:
    panel.control.switches(job_polls=9, rebuild_shows="failed")
    panel.ok("POST", f"/servers/{SERVER}/build", {"operatingSystemId": 49})
    owner = panel.server(SERVER)["ownerId"]
    (mine,) = (row for row in panel.data(f"/servers/user/{owner}") if row["id"] == SERVER)
    assert (mine["buildFailed"], mine["commissionStatus"]) == (True, 0)
    rows = panel.ok("GET", "/servers").json()["data"]
    assert [row["commissioned"] for row in rows if row["id"] == SERVER] == [0]
    full = panel.ok("GET", "/servers", type="full").json()["data"]
    assert [row["buildFailed"] for row in full if row["id"] == SERVER] == [True]


def test_a_rebuild_that_really_fails(panel: Api) -> None:
    panel.control.fault("fail_job", operation=BUILD)
    panel.ok("POST", f"/servers/{SERVER}/build", {"operatingSystemId": 49})
    panel.control.advance(60)
    assert build_state(panel.server(SERVER)) == ("failed", 2, False, False)


@pytest.mark.parametrize("number", [SERVER, UNBUILT])
def test_a_build_that_pauses(panel: Api, number: int) -> None:
    panel.control.fault("pause_job", operation=BUILD, polls=3)
    panel.ok("POST", f"/servers/{number}/build", {"operatingSystemId": 49})
    seen = [build_state(panel.server(number))[1] for dummy in range(5)]
    assert seen[:2] == [2, 2]
    assert seen[-1] == 3


def test_a_paused_build_is_not_a_failed_one(panel: Api) -> None:
    panel.control.patch_server(SERVER, {"commissionStatus": 2, "state": "queued"})
    assert build_state(panel.server(SERVER)) == ("queued", 2, False, False)
    assert build_state(panel.server(10))[:2] == ("failed", 2)


def test_a_password_that_a_silent_agent_does_not_set(panel: Api) -> None:
    panel.control.patch_server(SERVER, {"guestAgent": False})
    before = panel.server(SERVER)["settings"]["encryptedPassword"]
    response = panel.call("POST", f"/servers/{SERVER}/resetPassword", {"user": "root"})
    answer = response.json()["data"]
    assert response.status_code == 200
    assert answer["expectedPassword"]
    assert answer["system"]["data"]["reset_password"] is False
    panel.control.advance(60)
    item = panel.data(f"/queue/{answer['queueId']}")
    assert (item["finished"] is None, item["failed"]) == (False, False)
    assert panel.server(SERVER)["settings"]["encryptedPassword"] == before
    assert panel.control.counters()["applied"] == 0


def test_inner_failures(panel: Api) -> None:
    start = panel.control.digest()
    panel.control.fault("inner_failure", path="/resetPassword|/power/", times=None)
    answer = panel.ok("POST", f"/servers/{SERVER}/power/shutdown").json()["data"]
    assert answer == {"queueId": None, "system": {"data": {"shutdown": False}}}
    panel.ok("POST", f"/servers/{OTHER}/resetPassword", {"user": "root"})
    panel.control.advance(60)
    assert panel.control.server(SERVER)["powered"] is True
    assert panel.control.counters()["applied"] == 0
    panel.control.patch_server(OTHER, {"lastTask": panel.control.server(SERVER)["lastTask"]})
    panel.control.patch_server(OTHER, {"lastTask": panel.control.server(OTHER)["built"]})
    assert panel.control.digest() == start


def test_a_suspended_machine_runs_until_it_is_powered_off(panel: Api) -> None:
    panel.ok("POST", f"/servers/{SERVER}/suspend")
    server = panel.server(SERVER, remoteState="true")
    assert (server["suspended"], server["remoteState"]["running"]) == (True, True)
    panel.ok("POST", f"/servers/{OTHER}/power/poweroff")
    panel.control.advance(60)
    panel.ok("POST", f"/servers/{OTHER}/suspend")
    server = panel.server(OTHER, remoteState="true")
    assert (server["suspended"], server["remoteState"]["running"]) == (True, False)


def test_unsuspending_a_server_that_another_client_has_unsuspended(panel: Api) -> None:
    panel.ok("POST", f"/servers/{SUSPENDED}/unsuspend")
    response = panel.call("POST", f"/servers/{SUSPENDED}/unsuspend")
    assert (response.status_code, list(response.json())) == (409, ["msg"])
    assert panel.server(SUSPENDED)["suspended"] is False


def test_keys_of_the_remote_state(panel: Api) -> None:
    remote = panel.server(SERVER, remoteState="true")["remoteState"]
    memory = ("actual", "unused", "available", "rss", "memtotal", "memavailable", "memfree")
    assert tuple(remote["memory"]) == memory
    disk = remote["disk"]["vda"]
    assert tuple(disk) == ("rd.bytes", "wr.bytes", "capacity", "physical", "allocation")
    assert disk["capacity"] == panel.server(SERVER)["settings"]["resources"]["storage"] * 2**30


def test_the_highest_external_relation(panel: Api) -> None:
    body = {"name": "A", "email": "a@example.com", "extRelationId": HIGHEST_RELATION}
    assert panel.ok("POST", "/users", body).json()["data"]["extRelationId"] == HIGHEST_RELATION
    assert panel.data(f"/users/{HIGHEST_RELATION}/byExtRelation")["email"] == "a@example.com"
    more = {**body, "email": "b@example.com", "extRelationId": HIGHEST_RELATION + 1}
    assert panel.call("POST", "/users", more).status_code == 422


@pytest.mark.parametrize("value", [None, 0, False, ""])
def test_falsy_resources(panel: Api, value: Any) -> None:
    resources = {"traffic": value, "speedIn": value}
    (first, *dummy) = panel.data(f"/servers/user/{PACK_OWNER}")
    panel.control.patch_server(first["id"], {"resources": resources, "packId": PACK})
    assert panel.data(f"/selfService/resourcePack/{PACK}")["used"]["servers"] == 1
    panel.control.patch_server(SERVER, {"resources": resources})
    server = panel.server(SERVER)
    assert server["settings"]["resources"]["traffic"] == value
    assert server["network"]["interfaces"][0]["inAverage"] == value
    panel.ok("PUT", f"/servers/{SERVER}/package/{CLOUD_4}")
    assert panel.server(SERVER)["settings"]["resources"]["traffic"] == 4000


def test_values_laid_over_the_read(panel: Api) -> None:
    overlay = {"network": [], "traffic": False, "settings.resources.memory": None}
    panel.control.patch_server(SERVER, {"overlay": overlay})
    for server in (
        panel.server(SERVER),
        panel.ok("GET", "/servers", type="full").json()["data"][SERVER - 1],
    ):
        assert (server["network"], server["traffic"]) == ([], False)
        assert server["settings"]["resources"]["memory"] is None
        assert server["settings"]["resources"]["storage"] > 0
    info = panel.ok("PUT", f"/servers/{SERVER}/package/{CLOUD_4}").json()["info"]
    assert not any("memory" in line for line in info)
    assert panel.server(SERVER)["network"] == []
    assert panel.server(OTHER)["network"]["interfaces"]


def test_errors_of_a_creation_are_a_list(panel: Api) -> None:
    response = panel.call("POST", "/servers", {"packageId": "x"})
    assert response.status_code == 422
    assert [text.split()[1] for text in response.json()["errors"]] == [
        "packageId",
        "userId",
        "hypervisorId",
    ]
