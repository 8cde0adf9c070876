# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The life of a server from creation to deletion, and its states (virtfusion 3)."""

from __future__ import annotations

from typing import Any

import pytest

from .api import Api

SERVER, UNBUILT, FAILED, SUSPENDED = 1, 8, 10, 7


def create(panel: Api, **changes: Any) -> Any:
    """Create a server and return it."""
    body = {"packageId": 1, "userId": 2, "hypervisorId": 1, "ipv4": 1, **changes}
    return panel.ok("POST", "/servers", body).json()["data"]


def test_the_whole_life(panel: Api) -> None:
    start = panel.control.digest()
    user = panel.ok(
        "POST", "/users", {"name": "Jo", "email": "jo@example.com", "extRelationId": 900}
    ).json()["data"]
    number = create(panel, userId=user["id"])["id"]
    panel.ok("POST", f"/servers/{number}/build", {"operatingSystemId": 49, "name": "born"})
    while panel.server(number)["tasks"]["active"]:
        pass
    assert panel.server(number)["state"] == "complete"
    for action, running in (("shutdown", False), ("boot", True)):
        queue = panel.ok("POST", f"/servers/{number}/power/{action}").json()["data"]["queueId"]
        while panel.data(f"/queue/{queue}")["finished"] is None:
            pass
        assert panel.server(number, remoteState="true")["remoteState"]["running"] is running
    panel.ok("POST", f"/servers/{number}/suspend")
    assert panel.server(number)["suspended"] is True
    panel.ok("POST", f"/servers/{number}/unsuspend")
    panel.ok("DELETE", f"/servers/{number}", delay=0)
    gone = panel.call("GET", f"/servers/{number}")
    assert (gone.status_code, gone.json()) == (404, {"msg": "server not found"})
    panel.ok("DELETE", "/users/900/byExtRelation")
    assert panel.control.digest() == start


def test_a_new_server(panel: Api) -> None:
    server = create(panel, memory=1000, storage=33, networkSpeedInbound=200, traffic=0)
    assert (server["name"], server["hostname"], server["state"]) == ("", None, "allocated")
    assert (server["commissionStatus"], server["built"]) == (0, None)
    assert server["settings"]["config"] == []
    assert server["settings"]["resources"] == {
        "memory": 1000,
        "storage": 33,
        "traffic": 0,
        "cpuCores": 1,
    }
    assert server["network"]["interfaces"][0]["inAverage"] == 200
    assert server["network"]["interfaces"][0]["outAverage"] == 12500
    assert "remoteState" not in server
    # hypervisorId is a group in the body, and a hypervisor of that group in the answer.
    assert server["hypervisor"]["groupId"] == 1
    assert panel.server(server["id"])["uuid"] == server["uuid"]


def test_without_ipv4_there_is_no_address(panel: Api) -> None:
    server = create(panel, ipv4=None)
    assert server["network"]["interfaces"][0]["ipv4"] == []


def test_additional_disks(panel: Api) -> None:
    server = create(panel, additionalStorage1Enable=True, additionalStorage1Capacity=10)
    disk = server["storage"][1]
    assert (disk["drive"], disk["enabled"], disk["status"], disk["primary"]) == (
        "b",
        False,
        1,
        False,
    )
    (task,) = server["tasks"]["actions"]["pending"]
    assert task["action"] == "Create HDD (sdb)"
    assert task["payload"] == {"disk": {"id": disk["_id"], "disk_storage_id": None}}


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"packageId": 99}, "Invalid request"),
        ({"packageId": 8}, "Invalid request"),
        ({"userId": 99}, "Invalid request"),
        ({"hypervisorId": 9}, "No suitable hypervisor found"),
        ({"firewallRulesets": [77]}, "Invalid or disabled firewall ruleset"),
        ({"hypervisorId": 3, "ipv4": 6}, "Not enough IPv4 addresses available"),
    ],
)
@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_refused_creations(panel: Api, changes: dict[str, Any], text: str, dry_run: str) -> None:
    start = panel.control.digest()
    body = {"packageId": 1, "userId": 2, "hypervisorId": 1, **changes}
    response = panel.call("POST", "/servers", body, dryRun=dry_run)
    assert (response.status_code, response.json()) == (422, {"errors": [text]})
    assert panel.control.digest() == start


@pytest.mark.parametrize(
    ("collection", "number", "text"),
    [
        ("users", 2, "User has reached the server limit"),
        ("packages", 1, "Package has reached the server limit"),
    ],
)
def test_the_limit_of_an_owner_and_of_a_package(
    panel: Api, collection: str, number: int, text: str
) -> None:
    key = {"users": "ownerId", "packages": "packageId"}[collection]
    servers = panel.control.state()["panels"]["virtfusion"]["servers"].values()
    limit = sum(server[key] == number for server in servers) + 1
    panel.control.patch(collection, number, {"serverLimit": limit})
    last = create(panel)
    body = {"packageId": 1, "userId": 2, "hypervisorId": 1}
    response = panel.call("POST", "/servers", body)
    assert (response.status_code, response.json()) == (422, {"errors": [text]})
    panel.ok("DELETE", f"/servers/{last['id']}", delay=0)
    create(panel)


@pytest.mark.parametrize("most", ["maxServers", "maxStorage"])
def test_hypervisors_without_room(panel: Api, most: str) -> None:
    for number in range(1, 5):
        panel.control.patch("hypervisors", number, {most: 1})
    body = {"packageId": 1, "userId": 2, "hypervisorId": 1}
    response = panel.call("POST", "/servers", body)
    assert response.json() == {"errors": ["No suitable hypervisor found"]}


def test_a_creation_lacks_fields(panel: Api) -> None:
    response = panel.call("POST", "/servers", {"packageId": 1, "userId": "x"})
    assert response.status_code == 422
    texts = response.json()["errors"]
    assert [text.split()[1] for text in texts] == ["userId", "hypervisorId"]


def test_a_build(panel: Api) -> None:
    body = {"operatingSystemId": 46, "name": "n", "hostname": "a.example.com", "ipv6": True}
    answer = panel.ok("POST", f"/servers/{UNBUILT}/build", body).json()["data"]
    assert (answer["state"], answer["commissionStatus"]) == ("queued", 1)
    assert answer["tasks"]["active"] is True
    assert answer["settings"]["decryptedPassword"]
    assert "queueId" not in answer
    panel.server(UNBUILT)
    done = panel.server(UNBUILT)
    assert (done["state"], done["commissionStatus"], done["tasks"]["active"]) == (
        "complete",
        3,
        False,
    )
    assert done["built"] is not None
    assert done["settings"]["osTemplateInstallId"] == 46
    assert "decryptedPassword" not in done["settings"]
    assert done["hostname"] == "a.example.com"
    assert done["network"]["interfaces"][0]["ipv6"][0]["cidr"] == 80


def test_a_rebuild_keeps_the_old_date_until_it_is_done(panel: Api) -> None:
    before = panel.server(SERVER)["built"]
    answer = panel.ok("POST", f"/servers/{SERVER}/build", {"operatingSystemId": 49}).json()["data"]
    assert answer["built"] == before
    panel.control.advance(60)
    assert panel.server(SERVER)["built"] > before


def test_a_build_that_fails(panel: Api) -> None:
    panel.control.fault("fail_job", operation="POST /servers/{serverId}/build")
    panel.ok("POST", f"/servers/{UNBUILT}/build", {"operatingSystemId": 49})
    panel.control.advance(60)
    server = panel.server(UNBUILT)
    assert (server["state"], server["commissionStatus"]) == ("failed", 2)
    assert (server["buildFailed"], server["built"], server["tasks"]["active"]) == (
        False,
        None,
        False,
    )


def test_a_build_that_never_ends(panel: Api) -> None:
    panel.control.fault("hang_job", operation="POST /servers/{serverId}/build")
    panel.ok("POST", f"/servers/{UNBUILT}/build", {"operatingSystemId": 49})
    panel.control.advance(10**8)
    for dummy in range(20):
        assert panel.server(UNBUILT)["tasks"]["active"] is True
    panel.ok("DELETE", f"/servers/{UNBUILT}", delay=0)
    assert panel.call("GET", f"/servers/{UNBUILT}").status_code == 404


@pytest.mark.parametrize(
    "body",
    [{"operatingSystemId": 44}, {"operatingSystemId": 49, "swap": 7}, {"operatingSystemId": 0}],
)
def test_refused_builds(panel: Api, body: dict[str, Any]) -> None:
    response = panel.call("POST", f"/servers/{UNBUILT}/build", body)
    assert response.status_code == 422
    assert len(response.json()["errors"]) == 1
    assert panel.server(UNBUILT)["state"] == "allocated"


def test_jobs_of_one_server_wait_for_each_other(panel: Api) -> None:
    panel.control.switches(busy="known")
    first, second = (
        panel.ok("POST", f"/servers/{SERVER}/power/{action}").json()["data"]["queueId"]
        for action in ("shutdown", "boot")
    )
    panel.server(SERVER)
    assert panel.data(f"/queue/{first}")["finished"] is not None
    waiting = panel.data(f"/queue/{second}")
    assert (waiting["finished"], waiting["failed"]) == (None, False)
    assert panel.control.server(SERVER)["powered"] is False
    panel.control.advance(120)
    assert panel.control.server(SERVER)["powered"] is True


def test_power_of_an_unbuilt_server_fails_in_the_queue(panel: Api) -> None:
    number = panel.ok("POST", f"/servers/{UNBUILT}/power/boot").json()["data"]["queueId"]
    panel.control.advance(60)
    assert panel.data(f"/queue/{number}")["failed"] is True


def test_remote_state(panel: Api) -> None:
    assert panel.server(SERVER)["remoteState"] is False
    assert panel.server(SERVER, remoteState="false")["remoteState"] is False
    remote = panel.server(SERVER, remoteState="true")["remoteState"]
    assert (remote["running"], remote["state"]) == (True, "running")
    assert panel.server(SUSPENDED, remoteState="true")["remoteState"]["running"] is False
    hypervisor = panel.server(SERVER)["hypervisorId"]
    panel.control.patch("hypervisors", hypervisor, {"reachable": False})
    assert panel.server(SERVER, remoteState="true")["remoteState"] is False


@pytest.mark.parametrize(("delay", "minutes"), [(None, 5), (1, 1), (43800, 43800)])
def test_a_delayed_delete(panel: Api, delay: int | None, minutes: int) -> None:
    panel.ok("DELETE", f"/servers/{SERVER}", delay=delay)
    panel.control.advance(minutes * 60 - 30)
    assert panel.server(SERVER)["deleteLevel"] == 1
    panel.control.advance(60)
    assert panel.call("GET", f"/servers/{SERVER}").status_code == 404


@pytest.mark.parametrize("delay", [-1, 43801, "soon"])
def test_a_delay_out_of_range(panel: Api, delay: Any) -> None:
    assert panel.call("DELETE", f"/servers/{SERVER}", delay=delay).status_code == 422


def test_a_cancelled_delete(panel: Api) -> None:
    panel.ok("DELETE", f"/servers/{SERVER}", delay=1)
    panel.control.patch_server(SERVER, {"deleteAt": None})
    panel.control.advance(600)
    assert panel.server(SERVER)["deleteLevel"] == 0


def test_do_not_disturb(panel: Api) -> None:
    panel.control.patch_server(SERVER, {"doNotDisturb": True})
    response = panel.call("DELETE", f"/servers/{SERVER}", delay=0)
    assert response.status_code == 423
    assert response.json() == {"msg": "do not disturb mode is active"}


def test_deleting_while_a_job_runs(panel: Api) -> None:
    number = panel.ok("POST", f"/servers/{SERVER}/power/restart").json()["data"]["queueId"]
    panel.ok("DELETE", f"/servers/{SERVER}", delay=0)
    assert panel.data(f"/queue/{number}")["failed"] is True
