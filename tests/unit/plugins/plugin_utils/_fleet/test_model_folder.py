# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The run model of the guide "fleet model", as a state machine: runs that are kept in folders.

Each command is one that a playbook sends: plan, apply, resume and drift in the folder of a run, and the
same in the folder of its rollback. See ``test_model`` for what happens meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.engine import FleetRun
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.folder_steps import FolderSteps
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.plan_file import (
    changes_nothing,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.rollback import reversals_of
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_folder import (
    ENDED,
    RunFolder,
    RunState,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_info import run_info
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.settings import (
    ARGUMENTS,
    Settings,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Reason, Stop
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.terms import Terms
from ansible_collections.vpsfleet.panels.tests.unit.support.model_fleet import (
    BoxChange,
    BoxRollback,
    Write,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.model_world import (
    BEHAVIORS,
    CUTS,
    MEDDLING,
    Approval,
    World,
    model_settings,
)

_SELECTION = ArgumentSpec({"ids": {"type": "list", "elements": "int"}})
_TARGET = ArgumentSpec({"size": {"type": "int"}})
_MANNER = ArgumentSpec({"on_refused": {"type": "str", "default": "warn"}})
_WEIGHT = 20

#: After which write a run is stopped, if any.
STOPS = st.none() | st.integers(1, 3)

#: For how many seconds an approval is valid, most often not limited by the task.
LIMITS = st.sampled_from([None, None, None, 0, 3600, 1_000_000])

#: The states in which an operator tries to resume a run.
RESUMED = (RunState.BEGUN, RunState.STOPPED, RunState.FINISHED, RunState.ROLLED_BACK)

#: Whether a step is only checked, most often not.
CHECKS = st.sampled_from([False, False, False, True])


class Folder:
    """The folder of a run.

    :param of: the folder of the run that this one rolls back.
    """

    def __init__(self, path: Path, state: Path, of: Folder | None = None) -> None:
        self.path = path
        self.state_dir = state
        self.of = of
        #: What each plan that was made here covers, by its hash.
        self.approvals: dict[str, Approval] = {}
        #: The plan that was applied.
        self.applied: str | None = None
        self.commands: list[int] = []

    @property
    def folder(self) -> RunFolder:
        return RunFolder(str(self.path))

    @property
    def state(self) -> RunState:
        return self.folder.state()

    @property
    def sha256(self) -> str | None:
        plan = self.folder.plan()
        return plan["sha256"] if plan else None


class FolderModel(World):
    """Runs in folders over one panel."""

    def __init__(self) -> None:
        super().__init__()
        self.folders: dict[Path, Folder] = {}

    # --- what operators do -----------------------------------------------------------------------

    @rule(
        number=st.integers(1, 2),
        state=st.sampled_from(["shared", "shared", "own"]),
        size=st.sampled_from([10, 10, 12]),
        check=st.booleans(),
        cut=CUTS,
        limit=LIMITS,
    )
    def plan(
        self, number: int, state: str, size: int, check: bool, cut: Any, limit: int | None
    ) -> None:
        path = self.folder / f"run-{number}"
        found = self.folders.setdefault(path, Folder(path, self.folder / state))
        was, before = found.state, found.sha256
        made = self._step(found, "plan", size=size, check_mode=check, cut=cut, approval_ttl=limit)
        if was not in (RunState.EMPTY, RunState.PLANNED):
            assert not made or made["refusal"], "the plan of a run was replaced"
            assert found.sha256 == before

    @rule(number=st.integers(3, 4), cut=CUTS, behaviors=BEHAVIORS, stop=STOPS)
    def apply_at_once(self, number: int, cut: Any, behaviors: Any, stop: int | None) -> None:
        """Without a plan to approve, the task itself is the approval."""
        path = self.folder / f"run-{number}"
        found = self.folders.setdefault(path, Folder(path, self.folder / "shared"))
        if found.state is RunState.EMPTY:
            self._step(
                found, "apply", size=10, cut=cut, behaviors=behaviors, stop=stop, at_once=True
            )
            found.applied = found.sha256 if found.folder.journal().runs else None

    @precondition(lambda self: self._planned_or_later())
    @rule(
        data=st.data(),
        cut=CUTS,
        behaviors=BEHAVIORS,
        meddling=MEDDLING,
        stop=STOPS,
        check=CHECKS,
        limit=LIMITS,
    )
    def apply(
        self,
        data: st.DataObject,
        cut: Any,
        behaviors: Any,
        meddling: Any,
        stop: int | None,
        check: bool,
        limit: int | None,
    ) -> None:
        found = data.draw(st.sampled_from(self._planned_or_later()))
        sha256 = data.draw(st.sampled_from([*[found.sha256] * 4, *found.approvals, None, "0" * 64]))
        how = {"behaviors": behaviors, "meddling": meddling, "stop": stop, "check_mode": check}
        self._apply(found, sha256, cut=cut, approval_ttl=limit, **how)

    @precondition(lambda self: self._in(*RESUMED))
    @rule(
        data=st.data(), cut=CUTS, behaviors=BEHAVIORS, meddling=MEDDLING, stop=STOPS, check=CHECKS
    )
    def resume(
        self,
        data: st.DataObject,
        cut: Any,
        behaviors: Any,
        meddling: Any,
        stop: int | None,
        check: bool,
    ) -> None:
        found = data.draw(st.sampled_from(self._in(*RESUMED)))
        how = {"behaviors": behaviors, "meddling": meddling, "stop": stop, "check_mode": check}
        self._resume(found, cut=cut, **how)

    @precondition(lambda self: self._in(*ENDED))
    @rule(data=st.data())
    def a_report_is_lost(self, data: st.DataObject) -> None:
        self._lose_report(data.draw(st.sampled_from(self._in(*ENDED))))

    @precondition(lambda self: self._runs())
    @rule(data=st.data(), cut=CUTS, check=st.booleans())
    def plan_a_rollback(self, data: st.DataObject, cut: Any, check: bool) -> None:
        self._plan_rollback(data.draw(st.sampled_from(self._runs())), cut=cut, check_mode=check)

    @precondition(lambda self: self._in(*RunState))
    @rule(data=st.data(), check=st.booleans(), cut=CUTS)
    def look_for_drift(self, data: st.DataObject, check: bool, cut: Any) -> None:
        found = data.draw(st.sampled_from(self._in(*RunState)))
        state = found.state
        result = self._step(found, "drift", check_mode=check, cut=cut)
        for row in result.get("results", ()):
            if row["outcome"] == "moved":
                assert row["id"] not in self.boxes.boxes
                continue
            size = found.folder.plan()["terms"]["target"]["size"]
            box = self.boxes.boxes[row["id"]]
            differs = box["size"] < size or box["weight"] != _WEIGHT
            assert (row["outcome"] in ("drifted", "failed")) is differs, row
            assert (row["outcome"] == "failed") is (differs and row["id"] in self.boxes.locked)
        assert found.state is state

    # --- commands --------------------------------------------------------------------------------

    def _in(self, *states: RunState) -> list[Folder]:
        return [found for found in self.folders.values() if found.state in states]

    def _planned_or_later(self) -> list[Folder]:
        return [found for found in self.folders.values() if found.state is not RunState.EMPTY]

    def _runs(self) -> list[Folder]:
        """Return the folders of runs and of their rollbacks that have begun and can be rolled back."""
        return [found for found in self._in(*RESUMED) if found.of is None or found.of.of is None]

    def _apply(
        self,
        found: Folder,
        sha256: str | None,
        approval_ttl: int | None = None,
        **how: Any,
    ) -> dict[str, Any]:
        state, there = found.state, found.sha256
        approval = found.approvals.get(sha256 or "")
        how["approval_ttl"] = approval_ttl
        result = self._step(found, "apply", plan_sha256=sha256, approval=approval, **how)
        done = result and not result.get("refusal")
        valid = approval is not None and approval.is_valid(self.clock.now, approval_ttl)
        if done:
            assert state is RunState.PLANNED, f"a run that is {state} was applied"
            assert sha256 == there, "another plan than the approved one was applied"
            assert valid, "a run began with an approval that is too old"
        elif result and state is RunState.PLANNED and sha256 == there and valid:
            unread = self.boxes.unreadable
            assert unread or "approval is valid for" not in result["msg"], result["msg"]
        if found.folder.journal().runs and state is RunState.PLANNED:
            found.applied = sha256
        return result

    def _resume(self, found: Folder, **how: Any) -> dict[str, Any]:
        state, lacks_report = found.state, found.folder.lacks_report
        before = found.folder.journal()
        # A run that has ended is not applied again, whatever was approved.
        approval = found.approvals[found.applied] if found.applied else None
        approval = None if state in ENDED else approval
        result = self._step(found, "resume", approval=approval, **how)
        if state is RunState.ROLLED_BACK and not lacks_report:
            assert not result or result.get("refusal"), "a run that was rolled back was resumed"
        elif result and not self.boxes.unreadable:
            assert not result.get("refusal"), result["msg"]
        if state in ENDED:
            assert found.state is state
            if result and lacks_report and not how.get("check_mode"):
                assert found.folder.reported
                self._check_verified(result, rolled_back=state is RunState.ROLLED_BACK)
        elif result.get("finished"):
            assert {row["id"] for row in result["results"]} >= set(before.in_doubt)
        return result

    def _lose_report(self, found: Folder) -> None:
        (found.path / "report.json").unlink(missing_ok=True)

    def _check_verified(self, result: dict[str, Any], *, rolled_back: bool) -> None:
        """A late report calls nothing verified that the panel does not show."""
        for row in result["results"]:
            if row["verified"]:
                assert not rolled_back
                shown = self.boxes.boxes[row["id"]]
                changed = [each for each in row["changes"] if each["outcome"] == "changed"]
                assert all(shown[each["field"]] == each["after"] for each in changed), row

    def _plan_rollback(self, run: Folder, **how: Any) -> dict[str, Any]:
        path = run.folder.next_rollback().path
        back = self.folders.setdefault(path, Folder(path, run.state_dir, run))
        state = back.state
        made = self._step(back, "plan", rollback=run.folder.journal_path, **how)
        planned = made and not made.get("refusal")
        if made and not planned and not self.boxes.unreadable:
            # Only a rollback that has begun keeps another one from being planned.
            assert state in (RunState.BEGUN, RunState.STOPPED), made["msg"]
        return made

    def _step(
        self,
        found: Folder,
        step: str,
        *,
        check_mode: bool = False,
        approval: Approval | None = None,
        at_once: bool = False,
        stop: int | None = None,
        cut: Any = None,
        behaviors: Any = None,
        meddling: Any = None,
        **options: Any,
    ) -> dict[str, Any]:
        """Execute a step as a bulk action does, and check what it wrote and states."""
        params = {
            name: rule.get("default")
            for spec in (ARGUMENTS, _SELECTION, _TARGET, _MANNER)
            for name, rule in spec.options.items()
        }
        given = {name: value for name, value in options.items() if value is not None}
        if step in ("plan", "resume"):
            given["max_failures"] = "100%"
        params |= {"workers": 1, "state_dir": str(found.state_dir), "run_dir": str(found.path)}
        params |= {"run_step": step, **given}
        terms = Terms(_SELECTION, _TARGET, _MANNER, "box_sizes")
        engine = self._engine(stop)
        steps = FolderSteps("box_sizes", terms, params, list(given), engine, check_mode=check_mode)
        before = self._files(found) if check_mode else None
        writes = (approval is not None or at_once) and not check_mode
        result = self.execute(
            steps.execute,
            may_write=self._covered(found, approval) if writes else None,
            cut=None if check_mode else cut,
            behaviors=behaviors,
            meddling=meddling,
        )
        if found.sha256:
            found.approvals.setdefault(found.sha256, Approval.of(found.folder.plan_path))
        if check_mode:
            assert self._files(found) == before, "a step in check mode wrote a file"
        elif writes and result.get("run_state") != RunState.PLANNED.value:
            found.commands.append(self.boxes.command)
            self._check_report(found, result)
            ended = result and not result.get("refusal") and not result["results_omitted"]
            assert found.folder.reported or not ended, "a run has ended without its report"
        if result.get("run_state") is not None:
            assert result["run_state"] == found.state.value
        return result

    def _engine(self, stop_after: int | None) -> Callable[..., dict[str, Any]]:
        def execute(
            params: Mapping[str, Any], read_only: bool, step: Callable[[FleetRun], dict[str, Any]]
        ) -> dict[str, Any]:
            settings = Settings.from_params(params)
            stop = Stop()
            if stop_after is not None:
                self._stop_after(stop, stop_after)
            journal = settings.rollback
            with reversals_of(journal) if journal else nullcontext() as reversals:
                if reversals is None:
                    target = {"size": params["size"], "weight": _WEIGHT}
                    change: Any = BoxChange(self.boxes, target)
                else:
                    change = BoxRollback(self.boxes, reversals)
                return step(FleetRun(change, settings, self.clock, None, stop))

        return execute

    def _stop_after(self, stop: Stop, writes: int) -> None:
        after, left = self.boxes.after, [writes]

        def asked(box: Any) -> None:
            left[0] -= 1
            if left[0] == 0:
                stop.ask(Reason.DEADLINE, "the deadline has passed")
            after(box)

        self.boxes.after = asked

    def _covered(self, found: Folder, approval: Approval | None) -> Callable[[Write], None]:
        def check(write: Write) -> None:
            self.within(approval or Approval.of(found.folder.plan_path))(write)
            if found.of is not None:
                with reversals_of(found.of.folder.journal_path) as each:
                    assert each[write.box].before[write.field] == write.desired

        return check

    def _files(self, found: Folder) -> dict[str, bytes]:
        """Return the files of the folder but its lock."""
        there = sorted(found.path.rglob("*")) if found.path.exists() else []
        return {
            str(each): each.read_bytes() for each in there if each.is_file() and each.name != "lock"
        }

    def _check_report(self, found: Folder, result: dict[str, Any]) -> None:
        """The report of a run has the totals of its result, and all rows."""
        if not result.get("results") or result.get("refusal") or result["results_omitted"]:
            return
        report = json.loads((found.path / "report.json").read_text())
        for name in ("changed", "failed", "in_doubt", "moved", "skipped"):
            assert report["totals"][name] == result["totals"][name], name

    # --- what always holds -----------------------------------------------------------------------

    @invariant()
    def every_accepted_write_can_be_found_by_rollback(self) -> None:
        for found in self.folders.values():
            if found.folder.journal().runs:
                with reversals_of(found.folder.journal_path) as each:
                    there = {box: (dict(r.before), dict(r.after)) for box, r in each.items()}
                self.found_by_rollback(found.commands, there)

    @invariant()
    def every_folder_can_be_described(self) -> None:
        for found in self.folders.values():
            if not found.sha256:
                continue
            info = run_info(str(found.path), None)
            assert info["state"] == found.state.value
            for step in ("resume", "rollback"):
                if step in info["possible"]:
                    run_info(str(found.path), step)
            command = info["next_command"]
            done = found.state in ENDED or changes_nothing(found.folder.plan())
            assert command is not None or done
            # A finished run that died before its report is resumed to write it, even after a rollback.
            lacking = found.folder.journal().finished and not info["reported"]
            assert ("resume" in info["possible"] and command is not None) or not lacking

    @invariant()
    def a_run_that_is_reported_has_the_report_of_its_latest_execution(self) -> None:
        for found in self.folders.values():
            if not found.folder.reported:
                continue
            report = json.loads((found.path / "report.json").read_text())
            journal = found.folder.journal()
            assert report["run_id"] == journal.runs[-1]
            assert len(report["windows"]) == len(journal.runs)
            if journal.ended:
                for name, count in journal.ended["totals"].items():
                    if name in ("changed", "failed", "in_doubt", "skipped"):
                        assert report["totals"][name] == count, name

    def every_run_can_be_ended(self) -> None:
        for number, found in enumerate(list(self.folders.values())):
            state = found.state
            if state in (RunState.EMPTY, RunState.PLANNED) or found.of is not None:
                continue
            if state is RunState.ROLLED_BACK or number % 2:
                self._end_by_rollback(found)
                self._lose_report(found)
                if found.folder.journal().finished:
                    self._resume(found)
                    assert found.folder.reported
            else:
                result = self._resume(found)
                assert result.get("finished") is True, result["msg"]
                assert found.state is RunState.FINISHED
                assert found.folder.reported

    def _end_by_rollback(self, run: Folder) -> None:
        back = self.folders.get(run.folder.next_rollback().path)
        if back is None or back.state in (RunState.EMPTY, RunState.PLANNED):
            made = self._plan_rollback(run)
            assert made.get("plan_sha256"), made["msg"]
            back = self.folders[run.folder.next_rollback().path]
            result = self._apply(back, back.sha256)
        else:
            result = self._resume(back)
        assert result.get("finished") is True, result["msg"]
        assert run.state is RunState.ROLLED_BACK
        assert back.state is RunState.FINISHED


FolderModel.TestCase.settings = model_settings()
TestFolderModel = FolderModel.TestCase
