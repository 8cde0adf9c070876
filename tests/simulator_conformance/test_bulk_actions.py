# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bulk actions under every value of every switch, and after failures: each result is true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.huaweicloud.switches import SWITCHES as HUAWEICLOUD
from tests.simulator.process import Simulator
from tests.simulator.switches import Switch
from tests.simulator.virtfusion.switches import SWITCHES as VIRTFUSION
from tests.simulator.virtualizor.switches import SWITCHES as VIRTUALIZOR

from .bulk_task import ActionRunner, BulkRunner, BulkTask
from .huaweicloud.cloud import CHEAPER
from .module_task import OK, ModuleTask, State

SWITCHES: Mapping[str, tuple[Switch, ...]] = {
    "virtfusion": VIRTFUSION,
    "virtualizor": VIRTUALIZOR,
    "huaweicloud": HUAWEICLOUD,
}


def sizes(state: State) -> Any:
    """Return cores and memory of some VirtFusion servers."""
    resources = [state["servers"][number]["resources"] for number in ("1", "7", "8")]
    return [(each["cpuCores"], each["memory"]) for each in resources]


def plans(state: State) -> Any:
    """Return the plans of some VPSs, with the memory and bandwidth of them."""
    return [(state["vs"][number]["plid"], state["vs"][number]["ram"]) for number in ("12", "13")]


def flavors(state: State) -> Any:
    """Return the flavors of a cloud phone server."""
    return [
        (server["server_model_name"], server["phone_model_name"])
        for server in state["cph_servers"].values()
        if server["server_name"] == "farm-1"
    ]


#: What refuses every request to Virtualizor, and what refuses a change of a plan.
READ = {("virtualizor_address_listed", "false"): "auth", ("virtualizor_role", "slave"): "refused"}
LABEL = {**READ, ("virtualizor_permission", "read"): "refused"}
#: What refuses an order.
ORDER = {
    ("account_state", "arrears"): "forbidden",
    ("account_state", "frozen"): "forbidden",
    ("account_state", "unverified"): "forbidden",
    ("bss_access", "denied"): "forbidden",
    ("flavor_target", "special"): "validation",
}

TASKS = (
    BulkTask(
        "packages",
        "virtfusion_server_packages",
        {"server_ids": [1, 7, 8], "package_id": 3, "aspects": ["cpu", "memory"]},
        lambda state: sizes(state) == [(4, 4096)] * 3,
        under={
            ("suspended_package_change", "refuse"): "validation",
            ("unbuilt_package_change", "refuse"): "validation",
        },
        shows=sizes,
        servers=12,
    ),
    BulkTask(
        "plan",
        "virtualizor_vps_plans",
        {"vps_ids": [12], "plan_id": 2},
        lambda state: plans(state)[0] == ("2", "2048"),
        under={**LABEL, ("virtualizor_apply_plan", "ignored"): "refused"},
        shows=plans,
    ),
    BulkTask(
        "labels",
        "virtualizor_vps_plans",
        {
            "hostnames": ["vps12.example.com", "vps13.example.com"],
            "plan_id": 3,
            "apply_plan": False,
        },
        lambda state: [plan for plan, memory in plans(state)] == ["3", "3"],
        # The panel has made the disk of the plan, which never shrinks.
        under={**LABEL, ("virtualizor_managevps_plan", "values"): "rollback: refused"},
        shows=plans,
    ),
    BulkTask(
        "flavors",
        "huaweicloud_cph_server_flavors",
        {
            "server_names": ["farm-1"],
            "server_model_name": CHEAPER[0],
            "phone_model_name": CHEAPER[1],
            "auto_pay": True,
        },
        lambda state: flavors(state) == [CHEAPER],
        under={
            **ORDER,
            ("flavor_change_final_status", "8"): "rollback: conflict",
            ("flavor_change_final_status", "10"): "rollback: conflict",
        },
        shows=flavors,
        servers=12,
    ),
)
USER_PLANS = ModuleTask(
    "user plans",
    "virtualizor_user_plans",
    {
        "user_plans": [
            {"plan_name": "Cloud Starter", "ram": 512},
            {"plan_name": "New", "priority": 2, "ram": 1024},
            {"user_plan_id": 2, "state": "absent", "force": True},
        ]
    },
    lambda state: (
        state["user_plans"]["1"]["ram"] == "512"
        and [each["ram"] for each in state["user_plans"].values() if each["plan_name"] == "New"]
        == ["1024"]
        and "2" not in state["user_plans"]
    ),
    under=LABEL,
)


def runner(simulator: Simulator, task: ModuleTask, folder: Path) -> BulkRunner:
    """Return what runs a bulk action."""
    return BulkRunner(simulator, task.panel, folder)


@pytest.mark.parametrize("task", TASKS, ids=str)
def test_results_are_true(simulator: Simulator, task: BulkTask, tmp_path: Path) -> None:
    tasks = runner(simulator, task, tmp_path)
    wrong = tasks.wrong(task, SWITCHES[task.panel])
    assert not wrong, "\n".join(wrong)


def test_results_of_user_plans_are_true(simulator: Simulator) -> None:
    wrong = ActionRunner(simulator, "virtualizor").wrong(USER_PLANS, VIRTUALIZOR)
    assert not wrong, "\n".join(wrong)


#: What happens to one write and its response, with the outcome of the run where orders are not sent again.
LOST: Sequence[tuple[Mapping[str, Any], str]] = (
    ({"kind": "status", "status": 502, "when": "after"}, OK),
    ({"kind": "status", "status": 502, "when": "before"}, "transport"),
    ({"kind": "html", "when": "before"}, "protocol"),
    ({"kind": "cut_body"}, OK),
)


@pytest.mark.parametrize("task", TASKS, ids=str)
def test_one_lost_response(simulator: Simulator, task: BulkTask, tmp_path: Path) -> None:
    tasks, panel = runner(simulator, task, tmp_path), task.panel
    method = "PUT" if panel == "virtfusion" else "POST"
    found = [tasks.outcome(task, {}, {**fault, "method": method}) for fault, dummy in LOST]
    assert found == [outcome if panel == "huaweicloud" else OK for dummy, outcome in LOST]


@pytest.mark.parametrize("task", TASKS, ids=str)
def test_odd_values(simulator: Simulator, task: BulkTask, tmp_path: Path) -> None:
    tasks, wrong = runner(simulator, task, tmp_path), {}
    for kind in ("stringify_numbers", "float_numbers", "null_for_empty"):
        wrong |= tasks.wrong_with([task], kind)
    assert wrong == {}
