# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a run as data, and the steps that lead to it."""

from __future__ import annotations

import contextlib
import json

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet import read_only_run
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.fleet_result import FleetResult
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Reason, Stop
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    ToyPanel,
    ToySizes,
    failing,
    fleet_failure,
    fleet_run,
)

# --- what a workflow reads -------------------------------------------------------------------


def test_the_result_names_the_panel_and_the_action(tmp_path):
    toys = ToyPanel([1])
    for check_mode in (True, False):
        result = fleet_run(toys, tmp_path, check_mode=check_mode)
        assert result["panel"] == "toys"
        assert result["address"] == ToySizes(toys).address
        assert result["action"] == "toy_sizes"


def test_the_summary_is_the_message_without_its_noun(tmp_path):
    toys = ToyPanel([1, 10])
    plan = fleet_run(toys, tmp_path, check_mode=True)
    assert plan["summary"] == "1 would change, 1 unchanged"
    assert plan["msg"] == f"things: {plan['summary']}"
    assert fleet_run(ToyPanel([]), tmp_path)["summary"] == ToySizes.none_selected


def test_a_failure_keeps_the_summary_of_what_was_done(tmp_path):
    toys = ToyPanel([1, 2])
    toys.before = failing(2)
    error = fleet_failure(toys, tmp_path)
    assert error.result["summary"] == "1 changed, 1 failed"
    assert error.to_result()["summary"] == "1 changed, 1 failed"


@pytest.mark.parametrize(
    ("sizes", "finished"),
    [([], True), ([10], True), ([11], True), ([1], False), ([10, 1], False), ([-13, 1], False)],
)
def test_check_mode_is_finished_if_nothing_would_change(tmp_path, sizes, finished):
    options = {"check_mode": True, "max_failures": "100%"}
    assert fleet_run(ToyPanel(sizes), tmp_path, **options)["finished"] is finished


def test_a_run_is_finished_unless_it_leaves_something_to_do(tmp_path):
    assert fleet_run(ToyPanel([1, 10, 11]), tmp_path)["finished"] is True
    assert fleet_run(ToyPanel([]), tmp_path)["finished"] is True
    toys = ToyPanel([1, 2])
    toys.before = failing(2)
    assert fleet_run(toys, tmp_path, max_failures="1")["finished"] is False
    assert fleet_run(ToyPanel([1, -13]), tmp_path, max_failures="1")["finished"] is False


def test_a_plan_with_nothing_to_change_does_not_claim_that_nothing_was_selected(tmp_path):
    plan = {"plan_file": str(tmp_path / "plan")}
    planned = fleet_run(ToyPanel([10, 10]), tmp_path, **plan, check_mode=True)
    result = fleet_run(ToyPanel([10, 10]), tmp_path, **plan, plan_sha256=planned["plan_sha256"])
    assert result["summary"] == "the plan has nothing to change"
    assert result["finished"] is True


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_run_that_may_not_begin_is_not_finished(tmp_path, check_mode):
    toys = ToyPanel([1, 10])
    error = fleet_failure(toys, tmp_path, check_mode=check_mode, max_items=0)
    assert error.result["finished"] is False
    assert not toys.writes


def test_a_stopped_run_is_not_finished_and_has_the_reason_as_data(tmp_path):
    toys = ToyPanel([1, 2, 3])
    stop = Stop()
    toys.after = lambda item_id: stop.ask(Reason.DEADLINE, "late")
    result = fleet_run(toys, tmp_path, stop=stop)
    assert result["finished"] is False
    assert result["stopped"] == {"reason": "deadline", "msg": "late"}
    assert result["plan_sha256"] is None


def test_a_plan_is_not_finished_if_every_item_fails(tmp_path):
    error = fleet_failure(ToyPanel([-13]), tmp_path, check_mode=True, max_failures="100%")
    assert error.result["finished"] is False


def test_what_was_moved_is_not_left_to_do(tmp_path):
    toys, plan = ToyPanel([1, 2]), tmp_path / "plan.json"
    approved = fleet_run(toys, tmp_path, check_mode=True, plan_file=str(plan))["plan_sha256"]
    toys.sizes[2] = 3
    result = fleet_run(toys, tmp_path, plan_file=str(plan))
    assert outcomes(result) == {1: "changed", 2: "moved"}
    assert (result["finished"], result["plan_sha256"]) == (True, approved)


def test_the_results_file_has_what_the_result_has(tmp_path):
    file = tmp_path / "results.json"
    result = fleet_run(ToyPanel([1, 10]), tmp_path, results_file=str(file))
    written = json.loads(file.read_text())
    for key in ("summary", "finished", "panel", "address", "action", "stopped", "plan_sha256"):
        assert written[key] == result[key]


# --- the steps of a run ----------------------------------------------------------------------


class _Traced(ToySizes):
    """Records the order in which the engine asks for the steps."""

    def __init__(self, toys: ToyPanel) -> None:
        super().__init__(toys)
        self.steps: list[str] = []

    def prepare(self):
        self.steps.append("prepare")
        return super().prepare()

    def select(self, ids):
        self.steps.append("select")
        return super().select(ids)

    def capacity(self, items):
        self.steps.append("capacity")
        return super().capacity(items)

    def apply(self, item):
        self.steps.append("apply")
        return super().apply(item)


@pytest.mark.parametrize(
    ("check_mode", "steps"),
    [
        (True, ["prepare", "select", "capacity"]),
        (False, ["prepare", "select", "capacity", "apply", "apply"]),
    ],
)
def test_a_change_is_prepared_once_and_first(tmp_path, check_mode, steps):
    change = _Traced(ToyPanel([1, 2]))
    fleet_run(change.toys, tmp_path, change=change, check_mode=check_mode)
    assert change.steps == steps


@pytest.mark.parametrize("max_items", [None, 0])
@pytest.mark.parametrize("check_mode", [True, False])
def test_a_result_is_built_once(tmp_path, monkeypatch, check_mode, max_items):
    built = []

    def result(*args, **settings):
        built.append(settings["run"])
        return FleetResult(*args, **settings)

    monkeypatch.setattr(read_only_run, "FleetResult", result)
    file = "plan_file" if check_mode else "journal"
    options = {file: str(tmp_path / file), "max_items": max_items, "check_mode": check_mode}
    with contextlib.suppress(PanelError):
        fleet_run(ToyPanel([1, 2]), tmp_path, **options)
    assert len(built) == 1
