# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run one change of a fleet, from selection to result."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from ...module_utils._core.errors import PanelError
from .approvals import Approvals, UsedApprovals
from .batch_run import BatchRun
from .change import FleetItem
from .durable_file import make_folder
from .earlier import NOTHING
from .final_check import check_again
from .identity import Identity
from .journal import Journal, JournalBroken, JournalState
from .plan_file import FleetPlan
from .read_only_run import ReadOnlyRun
from .results import ItemOutcome
from .run_folder import RunFolder
from .run_lock import LockFiles, LockHolder, RunLock
from .stop import Reason, broken_by


class FleetRun(ReadOnlyRun):
    """One run of one change: the steps that only read, and the one that writes."""

    def apply(self, folder: RunFolder | None = None, *, approved: bool = True) -> dict[str, Any]:
        """Change each item that differs from the target.

        :param folder: contains the plan, and receives the journal and the report.
        :param approved: whether the hash of the plan was given as an approval.
        :raises PanelError: nothing was written; or a failure limit was exceeded or the run was
            stopped, and the error holds the result so far.
        """
        self._folder, self._approved = folder, approved
        self._settings.check_folders("journal", "results_file")
        make_folder(self._settings.state_dir, "state_dir")
        identity = self._change.identity()
        plan = self._read_plan(identity)
        path = folder.journal_path if folder else self._settings.journal
        with self._lock(identity) as lock:
            approvals = self._approvals_file(identity)
            used = UsedApprovals(approvals, path)
            if plan is not None:
                with closing(Approvals(approvals, path)) as used:
                    used.check(plan.sha256)
            if path is None:
                return self._apply(plan, lock, None, used)
            with closing(Journal(path, identity, self._now)) as journal:
                return self._apply(plan, lock, journal, used)

    def _apply(
        self,
        plan: FleetPlan | None,
        lock: RunLock,
        journal: Journal | None,
        used: UsedApprovals,
    ) -> dict[str, Any]:
        state = journal.state if journal else JournalState()
        resumed = bool(state.in_doubt or state.done)
        self._check_approval(plan, state)
        self._know(plan, state)
        items = self._select(list(plan.items) if plan else None, resumed=resumed)
        to_do = self._decide(items, plan, state)
        self._results.complete_with(
            lambda result: self._earlier.get(result.id, NOTHING).within(result)
        )
        if plan is not None and (to_do or self._folder is not None):
            used.check_write(plan.sha256, state.runs)
        if plan is not None and not plan.items:
            self._none = "the plan has nothing to change"
        self._base = len(to_do) + self._results.failures
        self._check_capacity(to_do)
        self._refuse_too_many(to_do)
        if self._folder is not None:
            self._folder.copy()
        lock.check()
        # First of all: no run may resume what a rollback undoes, even if this process dies here.
        self._change.begin(self._id, self._now())
        if journal is not None:
            by = self._attribution.of_execution(
                plan.by.get("ticket") if plan else None,
                None if state.runs and not state.finished else self._now(),
                by_hash=self._approved and self._settings.plan_sha256 is not None,
            )
            journal.begin(self._id, self._plan_sha256, by.to_plain())
        # After the journal: an approval is used up if the journal does not have the run that used it.
        self._record_approval(used)
        self._copy(must=True)
        if to_do:
            self._screen.begin(self._folder)
            self._execute(to_do, lock, journal)
        else:
            self._progress.say(f"nothing is written: {self._results.summary()}")
        if self._folder is not None and journal is not None:
            record = journal.recorder(self._warnings)
            looked = check_again(self._change, self._results, self._order, to_do, record)
            self._warnings += looked
        self._conclude_stop()
        self._end(journal)
        result = self._result()
        if self._folder is not None:
            self._report(self._folder, result, journal)
        return result.conclude(self._stop, dry_run=False)

    def _execute(self, to_do: list[FleetItem], lock: RunLock, journal: Journal | None) -> None:
        run = BatchRun(
            self._change,
            self._settings,
            self._results,
            self._stop,
            self._clock,
            self._progress,
            lock,
            journal,
            self._health,
            began_s=self._began_s,
            base=self._base,
            after_batch=self._copy,
        )
        batches = self._settings.batches.cut(to_do)
        known = self._results.count
        besides = f", {self._results.summary()}" if known else ""
        self._progress.planned(
            len(to_do),
            f"{self._change.counted(len(to_do))} to change{besides}",
            [len(batch) for batch in batches],
            self._settings.workers,
        )
        try:
            run.execute(batches)
        except Exception as error:  # noqa: BLE001 - the result must contain the changes made before it
            self._stop.ask(*broken_by(error))
        done = self._results.count - known
        self._results.skip_rest(to_do, self._stop.message)
        self._conclude_stop()
        self._progress.ended(done, self._results.summary(), self._stop.message)

    def _conclude_stop(self) -> None:
        """Drop a request to stop that came too late to leave any work, and ignore all later ones."""
        stop, skipped = self._stop, self._results.totals[ItemOutcome.SKIPPED.value]
        if not stop.came_too_late(skipped=skipped, finished=self._results.finished):
            self._stop = stop.frozen()
            return
        self._drop_stop()

    def _copy(self, *, must: bool = False) -> None:
        """Copy the journal so far to the store of the run, if it has one.

        :param must: whether to stop the run if that fails. An older copy is enough to resume, none is not.
        """
        try:
            if self._folder is not None:
                self._folder.copy()
        except PanelError as error:
            if must:
                self._stop.ask(Reason.FILES, f"the journal cannot be copied: {error.message}")
            else:
                self._warnings.append(error.msg)

    def _end(self, journal: Journal | None) -> None:
        """Record the end of the run, also if there was nothing to do."""
        reason = self._stop.reason
        complete = self._results.finished
        try:
            if journal is not None:
                journal.end(
                    complete=complete,
                    stopped=reason.value if reason else None,
                    totals=self._results.totals,
                    results=self._results.in_order(self._order) if self._folder else (),
                )
            self._change.end(self._id, self._now(), complete=complete)
        except (JournalBroken, PanelError) as error:
            self._warnings.append(error.msg)

    def _lock(self, identity: Identity) -> RunLock:
        shard = self._change.shard
        stem = f"{identity.file_name}-{identity.action}"
        return RunLock(
            LockFiles(Path(self._settings.state_dir), stem, shard),
            LockHolder.me(self._id, shard),
            self._clock,
            ttl_s=self._settings.lock_ttl_s,
            force=self._settings.force_unlock,
        )

    def _record_approval(self, used: UsedApprovals) -> None:
        """Use the approval of this run, and withdraw the approvals of the runs that it rolls back.

        The run has begun. If that cannot be recorded, it is stopped before its first write.
        """
        if self._plan_sha256 is None and not self._change.undoes:
            return
        try:
            with closing(Approvals(used.path, used.journal)) as approvals:
                if self._plan_sha256 is not None:
                    approvals.use(self._plan_sha256, self._id)
                approvals.withdraw(self._change.undoes, self._id)
        except PanelError as error:
            self._stop.ask(Reason.FILES, f"the approval cannot be recorded: {error.message}")
