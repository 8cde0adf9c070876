# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run that is finished and not reported: it says so, and its report can be written later."""

from __future__ import annotations

import errno
import json
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet import run_report
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.durable_file import (
    cannot,
    replace_file,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_folder import RunState
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_info import run_info
from ansible_collections.vpsfleet.panels.tests.unit.support.broken_os import BrokenOs
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    PANEL,
    ToyPanel,
    ToySizes,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_folder import ToyFolder

MISSING = "its report is missing, and is written when the run is resumed without check mode"


@pytest.fixture
def run(tmp_path) -> ToyFolder:
    return ToyFolder(ToyPanel([1, 2, 10, 20, 3]), tmp_path)


@pytest.fixture
def unreported(run) -> ToyFolder:
    """A run whose process died before it wrote its report."""
    approved = run.planned()
    del run.toys.sizes[5]
    _dies_at_its_report(run, "apply", plan_sha256=approved)
    return run


def _dies_at_its_report(run: ToyFolder, step: str, **options: Any) -> None:
    def dead(*dummy: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_report, "replace_file", dead)
        with pytest.raises(KeyboardInterrupt):
            run.step(step, **options)


def _full_disk(path: str, content: str, what: str, option: str) -> None:
    if what == "report":
        raise cannot(f"write the {what} {path}", option, OSError(errno.ENOSPC, "no space left"))
    replace_file(path, content, what, option)


def report(run: ToyFolder) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run.path / "report.json").read_text())
    return found


def test_a_finished_run_without_a_report_says_so(unreported):
    found = run_info(str(unreported.path), "resume")
    assert (found["state"], found["reported"]) == ("finished", False)
    assert "resume" in found["possible"]
    assert "fleet_resume" in found["next_command"]
    assert "write its missing report" in unreported.refusal("plan", size=10).msg
    result = unreported.step("resume", check_mode=True)
    assert MISSING in result["msg"]
    assert "fleet_resume" in result["next_command"]
    assert not (unreported.path / "report.json").exists()


def test_a_resume_writes_the_missing_report_and_nothing_else(unreported):
    writes = dict(unreported.toys.writes)
    ended = unreported.folder.windows()[-1].ended
    result = unreported.step("resume")
    assert result["msg"] == (
        "the run was finished without its report, which is written now: 2 changed, 1 refused,"
        " 1 left alone (2 by an earlier run)"
    )
    assert (result["changed"], result["finished"], result["run_state"]) == (False, True, "finished")
    assert dict(unreported.toys.writes) == writes
    found = report(unreported)
    rows = {row["id"]: (row["outcome"], row["verified"]) for row in found["servers"]}
    assert rows == {
        1: ("changed", True),
        2: ("changed", True),
        3: ("unchanged", None),
        4: ("refused", None),
        5: ("moved", None),
    }
    assert all(row["begun"] and row["ended"] for row in found["servers"] if row["id"] in (1, 2))
    assert (found["kind"], found["finished"], found["stopped"]) == ("change", ended, None)
    assert found["run_id"] == found["windows"][-1]["run_id"]
    info = run_info(str(unreported.path), None)
    assert (info["reported"], info["next_command"]) == (True, None)
    again = unreported.step("resume")
    assert "its report has the values of that time" in again["msg"]
    assert len(unreported.folder.windows()) == 1


def test_the_late_report_has_what_the_report_would_have_had(run, tmp_path):
    in_time = ToyFolder(ToyPanel([1, 2, 10, 20, 3]), tmp_path / "in-time")
    for each, late in ((in_time, False), (run, True)):
        approved = each.planned()
        each.toys.sizes[1] = 4  # moved
        each.toys.sizes[2] = 10  # has the target
        if late:
            _dies_at_its_report(each, "apply", plan_sha256=approved)
            each.step("resume")
        else:
            each.step("apply", plan_sha256=approved)
    same = ("id", "outcome", "changes", "verified", "msg", "begun", "ended", "owner")
    rows = [
        [[row[key] for key in same] for row in report(each)["servers"]] for each in (in_time, run)
    ]
    assert rows[0] == rows[1]
    assert report(in_time)["totals"] | {"earlier": 0} == report(run)["totals"] | {"earlier": 0}


def test_the_final_check_of_a_late_report_counts(unreported):
    unreported.toys.sizes[2] = 7
    error = unreported.refusal("resume")
    assert (error.code, "other values when they were read again" in error.msg) == (
        Code.CONFLICT,
        True,
    )
    assert report(unreported)["totals"]["differ_again"] == 1
    assert unreported.folder.reported
    assert "has finished before, and failed" in unreported.refusal("resume").msg


@pytest.mark.parametrize("at", ["prepare", "select"])
def test_a_late_report_is_written_if_the_panel_cannot_be_read(unreported, at):
    def down() -> None:
        raise PanelError(Code.TRANSPORT, "it is down", action="read it")

    unreported.toys.before_read[at] = down
    result = unreported.step("resume")
    assert "so no change is verified" in result["warnings"][0]
    assert result["msg"].endswith("; 2 of the changed are not verified")
    assert result["totals"]["unverified"] == report(unreported)["totals"]["unverified"] == 2
    rows = {row["id"]: row["verified"] for row in report(unreported)["servers"]}
    assert set(rows.values()) == {None}


def test_a_late_report_is_refused_with_the_connection_to_another_panel(unreported):
    unreported.address = "https://other.example.com"
    before = unreported.toys.reads
    assert "it is for the panel https://toys.example.com/api" in unreported.refusal("resume").msg
    assert (unreported.toys.reads, unreported.folder.reported) == (before, False)
    assert not (unreported.path / "report.json").exists()
    unreported.address = PANEL
    unreported.step("resume")
    assert report(unreported)["address"] == PANEL


def test_a_late_report_does_not_compare_with_a_target_that_was_edited(unreported, monkeypatch):
    monkeypatch.setattr(ToySizes, "prepare", lambda change: {"size": 20})
    result = unreported.step("resume")
    (warning,) = result["warnings"]
    assert "is not that of the run any more, so no change is verified: it is for size 10" in warning
    assert result["totals"]["differ_again"] == 0
    found = report(unreported)
    assert {row["verified"] for row in found["servers"]} == {None}
    assert result["warnings"] == found["warnings"]
    assert unreported.folder.reported


@pytest.mark.parametrize("step", ["apply", "resume"])
def test_a_full_disk_hides_neither_the_result_nor_the_reason(run, step, monkeypatch):
    approved = run.planned()
    if step == "resume":
        _dies_at_its_report(run, "apply", plan_sha256=approved)
    with monkeypatch.context() as patch:
        patch.setattr(run_report, "replace_file", _full_disk)
        if step == "apply":
            result = run.step("apply", plan_sha256=approved, table_rows=10)
            assert (result["finished"], result["totals"]["changed"]) == (True, 3)
        else:
            error = run.refusal("resume", table_rows=10)
            result = error.result
            assert error.msg.startswith(f"Cannot write the report of the run in {run.path}")
            assert "the run itself is finished" in error.msg
    assert any("no space left" in line for line in result["warnings"])
    assert "fleet_resume" in result["next_command"]
    assert f"the report could not be written to {run.path}" in run.lines
    assert any("toy1" in line for line in run.lines)
    assert (run.state, run.folder.reported) == (RunState.FINISHED, False)
    run.step("resume")
    assert report(run)["totals"]["changed"] == 3
    assert run.folder.reported


def test_a_report_that_was_deleted_is_written_again(run):
    run.applied()
    assert run.folder.reported
    (run.path / "report.json").unlink()
    assert not run.folder.reported
    run.step("resume")
    assert report(run)["totals"]["changed"] == 3


def test_a_stopped_run_is_reported_by_the_run_that_continues_it(run):
    approved = run.planned()
    run.toys.after = lambda item_id: run.stop.ask(run.reason, "late")
    _dies_at_its_report(run, "apply", plan_sha256=approved)
    assert run.state is RunState.STOPPED
    assert run_info(str(run.path), None)["reported"] is False
    run.restart()
    assert run.step("resume")["msg"] == "things: 3 changed, 1 refused (1 by an earlier run)"
    assert run.folder.reported


def test_a_rollback_without_a_report_gets_it_too(run):
    run.applied()
    back = run.rollback()
    _dies_at_its_report(back, "apply", plan_sha256=back.folder.plan()["sha256"])
    assert f"vps_fleet_run_dir={back.path}" in run.refusal("resume").msg
    back.step("resume", rollback=run.folder.journal_path)
    assert report(back)["kind"] == "rollback"
    assert {row["verified"] for row in report(back)["servers"]} == {True}
    assert [link["kind"] for link in report(run)["links"]] == ["plan", "rollback"]


def test_a_run_that_was_rolled_back_before_its_report_gets_it(unreported):
    back = unreported.rollback()
    back.step("apply", plan_sha256=back.folder.plan()["sha256"])
    assert [link["kind"] for link in report(back)["links"]] == ["plan"]
    found = run_info(str(unreported.path), "resume")
    assert (found["state"], found["reported"]) == ("rolled_back", False)
    assert found["possible"] == ["resume", "rollback"]
    assert "fleet_resume" in found["next_command"]
    result = unreported.step("resume", check_mode=True)
    assert (MISSING in result["msg"], result["run_state"]) == (True, "rolled_back")
    assert not (unreported.path / "report.json").exists()
    before = (unreported.toys.reads, dict(unreported.toys.writes))
    result = unreported.step("resume")
    assert result["msg"].endswith(
        "(2 by an earlier run); 2 of the changed are not verified; a rollback of it has begun since"
    )
    assert (result["changed"], result["run_state"]) == (False, "rolled_back")
    assert result["warnings"] == ["a rollback of the run has begun since, so no change is verified"]
    assert (unreported.toys.reads, dict(unreported.toys.writes)) == before
    rows = {row["id"]: (row["outcome"], row["verified"]) for row in report(unreported)["servers"]}
    assert (rows[1], rows[2], rows[5]) == (("changed", None), ("changed", None), ("moved", None))
    assert [link["kind"] for link in report(unreported)["links"]] == ["plan", "rollback"]
    assert [link["kind"] for link in report(back)["links"]] == ["plan", "change"]
    plan = json.loads((back.path / "plan_report.json").read_text())
    assert [link["kind"] for link in plan["links"]] == ["change", "rollback"]
    assert run_info(str(unreported.path), None)["possible"] == ["rollback"]
    assert "must not be resumed" in unreported.refusal("resume").msg
    assert back.state is RunState.FINISHED


def test_a_rollback_without_a_report_that_was_rolled_back_gets_it(run):
    run.applied()
    back = run.rollback()
    _dies_at_its_report(back, "apply", plan_sha256=back.folder.plan()["sha256"])
    again = back.rollback()
    again.step("apply", plan_sha256=again.folder.plan()["sha256"])
    assert back.step("resume")["run_state"] == "rolled_back"
    assert report(back)["kind"] == "rollback"


def test_a_folder_beside_that_cannot_be_read_does_not_void_the_report(unreported):
    other = unreported.path / "rollback"
    other.mkdir(mode=0o700)
    (other / "plan.json").write_text("no json")
    (other / "report.html").write_text("")
    result = unreported.step("resume")
    assert any("it is not valid JSON" in warning for warning in result["warnings"])
    assert unreported.folder.reported


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.ESTALE])
@pytest.mark.parametrize("call", ["pwrite", "fsync", "open"])
def test_a_folder_that_breaks_after_the_first_write_loses_neither_result_nor_report(
    run, monkeypatch, number, call
):
    approved = run.planned()
    system = BrokenOs(monkeypatch, number, call)
    run.toys.after = lambda item_id: setattr(system, "broken", True)
    try:
        result = run.step("apply", plan_sha256=approved, table_rows=10)
    except PanelError as error:
        result = error.result
    assert result["totals"]["changed"] == sum(run.toys.writes.values())
    assert any("toy1" in line for line in run.lines)
    assert f"the report could not be written to {run.path}" in run.lines
    assert "fleet_resume" in result["next_command"]
    system.broken = False
    run.restart()
    assert run.step("resume")["totals"]["changed"] == 3
    assert (run.state, run.folder.reported) == (RunState.FINISHED, True)
    assert sum(run.toys.writes.values()) == 3
