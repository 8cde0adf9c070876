# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Effects that come late: a panel accepts a write, and reads show it only later (fault `late_effect`)."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .clock import Clock
from .exchange import Reply, Request
from .faults import Fault
from .panel import Panel, Target

Record = dict[str, Any]
Subjects = list[tuple[Record, Record]]
"""Live records, each with a copy of what it was before the write."""

KIND = "late_effect"
GONE = object()
"""Stands for a key that the write removed."""


@dataclass(eq=False)
class Held:
    """The effect of one write on one record, held back."""

    panel: Panel
    record: Record
    changes: list[tuple[tuple[str, ...], Any]]
    """Path and new value of each changed part."""
    reads: int | None
    """Further reads that do not show the effect; None for any number."""
    due: datetime | None
    """Virtual time at which the effect shows without any read."""


class LateEffects:
    """All effects that are held back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: list[Held] = []

    def clear(self) -> None:
        """Drop everything that is held back."""
        self._held = []

    def tick(self) -> None:
        """Apply the effects whose time has come."""
        self._apply([held for held in self._held if held.due and held.due <= self._clock.now])

    def before(
        self, panel: Panel, request: Request, target: Target, fault: Fault | None
    ) -> Subjects:
        """Count a read, or copy the records of a write whose effect is to come late."""
        if target.write:
            if fault is None or fault.kind != KIND:
                return []
            return [(record, copy.deepcopy(record)) for record in panel.subjects(request)]
        if self._held:
            self._count_read(panel, panel.subjects(request))
        return []

    def after(self, panel: Panel, reply: Reply, fault: Fault | None, subjects: Subjects) -> None:
        """Take back what an accepted write has changed, to apply it later."""
        if fault is None or reply.status >= 400 or reply.refused:
            return
        seconds = fault.params.get("seconds")
        due = None if seconds is None else self._clock.now + timedelta(seconds=seconds)
        for record, old in subjects:
            changes = list(_changes(old, record))
            record.clear()
            record.update(old)
            self._held.append(Held(panel, record, changes, fault.params["reads"], due))
        if subjects:
            panel.patched("")

    def _count_read(self, panel: Panel, records: list[Record]) -> None:
        """Count a read of these records, or of a list if it names none."""
        ready = []
        for held in self._held:
            other = records and all(record is not held.record for record in records)
            if held.panel is not panel or held.reads is None or other:
                continue
            if held.reads <= 0:
                ready.append(held)
            held.reads -= 1
        self._apply(ready)

    def _apply(self, ready: list[Held]) -> None:
        for held in ready:
            self._held.remove(held)
            for path, value in held.changes:
                _set(held.record, path, value)
            held.panel.patched("")


def _changes(
    old: Record, new: Record, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield path and new value of each part that differs; a list counts as one part."""
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key, GONE), new.get(key, GONE)
        if isinstance(before, dict) and isinstance(after, dict):
            yield from _changes(before, after, (*path, key))
        elif before is GONE or after is GONE or before != after:
            yield (*path, key), after


def _set(record: Record, path: tuple[str, ...], value: Any) -> None:
    *way, last = path
    for key in way:
        record = record.setdefault(key, {})
    if value is GONE:
        record.pop(last, None)
    else:
        record[last] = value
