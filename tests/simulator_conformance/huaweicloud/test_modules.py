# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules under every value of every Huawei Cloud switch: each result is true."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.simulator.huaweicloud.accounts import Account
from tests.simulator.huaweicloud.switches import SWITCHES
from tests.simulator.process import Simulator

from ..module_task import OK, ModuleTask, State, TaskRunner
from .cloud import (
    CHEAPER,
    DEARER,
    FEWER_PHONES,
    HIDDEN,
    NO_PAIR,
    OTHER_GENERATION,
    START,
    WITHDRAWN,
)


def flavor(name: str, pair: tuple[str, str]) -> Callable[[State], bool]:
    """Return whether a server has a flavor."""
    return lambda state: (
        [pair]
        == [
            (server["server_model_name"], server["phone_model_name"])
            for server in state["cph_servers"].values()
            if server["server_name"] == name
        ]
    )


def change(name: str, pair: tuple[str, str], **more: object) -> dict[str, object]:
    return {"server_name": name, "server_model_name": pair[0], "phone_model_name": pair[1], **more}


#: What refuses every order.
ORDER = {
    ("account_state", "arrears"): "forbidden",
    ("account_state", "frozen"): "forbidden",
    ("account_state", "unverified"): "forbidden",
    ("bss_access", "denied"): "forbidden",
}
NOT_SPECIAL = {**ORDER, ("flavor_target", "special"): "validation"}

MODULE = "huaweicloud_cph_server_flavor"
UNPAID = ModuleTask("unpaid", MODULE, change("farm-1", DEARER, wait=False), once=True, under=ORDER)
TASKS = (
    UNPAID,
    ModuleTask(
        "dearer",
        MODULE,
        change("farm-1", DEARER, auto_pay=True),
        flavor("farm-1", DEARER),
        under=ORDER,
    ),
    ModuleTask(
        "cheaper", MODULE, change("farm-1", CHEAPER), flavor("farm-1", CHEAPER), under=NOT_SPECIAL
    ),
    ModuleTask("same", MODULE, change("farm-1", START, precheck="none"), flavor("farm-1", START)),
    ModuleTask(
        "no pair",
        MODULE,
        change("farm-1", NO_PAIR, precheck="none"),
        usual="validation",
        under=ORDER,
    ),
    ModuleTask(
        "other generation",
        MODULE,
        change("farm-1", OTHER_GENERATION, precheck="none"),
        usual="validation",
        under=ORDER,
    ),
    ModuleTask(
        "fewer phones",
        MODULE,
        change("farm-1", FEWER_PHONES, precheck="none"),
        usual="validation",
        under=ORDER,
    ),
    ModuleTask(
        "withdrawn",
        MODULE,
        change("farm-1", WITHDRAWN, precheck="warn"),
        flavor("farm-1", WITHDRAWN),
        under={**NOT_SPECIAL, ("flavor_withdrawn", "CPS.0257"): "validation"},
    ),
    ModuleTask(
        "private",
        MODULE,
        change("farm-1", HIDDEN, precheck="none"),
        flavor("farm-1", HIDDEN),
        under=NOT_SPECIAL,
    ),
    ModuleTask("stopped", MODULE, change("farm-5", DEARER), usual="conflict"),
    ModuleTask(
        "same again",
        MODULE,
        change("farm-1", START, precheck="none"),
        flavor("farm-1", START),
        stale=("/servers/[0-9a-f]+", "phone_model_name", "other"),
        stale_reads=2,
        usual="refused",
        under=ORDER,
    ),
    ModuleTask(
        "set by another order",
        MODULE,
        change("farm-1", START, precheck="none"),
        flavor("farm-1", START),
        stale=("/servers/[0-9a-f]+", "phone_model_name", "other"),
        under={("bss_access", "denied"): "forbidden"},
    ),
    ModuleTask(
        "stopped meanwhile",
        MODULE,
        change("farm-5", DEARER),
        stale=("/servers/[0-9a-f]+", "status", 5),
        stale_reads=2,
        usual="conflict",
        under=ORDER,
    ),
    ModuleTask(
        "after an unpaid order",
        MODULE,
        change("farm-1", DEARER, auto_pay=True, ignore_open_orders=True),
        before=(UNPAID,),
        usual="refused",
        under={**ORDER, ("flavor_pending", "accept"): OK},
    ),
    ModuleTask(
        "project of another region",
        MODULE,
        {**change("farm-1", DEARER), "project_id": Account().foreign_project_id},
        usual="forbidden",
        under={("project_mismatch", "CPS.0046"): "validation"},
    ),
    ModuleTask("servers", "huaweicloud_cph_server_info", {"details": True}, once=True),
    ModuleTask("phones", "huaweicloud_cph_phone_info", {}, once=True),
    ModuleTask("server models", "huaweicloud_cph_server_model_info", {}, once=True),
    ModuleTask("phone models", "huaweicloud_cph_phone_model_info", {}, once=True),
)

#: The switches that none of these tasks makes the panel look at, and what tests them.
ELSEWHERE = {
    "past_the_end": "integration targets huaweicloud_cph_phone_info and _server_info",
    "job_no_error": "integration target huaweicloud_cph_job_info",
    "job_reads": "integration target huaweicloud_cph_job_info",
}


@pytest.fixture
def tasks(simulator: Simulator) -> TaskRunner:
    """Return what runs tasks on Huawei Cloud."""
    return TaskRunner(simulator, "huaweicloud")


@pytest.mark.parametrize("task", TASKS, ids=str)
def test_results_are_true(tasks: TaskRunner, task: ModuleTask) -> None:
    wrong = tasks.wrong(task, SWITCHES)
    assert not wrong, "\n".join(wrong)


def test_the_tasks_reach_every_switch(tasks: TaskRunner) -> None:
    assert tasks.unreached(TASKS, SWITCHES) == set(ELSEWHERE)


def test_a_list_with_fewer_rows_than_it_counts(tasks: TaskRunner) -> None:
    order = ModuleTask(
        "order", MODULE, change("farm-1", DEARER), usual="protocol", before=(UNPAID,)
    )
    assert tasks.wrong_with([order], "empty_page", path="/customer-orders$") == {}
    servers = ModuleTask("servers", "huaweicloud_cph_server_info", {}, usual="protocol")
    assert tasks.wrong_with([servers], "empty_page", path="/servers$") == {}


def test_odd_values(tasks: TaskRunner) -> None:
    assert tasks.wrong_with(TASKS, "stringify_numbers") == {}
    assert tasks.wrong_with(TASKS, "float_numbers") == {}
    assert tasks.wrong_with(TASKS, "null_for_empty") == {}
    assert tasks.wrong_with(TASKS, "reverse_rows", at="servers") == {}
