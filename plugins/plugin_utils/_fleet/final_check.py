# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Verify the changes of a run at its end, since a panel may accept a change and drop it later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ...module_utils._core.changes import FieldOutcome
from ...module_utils._core.errors import PanelError
from .change import FleetChange, FleetItem, ItemId, rows_with
from .results import ItemOutcome, ItemResult, Results, order_done


def check_again(
    change: FleetChange,
    results: Results,
    order: Sequence[ItemId],
    written: Sequence[FleetItem],
    record: Callable[[ItemResult], None],
) -> list[str]:
    """Read every changed item again, and record in its result whether it still has its new values.

    An item that is gone, also if another has its ID, or that cannot be read keeps ``verified`` null, since an unknown
    value is not a difference. An item in doubt that shows all new values by now is changed, and so is an ordered one.

    :param written: the items that the run has written to, as they were before.
    :param record: called with the result of an item that is no longer in doubt or ordered.
    :returns: a warning if items could not be read.
    """
    results.final_check = True
    all_results = results.in_order(order)
    changed = [
        each for each in all_results if each.outcome is ItemOutcome.CHANGED and not each.partial
    ]
    before = {item.id: item for item in written}
    doubtful = [
        each for each in all_results if each.outcome is ItemOutcome.IN_DOUBT and each.id in before
    ]
    ordered = [each for each in all_results if each.outcome is ItemOutcome.ORDERED]
    if not (changed or doubtful or ordered):
        return []
    try:
        asked = [each.id for each in (*changed, *doubtful, *ordered)]
        written_to = {each.id: each.evidence for each in all_results}
        found = {
            item.id: item
            for item in change.select(asked)
            if not item.evidence.is_of_another(written_to[item.id])
        }
    except PanelError as error:
        return [f"reading the changed items again failed, so no change is verified: {error.msg}"]
    for result in doubtful:
        if _shows_all(before[result.id], found.get(result.id)):
            changed_late = _out_of_doubt(before[result.id], result)
            results.add(changed_late)
            record(changed_late)
    for result in ordered:
        arrived = _arrived(change, result, found.get(result.id))
        if arrived is not None:
            results.add(arrived)
            record(arrived)
    unread = []
    for result in changed:
        verified = _has_its_values(result, found.get(result.id))
        if verified is None:
            unread.append(f"{result.name} ({result.id})")
        else:
            results.add(replace(result, verified=verified))
    if not unread:
        return []
    named = ", ".join(unread[:5]) + (", …" if len(unread) > 5 else "")
    return [f"{len(unread)} changed {change.noun} could not be read again: {named}"]


def _shows_all(before: FleetItem, item: FleetItem | None) -> bool:
    """Whether an item in doubt shows all values that were written."""
    if item is None or item.error is not None or item.moved is not None or item.to_change:
        return False
    now = {row["field"]: row["before"] for row in item.changes}
    desired = {row["field"]: row["desired"] for row in before.to_change}
    return all(
        item.shows(field) and now.get(field, value) == value for field, value in desired.items()
    )


def _arrived(change: FleetChange, result: ItemResult, item: FleetItem | None) -> ItemResult | None:
    """Return the result of an ordered item that shows its target by now, ``None`` if it does not."""
    if item is None or item.error is not None or item.moved is not None:
        return None
    if item.to_change or item.refused:
        return None
    order = change.order_now(result.details)
    return None if order is None else replace(order_done(result, order), verified=True)


def _out_of_doubt(before: FleetItem, result: ItemResult) -> ItemResult:
    """Return the result of an item that is no longer in doubt."""
    return replace(
        result,
        outcome=ItemOutcome.CHANGED,
        changes=rows_with(before.changes, FieldOutcome.CHANGED, FieldOutcome.REFUSED),
        restart_required=before.restart_required,
        message="the panel showed the change only at the end of the run",
        failure=None,
        partial=False,
        verified=True,
    )


def _has_its_values(result: ItemResult, item: FleetItem | None) -> bool | None:
    """Whether an item has its new values, or ``None`` if that is unknown."""
    if item is None or item.gone:
        return None
    if item.moved is not None:
        return False  # it shows a value that the run did not set
    given = {row["field"] for row in rows_with(result.changes, FieldOutcome.CHANGED)}
    if any(row["field"] in given for row in (*item.to_change, *item.refused)):
        return False
    unknown = item.error is not None and not item.changes
    return None if unknown or not all(map(item.shows, given)) else True
