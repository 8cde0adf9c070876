# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The run model of the guide "fleet model", as a state machine over a fleet in memory.

Operators plan, apply, resume, roll back and look for drift; the process dies at any step; somebody
else changes, moves and deletes things directly on the panel, and writes show late or not at all.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.durable_file import AppendFile
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.journal import journal_state
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.rollback import reversals_of
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    ToyPanel,
    failing,
    fleet_run,
)

THINGS = st.integers(1, 5)
#: 10 is the target; what is bigger does not shrink.
SIZES = st.sampled_from([1, 4, 10, 12])
DESIRED = 10


class Killed(BaseException):
    """The process is gone."""


class Run:
    """One folder of an operator: a plan, its journal, and the journal of its rollback."""

    def __init__(self, folder: Path, number: int) -> None:
        self.plan = str(folder / f"plan-{number}.json")
        self.journal = str(folder / f"journal-{number}")
        self.back = str(folder / f"back-{number}")
        self.sha256 = ""
        #: What the approval allows: the size of each thing that may be changed.
        self.approved: dict[Any, int] = {}
        self.rolled_back = False


class FleetModel(RuleBasedStateMachine):
    """Several runs over one panel."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.toys = ToyPanel([1, 2, 10, 12, 3])
        self.clock = FakeClock()
        self.runs: list[Run] = []
        #: Writes by the engine: the thing, its size before, and the size written, by run.
        self.written: list[tuple[int, Any, int, int]] = []
        self.late: dict[Any, int] = {}

    def teardown(self) -> None:
        try:
            self._every_run_can_be_ended()
        finally:
            shutil.rmtree(self.folder)

    # --- what happens on the panel ---------------------------------------------------------------

    @rule(thing=THINGS, size=SIZES)
    def somebody_changes_it(self, thing: int, size: int) -> None:
        if thing in self.toys.sizes:
            self.toys.sizes[thing] = size

    @rule(thing=THINGS, room=st.sampled_from(["home", "abroad"]))
    def somebody_moves_it(self, thing: int, room: str) -> None:
        self.toys.places[thing] = room

    @rule(thing=THINGS)
    def somebody_deletes_it(self, thing: int) -> None:
        if len(self.toys.sizes) > 2:
            self.toys.sizes.pop(thing, None)

    @rule(thing=THINGS, reason=st.sampled_from([None, "it is glued"]))
    def it_will_not_change(self, thing: int, reason: str | None) -> None:
        self.toys.stubborn[thing] = reason

    @rule()
    def the_panel_does_what_it_had_accepted(self) -> None:
        self.toys.stubborn.clear()
        for thing, size in self.late.items():
            if thing in self.toys.sizes:
                self.toys.sizes[thing] = size
        self.late.clear()

    # --- what operators do -----------------------------------------------------------------------

    @rule()
    def plan(self) -> None:
        self.clock.now += 1
        run = Run(self.folder, len(self.runs))
        made = self._command(None, check_mode=True, plan_file=run.plan)
        run.sha256 = made["plan_sha256"]
        run.approved = {
            row["id"]: self.toys.sizes[row["id"]]
            for row in made["results"]
            if row["outcome"] == "changed"
        }
        self.runs.append(run)

    @precondition(lambda self: self.runs)
    @rule(
        data=st.data(),
        dies=st.none() | st.integers(1, 30),
        fails=st.none() | THINGS,
        uncertain=st.booleans(),
    )
    def apply_or_resume(
        self, data: st.DataObject, dies: int | None, fails: int | None, uncertain: bool
    ) -> None:
        run = data.draw(st.sampled_from(self.runs))
        options = {"plan_file": run.plan, "plan_sha256": run.sha256, "journal": run.journal}
        result = self._command(run, dies=dies, fails=fails, uncertain=uncertain, **options)
        if run.rolled_back:
            assert "rolled back" in result["msg"]

    @precondition(lambda self: any(Path(run.journal).exists() for run in self.runs))
    @rule(data=st.data(), dies=st.none() | st.integers(1, 30))
    def roll_back(self, data: st.DataObject, dies: int | None) -> None:
        run = data.draw(st.sampled_from([r for r in self.runs if Path(r.journal).exists()]))
        before = self._reversals(run)
        result = self._command(run, dies=dies, rollback=run.journal, journal=run.back)
        if journal_state(run.journal)["rollback"]:
            run.rolled_back = True
        # A rollback can be repeated: what it has to undo stays the same.
        assert self._reversals(run) == before
        if result.get("finished"):
            for thing in before:
                row = next(row for row in result["results"] if row["id"] == thing)
                assert row["outcome"] in ("changed", "unchanged", "refused", "moved")

    @precondition(lambda self: any(run.approved for run in self.runs))
    @rule(data=st.data())
    def a_second_operator_takes_the_plan(self, data: st.DataObject) -> None:
        run = data.draw(st.sampled_from(self.runs))
        begun = Path(run.journal).exists() and journal_state(run.journal)["begun"]
        other = str(self.folder / "other-journal")
        if not begun:
            return
        result = self._command(None, plan_file=run.plan, plan_sha256=run.sha256, journal=other)
        assert "has used it" in result["msg"] or "rolled back" in result["msg"]
        assert not Path(other).exists()

    @rule()
    def look_for_drift(self) -> None:
        result = self._command(None, check_mode=True)
        for row in result["results"]:
            differs = self.toys.sizes[row["id"]] < DESIRED
            assert (row["outcome"] == "changed") is differs

    # --- one command -----------------------------------------------------------------------------

    def _command(
        self,
        run: Run | None,
        *,
        dies: int | None = None,
        fails: int | None = None,
        uncertain: bool = False,
        **options: Any,
    ) -> dict[str, Any]:
        """Run it; return its result, empty if the process died."""
        left = [dies]
        sizes = dict(self.toys.sizes)

        def step(*dummy: object) -> None:
            if left[0] is not None:
                left[0] -= 1
                if left[0] <= 0:
                    raise Killed

        def before(thing: Any) -> None:
            step()
            if fails is not None:
                failing(fails, uncertain=uncertain)(thing)
            sizes[thing] = self.toys.sizes[thing]

        def after(thing: Any) -> None:
            size = self.toys.sizes[thing]
            if thing in self.toys.stubborn and "rollback" not in options:
                size = DESIRED
                if self.toys.stubborn[thing] is None:
                    self.late[thing] = DESIRED
            self._wrote(run, thing, sizes[thing], size, rollback="rollback" in options)
            step()

        self.toys.before, self.toys.after = before, after
        real = AppendFile.append

        def append(file: AppendFile, line: str) -> None:
            step()
            real(file, line)
            step()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(AppendFile, "append", append)
            try:
                result = fleet_run(
                    self.toys, self.folder, clock=self.clock, max_failures="4", **options
                )
            except Killed:
                return {}
            except PanelError as error:
                assert error.code is not Code.INTERNAL, error.msg
                result = error.to_result()
            finally:
                self.toys.before = self.toys.after = lambda thing: None
        if "check_mode" not in options:
            self._check_claims(result)
        return result

    def _wrote(self, run: Run | None, thing: Any, was: int, size: int, *, rollback: bool) -> None:
        assert run is not None, "a refused command has written"
        if rollback:
            with reversals_of(run.journal) as reversals:
                assert thing in reversals, "a rollback wrote to what no run had changed"
            return
        # Nothing is written without an approval of exactly that.
        assert not run.rolled_back, "a run that was rolled back has written"
        assert thing in run.approved, f"{thing} was never approved"
        assert was in (run.approved[thing], size), f"{thing} was approved in another state"
        assert self.toys.places.get(thing, "home") == self._approved_place(run, thing)
        self.written.append((self.runs.index(run), thing, was, size))

    def _approved_place(self, run: Run, thing: Any) -> str:
        plan = json.loads(Path(run.plan).read_text())
        return next(row["place"]["room"] for row in plan["items"] if row["id"] == thing)

    def _check_claims(self, result: dict[str, Any]) -> None:
        """Nothing is said to be done that the panel does not show."""
        for row in result.get("results", ()):
            if row["outcome"] == "changed":
                change = row["changes"][0]
                assert self.toys.sizes[row["id"]] == change["after"], row
            elif row["outcome"] == "unchanged":
                assert row["id"] in self.toys.sizes
        if result.get("totals", {}).get("in_doubt") or result.get("totals", {}).get("failed"):
            assert result["finished"] is False

    def _reversals(self, run: Run) -> dict[Any, tuple[Any, Any]]:
        with reversals_of(run.journal) as found:
            return {thing: (dict(r.before), dict(r.after)) for thing, r in found.items()}

    # --- what always holds -----------------------------------------------------------------------

    @invariant()
    def every_accepted_write_can_be_found_by_rollback(self) -> None:
        for number, thing, was, size in self.written:
            run = self.runs[number]
            if was != size:
                assert thing in self._reversals(run), f"{thing} of run {number} is lost"

    @invariant()
    def every_journal_can_be_read(self) -> None:
        for run in self.runs:
            state = journal_state(run.journal)
            assert not (state["finished"] and state["in_doubt"])

    def _every_run_can_be_ended(self) -> None:
        """Resume or roll back each run once more, on a panel that does what it accepts."""
        self.toys.stubborn.clear()
        for run in self.runs:
            if not journal_state(run.journal)["begun"]:
                continue
            if run.rolled_back:
                result = self._command(run, rollback=run.journal, journal=run.back)
                ended = run.back
            else:
                plan = {"plan_file": run.plan, "plan_sha256": run.sha256}
                result = self._command(run, journal=run.journal, **plan)
                ended = run.journal
            assert result["finished"] is True, result["msg"]
            assert journal_state(ended)["finished"] is True


FleetModel.TestCase.settings = settings(
    max_examples=25,
    phases=(Phase.explicit, Phase.generate),
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestFleetModel = FleetModel.TestCase
