# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventories under every value of every switch, and after failures: each server is one host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.process import Simulator

from .module_task import State
from .source_task import SourceRunner, SourceTask
from .test_bulk_actions import SWITCHES

#: The status of a cloud phone server that is normal, and of one that is unsubscribed.
NORMAL, GONE = 5, 6


def in_status(state: State, *status: int) -> set[str]:
    """Return the IDs of the cloud phone servers in one of some states."""
    return {
        server["server_id"]
        for server in state["cph_servers"].values()
        if server["status"] in status
    }


TASKS = (
    SourceTask(
        "servers",
        "virtfusion",
        {"full": True, "group_by": ["state", "hypervisor", "owner", "package", "suspended"]},
        servers=12,
        ids=lambda state: set(state["servers"]),
    ),
    SourceTask(
        "VPSs",
        "virtualizor",
        {"live_state": True, "group_by": ["state", "plan", "off_plan", "virt"]},
        servers=60,
        ids=lambda state: set(state["vs"]),
        under={
            ("virtualizor_address_listed", "false"): (
                "Cannot list the VPSs: the panel does not accept the credentials: it redirects the request"
            ),
            ("virtualizor_role", "slave"): (
                "Cannot list the VPS plans: This operation cannot be performed on a slave server"
            ),
        },
    ),
    SourceTask(
        "cloud phone servers",
        "huaweicloud_cph",
        {"full": True, "group_by": ["state", "server_model", "phone_model"]},
        servers=12,
        ids=lambda state: in_status(state, *{*range(20)} - {GONE}),
    ),
    SourceTask(
        "normal cloud phone servers",
        "huaweicloud_cph",
        {"states": ["normal"]},
        servers=12,
        ids=lambda state: in_status(state, NORMAL),
    ),
)


@pytest.fixture
def runner(
    simulator: Simulator, task: SourceTask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> SourceRunner:
    """Return what parses source files."""
    return SourceRunner(simulator, task.panel, tmp_path, monkeypatch)


@pytest.mark.parametrize("task", TASKS, ids=str)
def test_inventories_are_the_same(runner: SourceRunner, task: SourceTask) -> None:
    wrong = runner.wrong(task, SWITCHES[task.panel])
    assert not wrong, "\n".join(wrong)


#: Failures that pass, and values of an odd type.
FAULTS: Sequence[Mapping[str, Any]] = (
    {"kind": "stringify_numbers"},
    {"kind": "float_numbers"},
    {"kind": "null_for_empty"},
    {"kind": "status", "status": 502, "times": 2},
    {"kind": "status", "status": 429, "times": 2},
    {"kind": "reset", "times": 2},
    {"kind": "cut_body", "times": 2},
)
#: What moves rows between two pages, with the number of servers that fill more than one.
SHIFTS: Sequence[Mapping[str, Any]] = (
    {"kind": "page_shift", "change": "insert", "times": 1},
    {"kind": "page_shift", "change": "remove", "times": 1},
)
MANY = {"virtfusion": 205, "virtualizor": 510, "huaweicloud": 115}


#: What cannot be explained is an error: null instead of the empty page after the last row.
REFUSED: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("VPSs", "null_for_empty"): {
        "VPSs": "Cannot list the VPSs: the list of VPSs has an unexpected format"
    },
}


@pytest.mark.parametrize("task", TASKS, ids=str)
def test_no_failure_changes_the_inventory(runner: SourceRunner, task: SourceTask) -> None:
    for fault in FAULTS:
        expected = REFUSED.get((task.name, fault["kind"]), {})
        assert runner.wrong_with([task], **fault) == expected, fault


@pytest.mark.parametrize("task", TASKS, ids=str)
def test_no_server_is_lost_between_pages(runner: SourceRunner, task: SourceTask) -> None:
    many = replace(task, servers=MANY[task.panel])
    for fault in SHIFTS:
        assert runner.wrong_with([many], **fault) == {}, fault
