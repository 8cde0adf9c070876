# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run, from selection to result."""

from __future__ import annotations

import errno
import json
import os
import threading

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet import durable_file
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.engine import FleetRun
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Stop
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import WATCHDOG_S, FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes, timeless
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    ToyPanel,
    ToySizes,
    failing,
    fleet_failure,
    fleet_run,
    settings_of,
)

# --- what becomes of each item ---------------------------------------------------------------


def test_what_differs_is_changed_and_nothing_else_is_written(tmp_path):
    toys = ToyPanel([1, 10, 11])
    result = fleet_run(toys, tmp_path)
    assert outcomes(result) == {1: "changed", 2: "unchanged", 3: "refused"}
    assert result["changed"] is True
    assert toys.writes == {1: 1}
    assert result["msg"] == "things: 1 changed, 1 unchanged, 1 refused"
    assert result["results"][0]["changes"][0]["before"] == 1
    assert "it does not shrink" in result["results"][2]["msg"]


def test_a_second_run_changes_nothing(tmp_path):
    toys = ToyPanel([1, 2])
    fleet_run(toys, tmp_path)
    assert fleet_run(toys, tmp_path)["changed"] is False
    assert toys.writes == {1: 1, 2: 1}


def test_check_mode_foretells_the_run(tmp_path):
    sizes = [1, 10, 11, 4]
    foretold = fleet_run(ToyPanel(sizes), tmp_path, check_mode=True)
    done = fleet_run(ToyPanel(sizes), tmp_path)
    same = ("changed", "totals")
    assert {key: foretold[key] for key in same} == {key: done[key] for key in same}
    assert timeless(foretold) == foretold["results"] == timeless(done)


def test_check_mode_writes_no_file_that_it_is_not_asked_for(tmp_path):
    journal = tmp_path / "journal"
    fleet_run(ToyPanel([1]), tmp_path, check_mode=True, journal=str(journal))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("check_mode", [True, False])
def test_an_empty_selection_is_reported(tmp_path, check_mode):
    result = fleet_run(ToyPanel([]), tmp_path, check_mode=check_mode)
    assert (result["changed"], result["results"]) == (False, [])
    assert result["msg"] == "things: none is selected, so there is nothing to do"


def test_an_item_that_is_selected_twice_is_refused(tmp_path):
    class Twice(ToySizes):
        def select(self, ids):
            return super().select(ids) * 2

    toys = ToyPanel([1])
    error = fleet_failure(toys, tmp_path, change=Twice(toys))
    assert "things are selected twice: 1" in error.msg
    assert not toys.writes


# --- failures --------------------------------------------------------------------------------


def test_the_first_failure_stops_by_default(tmp_path):
    toys = ToyPanel([1, 2, 3])
    toys.before = failing(2)
    error = fleet_failure(toys, tmp_path)
    assert outcomes(error.result) == {1: "changed", 2: "failed", 3: "skipped"}
    assert error.msg == (
        "Cannot change all things: 1 of 3 things failed, and max_failures allows 0; "
        "the first is toy2: Cannot change thing 2: it is busy"
    )
    assert (error.code, error.partial) == (Code.LOCKED, True)
    assert error.to_result()["changed"] is True
    assert error.result["stopped"]["reason"] == "failures"
    assert error.result["results"][1]["failure"]["code"] == "locked"


def test_failures_within_the_limit_are_no_failure_of_the_task(tmp_path):
    toys = ToyPanel([1, 2, 3])
    toys.before = failing(2)
    result = fleet_run(toys, tmp_path, max_failures="34%")
    assert outcomes(result) == {1: "changed", 2: "failed", 3: "changed"}
    assert result["stopped"] is None


def test_different_failures_have_no_common_code(tmp_path):
    toys = ToyPanel([1, 2])
    codes = {1: Code.LOCKED, 2: Code.CONFLICT}
    toys.before = lambda item_id: failing(item_id, code=codes[item_id])(item_id)
    assert fleet_failure(toys, tmp_path, max_failures="1").code is Code.STOPPED


@pytest.mark.parametrize("check_mode", [True, False])
def test_predicted_failures_count_before_anything_is_written(tmp_path, check_mode):
    toys = ToyPanel([1, -13, 3])
    error = fleet_failure(toys, tmp_path, check_mode=check_mode)
    assert "1 of 3 things failed" in error.msg
    assert not toys.writes
    assert error.result["totals"]["failed"] == 1
    assert fleet_run(toys, tmp_path, max_failures="1")["totals"]["changed"] == 2


@pytest.mark.parametrize(
    ("known", "retryable"),
    [({}, False), ({"retryable": True}, True), ({"uncertain": True}, True)],
    ids=str,
)
def test_a_run_can_be_retried_if_each_failed_item_can(tmp_path, known, retryable):
    toys = ToyPanel([1, 2])
    toys.before = failing(1, code=Code.REFUSED, **known)
    assert fleet_failure(toys, tmp_path).retryable is retryable


def test_credentials_that_are_refused_stop_at_once(tmp_path):
    toys = ToyPanel([1, 2, 3])
    toys.before = failing(1, 2, 3, code=Code.AUTH)
    error = fleet_failure(toys, tmp_path, max_failures="100%")
    assert outcomes(error.result) == {1: "failed", 2: "skipped", 3: "skipped"}
    assert (error.code, error.retryable) == (Code.AUTH, False)


def test_a_defect_at_one_item_is_that_items_failure(tmp_path):
    toys = ToyPanel([1, 2])

    def defect(item_id: int) -> None:
        if item_id == 1:
            raise KeyError("defect")

    toys.before = defect
    result = fleet_run(toys, tmp_path, max_failures="1")
    assert result["results"][0]["failure"]["code"] == "internal"
    assert result["results"][0]["failure"]["state"] == "unknown"
    assert outcomes(result)[2] == "changed"


def test_a_partial_failure_is_a_change(tmp_path):
    toys = ToyPanel([1, 2])
    toys.before = failing(1, 2, partial=True)
    assert fleet_failure(toys, tmp_path, max_failures="1").to_result()["changed"] is True


@pytest.mark.parametrize(
    ("reason", "outcome", "state"),
    [("it is glued", "failed", "known"), (None, "in_doubt", "unknown")],
)
def test_a_refusal_that_was_not_predicted_is_a_failure(tmp_path, reason, outcome, state):
    toys = ToyPanel([1, 1, 11])
    toys.stubborn = {1: reason}
    error = fleet_failure(toys, tmp_path)
    assert outcomes(error.result) == {1: outcome, 2: "skipped", 3: "refused"}
    assert error.result["results"][0]["failure"]["state"] == state
    assert error.failure()["state"] == state
    assert error.result["totals"][outcome] == 1
    assert error.result["finished"] is False
    assert error.to_result()["changed"] is False
    assert "1 of 2 things failed" in error.msg


def test_a_change_that_shows_late_is_found_by_the_next_run(tmp_path):
    toys, journal = ToyPanel([1, 2]), str(tmp_path / "journal")
    toys.stubborn = {1: None}
    first = fleet_run(toys, tmp_path, journal=journal, max_failures="1")
    assert outcomes(first) == {1: "in_doubt", 2: "changed"}
    toys.sizes[1] = 10
    second = fleet_run(toys, tmp_path, journal=journal)
    assert outcomes(second) == {1: "changed", 2: "changed"}
    assert (toys.looks, toys.writes) == ([1], {1: 1, 2: 1})
    assert second["finished"] is True


def test_a_change_that_shows_late_can_be_rolled_back(tmp_path):
    toys, journal = ToyPanel([1, 2]), str(tmp_path / "journal")
    toys.stubborn = {1: None}
    fleet_run(toys, tmp_path, journal=journal, max_failures="1")
    toys.sizes[1] = 10
    toys.stubborn = {}
    fleet_run(toys, tmp_path, rollback=journal)
    assert toys.sizes == {1: 1, 2: 2}


def test_too_many_items_are_refused_before_anything_is_written(tmp_path):
    toys = ToyPanel([1, 2, 3])
    for check_mode in (True, False):
        error = fleet_failure(toys, tmp_path, max_items=2, check_mode=check_mode)
        assert "3 things would change, and max_items allows 2" in error.msg
        assert error.to_result()["changed"] is False
        assert error.result["totals"]["changed"] == 3
        assert error.result["summary"] == "3 would change"
    assert not toys.writes
    assert fleet_run(toys, tmp_path, max_items=3)["changed"] is True


def test_one_item_is_named_in_the_singular(tmp_path):
    error = fleet_failure(ToyPanel([1]), tmp_path, max_items=0)
    assert "1 thing would change, and max_items allows 0" in error.msg


# --- two runs, full disks --------------------------------------------------------------------


def test_two_runs_at_once_cannot_mix(tmp_path):
    toys = ToyPanel([1, 2])
    errors: list[PanelError] = []
    toys.before = lambda item_id: errors.append(fleet_failure(ToyPanel([1]), tmp_path))
    fleet_run(toys, tmp_path)
    assert {error.code for error in errors} == {Code.LOCKED}
    assert len(errors) == 2


def test_check_mode_needs_no_lock(tmp_path):
    toys = ToyPanel([1])
    toys.before = lambda item_id: fleet_run(ToyPanel([1]), tmp_path, check_mode=True) and None
    assert fleet_run(toys, tmp_path)["changed"]


def test_a_run_whose_lock_was_forced_begins_nothing_more(tmp_path):
    toys, other = ToyPanel([1, 2]), ToyPanel([1])
    toys.after = lambda item_id: fleet_run(other, tmp_path, force_unlock=True) and None
    error = fleet_failure(toys, tmp_path, batches=["1", "100%"])
    assert error.code is Code.LOCKED
    assert outcomes(error.result) == {1: "changed", 2: "skipped"}
    assert other.writes == {1: 1}


@pytest.mark.parametrize("how", ["taken", "overdue"])
def test_a_run_that_may_have_lost_its_lock_while_it_read_writes_nothing(tmp_path, how):
    toys, clock = ToyPanel([1, 2]), FakeClock()

    def lose() -> None:
        (lock,) = (tmp_path / "state").glob("*.lock")
        if how == "taken":
            lock.write_text(json.dumps({**json.loads(lock.read_text()), "run": "another"}))
        else:
            clock.sleep(301)

    toys.before_read["select"] = lose
    error = fleet_failure(toys, tmp_path, clock=clock, journal=str(tmp_path / "journal"))
    assert error.code is Code.LOCKED
    assert "lock" in error.msg
    assert not toys.writes
    # Nothing has begun, so an approval would still be valid.
    assert not (tmp_path / "journal").exists()


def test_a_full_disk_stops_before_the_next_write(tmp_path, monkeypatch):
    toys, journal = ToyPanel([1, 2, 3]), str(tmp_path / "journal")
    real = os.pwrite
    full: list[bool] = []

    def pwrite(descriptor: int, content: bytes, offset: int) -> int:
        if full and b'"event"' in bytes(content):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, content, offset)

    monkeypatch.setattr(durable_file.os, "pwrite", pwrite)
    toys.after = lambda item_id: full.append(True) if item_id == 2 else None
    error = fleet_failure(toys, tmp_path, journal=journal)
    assert toys.writes == {1: 1, 2: 1}
    assert outcomes(error.result) == {1: "changed", 2: "changed", 3: "skipped"}
    assert "No space left on device" in error.msg
    assert error.result["stopped"]["reason"] == "journal"
    full.clear()
    toys.after = lambda item_id: None
    fleet_run(toys, tmp_path, journal=journal)
    assert (toys.writes, toys.looks) == ({1: 1, 2: 1, 3: 1}, [2])


def test_a_disk_that_is_full_from_the_start_changes_nothing(tmp_path, monkeypatch):
    toys = ToyPanel([1])
    real = os.pwrite

    def pwrite(descriptor: int, content: bytes, offset: int) -> int:
        if b'"event"' in bytes(content):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, content, offset)

    monkeypatch.setattr(durable_file.os, "pwrite", pwrite)
    error = fleet_failure(toys, tmp_path, journal=str(tmp_path / "journal"))
    assert "No space left on device" in error.msg
    assert not toys.writes


# --- results ---------------------------------------------------------------------------------


def test_rows_beyond_the_limit_are_in_the_file(tmp_path):
    toys = ToyPanel([10, 1, 11, 10, 2])
    file = tmp_path / "results.json"
    result = fleet_run(toys, tmp_path, max_results=3, results_file=str(file))
    assert (result["results_omitted"], outcomes(result)) == (
        2,
        {2: "changed", 3: "refused", 5: "changed"},
    )
    whole = json.loads(file.read_text())
    assert [row["id"] for row in whole["results"]] == [1, 2, 3, 4, 5]
    assert whole["totals"] == result["totals"]


def test_a_results_file_that_cannot_be_written_hides_nothing(tmp_path, monkeypatch):
    toys, file = ToyPanel([1]), tmp_path / "results.json"
    toys.after = lambda item_id: file.mkdir()
    result = fleet_run(toys, tmp_path, results_file=str(file))
    assert outcomes(result) == {1: "changed"}
    assert "results_file" in " ".join(result["warnings"])


def test_workflows_get_the_totals(tmp_path):
    stats = fleet_run(ToyPanel([1]), tmp_path)["ansible_stats"]
    assert stats["data"]["toy_sizes_totals"]["changed"] == 1
    assert (stats["per_host"], stats["aggregate"]) == (False, False)


def test_warnings_about_items_are_few(tmp_path):
    toys = ToyPanel([11] * 20)
    change = ToySizes(toys)
    change.warns_of_refusals = True
    warnings = fleet_run(toys, tmp_path, change=change)["warnings"]
    assert len(warnings) == 6
    assert "toy1 (1): size stays at 11 instead of 10" in warnings[0]
    assert "15 more" in warnings[-1]


def test_warnings_of_capacity_are_in_the_plan_and_in_the_result(tmp_path):
    toys = ToyPanel([1])
    change = ToySizes(toys)
    change.warnings = ["no room"]
    plan = tmp_path / "plan.json"
    result = fleet_run(toys, tmp_path, change=change, check_mode=True, plan_file=str(plan))
    assert result["warnings"] == ["no room"]
    assert json.loads(plan.read_text())["warnings"] == ["no room"]
    assert fleet_run(toys, tmp_path, change=change, check_capacity=False)["warnings"] == []


def test_progress_is_few_lines_or_none(tmp_path):
    lines: list[str] = []
    fleet_run(ToyPanel([1, 2]), tmp_path, lines=lines)
    assert len(lines) == 3
    assert lines[-1].startswith("toy_sizes: ended: 2 changed")
    quiet: list[str] = []
    fleet_run(ToyPanel([1, 2]), tmp_path, lines=quiet, progress=False)
    assert quiet == []


# --- many at a time --------------------------------------------------------------------------


def test_a_fleet_is_changed_by_many_workers_once_each(tmp_path):
    toys = ToyPanel([1] * 300)
    clock = FakeClock()
    run = FleetRun(
        ToySizes(toys),
        settings_of(tmp_path, workers=20, batches=["1", "5%", "100%"], journal=str(tmp_path / "j")),
        clock,
        None,
        Stop(),
    )
    result = run.apply()
    assert result["totals"]["changed"] == 300
    assert set(toys.writes.values()) == {1}
    assert [row["id"] for row in result["results"]] == list(range(1, 301))


def test_one_worker_that_hangs_keeps_nobody_else(tmp_path):
    toys, others = ToyPanel([1] * 50), threading.Event()

    def before(item_id: int) -> None:
        if item_id == 1:
            assert others.wait(WATCHDOG_S)
        elif sum(toys.writes.values()) == 48:
            others.set()

    toys.before = before
    result = fleet_run(toys, tmp_path, workers=4)
    assert result["totals"]["changed"] == 50
