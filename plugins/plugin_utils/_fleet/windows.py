# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read from a journal when the run was executed: each window with its batches."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from .identity import KEYS
from .journal import Event, replay, unused
from .results import ItemOutcome


@dataclass
class BatchTimes:
    """One batch of a window.

    :param size: the number of items that the batch was to change.
    :param begun: when the first write of it began.
    :param ended: when its last outcome was recorded; ``None`` if the run died before.
    :param failed: the number of items that failed.
    :param in_doubt: the number of items that are in doubt.
    """

    number: int
    size: int
    begun: str
    ended: str | None = None
    failed: int = 0
    in_doubt: int = 0


@dataclass
class Window:
    """One execution of a run, from its begin to its end.

    :param ended: the time of its end; ``None`` if it was not recorded.
    :param last: the time of its last event.
    :param stopped: the reason why it stopped early, as one word.
    :param by: who ran it, and who approved it.
    """

    run_id: str
    begun: str
    by: dict[str, str | None]
    ended: str | None = None
    last: str | None = None
    stopped: str | None = None
    complete: bool = False
    batches: list[BatchTimes] = field(default_factory=list)

    def to_plain(self) -> dict[str, Any]:
        """Return the window as plain data."""
        plain = {name: value for name, value in vars(self).items() if name != "by"}
        return {**plain, "batches": [dict(vars(batch)) for batch in self.batches], **self.by}


def windows_in(content: bytes) -> list[Window]:
    """Return each execution of the run in a journal, in order.

    :raises Damaged: the content is not that of a journal.
    """
    reading = _Reading()
    takers = {
        "begin": reading.begin,
        "intent": reading.intent,
        "outcome": reading.outcome,
        "end": reading.end,
        # The marks of a rollback are not an execution of the run.
        "rollback": unused,
        "rolled_back": unused,
        "reported": unused,
    }
    replay(content, takers)
    return reading.found


class _Reading:
    """Collects the windows, event by event."""

    def __init__(self) -> None:
        self.found: list[Window] = []
        #: The batch and the latest outcome of each item that the window wrote to, and the number of
        #: outcomes of each batch.
        self._batches: dict[Any, BatchTimes] = {}
        self._outcomes: dict[Any, str] = {}
        self._counts: Counter[int] = Counter()

    def begin(self, event: Event) -> None:
        by = event.get("by") or {}
        known = {key: by.get(key) for key in KEYS}
        self.found.append(Window(str(event["run"]), str(event["at"]), known))
        self._batches, self._outcomes, self._counts = {}, {}, Counter()

    def intent(self, event: Event) -> None:
        if event.get("fetched"):
            return  # another node added it when it fetched the run, which wrote nothing then
        at = self._note(event)
        batch = event.get("batch")
        batches = self.found[-1].batches
        if not batch:
            return
        if not batches or batches[-1].number != batch["number"]:
            batches.append(BatchTimes(int(batch["number"]), int(batch["size"]), at))
        self._batches[event["id"]] = batches[-1]

    def outcome(self, event: Event) -> None:
        at, item = self._note(event), event["id"]
        batch = self._batches.get(item)
        if batch is None:
            return
        # An item in doubt can have a second outcome, once the panel shows its new values.
        had = self._outcomes.get(item)
        self._outcomes[item] = now = event["outcome"]
        batch.failed += (now == ItemOutcome.FAILED) - (had == ItemOutcome.FAILED)
        batch.in_doubt += (now == ItemOutcome.IN_DOUBT) - (had == ItemOutcome.IN_DOUBT)
        if had is None:
            self._counts[batch.number] += 1
            if self._counts[batch.number] == batch.size:
                batch.ended = at

    def end(self, event: Event) -> None:
        window = self.found[-1]
        before = window.last
        window.ended = self._note(event)
        window.stopped, window.complete = event["stopped"], bool(event["complete"])
        if window.batches and window.batches[-1].ended is None:
            window.batches[-1].ended = before  # stopped in the middle of it

    def _note(self, event: Event) -> str:
        at = str(event["at"])
        self.found[-1].last = at
        return at
