# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that a rollback restores what a journal's runs changed, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.change import FleetChange
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.engine import FleetRun
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.rollback import (
    refuse_beside_rollback,
    reversals_of,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Reason, Stop
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.model_fleet import (
    LOST_WEIGHT,
    BoxChange,
    BoxPanel,
    BoxRollback,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes, timeless
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    PANEL,
    ToyPanel,
    fleet_run,
    settings_of,
)

BEGIN = {
    "event": "begin",
    "schema": 1,
    "panel": "toys",
    "address": PANEL,
    "action": "toy_sizes",
    "target": {"size": 10},
    "run": "r1",
    "plan_sha256": None,
}
END = {"event": "end", "complete": True, "stopped": None, "totals": {}}


def intent(before: dict[str, Any], desired: dict[str, Any], item_id: int = 1) -> dict[str, Any]:
    """What a run writes down before it writes to an item."""
    return {"event": "intent", "id": item_id, "name": "a", "before": before, "desired": desired}


def outcome(
    *rows: tuple[str, Any, Any],
    outcome: str = "changed",
    failure: dict[str, Any] | None = None,
    item_id: int = 1,
) -> dict[str, Any]:
    """What a run writes down afterwards; rows are field, before and after."""
    return {
        "event": "outcome",
        "id": item_id,
        "name": "a",
        "outcome": outcome,
        "changes": [{"field": f, "before": b, "after": a} for f, b, a in rows],
        "failure": failure,
    }


def failed(*rows: tuple[str, Any, Any], partial: bool = False, state: str = "known"):
    """The outcome of a write that failed."""
    return outcome(*rows, outcome="failed", failure={"partial": partial, "state": state})


def _told(folder: Path, *events: dict[str, Any]) -> dict[Any, tuple[Any, Any]]:
    """What is read from a journal: before and after of each item."""
    path = folder / "journal"
    path.write_text("".join(json.dumps(event) + "\n" for event in events))
    with reversals_of(str(path)) as reversals:
        return {r.id: (dict(r.before), dict(r.after)) for r in reversals.values()}


A, B = {"a": 1}, {"a": 2}


@pytest.mark.parametrize(
    ("events", "before", "after"),
    [
        ([intent(A, B), outcome(("a", 1, 2))], A, B),
        # Unknown: it may have been written.
        ([intent(A, B)], A, B),
        ([intent(A, B), failed(state="unknown")], A, B),
        ([intent(A, B), failed(partial=True)], A, B),
        # A partial change is recorded.
        (
            [intent({**A, "b": 1}, {**B, "b": 2}), failed(("a", 1, 2), partial=True)],
            A,
            B,
        ),
        (
            [
                intent({**A, "b": 1}, {**B, "b": 2}),
                failed(("a", 1, 2), partial=True, state="unknown"),
            ],
            {**A, "b": 1},
            {**B, "b": 2},
        ),
        # The panel went only a part of the way.
        ([intent(A, {"a": 9}), outcome(("a", 1, 5))], A, {"a": 5}),
        # What was refused was not changed.
        ([intent(A, B), outcome(("a", 1, 2), ("d", 80, 80))], A, B),
        # An interrupted write, and another run that finished it.
        ([intent(A, B), BEGIN, intent(A, B), outcome(("a", 1, 2))], A, B),
        # Interrupted after the first of two values: it is found changed by the next run.
        (
            [
                intent({**A, "b": 1}, {**B, "b": 2}),
                BEGIN,
                intent({"b": 1}, {"b": 2}),
                outcome(("b", 1, 2)),
            ],
            {**A, "b": 1},
            {**B, "b": 2},
        ),
        # Interrupted before a write, and another client changed the value before the next run.
        ([intent(A, B), BEGIN, intent({"a": 7}, B), outcome(("a", 7, 2))], {"a": 7}, B),
        # The response was lost, and the next run failed: the first write may still take effect.
        ([intent(A, B), failed(state="unknown"), BEGIN, intent(A, B), failed()], A, B),
        # The same, and the panel refused the value that another client had set.
        (
            [
                intent(A, B),
                failed(state="unknown"),
                BEGIN,
                intent({"a": 7}, B),
                outcome(("a", 7, 7), outcome="refused"),
            ],
            {"a": 7},
            B,
        ),
        # In part, then the rest.
        (
            [
                intent({**A, "b": 1}, {**B, "b": 2}),
                failed(("a", 1, 2), partial=True),
                BEGIN,
                intent({"b": 1}, {"b": 2}),
                outcome(("b", 1, 2)),
            ],
            {**A, "b": 1},
            {**B, "b": 2},
        ),
    ],
)
def test_what_a_journal_tells_of_an_item(tmp_path, events, before, after):
    assert _told(tmp_path, BEGIN, *events) == {1: (before, after)}


@pytest.mark.parametrize(
    "events",
    [
        [],
        [BEGIN],
        [BEGIN, intent(A, B), failed()],
        [BEGIN, intent(A, B), outcome(("a", 1, 1), outcome="refused")],
    ],
)
def test_a_journal_may_tell_of_nothing(tmp_path, events):
    assert _told(tmp_path, *events) == {}


def test_the_last_series_of_runs_counts(tmp_path):
    first = [BEGIN, intent(A, B), outcome(("a", 1, 2)), END]
    second = [BEGIN, intent({"a": 3}, B, 2), outcome(("a", 3, 2), item_id=2)]
    assert _told(tmp_path, *first) == {1: (A, B)}
    assert _told(tmp_path, *first, *second) == {2: ({"a": 3}, B)}
    assert _told(tmp_path, *first, *second, END) == {2: ({"a": 3}, B)}
    unfinished = [*first, *second, {**END, "complete": False}, BEGIN]
    assert _told(tmp_path, *unfinished, intent(A, B), outcome(("a", 1, 2))) == {
        1: (A, B),
        2: ({"a": 3}, B),
    }


def test_a_partial_last_line_is_ignored(tmp_path):
    path = tmp_path / "journal"
    path.write_text(f'{json.dumps(BEGIN)}\n{json.dumps(intent(A, B))}\n{{"event": "outc')
    with reversals_of(str(path)) as reversals:
        assert list(reversals) == [1]


# --- runs ------------------------------------------------------------------------------------


def _undo(toys: ToyPanel, folder: Path, **options: Any) -> dict[str, Any]:
    return fleet_run(toys, folder, rollback=str(folder / "journal"), **options)


@pytest.fixture
def toys(tmp_path) -> ToyPanel:
    """Return things after a run that changed four of them, with its journal."""
    panel = ToyPanel([1, 2, 10, 3, 5])
    fleet_run(panel, tmp_path, journal=str(tmp_path / "journal"))
    assert panel.sizes == dict.fromkeys(range(1, 6), 10)
    panel.writes.clear()
    return panel


def test_a_rollback_restores_what_check_mode_predicts(toys, tmp_path):
    foretold = _undo(toys, tmp_path, check_mode=True)
    assert not toys.writes
    done = _undo(toys, tmp_path)
    assert foretold["results"] == timeless(done)
    assert outcomes(done) == {1: "changed", 2: "changed", 4: "changed", 5: "refused"}
    assert "size stays at 10 instead of 5" in done["results"][3]["msg"]
    assert toys.sizes == {1: 1, 2: 2, 3: 10, 4: 3, 5: 10}
    assert _undo(toys, tmp_path)["changed"] is False
    assert toys.writes == {1: 1, 2: 1, 4: 1}


def test_a_rollback_names_the_writes_that_may_still_take_effect(tmp_path):
    toys, journal = ToyPanel([1, 2]), str(tmp_path / "journal")
    toys.stubborn = {1: None}
    fleet_run(toys, tmp_path, journal=journal, max_failures="1")
    planned = _undo(toys, tmp_path, check_mode=True)
    assert outcomes(planned) == {1: "unchanged", 2: "changed"}
    (warning,) = planned["warnings"]
    assert warning.startswith("1 of the things in doubt: the panel shows the values from before")
    assert "the write of the run may still take effect (toy1 (1))" in warning
    toys.sizes[1], toys.stubborn = 10, {}
    done = _undo(toys, tmp_path)
    assert (outcomes(done), done["warnings"]) == ({1: "changed", 2: "changed"}, [])
    assert toys.sizes == {1: 1, 2: 2}


def test_a_later_change_by_another_client_is_left_alone(toys, tmp_path):
    toys.sizes[1] = 77
    del toys.sizes[2]
    result = _undo(toys, tmp_path)
    assert outcomes(result) == {1: "moved", 2: "moved", 4: "changed", 5: "refused"}
    assert result["results"][0]["msg"] == "its size is now 77, and was 10 after the run"
    assert result["results"][1]["msg"] == "it is gone"
    assert toys.sizes[1] == 77


def test_a_rollback_can_be_planned_and_approved(toys, tmp_path):
    plan = str(tmp_path / "plan.json")
    made = _undo(toys, tmp_path, check_mode=True, plan_file=plan)
    toys.sizes[2] = 66
    result = _undo(toys, tmp_path, plan_file=plan, plan_sha256=made["plan_sha256"])
    assert outcomes(result) == {1: "changed", 2: "moved", 4: "changed", 5: "refused"}


def test_the_plan_of_the_change_is_refused_for_the_rollback(toys, tmp_path):
    plan = str(tmp_path / "plan.json")
    fleet_run(toys, tmp_path, check_mode=True, plan_file=plan)
    with pytest.raises(PanelError, match="it is for size 10, and this task has no size"):
        _undo(toys, tmp_path, plan_file=plan)
    _undo(toys, tmp_path, check_mode=True, plan_file=plan)
    with pytest.raises(
        PanelError, match=r"it is for rollback_of .*, and this task has no rollback_of"
    ):
        fleet_run(toys, tmp_path, plan_file=plan)


def test_a_rollback_is_resumed_from_its_own_journal(toys, tmp_path):
    stop, own = Stop(), str(tmp_path / "back")
    toys.after = lambda item_id: stop.ask(Reason.INTERRUPTED, "SIGINT was received")
    with pytest.raises(PanelError):
        _undo(toys, tmp_path, stop=stop, journal=own)
    toys.after = lambda item_id: None
    result = _undo(toys, tmp_path, journal=own)
    assert (result["totals"]["earlier"], toys.writes) == (1, {1: 1, 2: 1, 4: 1})


def test_a_refused_value_that_somebody_restores_is_not_said_to_stay(tmp_path):
    boxes = BoxPanel([{"size": 1, "weight": LOST_WEIGHT}, {"size": 2, "weight": 2}])
    first, own, stop = str(tmp_path / "journal"), str(tmp_path / "back"), Stop()

    def run(change: FleetChange, journal: str, stop: Stop, **options: Any) -> dict[str, Any]:
        settings = settings_of(tmp_path, journal=journal, workers=1, **options)
        return FleetRun(change, settings, FakeClock(), None, stop).apply()

    def undo(stop: Stop) -> dict[str, Any]:
        with reversals_of(first) as reversals:
            return run(BoxRollback(boxes, reversals), own, stop, rollback=first)

    run(BoxChange(boxes), first, Stop())
    boxes.after = lambda box: stop.ask(Reason.INTERRUPTED, "SIGINT was received")
    with pytest.raises(PanelError):
        undo(stop)
    boxes.after = lambda box: None
    assert boxes.boxes[1] == {"size": 1, "weight": 20}
    boxes.boxes[1]["weight"] = LOST_WEIGHT
    result = undo(Stop())
    assert outcomes(result) == {1: "changed", 2: "changed"}
    row = result["results"][0]
    assert (row["msg"], row["earlier"]) == (None, True)
    assert [each["field"] for each in row["changes"]] == ["size"]


def test_an_item_of_a_killed_rollback_is_read_and_not_written_again(toys, tmp_path):
    class Killed(BaseException):
        """No handler may catch it."""

    def die(item_id: int) -> None:
        raise Killed

    own, toys.after = str(tmp_path / "back"), die
    with pytest.raises(Killed):
        _undo(toys, tmp_path, journal=own)
    toys.after = lambda item_id: None
    toys.sizes[2] = 66
    result = _undo(toys, tmp_path, journal=own)
    assert outcomes(result) == {1: "changed", 2: "moved", 4: "changed", 5: "refused"}
    assert toys.writes == {1: 1, 4: 1}
    assert toys.sizes[1] == 1


def test_a_rollback_is_rolled_back(toys, tmp_path):
    own = tmp_path / "back"
    _undo(toys, tmp_path, journal=str(own))
    result = fleet_run(toys, tmp_path, rollback=str(own))
    assert outcomes(result) == {1: "changed", 2: "changed", 4: "changed"}
    assert set(toys.sizes.values()) == {10}


@pytest.mark.parametrize("content", ["", json.dumps({**BEGIN}) + "\n"])
def test_a_journal_without_a_change_leaves_nothing_to_do(tmp_path, content):
    (tmp_path / "journal").write_text(content)
    toys = ToyPanel([1])
    result = _undo(toys, tmp_path)
    assert result["changed"] is False
    assert result["msg"].endswith("the journal records no change, so there is nothing to restore")
    assert toys.reads == 0


# --- bad input -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ([{**BEGIN, "address": "https://other.example.com"}], "it is for the panel https://other"),
        ([{**BEGIN, "action": "toy_colours"}], "it is about toy_colours, and this is toy_sizes"),
        ([{**BEGIN, "schema": 2}], "line 1 has schema 2, and this collection writes 1"),
        ([BEGIN, {**BEGIN, "address": "x"}], "line 2 is not a journal record"),
        ([intent(A, B)], "line 1 is not a journal record"),
        ([BEGIN, outcome(("a", 1, 2))], "line 2 is not a journal record"),
        ([BEGIN, {"event": "intent", "id": 1}, END], "line 2 is not a journal record"),
        ([["no", "journal"]], "line 1 is not a journal record"),
    ],
)
def test_a_journal_of_something_else_is_refused(tmp_path, events, message):
    path = tmp_path / "journal"
    path.write_text("".join(json.dumps(event) + "\n" for event in events))
    with pytest.raises(PanelError, match=message) as caught:
        _undo(ToyPanel([1]), tmp_path)
    assert caught.value.msg.startswith(f"Cannot roll the journal {path} back")
    assert caught.value.code is Code.VALIDATION


def test_a_journal_that_is_not_there_is_refused_and_not_made(tmp_path):
    with pytest.raises(PanelError, match="No such file") as caught:
        _undo(ToyPanel([1]), tmp_path)
    assert "check rollback" in caught.value.msg
    assert not (tmp_path / "journal").exists()


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_journal_in_use_is_refused(tmp_path, check_mode):
    toys, message = ToyPanel([1]), []

    def before(item_id: int) -> None:
        with pytest.raises(PanelError) as caught:
            _undo(ToyPanel([1]), tmp_path, check_mode=check_mode)
        message.append(caught.value.msg)

    toys.before = before
    fleet_run(toys, tmp_path, journal=str(tmp_path / "journal"))
    assert len(message) == 1
    assert "a run is using it" in message[0]


def test_no_run_can_use_the_journal_during_its_rollback(toys, tmp_path):
    def before(item_id: int) -> None:
        with pytest.raises(PanelError, match="another run is using it"):
            fleet_run(ToyPanel([1]), tmp_path / "elsewhere", journal=str(tmp_path / "journal"))

    toys.before = before
    assert _undo(toys, tmp_path)["changed"]


def test_the_journal_of_the_rollback_is_another_file(toys, tmp_path):
    with pytest.raises(PanelError, match="rollback and journal name the same file"):
        _undo(toys, tmp_path, journal=str(tmp_path / "journal"))


def test_the_change_and_its_rollback_exclude_each_other(toys, tmp_path):
    codes = []

    def before(item_id: int) -> None:
        with pytest.raises(PanelError) as caught:
            fleet_run(ToyPanel([1]), tmp_path)
        codes.append(caught.value.code)

    toys.before = before
    _undo(toys, tmp_path)
    assert set(codes) == {Code.LOCKED}


def test_options_whose_values_come_from_the_journal_are_refused():
    spec = ArgumentSpec({"ids": {"type": "list"}, "all": {"type": "bool", "default": False}})
    refuse_beside_rollback({"ids": None, "all": False}, spec)
    with pytest.raises(PanelError, match="ids, all must not be set with rollback"):
        refuse_beside_rollback({"ids": [], "all": True}, spec)
