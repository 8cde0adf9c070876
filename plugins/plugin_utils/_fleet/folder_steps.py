# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Execute the steps of a run in a folder: plan, apply, resume, drift."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeAlias

from ...module_utils._core.errors import PanelError
from .engine import FleetRun
from .fleet_result import nothing_left
from .identity import Job
from .run_copies import RunCopies
from .run_folder import ENDED, RunFolder, RunState
from .run_report import DRIFT_REPORTS
from .run_store import FolderStore, HttpStore, RunStore
from .settings import APPLY, DRIFT, PLAN, RESUME
from .terms import Terms

#: Executes a step of the engine, given the options, whether writes are locked, and the step.
Execute: TypeAlias = Callable[
    [Mapping[str, Any], bool, Callable[[FleetRun], dict[str, Any]]], dict[str, Any]
]


class FolderSteps:
    """One step of a run, as selected by ``run_dir`` and ``run_step``.

    :param action: the name of the bulk action.
    :param params: the options after argument validation.
    :param given: the names of the options that the task sets.
    :param execute: creates the engine's run from options, and executes one step of it.
    :param job: the job in which the step runs, ``None`` outside of jobs.
    :param store: keeps a copy of the run, ``None`` if none is kept.
    :param now: returns the time as text.
    """

    def __init__(
        self,
        action: str,
        terms: Terms,
        params: Mapping[str, Any],
        given: Collection[str],
        execute: Execute,
        *,
        check_mode: bool,
        job: Job | None = None,
        store: RunStore | None = None,
        now: Callable[[], str] = str,
    ) -> None:
        self._action = action
        self._terms = terms
        self._params = params
        self._given = given
        self._execute = execute
        self._check_mode = check_mode
        self._folder = RunFolder(params["run_dir"])
        self._copies = RunCopies(store, self._folder) if store and not check_mode else None
        self._now = now
        kept = store.location if isinstance(store, FolderStore) else params["run_dir"]
        self._lost_because = job.loses(kept) if job and not isinstance(store, HttpStore) else None
        self._unlocked_because = self._why_unlocked(job)

    def execute(self) -> dict[str, Any]:
        """Execute the step and return its result. :raises PanelError: the step is refused or fails."""
        steps = {PLAN: self._plan, APPLY: self._apply, RESUME: self._resume, DRIFT: self._drift}
        step = steps[self._params["run_step"]]
        result = step() if self._copies is None else self._copied(step, self._copies)
        losses = list(self._losses())
        if losses:
            result["warnings"] = [*result.get("warnings", ()), *losses]
        return result

    def _copied(self, step: Callable[[], dict[str, Any]], copies: RunCopies) -> dict[str, Any]:
        """Execute a step of a run that has a copy in a store, and renew the copy at its end."""
        try:
            copies.fetch(self._now())
            self._folder.copy_files = copies.save
            try:
                result = step()
            except PanelError as error:
                self._save(copies, error.result)
                raise
            if self._params["run_step"] == PLAN:
                copies.save()  # nothing was changed, and later jobs need the plan
            else:
                self._save(copies, result)
            return result
        finally:
            copies.close()

    def _save(self, copies: RunCopies, result: dict[str, Any]) -> None:
        """Copy the run at its end. A failure must not hide the results."""
        if not self._folder.path.is_dir():
            return
        # A comparison does not continue the run, so the node that runs it still stores its files.
        of = DRIFT_REPORTS if self._params["run_step"] == DRIFT else ""
        try:
            copies.save(of)
        except PanelError as error:
            result["warnings"] = [*result.get("warnings", ()), error.msg]

    def _losses(self) -> Iterator[str]:
        """Yield a warning for each folder that is lost with the job."""
        if self._lost_because:
            yield (
                f"the folder {self._folder.path} will be lost with this job: {self._lost_because};"
                f" {_KEEP}"
            )
        if self._unlocked_because:
            yield (
                f"the folder {self._params['state_dir']} will be lost with this job, and with it the lock,"
                f" the rate limit and the record of applied plans: {self._unlocked_because}; set state_dir"
                " (vps_fleet_state_dir) to a folder that is mounted into the jobs"
            )

    def _why_unlocked(self, job: Job | None) -> str | None:
        """Return why the lock is lost with the job, or ``None`` if it may outlive it."""
        if job is None or self._params["run_step"] == DRIFT:
            return None
        if "state_dir" not in self._given:
            return "it is in the home folder, which a container of the job has for itself"
        return job.loses(self._params["state_dir"])

    def _refuse_loss(self) -> None:
        """Refuse to change servers if the journal would be lost. :raises PanelError: ``validation``."""
        if self._lost_because:
            raise self._folder.refused(
                f"its journal would be lost with this job: {self._lost_because}", _KEEP
            )

    def _plan(self) -> dict[str, Any]:
        folder = self._folder
        folder.check_for_plan(self._action)
        if self._check_mode:
            folder.check_not_in_use()
            return self._execute(self._params, True, lambda run: run.plan(folder, keep=False))
        folder.make()
        with folder.held():
            folder.check_for_plan(self._action)
            terms = self._terms.of(self._params, folder.path)
            return self._execute(self._params, True, lambda run: run.plan(folder, terms))

    def _apply(self) -> dict[str, Any]:
        folder, approved = self._folder, self._params["plan_sha256"]
        self._refuse_loss()
        if approved is None:
            folder.check_fitness()
            if folder.state() is not RunState.EMPTY:
                folder.check_for_apply()
                raise folder.refused(
                    "its plan needs an approval", "set plan_sha256 to the hash of the plan"
                )
            plan = self._plan()
            if self._check_mode:
                return plan
            approved = plan["plan_sha256"]
        folder.check_for_apply()
        if self._check_mode:
            folder.check_not_in_use()
            return self._continue(approved, pace_may_differ=False)
        with folder.held():
            folder.check_for_apply()
            return self._continue(approved, pace_may_differ=False)

    def _resume(self) -> dict[str, Any]:
        folder = self._folder
        folder.check_for_resume()
        folder.plan(self._params["plan_sha256"])  # refuses another hash
        approved = folder.journal().latest["plan_sha256"]
        if self._check_mode:
            folder.check_not_in_use()
            return self._resume_now(approved)
        with folder.held():
            folder.check_for_resume()
            return self._resume_now(approved)

    def _resume_now(self, approved: str) -> dict[str, Any]:
        """Resume the run, unless it has ended with its report. Check mode writes no report."""
        folder = self._folder
        if folder.state() in ENDED and (folder.reported or self._check_mode):
            return nothing_left(folder, folder.journal())
        return self._continue(approved, pace_may_differ=True)

    def _continue(self, approved: str, *, pace_may_differ: bool) -> dict[str, Any]:
        """Make the remaining changes of the plan with this hash, or preview them in check mode."""
        folder = self._folder
        plan = folder.plan(approved) or {}
        params = self._terms.params(
            plan["terms"],
            self._params,
            self._given,
            folder.path,
            pace_may_differ=pace_may_differ,
        )
        params["plan_sha256"] = approved
        if folder.lacks_report:
            return self._execute(params, True, lambda run: run.report(folder))
        if self._check_mode:
            return self._execute(params, True, lambda run: run.preview(folder))
        given = self._params["plan_sha256"] is not None
        return self._execute(params, False, lambda run: run.apply(folder, approved=given))

    def _drift(self) -> dict[str, Any]:
        """Compare servers with a target, both from the options or from the folder's run."""
        folder = self._folder
        folder.check_fitness()
        params, plan = dict(self._params), None
        if self._states_target():
            title = self._terms.of(params, folder.path)["title"]
        else:
            params, plan = self._planned(folder)
            title = plan["terms"]["title"]
        for option, value in _COMPARE.items():
            if option in params:
                params[option] = value
        if not self._check_mode:
            folder.make()
        report = None if self._check_mode else folder
        return self._execute(params, True, lambda run: run.drift(report, plan, title))

    def _states_target(self) -> bool:
        return not set(self._given).isdisjoint(self._terms.target_options)

    def _planned(self, folder: RunFolder) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the options of the folder's run, and its plan."""
        plan = folder.check_for_drift()
        params = self._terms.params(
            plan["terms"], self._params, self._given, folder.path, pace_may_differ=True
        )
        return params, plan


#: What to do about a folder that does not outlive the job.
_KEEP = (
    "set run_dir (vps_fleet_run_dir) to a folder that is mounted into the job, or set run_store"
    " (vps_fleet_run_store)"
)

#: Options of a comparison: a predicted refusal is not a failure, and failures never stop it.
_COMPARE = {
    "on_refused": "ignore",
    "allow_disabled": True,
    "check_capacity": False,
    "max_failures": "100%",
    "max_items": None,
}
