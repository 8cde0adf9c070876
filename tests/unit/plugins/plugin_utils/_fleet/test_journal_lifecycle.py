# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the first run with a journal to its end: what each later command may do, and what it reports."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.change import FleetItem
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.rollback import reversals_of
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Reason, Stop
from ansible_collections.vpsfleet.panels.tests.unit.support.journals import journal_state
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    ToyPanel,
    ToySizes,
    failing,
    fleet_failure,
    fleet_run,
)


@pytest.fixture
def journal(tmp_path: Path) -> str:
    """Where the journal of a test is."""
    return str(tmp_path / "journal.jsonl")


def _events(journal: str) -> list[str]:
    return [json.loads(line)["event"] for line in Path(journal).read_text().splitlines()]


def _half_done(toys: ToyPanel, folder: Path, journal: str, **options: object) -> None:
    """Run until the first thing is changed."""
    stop = Stop()
    toys.after = lambda item_id: stop.ask(Reason.INTERRUPTED, "SIGINT was received")
    fleet_failure(toys, folder, stop=stop, journal=journal, **options)
    toys.after = lambda item_id: None


# --- each run records its end ----------------------------------------------------------------


@pytest.mark.parametrize("sizes", [[], [10], [11]], ids=["nothing", "as it should be", "refused"])
def test_a_run_that_finds_nothing_to_do_is_finished(tmp_path, journal, sizes):
    fleet_run(ToyPanel(sizes), tmp_path, journal=journal)
    assert _events(journal) == ["begin", "end"]
    assert journal_state(journal)["finished"] is True


def test_a_resume_that_finds_nothing_left_is_finished(tmp_path, journal):
    toys = ToyPanel([1, 2])
    _half_done(toys, tmp_path, journal)
    toys.sizes[2] = 10
    result = fleet_run(toys, tmp_path, journal=journal)
    assert outcomes(result) == {1: "changed", 2: "unchanged"}
    assert journal_state(journal)["finished"] is True


def test_a_run_of_which_all_items_fail_beforehand_has_ended_and_is_not_finished(tmp_path, journal):
    fleet_failure(ToyPanel([-13]), tmp_path, journal=journal)
    state = journal_state(journal)
    assert (state["ended"], state["finished"]) == (True, False)


@pytest.mark.parametrize(
    "refused", [{"max_items": 0}, {"plan_file": "missing"}, {"change": "twice"}]
)
def test_a_run_that_is_refused_leaves_no_journal(tmp_path, journal, refused):
    class Twice(ToySizes):
        def select(self, ids):
            return super().select(ids) * 2

    toys = ToyPanel([1])
    if "change" in refused:
        refused = {"change": Twice(toys)}
    fleet_failure(toys, tmp_path, journal=journal, **refused)
    assert not Path(journal).exists()


def test_an_empty_journal_file_of_the_operator_is_kept(tmp_path, journal):
    Path(journal).touch(mode=0o600)
    fleet_failure(ToyPanel([1]), tmp_path, journal=journal, max_items=0)
    assert Path(journal).exists()


# --- a journal records the past, the panel shows the present ---------------------------------------------


def _one_keeps_failing(toys: ToyPanel, folder: Path, journal: str) -> None:
    """A series that never ends, since one of its things always fails."""
    toys.before = failing(2)
    fleet_run(toys, folder, journal=journal, max_failures="1")


def test_a_nightly_run_with_one_journal_mends_what_drifted(tmp_path, journal):
    toys = ToyPanel([1, 2, 3])
    _one_keeps_failing(toys, tmp_path, journal)
    toys.sizes[1] = 4
    result = fleet_run(toys, tmp_path, journal=journal, max_failures="1")
    assert toys.sizes[1] == 10
    assert [(row["id"], row["outcome"], row["earlier"]) for row in result["results"]] == [
        (1, "changed", False),
        (2, "failed", False),
        (3, "changed", True),
    ]
    assert toys.looks == [1]


def test_drift_to_a_value_that_the_panel_keeps_is_not_reported_as_changed(tmp_path, journal):
    toys = ToyPanel([1, 2, 3])
    _one_keeps_failing(toys, tmp_path, journal)
    toys.sizes[1] = 12
    result = fleet_run(toys, tmp_path, journal=journal, max_failures="1")
    assert outcomes(result) == {1: "refused", 2: "failed", 3: "changed"}


def test_an_item_that_changed_during_the_list_is_read_again(tmp_path, journal):
    toys = ToyPanel([1, 2, 3])
    _one_keeps_failing(toys, tmp_path, journal)

    class Stale(ToySizes):
        def select(self, ids):
            self.toys.sizes[1] = 4
            found = super().select(ids)
            self.toys.sizes[1] = 10
            return found

    result = fleet_run(toys, tmp_path, journal=journal, max_failures="1", change=Stale(toys))
    assert result["results"][0]["earlier"] is True
    assert toys.writes[1] == 1


def test_an_approval_covers_one_change_of_each_item(tmp_path, journal):
    toys, plan = ToyPanel([1, 2]), str(tmp_path / "plan.json")
    fleet_run(toys, tmp_path, check_mode=True, plan_file=plan)
    _half_done(toys, tmp_path, journal, plan_file=plan)
    toys.sizes[1] = 1
    result = fleet_run(toys, tmp_path, journal=journal, plan_file=plan)
    assert outcomes(result) == {1: "moved", 2: "changed"}
    assert "differs again" in result["results"][0]["msg"]
    assert toys.sizes[1] == 1


def test_another_plan_covers_a_further_change_of_an_item(tmp_path, journal):
    toys, plan = ToyPanel([1, 2]), str(tmp_path / "plan.json")
    fleet_run(toys, tmp_path, check_mode=True, plan_file=plan)
    _half_done(toys, tmp_path, journal, plan_file=plan)
    toys.sizes[1] = 4
    fleet_run(toys, tmp_path, check_mode=True, plan_file=plan)
    result = fleet_run(toys, tmp_path, journal=journal, plan_file=plan)
    assert outcomes(result) == {1: "changed", 2: "changed"}
    assert toys.sizes == {1: 10, 2: 10}


def test_a_finished_run_has_used_up_its_approval(tmp_path, journal):
    toys, plan = ToyPanel([1, 2]), str(tmp_path / "plan.json")
    fleet_run(toys, tmp_path, check_mode=True, plan_file=plan)
    fleet_run(toys, tmp_path, journal=journal, plan_file=plan)
    toys.sizes[1] = 1
    result = fleet_run(toys, tmp_path, journal=journal, plan_file=plan)
    assert outcomes(result) == {1: "moved", 2: "unchanged"}
    assert toys.writes == {1: 1, 2: 1}
    with reversals_of(journal) as reversals:
        assert set(reversals) == {1, 2}


class OneUnreadable(ToySizes):
    """Lists the second thing without its values."""

    def _item(self, item_id):
        if item_id != 2:
            return super()._item(item_id)
        return FleetItem(2, "toy2", (), error=PanelError(Code.PROTOCOL, "odd", action="read it"))


@pytest.mark.parametrize("ended", ["killed", "with a failure"])
def test_an_approval_stays_used_up_after_a_later_run_of_the_plan_that_does_not_finish(
    tmp_path, journal, ended
):
    toys, plan = ToyPanel([1, 2]), str(tmp_path / "plan.json")
    fleet_run(toys, tmp_path, check_mode=True, plan_file=plan)
    options = {"journal": journal, "plan_file": plan}
    fleet_run(toys, tmp_path, **options)
    toys.sizes[1] = 1
    for _again in range(2):
        if ended == "killed":
            fleet_run(toys, tmp_path, **options)
            lines = Path(journal).read_bytes().splitlines(keepends=True)
            Path(journal).write_bytes(b"".join(lines[:-1]))
        else:
            fleet_failure(toys, tmp_path, change=OneUnreadable(toys), **options)
        assert _events(journal)[-1] == ("begin" if ended == "killed" else "end")
    result = fleet_run(toys, tmp_path, **options)
    assert outcomes(result) == {1: "moved", 2: "unchanged"}
    assert toys.writes == {1: 1, 2: 1}


def test_what_an_earlier_run_changed_and_is_gone_is_not_reported_as_changed(tmp_path, journal):
    toys, plan = ToyPanel([1, 2]), str(tmp_path / "plan.json")
    fleet_run(toys, tmp_path, check_mode=True, plan_file=plan)
    _half_done(toys, tmp_path, journal, plan_file=plan)
    del toys.sizes[1]
    result = fleet_run(toys, tmp_path, journal=journal, plan_file=plan)
    assert outcomes(result) == {1: "moved", 2: "changed"}
    assert result["results"][1]["msg"] == "an earlier run changed it, and it is gone"


# --- one item that cannot be read ------------------------------------------------------------


class Unreadable(ToySizes):
    """Cannot read the first thing alone."""

    code = Code.TRANSPORT

    def look_up(self, item_id):
        if item_id == 1:
            raise PanelError(self.code, "no answer", action="read thing 1")
        return super().look_up(item_id)


@pytest.mark.parametrize(
    ("first", "outcome"),
    [({"uncertain": True}, "in_doubt"), ({"partial": True}, "in_doubt"), (None, "failed")],
    ids=["it may have been changed", "it was changed in part", "it was changed and differs again"],
)
def test_one_item_that_cannot_be_read_is_that_items_failure(tmp_path, journal, first, outcome):
    toys = ToyPanel([1, 2, 3])
    toys.before = failing(1, **first) if first else failing(2)
    fleet_run(toys, tmp_path, journal=journal, max_failures="1")
    toys.before = lambda item_id: None
    toys.sizes[1], toys.sizes[3] = 1, 4
    change = Unreadable(toys)
    result = fleet_run(toys, tmp_path, journal=journal, max_failures="1", change=change)
    assert outcomes(result) == {1: outcome, 2: "changed", 3: "changed"}
    assert toys.sizes == {1: 1, 2: 10, 3: 10}
    assert 1 in journal_state(journal)["in_doubt"] or first is None


def test_an_unselected_item_that_cannot_be_read_is_in_doubt(tmp_path, journal):
    class Others(Unreadable):
        def select(self, ids):
            return [item for item in super().select(ids) if item.id != 1]

    toys = ToyPanel([1, 2])
    toys.before = failing(1, uncertain=True)
    fleet_run(toys, tmp_path, journal=journal, max_failures="1")
    toys.sizes[2] = 3
    result = fleet_run(toys, tmp_path, journal=journal, max_failures="1", change=Others(toys))
    assert outcomes(result)[1] == "in_doubt"


def test_what_is_in_doubt_stays_in_doubt_after_a_known_failure(tmp_path, journal):
    toys = ToyPanel([1, 2])
    toys.before = failing(1, uncertain=True)
    fleet_run(toys, tmp_path, journal=journal, max_failures="1")
    toys.before = failing(1)
    toys.sizes[2] = 3
    result = fleet_run(toys, tmp_path, journal=journal, max_failures="1")
    assert outcomes(result) == {1: "failed", 2: "changed"}
    assert journal_state(journal)["in_doubt"] == [1]
    toys.before = lambda item_id: None
    toys.sizes[1] = 10
    (row, _other) = fleet_run(toys, tmp_path, journal=journal)["results"]
    assert (row["outcome"], row["earlier"], row["changes"][0]["before"]) == ("changed", True, 1)


def test_what_is_in_doubt_stays_in_doubt_while_its_change_is_predicted_to_fail(tmp_path, journal):
    class Busy(ToySizes):
        def _item(self, item_id):
            error = PanelError(Code.LOCKED, "it is busy", action="change it")
            return replace(super()._item(item_id), error=error if item_id == 1 else None)

    toys = ToyPanel([1, 2])
    toys.before = failing(1, uncertain=True)
    fleet_run(toys, tmp_path, journal=journal, max_failures="1")
    toys.before = lambda item_id: None
    toys.sizes[2] = 3
    result = fleet_run(toys, tmp_path, journal=journal, max_failures="1", change=Busy(toys))
    assert outcomes(result) == {1: "in_doubt", 2: "changed"}
    assert "an earlier run may have changed it" in result["results"][0]["msg"]
    assert journal_state(journal)["in_doubt"] == [1]


def test_another_plan_with_the_same_journal_looks_at_what_is_in_doubt(tmp_path, journal):
    toys, plan = ToyPanel([1, 2, 10]), str(tmp_path / "plan.json")
    toys.before = failing(1, uncertain=True)
    fleet_run(toys, tmp_path, journal=journal, max_failures="1")
    toys.before = lambda item_id: None
    toys.sizes.update({1: 10, 3: 3})
    fleet_run(toys, tmp_path, check_mode=True, plan_file=plan)
    result = fleet_run(toys, tmp_path, journal=journal, plan_file=plan)
    assert outcomes(result) == {3: "changed", 1: "changed"}
    assert result["totals"]["earlier"] == 1
    assert journal_state(journal)["finished"] is True


def test_credentials_that_are_refused_are_tried_once(tmp_path, journal):
    class Expired(Unreadable):
        code = Code.AUTH

    toys = ToyPanel([1, 2])
    toys.before = failing(1, uncertain=True)
    fleet_run(toys, tmp_path, journal=journal, max_failures="1")
    error = fleet_failure(toys, tmp_path, journal=journal, change=Expired(toys))
    assert error.code is Code.AUTH
    assert journal_state(journal)["in_doubt"] == [1]


# --- rolled back -----------------------------------------------------------------------------


def test_a_rollback_leaves_a_mark_before_its_first_write(tmp_path, journal):
    toys = ToyPanel([1, 2])
    fleet_run(toys, tmp_path, journal=journal)
    seen = []
    toys.before = lambda item_id: seen.append(journal_state(journal)["rollback"]["finished"])
    result = fleet_run(toys, tmp_path, rollback=journal)
    assert seen == [False, False]
    assert journal_state(journal)["rollback"] == {"run_id": result["run_id"], "finished": True}
    assert journal_state(journal)["finished"] is True


def test_a_plan_of_a_rollback_leaves_no_mark(tmp_path, journal):
    toys = ToyPanel([1])
    fleet_run(toys, tmp_path, journal=journal)
    fleet_run(toys, tmp_path, rollback=journal, check_mode=True)
    assert journal_state(journal)["rollback"] is None


@pytest.mark.parametrize("cut", [False, True])
def test_runs_that_were_rolled_back_cannot_be_resumed(tmp_path, journal, cut):
    toys = ToyPanel([1, 2, 3])
    _half_done(toys, tmp_path, journal)
    if cut:  # the run died while it wrote a line
        with Path(journal).open("a") as file:
            file.write('{"event": "inte')
    stop = Stop()
    toys.after = lambda item_id: stop.ask(Reason.DEADLINE, "late")
    fleet_run(toys, tmp_path, rollback=journal, stop=stop)
    error = fleet_failure(toys, tmp_path, journal=journal)
    assert "has begun to roll its changes back" in error.msg
    assert toys.sizes == {1: 1, 2: 2, 3: 3}


def test_a_rollback_can_be_repeated(tmp_path, journal):
    toys, back = ToyPanel([1, 2, 3]), str(tmp_path / "back.jsonl")
    fleet_run(toys, tmp_path, journal=journal)
    toys.before = failing(2)
    fleet_run(toys, tmp_path, rollback=journal, journal=back, max_failures="1")
    toys.before = lambda item_id: None
    for _again in range(2):
        plan = str(tmp_path / "plan.json")
        sha256 = fleet_run(toys, tmp_path, rollback=journal, check_mode=True, plan_file=plan)[
            "plan_sha256"
        ]
        approved = {"plan_file": plan, "plan_sha256": sha256}
        result = fleet_run(toys, tmp_path, rollback=journal, journal=back, **approved)
        assert result["finished"] is True
    assert toys.sizes == {1: 1, 2: 2, 3: 3}
    assert toys.writes == {1: 2, 2: 2, 3: 2}


def test_runs_that_found_nothing_to_do_do_not_hide_the_last_change(tmp_path, journal):
    toys = ToyPanel([1, 2])
    for _night in range(3):
        fleet_run(toys, tmp_path, journal=journal)
    with reversals_of(journal) as reversals:
        assert set(reversals) == {1, 2}
    toys.sizes[2] = 5
    fleet_run(toys, tmp_path, journal=journal)
    with reversals_of(journal) as reversals:
        assert set(reversals) == {2}


def test_a_journal_without_a_run_gets_no_mark(tmp_path, journal):
    Path(journal).touch(mode=0o600)
    fleet_run(ToyPanel([1]), tmp_path, rollback=journal)
    assert Path(journal).read_bytes() == b""
