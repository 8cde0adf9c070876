# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PUT /servers/{id}/package/{id}: aspect by aspect, line by line (virtfusion 2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .api import ASPECTS, Api

SERVER, UNBUILT = 1, 8
CLOUD_1, CLOUD_4, DATABASE_4 = 1, 3, 5

LINES = {
    "cpu": "CPU cores not updated. It matches the current value",
    "memory": "memory not updated. It matches the current value",
    "primaryDiskSize": (
        "primary disk not updated. It either matches or is lower than the current value"
    ),
    "primaryNetworkTraffic": "traffic not updated. It matches the current value",
    "primaryNetworkInboundSpeed": (
        "primary network speed inbound not updated. It matches the current value"
    ),
    "primaryNetworkOutboundSpeed": (
        "primary network speed outbound not updated. It matches the current value"
    ),
    "primaryDiskReadIOPS": "read IOPS not updated. It matches the current value",
    "primaryDiskWriteIOPS": "write IOPS not updated. It matches the current value",
    "primaryDiskReadThroughput": "read bytes/sec not updated. It matches the current value",
    "primaryDiskWriteThroughput": "write bytes/sec not updated. It matches the current value",
    "backupPlan": "backup plan not updated. It matches the current value",
}
INFERRED = ("memory", "primaryDiskReadIOPS", "primaryDiskReadThroughput", "backupPlan")
PUBLISHED_ORDER = [flag for flag in ASPECTS if flag not in INFERRED]

PACKAGE_FIELDS = {
    "cpu": "cpuCores",
    "memory": "memory",
    "primaryDiskSize": "primaryStorage",
    "primaryNetworkTraffic": "traffic",
    "primaryNetworkInboundSpeed": "primaryNetworkSpeedIn",
    "primaryNetworkOutboundSpeed": "primaryNetworkSpeedOut",
    "primaryDiskReadIOPS": "primaryStorageReadIopsSec",
    "primaryDiskWriteIOPS": "primaryStorageWriteIopsSec",
    "primaryDiskReadThroughput": "primaryStorageReadBytesSec",
    "primaryDiskWriteThroughput": "primaryStorageWriteBytesSec",
    "backupPlan": "backupPlanId",
}

Read = Callable[[Any], Any]
PLACES: dict[str, tuple[Read, ...]] = {
    "cpu": (lambda s: s["cpu"]["cores"], lambda s: s["settings"]["resources"]["cpuCores"]),
    "memory": (lambda s: s["settings"]["resources"]["memory"],),
    "primaryDiskSize": (
        lambda s: s["storage"][0]["capacity"],
        lambda s: s["settings"]["resources"]["storage"],
    ),
    "primaryNetworkTraffic": (
        lambda s: s["settings"]["resources"]["traffic"],
        lambda s: s["traffic"]["public"]["currentPeriod"]["limit"],
    ),
    "primaryNetworkInboundSpeed": (lambda s: s["network"]["interfaces"][0]["inAverage"],),
    "primaryNetworkOutboundSpeed": (lambda s: s["network"]["interfaces"][0]["outAverage"],),
    "primaryDiskReadIOPS": (lambda s: s["storage"][0]["iops"]["read"],),
    "primaryDiskWriteIOPS": (lambda s: s["storage"][0]["iops"]["write"],),
    "primaryDiskReadThroughput": (lambda s: s["storage"][0]["bytes"]["read"],),
    "primaryDiskWriteThroughput": (lambda s: s["storage"][0]["bytes"]["write"],),
    "backupPlan": (
        lambda s: s["backupPlan"]["id"] or 0,
        lambda s: s["settings"]["backupPlan"] or 0,
    ),
}
"""Places of each aspect in the server read (virtfusion 2.5)."""


def read(panel: Api, server: int = SERVER) -> dict[str, Any]:
    """Return all aspects of a server. All places of an aspect must have the same value."""
    shown = panel.server(server)
    result = {}
    for flag, places in PLACES.items():
        values = [place(shown) for place in places]
        assert values == values[:1] * len(values), flag
        result[flag] = values[0]
    return result


def target(panel: Api, package: int) -> dict[str, Any]:
    """Return the aspects of a package."""
    shown = panel.data(f"/packages/{package}")
    return {flag: shown[field] for flag, field in PACKAGE_FIELDS.items()}


@pytest.mark.parametrize("flag", ASPECTS)
def test_a_flag_changes_its_aspect_and_nothing_else(panel: Api, flag: str) -> None:
    before, wanted = read(panel), target(panel, DATABASE_4)
    assert before[flag] != wanted[flag]

    assert panel.change(SERVER, DATABASE_4, **{flag: True}) == []

    assert read(panel) == {**before, flag: wanted[flag]}


@pytest.mark.parametrize("flag", ASPECTS)
def test_an_aspect_that_matches_is_reported(panel: Api, flag: str) -> None:
    panel.ok("PUT", f"/servers/{SERVER}/package/{DATABASE_4}")
    before = read(panel)

    assert panel.change(SERVER, DATABASE_4, **{flag: True}) == [LINES[flag]]

    assert read(panel) == before


def test_the_published_example(panel: Api) -> None:
    """Nine flags without the two read limits give seven lines if only memory and backup plan differ."""
    panel.ok("PUT", f"/servers/{SERVER}/package/{DATABASE_4}")
    panel.control.patch_server(SERVER, {"resources": {"memory": 512, "backupPlan": None}})
    flags = {flag: not flag.startswith("primaryDiskRead") for flag in ASPECTS}

    info = panel.change(SERVER, DATABASE_4, **flags)

    assert info == [LINES[flag] for flag in PUBLISHED_ORDER]


def test_a_full_change_is_seen_in_the_users_list_too(panel: Api) -> None:
    panel.ok("PUT", f"/servers/{SERVER}/package/{DATABASE_4}")
    wanted = target(panel, DATABASE_4)
    owner = panel.server(SERVER)["ownerId"]
    rows = panel.data(f"/servers/user/{owner}")
    row = next(row for row in rows if row["id"] == SERVER)
    assert row["resources"] == {
        "memory": wanted["memory"],
        "storage": wanted["primaryDiskSize"],
        "traffic": wanted["primaryNetworkTraffic"],
        "cpuCores": wanted["cpu"],
        "cpu_model": None,
    }
    assert row["network"]["interfaces"][0]["inAverage"] == wanted["primaryNetworkInboundSpeed"]
    assert row["backup_plan"] is not None
    monthly = panel.data(f"/servers/{SERVER}/traffic")["monthly"]
    assert monthly[0]["limit"] == wanted["primaryNetworkTraffic"]


@pytest.mark.parametrize(("now", "grows"), [(79, True), (80, False), (81, False)])
def test_the_disk_only_grows(panel: Api, now: int, grows: bool) -> None:
    panel.control.patch_server(SERVER, {"resources": {"storage": now}})
    info = panel.change(SERVER, CLOUD_4, primaryDiskSize=True)
    assert info == ([] if grows else [LINES["primaryDiskSize"]])
    assert read(panel)["primaryDiskSize"] == max(now, 80)


def test_a_refused_disk_does_not_stop_the_rest(panel: Api) -> None:
    panel.control.patch_server(SERVER, {"resources": {"storage": 500}})
    info = panel.ok("PUT", f"/servers/{SERVER}/package/{CLOUD_4}").json()["info"]
    assert LINES["primaryDiskSize"] in info
    wanted = target(panel, CLOUD_4)
    assert read(panel) == {**wanted, "primaryDiskSize": 500}


def test_additional_disks_are_left_alone(panel: Api) -> None:
    body = {
        "packageId": 1,
        "userId": 2,
        "hypervisorId": 1,
        "additionalStorage1Enable": True,
        "additionalStorage1Capacity": 7,
    }
    number = panel.ok("POST", "/servers", body).json()["data"]["id"]
    panel.ok("PUT", f"/servers/{number}/package/{DATABASE_4}")
    assert [disk["capacity"] for disk in panel.server(number)["storage"]] == [60, 7]


@pytest.mark.parametrize("body", [None, [], {}])
def test_no_flags_mean_all_of_them(panel: Api, body: Any) -> None:
    panel.ok("PUT", f"/servers/{SERVER}/package/{DATABASE_4}", body)
    assert read(panel) == target(panel, DATABASE_4)


def test_limits_can_be_lifted(panel: Api) -> None:
    panel.ok("PUT", f"/servers/{SERVER}/package/{DATABASE_4}")
    panel.ok("PUT", f"/servers/{SERVER}/package/{CLOUD_1}")
    after = read(panel)
    assert after["primaryDiskReadIOPS"] is None
    assert after["primaryDiskWriteThroughput"] is None
    assert after["backupPlan"] == 0


def test_no_flag_at_all_changes_nothing(panel: Api) -> None:
    before = read(panel)
    assert panel.change(SERVER, CLOUD_4) == []
    assert read(panel) == before


def test_flags_sent_false_get_no_line(panel: Api) -> None:
    panel.ok("PUT", f"/servers/{SERVER}/package/{CLOUD_4}")
    assert panel.change(SERVER, CLOUD_4, cpu=True, memory=False) == [LINES["cpu"]]


def test_a_package_may_be_edited_without_touching_its_servers(panel: Api) -> None:
    panel.ok("PUT", f"/servers/{SERVER}/package/{CLOUD_4}")
    panel.control.patch_package(CLOUD_4, {"memory": 5000})
    assert read(panel)["memory"] == 4096
    assert panel.change(SERVER, CLOUD_4, memory=True) == []
    assert read(panel)["memory"] == 5000


def test_no_read_tells_the_package(panel: Api) -> None:
    panel.ok("PUT", f"/servers/{SERVER}/package/{CLOUD_4}")
    owner = panel.server(SERVER)["ownerId"]
    for shown in (
        panel.server(SERVER),
        panel.data("/servers"),
        panel.data(f"/servers/user/{owner}"),
    ):
        assert "package" not in str(shown).lower()


@pytest.mark.parametrize(
    ("server", "package", "text"),
    [
        (9999, CLOUD_4, "server not found"),
        (SERVER, 99, "package not found"),
        (SERVER, "x", "package not found"),
    ],
)
def test_unknown_ids(panel: Api, server: int, package: Any, text: str) -> None:
    response = panel.call("PUT", f"/servers/{server}/package/{package}")
    assert (response.status_code, response.json()) == (404, {"msg": text})


def test_a_flag_must_be_a_boolean(panel: Api) -> None:
    start = panel.control.digest()
    response = panel.call("PUT", f"/servers/{SERVER}/package/{CLOUD_4}", {"cpu": "yes"})
    assert response.status_code == 422
    assert response.json()["errors"] == {"cpu": ["The cpu field must be true or false."]}
    assert panel.control.digest() == start


def test_locked_while_a_task_is_active(panel: Api) -> None:
    panel.ok("POST", f"/servers/{SERVER}/power/restart")
    before = panel.control.server(SERVER)["resources"]
    refused = panel.call("PUT", f"/servers/{SERVER}/package/{CLOUD_4}")
    assert (refused.status_code, refused.json()) == (423, {"msg": "pending tasks in queue"})
    assert panel.control.server(SERVER)["resources"] == before
    assert panel.control.requests()[-1]["effect_applied"] is False
    # Refused writes count as polls, so that a client that only retries succeeds.
    assert panel.call("PUT", f"/servers/{SERVER}/package/{CLOUD_4}").status_code == 423
    panel.ok("PUT", f"/servers/{SERVER}/package/{CLOUD_4}")


@pytest.mark.parametrize(
    ("flag", "task"),
    [("memory", "Memory Update"), ("cpu", "CPU Update"), ("primaryDiskSize", None)],
)
def test_size_waits_for_a_power_transition(panel: Api, flag: str, task: str | None) -> None:
    panel.change(SERVER, CLOUD_4, **{flag: True})
    tasks = panel.server(SERVER)["tasks"]
    assert tasks["active"] is False
    assert [pending["action"] for pending in tasks["actions"]["pending"]] == (
        [task] if task else []
    )


@pytest.mark.parametrize("action", ["boot", "restart", "shutdown", "poweroff"])
def test_any_power_transition_settles_pending_tasks(panel: Api, action: str) -> None:
    panel.change(SERVER, CLOUD_4, memory=True, cpu=True)
    pending = panel.server(SERVER)["tasks"]["actions"]["pending"]
    assert pending[0] == {
        "id": pending[0]["id"],
        "action": "CPU Update",
        "requires": ["boot", "restart", "shutdown", "poweroff"],
        "collected": False,
        "complete": False,
        "failed": False,
        "payload": {"cpuCores": 4},
        "created": pending[0]["created"],
    }
    live = panel.server(SERVER, remoteState="true")["remoteState"]["memory"]["actual"]
    assert live != 4096 * 1024
    panel.ok("POST", f"/servers/{SERVER}/power/{action}")
    panel.control.advance(60)
    assert panel.server(SERVER)["tasks"]["actions"]["pending"] == []
    if action in ("boot", "restart"):
        remote = panel.server(SERVER, remoteState="true")["remoteState"]
        assert remote["memory"]["actual"] == 4096 * 1024


def test_an_unbuilt_server_has_nothing_to_wait_for(panel: Api) -> None:
    panel.change(UNBUILT, CLOUD_4, memory=True)
    assert panel.server(UNBUILT)["tasks"]["actions"]["pending"] == []


def test_fifty_servers_move_to_cloud_4(panel: Api) -> None:
    """After a change of all servers all of them match, and a second pass changes nothing."""
    wanted = target(panel, CLOUD_4)
    for server in range(1, 51):
        panel.ok("PUT", f"/servers/{server}/package/{CLOUD_4}")
    larger = 0
    for server in range(1, 51):
        shown = read(panel, server)
        larger += shown["primaryDiskSize"] > wanted["primaryDiskSize"]
        assert {**shown, "primaryDiskSize": 80} == wanted
        again = panel.ok("PUT", f"/servers/{server}/package/{CLOUD_4}").json()["info"]
        assert again == [LINES[flag] for flag in ASPECTS]
    assert larger >= 3
