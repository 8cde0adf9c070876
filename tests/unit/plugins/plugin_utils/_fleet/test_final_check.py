# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The look at the end of a run at what it changed, and at what is in doubt."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.change import OpenOrder
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.final_check import check_again
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.results import (
    ItemOutcome,
    ItemResult,
    Results,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.rollback import reversals_of
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_folder import RunState
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    ToyPanel,
    ToySizes,
    failing,
    row,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_folder import ToyFolder


@pytest.fixture
def run(tmp_path) -> ToyFolder:
    """Return a folder for a run over four things, of which two change."""
    return ToyFolder(ToyPanel([1, 2, 10, 20]), tmp_path)


def test_what_shows_late_is_no_longer_in_doubt_at_the_end_of_the_run(run):
    approved = run.planned(max_failures="100%")
    run.toys.before = failing(1, uncertain=True)
    run.toys.after = lambda item_id: run.toys.sizes.update({1: 10})  # as thing 2 is written
    result = run.step("apply", plan_sha256=approved)
    assert outcomes(result) == {1: "changed", 2: "changed", 4: "refused"}
    (row, *_others) = result["results"]
    assert (row["verified"], row["changes"][0]["before"], row["failure"]) == (True, 1, None)
    assert "only at the end of the run" in row["msg"]
    assert (result["finished"], run.state) == (True, RunState.FINISHED)
    with reversals_of(run.folder.journal_path) as reversals:
        assert {thing: dict(each.before) for thing, each in reversals.items()} == {
            1: {"size": 1},
            2: {"size": 2},
        }


@pytest.mark.parametrize("earlier", [True, False])
@pytest.mark.parametrize(
    ("size", "cancelled", "outcome"),
    [(10, False, "changed"), (1, False, "ordered"), (12, False, "ordered"), (10, True, "ordered")],
)
def test_what_is_ordered_is_changed_once_it_shows(earlier, size, cancelled, outcome):
    class Orders(ToySizes):
        def order_now(self, details):
            return None if cancelled else OpenOrder({**details, "order_state": "completed"})

    waiting = {**row(1, 10), "after": 1, "outcome": "unchanged", "message": "it waits"}
    result = ItemResult(
        1,
        "toy1",
        ItemOutcome.ORDERED,
        (waiting,),
        earlier=earlier,
        details={"order_id": "CS1", "order_state": "processing"},
    )
    results, recorded = Results(), []
    results.add(result)
    assert check_again(Orders(ToyPanel([size])), results, [1], (), recorded.append) == []
    (found,) = results.in_order([1])
    assert (found.outcome.value, found.earlier) == (outcome, earlier)
    if outcome == "ordered":
        assert (found, recorded) == (result, [])
        return
    assert (found.verified, found.details["order_state"]) == (True, "completed")
    assert [(each["before"], each["after"], each["outcome"]) for each in found.changes] == [
        (1, 10, "changed")
    ]
    assert [each.outcome for each in recorded] == [ItemOutcome.CHANGED]
    assert ("earlier run" if earlier else "at the end of the run") in found.message


def test_what_stays_in_doubt_is_read_again_and_stays_so(run):
    approved = run.planned(max_failures="100%")
    run.toys.before = failing(1, uncertain=True)
    assert outcomes(run.step("apply", plan_sha256=approved))[1] == "in_doubt"
    assert run.state is RunState.STOPPED


def test_a_run_that_stopped_for_a_doubt_that_is_settled_still_says_why(run, monkeypatch):
    approved = run.planned(max_failures="100%", batches=["1", "100%"])
    late, select = {}, ToySizes.select

    def lost(thing):
        late[thing] = 10
        failing(1, uncertain=True)(thing)

    def selected(change, ids):
        run.toys.sizes.update(late)
        return select(change, ids)

    run.toys.before = lost
    monkeypatch.setattr(ToySizes, "select", selected)
    error = run.refusal("apply", plan_sha256=approved)
    assert "1 of 1 things had failed or were in doubt in batch 1 of 2" in error.msg
    assert "the panel shows by now that none of them failed" in error.msg
    assert outcomes(error.result) == {1: "changed", 2: "skipped", 4: "refused"}
    assert (error.result["stopped"]["reason"], run.state) == ("failures", RunState.STOPPED)


@pytest.mark.parametrize("size", [1, 7, 20])
def test_a_change_that_shows_any_other_value_does_not_last(run, size):
    approved = run.planned()
    run.toys.after = lambda item_id: run.toys.sizes.update({1: size})
    error = run.refusal("apply", plan_sha256=approved)
    assert [row["verified"] for row in error.result["results"]] == [False, True, None]


@pytest.mark.parametrize(("size", "verified"), [(10, False), (7, False), (None, None)])
def test_a_restored_thing_that_shows_any_other_value_does_not_last(run, size, verified):
    run.applied()
    back = run.rollback()

    def meddle(dummy: object) -> None:
        run.toys.sizes[1] = size
        if size is None:
            del run.toys.sizes[1]

    run.toys.after = meddle
    approved = back.folder.plan()["sha256"]
    if verified is None:
        result = back.step("apply", plan_sha256=approved)
        assert "1 changed things could not be read again: toy1 (1)" in result["warnings"]
    else:
        error = back.refusal("apply", plan_sha256=approved)
        assert "1 of the changed things showed their new values" in error.msg
        result = error.result
    assert [row["verified"] for row in result["results"]] == [verified, True]


def test_what_cannot_be_read_again_does_not_differ(run):
    approved = run.planned()
    run.toys.after = lambda item_id: run.toys.sizes.pop(1, None)
    result = run.step("apply", plan_sha256=approved)
    assert (result["totals"]["differ_again"], result["totals"]["unverified"]) == (0, 1)
    assert "; 1 of the changed is not verified" in result["msg"]
    assert json.loads((run.path / "report.json").read_text())["totals"]["unverified"] == 1
    assert result["results"][0]["verified"] is None
    assert "1 changed things could not be read again: toy1 (1)" in result["warnings"]


class _Hiding(ToySizes):
    """Shows no size in the list any more."""

    def select(self, ids):
        return [replace(each, changes=(), shown=frozenset()) for each in super().select(ids)]


@pytest.mark.parametrize("outcome", [ItemOutcome.CHANGED, ItemOutcome.IN_DOUBT])
def test_a_value_that_the_panel_does_not_show_proves_nothing(outcome):
    toys = ToyPanel([10])
    results = Results()
    changes = (row(1, 10),)
    results.add(ItemResult(1, "toy1", outcome, changes))
    (before,) = ToySizes(ToyPanel([1])).select(None)
    warnings = check_again(_Hiding(toys), results, [1], [before], results.add)
    (found,) = results.in_order([1])
    assert (found.outcome, found.verified) == (outcome, None)
    assert bool(warnings) is (outcome is ItemOutcome.CHANGED)
