# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Add up the summaries that runs pass to later jobs, such as those of a canary stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...module_utils._core.errors import Code, PanelError, invalid
from ...module_utils._core.safe_text import plain
from .report_merge import failure_of
from .results import TOTALS, summary_of
from .run_folder import RunState
from .settings import FailureLimit

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
        raise invalid(f"{OPTION} is empty")
    problems = [
        f"{plain(str(name))}: {why}"
        for name, each in summaries.items()
        if (why := _incomplete(each))
    ]
    if expected is not None and len(summaries) != expected:
        problems.append(f"there are {len(summaries)} summaries, and {expected} are expected")
    totals = {name: sum(_number(each, name) for each in summaries.values()) for name in TOTALS}
    failure = failure_of({"totals": totals}, limit)
    result = {
        "changed": False,
        "msg": f"{len(summaries)} runs: {summary_of(totals)}",
        "totals": totals,
        "problems": problems,
    }
    if problems or failure:
        code = Code.VALIDATION if problems else Code.STOPPED
        message = "; ".join([*problems, *filter(None, [failure])])
        raise PanelError(code, message, action="accept the runs", result=result)
    return result


def _incomplete(summary: Any) -> str | None:
    """Return why a run has not tried all of its servers, or ``None`` if it has.

    A run that was stopped, whatever the reason, has left servers out: few failures then prove nothing.
    """
    if not isinstance(summary, Mapping) or any(key not in summary for key in _KEYS):
        return "the end of the run is not known, since its job passed no summary"
    message = plain(str(summary.get("msg") or "no message"))
    if summary["stopped"]:
        return f"the run was stopped ({plain(str(summary['stopped']))}): {message}"
    if summary["failure"]:
        return f"the run failed ({plain(str(summary['failure']))}): {message}"
    if summary["state"] not in _ENDED:
        return f"the run has not ended, its state is {plain(str(summary['state']))}"
    return None


def _number(summary: Any, name: str) -> int:
    """Return a total of a summary, 0 if there is none."""
    totals = summary.get("totals") if isinstance(summary, Mapping) else None
    value = totals.get(name) if isinstance(totals, Mapping) else None
    return value if isinstance(value, int) else 0
