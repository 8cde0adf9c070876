# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One approval begins one series of runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.approvals import (
    Approvals,
    read_approvals,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Reason, Stop
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    ToyPanel,
    failing,
    fleet_failure,
    fleet_run,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_folder import ToyFolder


def _approved(toys: ToyPanel, folder: Path, **options: Any) -> dict[str, Any]:
    """Make a plan; return the options that apply it."""
    number = len(list(folder.glob("plan-*")))
    plan, clock = str(folder / f"plan-{number}.json"), FakeClock(1_700_000_000 + number)
    made = fleet_run(toys, folder, check_mode=True, plan_file=plan, clock=clock, **options)
    return {"plan_file": plan, "plan_sha256": made["plan_sha256"], **options}


def test_an_approval_is_used_up_by_the_series_that_it_began(tmp_path):
    toys, stop = ToyPanel([1, 2, 3]), Stop()
    approved = _approved(toys, tmp_path)
    toys.after = lambda item_id: stop.ask(Reason.DEADLINE, "late")
    fleet_run(toys, tmp_path, **approved, journal=str(tmp_path / "a"), stop=stop)
    toys.after = lambda item_id: None
    for other in (str(tmp_path / "b"), None):
        error = fleet_failure(toys, tmp_path, **approved, journal=other)
        assert f"has used it, with the journal {tmp_path / 'a'}" in error.msg
        assert not (tmp_path / "b").exists()
    fleet_run(toys, tmp_path, **approved, journal=str(tmp_path / "a"))
    assert toys.writes == {1: 1, 2: 1, 3: 1}


def test_after_a_rollback_the_old_approval_is_withdrawn(tmp_path):
    toys, journal = ToyPanel([1, 2]), str(tmp_path / "a")
    approved = _approved(toys, tmp_path)
    fleet_run(toys, tmp_path, **approved, journal=journal)
    back = fleet_run(toys, tmp_path, rollback=journal)
    for other in (journal, str(tmp_path / "b"), None):
        error = fleet_failure(toys, tmp_path, **approved, journal=other)
        assert f"the run {back['run_id']} has begun to roll its changes back" in error.msg
    assert toys.sizes == {1: 1, 2: 2}
    fleet_run(toys, tmp_path, **_approved(toys, tmp_path), journal=str(tmp_path / "c"))
    assert toys.sizes == {1: 10, 2: 10}


def test_a_refused_run_uses_no_approval(tmp_path):
    toys = ToyPanel([1, 2])
    approved = _approved(toys, tmp_path)
    fleet_failure(toys, tmp_path, **approved, journal=str(tmp_path / "a"), max_items=1)
    fleet_run(toys, tmp_path, **approved, journal=str(tmp_path / "b"))
    assert toys.writes == {1: 1, 2: 1}


def test_a_line_that_a_crash_cut_off_is_dropped(tmp_path):
    path = tmp_path / "approvals"
    first = Approvals(str(path), None)
    first.use("a", "r1")
    first.close()
    with path.open("a") as file:
        file.write('{"plan_sha')
    second = Approvals(str(path), None)
    second.use("b", "r2")
    second.close()
    for used in ("a", "b"):
        with pytest.raises(PanelError, match="has used it, with no journal"):
            read_approvals(str(path), "j").check(used)
        read_approvals(str(path), None).check(used)


@pytest.mark.parametrize("opened", [Approvals, read_approvals])
@pytest.mark.parametrize("line", ["no json", "[]", '{"run": "r"}', "NaN"])
def test_a_damaged_file_is_refused(tmp_path, line, opened):
    path = tmp_path / "approvals"
    path.write_text(line + "\n")
    with pytest.raises(PanelError, match="is damaged"):
        opened(str(path), None)


def test_reading_approvals_leaves_no_file_behind(tmp_path):
    read_approvals(str(tmp_path / "state" / "approvals"), None).check("a")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("stopped", [False, True])
def test_without_a_journal_an_approval_is_for_one_run(tmp_path, stopped):
    toys, stop = ToyPanel([1, 2]), Stop()
    approved = _approved(toys, tmp_path)
    if stopped:
        toys.after = lambda item_id: stop.ask(Reason.DEADLINE, "late")
    fleet_run(toys, tmp_path, **approved, stop=stop)
    toys.sizes[1], before = 1, dict(toys.writes)
    error = fleet_failure(toys, tmp_path, **approved)
    assert "has used it without a journal" in error.msg
    assert "apply it with a journal" in error.msg
    assert dict(toys.writes) == before
    toys.sizes.update({1: 10, 2: 10})
    assert fleet_run(toys, tmp_path, **approved)["changed"] is False
    toys.sizes.update({1: 1, 2: 2})
    fleet_run(toys, tmp_path, **_approved(toys, tmp_path))
    assert toys.sizes == {1: 10, 2: 10}


def test_a_plan_after_which_another_was_applied_is_refused(tmp_path):
    toys, journal = ToyPanel([1, 2]), str(tmp_path / "a")
    first = _approved(toys, tmp_path)
    fleet_run(toys, tmp_path, **first, journal=journal)
    second = _approved(toys, tmp_path)
    fleet_run(toys, tmp_path, **second, journal=journal)
    toys.sizes[1] = 1
    error = fleet_failure(toys, tmp_path, **first, journal=journal)
    assert f"the plan {second['plan_sha256']} was applied after it" in error.msg
    assert toys.writes == {1: 1, 2: 1}


def test_an_approval_covers_the_limit_of_a_batch(tmp_path):
    run = ToyFolder(ToyPanel([1, 2, 10, 20]), tmp_path)
    run.toys.sizes |= {5: 1, 6: 1, 7: 1}
    approved = run.planned(batches=["2", "100%"], max_failures="3", max_batch_failures="0")
    error = run.refusal("apply", plan_sha256=approved, max_batch_failures="100%")
    assert "has max_batch_failures 0, and this task sets 100%" in error.msg
    run.toys.before = failing(1)
    error = run.refusal("apply", plan_sha256=approved, max_batch_failures="0")
    assert "in batch 1 of 2 1 of 2 things had failed, and max_batch_failures allows 0" in error.msg
    assert sum(run.toys.writes.values()) <= 1


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_lost_journal_does_not_renew_an_approval(tmp_path, check_mode):
    toys, journal = ToyPanel([1, 2]), tmp_path / "a"
    approved = _approved(toys, tmp_path)
    run = fleet_run(toys, tmp_path, **approved, journal=str(journal))["run_id"]
    journal.unlink()
    assert fleet_run(toys, tmp_path, **approved, journal=str(journal))["changed"] is False
    toys.sizes[1] = 1
    journal.unlink()
    error = fleet_failure(toys, tmp_path, check_mode=check_mode, **approved, journal=str(journal))
    assert f"the run {run} has used it, and the journal {journal} does not have" in error.msg
    assert toys.writes == {1: 1, 2: 1}
    assert not journal.exists()


@pytest.mark.parametrize("size", [1, 10], ids=["set back", "as the run left it"])
@pytest.mark.parametrize("check_mode", [False, True])
def test_the_journal_of_a_folder_that_is_lost_does_not_renew_the_approval(
    tmp_path, size, check_mode
):
    """No report or rollback would state what the run had changed, also if nothing is left to write."""
    run = ToyFolder(ToyPanel([1, 2]), tmp_path)
    approved = run.planned()
    run.step("apply", plan_sha256=approved)
    run.toys.sizes[1] = size
    Path(run.folder.journal_path).unlink()
    (run.path / "report.json").unlink()
    error = run.refusal("apply", plan_sha256=approved, check_mode=check_mode)
    assert "does not have that run any more" in error.msg
    assert run.toys.writes == {1: 1, 2: 1}


@pytest.mark.parametrize("keep_journal", [False, True])
def test_an_approval_that_cannot_be_recorded_stops_the_run_before_its_first_write(
    tmp_path, keep_journal
):
    toys = ToyPanel([1, 2])
    journal = str(tmp_path / "a") if keep_journal else None
    approved = _approved(toys, tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Approvals, "use", _full)
        error = fleet_failure(toys, tmp_path, **approved, journal=journal)
    assert "the approval cannot be recorded: the disk is full" in error.msg
    assert error.result["totals"]["skipped"] == 2
    assert not toys.writes
    fleet_run(toys, tmp_path, **approved, journal=journal)
    assert toys.writes == {1: 1, 2: 1}


def _full(*dummy: object) -> None:
    raise PanelError(Code.VALIDATION, "the disk is full")


def test_a_plan_that_a_run_without_a_plan_has_followed_is_refused(tmp_path):
    toys, journal = ToyPanel([1, 2]), str(tmp_path / "a")
    approved = _approved(toys, tmp_path)
    fleet_run(toys, tmp_path, **approved, journal=journal)
    toys.sizes[1] = 1
    fleet_run(toys, tmp_path, journal=journal)
    error = fleet_failure(toys, tmp_path, **approved, journal=journal)
    assert "a run without a plan followed it, with the same journal" in error.msg
