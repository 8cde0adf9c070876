# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules under every value of every Virtualizor switch: each result is true."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.simulator.process import Simulator
from tests.simulator.virtualizor.switches import SWITCHES

from ..module_task import ModuleTask, State, TaskRunner
from .api import Admin


def plan_of(vps: int, plan: str, **values: str) -> Callable[[State], bool]:
    """Return whether a VPS has a plan and some values."""
    return lambda state: {"plid": plan, **values}.items() <= state["vs"][str(vps)].items()


def user_plan(name: str, number: int = 1, **values: str) -> Callable[[State], bool]:
    """Return whether so many user plans have a name and some values."""
    wanted = {"plan_name": name, **values}.items()
    return lambda state: (
        sum(wanted <= plan.items() for plan in state["user_plans"].values()) == number
    )


def user(number: int, **values: str) -> Callable[[State], bool]:
    """Return whether a user has some values, and still has a name."""

    def holds(state: State) -> bool:
        found = state["users"][str(number)]
        return values.items() <= found.items() and bool(found["preferences"]["fname"])

    return holds


#: What refuses every task, and every write.
READ = {("virtualizor_address_listed", "false"): "auth"}
WRITE = {
    **READ,
    ("virtualizor_permission", "read"): "refused",
    ("virtualizor_role", "slave"): "refused",
}
NO_APPLY = {**WRITE, ("virtualizor_apply_plan", "ignored"): "refused"}

TASKS = (
    ModuleTask(
        "plan of a VPS",
        "virtualizor_vps_plan",
        {"vps_id": 12, "plan_id": 3},
        plan_of(12, "3", ram="4096"),
        under=NO_APPLY,
    ),
    ModuleTask(
        "label of a VPS",
        "virtualizor_vps_plan",
        {"vps_id": 12, "plan_id": 3, "apply_plan": False},
        plan_of(12, "3"),
        under=WRITE,
    ),
    ModuleTask(
        "plan of a VPS by name",
        "virtualizor_vps_plan",
        {"hostname": "vps13.example.com", "plan_name": "KVM 4G"},
        plan_of(13, "3", ram="4096"),
        under=NO_APPLY,
    ),
    ModuleTask(
        "plan of a VPS in rescue mode",
        "virtualizor_vps_plan",
        {"vps_id": 10, "plan_id": 4},
        usual="refused",
        under={**READ, ("virtualizor_error_shape", "object"): "conflict"},
    ),
    ModuleTask(
        "new user plan",
        "virtualizor_user_plan",
        {"plan_name": "New", "priority": 2, "ram": 512, "sgs": [0]},
        user_plan("New", ram="512", sg="0"),
        under=WRITE,
    ),
    ModuleTask(
        "changed user plan",
        "virtualizor_user_plan",
        {"plan_name": "Cloud Starter", "ram": 512},
        user_plan("Cloud Starter", ram="512", upload_speed="-1", sg="0"),
        under=WRITE,
    ),
    ModuleTask(
        "user plan with an empty list",
        "virtualizor_user_plan",
        {"plan_name": "Cloud Starter", "sgs": []},
        user_plan("Cloud Starter", sg=""),
        under=WRITE,
    ),
    ModuleTask(
        "user plan with a newer value",
        "virtualizor_user_plan",
        {"plan_name": "Cloud Starter", "total_iops_sec": 900},
        user_plan("Cloud Starter", total_iops_sec="900"),
        under={
            **WRITE,
            ("virtualizor_newer_fields", "hidden"): "refused",
            ("virtualizor_newer_fields", "absent"): "refused",
        },
    ),
    ModuleTask(
        "renamed user plan",
        "virtualizor_user_plan",
        {"user_plan_id": 1, "plan_name": "Renamed"},
        user_plan("Renamed", ram="4096"),
        under=WRITE,
    ),
    ModuleTask(
        "deleted user plan",
        "virtualizor_user_plan",
        {"user_plan_id": 2, "state": "absent", "force": True},
        user_plan("api_plan", 0),
        under=WRITE,
    ),
    ModuleTask(
        "user plan of a user",
        "virtualizor_user",
        {"email": "ada.byron@example.com", "user_plan_id": 3},
        user(2, uplid="3", num_vs="25"),
        under=WRITE,
    ),
    ModuleTask(
        "label of a user",
        "virtualizor_user",
        {"user_id": 2, "user_plan_id": 3, "apply_plan": False},
        user(2, uplid="3"),
        under=WRITE,
    ),
    ModuleTask(
        "limit of a user",
        "virtualizor_user",
        {"user_id": 2, "num_vs": 7},
        user(2, num_vs="7"),
        under=WRITE,
    ),
    ModuleTask("VPSs", "virtualizor_vps_info", {"live_state": True}, once=True, under=READ),
    ModuleTask(
        "wrong password",
        "virtualizor_vps_info",
        {"api_pass": "wrong"},
        usual="auth",
        under={("virtualizor_bad_credentials", "json"): "refused"},
    ),
    ModuleTask(
        "hash",
        "virtualizor_vps_info",
        {"api_key": None, "api_auth": "hash"},
        once=True,
        under={**READ, ("virtualizor_hash_only", "refuse"): "auth"},
    ),
    ModuleTask(
        "plans",
        "virtualizor_plan_info",
        {"plan_name": "KVM 4G"},
        once=True,
        under={**READ, ("virtualizor_role", "slave"): "refused"},
    ),
    ModuleTask(
        "user plans",
        "virtualizor_user_plan_info",
        {"plan_name": "Cloud Starter"},
        once=True,
        under=READ,
    ),
    ModuleTask("users", "virtualizor_user_info", {}, once=True, under=READ),
)

#: The switches that none of these tasks makes the panel look at, and what tests them.
ELSEWHERE = {
    "virtualizor_without_api": "every request has api=json",
    "virtualizor_empty_array_clears": "integration target virtualizor_user_plan",
    "virtualizor_unknown_uplid": "test_a_user_plan_that_another_client_has_deleted",
    "virtualizor_page_ignored": "integration targets inventory_virtualizor and virtualizor_user_info",
    "virtualizor_page_base": "integration targets inventory_virtualizor and virtualizor_vps_info",
    "virtualizor_editvs_plan": "no module sends plid by editvs alone",
    "virtualizor_delete_user_with_vps": "no module deletes users",
    "virtualizor_machine_status": "only power actions look at it, and no module sends one",
}


@pytest.fixture
def tasks(simulator: Simulator) -> TaskRunner:
    """Return what runs tasks on Virtualizor."""
    return TaskRunner(simulator, "virtualizor")


@pytest.mark.parametrize("task", TASKS, ids=str)
def test_results_are_true(tasks: TaskRunner, task: ModuleTask) -> None:
    wrong = tasks.wrong(task, SWITCHES)
    assert not wrong, "\n".join(wrong)


def test_the_tasks_reach_every_switch(tasks: TaskRunner) -> None:
    assert tasks.unreached(TASKS, SWITCHES) == set(ELSEWHERE)


@pytest.mark.parametrize("how", ["silent", "done"])
def test_a_user_plan_that_another_client_has_deleted(
    tasks: TaskRunner, panel: Admin, how: str
) -> None:
    panel.control.switches(virtualizor_unknown_uplid=how)
    record = tasks.state()["user_plans"]["2"]
    panel.done("user_plans", {"delete": "2"})
    assert "2" not in tasks.state()["user_plans"]
    panel.control.fault(
        "wrong_type", query={"act": "user_plans"}, times=1, at="plans", value={"2": record}
    )
    result, failed = tasks.run(
        ModuleTask("late", "virtualizor_user_plan", {"user_plan_id": 2, "ram": 512})
    )
    assert (failed, result["failure"]["state"]) == (True, "unknown"), result
    assert result["changed"] is (how == "done"), "the panel accepted the write"


def test_odd_values(tasks: TaskRunner) -> None:
    assert tasks.wrong_with(TASKS, "stringify_numbers") == {}
    assert tasks.wrong_with(TASKS, "float_numbers") == {}
    assert tasks.wrong_with(TASKS, "null_for_empty") == {}
    assert tasks.wrong_with(TASKS, "reverse_rows", at="vs") == {}
