# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide what to do with each item, by its state, the plan, and the journal.

A journal records the past. Only the actual values on the panel decide whether an item needs a write.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...module_utils._core.errors import Code, PanelError
from .change import REPLACED, UNKNOWN, Evidence, FleetChange, FleetItem, ItemId
from .earlier import NOTHING, Earlier
from .journal import JournalState
from .plan_file import FleetPlan
from .results import (
    ItemOutcome,
    ItemResult,
    as_it_is,
    failed,
    order_done,
    refused_since,
    set_aside,
    still_ordered,
    with_refusals,
)

_MOVED = "it is no longer as it was when the plan was made"
_GONE = "it is gone"
_NOT_PLANNED = (
    "the plan predicted that it would not be changed, and now it could be; a new plan is needed"
)
_OTHER_VALUES = "an earlier run ordered its change, and it has other values now"
_CANCELLED = "an earlier run ordered its change, and the order was cancelled; a new plan is needed"
_FINISHED = "it differs although the run of this plan has finished; a new plan is needed"
_NOT_SELECTED = "it is not selected any more"


@dataclass(frozen=True)
class Decision:
    """The decision about one item.

    :param item: the item to change, ``None`` if there is nothing to do.
    :param result: the result of an item with nothing to do.
    :param earlier: what earlier runs did to it, which belongs to the result of its write.
    """

    item: FleetItem | None = None
    result: ItemResult | None = None
    earlier: Earlier = NOTHING


def decide(
    change: FleetChange, item: FleetItem, plan: FleetPlan | None, state: JournalState
) -> Decision:
    """Decide about an item that was just read. Write nothing.

    An approved plan covers a write only to the items that it predicted to change.

    :raises PanelError: ``auth``. Another attempt could lock the credentials.
    """
    known = _known(item.id, plan, state)
    if item.evidence.is_of_another(known):
        return Decision(result=_gone_after(item.id, plan, state, REPLACED))
    decision = _decided(change, item, plan, state)
    if decision.result is not None:
        return Decision(result=decision.earlier.within(decision.result))
    if plan is None:
        return decision
    if plan.items[item.id].outcome is ItemOutcome.CHANGED:
        return decision
    return Decision(result=_left_alone(item, _NOT_PLANNED, decision.earlier))


def _known(item_id: ItemId, plan: FleetPlan | None, state: JournalState) -> Evidence:
    """Return the facts that plan and journal have about an item."""
    planned = plan.items[item_id].evidence if plan and item_id in plan.items else UNKNOWN
    recorded = UNKNOWN if state.finished else state.evidence.get(item_id, UNKNOWN)
    return recorded.over(planned)


def _look_up(
    change: FleetChange, item_id: ItemId, plan: FleetPlan | None, state: JournalState
) -> FleetItem | None:
    """Read an item again. Return ``None`` if it is gone, also if another item has its ID."""
    item = change.look_up(item_id)
    if item is None or item.evidence.is_of_another(_known(item_id, plan, state)):
        return None
    return item


def _decided(
    change: FleetChange, item: FleetItem, plan: FleetPlan | None, state: JournalState
) -> Decision:
    if item.id in state.in_doubt:
        return _after_a_crash(change, item, plan, state)
    done = state.record(item.id, plan.sha256 if plan else None)
    if done is None:
        if plan is not None and plan.sha256 == state.spent and item.to_change:
            return Decision(result=set_aside(item.id, item.name, ItemOutcome.MOVED, _FINISHED))
        return _by_its_state(item, plan)
    decide_again = (
        _after_it_was_ordered if done.outcome is ItemOutcome.ORDERED else _after_it_was_done
    )
    return decide_again(change, item, done, plan, state)


def _is_new(plan: FleetPlan, state: JournalState) -> bool:
    """Return whether the latest run was of another plan, so that this approval covers a further change."""
    return state.latest.get("plan_sha256") != plan.sha256


def must_look(item: FleetItem, plan: FleetPlan | None, state: JournalState) -> bool:
    """Return whether :func:`decide` reads the item again."""
    done = state.record(item.id, plan.sha256 if plan else None)
    if item.id in state.in_doubt or done is None:
        return item.id in state.in_doubt
    return done.outcome is ItemOutcome.ORDERED or _differs(item)


def _by_its_state(item: FleetItem, plan: FleetPlan | None) -> Decision:
    """Decide about an item that is not in the journal."""
    if plan is not None:
        item = plan.items[item.id].still_selects(item)
    if item.moved is not None:
        return Decision(result=set_aside(item.id, item.name, ItemOutcome.MOVED, item.moved))
    # Without compared values it is unknown whether the item has moved.
    compared = bool(item.changes) or item.error is None
    moved = plan is not None and plan.items[item.id].fingerprint != item.fingerprint
    if moved and compared and (item.error is not None or item.to_change):
        return Decision(result=set_aside(item.id, item.name, ItemOutcome.MOVED, _MOVED))
    if item.error is not None:
        return Decision(result=failed(item, item.error))
    if not item.to_change:
        approved = plan is not None and plan.items[item.id].outcome is ItemOutcome.CHANGED
        unpredicted = approved and not moved and item.refused
        return Decision(result=refused_since(item) if unpredicted else as_it_is(item))
    return Decision(item)


def not_selected(change: FleetChange, item_id: ItemId, state: JournalState) -> ItemResult:
    """Return the result of an item that an earlier run may have changed and that is not selected."""
    listed = FleetItem(item_id, state.in_doubt[item_id].name, ())
    try:
        item = _look_up(change, item_id, None, state)
    except PanelError as error:
        return failed(listed, _still_in_doubt(error))
    if item is None:
        return _gone_after(item_id, None, state)
    earlier = state.earlier(item)
    if item.error is None and item.moved is None and not item.to_change:
        return _out_of_doubt(item, earlier)
    return _left_alone(item, _NOT_SELECTED, earlier)


def gone(items: Sequence[FleetItem], plan: FleetPlan, state: JournalState) -> list[ItemResult]:
    """Return the results of planned items that no longer exist on the panel."""
    there = {item.id for item in items}
    return [_gone_after(item_id, plan, state) for item_id in plan.items if item_id not in there]


def _gone_after(
    item_id: ItemId, plan: FleetPlan | None, state: JournalState, why: str = _GONE
) -> ItemResult:
    """Return the result of an item that no longer exists, with what earlier runs did to it."""
    done = state.done.get(item_id)
    recorded = state.in_doubt.get(item_id) or done or (plan.items.get(item_id) if plan else None)
    name = recorded.name if recorded else str(item_id)
    if done is not None and item_id not in state.in_doubt:
        return set_aside(item_id, name, ItemOutcome.MOVED, _since(done, why))
    item = FleetItem(item_id, name, (), moved=why)
    return _left_alone(item, why, state.earlier(item))


def _left_alone(item: FleetItem, why: str, earlier: Earlier) -> ItemResult:
    """Return the result of an item that is left alone, with what earlier runs did to it."""
    result = set_aside(item.id, item.name, ItemOutcome.MOVED, earlier.since(why))
    return earlier.within(result)


def _after_a_crash(
    change: FleetChange, listed: FleetItem, plan: FleetPlan | None, state: JournalState
) -> Decision:
    """Read an item that an earlier run may have changed, and decide about it."""
    try:
        item = _look_up(change, listed.id, plan, state)
    except PanelError as error:
        return Decision(result=failed(listed, _still_in_doubt(error)))
    if item is None:
        return Decision(result=_gone_after(listed.id, plan, state))
    if plan is not None:
        item = plan.items[item.id].still_selects(item)
    earlier = state.earlier(item)
    if item.moved is not None:
        return Decision(result=_left_alone(item, item.moved, earlier))
    if item.error is not None:
        return Decision(result=failed(item, _still_in_doubt(item.error)), earlier=earlier)
    if not item.to_change:
        return Decision(result=_out_of_doubt(item, earlier))
    if plan is not None and not state.in_doubt[item.id].explains(item):
        return Decision(result=_left_alone(item, _MOVED, earlier))
    return Decision(item, earlier=earlier)


def _after_it_was_done(
    change: FleetChange,
    listed: FleetItem,
    done: ItemResult,
    plan: FleetPlan | None,
    state: JournalState,
) -> Decision:
    """Decide about an item that an earlier run finished. Its record counts if the panel still shows it.

    An approval covers one change of each item. An item that differs again needs a new plan. Without
    a plan, it is changed again.
    """
    if not _differs(listed):
        return Decision(result=_still_done(listed, done), earlier=state.earlier(listed))
    try:
        # Read it again by itself: if its order may be open, the change waits for that order.
        item = _look_up(change, listed.id, plan, state)
    except PanelError as error:
        return Decision(result=_unread(listed, error, done))
    if item is None:
        message = _since(done, _GONE)
        return Decision(result=set_aside(listed.id, listed.name, ItemOutcome.MOVED, message))
    earlier = state.earlier(item)
    if not _differs(item):
        return Decision(result=_still_done(item, done), earlier=earlier)
    if plan is not None and _is_new(plan, state):
        return _by_its_state(item, plan)
    if plan is not None and item.error is None:
        again = "again" if done.outcome is ItemOutcome.CHANGED else "now"
        message = _since(done, f"it differs {again}")
        result = set_aside(item.id, item.name, ItemOutcome.MOVED, message)
        return Decision(result=result, earlier=earlier)
    return replace(_by_its_state(item, None), earlier=earlier)


def _after_it_was_ordered(
    change: FleetChange,
    listed: FleetItem,
    done: ItemResult,
    plan: FleetPlan | None,
    state: JournalState,
) -> Decision:
    """Decide about an item whose change an earlier run ordered.

    While the item has the values of that time, its order counts, unless it was cancelled.
    """
    try:
        item: FleetItem | None = listed
        if _differs(listed):
            item = _look_up(change, listed.id, plan, state)
    except PanelError as error:
        return Decision(result=_unread(listed, error, done))
    if item is None:
        message = _since(done, _GONE)
        return Decision(result=set_aside(listed.id, listed.name, ItemOutcome.MOVED, message))
    if item.moved is not None:
        return Decision(result=set_aside(item.id, item.name, ItemOutcome.MOVED, item.moved))
    if item.error is not None and not item.changes:  # its values are unknown
        return Decision(result=_unread(item, item.error, done))
    has_target = not (_differs(item) or item.refused)
    why_not = _OTHER_VALUES
    if has_target or _on_its_way(item, done):
        order = change.order_now(done.details)
        if order is not None:
            return Decision(result=(order_done if has_target else still_ordered)(done, order))
        why_not = _CANCELLED
    if plan is not None and _is_new(plan, state):
        return _by_its_state(item, plan)
    if plan is not None and not has_target:
        return Decision(result=set_aside(item.id, item.name, ItemOutcome.MOVED, why_not))
    return _by_its_state(item, None)


def _on_its_way(item: FleetItem, done: ItemResult) -> bool:
    """Return whether each value is the one at the time of the order or the ordered one."""
    now = {row["field"]: row["before"] for row in item.changes}
    return all(
        now.get(row["field"], row["desired"]) in (row["after"], row["desired"])
        for row in done.changes
    )


#: What an earlier run did to an item, by the outcome that its journal records.
_PAST = {
    ItemOutcome.CHANGED: "an earlier run changed it",
    ItemOutcome.ORDERED: "an earlier run ordered its change",
}


def _since(done: ItemResult, message: str) -> str:
    """Return a sentence about an earlier run and what is so now."""
    past = _PAST.get(done.outcome, "an earlier run did not change it")
    return f"{past}, and {message}"


def _still_done(item: FleetItem, done: ItemResult) -> ItemResult:
    """Return the result of an item that an earlier run changed and that needs no write now."""
    if not _shows(item, done):
        return as_it_is(item)
    result = with_refusals(done, item)
    if item.waits_for_restart is None:
        return result
    return replace(result, restart_required=item.waits_for_restart)


def _shows(item: FleetItem, done: ItemResult) -> bool:
    """Return whether the compared values of an item are the ones that an earlier run left.

    A rollback has no row for a value that is restored, so somebody may have restored what was refused.
    """
    now = {row["field"]: row["before"] for row in item.changes}
    return all(now.get(row["field"], row["desired"]) == row["after"] for row in done.changes)


def _differs(item: FleetItem) -> bool:
    return bool(item.to_change or item.error or item.moved)


def _unread(item: FleetItem, error: PanelError, done: ItemResult) -> ItemResult:
    """Return the result of an item that cannot be read, with the details that an earlier run recorded.

    :raises PanelError: see :func:`_unreadable`.
    """
    return replace(failed(item, _unreadable(error)), details=done.details)


def _unreadable(error: PanelError) -> PanelError:
    """Return the error of a read if it concerns only this item.

    :raises PanelError: the error, if it would be the same for all items.
    """
    if error.code is Code.AUTH:
        raise error
    return error


def _still_in_doubt(error: PanelError) -> PanelError:
    """Return the error for an unreadable item that an earlier run may have changed."""
    _unreadable(error)
    error.uncertain = True
    error.add_hint("an earlier run may have changed it")
    return error


def _out_of_doubt(item: FleetItem, earlier: Earlier) -> ItemResult:
    """Return the result of an item that has its target after a write without a response."""
    result = earlier.within(as_it_is(item))
    waits = item.restart_required or earlier.restart_required
    return replace(result, restart_required=waits) if earlier.rows else result
