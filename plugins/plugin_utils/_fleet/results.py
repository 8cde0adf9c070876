# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Define the outcomes of items, and collect the results of a run."""

from __future__ import annotations

import enum
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ...module_utils._core.changes import FieldOutcome
from ...module_utils._core.errors import Code, PanelError
from .change import (
    UNKNOWN,
    Evidence,
    FleetItem,
    ItemId,
    OpenOrder,
    Row,
    checked_item_id,
    evidence_in,
    rows_with,
)


class ItemOutcome(str, enum.Enum):
    """The outcome of an item. The guide "fleet model" explains what each of them proves."""

    CHANGED = "changed"
    #: The change is ordered and not yet made, such as an order that waits for its payment.
    ORDERED = "ordered"
    #: A comparison found that it differs from the target.
    DRIFTED = "drifted"
    UNCHANGED = "unchanged"
    #: It differs only in values that the panel does not change.
    REFUSED = "refused"
    #: It was changed only in part or not at all, and its state is known.
    FAILED = "failed"
    #: A write was sent, and whether it took effect is not known.
    IN_DOUBT = "in_doubt"
    #: Left alone, since it is not in the state that the change starts from, such as the state in a plan.
    MOVED = "moved"
    #: The run stopped before its turn.
    SKIPPED = "skipped"


#: The order of rows in a shortened list: the most important first.
URGENT = (
    ItemOutcome.FAILED,
    ItemOutcome.IN_DOUBT,
    ItemOutcome.DRIFTED,
    ItemOutcome.MOVED,
    ItemOutcome.REFUSED,
    ItemOutcome.SKIPPED,
    ItemOutcome.ORDERED,
    ItemOutcome.CHANGED,
    ItemOutcome.UNCHANGED,
)

#: The outcomes of an item that the run wrote to.
_WRITTEN = (ItemOutcome.CHANGED, ItemOutcome.ORDERED)


#: The outcomes of an item without remaining work.
_DONE = (*_WRITTEN, ItemOutcome.UNCHANGED, ItemOutcome.REFUSED)
#: The outcomes that count as failures, for the limits and for the task.
FAILURES = (ItemOutcome.FAILED, ItemOutcome.IN_DOUBT)
#: The message of a change that the journal does not record.
FOUND = "an earlier run sent this change without a recorded outcome; the panel shows it"


@dataclass(frozen=True)
class ItemResult:
    """The row of one item in the result.

    :param changes: the changed and the refused rows. All others have their target.
    :param earlier: whether the outcome is of an earlier run with the same journal.
    :param message: the reason for any outcome but ``changed`` and ``unchanged``.
    :param failure: the ``failure`` of the single module.
    :param partial: whether a failed item was changed in part.
    :param verified: whether the item still had its new values at the end of the run; ``None`` if
        they were not checked.
    :param details: other keys of the single module's result, see :attr:`FleetChange.details`.
    :param evidence: whose it is, where it is, and when it was written to.
    """

    id: ItemId
    name: str
    outcome: ItemOutcome
    changes: tuple[Row, ...] = ()
    restart_required: bool = False
    earlier: bool = False
    message: str | None = None
    failure: Mapping[str, Any] | None = None
    partial: bool = False
    verified: bool | None = None
    warnings: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    evidence: Evidence = UNKNOWN

    @property
    def changed(self) -> bool:
        """Whether this run changes the item, at least in part."""
        return not self.earlier and (self.outcome in _WRITTEN or self.partial)

    @property
    def partly_refused(self) -> bool:
        """Whether the item changed, and the panel refused some of the values."""
        return self.outcome in _WRITTEN and bool(rows_with(self.changes, FieldOutcome.REFUSED))

    @property
    def done(self) -> bool:
        """Whether no work remains for the item, in this run or in a later one."""
        return self.outcome in _DONE

    def to_result(self) -> dict[str, Any]:
        """The row as plain data."""
        return {
            "id": self.id,
            "name": self.name,
            "outcome": self.outcome.value,
            "changed": self.changed,
            "changes": [dict(row) for row in self.changes],
            "restart_required": self.restart_required,
            "earlier": self.earlier,
            "msg": self.message,
            "failure": dict(self.failure) if self.failure else None,
            "verified": self.verified,
            **self.evidence.to_plain(),
            **self.details,
        }


#: The keys of a row, or beside a row in a journal, that are not details of the single module.
_NO_DETAILS = frozenset(ItemResult(0, "", ItemOutcome.SKIPPED).to_result()) | {"event", "at"}


def as_it_is(item: FleetItem) -> ItemResult:
    """Return the result of an item that is not written to."""
    if item.refused:
        return ItemResult(
            item.id, item.name, ItemOutcome.REFUSED, item.refused, message=_spoken(item.refused)
        )
    return ItemResult(item.id, item.name, ItemOutcome.UNCHANGED)


def refused_since(item: FleetItem) -> ItemResult:
    """Return the result of an item that has its planned values, and whose approved change the panel refuses by now."""
    error = PanelError(
        Code.REFUSED,
        _spoken(item.refused),
        action=f"change {item.name}",
        hint="the plan predicted this change: try again once the reason is gone, or make a new plan",
    )
    return failed(item, error)


def predicted(item: FleetItem) -> ItemResult:
    """Return the predicted result of an item."""
    return replace(_predicted(item), evidence=item.evidence)


def _predicted(item: FleetItem) -> ItemResult:
    if item.moved is not None:
        return set_aside(item.id, item.name, ItemOutcome.MOVED, item.moved)
    if item.error is not None:
        return failed(item, item.error)
    if not item.to_change:
        return as_it_is(item)
    return ItemResult(
        item.id,
        item.name,
        ItemOutcome.CHANGED,
        rows_with(item.changes, FieldOutcome.CHANGED, FieldOutcome.REFUSED),
        restart_required=item.restart_required,
        message=_spoken(item.refused) or None,
    )


def executed(item: FleetItem, result: Mapping[str, Any], details: Iterable[str] = ()) -> ItemResult:
    """Return the result of an item from the result of the single module.

    A predicted refusal is not a failure. An unpredicted refusal is a failure, and it is in doubt if
    the panel accepted the write and reported nothing. If ``ordered`` is true, the change was ordered
    and does not show yet. If ``earlier`` is true, an earlier run sent it, and this one only waited.
    """
    rows = rows_with(result["changes"], FieldOutcome.CHANGED, FieldOutcome.REFUSED)
    outcome = ItemOutcome.CHANGED if result["changed"] else ItemOutcome.UNCHANGED
    if result["changed"] and result.get("ordered"):
        outcome = ItemOutcome.ORDERED
    refused = rows_with(rows, FieldOutcome.REFUSED)
    open_rows: tuple[Row, ...] = ()
    if outcome is ItemOutcome.ORDERED:
        # Their outcome is still "unchanged". Their messages name the cause of the wait.
        open_rows = tuple(row for row in result["changes"] if row["after"] != row["desired"])
    if refused and outcome is ItemOutcome.UNCHANGED:
        outcome = ItemOutcome.REFUSED
    predicted_to_stay = {row["field"] for row in item.refused}
    surprises = [row for row in refused if row["field"] not in predicted_to_stay]
    error = None
    if surprises:
        unconfirmed = bool(result.get("unconfirmed"))
        error = PanelError(
            Code.REFUSED,
            _spoken(surprises),
            action=f"change {item.name}",
            partial=bool(result["changed"]),
            uncertain=unconfirmed,
        )
        outcome = ItemOutcome.IN_DOUBT if unconfirmed else ItemOutcome.FAILED
    found = FOUND if result.get("earlier") else None
    return ItemResult(
        item.id,
        item.name,
        outcome,
        (*rows, *open_rows),
        restart_required=bool(result.get("restart_required")),
        earlier=bool(result.get("earlier")),
        message=error.msg if error else _spoken((*refused, *open_rows)) or found,
        failure=error.failure() if error else None,
        partial=bool(error and error.partial),
        warnings=tuple(result.get("warnings", ())),
        details=_picked(result, details),
    )


def failed(item: FleetItem, error: PanelError, details: Iterable[str] = ()) -> ItemResult:
    """Return the result of an item that could not be changed, with the known details."""
    rows = error.result.get("changes", ())
    return ItemResult(
        item.id,
        item.name,
        ItemOutcome.IN_DOUBT if error.uncertain else ItemOutcome.FAILED,
        rows_with(rows, FieldOutcome.CHANGED, FieldOutcome.REFUSED) if error.partial else (),
        restart_required=error.partial and bool(error.result.get("restart_required")),
        message=error.msg,
        failure=error.failure(),
        partial=error.partial,
        details=_picked(error.result, details),
    )


def set_aside(item_id: ItemId, name: str, outcome: ItemOutcome, message: str) -> ItemResult:
    """Return the result of an item that is left alone, with the reason."""
    return ItemResult(item_id, name, outcome, message=message)


def from_plain(row: Mapping[str, Any]) -> ItemResult:
    """Return the result that an earlier run wrote with :meth:`ItemResult.to_result`.

    :raises KeyError, TypeError, ValueError: the data is not such a row.
    """
    return ItemResult(
        checked_item_id(row["id"]),
        str(row["name"]),
        ItemOutcome(row["outcome"]),
        tuple(row["changes"]),
        restart_required=bool(row["restart_required"]),
        earlier=True,
        message=row["msg"],
        failure=row["failure"],
        details={name: value for name, value in row.items() if name not in _NO_DETAILS},
        evidence=evidence_in(row),
    )


def shortened(results: Sequence[ItemResult], most: int) -> Sequence[ItemResult]:
    """Return a limited number of results: failures first, unchanged items last."""
    if len(results) > most:
        rank = {outcome: place for place, outcome in enumerate(URGENT)}
        chosen = sorted(range(len(results)), key=lambda n: (rank[results[n].outcome], n))[:most]
        results = [results[n] for n in sorted(chosen)]
    return results


def with_refusals(done: ItemResult, item: FleetItem) -> ItemResult:
    """Return the result of an earlier run, with the values that the panel refuses by now."""
    known = {row["field"] for row in done.changes}
    refused = tuple(row for row in item.refused if row["field"] not in known)
    message = "; ".join(filter(None, [done.message, _spoken(refused)])) or None
    return replace(done, changes=(*done.changes, *refused), message=message)


def still_ordered(done: ItemResult, order: OpenOrder) -> ItemResult:
    """Return the result of an item whose change an earlier run ordered and that does not show it yet."""
    waiting = [row for row in done.changes if row["after"] != row["desired"]]
    if order.message:
        waiting = [{**row, "message": order.message} for row in waiting]
    shown = [row for row in done.changes if row["after"] == row["desired"]]
    message = _spoken(waiting) or done.message
    return replace(
        done, changes=(*shown, *waiting), message=message, details={**done.details, **order.details}
    )


def order_done(done: ItemResult, order: OpenOrder) -> ItemResult:
    """Return the result of an item that shows by now what was ordered, by an earlier run or by this one."""
    changed = {"outcome": FieldOutcome.CHANGED.value, "message": None}
    return replace(
        done,
        outcome=ItemOutcome.CHANGED,
        changes=tuple({**row, **changed, "after": row["desired"]} for row in done.changes),
        message="an earlier run ordered this change; the panel shows it"
        if done.earlier
        else "the panel showed the change only at the end of the run",
        details={**done.details, **order.details},
    )


def _picked(result: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: result[name] for name in names if name in result}


def _spoken(rows: Iterable[Row]) -> str:
    return "; ".join(
        f"{row['field']} stays at {row['after']} instead of {row['desired']}: {row['message']}"
        for row in rows
    )


class Results:
    """The results of a run. Several threads may add to them."""

    def __init__(self) -> None:
        self._results: dict[ItemId, ItemResult] = {}
        self._counts: Counter[str] = Counter()
        self._evidence: dict[ItemId, Evidence] = {}
        self._complete: Callable[[ItemResult], ItemResult] = lambda result: result
        self._lock = threading.Lock()
        #: Whether the changed items were to be read again, so that one that was not is not verified.
        self.final_check = False

    def know(self, facts: Mapping[ItemId, Evidence]) -> None:
        """Take facts about items, for their results. Later facts of the same item replace earlier ones."""
        for item_id, evidence in facts.items():
            known = self._evidence.get(item_id, UNKNOWN)
            if not evidence.is_of_another(known):
                self._evidence[item_id] = evidence.over(known)

    def is_of_another(self, item: FleetItem) -> bool:
        """Return whether another item has the ID by now, according to the facts so far."""
        return item.evidence.is_of_another(self._evidence.get(item.id, UNKNOWN))

    def complete_with(self, complete: Callable[[ItemResult], ItemResult]) -> None:
        """Take a function that adds the changes of earlier runs to each later result."""
        self._complete = complete

    def add(self, result: ItemResult) -> ItemResult:
        """Add the result of an item, in place of an earlier one; return it with all known facts."""
        result = self._complete(result)
        own = result.evidence
        evidence = self._evidence.get(result.id, UNKNOWN).over(own)
        if own.begun is not None:
            evidence = evidence.written(own.begun, own.ended)
        result = replace(result, evidence=evidence)
        with self._lock:
            before = self._results.get(result.id)
            if before is not None:
                self._counts.subtract(_counted(before))
            self._results[result.id] = result
            self._counts.update(_counted(result))
        return result

    def skip_rest(self, items: Iterable[FleetItem], why: str) -> None:
        """Add a result for each item without one.

        :param why: the reason why the run stopped.
        """
        message = f"the run stopped before its turn: {why}"
        for item in items:
            if item.id not in self._results:
                self.add(set_aside(item.id, item.name, ItemOutcome.SKIPPED, message))

    def get(self, item_id: ItemId) -> ItemResult | None:
        """Return the result of an item, or ``None``."""
        return self._results.get(item_id)

    def in_order(self, ids: Iterable[ItemId]) -> list[ItemResult]:
        """Return the results in the order of the IDs."""
        return [self._results[item_id] for item_id in ids if item_id in self._results]

    @property
    def count(self) -> int:
        """The number of results."""
        return len(self._results)

    @property
    def failures(self) -> int:
        """The number of items that failed or are in doubt."""
        return sum(self._counts[outcome.value] for outcome in FAILURES)

    @property
    def in_doubt(self) -> int:
        """The number of items that are in doubt."""
        return self._counts[ItemOutcome.IN_DOUBT.value]

    @property
    def done(self) -> int:
        """The number of items with the target, except for values that the panel refuses."""
        return sum(self._counts[outcome.value] for outcome in _DONE)

    @property
    def finished(self) -> bool:
        """Whether no work remains for any item, in this run or in a later one."""
        left = (*FAILURES, ItemOutcome.SKIPPED, ItemOutcome.DRIFTED)
        return not any(self._counts[outcome.value] for outcome in left)

    @property
    def totals(self) -> dict[str, int]:
        """The number of all items and of the items of each kind."""
        unverified = self._counts["unverified"] if self.final_check else 0
        return {**{name: self._counts[name] for name in TOTALS}, "unverified": unverified}

    def totals_by(self, *, earlier: bool) -> dict[str, int]:
        """Return the totals of the items whose outcome is of an earlier run, or of all others."""
        counts: Counter[str] = Counter()
        for result in self._results.values():
            if result.earlier is earlier:
                counts.update(_counted(result))
        return {**{name: counts[name] for name in TOTALS}, "earlier": 0, "unverified": 0}

    def summary(self, *, dry_run: bool = False) -> str:
        """Return the totals in words without zeros, such as ``118 changed, 2 failed``.

        :param dry_run: whether the results are predictions. What an earlier run did is none.
        """
        if not dry_run:
            return summary_of(self.totals)
        now, before = self.totals_by(earlier=False), self.totals_by(earlier=True)
        parts = [summary_of(now, WOULD_CHANGE)] if now["selected"] or not before["selected"] else []
        if before["selected"]:
            parts.append(f"{summary_of(before)} by an earlier run")
        return ", ".join(parts)


def _counted(result: ItemResult) -> dict[str, int]:
    return {
        "selected": 1,
        result.outcome.value: 1,
        "partly_refused": int(result.partly_refused),
        "earlier": int(result.earlier),
        "restart_required": int(result.restart_required),
        "differ_again": int(result.verified is False),
        "unverified": int(result.outcome is ItemOutcome.CHANGED and result.verified is None),
    }


#: The keys of the totals: all items, each outcome, and other properties of an item.
TOTALS = (
    "selected",
    *(outcome.value for outcome in ItemOutcome),
    "partly_refused",
    "earlier",
    "restart_required",
    "differ_again",
    "unverified",
)

#: The word for changed items in a prediction.
WOULD_CHANGE = "would change"

#: The words for outcomes in totals, if they differ.
_WORDS = {
    "ordered": "ordered and not changed yet",
    "unchanged": "unchanged",
    "moved": "left alone",
    "in_doubt": "in doubt",
}


def summary_of(totals: Mapping[str, int], changed: str = "changed") -> str:
    """Return totals in words, without zeros.

    :param changed: the word for changed items.
    """
    words = {**_WORDS, "changed": changed}
    named = []
    for outcome in ItemOutcome:
        number = totals.get(outcome.value, 0)
        if not number:
            continue
        named.append(f"{number} {words.get(outcome.value, outcome.value)}")
        if outcome is ItemOutcome.CHANGED and totals.get("partly_refused"):
            named[-1] += f" ({totals['partly_refused']} of them only in part)"
    earlier, differ = totals.get("earlier", 0), totals.get("differ_again", 0)
    text = ", ".join(named) or "nothing"
    if earlier:
        text += f" ({earlier} by an earlier run)"
    if differ:
        text += f"; {differ} showed other values at the end"
    if unverified := totals.get("unverified", 0):
        text += f"; {unverified} of the changed {'is' if unverified == 1 else 'are'} not verified"
    return text
