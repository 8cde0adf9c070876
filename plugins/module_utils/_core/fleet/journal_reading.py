# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What earlier runs did, as their journal tells."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

from ..errors import PanelError, invalid
from .change import FleetItem, ItemId
from .identity import Identity
from .item_result import ItemResult, from_plain

#: Raised where the shape of an event changes.
SCHEMA = 1

Event: TypeAlias = "Mapping[str, Any]"


@dataclass(frozen=True)
class Intent:
    """What a run was about to write to an item.

    :param name: of the item.
    :param before: the values that it was to change, as they were.
    :param wanted: what they were to become.
    """

    name: str
    before: Mapping[str, Any]
    wanted: Mapping[str, Any]

    def explains(self, item: FleetItem) -> bool:
        """Whether each value is as it was or as it was to become: nobody else has been there."""
        return all(
            row["field"] in self.before
            and row["before"] in (self.before[row["field"]], self.wanted[row["field"]])
            for row in item.to_change
        )

    def reached(self, item: FleetItem) -> bool:
        """Whether each value is as it was to become."""
        now = {row["field"]: row["before"] for row in item.changes}
        return all(now.get(name, value) == value for name, value in self.wanted.items())

    def rows(self, item: FleetItem) -> list[dict[str, Any]]:
        """The rows of the item, as the run that had this intent would have returned them."""
        return [
            {**row, "before": self.before[row["field"]], "outcome": "changed"}
            for row in item.changes
            if row["field"] in self.before
        ]


@dataclass
class Past:
    """What a journal tells.

    :param done: what earlier runs finished.
    :param begun: what they were about to write, and may have written.
    :param size: bytes up to the end of the last whole line.
    """

    done: dict[ItemId, ItemResult] = field(default_factory=dict)
    begun: dict[ItemId, Intent] = field(default_factory=dict)
    size: int = 0


def journal_refused(path: str, said: str) -> PanelError:
    """A journal that must not be used, for raising."""
    error = invalid(said, "set journal to a new file, or to the one that belongs to this change")
    error.doing = f"use the journal {path}"
    return error


def read_journal(path: str, content: bytes, identity: Identity) -> Past:
    """Read a journal.

    A last line that is not whole was cut off by a crash: what it would have said was not done yet,
    or will be looked at. Damage anywhere else is no crash's work.

    :raises PanelError: ``validation``, it is damaged or of another change.
    """
    past = Past()

    def begin(event: Event) -> None:
        if difference := identity.difference(event):
            raise journal_refused(path, difference)

    takers: dict[str, Callable[[Event], None]] = {
        "begin": begin,
        "intent": partial(_intent, past),
        "outcome": partial(_outcome, past),
        "end": partial(_end, past),
    }
    try:
        past.size = replay(content, takers)
    except Damaged as damage:
        raise journal_refused(path, damage.said) from None
    return past


class Damaged(ValueError):
    """A line before the last one is none of a journal's.

    :param number: of the line, the first being 1.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.said = f"line {number} is none of a journal"


def replay(content: bytes, takers: Mapping[str, Callable[[Event], None]]) -> int:
    """Hand each event of a journal to the one who takes its kind, in order.

    A taker raises ``ValueError``, ``KeyError``, ``TypeError`` or ``AttributeError`` for an event that is none.

    :returns: bytes up to the end of the last whole line.
    :raises Damaged: some line is no event, or the first one is no beginning.
    """
    size = content.rfind(b"\n") + 1
    for number, line in enumerate(content[:size].split(b"\n")[:-1], 1):
        try:
            event = json.loads(line)
            kind = event["event"]
            if kind == "begin" and event["schema"] != SCHEMA:
                raise ValueError(event["schema"])
            if number == 1 and kind != "begin":
                raise ValueError(kind)
            takers[kind](event)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Damaged(number) from None
    return size


def _intent(past: Past, event: Event) -> None:
    past.done.pop(event["id"], None)
    past.begun[event["id"]] = Intent(
        str(event["name"]), dict(event["before"]), dict(event["wanted"])
    )


def _outcome(past: Past, event: Event) -> None:
    result = from_plain(event)
    if result.done:
        past.begun.pop(result.id, None)
        past.done[result.id] = result
    elif result.failure and result.failure["state"] == "known" and not result.failure["partial"]:
        past.begun.pop(result.id, None)  # nothing was written


def _end(past: Past, event: Event) -> None:
    if event["complete"]:
        past.done.clear()
        past.begun.clear()
