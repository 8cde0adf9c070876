# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection's tasks under every value of every VirtFusion switch: each result is true."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.simulator.process import Simulator
from tests.simulator.virtfusion.switches import SWITCHES

from .module_task import OK, ModuleTask, State, TaskRunner

NEW_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g"
KEY_OF_1 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI5RQFTG6HMJa0I2CLF37JbIYLSb2NV5Y6DCbe00eUMNb"


STOPPED = {"running": False, "state": "stopped"}


def of_server(number: int, check: Callable[[Any], bool]) -> Callable[[State], bool]:
    """Return whether a server fulfils a condition."""
    return lambda state: bool(check(state["servers"][str(number)]))


def among(
    collection: str, check: Callable[[Any], bool], number: int = 1
) -> Callable[[State], bool]:
    """Return whether a collection has as many records that fulfil a condition."""
    return lambda state: len([each for each in state[collection].values() if check(each)]) == number


def without(number: int) -> Callable[[State], bool]:
    """Return whether a server is gone, or marked for deletion."""
    return lambda state: (
        state["servers"].get(str(number), {"deleteAt": True})["deleteAt"] is not None
    )


def addresses(server: Any) -> list[str]:
    return [row["address"] for row in server["primary"]["ipv4"]]


def sized(cores: int) -> Callable[[Any], bool]:
    return lambda server: server["resources"]["cpuCores"] == cores


STOP = ModuleTask(
    "stop",
    "virtfusion_server_power",
    {"server_id": 6, "state": "stopped"},
    of_server(6, lambda server: not server["powered"]),
)
XML = ModuleTask(
    "custom XML",
    "virtfusion_server_custom_xml",
    {"server_id": 18, "os": "<os/>"},
    of_server(18, lambda server: server["customXml"]["os"]["xml"] == "<os/>"),
)
USER = ModuleTask(
    "user",
    "virtfusion_user",
    {
        "ext_relation_id": 77,
        "name": "Seven Seven",
        "email": "seven@example.com",
        "self_service": "both",
    },
    among("users", lambda user: user["extRelationId"] == 77),
)

WHITELIST = ModuleTask(
    "whitelist",
    "virtfusion_server_whitelist",
    {"server_id": 17, "entries": ["192.0.2.0/24"]},
    of_server(17, lambda server: len(server["primary"]["whitelist"]) == 1),
)
DELETE_LATER = ModuleTask(
    "delete later",
    "virtfusion_server",
    {"server_id": 28, "state": "absent", "delay": 5},
    without(28),
    once=True,
)

TASKS = (
    WHITELIST,
    DELETE_LATER,
    STOP,
    XML,
    USER,
    ModuleTask(
        "package",
        "virtfusion_server_package",
        {"server_id": 1, "package_id": 3},
        of_server(1, sized(4)),
    ),
    ModuleTask(
        "package of a suspended server",
        "virtfusion_server_package",
        {"server_id": 7, "package_id": 3},
        of_server(7, sized(4)),
        under={("suspended_package_change", "refuse"): "validation"},
    ),
    ModuleTask(
        "package of an unbuilt server",
        "virtfusion_server_package",
        {"server_id": 8, "package_id": 3},
        of_server(8, sized(4)),
        under={("unbuilt_package_change", "refuse"): "validation"},
    ),
    ModuleTask(
        "disabled package",
        "virtfusion_server_package",
        {"server_id": 22, "package_id": 8, "allow_disabled": True},
        of_server(22, lambda server: server["packageId"] in (1, 8)),
        under={("disabled_package", "refuse"): "validation"},
    ),
    ModuleTask(
        "package with limits",
        "virtfusion_server_package",
        {"server_id": 24, "package_id": 5},
        of_server(24, lambda server: server["resources"]["backupPlan"]),
    ),
    ModuleTask(
        "sizes",
        "virtfusion_server",
        {
            "server_id": 2,
            "name": "new name",
            "memory": 8192,
            "cpu": 6,
            "primary_network_traffic": 5,
            "cpu_throttle": 10,
        },
        of_server(
            2,
            lambda server: (
                server["name"] == "new name" and server["cpuThrottle"] == 10 and sized(6)(server)
            ),
        ),
    ),
    ModuleTask(
        "suspend",
        "virtfusion_server",
        {"server_id": 3, "suspended": True},
        of_server(3, lambda server: server["suspended"]),
    ),
    ModuleTask(
        "suspend and power off",
        "virtfusion_server",
        {"server_id": 5, "suspended": True, "power_off": True},
        of_server(5, lambda server: server["suspended"] and not server["powered"]),
    ),
    ModuleTask(
        "unsuspend",
        "virtfusion_server",
        {"server_id": 7, "suspended": False},
        of_server(7, lambda server: not server["suspended"]),
    ),
    ModuleTask(
        "start",
        "virtfusion_server_power",
        {"server_id": 6, "state": "running"},
        of_server(6, lambda server: server["powered"]),
        before=(STOP,),
    ),
    ModuleTask(
        "restart",
        "virtfusion_server_power",
        {"server_id": 6, "state": "restarted"},
        of_server(6, lambda server: server["powered"]),
        once=True,
    ),
    ModuleTask(
        "address",
        "virtfusion_server_ipv4",
        {"server_id": 15, "addresses": ["10.20.99.1"]},
        of_server(15, lambda server: "10.20.99.1" in addresses(server)),
    ),
    ModuleTask(
        "addresses",
        "virtfusion_server_ipv4",
        {"server_id": 16, "count": 3},
        of_server(16, lambda server: len(addresses(server)) == 3),
    ),
    ModuleTask(
        "second custom XML",
        "virtfusion_server_custom_xml",
        {"server_id": 18, "clock": "<clock/>"},
        of_server(
            18,
            lambda server: (
                server["customXml"]["os"]["xml"] == "<os/>"
                and server["customXml"]["clock"]["xml"] == "<clock/>"
            ),
        ),
        before=(XML,),
    ),
    ModuleTask(
        "build",
        "virtfusion_server_build",
        {"server_id": 8, "template_id": 49},
        of_server(8, lambda server: server["commissionStatus"] == 3),
    ),
    ModuleTask(
        "rebuild",
        "virtfusion_server_build",
        {"server_id": 19, "template_id": 9, "rebuild": "if_different"},
        of_server(
            19, lambda server: (server["commissionStatus"], server["osTemplateId"]) == (3, 9)
        ),
    ),
    ModuleTask(
        "rebuild always",
        "virtfusion_server_build",
        {"server_id": 23, "template_id": 49, "rebuild": "always", "ipv6": True},
        of_server(23, lambda server: server["commissionStatus"] == 3),
        once=True,
    ),
    ModuleTask("vnc", "virtfusion_server_vnc", {"server_id": 21, "enabled": True}, once=True),
    ModuleTask(
        "password",
        "virtfusion_server_password",
        {"server_id": 21},
        of_server(21, lambda server: server["passwordSerial"] == 1),
        once=True,
    ),
    ModuleTask(
        "firewall",
        "virtfusion_server_firewall",
        {"server_id": 25, "enabled": True},
        of_server(25, lambda server: server["primary"]["firewallEnabled"]),
    ),
    ModuleTask(
        "traffic block",
        "virtfusion_server_traffic_block",
        {"server_id": 26, "traffic": 100, "exact": True},
        of_server(26, lambda server: len(server["trafficBlocks"]) == 1),
    ),
    ModuleTask(
        "create",
        "virtfusion_server",
        {"server_name": "created", "package_id": 1, "user_id": 2, "hypervisor_group_id": 1},
        among("servers", lambda server: server["name"] == "created"),
    ),
    ModuleTask("delete", "virtfusion_server", {"server_id": 28, "state": "absent"}, without(28)),
    ModuleTask(
        "user by string",
        "virtfusion_user",
        {"relation_string": "client-78", "name": "Seven Eight", "email": "eight@example.com"},
        among("users", lambda user: user["relStr"] == "client-78"),
    ),
    ModuleTask(
        "delete user",
        "virtfusion_user",
        {"ext_relation_id": 77, "state": "absent"},
        among("users", lambda user: user["extRelationId"] == 77, 0),
        before=(USER,),
    ),
    ModuleTask(
        "delete user with servers",
        "virtfusion_user",
        {"ext_relation_id": 1002, "state": "absent", "force": True},
        among("users", lambda user: user["extRelationId"] == 1002, 0),
        usual="conflict",
        under={("delete_user_with_servers", "accept"): OK},
    ),
    ModuleTask(
        "key",
        "virtfusion_ssh_key",
        {"user_id": 1, "public_key": NEW_KEY, "name": "new"},
        among("ssh_keys", lambda key: key["publicKey"] == NEW_KEY),
    ),
    ModuleTask(
        "range",
        "virtfusion_ip_block_range",
        {"ip_block_id": 3, "start": "10.50.0.1", "end": "10.50.0.4"},
        once=True,
    ),
    ModuleTask(
        "overlapping range",
        "virtfusion_ip_block_range",
        {"ip_block_id": 3, "start": "10.40.0.3", "end": "10.40.0.9"},
        once=True,
        under={("duplicate_range", "refuse"): "validation"},
    ),
    ModuleTask(
        "suspend again",
        "virtfusion_server",
        {"server_id": 7, "suspended": True},
        of_server(7, lambda server: server["suspended"]),
        stale=("/servers/7", "data.suspended", False),
    ),
    ModuleTask(
        "unsuspend again",
        "virtfusion_server",
        {"server_id": 3, "suspended": False},
        of_server(3, lambda server: not server["suspended"]),
        stale=("/servers/3", "data.suspended", True),
    ),
    ModuleTask(
        "start again",
        "virtfusion_server_power",
        {"server_id": 3, "state": "running"},
        of_server(3, lambda server: server["powered"]),
        stale=("/servers/3", "data.remoteState", STOPPED),
    ),
    ModuleTask(
        "delete again",
        "virtfusion_server",
        {"server_id": 28, "state": "absent", "delay": 5},
        without(28),
        once=True,
        before=(DELETE_LATER,),
        under={("repeated_delete", "refuse"): "conflict"},
    ),
    ModuleTask(
        "key again",
        "virtfusion_ssh_key",
        {"user_id": 1, "public_key": KEY_OF_1, "name": "Key 1"},
        lambda state: any(key["publicKey"] == KEY_OF_1 for key in state["ssh_keys"].values()),
        stale=("/ssh_keys/user/1", "data", []),
    ),
    ModuleTask(
        "whitelist again",
        "virtfusion_server_whitelist",
        {"server_id": 17, "entries": ["192.0.2.0/24"]},
        of_server(17, lambda server: server["primary"]["whitelist"]),
        before=(WHITELIST,),
        stale=("/servers/17", "data.network.interfaces.0.ipWhitelist", []),
    ),
    ModuleTask("report", "virtfusion_selfservice_report", {"ext_relation_id": 1003}, once=True),
    ModuleTask(
        "mistyped name",
        "virtfusion_api",
        {"method": "PUT", "path": "/servers/1/modify/name", "body": {"name": 1}, "effect": "set"},
        usual="validation",
    ),
    ModuleTask(
        "mistyped server",
        "virtfusion_api",
        {"method": "POST", "path": "/servers", "body": {"packageId": "x"}, "effect": "create"},
        usual="validation",
    ),
)

#: The switches that none of these tasks makes the panel look at, and what tests them.
ELSEWHERE = {
    "unauthorized_body": "integration target virtfusion_failures",
    "results_out_of_range": "no module asks for more than 200 results",
    "customxml_unsent": "the module sends all sections",
}


@pytest.fixture
def tasks(simulator: Simulator) -> TaskRunner:
    """Return what runs tasks on VirtFusion."""
    return TaskRunner(simulator, "virtfusion")


@pytest.mark.parametrize("task", TASKS, ids=str)
def test_results_are_true(tasks: TaskRunner, task: ModuleTask) -> None:
    wrong = tasks.wrong(task, SWITCHES)
    assert not wrong, "\n".join(wrong)


def test_the_tasks_reach_every_switch(tasks: TaskRunner) -> None:
    assert tasks.unreached(TASKS, SWITCHES) == set(ELSEWHERE)


def test_odd_values(tasks: TaskRunner) -> None:
    assert tasks.wrong_with(TASKS, "stringify_numbers") == {}
    assert tasks.wrong_with(TASKS, "float_numbers") == {}
    assert tasks.wrong_with(TASKS, "null_for_empty") == {"delete user": "protocol"}
    assert tasks.wrong_with(TASKS, "reverse_rows", at="data") == {}
