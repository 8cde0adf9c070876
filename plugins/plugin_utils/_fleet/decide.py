# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be done about each item: by its state, by a plan, and by what earlier runs did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .change import FleetChange, FleetItem, ItemId
from .journal import Intent, JournalState
from .plan_file import FleetPlan
from .results import (
    ItemOutcome,
    ItemResult,
    as_it_is,
    failed,
    found_done,
    set_aside,
)

_MOVED = "it is no longer as it was when the plan was made"
_GONE = "it is gone"
_NOT_SELECTED = "an earlier run was about to change it, and it is not selected any more"


@dataclass(frozen=True)
class Decision:
    """What is to be done about one item.

    :param item: what to carry out, ``None`` where there is nothing to do.
    :param result: its result already, where there is nothing to do.
    """

    item: FleetItem | None = None
    result: ItemResult | None = None


def decide(
    change: FleetChange, item: FleetItem, plan: FleetPlan | None, state: JournalState
) -> Decision:
    """Decide about an item that was read just now. Nothing is written."""
    if item.id in state.done:
        return Decision(result=state.done[item.id])
    intent = state.begun.get(item.id)
    if intent is not None:
        return _after_a_crash(change, item, intent, plan)
    if item.moved is not None:
        return Decision(result=set_aside(item.id, item.name, ItemOutcome.MOVED, item.moved))
    # An error may come before anything was compared: then nobody can tell whether it has moved.
    compared = bool(item.changes) or item.error is None
    moved = plan is not None and plan.items[item.id].fingerprint != item.fingerprint
    if moved and compared and (item.error is not None or item.to_change):
        return Decision(result=set_aside(item.id, item.name, ItemOutcome.MOVED, _MOVED))
    if item.error is not None:
        return Decision(result=failed(item, item.error))
    if not item.to_change:
        return Decision(result=as_it_is(item))
    return Decision(item)


def not_selected(change: FleetChange, item_id: ItemId, intent: Intent) -> ItemResult:
    """The result of an item that an earlier run may have written to, and that this one was not asked for."""
    item = change.look_up(item_id)
    if item is None:
        return set_aside(item_id, intent.name, ItemOutcome.MOVED, _GONE)
    if item.error is None and item.moved is None and not item.to_change:
        return _settled(item, intent)
    return set_aside(item.id, item.name, ItemOutcome.MOVED, _NOT_SELECTED)


def gone(items: Sequence[FleetItem], plan: FleetPlan, state: JournalState) -> list[ItemResult]:
    """The results of the plan's items that the panel no longer has."""
    there = {item.id for item in items}
    return [
        state.done.get(item.id) or set_aside(item.id, item.name, ItemOutcome.MOVED, _GONE)
        for item in plan.items.values()
        if item.id not in there
    ]


def _after_a_crash(
    change: FleetChange, listed: FleetItem, intent: Intent, plan: FleetPlan | None
) -> Decision:
    """Decide about an item that an earlier run may have written to: look at it first."""
    item = change.look_up(listed.id)
    if item is None:
        return Decision(result=set_aside(listed.id, listed.name, ItemOutcome.MOVED, _GONE))
    if item.moved is not None:
        return Decision(result=set_aside(item.id, item.name, ItemOutcome.MOVED, item.moved))
    if item.error is not None:
        return Decision(result=failed(item, item.error))
    if not item.to_change:
        return Decision(result=_settled(item, intent))
    if plan is not None and not intent.explains(item):
        return Decision(result=set_aside(item.id, item.name, ItemOutcome.MOVED, _MOVED))
    return Decision(item)


def _settled(item: FleetItem, intent: Intent) -> ItemResult:
    """The result of an item that needs nothing more after a write of which nobody heard."""
    return found_done(item, intent.rows(item)) if intent.reached(item) else as_it_is(item)
