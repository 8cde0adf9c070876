# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Execute the steps of a run that only read from the panel: plan, preview, drift and report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from ...module_utils._core.errors import Code, PanelError, invalid
from .approval_age import DEFAULT_S
from .approvals import read_approvals
from .base_run import BaseRun
from .change import FleetItem, ItemId
from .growth import growth_of
from .identity import Identity
from .journal import Journal, state_of
from .late_report import late_results, not_reported, with_late_report
from .plan_file import write_plan
from .results import WOULD_CHANGE, ItemOutcome, predicted, set_aside
from .run_folder import RunFolder
from .run_report import RunReports


class ReadOnlyRun(BaseRun):
    """The steps of a run that write nothing to the panel."""

    def plan(
        self,
        folder: RunFolder | None = None,
        terms: Mapping[str, Any] | None = None,
        *,
        keep: bool = True,
    ) -> dict[str, Any]:
        """Predict the outcome of each item, and write the plan. Only read from the panel.

        :param folder: receives the plan and its report, instead of the plan file.
        :param terms: the other options that an approval of the plan covers.
        :param keep: whether to write to the folder. If not, it is only checked.
        :raises PanelError: the run is predicted to fail; it holds the result so far.
        """
        self._settings.check_folders("plan_file", "results_file")
        identity = self._change.identity()
        if folder is not None:
            folder.check_identity(identity)
        self._folder = folder = folder if keep else None
        items = self._select(None)
        for item in items:
            self._results.add(predicted(item))
        would_change = [item for item in items if item.error is None and item.to_change]
        self._base = len(would_change) + self._results.failures
        self._check_capacity(would_change)
        self._write_plan(identity, items, terms)
        self._progress.say(f"nothing is changed: {self._results.summary(WOULD_CHANGE)}")
        self._show_plan(items)
        result = self._result()
        if folder is not None:
            reports = RunReports(folder, result.warnings)
            reports.of_plan(result.all_rows(), self._about(result, dry_run=True))
        self._refuse_too_many(len(would_change), result)
        # The plan in a folder is the task's purpose, so the task itself changes nothing.
        done = result.conclude(self._stop, dry_run=True, check_mode=folder is None)
        if done["next_command"] and would_change:
            self._progress.note(f"to apply exactly this plan: {done['next_command']}")
        return done

    def _write_plan(
        self, identity: Identity, items: Sequence[FleetItem], terms: Mapping[str, Any] | None
    ) -> None:
        """Write the plan to its folder or its file, if the run has one."""
        folder, path = self._folder, self._settings.plan_file
        if folder is not None:
            folder.keep_former_plan()
            path = folder.plan_path
        if path is None:
            return
        ttl = self._settings.approval_ttl
        self._plan_sha256 = write_plan(
            path,
            identity,
            items,
            self._results.totals,
            self._warnings,
            self._now(),
            terms,
            self._attribution.to_plain(),
            [row.to_plain() for row in self._growth],
            DEFAULT_S if ttl is None else ttl,
        )

    def preview(self, folder: RunFolder | None = None) -> dict[str, Any]:
        """Predict the effect of applying a plan or of continuing its run. Write nothing.

        :param folder: contains the plan, ``None`` for the plan file.
        :raises PanelError: as :meth:`apply` would.
        """
        self._folder = folder
        self._settings.check_folders("journal", "results_file")
        identity = self._change.identity()
        plan = self._read_plan(identity)
        if plan is None:
            raise invalid("there is no plan to preview")
        path = folder.journal_path if folder else self._settings.journal
        used = read_approvals(self._approvals_file(identity), path)
        used.check(plan.sha256)
        state = state_of(path, identity)
        self._check_approval(plan, state)
        self._know(plan, state)
        items = self._select(list(plan.items))
        to_do = self._decide(items, plan, state)
        if to_do:
            used.check_write(plan.sha256)
        self._base = len(to_do) + self._results.failures
        self._check_capacity(to_do)
        for item in to_do:
            self._results.add(predicted(item))
        self._progress.say(f"nothing is changed: {self._results.summary(WOULD_CHANGE)}")
        self._show_plan(to_do)
        result = self._result()
        self._refuse_too_many(len(to_do), result)
        return result.conclude(self._stop, dry_run=True, check_mode=True)

    def drift(
        self, folder: RunFolder | None, ids: Sequence[ItemId] | None, title: str
    ) -> dict[str, Any]:
        """Compare items with the target. Only read from the panel.

        :param folder: receives a report, ``None`` for no report.
        :param ids: the IDs of the items, ``None`` to use the options.
        :param title: the target in words.
        :raises PanelError: no item is selected, or an item could not be compared.
        """
        self._change.identity()
        items = self._select(ids)
        for item in items:
            result = predicted(item)
            if result.outcome is ItemOutcome.CHANGED:
                result = replace(result, outcome=ItemOutcome.DRIFTED, restart_required=False)
            self._results.add(result)
        self._growth = growth_of([item for item in items if item.error is None], self._change.units)
        there = {item.id for item in items}
        for item_id in ids or ():
            if item_id not in there:
                self._order.append(item_id)
                self._results.add(set_aside(item_id, str(item_id), ItemOutcome.MOVED, "it is gone"))
        selection = self._change.selection
        if not self._order and not (selection and selection.is_elsewhere):
            raise PanelError(
                Code.REFUSED,
                f"no {self._change.noun} are selected, so nothing was compared",
                action=f"look for drift from {title}",
                hint="correct the options that select them",
            )
        self._progress.say(f"compared with {title}: {self._results.summary()}")
        self._show_plan([item for item in items if item.error or item.to_change])
        found = self._result()
        if folder is not None:
            reports = RunReports(folder, found.warnings)
            about = self._about(found, dry_run=False)
            reports.of_drift(title, found.all_rows(), about, self._now())
        done = found.to_result(self._stop, dry_run=False)
        found.refuse_unread(f"look for drift from {title}", done)
        return done

    def report(self, folder: RunFolder) -> dict[str, Any]:
        """Write the missing report of a finished run. Only read from the panel.

        :raises PanelError: it cannot be written, or items do not have their new values.
        """
        self._folder = folder
        with closing(Journal(folder.journal_path, None, self._now)) as journal:
            state = journal.state
            self._id, self._plan_sha256 = state.runs[-1], state.latest["plan_sha256"]
            self._order, warnings = late_results(self._change, folder, state, self._results)
            self._warnings += warnings
            self._base = len(self._order)
            result = self._result()
            self._progress.say(f"the run had ended without its report: {self._results.summary()}")
            if not self._report(folder, result, journal):
                raise not_reported(folder, result.to_result(self._stop, dry_run=False))
            return with_late_report(result.conclude(self._stop, dry_run=False), state)
