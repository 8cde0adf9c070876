# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Record what a run is about to do and the outcome, on disk before and after each item's write.

The journal has one line of JSON for each event: ``begin`` of a run, ``intent`` before an item is
written to, ``outcome`` after it, ``end`` of a run, and ``reported`` when its report is written.
``rollback`` and ``rolled_back`` mark the begin and the end of a rollback. ``sealed`` ends a copy in a store. After
a crash, the journal shows for each item whether it is finished, was never begun, or must be read first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from ...module_utils._core.errors import PanelError, invalid
from .change import UNKNOWN, Evidence, FleetItem, ItemId, checked_item_id, evidence_in
from .durable_file import AppendFile, Held, cannot, read_file
from .earlier import NOT_WRITTEN, Earlier, Intent, Written
from .identity import Identity, canonical, parsed
from .results import ItemOutcome, ItemResult, from_plain

#: Version of the event format.
SCHEMA = 1

#: The last event of a copy in a store. It records nothing.
SEAL = "sealed"

Event: TypeAlias = "Mapping[str, Any]"


@dataclass
class JournalState:
    """The state that a journal records.

    :param done: the results of finished items.
    :param in_doubt: the intents of items that may have been written to and have no outcome, of all runs of the series.
    :param doubted_before: the same without the latest run, whose earlier writes may still take effect.
    :param written: the recorded outcomes of the items of the series.
    :param runs: the IDs of the runs, the latest last.
    :param ends: the IDs of the runs that recorded their end.
    :param latest: the begin record of the latest run; empty if there is no run.
    :param ended: the end record of the latest run; empty if it is active or died.
    :param rollback: the latest record of a rollback; empty if there was none.
    :param past: the results of the latest series if it is finished, as far as the journal has them. Later runs of the
        same plan keep them.
    :param spent: the hash of the plan whose series is finished, also while a later run of the same plan is not.
        Its approval covers no further write.
    :param reported: whether the report of the latest run is written.
    :param plans: the hashes of all plans that runs applied.
    :param evidence: the facts about each item that the latest series of runs wrote to.
    :param size: bytes up to the end of the last whole line.
    """

    done: dict[ItemId, ItemResult] = field(default_factory=dict)
    in_doubt: dict[ItemId, Intent] = field(default_factory=dict)
    doubted_before: dict[ItemId, Intent] = field(default_factory=dict)
    written: dict[ItemId, Written] = field(default_factory=dict)
    runs: list[str] = field(default_factory=list)
    ends: set[str] = field(default_factory=set)
    latest: Event = field(default_factory=dict)
    ended: Event = field(default_factory=dict)
    rollback: Event = field(default_factory=dict)
    past: dict[ItemId, ItemResult] = field(default_factory=dict)
    spent: str | None = None
    reported: bool = False
    plans: set[str] = field(default_factory=set)
    evidence: dict[ItemId, Evidence] = field(default_factory=dict)
    size: int = 0

    @property
    def finished(self) -> bool:
        """Whether the latest run recorded that it left nothing to do."""
        return bool(self.ended.get("complete"))

    def record(self, item_id: ItemId, plan_sha256: str | None) -> ItemResult | None:
        """Return the result that counts for an item until the panel shows something else, or ``None``.

        The order of a finished series stays open for later runs of the same plan.
        """
        done = self.done.get(item_id)
        if done is None and plan_sha256 is not None and plan_sha256 == self.spent:
            past = self.past.get(item_id)
            return past if past is not None and past.outcome is ItemOutcome.ORDERED else None
        return done

    def earlier(self, item: FleetItem) -> Earlier:
        """Return what the runs so far did to an item that was just read."""
        return Earlier.of(item, self.in_doubt.get(item.id), self.written.get(item.id, NOT_WRITTEN))

    @property
    def waiting(self) -> list[tuple[ItemId, str, str | None]]:
        """The ID, the name and the unique ID of each item whose changes, at least in part, wait for a restart."""
        names = {key: each.name for key, each in self.in_doubt.items() if self._waits_in_part(key)}
        finished = {**self.done, **self.past}
        names |= {key: each.name for key, each in finished.items() if each.restart_required}
        known = {key: each.evidence.uuid for key, each in finished.items()}
        return [
            (key, name, known.get(key) or self.evidence.get(key, UNKNOWN).uuid)
            for key, name in names.items()
        ]

    def _waits_in_part(self, item_id: ItemId) -> bool:
        return self.written.get(item_id, NOT_WRITTEN).restart_required


def journal_refused(path: str, message: str) -> PanelError:
    """Return the error for a journal that must not be used."""
    error = invalid(message, "set journal to a new file, or to the one that belongs to this change")
    error.action = f"use the journal {path}"
    return error


def state_of(path: str | None, identity: Identity) -> JournalState:
    """Return what a journal records for a run that would continue it. Nothing is written.

    :param path: of the journal, which may not exist yet; ``None`` for a run without a journal.
    :raises PanelError: ``validation``, as :class:`Journal` does.
    """
    if path is None or not Path(path).exists():
        return JournalState()
    state = read_journal(path, read_file(path, "journal", OPTION), identity)
    _refuse_rolled_back(path, state)
    return state


def _refuse_rolled_back(path: str, state: JournalState) -> None:
    if state.rollback:
        raise journal_refused(
            path,
            f"the run {state.rollback['run']} has begun to roll its changes back, so they cannot be"
            " continued",
        )


def read_journal(path: str, content: bytes, identity: Identity | None) -> JournalState:
    """Read a journal.

    An incomplete last line was cut off by a crash. Its event had not happened yet, or the item will be
    read again. A crash cannot cause damage anywhere else.

    :param identity: of the run that continues the journal, ``None`` for any.
    :raises PanelError: ``validation``, the journal is damaged or belongs to another change.
    """
    state = JournalState()

    def begin(event: Event) -> None:
        if identity is not None and (difference := identity.difference(event)):
            raise journal_refused(path, difference)
        if state.finished:
            state.evidence.clear()
        if state.spent is None or state.spent != event.get("plan_sha256"):
            state.past, state.spent = {}, None
        state.reported = False
        state.runs.append(str(event["run"]))
        if event.get("plan_sha256") is not None:
            state.plans.add(str(event["plan_sha256"]))
        state.latest, state.ended = event, {}

    takers: dict[str, Callable[[Event], None]] = {
        "begin": begin,
        "intent": partial(_intent, state),
        "outcome": partial(_outcome, state),
        "end": partial(_end, state),
        "reported": partial(_reported, state),
        "rollback": partial(_rollback, state),
        "rolled_back": partial(_rollback, state),
    }
    try:
        state.size = replay(content, takers)
    except Damaged as damage:
        raise journal_refused(path, damage.message) from None
    return state


class Damaged(ValueError):
    """A line before the last one is not a journal record.

    :param number: of the line, starting at 1.
    :param why: what is wrong with it.
    """

    def __init__(self, number: int, why: str = "is not a journal record") -> None:
        super().__init__(number)
        self.message = f"line {number} {why}"


def replay(content: bytes, takers: Mapping[str, Callable[[Event], None]]) -> int:
    """Pass each event of a journal to the handler of its kind, in order.

    A handler raises ``ValueError``, ``KeyError``, ``TypeError`` or ``AttributeError`` for an invalid event.

    :returns: bytes up to the end of the last complete line.
    :raises Damaged: a line is not an event, or the first event is not ``begin``.
    """
    size = content.rfind(b"\n") + 1
    for number, line in enumerate(content[:size].split(b"\n")[:-1], 1):
        try:
            event = parsed(line)
            kind = event["event"]
            if kind == "begin" and event["schema"] != SCHEMA:
                schema = f"{event['schema']!r:.20}"
                raise Damaged(number, f"has schema {schema}, and this collection writes {SCHEMA}")
            if number == 1 and kind != "begin":
                raise ValueError(kind)
            if kind != SEAL:
                takers[kind](event)
        except Damaged:
            raise
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Damaged(number) from None
    return size


def unused(event: Event) -> None:
    """Ignore an event that does not matter to a reader of the journal."""


def _intent(state: JournalState, event: Event) -> None:
    item_id = checked_item_id(event["id"])
    state.done.pop(item_id, None)
    if not event.get("fetched"):  # nobody knows whether and when such a write began
        state.evidence[item_id] = evidence_in(event).written(event.get("at"))
    if item_id in state.in_doubt:
        state.doubted_before[item_id] = state.in_doubt[item_id]
    before, desired = dict(event["before"]), dict(event["desired"])
    intent = Intent(str(event["name"]), before, desired, frozenset(before.keys() & desired.keys()))
    state.in_doubt[item_id] = intent.after(state.doubted_before.get(item_id))


def _outcome(state: JournalState, event: Event) -> None:
    result = from_plain(event)
    known = state.evidence.get(result.id, UNKNOWN)
    state.evidence[result.id] = result.evidence.over(known)
    state.written[result.id] = state.written.get(result.id, NOT_WRITTEN).then(result)
    if result.done:
        state.in_doubt.pop(result.id, None)
        state.doubted_before.pop(result.id, None)
        state.done[result.id] = result
        return
    if not result.failure or result.failure["state"] != "known":
        return
    # This run wrote nothing more, but the write of an earlier one may still take effect.
    doubted = state.doubted_before.get(result.id)
    if not result.failure["partial"]:
        state.in_doubt.pop(result.id, None)
        if doubted is not None:
            state.in_doubt[result.id] = state.doubted_before.pop(result.id)
    elif result.changes and result.id in state.in_doubt:
        still_open = doubted.open if doubted else frozenset()
        state.in_doubt[result.id] = replace(state.in_doubt[result.id], open=still_open)


def _end(state: JournalState, event: Event) -> None:
    state.ended = event
    state.ends.add(state.runs[-1])
    if event["complete"]:
        rest = [
            replace(from_plain(row), earlier=bool(row["earlier"])) for row in event.get("rest", ())
        ]
        state.past |= {**state.done, **{result.id: result for result in rest}}
        state.spent = state.latest.get("plan_sha256")
        state.done.clear()
        state.in_doubt.clear()
        state.doubted_before.clear()
        state.written.clear()


def _reported(state: JournalState, event: Event) -> None:
    state.reported = event["run"] == state.runs[-1]


def _rollback(state: JournalState, event: Event) -> None:
    state.rollback = {"run": str(event["run"]), **event}


def _changeable(result: ItemResult) -> tuple[ItemOutcome, bool]:
    """Return the parts of a finished result that can differ at the end of a run."""
    return result.outcome, result.restart_required


OPTION = "journal"


class JournalBroken(Exception):
    """The journal cannot be written, so no further item may be begun.

    :param message: the reason.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = self.msg = message


class Journal:
    """A journal opened by one run.

    :param path: of the file, which may exist from earlier runs of the same change.
    :param identity: of the run, ``None`` to begin no run. The report of runs that were rolled back can be recorded.
    :param now: returns the time as text.
    :raises PanelError: ``validation``, it cannot be opened, is damaged, belongs to another change,
        or is in use.
    """

    def __init__(self, path: str, identity: Identity | None, now: Callable[[], str]) -> None:
        self._path = path
        self._identity = identity
        self._now = now
        try:
            self._file = AppendFile(path)
        except Held:
            raise journal_refused(path, "another run is using it") from None
        except OSError as error:
            raise cannot(f"open the journal {path}", OPTION, error) from error
        try:
            self.state: JournalState = read_journal(path, self._file.content, identity)
            if identity is not None:
                _refuse_rolled_back(path, self.state)
            self._file.cut(self.state.size)
            #: The recorded parts of each finished result, by ID.
            self._recorded = {each.id: _changeable(each) for each in self.state.done.values()}
        except PanelError:
            self._file.close()
            raise

    def begin(
        self, run: str, plan_sha256: str | None, by: Mapping[str, str | None] | None = None
    ) -> None:
        """Record the start of a run.

        :param by: who runs it, and who approved it.
        :raises PanelError: ``validation``, it cannot be written.
        """
        try:
            self._append(
                "begin",
                schema=SCHEMA,
                **(self._identity.to_plain() if self._identity else {}),
                run=run,
                plan_sha256=plan_sha256,
                by=dict(by or {}),
            )
        except JournalBroken as broken:
            raise journal_refused(self._path, broken.message) from broken

    def intent(self, item: FleetItem, batch: Mapping[str, int]) -> None:
        """Record the intent to write to an item.

        :param batch: the ``number`` and the ``size`` of its batch.
        :raises JournalBroken: the item must not be written to.
        """
        rows = item.to_change
        self._append(
            "intent",
            id=item.id,
            name=item.name,
            **item.evidence.identity(),
            batch=dict(batch),
            before={row["field"]: row["before"] for row in rows},
            desired={row["field"]: row["desired"] for row in rows},
        )

    def outcome(self, result: ItemResult) -> None:
        """Record the outcome of an item. :raises JournalBroken: a later run must read the item."""
        self._append("outcome", **result.to_result())
        self._recorded[result.id] = _changeable(result)

    def recorder(self, warnings: list[str]) -> Callable[[ItemResult], None]:
        """Return a function that records an outcome after the writes of a run.

        :param warnings: receives a sentence if an outcome cannot be recorded.
        """

        def record(result: ItemResult) -> None:
            try:
                self.outcome(result)
            except JournalBroken as broken:
                warnings.append(broken.message)

        return record

    def end(
        self,
        *,
        complete: bool,
        stopped: str | None,
        totals: Mapping[str, int],
        results: Iterable[ItemResult] = (),
    ) -> None:
        """Record the end of a run.

        :param complete: whether no work remains; the next run then begins a new series.
        :param results: of all items. If the run is complete, those without a record are recorded, and those that
            differ from their record by now, so that the report can be written from the journal alone.
        :raises JournalBroken: it cannot be written.
        """
        rest = [
            each.to_result() for each in results if self._recorded.get(each.id) != _changeable(each)
        ]
        self._append(
            "end",
            complete=complete,
            stopped=stopped,
            totals=dict(totals),
            **({"rest": rest} if complete and rest else {}),
        )

    def reported(self, run: str) -> None:
        """Record that the report of a run is written. :raises JournalBroken: it cannot be recorded."""
        self._append("reported", run=run)

    def close(self) -> None:
        """Close the file. Remove it if nothing was written to it."""
        self._file.close()

    def _append(self, event: str, **facts: Any) -> None:
        try:
            self._file.append(canonical({"event": event, "at": self._now(), **facts}))
        except (OSError, ValueError, TypeError) as error:
            message = getattr(error, "strerror", None) or str(error)
            raise JournalBroken(f"the journal {self._path} cannot be written: {message}") from error
