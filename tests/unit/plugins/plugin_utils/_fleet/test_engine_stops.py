# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test when a run continues, stops, and is resumed."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_folder import RunState
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Reason, Stop
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import WATCHDOG_S, FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    ToyPanel,
    ToySizes,
    failing,
    fleet_failure,
    fleet_run,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_folder import ToyFolder

# --- batches, time, stops --------------------------------------------------------------------


def test_a_batch_ends_before_the_next_begins(tmp_path):
    toys = ToyPanel([1] * 20)
    order: list[int] = []
    toys.after = order.append
    fleet_run(toys, tmp_path, batches=["1", "25%", "100%"], workers=4)
    assert order[0] == 1
    assert set(order[1:5]) == {2, 3, 4, 5}
    assert len(order) == 20


def test_a_canary_that_fails_keeps_the_others_safe(tmp_path):
    toys = ToyPanel([1] * 20)
    toys.before = failing(1)
    fleet_failure(toys, tmp_path, batches=["1", "100%"], workers=8)
    assert not toys.writes


def test_a_failure_after_the_stop_does_not_contradict_the_reason_of_the_stop(tmp_path):
    toys, stop, lines = ToyPanel([1] * 20), Stop(), []

    began = threading.Event()

    def before(thing):
        if thing == 1:
            began.wait(WATCHDOG_S)
        until = time.monotonic() + WATCHDOG_S
        while thing == 2 and not stop.asked and time.monotonic() < until:
            began.set()
            time.sleep(0.01)
        failing(1, 2)(thing)

    toys.before = before
    error = fleet_failure(toys, tmp_path, workers=2, stop=stop, lines=lines)
    shown = next(line for line in lines if "stopped (" in line)
    assert "stopped (1 of 20 things had failed, and max_failures allows 0): " in shown
    assert "2 failed" in shown
    assert error.result["stopped"]["msg"] == "1 of 20 things had failed, and max_failures allows 0"
    assert "2 of 20 things failed, and max_failures allows 0" in error.msg


def _failed_where(toys: ToyPanel, folder: Path, **options: object) -> dict[int, str]:
    error = fleet_failure(toys, folder, **options)
    assert error.result["stopped"]["reason"] == "failures"
    return {item: outcome for item, outcome in outcomes(error.result).items() if item in (1, 2, 20)}


def test_one_failed_canary_stops_a_run_that_allows_many_failures(tmp_path):
    toys = ToyPanel([1] * 54)
    toys.before = failing(1)
    options = {"batches": ["1", "25%", "100%"], "max_failures": "10%"}
    assert _failed_where(toys, tmp_path, **options) == {1: "failed", 2: "skipped", 20: "skipped"}
    assert not toys.writes
    result = fleet_run(toys, tmp_path, **options, max_batch_failures="100%")
    assert result["totals"]["changed"] == 53


def test_a_later_batch_in_which_too_many_fail_stops_the_run(tmp_path):
    toys = ToyPanel([1] * 40)
    toys.before = failing(2, 3)
    options = {"batches": ["1", "5", "100%"], "max_failures": "10%"}
    found = _failed_where(toys, tmp_path, **options)
    assert found == {1: "changed", 2: "failed", 20: "skipped"}


@pytest.mark.parametrize("limit", ["100%", "3"])
@pytest.mark.parametrize("check_mode", [True, False])
def test_a_run_is_a_failure_if_every_item_failed(tmp_path, limit, check_mode):
    toys = ToyPanel([-13, -13] if check_mode else [1, 2])
    toys.before = failing(1, 2)
    error = fleet_failure(toys, tmp_path, max_failures=limit, check_mode=check_mode)
    assert "all 2 things failed" in error.msg
    assert error.result["totals"]["failed"] == 2


def test_one_item_that_keeps_failing_is_within_the_limit_while_the_others_are_well(tmp_path):
    toys = ToyPanel([1, 2, 10])
    toys.before = failing(1)
    for _night in range(2):
        assert fleet_run(toys, tmp_path, max_failures="1")["totals"]["failed"] == 1


def test_between_batches_there_is_a_pause(tmp_path):
    clock = FakeClock()
    toys = ToyPanel([1, 2, 3])
    at: list[float] = []
    toys.after = lambda item_id: at.append(clock.now)
    fleet_run(toys, tmp_path, clock=clock, batches=["1", "2", "100%"], pause=30)
    assert [moment - at[0] for moment in at] == [0, 30, 60]


def test_a_stop_is_noticed_in_a_pause(tmp_path):
    clock, stop, toys = FakeClock(), Stop(), ToyPanel([1, 2])
    toys.after = lambda item_id: stop.ask(Reason.INTERRUPTED, "SIGTERM was received")
    error = fleet_failure(toys, tmp_path, clock=clock, stop=stop, batches=["1", "100%"], pause=3600)
    assert sum(clock.sleeps) == 0
    assert outcomes(error.result) == {1: "changed", 2: "skipped"}
    assert (error.code, error.result["stopped"]["reason"]) == (Code.STOPPED, "interrupted")


def test_after_the_deadline_no_item_begins_without_a_failure(tmp_path):
    clock, toys = FakeClock(), ToyPanel([1, 2, 3])
    toys.after = lambda item_id: clock.sleep(40)
    result = fleet_run(toys, tmp_path, clock=clock, deadline=60)
    assert outcomes(result) == {1: "changed", 2: "changed", 3: "skipped"}
    assert result["stopped"] == {
        "reason": "deadline",
        "msg": "the deadline of 60 seconds has passed",
    }


def _last_asks(toys: ToyPanel, stop: Stop, reason: Reason) -> None:
    """Request a stop while the last item is written to."""
    last = max(toys.sizes)
    toys.after = lambda item_id: stop.ask(reason, "late") if item_id == last else None


@pytest.mark.parametrize("reason", [each for each in Reason if each is not Reason.DEFECT])
def test_a_stop_that_leaves_no_work_stops_nothing(tmp_path, reason):
    toys, stop, lines, journal = ToyPanel([1, 2]), Stop(), [], tmp_path / "journal"
    _last_asks(toys, stop, reason)
    result = fleet_run(toys, tmp_path, stop=stop, lines=lines, journal=str(journal))
    assert stop.asked
    assert (result["finished"], result["stopped"]) == (True, None)
    quiet = reason in (Reason.DEADLINE, Reason.FAILURES)
    assert result["warnings"] == ([] if quiet else ["late; no work was left by then"])
    assert "ended: 2 changed" in lines[-1]
    assert '"stopped":null' in journal.read_text().splitlines()[-1]


def test_a_defect_is_never_too_late(tmp_path):
    toys, stop = ToyPanel([1, 2]), Stop()
    _last_asks(toys, stop, Reason.DEFECT)
    assert fleet_failure(toys, tmp_path, stop=stop).code is Code.INTERNAL


@pytest.mark.parametrize(
    ("reason", "stopped"), [(Reason.DEADLINE, None), (Reason.INTERRUPTED, "interrupted")]
)
def test_a_stop_may_be_why_an_item_failed_unless_it_is_the_deadline(tmp_path, reason, stopped):
    toys, stop = ToyPanel([1, 2]), Stop()
    toys.before = failing(1)
    _last_asks(toys, stop, reason)
    options = {"stop": stop, "max_failures": "1"}
    if stopped is None:
        result = fleet_run(toys, tmp_path, **options)
        assert (result["stopped"], result["finished"]) == (None, False)
    else:
        error = fleet_failure(toys, tmp_path, **options)
        assert error.result["stopped"]["reason"] == stopped


def test_a_stop_with_nothing_to_do_stops_nothing(tmp_path):
    toys, stop = ToyPanel([10]), Stop()
    toys.before_read["select"] = lambda: stop.ask(Reason.INTERRUPTED, "SIGTERM was received")
    result = fleet_run(toys, tmp_path, stop=stop)
    assert (result["stopped"], result["finished"]) == (None, True)


def test_a_stop_while_a_plan_is_made_leaves_a_whole_plan(tmp_path):
    run = ToyFolder(ToyPanel([1, 2]), tmp_path)
    said = "the timeout of the task has passed"
    run.toys.before_read["select"] = lambda: run.stop.ask(Reason.INTERRUPTED, said)
    result = run.step("plan", size=10)
    assert (result["stopped"], result["totals"]["changed"]) == (None, 2)
    assert f"{said}; no work was left by then" in result["warnings"]
    assert run.state is RunState.PLANNED


def test_a_stop_while_a_run_is_compared_leaves_a_whole_comparison(tmp_path):
    run = ToyFolder(ToyPanel([1, 2]), tmp_path)
    run.applied()
    run.toys.sizes[1] = 3
    said = "the timeout of the task has passed"
    run.toys.before_read["select"] = lambda: run.stop.ask(Reason.INTERRUPTED, said)
    result = run.step("drift")
    assert (result["stopped"], result["totals"]["drifted"]) == (None, 1)


def test_a_signal_after_the_end_alters_no_result(tmp_path):
    run, stop = ToyFolder(ToyPanel([1, 2]), tmp_path), Stop()
    run.stop = stop
    approved = run.planned(max_failures="1")
    run.toys.before = failing(1)
    at = iter(range(9))
    # The first read finds the items, the second is the look at the end.
    run.toys.before_read["select"] = lambda: (
        stop.ask(Reason.INTERRUPTED, "SIGTERM was received") if next(at) else None
    )
    result = run.step("apply", plan_sha256=approved)
    assert stop.asked
    assert (result["stopped"], result["totals"]["failed"]) == (None, 1)
    assert run.folder.windows()[-1].stopped is None


def test_a_stopped_run_is_resumed_from_its_journal(tmp_path):
    stop, toys, journal = Stop(), ToyPanel([1, 2, 3]), str(tmp_path / "journal")
    toys.after = lambda item_id: stop.ask(Reason.INTERRUPTED, "SIGINT was received")
    error = fleet_failure(toys, tmp_path, stop=stop, journal=journal)
    assert "run it again with the same journal" in error.msg
    toys.after = lambda item_id: None
    result = fleet_run(toys, tmp_path, journal=journal)
    assert toys.writes == {1: 1, 2: 1, 3: 1}
    assert (toys.looks, result["totals"]["earlier"]) == ([], 1)
    assert result["msg"] == "things: 3 changed (1 by an earlier run)"


@pytest.mark.parametrize(
    ("known", "looks"),
    [({}, []), ({"uncertain": True}, [1]), ({"partial": True}, [1])],
    ids=["nothing was written", "nobody knows", "in part"],
)
def test_a_failed_item_is_retried_and_read_first_if_it_may_have_changed(tmp_path, known, looks):
    toys, journal = ToyPanel([1, 2]), str(tmp_path / "journal")
    toys.before = failing(1, **known)
    fleet_run(toys, tmp_path, journal=journal, max_failures="1")
    toys.before = lambda item_id: None
    result = fleet_run(toys, tmp_path, journal=journal)
    assert toys.looks == looks
    assert [row["earlier"] for row in result["results"]] == [False, True]
    assert toys.writes == {1: 1, 2: 1}


def test_an_item_that_was_deleted_after_a_failure_is_moved(tmp_path):
    toys, journal = ToyPanel([1, 2]), str(tmp_path / "journal")
    toys.before = failing(1, uncertain=True)
    fleet_run(toys, tmp_path, journal=journal, max_failures="1")

    class Late(ToySizes):
        def look_up(self, item_id):
            return None

    result = fleet_run(toys, tmp_path, journal=journal, change=Late(toys))
    assert outcomes(result) == {1: "moved", 2: "changed"}


def test_a_row_keeps_the_details_of_the_single_module_over_a_restart(tmp_path):
    toys, journal = ToyPanel([1, 2, 10]), str(tmp_path / "journal")

    class Ticketed(ToySizes):
        details = ("ticket",)

        def apply(self, item):
            return {**super().apply(item), "ticket": f"T{item.id}", "other": 1}

    toys.before = failing(2)
    for _run in range(2):
        result = fleet_run(toys, tmp_path, journal=journal, max_failures="1", change=Ticketed(toys))
        rows = result["results"]
        assert [row["ticket"] for row in rows] == ["T1", None, None]
        assert "other" not in rows[0]
