# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the frame asks of a panel, and what it hands to one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .clock import Clock
from .exchange import Reply, Request
from .faults import Fault
from .switches import Switch, Switches


@dataclass(frozen=True)
class Target:
    """What a request asks for, in the words of the panel's published API."""

    operation: str
    """`METHOD /path/template`, or `METHOD unknown`."""
    path: str
    """The path below the panel's base, which the path expression of a fault is matched with."""
    write: bool
    """The request wants to change something. The HTTP method is no guide; the panel knows."""
    server: str | None = None
    """The id of the server that the request is about, for the counters."""


class Panel(ABC):
    """One panel API inside the simulator."""

    name: str
    switch_table: Sequence[Switch] = ()
    history: frozenset[str] = frozenset()
    """Collections that only tell what happened; two equal panels may differ in them."""

    def __init__(self, clock: Clock, switches: Switches) -> None:
        self.clock = clock
        self.switches = switches

    @abstractmethod
    def owns(self, path: str) -> bool:
        """True if this path belongs to the panel."""

    @abstractmethod
    def classify(self, request: Request) -> Target:
        """Name the operation, without doing anything."""

    @abstractmethod
    def subjects(self, request: Request) -> list[dict[str, Any]]:
        """Return the live records that a request names in its path, query or body."""

    @abstractmethod
    def operations(self) -> set[str]:
        """The names of all operations."""

    @abstractmethod
    def handle(self, request: Request, fault: Fault | None) -> Reply:
        """Carry the request out. `fault` is one that the panel itself has to play, or None."""

    @abstractmethod
    def reset(self, servers: int, seed: int) -> None:
        """Build the seeded state anew."""

    @abstractmethod
    def tick(self) -> None:
        """Do what became due because the clock moved."""

    @abstractmethod
    def collections(self) -> dict[str, dict[str, Any]]:
        """The live state: collection name → id → record. Records are plain JSON values."""

    @abstractmethod
    def patched(self, collection: str) -> None:
        """Told after the control path changed a record of this collection."""
