# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The folder of a run: whose files it accepts, and which rollback is next."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet import run_folder
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_folder import (
    TERMS,
    RunState,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_info import run_info
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import ToyPanel, fleet_run
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_folder import ToyFolder

STEPS: dict[str, dict[str, Any]] = {
    "plan": {"size": 10},
    "apply": {"plan_sha256": "0" * 64},
    "resume": {},
    "drift": {},
}


@pytest.fixture
def run(tmp_path) -> ToyFolder:
    return ToyFolder(ToyPanel([1, 2, 10]), tmp_path)


def _refused(run: ToyFolder, step: str, *, check_mode: bool) -> str:
    before = (run.toys.reads, dict(run.toys.writes))
    error = run.refusal(step, check_mode=check_mode, **STEPS[step])
    assert error.code is Code.VALIDATION
    assert (run.toys.reads, dict(run.toys.writes)) == before
    return error.msg


def _rewrite(path: Path, **changes: Any) -> None:
    """Change the first line of a file, which is JSON."""
    first, *rest = path.read_text().splitlines(keepends=True)
    path.write_text(json.dumps({**json.loads(first), **changes}) + "\n" + "".join(rest))


# --- files in another form -------------------------------------------------------------------


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("step", STEPS)
def test_a_plan_that_was_made_with_plan_file_is_refused(run, tmp_path, step, check_mode):
    run.path.mkdir(mode=0o700)
    file = str(run.path / "plan.json")
    fleet_run(run.toys, tmp_path, check_mode=True, plan_file=file)
    message = _refused(run, step, check_mode=check_mode)
    if step == "apply":
        assert "plan_sha256 is another one" in message
        made = json.loads(Path(file).read_text())["sha256"]
        message = run.refusal("apply", plan_sha256=made, check_mode=check_mode).msg
    assert "its plan.json was made with plan_file" in message
    with pytest.raises(PanelError, match="was made with plan_file"):
        run_info(str(run.path), None)


@pytest.mark.parametrize("planned", [False, True])
@pytest.mark.parametrize("step", STEPS)
def test_the_journal_of_a_run_without_a_folder_is_refused(run, tmp_path, step, planned):
    if planned:
        run.planned()
    run.path.mkdir(mode=0o700, exist_ok=True)
    fleet_run(ToyPanel([1]), tmp_path, journal=str(run.path / "journal"))
    for check_mode in (False, True):
        message = _refused(run, step, check_mode=check_mode)
        assert "its journal is not that of its run" in message
        assert "set run_dir to a new folder" in message
    with pytest.raises(PanelError, match="is not that of its run"):
        run_info(str(run.path), None)


def test_plan_and_journal_of_one_run_without_a_folder_are_refused(run, tmp_path):
    run.path.mkdir(mode=0o700)
    files = {"plan_file": str(run.path / "plan.json")}
    fleet_run(run.toys, tmp_path, check_mode=True, **files)
    fleet_run(run.toys, tmp_path, **files, journal=str(run.path / "journal"))
    for step in STEPS:
        assert "its plan.json was made with plan_file" in _refused(run, step, check_mode=False)


@pytest.mark.parametrize("step", STEPS)
def test_a_plan_of_another_schema_is_refused(run, step):
    run.applied()
    content = json.loads((run.path / "plan.json").read_text())
    (run.path / "plan.json").write_text(json.dumps({**content, "schema": 2}))
    message = _refused(run, step, check_mode=False)
    assert "it has schema 2, and this collection writes 1 (set run_dir to a new folder)" in message


@pytest.mark.parametrize("step", STEPS)
def test_a_journal_of_another_schema_is_refused(run, step):
    run.applied()
    _rewrite(run.path / "journal", schema=2)
    message = _refused(run, step, check_mode=False)
    assert "line 1 has schema 2, and this collection writes 1" in message


@pytest.mark.parametrize("content", ["[]", '{"schema": 1}', "{}"])
def test_a_report_in_another_form_is_not_linked(run, content):
    approved = run.planned()
    (run.path / "plan_report.json").write_text(content)
    result = run.step("apply", plan_sha256=approved)
    assert (result["finished"], result["warnings"]) == (True, [])
    assert (run.path / "plan_report.json").read_text() == content


def test_a_plan_has_the_terms_that_a_folder_needs(run):
    run.planned()
    assert set(run.folder.plan()["terms"]) == TERMS


# --- what is next ----------------------------------------------------------------------------


def _applied(back: ToyFolder) -> None:
    back.step("apply", plan_sha256=back.folder.plan()["sha256"])


def test_a_run_can_be_rolled_back_after_its_rollback_was_rolled_back(run):
    before = dict(run.toys.sizes)
    run.applied()
    after = dict(run.toys.sizes)
    back = run.rollback()
    _applied(back)
    _applied(back.rollback())
    assert (run.toys.sizes, back.state) == (after, RunState.ROLLED_BACK)
    run.clock.now += 60
    again = run.rollback()
    assert again.path.name == "rollback-2"
    _applied(again)
    assert run.toys.sizes == before


def test_a_plan_with_nothing_to_change_has_no_next_command(run):
    run.toys.sizes.update({1: 10, 2: 20})
    result = run.step("plan", size=10)
    assert (result["finished"], result["run_state"]) == (True, "planned")
    assert result["next_command"] is None
    assert run_info(str(run.path), None)["next_command"] is None
    assert not [line for line in run.lines if "to apply" in line]
    # A job that was prepared for an approval may still apply it.
    assert run.step("apply", plan_sha256=result["plan_sha256"])["run_state"] == "finished"


def test_a_plan_that_could_not_read_an_item_has_a_next_command(run):
    run.toys.sizes.update({1: 10, 2: -13})
    result = run.step("plan", size=10, max_failures="1")
    assert (result["finished"], result["totals"]["changed"]) == (False, 0)
    assert "vps_fleet_plan_sha256" in result["next_command"]


def test_plan_and_journal_are_parsed_once_for_each_content(tmp_path, monkeypatch):
    run = ToyFolder(ToyPanel([1, 2]), tmp_path)
    run.applied()
    parsed = []
    for name in ("read_journal", "plan_in"):
        real = getattr(run_folder, name)
        monkeypatch.setattr(
            run_folder,
            name,
            lambda *given, real=real, name=name: parsed.append(name) or real(*given),
        )
    folder = run.folder
    assert (folder.state(), folder.next_command(), folder.reported) == ("finished", None, True)
    assert sorted(parsed) == ["plan_in", "read_journal"]
    with Path(folder.journal_path).open("a") as file:
        file.write('{"event": "rollback", "run": "r"}\n')
    assert folder.state() == "rolled_back"
    assert sorted(parsed) == ["plan_in", "read_journal", "read_journal"]


# --- rollbacks of rollbacks ------------------------------------------------------------------


def _sha256(folder: ToyFolder) -> str:
    return str(json.loads((folder.path / "plan.json").read_text())["sha256"])


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("begun", [False, True])
def test_a_rollback_of_a_rollback_does_not_redo_what_a_later_rollback_undoes(
    run, begun, check_mode
):
    run.applied()
    first = run.rollback()
    first.step("apply", plan_sha256=_sha256(first))
    nested = first.rollback()
    run.toys.after = lambda dummy: nested.stop.ask(nested.reason, "late")
    nested.step("apply", plan_sha256=_sha256(nested))
    nested.restart()
    assert run.toys.sizes == {1: 10, 2: 2, 3: 10}
    if not begun:
        run.rollback()
        assert nested.step("resume")["totals"]["changed"] == 2
        return
    second = run.rollback()
    assert second.path.name == "rollback-2"
    second.step("apply", plan_sha256=_sha256(second))
    error = nested.refusal("resume", check_mode=check_mode)
    assert f"a later rollback of the run in {run.path} has begun" in error.msg
    assert run.toys.sizes == {1: 1, 2: 2, 3: 10}


def test_a_planned_rollback_of_a_rollback_is_not_applied_after_a_later_rollback(run):
    run.applied()
    first = run.rollback()
    first.step("apply", plan_sha256=_sha256(first))
    nested = first.rollback()
    run.toys.sizes[1] = 10
    second = run.inside("rollback-2")
    second.step("plan", rollback=run.folder.journal_path)
    second.step("apply", plan_sha256=_sha256(second))
    error = nested.refusal("apply", plan_sha256=_sha256(nested))
    assert f"a later rollback of the run in {run.path} has begun" in error.msg
    assert run.toys.sizes == {1: 1, 2: 2, 3: 10}
