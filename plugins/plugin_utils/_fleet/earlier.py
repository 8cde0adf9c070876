# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""State what the earlier runs of a series did to an item, so that the result of a later run contains it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ...module_utils._core.changes import FieldOutcome
from .change import FleetItem, Row, rows_with
from .results import FOUND, ItemOutcome, ItemResult


@dataclass(frozen=True)
class Intent:
    """The values that runs were about to write to an item.

    :param name: of the item.
    :param before: the values before the first write.
    :param desired: the values to write.
    :param open: the fields of which no outcome is recorded.
    """

    name: str
    before: Mapping[str, Any]
    desired: Mapping[str, Any]
    open: frozenset[str] = frozenset()

    def after(self, earlier: Intent | None) -> Intent:
        """Return the intent of this write and of the earlier ones, whose effect is not known."""
        if earlier is None:
            return self
        return Intent(
            self.name,
            {**self.before, **earlier.before},
            {**earlier.desired, **self.desired},
            self.open | earlier.open,
        )

    def explains(self, item: FleetItem) -> bool:
        """Whether each value equals the one before or the desired one, so that no other client changed it."""
        return all(
            row["field"] in self.before
            and row["before"] in (self.before[row["field"]], self.desired[row["field"]])
            for row in item.to_change
        )

    def shown(self, item: FleetItem) -> Iterator[Row]:
        """Yield a row for each open field that had another value before and now has the desired one."""
        now = {row["field"]: row for row in item.changes}
        for name in filter(self.open.__contains__, filter(item.shows, self.desired)):
            before, desired = self.before[name], self.desired[name]
            row = now.get(
                name, {"before": desired}
            )  # an item has no row for a value that has its target
            if row["before"] == desired != before:
                yield {
                    "field": name,
                    "unit": row.get("unit"),
                    "before": before,
                    "desired": desired,
                    "after": desired,
                    "outcome": FieldOutcome.CHANGED.value,
                    "message": None,
                }


@dataclass(frozen=True)
class Written:
    """The outcomes that a journal records of one item, of all runs of a series.

    :param rows: the changed rows by field, each with its first value before and its last one after.
    :param restart_required: whether the item waits for a restart, as far as they know.
    :param details: the latest details, such as the order of the item.
    """

    rows: Mapping[str, Row]
    restart_required: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)

    def then(self, result: ItemResult) -> Written:
        """Return the outcomes with a later one."""
        rows = dict(self.rows)
        for row in rows_with(result.changes, FieldOutcome.CHANGED):
            if row["after"] != row["before"]:
                first = rows.get(row["field"], row)["before"]
                rows[row["field"]] = {**row, "before": first}
        waited = self.restart_required and not result.done  # a done result has the flag of all rows
        return Written(rows, result.restart_required or waited, _latest(result, self.details))

    def shown(self, item: FleetItem) -> Iterator[Row]:
        """Yield each row whose new value the item shows."""
        now = {row["field"]: row["before"] for row in item.changes}
        for name, row in self.rows.items():
            if item.shows(name) and now.get(name, row["desired"]) == row["after"]:
                yield row


#: No outcomes.
NOT_WRITTEN = Written({})


@dataclass(frozen=True)
class Earlier:
    """What the earlier runs of a series did to an item.

    :param rows: the changes that the panel still shows.
    :param past: the same in words, for the reason to leave the item alone.
    :param found: how the changes without a recorded outcome were found, as a sentence; empty if there are none.
    :param restart_required: whether these changes wait for a restart.
    :param details: the details that earlier runs recorded.
    """

    rows: tuple[Row, ...] = ()
    past: str = ""
    found: str = ""
    restart_required: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, item: FleetItem, intent: Intent | None, written: Written) -> Earlier:
        """Return what earlier runs did to an item that was just read.

        :param intent: what they were about to write, ``None`` if all outcomes are known.
        """
        unknown = not item.changes and (item.error is not None or item.moved is not None)
        rows: dict[str, Row] = {}
        found = ""
        if not unknown:
            rows = {row["field"]: row for row in intent.shown(item)} if intent else {}
            recorded = {row["field"]: row for row in written.shown(item)}
            found = FOUND if rows.keys() - recorded.keys() else ""
            rows |= recorded
        order = dict.fromkeys([*(row["field"] for row in item.changes), *rows])
        past = ""
        if intent is not None:
            past = "an earlier run may have changed it"
            if rows or written.rows:
                past = "an earlier run changed it in part"
            if rows.keys() >= intent.desired.keys():
                past = "an earlier run changed it"
        shown = tuple(rows[field] for field in order if field in rows)
        waits = item.waits_for_restart
        if waits is None:
            waits = written.restart_required
        return cls(shown, past, found, waits and bool(shown), written.details)

    def since(self, message: str) -> str:
        """Return the reason to leave the item alone."""
        return f"{self.past}, and {message}" if self.past else message

    def within(self, result: ItemResult) -> ItemResult:
        """Return the result of this run with the changes of the earlier ones.

        A write of which only a part is known keeps its row as it is, since its other values are in doubt.
        """
        own = {row["field"] for row in result.changes}
        missing = tuple(row for row in self.rows if row["field"] not in own)
        failure = result.failure
        if not missing or (failure and failure["partial"] and not own):
            return result
        result = replace(
            result,
            changes=(*missing, *result.changes),
            restart_required=result.restart_required or self.restart_required,
            details=_latest(result, self.details),
        )
        if failure is not None:
            return replace(result, failure={**failure, "partial": True})
        if result.outcome in (ItemOutcome.UNCHANGED, ItemOutcome.REFUSED):
            message = "; ".join(filter(None, [self.found, result.message])) or None
            return replace(result, outcome=ItemOutcome.CHANGED, earlier=True, message=message)
        return result


def _latest(result: ItemResult, before: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the details of a result, or the ones before if it has none."""
    return result.details if any(result.details.values()) else before


#: Nothing.
NOTHING = Earlier()
