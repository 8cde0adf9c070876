# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restore the results of a finished run from its journal, for a report that was not written.

A process can die, or a disk be full, between the end of a run and its report. The journal has the
outcome of every item, and the panel shows whether it is still true. After a rollback, the panel shows the
values before the run, and a target that was edited since is not that of the run, so nothing is compared.
"""

from __future__ import annotations

from typing import Any

from ...module_utils._core.errors import PanelError, invalid
from .change import FleetChange, ItemId
from .commands import resume_command
from .final_check import check_again
from .journal import JournalState
from .results import ItemResult, Results
from .run_folder import RunFolder


def late_results(
    change: FleetChange, folder: RunFolder, state: JournalState, results: Results
) -> tuple[list[ItemId], list[str]]:
    """Add the results of a finished run.

    :returns: the IDs of the items in the order of the plan, and warnings.
    :raises PanelError: ``validation``, the run is of another panel.
    """
    change.check_origin(state.latest, f"write the report of the run in {folder.path}")
    results.final_check = True
    plan = folder.plan() or {"items": []}
    planned = [row["id"] for row in plan["items"] if row["id"] in state.past]
    order = list(dict.fromkeys([*planned, *state.past]))
    for item_id in order:
        results.add(state.past[item_id])
    if state.rollback:
        return order, [_ROLLED_BACK]
    try:
        difference = change.identity().difference(state.latest)
    except PanelError as error:
        return order, [f"the panel cannot be read, so no change is verified: {error.msg}"]
    if difference is not None:
        why = "the target is not that of the run any more, so no change is verified"
        return order, [f"{why}: {difference}"]
    # A finished run left no item in doubt, so the look settles none.
    return order, check_again(change, results, order, (), _unrecorded)


_ROLLED_BACK = "a rollback of the run has begun since, so no change is verified"


def _unrecorded(result: ItemResult) -> None:
    """Record nothing."""


def not_reported(folder: RunFolder, result: dict[str, Any]) -> PanelError:
    """Return the error if the report cannot be written this time either."""
    error = invalid(
        "; ".join(result["warnings"]),
        f"the run itself is finished; make room, and run {resume_command(folder.path)}",
    )
    error.action = f"write the report of the run in {folder.path}"
    error.result = result
    return error


def with_late_report(result: dict[str, Any], state: JournalState) -> dict[str, Any]:
    """Return a result whose message states that only the report was written."""
    message = f"the run was finished without its report, which is written now: {result['summary']}"
    if state.rollback:
        message += "; a rollback of it has begun since"
    return {**result, "msg": message, "summary": message}
