# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads and changes of servers: the three shapes, single properties, console, owner."""

from __future__ import annotations

from typing import Any

import pytest

from .api import Api

SERVER, OTHER = 1, 12


def test_one_server_in_three_shapes(panel: Api) -> None:
    single = panel.server(SERVER)
    row = next(row for row in panel.data("/servers") if row["id"] == SERVER)
    of_user = next(r for r in panel.data(f"/servers/user/{single['ownerId']}") if r["id"] == SERVER)
    assert single["uuid"] == row["uuid"] == of_user["uuid"]
    assert single["commissionStatus"] == row["commissioned"] == of_user["commissionStatus"]
    assert single["ownerId"] == row["owner"] == of_user["ownerId"] == single["owner"]["id"]
    assert (single["vnc"]["enabled"], of_user["vnc"]["enabled"]) == (False, 0)
    assert of_user["vnc"]["enabled"].__class__ is int


def test_times_differ_by_endpoint(panel: Api) -> None:
    owner = panel.server(SERVER)["owner"]
    user = panel.data(f"/users/{owner['extRelationId']}/byExtRelation")
    assert owner["created"].endswith("+00:00")
    assert user["created"] == owner["created"].replace("+00:00", ".000000Z")
    period = panel.server(SERVER)["traffic"]["public"]["currentPeriod"]
    assert period["end"].endswith("23:59:59.999999Z")


@pytest.mark.parametrize("number", ["0", "9999", "abc", "1e3", "-1", "1.0"])
def test_unknown_servers(panel: Api, number: str) -> None:
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/suspend"), ("POST", "/unsuspend")):
        response = panel.call(method, f"/servers/{number}{path}")
        assert (response.status_code, response.json()) == (404, {"msg": "server not found"})


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("modify/name", {"name": "x" * 64}),
        ("modify/name", {"name": 5}),
        ("modify/memory", {"memory": 255}),
        ("modify/memory", {"memory": "lots"}),
        ("modify/cpuCores", {"cores": 0}),
        ("modify/cpuCores", {"cores": 601}),
        ("modify/cpuCores", {"cpuCores": 4}),
        ("modify/traffic", {"traffic": -1}),
        ("modify/traffic", {"traffic": 1000000000}),
        ("modify/cpuThrottle", {"percent": 100}),
        ("backupManager/access", {"type": "none"}),
    ],
)
def test_values_out_of_range(panel: Api, path: str, body: Any) -> None:
    start = panel.control.digest()
    response = panel.call("PUT", f"/servers/{SERVER}/{path}", body)
    assert response.status_code == 422
    assert list(response.json()) == ["message", "errors"]
    assert panel.control.digest() == start


def test_modifications_read_back_at_once(panel: Api) -> None:
    path = f"/servers/{SERVER}/modify"
    panel.ok("PUT", f"{path}/name", {"name": "Ünïcode & <tags>", "unknown": 1})
    panel.ok("PUT", f"{path}/memory", {"memory": 512})
    panel.ok("PUT", f"{path}/cpuCores", {"cores": 7})
    panel.ok("PUT", f"{path}/traffic", {"traffic": "77"})
    panel.ok("PUT", f"{path}/cpuThrottle", {"percent": 99}, sync="true")
    panel.ok("PUT", f"/servers/{SERVER}/backups/plan/2")
    server = panel.server(SERVER)
    assert server["name"] == "Ünïcode & <tags>"
    resources = {"memory": 512, "storage": 40, "traffic": 77, "cpuCores": 7}
    assert server["settings"]["resources"] == resources
    assert (server["cpu"]["cores"], server["cpu"]["throttle"]) == (7, 99)
    assert server["backupPlan"] == {"id": 2, "name": "Weekly"}
    tasks = [task["action"] for task in server["tasks"]["actions"]["pending"]]
    assert tasks == ["Memory Update", "CPU Update"]
    panel.ok("PUT", f"/servers/{SERVER}/backups/plan/0")
    assert panel.server(SERVER)["backupPlan"] == {"id": None, "name": None}


def test_an_equal_size_leaves_no_task(panel: Api) -> None:
    panel.ok("PUT", f"/servers/{SERVER}/modify/memory", {"memory": 2048})
    assert panel.server(SERVER)["tasks"]["actions"]["pending"] == []


def test_cores_need_room_on_the_hypervisor(panel: Api) -> None:
    hypervisor = panel.server(SERVER)["hypervisor"]
    taken = hypervisor["resources"]["cpuCores"]["allocated"]
    panel.control.patch("hypervisors", hypervisor["id"], {"maxCpu": taken + 1})
    path = f"/servers/{SERVER}/modify/cpuCores"
    assert panel.call("PUT", path, {"cores": 4}).status_code == 422
    panel.ok("PUT", path, {"cores": 3})
    assert panel.server(SERVER)["hypervisor"]["resources"]["cpuCores"]["free"] == 0
    panel.control.patch("hypervisors", hypervisor["id"], {"maxCpu": 0})
    panel.ok("PUT", path, {"cores": 600})
    cores = panel.server(SERVER)["hypervisor"]["resources"]["cpuCores"]
    assert (cores["max"], cores["percent"], cores["free"] < 0) == (0, None, True)


def test_unknown_backup_plan(panel: Api) -> None:
    assert panel.call("PUT", f"/servers/{SERVER}/backups/plan/9").status_code == 404


def test_change_of_owner(panel: Api) -> None:
    panel.ok("PUT", f"/servers/{SERVER}/owner/3")
    assert panel.server(SERVER)["owner"]["id"] == 3
    assert SERVER in [row["id"] for row in panel.data("/servers/user/3")]
    assert SERVER not in [row["id"] for row in panel.data("/servers/user/2")]
    again = panel.call("PUT", f"/servers/{SERVER}/owner/3")
    assert again.status_code == 422
    assert "same as the existing owner" in again.json()["errors"][0]
    assert panel.call("PUT", f"/servers/{SERVER}/owner/99").status_code == 404


def test_console_credentials_change_with_every_call(panel: Api) -> None:
    path = f"/servers/{SERVER}/vnc"
    seen = [panel.data(path)["vnc"]]
    for action in ("enable", "enable", "disable"):
        answer = panel.ok("POST", path, {"action": action}).json()["data"]
        assert answer["queueId"] is None
        assert panel.data(path)["vnc"] == answer["vnc"]
        seen.append(answer["vnc"])
    assert len({vnc["password"] for vnc in seen}) == 4
    assert {vnc["enabled"] for vnc in seen} == {False}
    assert seen[-1]["wss"]["url"] == f"/vnc/?token={seen[-1]['wss']['token']}"


def test_server_password(panel: Api) -> None:
    before = panel.server(SERVER)["settings"]["encryptedPassword"]
    answer = panel.ok("POST", f"/servers/{SERVER}/resetPassword", {"user": "root"}).json()["data"]
    assert set(answer) == {"queueId", "expectedPassword"}
    assert panel.data(f"/queue/{answer['queueId']}")["action"] == "reset_password"
    assert panel.server(SERVER)["settings"]["encryptedPassword"] != before
    refused = panel.call("POST", f"/servers/{SERVER}/resetPassword", {"user": "admin"})
    assert refused.status_code == 422


def test_custom_xml_is_flat_in_the_request_and_nested_in_the_read(panel: Api) -> None:
    body = {"cpuTune": "<cputune/>", "cpuTuneEnabled": True, "domainEnabled": True}
    panel.ok("POST", f"/servers/{SERVER}/customXML", body)
    shown = panel.server(SERVER)["customXML"]
    assert shown["cpuTune"] == {"xml": "<cputune/>", "enabled": True}
    assert shown["domain"] == {"xml": "", "enabled": True}
    assert shown["os"] == {"xml": "", "enabled": False}


def test_backups_come_with_a_plan(panel: Api) -> None:
    assert panel.data(f"/backups/server/{SERVER}") == []
    panel.ok("PUT", f"/servers/{SERVER}/backups/plan/1")
    backups = panel.data(f"/backups/server/{SERVER}")
    assert [backup["serverId"] for backup in backups] == [SERVER, SERVER]


def test_templates(panel: Api) -> None:
    def ids(path: str) -> set[int]:
        return {item["id"] for group in panel.data(path) for item in group["templates"]}

    for_server = ids(f"/servers/{SERVER}/templates")
    for_package = ids("/media/templates/fromServerPackageSpec/1")
    assert for_server < for_package
    assert for_package - for_server == {44, 51}
    assert panel.data(f"/servers/{SERVER}/templates")[-1]["id"] == 0
    assert panel.call("GET", "/media/templates/fromServerPackageSpec/99").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/packages/99",
        "/compute/hypervisors/99",
        "/compute/hypervisors/groups/99",
        "/compute/hypervisors/groups/99/resources",
        "/connectivity/ipblocks/99",
        "/dns/services/9",
        "/media/iso/9",
        "/queue/9",
        "/ssh_keys/99",
        "/ssh_keys/user/99",
        "/servers/user/99",
        "/selfService/resourcePack/99",
    ],
)
def test_unknown_records(panel: Api, path: str) -> None:
    response = panel.call("GET", path)
    assert response.status_code == 404
    assert list(response.json()) == ["msg"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/users", "POST"),
        ("PATCH", "/servers/1", "DELETE, GET"),
        ("POST", "/servers/1/package/3", "PUT"),
        ("GET", "/users/1001/byExtRelation/resetPassword", "POST"),
    ],
)
def test_a_known_path_with_another_method(panel: Api, method: str, path: str, allowed: str) -> None:
    response = panel.call(method, path)
    assert (response.status_code, response.headers["allow"]) == (405, allowed)
    assert response.headers["content-type"].startswith("text/html")
    assert panel.control.requests()[-1]["operation"] == f"{method} unknown"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/nowhere"), ("PATCH", "/servers/1/name"), ("GET", "/")]
)
def test_paths_that_are_not_routes(panel: Api, method: str, path: str) -> None:
    response = panel.call(method, path)
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert panel.control.requests()[-1]["operation"] == f"{method} unknown"
