# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Add up the summaries that runs pass to later jobs, such as those of a canary stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...module_utils._core.errors import Code, PanelError, invalid
from ...module_utils._core.safe_text import plain
from .report_merge import failure_of, why_incomplete
from .results import TOTALS, summary_of
from .run_folder import RunState
from .settings import FailureLimit
from .wording import counted

OPTION = "summaries"

#: Keys that each summary of a run has.
_KEYS = ("state", "stopped", "failure", "totals")

#: States of a run that has ended. If servers of it failed, it is stopped.
_ENDED = (RunState.FINISHED.value, RunState.STOPPED.value)


def sum_runs(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the totals of all runs.

    :param params: the options of the action.
    :raises PanelError: a run has not tried all of its servers, or too many servers failed.
    """
    limit = FailureLimit(params["max_failures"])
    summaries, expected = params[OPTION], params["expected"]
    if not summaries and expected != 0:
        raise invalid(f"{OPTION} is empty", "name the summary of each run")
    problems = [
        f"{plain(str(name))}: {why}"
        for name, each in summaries.items()
        if (why := _incomplete(each))
    ]
    if expected is not None and len(summaries) != expected:
        problems.append(f"there are {len(summaries)} summaries, and {expected} are expected")
    known = [_totals_of(each) or {} for each in summaries.values()]
    totals = {name: sum(each.get(name, 0) for each in known) for name in TOTALS}
    failure = failure_of({"totals": totals}, limit)
    result = {
        "changed": False,
        "msg": f"{counted(len(summaries), 'run')}: {summary_of(totals)}",
        "totals": totals,
        "problems": problems,
    }
    if problems or failure:
        code = Code.VALIDATION if problems else Code.STOPPED
        message = "; ".join([*problems, *filter(None, [failure])])
        raise PanelError(code, message, action="accept the runs", result=result)
    return result


def _incomplete(summary: Any) -> str | None:
    """Return why a run has not done all that it was to do, or ``None`` if it has."""
    if not isinstance(summary, Mapping) or any(key not in summary for key in _KEYS):
        return "the end of the run is not known, since its job passed no summary"
    totals = _totals_of(summary)
    if totals is None:
        return f"its totals are not numbers: {plain(str(summary['totals']))[:100]}"
    why = why_incomplete(
        stopped=summary["stopped"],
        failure=summary["failure"],
        totals=totals,
        message=summary.get("msg"),
    )
    if not why and summary.get("dry_run") and summary["state"] != RunState.FINISHED.value:
        return "its job was a dry run, so its totals are predictions"
    if not why and summary["state"] not in _ENDED:
        return f"the run has not ended, its state is {plain(str(summary['state']))}"
    return why


def _totals_of(summary: Any) -> dict[str, int] | None:
    """Return the totals of a summary, ``None`` if they are not whole numbers.

    A template or a survey turns numbers into text, so digits count as a number. A missing total is 0.
    """
    totals = summary.get("totals") if isinstance(summary, Mapping) else None
    if not isinstance(totals, Mapping):
        return None
    numbers: dict[str, int] = {}
    for name, value in totals.items():
        if isinstance(value, str) and value.isascii() and value.isdigit():
            numbers[str(name)] = int(value)
        elif isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            numbers[str(name)] = value
        else:
            return None
    return numbers
