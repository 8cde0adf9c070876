# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which things wait for a restart, according to the results of a run and to what its folder shows later."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.journal import Journal
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.results import ItemResult
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_info import run_info
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Reason
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import WATCHDOG_S
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    ToyPanel,
    ToySizes,
    failing,
    row,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_folder import ToyFolder


def change_in_part(run: ToyFolder) -> dict[str, Any]:
    """Change the first of two things in part, so that it needs a restart; return its row."""
    approved = run.planned(max_failures="100%")

    def before(item_id: Any) -> None:
        if item_id == 1:
            run.toys.sizes[1] = 10
            result = {"changes": [row(3, 10)], "restart_required": True}
            action = "change thing 1"
            raise PanelError(Code.LOCKED, "it is busy", action=action, partial=True, result=result)

    run.toys.before = before
    result = run.step("apply", plan_sha256=approved)
    assert result["totals"]["restart_required"] == 1
    return dict(result["results"][0])


def waiting(run: ToyFolder) -> list[dict[str, Any]]:
    """Return what the folder shows for the playbook that restarts."""
    return list(run_info(str(run.path), None)["restart_required"])


@pytest.fixture
def run(tmp_path: Path) -> ToyFolder:
    return ToyFolder(ToyPanel([3, 3]), tmp_path)


FIRST = {"id": 1, "name": "toy1", "uuid": "uuid-1"}


def test_a_thing_that_is_changed_in_part_waits_for_its_restart(run):
    failed = change_in_part(run)
    assert (failed["outcome"], failed["restart_required"]) == ("failed", True)
    assert waiting(run) == [FIRST]


def test_it_still_waits_when_the_run_is_resumed(run):
    change_in_part(run)
    run.toys.before = lambda item_id: None
    result = run.step("resume")
    assert result["results"][0]["restart_required"] is True
    assert waiting(run) == [FIRST]


def test_a_failure_without_a_change_needs_no_restart(run):
    approved = run.planned(max_failures="100%")
    run.toys.before = failing(1)
    result = run.step("apply", plan_sha256=approved)
    assert (result["totals"]["restart_required"], waiting(run)) == (0, [])


def test_a_thing_that_the_panel_shows_without_a_wait_is_not_listed(run, monkeypatch):
    reported, item_of, waits = run.toys.reported, ToySizes._item, [True]
    monkeypatch.setattr(run.toys, "reported", lambda item: {**reported(item), **NEEDED})
    monkeypatch.setattr(
        ToySizes, "_item", lambda self, i: replace(item_of(self, i), waits_for_restart=waits[0])
    )
    approved = run.planned()
    run.toys.after = lambda item_id: run.stop.ask(Reason.DEADLINE, "late")
    run.step("apply", plan_sha256=approved)
    assert waiting(run) == [FIRST]
    run.restart()
    waits[0] = False
    result = run.step("resume")
    assert [row["restart_required"] for row in result["results"]] == [False, True]
    assert [each["id"] for each in waiting(run)] == [2]
    assert run_info(str(run.path), None)["totals"]["restart_required"] == 1


def test_they_are_listed_in_the_order_of_the_plan(run, monkeypatch):
    reported, outcome, second = run.toys.reported, Journal.outcome, threading.Event()

    def record(journal: Journal, result: ItemResult) -> None:
        outcome(journal, result)
        if result.id == 2:
            second.set()

    monkeypatch.setattr(run.toys, "reported", lambda item: {**reported(item), **NEEDED})
    monkeypatch.setattr(Journal, "outcome", record)
    run.toys.before = lambda item_id: item_id == 2 or second.wait(WATCHDOG_S)
    run.step("apply", plan_sha256=run.planned(workers=2))
    assert [each["id"] for each in waiting(run)] == [1, 2]


NEEDED = {"restart_required": True}
