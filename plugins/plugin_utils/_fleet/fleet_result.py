# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the result of a run, and determine whether it is a failure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ...module_utils._core.errors import Code, PanelError
from ...module_utils._core.safe_text import plain
from .change import FleetChange, ItemId
from .commands import resume_command
from .durable_file import replace_file
from .journal import JournalState
from .results import FAILURES, ItemOutcome, ItemResult, Results, shortened
from .run_folder import RunFolder
from .run_report import report_data
from .settings import Settings
from .stop import Reason, Stop

#: Number of shown warnings of one kind. The results have all of them.
_SHOWN = 5

#: The keys of the result about the run's folder; null without a folder.
FOLDER_KEYS = ("run_dir", "run_state", "next_command", "question")

#: The totals that the question repeats if they are not 0.
_AT_WHAT_PRICE = {
    "partly_refused": "of them change only in part",
    "restart_required": "need a restart afterwards",
    "refused": "are refused",
    "failed": "cannot be changed",
}

_CODES = {
    Reason.AUTH: Code.AUTH,
    Reason.LOCK: Code.LOCKED,
    Reason.DEFECT: Code.INTERNAL,
}


class FleetResult:
    """The result of one run, built once, at its end.

    :param results: the results of the items.
    :param order: the IDs of the items, in the order of the selection.
    :param warnings: the warnings about the whole fleet.
    :param plan_sha256: the hash of the plan that was written or applied.
    :param base: the number of items of which a failure limit in percent is a share.
    :param folder: the run's folder, ``None`` for a run without one.
    :param growth: the growth of the items in each place, as plain data.
    :param none: the summary if no item was selected, instead of that of the change.
    """

    def __init__(
        self,
        change: FleetChange,
        settings: Settings,
        results: Results,
        order: Sequence[ItemId],
        warnings: Sequence[str],
        *,
        run: str,
        plan_sha256: str | None,
        took_s: float,
        base: int,
        folder: RunFolder | None = None,
        growth: Sequence[dict[str, Any]] = (),
        none: str = "",
    ) -> None:
        self._change = change
        self._none = none or change.none_selected
        self._settings = settings
        self._counted = results
        self._results = results.in_order(order)
        #: Items without a result remain for a later run.
        self._finished = results.finished and len(self._results) == len(order)
        self._warnings = [*warnings, *self._about_items()]
        self._run = run
        self._plan_sha256 = plan_sha256
        self._took_s = took_s
        self._base = base
        self._folder = folder
        self._growth = list(growth)

    def conclude(self, stop: Stop, *, dry_run: bool, check_mode: bool = False) -> dict[str, Any]:
        """Return the task's result.

        :param dry_run: whether the results are predictions.
        :param check_mode: whether a predicted change counts as a change of the task.
        :raises PanelError: with the same result, if a failure limit was exceeded, or if the run
            was stopped for another reason than its deadline.
        """
        result = self.to_result(stop, dry_run=dry_run, check_mode=check_mode)
        error = self._failure(stop)
        if error is None:
            return result
        error.result = result
        error.partial = bool(result["changed"]) and not dry_run
        error.uncertain = bool(self._counted.in_doubt) and not dry_run
        raise error

    def unread(self, action: str, *, of_run: bool) -> PanelError | None:
        """Return the error of a comparison if an item could not be compared.

        :param of_run: whether the items are those of a run, so that it could not be compared with one that is
            gone. If options name an item that does not exist, ``on_unmatched`` decides whether it is a failure.
        """
        unread = (ItemOutcome.FAILED, ItemOutcome.MOVED) if of_run else (ItemOutcome.FAILED,)
        failed = [each for each in self._results if each.outcome in unread]
        if not failed:
            return None
        return PanelError(
            Code.STOPPED,
            f"{len(failed)} of {len(self._results)} {self._change.noun} could not be compared;"
            f" the first is {failed[0].name} ({failed[0].id}): {failed[0].message}",
            action=action,
        )

    def to_result(self, stop: Stop, *, dry_run: bool, check_mode: bool = False) -> dict[str, Any]:
        """Return the task's result. Write the full list to the results file, if one is set."""
        figures = self.figures(stop, dry_run=dry_run, check_mode=check_mode)
        shown = self.rows(shortened(self._results, self._settings.max_results))
        self._write_file(figures)
        return {
            **figures,
            **self._about_folder(dry_run=dry_run),
            "results": shown,
            "results_omitted": len(self._results) - len(shown),
            "warnings": self._warnings,
            **({} if self._folder else self._statistics(figures)),
        }

    def _statistics(self, figures: dict[str, Any]) -> dict[str, Any]:
        """Return statistics for workflows. A step of a run in a folder is one of several, and sets none."""
        names = ("totals", "plan_sha256", "run_id", "stopped")
        data = {f"{self._change.name}_{name}": figures[name] for name in names}
        return {"ansible_stats": {"data": data, "per_host": False, "aggregate": False}}

    def figures(self, stop: Stop, *, dry_run: bool, check_mode: bool = False) -> dict[str, Any]:
        """Return the keys of the result about the whole run."""
        summary = self._none
        if self._results:
            summary = self._counted.summary(dry_run=dry_run)
        changed = any(result.changed for result in self._results)
        return {
            "changed": changed and (check_mode or not dry_run),
            "msg": f"{self._change.noun}: {summary}",
            "summary": summary,
            "finished": self._finished and not (dry_run and changed),
            "panel": self._change.panel,
            "address": self._change.address,
            "action": self._change.name,
            "shard": str(self._change.shard) if self._change.shard else None,
            "totals": self._counted.totals,
            "stopped": {"reason": stop.reason.value, "msg": stop.message} if stop.reason else None,
            "run_id": self._run,
            "plan_sha256": self._plan_sha256,
            "growth": self._growth,
            "duration_s": round(self._took_s, 3),
            "api_calls": self._change.api_calls(),
        }

    def about(
        self, stop: Stop, *, dry_run: bool, refusal: PanelError | None = None
    ) -> dict[str, Any]:
        """Return what a report states of the run as a whole.

        :param refusal: why the task fails, besides the failures of items and a stop.
        """
        figures = self.figures(stop, dry_run=dry_run)
        known = (
            "panel",
            "address",
            "action",
            "shard",
            "run_id",
            "plan_sha256",
            "stopped",
            "growth",
        )
        failure = refusal or self._failure(stop)
        return {
            **{key: figures[key] for key in known},
            "place_noun": self._change.place_noun,
            "msg": failure.msg if failure else figures["summary"],
            "failure": failure.failure() if failure else None,
            "warnings": list(self._warnings),
        }

    @property
    def warnings(self) -> list[str]:
        """The warnings. More may be appended before the result is built."""
        return self._warnings

    def all_rows(self) -> list[dict[str, Any]]:
        """Return the rows of all items, in the order of the selection."""
        return self.rows(self._results)

    def _about_folder(self, *, dry_run: bool) -> dict[str, Any]:
        """Return the keys about the run's folder, and how to continue the run."""
        folder = self._folder
        if folder is None:
            return dict.fromkeys(FOLDER_KEYS)
        state, command, unreadable = folder.outlook()
        if unreadable is not None and unreadable not in self._warnings:
            self._warnings.append(unreadable)
        return {
            "run_dir": str(folder.path),
            "run_state": state.value if state else None,
            "next_command": command,
            "question": self._question() if dry_run else None,
        }

    def _question(self) -> str:
        """Return the question for the approver: the target, the number of servers, and restarts or refusals."""
        totals = self._counted.totals_by(earlier=False)
        parts = [f"{totals['changed']} of {len(self._results)} {self._change.noun}"]
        for name, words in _AT_WHAT_PRICE.items():
            if totals[name]:
                parts.append(f"{totals[name]} {words}")
        folder = self._folder
        plan = folder.plan() if folder else None
        title = plan["terms"]["title"] if plan else ""
        where = f"{self._change.panel} {self._change.address}"
        return f"Change {parts[0]} on {where} to {plain(title)}" + "".join(
            f"; {part}" for part in parts[1:]
        )

    def rows(self, results: Sequence[ItemResult]) -> list[dict[str, Any]]:
        """Return the rows as plain data. Missing details are null."""
        none = dict.fromkeys(self._change.details)
        return [{**none, **result.to_result()} for result in results]

    def _write_file(self, figures: dict[str, Any]) -> None:
        path = self._settings.results_file
        if path is None:
            return
        whole = {**figures, "results": self.rows(self._results)}
        try:
            replace_file(path, json.dumps(whole, indent=1) + "\n", "results", "results_file")
        except PanelError as error:
            # The changes are made, and the result must not hide them.
            self._warnings.append(error.msg)

    def _about_items(self) -> list[str]:
        """Return warnings about single items, the first few of each kind."""
        unknown = list(dict.fromkeys(line for result in self._results for line in result.warnings))
        refused = [
            f"{result.name} ({result.id}): {result.message}"
            for result in self._results
            if result.message
            and result.outcome in (ItemOutcome.CHANGED, ItemOutcome.ORDERED, ItemOutcome.REFUSED)
            and not result.earlier
        ]
        found = _first(unknown)
        return found + (_first(refused) if self._change.warns_of_refusals else [])

    def _failure(self, stop: Stop) -> PanelError | None:
        failures, settings = self._counted.failures, self._settings
        action = f"change all {self._change.noun}"
        if stop.reason in (None, Reason.DEADLINE, Reason.FAILURES):
            message = stop.message
            if settings.failures.exceeded(failures, self._base, done=self._counted.done):
                doubt, noun = self._counted.in_doubt, self._change.noun
                message = settings.failures.sentence(failures, self._base, noun, in_doubt=doubt)
            elif stop.reason is not Reason.FAILURES:
                return self._differs_again(action)
            failed = [result for result in self._results if result.outcome in FAILURES]
            for result in failed[:1]:
                message = f"{message}; the first is {result.name}: {result.message}"
            if not failed:  # the final check found what was in doubt
                message = f"{message}; the panel shows by now that none of them failed"
            later = all(map(_may_succeed_later, failed))
            return PanelError(self._common_code(), message, action=action, retryable=later)
        code = _CODES.get(stop.reason, Code.STOPPED) if stop.reason else Code.STOPPED
        hint = "run it again with the same journal to resume" if settings.journal else ""
        if self._folder is not None:
            hint = f"resume it with {resume_command(self._folder.path)}"
        return PanelError(
            code, stop.message, action=action, hint=hint, retryable=code is not Code.AUTH
        )

    def _differs_again(self, action: str) -> PanelError | None:
        """Return the error of a run whose changes did not last until its end."""
        differ = [result for result in self._results if result.verified is False]
        if not differ:
            return None
        names = ", ".join(f"{result.name} ({result.id})" for result in differ[:_SHOWN])
        return PanelError(
            Code.CONFLICT,
            f"{len(differ)} of the changed {self._change.noun} showed their new values, and other"
            f" values when they were read again, such as {names}",
            action=action,
            hint="look for drift to see what they show now",
        )

    def _common_code(self) -> Code:
        """Return the code that all failures share."""
        codes = {
            result.failure["code"]
            for result in self._results
            if result.outcome in FAILURES and result.failure
        }
        return Code(codes.pop()) if len(codes) == 1 else Code.STOPPED


def _may_succeed_later(failed: ItemResult) -> bool:
    """Return whether a later run can end better. It reads an item in doubt again."""
    if failed.outcome is ItemOutcome.IN_DOUBT or failed.failure is None:
        return True
    return bool(failed.failure["retryable"])


def _first(lines: list[str]) -> list[str]:
    if len(lines) <= _SHOWN:
        return lines
    return [*lines[:_SHOWN], f"{len(lines) - _SHOWN} more such warnings; the results have them all"]


#: Keys of the result of a finished run that its journal has.
_FROM_THE_JOURNAL = ("panel", "address", "action", "shard", "plan_sha256")


def nothing_left(folder: RunFolder, journal: JournalState) -> dict[str, Any]:
    """Return the result of continuing a finished run. Nothing was read or written.

    :raises PanelError: the run failed, such as one whose changes did not last.
    """
    summary = "the run has finished before, so nothing was read or changed now; " + (
        "its report has the values of that time"
        if folder.reported
        else "its report is missing, and is written when the run is resumed without check mode"
    )
    if differ := journal.ended["totals"].get("differ_again"):
        summary += f"; {differ} of its changed servers showed other values at its end"
    result = {
        "changed": False,
        "msg": summary,
        "summary": summary,
        "finished": True,
        **{key: journal.latest.get(key) for key in _FROM_THE_JOURNAL},
        "run_id": journal.runs[-1],
        "totals": dict(journal.ended["totals"]),
        "stopped": None,
        "growth": [],
        "duration_s": 0.0,
        "api_calls": {"read": 0, "write": 0, "retried": 0, "waited_s": 0.0},
        **dict.fromkeys(FOLDER_KEYS),
        "run_dir": str(folder.path),
        "run_state": folder.state().value,
        "next_command": folder.next_command(),
        "results": [],
        "results_omitted": journal.ended["totals"]["selected"],
        "warnings": [],
    }
    failure = (report_data(folder, "report") or {}).get("failure")
    if failure:
        raise PanelError(
            Code.CONFLICT,
            f"the run has finished before, and failed: {failure['message']}",
            action=f"resume the run in {folder.path}",
            hint="nothing was read or changed now; look for drift to see what its servers show",
            result=result,
        )
    return result
