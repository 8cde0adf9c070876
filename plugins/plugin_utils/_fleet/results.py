# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The outcome of one item, and of all items together."""

from __future__ import annotations

import enum
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ...module_utils._core.changes import FieldOutcome
from ...module_utils._core.errors import Code, PanelError
from .change import FleetItem, ItemId, Row, checked_item_id, rows_with


class ItemOutcome(str, enum.Enum):
    """What became of an item. The guide "fleet model" says what each of them proves."""

    CHANGED = "changed"
    #: It is ordered and not yet changed, such as an order that waits for its payment.
    ORDERED = "ordered"
    #: A comparison found that it differs from the target.
    DRIFTED = "drifted"
    UNCHANGED = "unchanged"
    #: It differs only in what the panel does not change.
    REFUSED = "refused"
    #: It was not changed, or not all of it, and what became of it is known.
    FAILED = "failed"
    #: A write was sent, and whether it took effect is not known.
    IN_DOUBT = "in_doubt"
    #: It is not in the state that the change starts from, such as that of a plan; left alone.
    MOVED = "moved"
    #: The run stopped before its turn.
    SKIPPED = "skipped"


#: What an operator wants to see first where not everything is shown.
_URGENT = (
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

#: The outcomes of an item that was written to.
_WRITTEN = (ItemOutcome.CHANGED, ItemOutcome.ORDERED)


#: Outcomes that leave nothing to do.
_DONE = (*_WRITTEN, ItemOutcome.UNCHANGED, ItemOutcome.REFUSED)
#: Outcomes that count as failures: against the limits, and for the task.
FAILURES = (ItemOutcome.FAILED, ItemOutcome.IN_DOUBT)


@dataclass(frozen=True)
class ItemResult:
    """One item's row of the result.

    :param changes: the rows that changed or were refused; the others are as they should be.
    :param earlier: whether an earlier run with the same journal did it.
    :param message: why, for everything but ``changed`` and ``unchanged``.
    :param failure: the ``failure`` of the single module.
    :param partial: whether some of it changed although it failed.
    :param verified: whether the second look found it as it was changed; ``None`` without one.
    :param details: what else the single module returned, see :attr:`FleetChange.details`.
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

    @property
    def changed(self) -> bool:
        """Whether this run changes anything of it."""
        return not self.earlier and (self.outcome in _WRITTEN or self.partial)

    @property
    def partly_refused(self) -> bool:
        """Whether it changed, and some of what it was to get was refused."""
        return self.outcome in _WRITTEN and bool(rows_with(self.changes, FieldOutcome.REFUSED))

    @property
    def done(self) -> bool:
        """Whether there is nothing left to do about it, in this run or in a later one."""
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
            **self.details,
        }


#: What stands in a row, or beside it in a journal, and is no detail of the single module's.
_NO_DETAILS = frozenset(ItemResult(0, "", ItemOutcome.SKIPPED).to_result()) | {"event", "at"}


def as_it_is(item: FleetItem) -> ItemResult:
    """The result of an item that nothing is written to."""
    if item.refused:
        return ItemResult(
            item.id, item.name, ItemOutcome.REFUSED, item.refused, message=_spoken(item.refused)
        )
    return ItemResult(item.id, item.name, ItemOutcome.UNCHANGED)


def predicted(item: FleetItem) -> ItemResult:
    """The result that check mode expects."""
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
    """Return the result of an item from that of the single module, of which it keeps the details.

    A refusal that the comparison predicted is an outcome like others. One that it did not predict
    is a failure, and in doubt where the panel accepted the write and reported nothing.
    A result with a true ``ordered`` is of a change that was ordered and does not show yet.
    """
    rows = rows_with(result["changes"], FieldOutcome.CHANGED, FieldOutcome.REFUSED)
    outcome = ItemOutcome.CHANGED if result["changed"] else ItemOutcome.UNCHANGED
    if result["changed"] and result.get("ordered"):
        outcome = ItemOutcome.ORDERED
    refused = rows_with(rows, FieldOutcome.REFUSED)
    open_rows: tuple[Row, ...] = ()
    if outcome is ItemOutcome.ORDERED:
        # Their outcome is still "unchanged"; their messages say what they wait for.
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
    return ItemResult(
        item.id,
        item.name,
        outcome,
        (*rows, *open_rows),
        restart_required=bool(result.get("restart_required")),
        message=error.msg if error else _spoken((*refused, *open_rows)) or None,
        failure=error.failure() if error else None,
        partial=bool(error and error.partial),
        warnings=tuple(result.get("warnings", ())),
        details=_picked(result, details),
    )


def failed(item: FleetItem, error: PanelError, details: Iterable[str] = ()) -> ItemResult:
    """The result of an item that could not be changed, with the details that were learnt."""
    rows = error.result.get("changes", ())
    return ItemResult(
        item.id,
        item.name,
        ItemOutcome.IN_DOUBT if error.uncertain else ItemOutcome.FAILED,
        rows_with(rows, FieldOutcome.CHANGED, FieldOutcome.REFUSED) if error.partial else (),
        message=error.msg,
        failure=error.failure(),
        partial=error.partial,
        details=_picked(error.result, details),
    )


def set_aside(item_id: ItemId, name: str, outcome: ItemOutcome, message: str) -> ItemResult:
    """The result of an item that is left alone, and why."""
    return ItemResult(item_id, name, outcome, message=message)


def from_plain(row: Mapping[str, Any]) -> ItemResult:
    """Read a row of :meth:`ItemResult.to_result` back, as of an earlier run.

    :raises KeyError, TypeError, ValueError: it is none.
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
    )


def shortened(results: Sequence[ItemResult], most: int) -> Sequence[ItemResult]:
    """Return at most so many: what failed first, what is as it should be last."""
    if len(results) > most:
        rank = {outcome: place for place, outcome in enumerate(_URGENT)}
        chosen = sorted(range(len(results)), key=lambda n: (rank[results[n].outcome], n))[:most]
        results = [results[n] for n in sorted(chosen)]
    return results


def found_done(item: FleetItem, rows: Sequence[Row]) -> ItemResult:
    """The result of an item that an earlier run changed, and died before it heard so."""
    return replace(
        ItemResult(item.id, item.name, ItemOutcome.CHANGED, tuple(rows), item.restart_required),
        earlier=True,
        message="an earlier run sent the change and did not hear what became of it; the panel shows it",
    )


def _picked(result: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: result[name] for name in names if name in result}


def _spoken(rows: Iterable[Row]) -> str:
    return "; ".join(
        f"{row['field']} stays at {row['after']} instead of {row['desired']}: {row['message']}"
        for row in rows
    )


class Results:
    """Collects the results of a run as several threads add them."""

    def __init__(self) -> None:
        self._results: dict[ItemId, ItemResult] = {}
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, result: ItemResult) -> None:
        """Add the result of an item, in place of an earlier one."""
        with self._lock:
            before = self._results.get(result.id)
            if before is not None:
                self._counts.subtract(_counted(before))
            self._results[result.id] = result
            self._counts.update(_counted(result))

    def get(self, item_id: ItemId) -> ItemResult | None:
        """Return the result of an item, ``None`` while there is none."""
        return self._results.get(item_id)

    def in_order(self, ids: Iterable[ItemId]) -> list[ItemResult]:
        """Return the results, in the order of the ids."""
        return [self._results[item_id] for item_id in ids if item_id in self._results]

    @property
    def count(self) -> int:
        """How many results there are."""
        return len(self._results)

    @property
    def failures(self) -> int:
        """How many items failed or are in doubt."""
        return sum(self._counts[outcome.value] for outcome in FAILURES)

    @property
    def done(self) -> int:
        """How many items are as they should be, as far as the panel lets them."""
        return sum(self._counts[outcome.value] for outcome in _DONE)

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do about any item, in this run or in a later one."""
        left = (*FAILURES, ItemOutcome.SKIPPED)
        return not any(self._counts[outcome.value] for outcome in left)

    @property
    def totals(self) -> dict[str, int]:
        """How many items there are, and how many of each kind."""
        return {name: self._counts[name] for name in TOTALS}

    def summary(self, changed: str = "changed") -> str:
        """Return the counts in words, such as ``118 changed, 2 failed``; zeros are left out.

        :param changed: what the changed items are called.
        """
        return summary_of(self._counts, changed)


def _counted(result: ItemResult) -> dict[str, int]:
    return {
        "selected": 1,
        result.outcome.value: 1,
        "partly_refused": result.partly_refused,
        "earlier": result.earlier,
        "restart_required": result.restart_required,
        "differ_again": result.verified is False,
    }


#: What the totals count: all items, each outcome, and properties that an item has besides.
TOTALS = (
    "selected",
    *(outcome.value for outcome in ItemOutcome),
    "partly_refused",
    "earlier",
    "restart_required",
    "differ_again",
)

#: What the items that change are called before they do.
WOULD_CHANGE = "would change"

#: What an outcome is called where it counts items.
_WORDS = {
    "ordered": "ordered and not changed yet",
    "unchanged": "as they should be",
    "moved": "left alone",
    "in_doubt": "in doubt",
}


def summary_of(totals: Mapping[str, int], changed: str = "changed") -> str:
    """Return totals in words; zeros are left out.

    :param changed: what the changed items are called.
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
    earlier = totals.get("earlier", 0)
    text = ", ".join(named) or "nothing"
    return f"{text} ({earlier} by an earlier run)" if earlier else text
