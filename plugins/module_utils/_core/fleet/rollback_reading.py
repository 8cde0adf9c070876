# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the last runs of a journal changed, read for a rollback.

Runs that go on from one another are one series; it ends with a run that left nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from .change import ItemId, Row
from .durable_file import unchanging
from .journal_reading import Damaged, Event, replay
from .rollback import OPTION, Reversal, Reversals, journal_unfit


@contextmanager
def reversals_of(path: str) -> Iterator[Reversals]:
    """Yield what a journal's last series of runs changed. Until the end no run can go on with it.

    :raises PanelError: ``validation`` where the journal cannot be read, is damaged, or is in use.
    """
    with unchanging(path, "journal", OPTION) as content:
        reading = _Series()
        try:
            replay(content, {kind: getattr(reading, kind) for kind in _KINDS})
        except Damaged as damage:
            raise journal_unfit(path, damage.said) from None
        yield reading.reversals(path)


_KINDS = ("begin", "intent", "outcome", "end")


class _Series:
    """Collects a series of runs, event by event."""

    def __init__(self) -> None:
        self._origin: tuple[str, str] | None = None
        self._runs: list[str] = []
        self._items: dict[ItemId, _Written] = {}
        self._complete = False

    def begin(self, event: Event) -> None:
        origin = (str(event["panel"]), str(event["change"]))
        if self._origin not in (None, origin):
            raise ValueError(origin)
        self._origin = origin
        if self._complete:
            self._runs, self._items, self._complete = [], {}, False
        self._runs.append(str(event["run"]))

    def intent(self, event: Event) -> None:
        written = self._items.setdefault(event["id"], _Written())
        written.name = str(event["name"])
        written.is_begun(dict(event["before"]), dict(event["wanted"]))

    def outcome(self, event: Event) -> None:
        written = self._items[event["id"]]
        rows, failure = event["changes"], event["failure"]
        partial = failure is not None and failure["partial"]
        if failure is None or partial:
            written.is_told(rows)
        # A write that was done in part, of which nobody could see which part, stays in doubt.
        if failure is None or (failure["state"] == "known" and bool(rows) is partial):
            written.is_certain()

    def end(self, event: Event) -> None:
        self._complete = bool(event["complete"])

    def reversals(self, path: str) -> Reversals:
        """Return what the series changed, but for what it changed to and fro."""
        found = (written.reversal(item_id) for item_id, written in self._items.items())
        panel, change = self._origin or (None, None)
        return Reversals(
            path, panel, change, self._runs, [reversal for reversal in found if reversal]
        )


class _Written:
    """What runs wrote to one item, as far as their journal tells."""

    def __init__(self) -> None:
        self.name = ""
        self._before: dict[str, Any] = {}
        self._after: dict[str, Any] = {}
        #: What was about to be written, before and wanted, while nobody has told what became of it.
        self._doubtful: dict[str, tuple[Any, Any]] = {}

    def is_begun(self, before: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
        """A write is about to be sent."""
        # A doubtful value that still differs now was not written; any other was.
        self._note({field: pair for field, pair in self._doubtful.items() if field not in before})
        self._doubtful = {field: (before[field], wanted[field]) for field in before}

    def is_told(self, rows: list[Row]) -> None:
        """The panel has shown what became of these fields."""
        self._note({row["field"]: (row["before"], row["after"]) for row in rows})
        for row in rows:
            self._doubtful.pop(row["field"], None)

    def is_certain(self) -> None:
        """What was not told of was not changed."""
        self._doubtful = {}

    def _note(self, values: Mapping[str, tuple[Any, Any]]) -> None:
        for field, (before, after) in values.items():
            self._before.setdefault(field, before)
            self._after[field] = after

    def reversal(self, item_id: ItemId) -> Reversal | None:
        """Return what is to be given back, ``None`` where it is nothing."""
        self._note(self._doubtful)
        fields = [field for field, after in self._after.items() if after != self._before[field]]
        if not fields:
            return None
        return Reversal(
            item_id,
            self.name,
            {field: self._before[field] for field in fields},
            {field: self._after[field] for field in fields},
        )
