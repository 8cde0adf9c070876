# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What earlier runs did, as their journal tells."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import PanelError, invalid
from .change import FleetItem, ItemId
from .identity import Identity
from .item_result import ItemResult, from_plain

#: Raised where the shape of an event changes.
SCHEMA = 1


@dataclass(frozen=True)
class Intent:
    """What a run was about to write to an item.

    :param before: the values that it was to change, as they were.
    :param wanted: what they were to become.
    """

    before: Mapping[str, Any]
    wanted: Mapping[str, Any]

    def explains(self, item: FleetItem) -> bool:
        """Whether each value is as it was or as it was to become: nobody else has been there."""
        return all(
            row["field"] in self.before
            and row["before"] in (self.before[row["field"]], self.wanted[row["field"]])
            for row in item.to_change
        )

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
    runs: int = 0
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
    past = Past(size=content.rfind(b"\n") + 1)
    for number, line in enumerate(content[: past.size].split(b"\n")[:-1], 1):
        try:
            event = json.loads(line)
            if past.runs == 0 and event["event"] != "begin":
                raise ValueError("no run has begun")
            _EVENTS[event["event"]](past, event)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise journal_refused(path, f"line {number} is none of a journal") from None
        if event["event"] == "begin" and (difference := identity.difference(event)):
            raise journal_refused(path, difference)
    return past


def _begin(past: Past, event: Mapping[str, Any]) -> None:
    if event["schema"] != SCHEMA:
        raise ValueError(event["schema"])
    past.runs += 1


def _intent(past: Past, event: Mapping[str, Any]) -> None:
    past.done.pop(event["id"], None)
    past.begun[event["id"]] = Intent(dict(event["before"]), dict(event["wanted"]))


def _outcome(past: Past, event: Mapping[str, Any]) -> None:
    result = from_plain(event)
    if result.done:
        past.begun.pop(result.id, None)
        past.done[result.id] = result


def _end(past: Past, event: Mapping[str, Any]) -> None:
    if event["complete"]:
        past.done.clear()
        past.begun.clear()


_EVENTS: Mapping[str, Callable[[Past, Mapping[str, Any]], None]] = {
    "begin": _begin,
    "intent": _intent,
    "outcome": _outcome,
    "end": _end,
}
