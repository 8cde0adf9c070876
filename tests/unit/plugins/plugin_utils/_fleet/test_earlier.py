# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What earlier runs did to a box is in the results of the later ones, whatever becomes of the box then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.change import FleetChange
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.engine import FleetRun
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.rollback import reversals_of
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Stop
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.model_fleet import (
    Behavior,
    BoxChange,
    BoxPanel,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import settings_of

SIZE, WEIGHT = ("size", 1, 10), ("weight", 2, 20)
#: The box that no test looks at. With it, not every box fails.
OTHER = 2


class Killed(BaseException):
    """No handler may catch it."""


class Fleet:
    """Two boxes, and the runs of one plan with one journal.

    :param planned: whether the runs have a plan.
    """

    def __init__(self, folder: Path, *, planned: bool = True) -> None:
        self.boxes = BoxPanel([{"size": 1, "weight": 2}] * 2)
        self.journal = folder / "journal"
        self._folder = folder
        self._options: dict[str, Any] = {}
        if planned:
            self._options["plan_file"] = str(folder / "plan.json")
            self._run(BoxChange(self.boxes)).plan()

    def _run(self, change: FleetChange, **options: Any) -> FleetRun:
        given = {"workers": 1, "max_failures": "1", **self._options, **options}
        return FleetRun(change, settings_of(self._folder, **given), FakeClock(), None, Stop())

    def apply(
        self,
        behavior: Behavior = Behavior.DONE,
        change: FleetChange | None = None,
        *,
        other: Behavior = Behavior.DONE,
    ) -> dict[str, Any]:
        """Apply the plan, or continue; return the row of the first box."""
        self.boxes.behaviors = {1: behavior, OTHER: other}
        run = self._run(change or BoxChange(self.boxes), journal=str(self.journal))
        rows = {row["id"]: row for row in run.apply()["results"]}
        return dict(rows[1])

    def killed(self, behavior: Behavior = Behavior.DONE) -> None:
        """Apply the plan, and die after the write to the first box."""

        def die(box: object) -> None:
            raise Killed

        self.boxes.after = die
        with pytest.raises(Killed):
            self.apply(behavior)
        self.boxes.after = lambda box: None

    def reversal(self) -> dict[str, Any]:
        """Return the values of the first box that a rollback restores."""
        with reversals_of(str(self.journal)) as found:
            return dict(found[1].before)


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    return Fleet(tmp_path)


def changes(row: dict[str, Any]) -> list[tuple[str, int, int]]:
    """Return the changes of a row that the panel made."""
    made = [each for each in row["changes"] if each["outcome"] == "changed"]
    return [(each["field"], each["before"], each["after"]) for each in made]


# --- a box that is changed in several executions ----------------------------------------------


@pytest.mark.parametrize("planned", [True, False])
def test_a_box_that_is_finished_later_has_the_rows_of_both_executions(tmp_path, planned):
    fleet = Fleet(tmp_path, planned=planned)
    assert changes(fleet.apply(Behavior.HALF_FAILS)) == [SIZE]
    row = fleet.apply()
    assert (row["outcome"], row["changed"], row["earlier"]) == ("changed", True, False)
    assert changes(row) == [SIZE, WEIGHT]
    assert fleet.reversal() == {"size": 1, "weight": 2}


def test_a_box_that_a_killed_run_finished_has_the_rows_of_both_executions(fleet):
    fleet.apply(Behavior.HALF_FAILS)
    fleet.killed()
    row = fleet.apply()
    assert (row["outcome"], row["changed"], row["earlier"]) == ("changed", False, True)
    assert changes(row) == [SIZE, WEIGHT]
    assert fleet.reversal() == {"size": 1, "weight": 2}


def test_what_two_killed_runs_did_is_in_the_row(fleet):
    fleet.killed(Behavior.ONE_REFUSED)
    fleet.killed(Behavior.IGNORED)
    fleet.killed(Behavior.IGNORED)
    row = fleet.apply()
    assert (row["outcome"], changes(row)) == ("changed", [SIZE, WEIGHT])
    assert fleet.reversal() == {"size": 1, "weight": 2}


def test_a_box_that_fails_later_was_changed_in_part(fleet):
    fleet.apply(Behavior.HALF_FAILS)
    for _again in range(2):
        row = fleet.apply(Behavior.FAILS)
        assert (row["outcome"], row["failure"]["partial"]) == ("failed", True)
        assert (row["changed"], changes(row)) == (False, [SIZE])
        assert fleet.reversal() == {"size": 1}
    assert changes(fleet.apply()) == [SIZE, WEIGHT]


def test_a_box_waits_for_the_restart_that_an_earlier_execution_made_necessary(fleet):
    class Restarting(BoxChange):
        def apply(self, item: Any) -> dict[str, Any]:
            try:
                return super().apply(item)
            except PanelError as error:
                if error.partial:
                    error.result["restart_required"] = True
                raise

    change = Restarting(fleet.boxes)
    for behavior in (Behavior.HALF_FAILS, Behavior.FAILS, Behavior.DONE):
        assert fleet.apply(behavior, change)["restart_required"] is True


def test_what_another_client_sets_after_a_known_failure_was_not_changed_by_the_run(fleet):
    fleet.apply(Behavior.HALF_FAILS)
    fleet.boxes.boxes[1]["weight"] = 20
    row = fleet.apply()
    assert (row["outcome"], row["earlier"], changes(row)) == ("changed", True, [SIZE])


def test_a_partial_write_whose_values_are_not_known_stays_open_for_a_rollback(fleet):
    class Unread(BoxChange):
        def apply(self, item: Any) -> dict[str, Any]:
            super().apply(item)
            raise PanelError(Code.LOCKED, "it is locked", action="change it", partial=True)

    fleet.apply(Behavior.HALF_FAILS)
    row = fleet.apply(Behavior.DONE, Unread(fleet.boxes))
    assert (row["outcome"], row["failure"]["partial"]) == ("failed", True)
    assert fleet.reversal() == {"size": 1, "weight": 2}
    assert changes(fleet.apply()) == [SIZE, WEIGHT]


def test_a_value_that_another_client_changed_since_is_not_reported_as_changed(tmp_path):
    fleet = Fleet(tmp_path, planned=False)
    fleet.apply(Behavior.HALF_FAILS)
    fleet.boxes.boxes[1]["size"] = 4
    row = fleet.apply(Behavior.FAILS)
    assert (row["failure"]["partial"], changes(row)) == (False, [])


def test_a_finished_box_of_which_one_value_is_refused_now_has_the_others(tmp_path):
    fleet = Fleet(tmp_path, planned=False)
    fleet.apply(other=Behavior.FAILS)
    fleet.boxes.boxes[1]["size"] = 12
    row = fleet.apply()
    assert (row["outcome"], row["earlier"], changes(row)) == ("changed", True, [WEIGHT])
    assert row["msg"] == "size stays at 12 instead of 10: it does not shrink"


# --- a box that is left alone ------------------------------------------------------------------


def moved(fleet: Fleet) -> None:
    """Move the first box."""
    fleet.boxes.rooms[1] = "abroad"


def other_weight(fleet: Fleet) -> None:
    """Set the value that the run did not reach."""
    fleet.boxes.boxes[1]["weight"] = 7


LEFT = pytest.mark.parametrize(
    ("happens", "why"),
    [
        (moved, 'its room was "home" when the plan was made, and is "abroad"'),
        (other_weight, "it is no longer as it was when the plan was made"),
    ],
)


@LEFT
@pytest.mark.parametrize("known", [True, False])
def test_a_box_that_is_left_alone_shows_what_an_earlier_run_changed(
    fleet: Fleet, happens: Callable[[Fleet], None], why: str, known: bool
):
    if known:
        fleet.apply(Behavior.HALF_FAILS)
    else:
        fleet.killed(Behavior.ONE_REFUSED)
    happens(fleet)
    row = fleet.apply()
    assert (row["outcome"], row["changed"], changes(row)) == ("moved", False, [SIZE])
    assert row["msg"] == f"an earlier run changed it in part, and {why}"


def test_a_box_that_differs_again_shows_what_an_earlier_run_changed(fleet):
    fleet.apply(other=Behavior.FAILS)
    fleet.boxes.boxes[1]["weight"] = 2
    row = fleet.apply()
    assert (row["outcome"], changes(row)) == ("moved", [SIZE])
    assert row["msg"] == "an earlier run changed it, and it differs again"


@LEFT
def test_a_box_that_is_left_alone_may_have_been_changed(fleet, happens, why):
    fleet.killed(Behavior.LATE)
    happens(fleet)
    row = fleet.apply()
    assert (row["outcome"], changes(row)) == ("moved", [])
    assert row["msg"] == f"an earlier run may have changed it, and {why}"


@pytest.mark.parametrize(
    ("behavior", "past"),
    [(Behavior.HALF_FAILS, "an earlier run changed it in part"), (None, "may have changed it")],
)
def test_a_box_that_is_gone_may_have_been_changed(fleet, behavior, past):
    if behavior:
        fleet.apply(behavior)
    else:
        fleet.killed()
    del fleet.boxes.boxes[1]
    row = fleet.apply()
    assert row["outcome"] == "moved"
    assert row["msg"].endswith(f"{past}, and it is gone")


@pytest.mark.parametrize(
    ("behavior", "past", "rows"),
    [
        (Behavior.ONE_REFUSED, "an earlier run changed it in part", [SIZE]),
        (Behavior.IGNORED, "an earlier run may have changed it", []),
    ],
)
def test_a_box_that_is_not_selected_shows_what_an_earlier_run_changed(
    tmp_path, behavior, past, rows
):
    class Others(BoxChange):
        def select(self, ids: Any) -> Any:
            return [item for item in super().select(ids) if item.id == OTHER]

    fleet = Fleet(tmp_path, planned=False)
    fleet.killed(behavior)
    row = fleet.apply(change=Others(fleet.boxes))
    assert (row["outcome"], changes(row)) == ("moved", rows)
    assert row["msg"] == f"{past}, and it is not selected any more"
