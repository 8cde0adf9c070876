# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run was about to do and what became of it, on the disk before and after each item's write.

One line of JSON for each event: ``begin`` of a run, ``intent`` before an item is written to,
``outcome`` after it, ``end`` of a run; ``rollback`` and ``rolled_back`` where a rollback of its runs
began and ended. Whoever reads it after a crash knows of each item whether it
is done, was never begun, or has to be looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from ...module_utils._core.errors import PanelError, invalid
from .change import FleetItem, ItemId, checked_item_id
from .durable_file import AppendFile, Held, cannot, read_file
from .identity import Identity, canonical, parsed
from .results import ItemResult, from_plain

#: Raised where the shape of an event changes.
SCHEMA = 1

Event: TypeAlias = "Mapping[str, Any]"


@dataclass(frozen=True)
class Intent:
    """What a run was about to write to an item.

    :param name: of the item.
    :param before: the values that it was to change, as they were.
    :param desired: what they were to become.
    """

    name: str
    before: Mapping[str, Any]
    desired: Mapping[str, Any]

    def explains(self, item: FleetItem) -> bool:
        """Whether each value is as it was or as it was to become: nobody else has been there."""
        return all(
            row["field"] in self.before
            and row["before"] in (self.before[row["field"]], self.desired[row["field"]])
            for row in item.to_change
        )

    def reached(self, item: FleetItem) -> bool:
        """Whether each value is as it was to become."""
        now = {row["field"]: row["before"] for row in item.changes}
        return all(now.get(name, value) == value for name, value in self.desired.items())

    def rows(self, item: FleetItem) -> list[dict[str, Any]]:
        """The rows of the item, as the run that had this intent would have returned them."""
        return [
            {**row, "before": self.before[row["field"]], "outcome": "changed"}
            for row in item.changes
            if row["field"] in self.before
        ]


@dataclass
class JournalState:
    """What a journal records.

    :param done: the results of the items that its runs finished.
    :param begun: the intents of the items that its runs may have written without an outcome.
    :param runs: the ids of its runs, the latest last.
    :param latest: how the latest run began; nothing if none did.
    :param ended: how the latest run ended; nothing if it is under way or died.
    :param rollback: how the latest rollback of its runs began or ended; nothing if there was none.
    :param size: bytes up to the end of the last whole line.
    """

    done: dict[ItemId, ItemResult] = field(default_factory=dict)
    begun: dict[ItemId, Intent] = field(default_factory=dict)
    runs: list[str] = field(default_factory=list)
    latest: Event = field(default_factory=dict)
    ended: Event = field(default_factory=dict)
    rollback: Event = field(default_factory=dict)
    size: int = 0

    @property
    def finished(self) -> bool:
        """Whether the latest run recorded that it left nothing to do."""
        return bool(self.ended.get("complete"))

    def to_plain(self) -> dict[str, Any]:
        """Return the state as plain data, with null for what no run recorded."""
        known = ("panel", "address", "action", "target", "plan_sha256")
        return {
            **{key: self.latest.get(key) for key in known},
            "begun": bool(self.runs),
            "ended": bool(self.ended),
            "finished": self.finished,
            "run_id": self.runs[-1] if self.runs else None,
            "run_ids": list(self.runs),
            "stopped": self.ended.get("stopped"),
            "rollback": {
                "run_id": self.rollback["run"],
                "finished": bool(self.rollback.get("complete")),
            }
            if self.rollback
            else None,
            "done": len(self.done),
            "in_doubt": list(self.begun),
        }


def journal_refused(path: str, message: str) -> PanelError:
    """A journal that must not be used, for raising."""
    error = invalid(message, "set journal to a new file, or to the one that belongs to this change")
    error.action = f"use the journal {path}"
    return error


def journal_state(path: str) -> dict[str, Any]:
    """Return what a journal records, see :meth:`JournalState.to_plain`.

    A run may be writing to it. A journal that does not exist yet records nothing.

    :raises PanelError: ``validation``, it cannot be read or is damaged.
    """
    if not Path(path).exists():
        return JournalState().to_plain()
    return read_journal(path, read_file(path, "journal", OPTION), None).to_plain()


def read_journal(path: str, content: bytes, identity: Identity | None) -> JournalState:
    """Read a journal.

    A last line that is not whole was cut off by a crash: what it would have said was not done yet,
    or will be looked at. Damage anywhere else is no crash's work.

    :param identity: of the run that continues it, ``None`` for any.
    :raises PanelError: ``validation``, it is damaged or of another change.
    """
    state = JournalState()

    def begin(event: Event) -> None:
        if identity is not None and (difference := identity.difference(event)):
            raise journal_refused(path, difference)
        state.runs.append(str(event["run"]))
        state.latest, state.ended = event, {}

    takers: dict[str, Callable[[Event], None]] = {
        "begin": begin,
        "intent": partial(_intent, state),
        "outcome": partial(_outcome, state),
        "end": partial(_end, state),
        "rollback": partial(_rollback, state),
        "rolled_back": partial(_rollback, state),
    }
    try:
        state.size = replay(content, takers)
    except Damaged as damage:
        raise journal_refused(path, damage.message) from None
    return state


class Damaged(ValueError):
    """A line before the last one is none of a journal's.

    :param number: of the line, the first being 1.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.message = f"line {number} is none of a journal"


def replay(content: bytes, takers: Mapping[str, Callable[[Event], None]]) -> int:
    """Hand each event of a journal to the one who takes its kind, in order.

    A taker raises ``ValueError``, ``KeyError``, ``TypeError`` or ``AttributeError`` for an event that is none.

    :returns: bytes up to the end of the last whole line.
    :raises Damaged: some line is no event, or the first one is no beginning.
    """
    size = content.rfind(b"\n") + 1
    for number, line in enumerate(content[:size].split(b"\n")[:-1], 1):
        try:
            event = parsed(line)
            kind = event["event"]
            if kind == "begin" and event["schema"] != SCHEMA:
                raise ValueError(event["schema"])
            if number == 1 and kind != "begin":
                raise ValueError(kind)
            takers[kind](event)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Damaged(number) from None
    return size


def _intent(state: JournalState, event: Event) -> None:
    item_id = checked_item_id(event["id"])
    state.done.pop(item_id, None)
    state.begun[item_id] = Intent(str(event["name"]), dict(event["before"]), dict(event["desired"]))


def _outcome(state: JournalState, event: Event) -> None:
    result = from_plain(event)
    if result.done:
        state.begun.pop(result.id, None)
        state.done[result.id] = result
    elif result.failure and result.failure["state"] == "known" and not result.failure["partial"]:
        state.begun.pop(result.id, None)  # nothing was written


def _end(state: JournalState, event: Event) -> None:
    state.ended = event
    if event["complete"]:
        state.done.clear()
        state.begun.clear()


def _rollback(state: JournalState, event: Event) -> None:
    state.rollback = {"run": str(event["run"]), **event}


OPTION = "journal"


class JournalBroken(Exception):
    """The journal cannot be written: nothing may be begun that it would not know of.

    :param message: why, for a message.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Journal:
    """A journal that one run has open.

    :param path: of the file, which may be there from earlier runs of the same change.
    :param now: returns the time as text.
    :raises PanelError: ``validation`` where it cannot be opened, is damaged, is another change's,
        or is in use.
    """

    def __init__(self, path: str, identity: Identity, now: Callable[[], str]) -> None:
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
            if self.state.rollback:
                raise journal_refused(
                    path,
                    "its runs were rolled back, so they cannot be resumed"
                    f" (by the run {self.state.rollback['run']})",
                )
            self._file.cut(self.state.size)
        except PanelError:
            self._file.close()
            raise

    def begin(self, run: str, plan_sha256: str | None) -> None:
        """Say that a run begins. :raises PanelError: ``validation``, it cannot be written."""
        try:
            self._append(
                "begin",
                schema=SCHEMA,
                **self._identity.to_plain(),
                run=run,
                plan_sha256=plan_sha256,
            )
        except JournalBroken as broken:
            raise journal_refused(self._path, broken.message) from broken

    def intent(self, item: FleetItem) -> None:
        """Say that an item is about to be written to. :raises JournalBroken: then it must not be."""
        rows = item.to_change
        self._append(
            "intent",
            id=item.id,
            name=item.name,
            before={row["field"]: row["before"] for row in rows},
            desired={row["field"]: row["desired"] for row in rows},
        )

    def outcome(self, result: ItemResult) -> None:
        """Say what became of an item. :raises JournalBroken: a later run will have to look."""
        self._append("outcome", **result.to_result())

    def end(self, *, complete: bool, stopped: str | None, totals: Mapping[str, int]) -> None:
        """Say that a run ends.

        :param complete: whether nothing is left to do; the next run then begins anew.
        :raises JournalBroken: it cannot be written.
        """
        self._append("end", complete=complete, stopped=stopped, totals=dict(totals))

    def close(self) -> None:
        """Close the file. One to which nothing was written is removed."""
        self._file.close()

    def _append(self, event: str, **facts: Any) -> None:
        try:
            self._file.append(canonical({"event": event, "at": self._now(), **facts}))
        except (OSError, ValueError, TypeError) as error:
            message = getattr(error, "strerror", None) or str(error)
            raise JournalBroken(f"the journal {self._path} cannot be written: {message}") from error
