# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Verify the changes of a run at its end, since a panel may accept a change and drop it later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...module_utils._core.changes import FieldOutcome
from ...module_utils._core.errors import PanelError
from .change import FleetChange, FleetItem, ItemId, rows_with
from .results import ItemOutcome, ItemResult, Results


def look_again(change: FleetChange, results: Results, order: Sequence[ItemId]) -> list[str]:
    """Read every changed item again, and record in its result whether it still has its new values.

    An item that cannot be read keeps ``verified`` null, since an unknown value is not a difference.

    :returns: a warning if items could not be read.
    """
    changed = [
        result
        for result in results.in_order(order)
        if result.outcome is ItemOutcome.CHANGED and not result.partial
    ]
    if not changed:
        return []
    try:
        found = {item.id: item for item in change.select([result.id for result in changed])}
    except PanelError as error:
        return [f"reading the changed items again failed, so no change is verified: {error.msg}"]
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


def _has_its_values(result: ItemResult, item: FleetItem | None) -> bool | None:
    """Whether an item has its new values, or ``None`` if that is unknown."""
    if item is None or item.moved is not None:
        return None
    given = {row["field"] for row in rows_with(result.changes, FieldOutcome.CHANGED)}
    if any(row["field"] in given for row in item.to_change):
        return False
    return None if item.error is not None and not item.changes else True
