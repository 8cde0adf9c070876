# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The run model of the guide "fleet model", as a state machine: runs with a plan file and a journal.

Operators plan, approve, apply, resume, roll back and look for drift, also in check mode. The process
dies at any step. Somebody else changes, moves and deletes boxes on the panel. Writes take effect at once,
late or never, and responses are lost. ``VPSFLEET_MODEL_EXAMPLES=2000`` makes a long run with new seeds.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.engine import FleetRun
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.rollback import reversals_of
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Stop
from ansible_collections.vpsfleet.panels.tests.unit.support.journals import journal_state
from ansible_collections.vpsfleet.panels.tests.unit.support.model_fleet import (
    DESIRED,
    BoxChange,
    BoxRollback,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.model_world import (
    BEHAVIORS,
    CUTS,
    MEDDLING,
    Approval,
    World,
    model_settings,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import settings_of


class Run:
    """A plan of an operator, with its journal and the journal of its rollback.

    :param state: the folder with the ``state_dir``, which operators can share.
    """

    def __init__(self, folder: Path, number: int, state: str) -> None:
        self.plan = str(folder / f"plan-{number}.json")
        self.journal = str(folder / f"journal-{number}")
        self.back = str(folder / f"back-{number}")
        self.state = folder / state
        self.sha256 = ""
        self.approval = Approval()
        self.rolled_back = False
        #: Whether another plan has the plan's place.
        self.replaced = False
        #: Whether a run of it left no work, so that its approval is used up.
        self.spent = False
        #: Whether it was applied without the journal.
        self.unrecorded = False
        #: The numbers of the commands that applied it.
        self.commands: list[int] = []

    @property
    def begun(self) -> bool:
        return bool(journal_state(self.journal)["begun"])


Reversals = dict[Any, tuple[dict[str, Any], dict[str, Any]]]


class FleetModel(World):
    """Runs over one panel."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[Run] = []

    # --- what operators do -----------------------------------------------------------------------

    @rule(state=st.sampled_from(["shared", "shared", "own"]), cut=CUTS)
    def plan(self, state: str, cut: tuple[int, bool] | None) -> None:
        run = Run(self.folder, len(self.runs), state)
        made = self.execute(self._step(run, check_mode=True, plan_file=run.plan), cut=cut)
        if made.get("plan_sha256"):
            self._approved(run, made)
            self.runs.append(run)

    @precondition(lambda self: self.runs)
    @rule(data=st.data(), cut=CUTS)
    def plan_again_in_the_same_place(
        self, data: st.DataObject, cut: tuple[int, bool] | None
    ) -> None:
        run = data.draw(st.sampled_from(self.runs))
        made = self.execute(self._step(run, check_mode=True, plan_file=run.plan), cut=cut)
        if not made or not made.get("plan_sha256"):
            run.replaced = run.replaced or not made
            return
        if run.begun or run.replaced or run.rolled_back:
            run.replaced = run.replaced or made["plan_sha256"] != run.sha256
        else:
            self._approved(run, made)

    @precondition(lambda self: self.runs)
    @rule(data=st.data(), cut=CUTS, behaviors=BEHAVIORS, meddling=MEDDLING)
    def apply_or_resume(self, data: st.DataObject, cut: Any, behaviors: Any, meddling: Any) -> None:
        run = data.draw(st.sampled_from(self.runs))
        self._apply(run, cut=cut, behaviors=behaviors, meddling=meddling)

    @precondition(lambda self: self.runs)
    @rule(data=st.data(), cut=CUTS, behaviors=BEHAVIORS)
    def apply_without_a_journal(self, data: st.DataObject, cut: Any, behaviors: Any) -> None:
        """Apply a plan, and once more after somebody has set the boxes back by hand."""
        run = data.draw(st.sampled_from(self.runs))
        options = {"plan_file": run.plan, "plan_sha256": run.sha256}
        for how in ({"cut": cut, "behaviors": behaviors}, {}):
            used, seen = self._is_used(run), len(self.boxes.writes)
            may_write = self.within(run.approval)
            result = self.execute(self._step(run, **options), may_write=may_write, **how)
            wrote = len(self.boxes.writes) > seen
            assert not (used and wrote), "a used approval was used again"
            if wrote or (result and not result.get("refusal")):
                run.unrecorded = True
            for box, values in run.approval.values.items():
                self.boxes.boxes.get(box, {}).update(values)

    @precondition(lambda self: self.runs)
    @rule(data=st.data(), approved=st.booleans())
    def preview(self, data: st.DataObject, approved: bool) -> None:
        run = data.draw(st.sampled_from(self.runs))
        options = {"plan_file": run.plan, "plan_sha256": run.sha256} if approved else {}
        before = self._files()
        self.execute(self._step(run, check_mode=True, journal=run.journal, **options))
        assert self._files() == before, "a preview wrote a file"

    @precondition(lambda self: self.runs)
    @rule(data=st.data(), behaviors=BEHAVIORS)
    def two_operators_at_once(self, data: st.DataObject, behaviors: Any) -> None:
        run = data.draw(st.sampled_from(self.runs))
        other = data.draw(st.sampled_from(self.runs))
        if other.state != run.state or other is run:
            return
        refused: list[str] = []

        def meanwhile() -> None:
            before = len(self.boxes.writes)
            try:
                self._step(other, plan_file=other.plan, journal=other.journal)()
            except PanelError as error:
                refused.append(error.msg)
            assert refused
            assert len(self.boxes.writes) == before, "two runs with one state_dir have written"

        self._apply(run, behaviors=behaviors, during=meanwhile)

    @precondition(lambda self: self.runs)
    @rule(data=st.data(), state=st.sampled_from(["shared", "own"]))
    def a_second_operator_takes_the_plan(self, data: st.DataObject, state: str) -> None:
        run = data.draw(st.sampled_from(self.runs))
        if run.replaced:
            return
        other = Run(self.folder, len(self.runs), state)
        shutil.copyfile(run.plan, other.plan)
        other.sha256, other.approval = run.sha256, run.approval
        used = run.state == other.state and (run.begun or run.rolled_back)
        result = self._apply(other)
        if used and not self.boxes.unreadable:
            assert "has used it" in result["msg"] or "roll its" in result["msg"], result["msg"]
            assert not Path(other.journal).exists()
        elif other.begun:
            self.runs.append(other)

    @precondition(lambda self: any(run.begun for run in self.runs))
    @rule(data=st.data(), cut=CUTS, behaviors=BEHAVIORS, meddling=MEDDLING)
    def roll_back(self, data: st.DataObject, cut: Any, behaviors: Any, meddling: Any) -> None:
        run = data.draw(st.sampled_from([run for run in self.runs if run.begun]))
        self._roll_back(run, cut=cut, behaviors=behaviors, meddling=meddling)

    @rule()
    def look_for_drift(self) -> None:
        result = self.execute(self._step(Run(self.folder, 0, "own"), check_mode=True))
        for row in result.get("results", ()):
            box = self.boxes.boxes[row["id"]]
            differs = box["size"] < DESIRED["size"] or box["weight"] != DESIRED["weight"]
            assert (row["outcome"] in ("changed", "failed")) is differs
            assert (row["outcome"] == "failed") is (differs and row["id"] in self.boxes.locked)

    # --- commands --------------------------------------------------------------------------------

    def _approved(self, run: Run, made: dict[str, Any]) -> None:
        run.sha256, run.unrecorded = made["plan_sha256"], False
        run.approval = Approval.of(run.plan)

    def _is_used(self, run: Run) -> bool:
        """Return whether any run has used the approval, whoever has a copy of the plan."""
        return any(
            each.begun or each.rolled_back or each.unrecorded
            for each in self.runs
            if (each.sha256, each.state) == (run.sha256, run.state)
        )

    def _apply(self, run: Run, **how: Any) -> dict[str, Any]:
        before = journal_state(run.journal)
        options = {"plan_file": run.plan, "plan_sha256": run.sha256, "journal": run.journal}
        result = self.execute(
            self._step(run, **options), may_write=self.within(run.approval), **how
        )
        if not result.get("refusal"):
            assert not run.rolled_back, "a run that was rolled back has been applied"
            run.commands.append(self.boxes.command)
        run.spent = run.spent or before["finished"]
        if run.spent:
            assert all(write.command != self.boxes.command for write in self.boxes.writes)
        if result.get("finished"):
            rows = {row["id"] for row in result["results"]}
            assert rows >= set(before["in_doubt"]), "an item in doubt has no result"
        if result and not result.get("refusal") and not run.spent:
            self._shows_every_change(run, result)
        return result

    def _shows_every_change(self, run: Run, result: dict[str, Any]) -> None:
        """A row has each value that any execution of the run has changed and that the panel shows."""
        for row in result["results"]:
            box, shown = row["id"], self.boxes.boxes.get(row["id"])
            if shown is None or box in self.meddled or row["outcome"] == "in_doubt":
                continue
            there = {each["field"] for each in row["changes"] if each["outcome"] == "changed"}
            for write in self.boxes.writes:
                if write.box == box and write.accepted and write.command in run.commands:
                    late = write in self.boxes.late or shown[write.field] != write.desired
                    assert write.field in there or late, f"{row} does not show {write}"

    def _roll_back(self, run: Run, **how: Any) -> dict[str, Any]:
        before = self._reversals(run)
        result = self.execute(
            self._step(run, rollback=run.journal, journal=run.back),
            may_write=self.restoring(before),
            **how,
        )
        if journal_state(run.journal)["rollback"]:
            for other in self.runs:
                # The approval is withdrawn, whoever has a copy of the plan.
                same = other.sha256 == run.sha256 and other.state == run.state
                other.rolled_back = other.rolled_back or other is run or same
        # A rollback can be repeated: what it has to undo stays the same.
        assert self._reversals(run) == before
        if result.get("finished"):
            rows = {row["id"]: row for row in result["results"]}
            assert set(rows) == set(before)
            for box, row in rows.items():
                assert row["outcome"] in ("changed", "unchanged", "refused", "moved")
                if row["outcome"] in ("changed", "unchanged") and box not in self.meddled:
                    refused = {c["field"] for c in row["changes"] if c["outcome"] == "refused"}
                    for name, value in before[box][0].items():
                        assert self.boxes.boxes[box][name] == value or name in refused
        return result

    def _step(
        self, run: Run, *, check_mode: bool = False, **options: Any
    ) -> Callable[[], dict[str, Any]]:
        def step() -> dict[str, Any]:
            how = {"max_failures": "100%", **options, "state_dir": str(run.state)}
            settings = settings_of(self.folder, workers=1, **how)

            def execute(change: Any) -> dict[str, Any]:
                engine = FleetRun(change, settings, self.clock, None, Stop())
                if not check_mode:
                    return engine.apply()
                return engine.preview() if settings.plan_sha256 else engine.plan()

            if settings.rollback is None:
                return execute(BoxChange(self.boxes))
            with reversals_of(settings.rollback) as reversals:
                return execute(BoxRollback(self.boxes, reversals))

        return step

    def _files(self) -> dict[str, bytes]:
        there = self.folder.rglob("*")
        return {str(each): each.read_bytes() for each in there if each.is_file()}

    def _reversals(self, run: Run) -> Reversals:
        with reversals_of(run.journal) as found:
            return {box: (dict(each.before), dict(each.after)) for box, each in found.items()}

    # --- what always holds -----------------------------------------------------------------------

    @invariant()
    def every_accepted_write_can_be_found_by_rollback(self) -> None:
        for run in self.runs:
            if run.begun:
                self.found_by_rollback(run.commands, self._reversals(run))

    @invariant()
    def every_journal_can_be_read(self) -> None:
        for run in self.runs:
            state = journal_state(run.journal)
            assert not (state["finished"] and state["in_doubt"])

    def every_run_can_be_ended(self) -> None:
        for number, run in enumerate(self.runs):
            if not run.begun:
                continue
            if run.rolled_back or run.replaced or number % 2:
                result, ended = self._roll_back(run), run.back
            else:
                result, ended = self._apply(run), run.journal
            assert result.get("finished") is True, result["msg"]
            assert journal_state(ended)["finished"] is True


FleetModel.TestCase.settings = model_settings()
TestFleetModel = FleetModel.TestCase
