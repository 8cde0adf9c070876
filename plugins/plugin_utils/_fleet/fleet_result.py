# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a run, and whether it is a failure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ...module_utils._core.errors import Code, PanelError
from .change import FleetChange, ItemId
from .durable_file import replace_file
from .results import FAILURES, TO_CHANGE, ItemOutcome, ItemResult, Results, shortened
from .settings import Settings
from .stop import Reason, Stop

#: How many warnings of one kind are shown; the results have them all.
_SHOWN = 5

_CODES = {
    Reason.AUTH: Code.AUTH,
    Reason.LOCK: Code.LOCKED,
    Reason.DEFECT: Code.INTERNAL,
}


class FleetResult:
    """The result of one run, built once, at its end.

    :param results: of the items.
    :param order: the ids of the items, in the order of the selection.
    :param warnings: about the fleet as a whole.
    :param plan_sha256: of the plan that was written, or applied.
    :param base: of how many items the failures are a share.
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
    ) -> None:
        self._change = change
        self._settings = settings
        self._counted = results
        self._results = results.in_order(order)
        #: Items without a result are left to a later run.
        self._finished = results.finished and len(self._results) == len(order)
        self._warnings = [*warnings, *self._about_items()]
        self._run = run
        self._plan_sha256 = plan_sha256
        self._took_s = took_s
        self._base = base

    def conclude(self, stop: Stop, *, check_mode: bool) -> dict[str, Any]:
        """Return the task's result.

        :raises PanelError: with the same result, where more failed than may, or where the run was
            stopped by anything but its deadline.
        """
        result = self.to_result(stop, check_mode=check_mode)
        error = self._failure(stop)
        if error is None:
            return result
        error.result = result
        error.partial = bool(result["changed"]) and not check_mode
        raise error

    def to_result(self, stop: Stop, *, check_mode: bool) -> dict[str, Any]:
        """Return the task's result; the full list goes into the results file, where one is wanted."""
        summary = self._change.none_selected
        if self._results:
            summary = self._counted.summary(TO_CHANGE if check_mode else "changed")
        changed = any(result.changed for result in self._results)
        figures = {
            "changed": changed,
            "msg": f"{self._change.noun}: {summary}",
            "summary": summary,
            "finished": self._finished and not (check_mode and changed),
            "panel": self._change.panel,
            "address": self._change.address,
            "action": self._change.name,
            "totals": self._counted.totals,
            "stopped": {"reason": stop.reason.value, "msg": stop.message} if stop.reason else None,
            "run_id": self._run,
            "plan_sha256": self._plan_sha256,
            "duration_s": round(self._took_s, 3),
            "api_calls": self._change.api_calls(),
        }
        shown = self._rows(shortened(self._results, self._settings.max_results))
        self._write_file(figures)
        return {
            **figures,
            "results": shown,
            "results_omitted": len(self._results) - len(shown),
            "warnings": self._warnings,
            "ansible_stats": {
                "data": {
                    f"{self._change.name}_{name}": figures[name]
                    for name in ("totals", "plan_sha256", "run_id", "stopped")
                },
                "per_host": False,
                "aggregate": False,
            },
        }

    def _rows(self, results: Sequence[ItemResult]) -> list[dict[str, Any]]:
        """The rows as plain data, each with every detail, if only as null."""
        none = dict.fromkeys(self._change.details)
        return [{**none, **result.to_result()} for result in results]

    def _write_file(self, figures: dict[str, Any]) -> None:
        path = self._settings.results_file
        if path is None:
            return
        whole = {**figures, "results": self._rows(self._results)}
        try:
            replace_file(path, json.dumps(whole, indent=1) + "\n", "results", "results_file")
        except PanelError as error:
            # Too late to refuse, and no reason to hide what was done.
            self._warnings.append(error.msg)

    def _about_items(self) -> list[str]:
        """What single items have to say, the first few of each kind."""
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
                message = settings.failures.sentence(failures, self._base, self._change.noun)
            elif stop.reason is not Reason.FAILURES:
                return None
            first = next(result for result in self._results if result.outcome in FAILURES)
            message = f"{message}; the first is {first.name}: {first.message}"
            return PanelError(self._common_code(), message, action=action, retryable=True)
        code = _CODES.get(stop.reason, Code.STOPPED) if stop.reason else Code.STOPPED
        hint = "run it again with the same journal to go on" if settings.journal else ""
        return PanelError(
            code, stop.message, action=action, hint=hint, retryable=code is not Code.AUTH
        )

    def _common_code(self) -> Code:
        """The code of all failures where they share one."""
        codes = {
            result.failure["code"]
            for result in self._results
            if result.outcome in FAILURES and result.failure
        }
        return Code(codes.pop()) if len(codes) == 1 else Code.STOPPED


def _first(lines: list[str]) -> list[str]:
    if len(lines) <= _SHOWN:
        return lines
    return [*lines[:_SHOWN], f"{len(lines) - _SHOWN} more such warnings; the results have them all"]
