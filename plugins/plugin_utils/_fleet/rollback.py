# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restore the values that items had before the runs of a journal."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ...module_utils._core.argspec import ArgumentSpec
from ...module_utils._core.converge import View
from ...module_utils._core.errors import PanelError, invalid
from .change import (
    REPLACED,
    UNKNOWN,
    Evidence,
    FleetChange,
    FleetItem,
    ItemId,
    Row,
    checked_item_id,
    evidence_in,
)
from .durable_file import append_line, cannot, unchanging
from .identity import canonical, sha256_of
from .journal import Damaged, Event, JournalState, replay
from .journal_loss import beside, loss
from .results import ItemOutcome
from .selection import Shard

OPTION = "rollback"


@dataclass(frozen=True)
class Reversal:
    """One item that the runs of a journal changed, or may have changed.

    :param before: the values of the changed fields before the runs.
    :param after: the values of the same fields after the runs. If the effect of a write is not
        known, the values that it was to set.
    :param evidence: the facts about the item that the journal records.
    :param in_doubt: whether a write may still take effect, such as an order that is not carried out yet.
    """

    id: ItemId
    name: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    evidence: Evidence = UNKNOWN
    in_doubt: bool = False

    def strange(self, view: View) -> str | None:
        """Return which value is neither the one before nor the one after, or ``None``.

        Such a value was set by another client.
        """
        for field, after in self.after.items():
            now = view.get(field)
            if now not in (after, self.before[field]):
                return f"its {field} is now {now}, and was {after} after the run"
        return None

    def left(self, view: View) -> dict[str, Any]:
        """Return the values that are not yet restored."""
        return {field: value for field, value in self.before.items() if view.get(field) != value}


class Reversals(Mapping[ItemId, Reversal]):
    """All items that the last runs of a journal changed.

    :param path: the path of the journal.
    :param address: the address of the journal's panel.
    :param action: the action that wrote the journal.
    :param runs: the IDs of the runs; empty if nothing was ever changed.
    :param size: bytes up to the end of the journal's last complete line.
    :param plans: the hashes of the plans that the runs applied.
    :param shard: the part of the items that the runs are about, ``None`` for all.
    """

    def __init__(
        self,
        path: str,
        address: str | None,
        action: str | None,
        runs: Sequence[str],
        reversals: Sequence[Reversal],
        *,
        size: int,
        plans: Sequence[str],
        shard: Shard | None = None,
    ) -> None:
        self._path = path
        self._address = address
        self._action = action
        self._runs = tuple(runs)
        self._size = size
        self.plans = tuple(plans)
        self.shard = shard
        self._by_id = {reversal.id: reversal for reversal in reversals}

    def __getitem__(self, item_id: ItemId) -> Reversal:
        return self._by_id[item_id]

    def __iter__(self) -> Iterator[ItemId]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def target(self) -> dict[str, Any]:
        """Return the target of the rollback: the runs, and a hash of the values."""
        rows = [
            [reversal.id, dict(reversal.before), dict(reversal.after)] for reversal in self.values()
        ]
        return {"rollback_of": list(self._runs), "rollback_sha256": sha256_of(rows)}

    def mark(self, event: str, **facts: Any) -> None:
        """Record an event of the rollback in the journal, so that its runs cannot be resumed.

        :raises PanelError: ``validation``, it cannot be written.
        """
        if not self._runs:
            return
        line = canonical({"event": event, **facts})
        try:
            append_line(self._path, self._size, line)
        except OSError as error:
            raise cannot(f"record the rollback in {self._path}", OPTION, error) from error
        self._size += len(line) + 1

    def check_origin(self, change: FleetChange) -> None:
        """Refuse a journal of another panel or action. Accept an empty journal.

        :raises PanelError: ``validation``.
        """
        if not self._runs:
            return
        if self._address != change.address:
            raise journal_unfit(
                self._path, f"it is for the panel {self._address}, and this is {change.address}"
            )
        if self._action != change.name:
            raise journal_unfit(
                self._path, f"it is about {self._action}, and this is {change.name}"
            )


def journal_unfit(path: str, message: str) -> PanelError:
    """Return the error for a journal that cannot be rolled back."""
    error = invalid(message, f"set {OPTION} to the journal of the runs that are to be undone")
    error.action = f"roll the journal {path} back"
    return error


def refuse_beside_rollback(params: Mapping[str, Any], *specs: ArgumentSpec) -> None:
    """Refuse options whose values come from the journal.

    :param specs: the options that select items and define their target.
    :raises PanelError: ``validation``, with the options that are set.
    """
    there = [
        option
        for spec in specs
        for option, rule in spec.options.items()
        if params[option] != rule.get("default")
    ]
    if there:
        raise invalid(
            f"{', '.join(there)} must not be set with {OPTION}",
            "they come from the journal",
        )


class Rollback(FleetChange):
    """A rollback. A panel defines how to read items, and which values it can restore.

    :param reversals: the values to restore, by item.
    """

    none_selected = "the journal records no change, so there is nothing to restore"

    def __init__(self, reversals: Reversals) -> None:
        self.reversals = reversals
        self.undoes = reversals.plans
        self.shard = reversals.shard

    @abstractmethod
    def read(self, ids: Sequence[ItemId]) -> Mapping[ItemId, View]:
        """Read items, with as few requests as the panel allows. Omit items that no longer exist.

        :returns: the ``name`` and the fields of each item, by ID.
        """

    @abstractmethod
    def compare(self, reversal: Reversal, view: View) -> FleetItem:
        """Return the item with a row at least for each value of :meth:`Reversal.left`.

        A value that the panel cannot restore has the outcome ``refused``, with the reason.
        """

    def prepare(self) -> Mapping[str, Any]:
        return self.reversals.target()

    def begin(self, run: str, at: str) -> None:
        self.reversals.mark("rollback", at=at, run=run)

    def end(self, run: str, at: str, *, complete: bool) -> None:
        self.reversals.mark("rolled_back", at=at, run=run, complete=complete)

    def select(self, ids: Sequence[ItemId] | None) -> list[FleetItem]:
        there = self.reversals if ids is None else [i for i in ids if i in self.reversals]
        chosen = [self.reversals[item_id] for item_id in there]
        views = self.read([reversal.id for reversal in chosen]) if chosen else {}
        return [self._item(reversal, views.get(reversal.id)) for reversal in chosen]

    def doubts(self, items: Sequence[FleetItem]) -> list[str]:
        """Return a warning if items need nothing, and a write of the runs may still take effect."""
        names = [
            f"{item.name} ({item.id})"
            for item in items
            if self.reversals[item.id].in_doubt
            and not (item.changes or item.error or item.moved is not None)
        ]
        if not names:
            return []
        named = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
        warning = (
            f"{len(names)} of the {self.noun} in doubt: the panel shows the values from before the run, and the"
            f" write of the run may still take effect ({named}); plan the rollback again later"
        )
        return [warning]

    def look_up(self, item_id: ItemId) -> FleetItem | None:
        view = self.read([item_id]).get(item_id)
        return None if view is None else self._item(self.reversals[item_id], view)

    def facts(self, view: View) -> Mapping[str, Any]:
        """Return the keys of an item that :class:`FleetItem` has and that need no comparison."""
        return {}

    def _item(self, reversal: Reversal, view: View | None) -> FleetItem:
        known = reversal.evidence
        facts = {} if view is None else dict(self.facts(view))
        if view is None or Evidence(facts.get("uuid")).is_of_another(known):
            why = "it is gone" if view is None else REPLACED
            facts = known.identity()
            return FleetItem(reversal.id, reversal.name, (), moved=why, gone=True, **facts)
        strange = reversal.strange(view)
        if strange is not None:
            return FleetItem(reversal.id, str(view["name"]), (), moved=strange, **facts)
        if not reversal.left(view):
            return FleetItem(reversal.id, str(view["name"]), (), **facts)
        return self.compare(reversal, view)


@contextmanager
def reversals_of(path: str) -> Iterator[Reversals]:
    """Yield the changes of a journal's last series of runs. Meanwhile no run can use the journal.

    :raises PanelError: ``validation``, the journal cannot be read, is damaged, or is in use.
    """
    with unchanging(path, "journal", OPTION) as content:
        reading = _Series()
        try:
            size = replay(content, {kind: getattr(reading, kind) for kind in _KINDS})
        except Damaged as damage:
            raise journal_unfit(path, damage.message) from None
        if (lost := loss(reading.marks, beside(path))) is not None:
            raise journal_unfit(path, lost)
        yield reading.reversals(path, size)


_KINDS = ("begin", "intent", "outcome", "end", "reported", "rollback", "rolled_back")


class _Series:
    """The last series of runs that wrote to items, collected event by event.

    A series ends with a run that leaves no work. A later run begins a new series only if it writes.
    """

    def __init__(self) -> None:
        self._origin: tuple[str, str, str | None] | None = None
        self._runs: list[str] = []
        self._items: dict[ItemId, _Written] = {}
        self._complete = False
        self._plans: dict[str, str] = {}
        #: The runs after the end of a series, until one of them writes.
        self._idle: list[str] | None = None
        #: The runs of the journal, their ends and a rollback of them.
        self.marks = JournalState()

    def begin(self, event: Event) -> None:
        shard = event.get("shard")
        origin = (
            str(event["address"]),
            str(event["action"]),
            shard if shard is None else str(shard),
        )
        if self._origin not in (None, origin):
            raise ValueError(origin)
        self._origin = origin
        if self._complete:
            self._idle, self._complete = [], False
        run, plan = str(event["run"]), event.get("plan_sha256")
        self.marks.runs.append(run)
        (self._runs if self._idle is None else self._idle).append(run)
        if plan is not None:
            self._plans[run] = str(plan)

    def intent(self, event: Event) -> None:
        if self._idle is not None:
            self._runs, self._items, self._idle = self._idle, {}, None
        written = self._items.setdefault(checked_item_id(event["id"]), _Written())
        written.name = str(event["name"])
        written.evidence = evidence_in(event).over(written.evidence)
        written.begin(dict(event["before"]), dict(event["desired"]))

    def outcome(self, event: Event) -> None:
        written = self._items[event["id"]]
        if event["outcome"] == ItemOutcome.ORDERED.value:
            return  # the order may take effect after the run
        rows, failure = event["changes"], event["failure"]
        partial = failure is not None and failure["partial"]
        if failure is not None and failure["state"] == "unknown":
            # A value that was still unchanged may have changed later. Only a visible change is proof.
            rows = [row for row in rows if row["after"] != row["before"]]
        if failure is None or partial:
            written.observed(rows)
        # A partial write without known rows stays in doubt.
        if failure is None or (failure["state"] == "known" and bool(rows) is partial):
            written.close()

    def end(self, event: Event) -> None:
        self._complete = bool(event["complete"])
        self.marks.ends.add(self.marks.runs[-1])

    def rollback(self, event: Event) -> None:
        """Note a rollback. It does not alter what the series changed."""
        self.marks.rollback = event

    rolled_back = rollback

    def reported(self, event: Event) -> None:
        """Ignore that the report of a run was written."""

    def reversals(self, path: str, size: int) -> Reversals:
        """Return the changes of the series, without values that it changed back itself."""
        found = (written.reversal(item_id) for item_id, written in self._items.items())
        address, action, shard = self._origin or (None, None, None)
        there = [reversal for reversal in found if reversal]
        plans = dict.fromkeys(self._plans[run] for run in self._runs if run in self._plans)
        return Reversals(
            path,
            address,
            action,
            self._runs,
            there,
            size=size,
            plans=list(plans),
            shard=Shard.of(shard),
        )


class _Written:
    """The values that runs wrote to one item, according to their journal."""

    def __init__(self) -> None:
        self.name = ""
        self.evidence = UNKNOWN
        self._before: dict[str, Any] = {}
        self._after: dict[str, Any] = {}
        #: The before and desired values of a write whose outcome is not recorded, by field.
        self._doubtful: dict[str, tuple[Any, Any]] = {}
        #: The same of earlier writes, which may take effect even after a later run.
        self._earlier: dict[str, tuple[Any, Any]] = {}

    def begin(self, before: Mapping[str, Any], desired: Mapping[str, Any]) -> None:
        """Record a write that is about to be sent."""
        self._earlier |= self._doubtful
        for field in self._earlier.keys() & before.keys():
            # The earlier write had not taken effect when this value was read. It still may.
            self._earlier[field] = (before[field], self._earlier[field][1])
        self._doubtful = {field: (before[field], desired[field]) for field in before}

    def observed(self, rows: list[Row]) -> None:
        """Record the values that the panel showed after the write."""
        for row in rows:
            self._doubtful.pop(row["field"], None)
            if row["after"] != row["before"]:
                self._note(row["field"], row["before"], row["after"])
                self._earlier.pop(row["field"], None)

    def close(self) -> None:
        """Record that the write changed no other field."""
        self._doubtful = {}

    def _note(self, field: str, before: Any, after: Any) -> None:
        self._before.setdefault(field, before)
        self._after[field] = after

    def reversal(self, item_id: ItemId) -> Reversal | None:
        """Return the values to restore, or ``None``."""
        in_doubt = {**self._earlier, **self._doubtful}
        for field, (before, desired) in in_doubt.items():
            self._note(field, before, desired)
        fields = [field for field, after in self._after.items() if after != self._before[field]]
        if not fields:
            return None
        return Reversal(
            item_id,
            self.name,
            {field: self._before[field] for field in fields},
            {field: self._after[field] for field in fields},
            self.evidence,
            bool(in_doubt),
        )
