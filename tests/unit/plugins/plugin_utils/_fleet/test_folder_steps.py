# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run in a folder: which step is possible in which state, and that no evidence is lost."""

from __future__ import annotations

import json
import os

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import (
    PanelError,
    invalid,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet import run_report
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.approvals import Approvals
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.durable_file import LockedFile
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.journal import Journal
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_folder import RunState
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_info import (
    POSSIBLE,
    STEPS,
    run_info,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Reason, Stop
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    ToyPanel,
    failing,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_folder import ToyFolder

PLAN_FILES = ["plan.csv", "plan.html", "plan.json", "plan_report.json"]
RUN_FILES = ["journal", *PLAN_FILES, "report.csv", "report.html", "report.json"]


@pytest.fixture
def run(tmp_path) -> ToyFolder:
    return ToyFolder(ToyPanel([1, 2, 10, 20]), tmp_path)


def stopped(run: ToyFolder) -> ToyFolder:
    """Stop a run after its first item."""
    approved = run.planned()
    run.toys.after = lambda item_id: run.stop.ask(Reason.DEADLINE, "late")
    run.step("apply", plan_sha256=approved)
    run.stop, run.toys.after = Stop(), lambda item_id: None
    return run


def killed(run: ToyFolder) -> ToyFolder:
    """Kill a run before its first write takes place."""
    approved = run.planned()

    def dead(item_id):
        raise KeyboardInterrupt

    run.toys.before = dead
    with pytest.raises(KeyboardInterrupt):
        run.step("apply", plan_sha256=approved)
    run.toys.before = lambda item_id: None
    return run


def finished(run: ToyFolder) -> ToyFolder:
    run.applied()
    return run


def rolled_back(run: ToyFolder) -> ToyFolder:
    back = finished(run).rollback()
    back.step("apply", plan_sha256=back.folder.plan()["sha256"])
    return run


def planned(run: ToyFolder) -> ToyFolder:
    run.planned()
    return run


STATES = {
    RunState.PLANNED: planned,
    RunState.BEGUN: killed,
    RunState.STOPPED: stopped,
    RunState.FINISHED: finished,
    RunState.ROLLED_BACK: rolled_back,
}


# --- the steps -------------------------------------------------------------------------------


def test_a_plan_changes_nothing_and_is_kept(run):
    result = run.step("plan", size=10)
    assert (result["changed"], result["totals"]["changed"]) == (False, 2)
    assert (run.state, result["run_state"]) == (RunState.PLANNED, "planned")
    assert run.files == PLAN_FILES
    assert os.stat(run.path).st_mode & 0o777 == 0o700
    assert result["next_command"].endswith(f"vps_fleet_plan_sha256={result['plan_sha256']}")
    assert result["question"] == (
        "Change 2 of 4 things on toys https://toys.example.com/api to size 10; 1 are refused"
    )


def test_a_plan_in_check_mode_leaves_nothing_behind(run):
    result = run.step("plan", size=10, check_mode=True)
    assert (result["changed"], result["totals"]["changed"]) == (True, 2)
    assert not run.path.exists()


def test_exactly_the_approved_plan_is_applied(run):
    approved = run.planned()
    run.toys.sizes[5] = 1
    result = run.step("apply", plan_sha256=approved)
    assert outcomes(result) == {1: "changed", 2: "changed", 4: "refused"}
    assert [row["verified"] for row in result["results"]] == [True, True, None]
    assert (result["run_state"], result["next_command"]) == ("finished", None)
    assert run.files == RUN_FILES


def test_a_folder_without_a_plan_is_planned_and_applied_at_once(run):
    result = run.step("apply", size=10)
    assert (result["totals"]["changed"], run.state) == (2, RunState.FINISHED)
    assert run.files == RUN_FILES


@pytest.mark.parametrize("step", ["apply", "resume"])
def test_check_mode_predicts_the_remaining_work_and_writes_nothing(run, step):
    options = {"plan_sha256": run.planned()} if step == "apply" else {}
    if step == "resume":
        run = stopped(ToyFolder(run.toys, run.path.parent, "stopped"))
    before, state = run.files, run.state
    result = run.step(step, check_mode=True, **options)
    assert result["changed"] is True
    assert result["totals"]["changed"] == (
        2 if step == "apply" else 1 + 1
    )  # one is an earlier run's
    assert (run.files, run.state) == (before, state)


def test_a_stopped_run_is_continued_and_its_report_covers_all_of_it(run):
    stopped(run)
    assert run.state is RunState.STOPPED
    result = run.step("resume")
    assert outcomes(result) == {1: "changed", 2: "changed", 4: "refused"}
    assert run.toys.writes == {1: 1, 2: 1}
    report = json.loads((run.path / "report.json").read_text())
    assert [window["stopped"] for window in report["windows"]] == ["deadline", None]
    assert [row["id"] for row in report["servers"]] == [1, 2, 4, 3]
    assert (report["totals"]["selected"], report["totals"]["changed"]) == (4, 2)


def test_a_killed_run_is_continued(run):
    killed(run)
    assert run.state is RunState.BEGUN
    assert run.step("resume")["run_state"] == "finished"


def test_a_finished_run_is_left_alone(run):
    finished(run)
    report = (run.path / "report.json").read_bytes()
    run.toys.sizes[1] = 1
    reads = run.toys.reads
    result = run.step("resume")
    assert (result["changed"], result["finished"], result["results"]) == (False, True, [])
    assert (run.path / "report.json").read_bytes() == report
    assert run.toys.reads == reads


def test_a_run_with_nothing_left_records_its_end(run):
    """A customer changes the last server by hand: the folder must not stay unfinished for ever."""
    stopped(run)
    run.toys.sizes[2] = 10
    assert run.step("resume")["run_state"] == "finished"


# --- the possible steps of each state -----------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", ["plan", "apply", "resume", "drift"])
def test_a_step_that_is_not_possible_is_refused_and_keeps_all_files(run, state, step):
    STATES[state](run)
    assert run.state is state
    if step in POSSIBLE[state] or (state, step) == (RunState.FINISHED, "resume"):
        return
    before = {name: (run.path / name).read_bytes() for name in RUN_FILES if name in run.files}
    writes = dict(run.toys.writes)
    options = {"plan": {"size": 10}, "apply": {"plan_sha256": run.folder.plan()["sha256"]}}
    error = run.refusal(step, **options.get(step, {}))
    assert str(run.path) in error.msg
    if step in STEPS:
        assert info_refusal(run.path, step).msg == error.msg
    assert run.state is state
    assert dict(run.toys.writes) == writes
    assert before == {name: (run.path / name).read_bytes() for name in before}


@pytest.mark.parametrize("state", STATES)
def test_the_run_of_a_folder_as_data(run, state):
    STATES[state](run)
    found = run_info(str(run.path), None)
    assert (found["state"], found["panel"], found["action"]) == (state.value, "toys", "toy_sizes")
    assert (found["kind"], found["title"], found["target"]) == ("change", "size 10", {"size": 10})
    assert (found["in_use"], found["possible"]) == (False, list(POSSIBLE[state]))
    assert found["plan_sha256"] == run.folder.plan()["sha256"]
    assert bool(found["windows"]) is (state is not RunState.PLANNED)


def test_a_rollback_has_no_target_to_compare_with(run):
    run.applied()
    back = run.rollback()
    back.step("apply", plan_sha256=back.folder.plan()["sha256"])
    assert run_info(str(back.path), None)["possible"] == ["rollback"]
    for error in (back.refusal("drift"), info_refusal(back.path, "drift")):
        assert "it is the folder of a rollback, which has no target of its own" in error.msg


def info_refusal(path, step):
    with pytest.raises(PanelError) as refused:
        run_info(str(path), step)
    return refused.value


def test_an_approval_is_for_one_plan(run):
    first = run.planned()
    second = run.planned(size=10, batches=["1", "100%"])
    assert first != second
    error = run.refusal("apply", plan_sha256=first)
    assert "its hash is" in error.msg
    assert "make a new plan" not in error.msg
    assert run.files == [*PLAN_FILES, "plans"]
    assert sorted(path.name for path in (run.path / "plans").iterdir()) == [
        f"{first[:12]}{end}" for end in (".csv", ".html", ".json", "_report.json")
    ]
    assert run.step("apply", plan_sha256=second)["finished"]


def test_a_plan_needs_an_approval(run):
    run.planned()
    assert "its plan needs an approval" in run.refusal("apply").msg
    assert not run.toys.writes


@pytest.mark.parametrize(
    "options", [{"size": 11}, {"ids": [1]}, {"batches": ["2", "100%"]}, {"on_refused": "fail"}]
)
def test_an_approval_covers_the_target_and_the_pace(run, options):
    approved = run.planned()
    (name,) = options
    assert f"has {name}" in run.refusal("apply", plan_sha256=approved, **options).msg
    assert not run.toys.writes


def test_a_resume_can_change_the_pace_but_not_the_target(run):
    stopped(run)
    assert "has size 10" in run.refusal("resume", size=11).msg
    assert "plan_sha256 is another one" in run.refusal("resume", plan_sha256="0" * 64).msg
    given = run.folder.plan()["sha256"].upper()
    assert run.step("resume", plan_sha256=given, check_mode=True)["totals"]["selected"] == 3
    assert run.step("resume", batches=["50%", "100%"], max_failures="1")["finished"]


def test_a_plan_that_was_edited_is_refused(run):
    approved = run.planned()
    content = json.loads((run.path / "plan.json").read_text())
    content["terms"]["pace"]["health_check"] = ["/bin/evil"]
    (run.path / "plan.json").write_text(json.dumps(content))
    assert "it was changed after it was made" in run.refusal("apply", plan_sha256=approved).msg


def test_the_plan_of_another_change_is_not_replaced(run):
    run.planned()
    error = run.refusal("plan", size=11)
    assert "it holds the plan of another change: size 10 on https://toys" in error.msg
    assert run.files == PLAN_FILES


def test_a_finished_run_that_is_continued_says_nothing_about_the_present(run):
    finished(run)
    run.toys.sizes[1], reads = 1, run.toys.reads
    result = run.step("resume")
    assert (
        "nothing was read or changed now; its report has the values of that time" in result["msg"]
    )
    assert (result["results"], run.toys.reads) == ([], reads)


def test_a_report_that_cannot_be_written_is_not_said_to_be_there(run, monkeypatch):
    approved = run.planned()

    def full(path, *_arguments):
        raise invalid(f"no space left for {path}")

    monkeypatch.setattr(run_report, "replace_file", full)
    result = run.step("apply", plan_sha256=approved)
    assert any("no space left" in warning for warning in result["warnings"])
    assert not [line for line in run.lines if "the report is in" in line]


def test_a_report_says_of_which_things_it_only_knows_the_plan(run):
    finished(run)
    rows = json.loads((run.path / "report.json").read_text())["servers"]
    assert {row["id"]: row["msg"] for row in rows if row["outcome"] == "unchanged"} == {
        3: "as the plan found it; this run has not read it"
    }


# --- the folder --------------------------------------------------------------------------------


def test_a_folder_that_others_may_write_to_is_refused(run):
    run.path.mkdir()
    run.path.chmod(0o770)
    assert "other users may write to it" in run.refusal("plan", size=10).msg
    assert run.toys.reads == 0


def test_a_folder_of_another_user_is_refused(run, monkeypatch):
    run.path.mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert "it belongs to another user" in run.refusal("plan", size=10).msg


def test_a_file_is_not_a_folder(run):
    run.path.write_text("")
    assert "it is not a folder" in run.refusal("plan", size=10).msg


@pytest.mark.parametrize("step", ["resume", "apply"])
def test_a_folder_that_is_not_there_holds_no_run(run, step):
    assert "there is no such folder" in run.refusal(step, plan_sha256="0" * 64).msg


def test_a_folder_is_used_by_one_run_at_a_time(run):
    approved = run.planned()
    held = LockedFile(run.folder.file("lock"))
    assert run.folder.in_use
    assert "another run is using it" in run.refusal("apply", plan_sha256=approved).msg
    assert "another run is using it" in run.refusal("plan", size=10).msg
    held.close()
    assert run.step("apply", plan_sha256=approved)["finished"]


# --- failures, the final check, rollback, drift --------------------------------------------------


def test_a_report_is_written_when_the_run_fails(run):
    approved = run.planned(max_failures="0")
    run.toys.before = failing(1)
    error = run.refusal("apply", plan_sha256=approved)
    assert "fleet_resume" in " ".join(run.lines)
    assert error.result["run_state"] == "stopped"
    report = json.loads((run.path / "report.json").read_text())
    assert report["failure"]["code"] == "locked"
    assert {row["id"]: row["outcome"] for row in report["servers"]} == {
        1: "failed",
        2: "skipped",
        4: "refused",
        3: "unchanged",
    }


def test_a_change_that_does_not_last_fails_the_run(run):
    approved = run.planned()
    run.toys.after = lambda item_id: run.toys.sizes.update({1: 3})
    error = run.refusal("apply", plan_sha256=approved)
    assert (
        "1 of the changed things showed their new values, and other values when they" in error.msg
    )
    assert error.result["totals"]["differ_again"] == 1
    for check_mode in (True, False):
        again = run.refusal("resume", check_mode=check_mode)
        assert "has finished before, and failed: 1 of the changed things" in again.msg
        assert (again.result["changed"], again.result["finished"]) == (False, True)


def test_a_rollback_can_be_repeated_and_has_folders_of_its_own(run):
    finished(run)
    for number, name in enumerate(("rollback", "rollback-2"), 1):
        back = run.rollback()
        assert back.path.name == name
        command = back.folder.next_command()
        if number == 1:
            assert f"vps_fleet_run_dir={run.path}" in command
            assert "vps_fleet_rollback_sha256=" in command
        else:
            assert command is None  # nothing is left to restore
        result = back.step("apply", plan_sha256=back.folder.plan()["sha256"])
        assert result["totals"]["changed"] == (2 if number == 1 else 0)
        assert run.toys.sizes == {1: 1, 2: 2, 3: 10, 4: 20}
        assert run.state is RunState.ROLLED_BACK
        assert json.loads((back.path / "report.json").read_text())["kind"] == "rollback"


def test_a_rollback_is_planned_anew_if_the_run_was_resumed_since(run):
    old = stopped(run).rollback()
    approved = old.folder.plan()["sha256"]
    run.step("resume")
    assert "it is for rollback_of" in old.refusal("apply", plan_sha256=approved).msg
    back = run.rollback()
    assert back.path == old.path
    assert (back.path / "plans" / f"{approved[:12]}.json").exists()
    assert outcomes(back.step("apply", plan_sha256=back.folder.plan()["sha256"])) == {
        1: "changed",
        2: "changed",
    }
    assert run.toys.sizes == {1: 1, 2: 2, 3: 10, 4: 20}


@pytest.mark.parametrize(
    ("kind", "method"), [(Approvals, "use"), (Approvals, "withdraw"), (Journal, "begin")]
)
def test_no_run_is_resumed_after_its_rollback_died_at_its_very_begin(
    run, monkeypatch, kind, method
):
    back = stopped(run).rollback()
    approved = back.folder.plan()["sha256"]

    def dead(*_arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(kind, method, dead)
        with pytest.raises(KeyboardInterrupt):
            back.step("apply", plan_sha256=approved)
    assert run.state is RunState.ROLLED_BACK
    assert "must not be resumed" in run.refusal("resume").msg
    step = "apply" if back.state is RunState.PLANNED else "resume"
    assert back.step(step, plan_sha256=approved)["finished"] is True


def test_a_folder_can_be_moved_between_plan_and_rollback(run):
    finished(run)
    back = run.rollback()
    run.path.rename(run.path.with_name("moved"))
    moved = ToyFolder(run.toys, run.path.parent / "moved", back.path.name)
    moved.step("apply", plan_sha256=moved.folder.plan()["sha256"])
    assert run.toys.sizes == {1: 1, 2: 2, 3: 10, 4: 20}


def test_the_report_of_a_plan_that_is_too_large_states_it(run):
    error = run.refusal("plan", size=10, max_items=1)
    report = json.loads((run.path / "plan_report.json").read_text())
    assert "max_items allows 1" in report["msg"]
    assert report["failure"] == error.failure()


def test_the_plan_is_shown_in_groups(run):
    run.step("plan", size=10, table_rows=1)
    text = "\n".join(run.lines)
    assert "1 x size 1 -> 10 cm; toy1 (1)" in text
    assert "1 x size stays 20 cm (it does not shrink); toy4 (4)" in text
    assert "… and 2 more" in text
