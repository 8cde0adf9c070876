# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The effect of every value of every switch, and the table of switches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.simulator.process import Simulator
from tests.simulator.virtfusion.switches import SWITCHES

from .api import Api
from .published_calls import KEY

SERVER, OTHER, SUSPENDED, UNBUILT = 1, 2, 7, 8
CLOUD_4, RETIRED = 3, 8
RELATION = 1001

Expectation = Callable[[Api], Any]
Outcomes = dict[str, Any]


def status(panel: Api, method: str, path: str, body: Any = None, **query: Any) -> int:
    """Return the status of a call."""
    return panel.call(method, path, body, **query).status_code


def unauthorized_body(panel: Api) -> str:
    panel.session.headers["Authorization"] = "Bearer wrong"
    response = panel.call("GET", "/connect")
    assert response.status_code == 401
    return response.text


def validation_errors(panel: Api) -> Any:
    response = panel.call("PUT", f"/servers/{SERVER}/modify/name")
    assert response.status_code == 422
    return response.json()["errors"]


def create_errors(panel: Api) -> Any:
    response = panel.call("POST", "/servers", {"packageId": 1, "userId": 2})
    assert response.status_code == 422
    return response.json()["errors"]


def user_not_found(panel: Api) -> str:
    response = panel.call("GET", "/users/4711/byExtRelation")
    assert response.status_code == 404
    return str(response.json()["msg"])


def package_reply(panel: Api) -> tuple[int, bool]:
    response = panel.call("PUT", f"/servers/{SERVER}/package/{CLOUD_4}")
    assert panel.server(SERVER)["cpu"]["cores"] == 4
    return response.status_code, bool(response.content)


def omitted_flags(panel: Api) -> tuple[int, int]:
    panel.ok("PUT", f"/servers/{SERVER}/package/{CLOUD_4}", {"memory": True})
    resources = panel.server(SERVER)["settings"]["resources"]
    return resources["memory"], resources["cpuCores"]


def info_for_inferred(panel: Api) -> int:
    panel.ok("PUT", f"/servers/{SERVER}/package/{CLOUD_4}")
    return len(panel.ok("PUT", f"/servers/{SERVER}/package/{CLOUD_4}").json()["info"])


def disabled_package(panel: Api) -> int:
    return status(panel, "PUT", f"/servers/{SERVER}/package/{RETIRED}")


def suspended_package_change(panel: Api) -> int:
    return status(panel, "PUT", f"/servers/{SUSPENDED}/package/{CLOUD_4}")


def unbuilt_package_change(panel: Api) -> int:
    return status(panel, "PUT", f"/servers/{UNBUILT}/package/{CLOUD_4}")


def resource_tasks(panel: Api) -> int:
    panel.ok("PUT", f"/servers/{SERVER}/package/{CLOUD_4}")
    return len(panel.server(SERVER)["tasks"]["actions"]["pending"])


def results_out_of_range(panel: Api) -> tuple[int, int | None]:
    response = panel.call("GET", "/servers", results=500)
    return response.status_code, response.json().get("per_page")


def rename_status(panel: Api) -> int:
    return status(panel, "PUT", f"/servers/{SERVER}/modify/name", {"name": "new"})


def modify_status(panel: Api) -> tuple[int, ...]:
    calls = (("memory", "memory", 512), ("cpuCores", "cores", 2), ("traffic", "traffic", 5))
    path = f"/servers/{SERVER}/modify"
    return tuple(status(panel, "PUT", f"{path}/{what}", {key: n}) for what, key, n in calls)


def dry_run_status(panel: Api) -> int:
    body = {"packageId": 1, "userId": 1, "hypervisorId": 1}
    start = panel.control.digest()
    response = panel.call("POST", "/servers", body, dryRun="true")
    assert response.json() == {"data": {"dryRun": "success"}}
    assert panel.control.digest() == start
    assert panel.control.counters()["writes"] == 0
    return response.status_code


def vnc_key(panel: Api) -> tuple[int, int]:
    path = f"/servers/{SERVER}/vnc"
    return status(panel, "POST", path, {"action": "?"}), status(panel, "POST", path, {"vnc": "?"})


def ipv4_interface(panel: Api) -> int:
    return status(panel, "POST", f"/servers/{SERVER}/ipv4", {"ip": ["10.20.99.1"]})


def custom_xml_body(panel: Api) -> str:
    return panel.ok("POST", f"/servers/{SERVER}/customXML", {"os": "<os/>"}).text


def busy(panel: Api) -> tuple[int, int, int, int]:
    panel.control.switches(job_polls=9)
    panel.ok("POST", f"/servers/{SERVER}/power/restart")
    path = f"/servers/{SERVER}"
    return (
        status(panel, "PUT", f"{path}/modify/memory", {"memory": 512}),
        status(panel, "POST", f"{path}/suspend"),
        status(panel, "POST", f"{path}/power/boot"),
        status(panel, "POST", f"{path}/vnc", {"action": "enable"}),
    )


def suspend(panel: Api) -> tuple[bool, int, bool]:
    panel.ok("POST", f"/servers/{SERVER}/suspend")
    at_once = panel.control.server(SERVER)["suspended"]
    answer = status(panel, "POST", f"/servers/{SERVER}/unsuspend")
    panel.control.advance(60)
    return at_once, answer, panel.server(SERVER)["suspended"]


def suspended_machine(panel: Api) -> list[bool]:
    """Return whether the machine runs after an immediate suspension, and after a queued one."""
    panel.ok("POST", f"/servers/{SERVER}/suspend")
    panel.control.switches(suspend="queued")
    panel.ok("POST", f"/servers/{OTHER}/suspend")
    panel.control.advance(60)
    servers = [panel.server(number, remoteState="true") for number in (SERVER, OTHER)]
    assert all(server["suspended"] for server in servers)
    return [server["remoteState"]["running"] for server in servers]


def repeated_suspend(panel: Api) -> int:
    return status(panel, "POST", f"/servers/{SUSPENDED}/suspend")


def repeated_unsuspend(panel: Api) -> tuple[int, bool]:
    answer = status(panel, "POST", f"/servers/{SERVER}/unsuspend")
    return answer, panel.server(SERVER)["suspended"]


def build_shown(panel: Api, number: int) -> list[Any]:
    """Start a build and return its state in each read until it is done."""
    panel.ok("POST", f"/servers/{number}/build", {"operatingSystemId": 49})
    reads = [panel.server(number) for dummy in range(3)]
    return [
        (s["state"], s["commissionStatus"], s["buildFailed"], s["tasks"]["active"]) for s in reads
    ]


def rebuild_shows(panel: Api) -> list[Any]:
    panel.control.switches(job_polls=3)
    return build_shown(panel, SERVER)


def first_build_state(panel: Api) -> list[Any]:
    panel.control.switches(job_polls=3)
    return build_shown(panel, UNBUILT)


def remote_running(panel: Api) -> tuple[bool, str]:
    remote = panel.server(SERVER, remoteState="true")["remoteState"]
    return "running" in remote, remote["state"]


def password_result(panel: Api) -> list[Any]:
    """Return the hypervisor's result with a responding guest agent, and with a silent one."""
    panel.control.patch_server(OTHER, {"guestAgent": False})
    path, body = "/servers/{}/resetPassword", {"user": "root"}
    answers = [panel.ok("POST", path.format(n), body).json()["data"] for n in (SERVER, OTHER)]
    assert all(answer["expectedPassword"] for answer in answers)
    return [answer.get("system") for answer in answers]


def repeated_delete(panel: Api) -> tuple[int, int]:
    path = f"/servers/{SERVER}"
    return status(panel, "DELETE", path), status(panel, "DELETE", path)


def needless_power(panel: Api) -> tuple[int, int]:
    boot = status(panel, "POST", f"/servers/{SERVER}/power/boot")
    return boot, status(panel, "POST", f"/servers/{SUSPENDED}/power/shutdown")


def duplicate_relation(panel: Api) -> int:
    body = {"name": "A", "email": "a@example.com", "extRelationId": RELATION}
    return status(panel, "POST", "/users", body)


def duplicate_key(panel: Api) -> tuple[int, int]:
    body = {"userId": 1, "name": "K", "publicKey": f"{KEY} a comment"}
    return status(panel, "POST", "/ssh_keys", body), status(panel, "POST", "/ssh_keys", body)


def duplicate_whitelist(panel: Api) -> tuple[int, int]:
    path = f"/servers/{SERVER}/networkWhitelist"
    body = {"interface": "primary", "ip": "10.0.0.1", "cidr": 32}
    return status(panel, "POST", path, body), status(panel, "POST", path, body)


def duplicate_range(panel: Api) -> int:
    body = {"type": "range", "start": "10.40.0.2", "end": "10.40.0.3"}
    return status(panel, "POST", "/connectivity/ipblocks/3/ipv4", body)


def delete_user_with_servers(panel: Api) -> tuple[int, int]:
    answer = status(panel, "DELETE", f"/users/{RELATION}/byExtRelation")
    return answer, panel.server(SERVER)["ownerId"]


def relation_of_string_users(panel: Api) -> Any:
    return panel.data("/users/acme%2Feu-west/byExtRelation", relStr="true")["extRelationId"]


def customxml_unsent(panel: Api) -> str:
    path = f"/servers/{SERVER}/customXML"
    panel.ok("POST", path, {"os": "<os/>", "osEnabled": True})
    panel.ok("POST", path, {"clock": "<clock/>"})
    return str(panel.server(SERVER)["customXML"]["os"]["xml"])


def report_without_data(panel: Api) -> Any:
    report = panel.data("/selfService/report/byUserExtRelationId/1002")
    return report["usage"]["serversTotal"]["hours"]


def job_polls(panel: Api) -> list[bool]:
    number = panel.ok("POST", f"/servers/{SERVER}/power/restart").json()["data"]["queueId"]
    return [panel.data(f"/queue/{number}")["finished"] is not None for dummy in range(3)]


def job_seconds(panel: Api) -> bool:
    panel.ok("POST", f"/servers/{SERVER}/power/shutdown")
    panel.control.advance(35)
    return bool(panel.control.server(SERVER)["powered"])


def address_reads(panel: Api) -> list[bool]:
    """Return whether the first reads after the build show an IPv4 address."""
    body = {"packageId": 1, "userId": 2, "hypervisorId": 1, "ipv4": 1}
    number = panel.ok("POST", "/servers", body).json()["data"]["id"]
    panel.ok("POST", f"/servers/{number}/build", {"operatingSystemId": 49})
    panel.control.advance(60)
    reads = [panel.server(number)["network"]["interfaces"][0]["ipv4"] for dummy in range(3)]
    return [bool(addresses) for addresses in reads]


_MAP = {"name": ["The name field is required."]}
_GROUP = "The hypervisorId field is required."
_SET, _NOT_SET = ({"data": {"reset_password": done}} for done in (True, False))
_DONE = ("complete", 3, False, False)
EXPECTED: list[tuple[Expectation, Outcomes]] = [
    (unauthorized_body, {"text": "401 Unauthorized", "empty": ""}),
    (validation_errors, {"map": _MAP, "list": _MAP["name"]}),
    (create_errors, {"list": [_GROUP], "map": {"hypervisorId": [_GROUP]}}),
    (
        user_not_found,
        {"ext_relation_id": "ext_relation_id not found", "user": "user not found"},
    ),
    (package_reply, {"info": (200, True), "empty204": (204, False)}),
    (omitted_flags, {"true": (4096, 4), "false": (4096, 2)}),
    (info_for_inferred, {"true": 11, "false": 7}),
    (disabled_package, {"accept": 200, "refuse": 422}),
    (suspended_package_change, {"accept": 200, "refuse": 422}),
    (unbuilt_package_change, {"accept": 200, "refuse": 422}),
    (resource_tasks, {"memory_cpu": 2, "memory": 1, "none": 0}),
    (results_out_of_range, {"clamp": (200, 200), "refuse": (422, None)}),
    (rename_status, {"201": 201, "200": 200, "204": 204}),
    (modify_status, {"201": (201,) * 3, "200": (200,) * 3, "204": (204,) * 3}),
    (dry_run_status, {"200": 200, "201": 201}),
    (vnc_key, {"action": (422, 200), "vnc": (200, 422)}),
    (ipv4_interface, {"optional": 204, "required": 422}),
    (custom_xml_body, {"empty": "", "quoted": '""'}),
    (
        busy,
        {
            "power": (201, 423, 423, 423),
            "known": (201, 423, 200, 200),
            "all": (423, 423, 423, 423),
        },
    ),
    (suspend, {"immediate": (True, 204, False), "queued": (False, 409, True)}),
    (suspended_machine, {"runs": [True, True], "stops": [False, False]}),
    (repeated_suspend, {"accept": 204, "refuse": 409}),
    (repeated_unsuspend, {"refuse": (409, False), "accept": (204, False)}),
    (
        rebuild_shows,
        {
            "failed": [("queued", 0, True, False), ("queued", 1, True, False), _DONE],
            "queued": [("queued", 1, False, True), ("queued", 1, False, True), _DONE],
        },
    ),
    (
        first_build_state,
        {
            "empty": [("", 1, False, True), ("", 1, False, True), _DONE],
            "queued": [("queued", 1, False, True), ("queued", 1, False, True), _DONE],
        },
    ),
    (remote_running, {"shown": (True, "running"), "missing": (False, "running")}),
    (password_result, {"failure": [None, _NOT_SET], "always": [_SET, _NOT_SET]}),
    (repeated_delete, {"accept": (204, 204), "refuse": (204, 409)}),
    (needless_power, {"accept": (200, 200), "refuse": (409, 409)}),
    (duplicate_relation, {"refuse": 409, "accept": 201}),
    (duplicate_key, {"accept": (201, 201), "refuse": (201, 422)}),
    (duplicate_whitelist, {"accept": (201, 201), "refuse": (201, 422)}),
    (duplicate_range, {"accept": 204, "refuse": 422}),
    (delete_user_with_servers, {"refuse": (409, 2), "accept": (204, 1)}),
    (relation_of_string_users, {"null": None, "zero": 0}),
    (customxml_unsent, {"keep": "<os/>", "clear": ""}),
    (report_without_data, {"false": False, "zero": 0}),
    (address_reads, {"0": [True] * 3, "2": [False, False, True], "9": [False] * 3}),
    (job_polls, {"2": [False, True, True], "1": [True, True, True], "3": [False, False, True]}),
    (job_seconds, {"30": False, "90": True}),
]
"""The result of each switch's check by value. The first value is the default."""

ROWS = [(check, value, seen) for check, outcomes in EXPECTED for value, seen in outcomes.items()]


@pytest.mark.parametrize(
    ("check", "value", "seen"),
    ROWS,
    ids=[f"{check.__name__}={value}" for check, value, dummy in ROWS],
)
def test_switch(panel: Api, check: Expectation, value: str, seen: Any) -> None:
    panel.control.switches(**{check.__name__: value})
    found = check(panel)
    assert (found, found.__class__) == (seen, seen.__class__)


@pytest.mark.parametrize(
    "check", [check for check, dummy in EXPECTED], ids=lambda check: check.__name__
)
def test_the_default_is_the_first_value(panel: Api, check: Expectation) -> None:
    outcomes = next(outcomes for function, outcomes in EXPECTED if function is check)
    assert check(panel) == next(iter(outcomes.values()))


def test_every_switch_is_tested_here() -> None:
    tested = {check.__name__: outcomes for check, outcomes in EXPECTED}
    assert set(tested) == {switch.name for switch in SWITCHES}
    for switch in SWITCHES:
        assert set(switch.choices) <= set(tested[switch.name]), switch.name


def test_the_table_tells_what_each_switch_decides(panel: Api) -> None:
    table = panel.control.switches()
    for name, row in table.items():
        assert row["name"] == name
        assert row["value"] == row["default"]
        assert any(word in row["provenance"] for word in ("DOCUMENTED", "OBSERVED", "INFERRED"))
        assert row["doc"]


@pytest.mark.parametrize(
    "changes", [{"no_such_switch": "1"}, {"package_reply": "maybe"}, {"job_polls": "many"}]
)
def test_a_wrong_switch_is_refused_and_nothing_is_set(panel: Api, changes: dict[str, str]) -> None:
    before = panel.control.switches()
    with pytest.raises(RuntimeError, match="400"):
        panel.control.switches(rename_status="204", **changes)
    assert panel.control.switches() == before


def test_booleans_may_be_given_as_such(panel: Api) -> None:
    assert panel.control.switches(omitted_flags=False)["omitted_flags"]["value"] == "false"


def test_switches_of_the_command_line_are_the_start_values() -> None:
    with (
        Simulator(servers=1, switches={"rename_status": "204"}) as simulator,
        Api(simulator) as api,
    ):
        api.control.switches(rename_status="200")
        api.control.reset()
        assert rename_status(api) == 204
