# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The interface between the frame and a panel."""

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
    """What a request addresses, in the terms of the panel's published API."""

    operation: str
    """`METHOD /path/template`, or `METHOD unknown`."""
    path: str
    """The path below the panel's base. The path expression of a fault is matched with it."""
    write: bool
    """Whether the request is a write. The panel decides; the HTTP method does not."""
    server: str | None = None
    """ID of the server in the request, for the counters."""


class Panel(ABC):
    """One panel API inside the simulator."""

    name: str
    switch_table: Sequence[Switch] = ()
    history: frozenset[str] = frozenset()
    """Collections that only record history. Equal panels may differ in them."""

    def __init__(self, clock: Clock, switches: Switches) -> None:
        self.clock = clock
        self.switches = switches

    @abstractmethod
    def owns(self, path: str) -> bool:
        """Return whether this path belongs to the panel."""

    @abstractmethod
    def classify(self, request: Request) -> Target:
        """Return the operation of a request, without executing it."""

    @abstractmethod
    def subjects(self, request: Request) -> list[dict[str, Any]]:
        """Return the live records that a request names in its path, query or body."""

    @abstractmethod
    def operations(self) -> set[str]:
        """Return the names of all operations."""

    @abstractmethod
    def handle(self, request: Request, fault: Fault | None) -> Reply:
        """Execute a request. `fault` is one that the panel itself implements, or None."""

    @abstractmethod
    def reset(self, servers: int, seed: int) -> None:
        """Rebuild the seeded state."""

    @abstractmethod
    def tick(self) -> None:
        """Apply everything that is due by the virtual clock."""

    @abstractmethod
    def collections(self) -> dict[str, dict[str, Any]]:
        """Return the live state: collection name → id → record. Records are plain JSON values."""

    @abstractmethod
    def patched(self, collection: str) -> None:
        """Handle a change of a record by the control path: drop everything derived from it."""
