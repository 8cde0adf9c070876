# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Group the rows of a result: each distinct change once, with the servers that get it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...module_utils._core.safe_text import plain
from .results import FAILURES, ItemOutcome
from .row_text import field_text

Row = Mapping[str, Any]

#: Number of example servers in a group.
SHOWN_EXAMPLES = 3

#: Outcomes with a reason of their own. The other reasons are those of single fields.
_WITH_REASON = (*FAILURES, ItemOutcome.MOVED, ItemOutcome.SKIPPED)
#: Outcomes that come first.
_BAD = (*FAILURES, ItemOutcome.MOVED)


@dataclass(frozen=True)
class Group:
    """The servers with the same outcome, the same changes and the same reason.

    :param changes: the rows of ``changes`` that are carried out.
    :param refused: the rows of ``changes`` that the panel refuses.
    :param message: the reason of the outcome, without the name of a server.
    :param rows: the rows of the servers.
    """

    outcome: ItemOutcome
    changes: tuple[Row, ...]
    refused: tuple[Row, ...]
    restart_required: bool
    message: str | None
    rows: list[Row]

    @property
    def is_bad(self) -> bool:
        """Whether an operator must look at these servers."""
        return self.outcome in _BAD

    @property
    def refused_texts(self) -> list[str]:
        """The refused fields as text, each with the reason of the panel."""
        return [_refused_text(row) for row in self.refused]

    @property
    def examples(self) -> list[Row]:
        """The first servers of the group."""
        return self.rows[:SHOWN_EXAMPLES]

    def to_plain(self) -> dict[str, Any]:
        """Return the group as plain data for a report."""
        return {
            "servers": len(self.rows),
            "outcome": self.outcome.value,
            "changes": [field_text(row) for row in self.changes],
            "refused": self.refused_texts,
            "restart_required": self.restart_required,
            "msg": self.message,
            "examples": [plain(row["name"]) for row in self.examples],
        }


def groups_of(rows: Iterable[Row]) -> list[Group]:
    """Return a group for each distinct change, failures first, then the most frequent.

    Servers that already have the target are the last group.
    """
    groups: dict[Any, Group] = {}
    for row in rows:
        group = _group_of(row)
        key = (
            group.outcome,
            tuple(map(field_text, group.changes)),
            tuple(map(_refused_text, group.refused)),
            group.restart_required,
            group.message,
        )
        groups.setdefault(key, group).rows.append(row)
    return sorted(groups.values(), key=_order)


def _group_of(row: Row) -> Group:
    """Return an empty group for the change of a row."""
    outcome = ItemOutcome(row["outcome"])
    refused = [change for change in row["changes"] or () if change["outcome"] == "refused"]
    changes = [change for change in row["changes"] or () if change["outcome"] != "refused"]
    message = None
    if outcome in _WITH_REASON:
        # The message of a failure does not name the server, as the message of its row does.
        message = plain((row.get("failure") or {}).get("message") or row.get("msg"))
    return Group(
        outcome,
        tuple(changes),
        tuple(refused),
        bool(row.get("restart_required") and changes),
        message,
        [],
    )


def _order(group: Group) -> tuple[int, bool, int]:
    rank = _BAD.index(group.outcome) if group.is_bad else len(_BAD)
    return (rank, group.outcome is ItemOutcome.UNCHANGED, -len(group.rows))


def _refused_text(row: Row) -> str:
    reason = plain(row["message"])
    return f"{field_text(row)} ({reason})" if reason else field_text(row)
