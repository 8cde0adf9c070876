# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Execute the steps of a run that only read from the panel: plan, preview, drift and report.

What they share with the step that writes is here too: reading and judging the items, and the result.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...module_utils._core.clock import Clock
from ...module_utils._core.errors import Code, PanelError, invalid
from ...module_utils._core.threads import each
from .approvals import DEFAULT_S, check_age, read_approvals
from .change import REPLACED, FleetChange, FleetItem, ItemId, check_unique, evidence_in
from .decide import decide, gone, must_look, not_selected
from .earlier import Earlier
from .fleet_result import FleetResult
from .growth import Capacity, Growth, growth_of
from .health_check import HealthCheck
from .identity import Attribution, Identity, time_text
from .journal import Journal, JournalBroken, JournalState, state_of
from .late_report import late_results, not_reported, with_late_report
from .plan_file import FleetPlan, read_plan, superseded, write_plan
from .progress import Progress
from .results import ItemOutcome, ItemResult, Results, predicted, set_aside
from .run_folder import RunFolder
from .run_report import RunReports
from .run_screen import RunScreen
from .settings import Settings
from .stop import Reason, Stop


class ReadOnlyRun:
    """The steps of a run that write nothing to the panel.

    :param change: the change of one panel.
    :param show: receives the lines of progress.
    :param stop: a request from outside to stop the run.
    :param health: decides between two batches whether to continue.
    :param attribution: who runs it.
    """

    def __init__(
        self,
        change: FleetChange,
        settings: Settings,
        clock: Clock,
        show: Callable[[str], None] | None,
        stop: Stop,
        health: HealthCheck | None = None,
        attribution: Attribution | None = None,
    ) -> None:
        self._change = change
        self._settings = settings
        self._clock = clock
        self._stop = stop
        self._health = health
        self._attribution = attribution or Attribution()
        self._began_s = clock.monotonic()
        self._started = time_text(clock.time())
        self._id = uuid.uuid4().hex
        self._results = Results()
        self._order: list[ItemId] = []
        #: What earlier runs did to the items to change.
        self._earlier: dict[ItemId, Earlier] = {}
        self._warnings: list[str] = []
        self._growth: list[Growth] = []
        self._plan_sha256: str | None = None
        self._folder: RunFolder | None = None
        self._approved = False
        self._base = 0
        self._progress = Progress(
            change.name, change.noun, show if settings.progress else None, clock
        )
        #: The summary of a result without items.
        self._none = change.none_selected
        self._screen = RunScreen(self._progress, change.place_noun, settings.table_rows)

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
        self._progress.say(f"nothing is changed: {self._results.summary(dry_run=True)}")
        self._show_plan(items)
        self._drop_stop()
        result = self._result()
        if folder is not None:
            reports = RunReports(folder, result.warnings)
            about = self._about(result, dry_run=True, refusal=self._too_many(would_change))
            reports.of_plan(result.all_rows(), about)
        self._refuse_too_many(would_change, result)
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
        if to_do or folder is not None:
            used.check_write(plan.sha256, state.runs)
        self._base = len(to_do) + self._results.failures
        self._check_capacity(to_do)
        for item in to_do:
            self._results.add(predicted(item))
        self._progress.say(f"nothing is changed: {self._results.summary(dry_run=True)}")
        self._show_plan(to_do)
        self._drop_stop()
        result = self._result()
        self._refuse_too_many(to_do, result)
        return result.conclude(self._stop, dry_run=True, check_mode=True)

    def drift(
        self, folder: RunFolder | None, plan: Mapping[str, Any] | None, title: str
    ) -> dict[str, Any]:
        """Compare items with the target. Only read from the panel.

        :param folder: receives a report, ``None`` for no report.
        :param plan: of the run whose items are compared, ``None`` to use the options.
        :param title: the target in words.
        :raises PanelError: no item is selected, the run is of another panel, or an item could not be compared.
        """
        action = f"look for drift from {title}"
        rows = [*plan["items"], *plan["unchanged"]] if plan is not None else []
        if plan is not None:
            self._change.check_origin(plan, action)
        self._change.identity()
        # Before the panel shows who has the IDs now.
        self._results.know({row["id"]: evidence_in(row) for row in rows})
        items = self._select(None if plan is None else [row["id"] for row in rows])
        selected = set(self._order)
        items = [item for item in items if not self._results.is_of_another(item)]
        there = {item.id for item in items}
        for item in items:
            result = predicted(item)
            if result.outcome is ItemOutcome.CHANGED:
                result = replace(result, outcome=ItemOutcome.DRIFTED, restart_required=False)
            self._results.add(result)
        self._growth = growth_of([item for item in items if item.error is None], self._change.units)
        for item_id, name in {row["id"]: str(row["name"]) for row in rows}.items():
            if item_id in there:
                continue
            if item_id not in selected:
                self._order.append(item_id)
            why = REPLACED if item_id in selected else "it is gone"
            self._results.add(set_aside(item_id, name, ItemOutcome.MOVED, why))
        selection = self._change.selection
        if not self._order and not (selection and selection.is_elsewhere):
            raise PanelError(
                Code.REFUSED,
                f"no {self._change.noun} are selected, so nothing was compared",
                action=action,
                hint="correct the options that select them",
            )
        self._progress.say(f"compared with {title}: {self._results.summary()}")
        self._show_plan([item for item in items if item.error or item.to_change])
        self._drop_stop()
        found = self._result()
        unread = found.unread(action, of_run=plan is not None)
        if folder is not None:
            reports = RunReports(folder, found.warnings)
            about = self._about(found, dry_run=False, refusal=unread)
            reports.of_drift(title, found.all_rows(), about, self._now())
        done = found.to_result(self._stop, dry_run=False)
        if unread is not None:
            unread.result = done
            raise unread
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
            self._drop_stop()
            result = self._result()
            self._progress.say(f"the run had ended without its report: {self._results.summary()}")
            if not self._report(folder, result, journal):
                raise not_reported(folder, result.to_result(self._stop, dry_run=False))
            return with_late_report(result.conclude(self._stop, dry_run=False), state)

    def _read_plan(self, identity: Identity) -> FleetPlan | None:
        path = self._folder.plan_path if self._folder else self._settings.plan_file
        if path is None:
            return None
        plan = read_plan(path, identity, self._settings.plan_sha256)
        self._plan_sha256 = plan.sha256
        return plan

    def _know(self, plan: FleetPlan | None, state: JournalState) -> None:
        """Take the facts about items from plan and journal, before the panel shows later ones."""
        finished = {**state.past, **state.done}
        details = {key: each.details for key, each in finished.items()}
        self._change.know_orders(
            details | {key: each.details for key, each in state.written.items()}
        )
        if plan is not None:
            self._results.know({item.id: item.evidence for item in plan.items.values()})
        if not state.finished:
            self._results.know(state.evidence)

    def _approvals_file(self, identity: Identity) -> str:
        """Return the path of the file that records which plans were applied."""
        name = f"{identity.file_name}-{identity.action}.approvals"
        return str(Path(self._settings.state_dir) / name)

    def _check_approval(self, plan: FleetPlan | None, state: JournalState) -> None:
        """Refuse an approval that can begin no run: it is too old, or the journal has a later plan.

        A run that has begun may be resumed.
        """
        if plan is None or state.latest.get("plan_sha256") == plan.sha256:
            return
        if plan.sha256 in state.plans:
            raise superseded(state.latest.get("plan_sha256"))
        check_age(plan, self._settings.approval_ttl, self._clock.time())

    def _select(self, ids: Sequence[ItemId] | None, *, resumed: bool = False) -> list[FleetItem]:
        self._progress.say(f"reading the {self._change.noun}")
        items = self._change.select(ids)
        if ids is None:
            self._warnings += self._change.doubts(items)
        selection = self._change.selection
        if ids is None and selection is not None:
            unknown = selection.conclude([item.id for item in items], resumed=resumed)
            items += [FleetItem(key, str(key), (), moved=why) for key, why in unknown.items()]
            self._warnings += selection.warnings
        check_unique(items, self._change.noun)
        self._results.know({item.id: item.evidence for item in items})
        self._order = [item.id for item in items]
        return items

    def _decide(
        self, items: Sequence[FleetItem], plan: FleetPlan | None, state: JournalState
    ) -> list[FleetItem]:
        """Return the items to change, in the order of the selection. Add the results of all others."""
        asked = [item for item in items if must_look(item, plan, state)]
        looked = each(
            lambda item: decide(self._change, item, plan, state), asked, self._settings.workers
        )
        after_look = {item.id: decision for item, decision in zip(asked, looked, strict=True)}
        to_do = []
        for item in items:
            decision = after_look.get(item.id) or decide(self._change, item, plan, state)
            if decision.result is not None:
                self._results.add(decision.result)
            elif decision.item is not None:
                to_do.append(decision.item)
                self._earlier[decision.item.id] = decision.earlier
        others = gone(items, plan, state) if plan else []
        for result in (*others, *self._not_selected([*items, *others], state)):
            self._order.append(result.id)
            self._results.add(result)
        return to_do

    def _not_selected(
        self, items: Sequence[FleetItem | ItemResult], state: JournalState
    ) -> list[ItemResult]:
        """Read items that an earlier run may have changed and that are no longer selected.

        If the selection depends on a changed value, such as the plan, it no longer finds them.
        """
        there = {item.id for item in items}
        left = [item_id for item_id in state.in_doubt if item_id not in there]
        return each(
            lambda item_id: not_selected(self._change, item_id, state),
            left,
            self._settings.workers,
        )

    def _check_capacity(self, items: Sequence[FleetItem]) -> None:
        self._growth = growth_of(items, self._change.units)
        if items and self._settings.check_capacity:
            capacity = self._change.capacity(items)
            self._warnings += capacity
            if isinstance(capacity, Capacity):
                self._growth = list(capacity.growth)

    def _refuse_too_many(
        self, to_do: Sequence[FleetItem], result: FleetResult | None = None
    ) -> None:
        """Refuse more changes than ``max_items``, before the first.

        :param result: has the predictions, if they were made.
        """
        error = self._too_many(to_do)
        if error is None:
            return
        if result is None:
            for item in to_do:
                self._results.add(predicted(item))
            result = self._result()
        error.result = result.to_result(self._stop, dry_run=True)
        raise error

    def _too_many(self, to_do: Sequence[FleetItem]) -> PanelError | None:
        """Return the error of a run that would change more items than ``max_items``."""
        most, would_change = self._settings.max_items, len(to_do)
        if most is None or would_change <= most:
            return None
        return PanelError(
            Code.REFUSED,
            f"{self._change.counted(would_change)} would change, and max_items allows {most}",
            action=f"begin to change the {self._change.noun}",
            hint="this task has changed nothing",
        )

    def _report(self, folder: RunFolder, result: FleetResult, journal: Journal | None) -> bool:
        """Write the report, and record that it is written. Return whether it is."""
        about = self._about(result, dry_run=False)
        written = RunReports(folder, result.warnings).of_run(result.all_rows(), about)
        if written and journal is not None:
            try:
                journal.reported(self._id)
            except JournalBroken as broken:
                result.warnings.append(broken.message)
        self._screen.end(folder, self._results.in_order(self._order), written=written)
        return written

    def _about(
        self, result: FleetResult, *, dry_run: bool, refusal: PanelError | None = None
    ) -> dict[str, Any]:
        """Return the properties of the whole run for a report.

        :param refusal: why the task fails, besides the failures of items and a stop.
        """
        times = {"started": self._started, "finished": self._now()}
        by = self._attribution.to_plain()
        return {**result.about(self._stop, dry_run=dry_run, refusal=refusal), **times, **by}

    def _drop_stop(self) -> None:
        """Drop a request to stop that came when no work was left."""
        if self._stop.reason not in (None, Reason.DEADLINE, Reason.FAILURES):
            self._warnings.append(f"{self._stop.message}; no work was left by then")
        self._stop = Stop()

    def _show_plan(self, items: Sequence[FleetItem]) -> None:
        self._screen.plan(self._results.in_order(item.id for item in items), self._growth)

    def _result(self) -> FleetResult:
        return FleetResult(
            self._change,
            self._settings,
            self._results,
            self._order,
            self._warnings,
            run=self._id,
            plan_sha256=self._plan_sha256,
            took_s=self._clock.monotonic() - self._began_s,
            base=self._base,
            folder=self._folder,
            growth=[row.to_plain() for row in self._growth],
            none=self._none,
        )

    def _now(self) -> str:
        return time_text(self._clock.time())
