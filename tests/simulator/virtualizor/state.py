# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The panel's state: rows of strings, as in its database (virtualizor 4.4)."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Any

from ..clock import Clock

Row = dict[str, Any]
"""Columns in the order of the panel's answers. Values are strings, with a few exceptions noted at the seed."""

_WHOLE = re.compile(r"\s*([-+]?\d+)")

FIRST_ADDRESS = IPv4Address("10.60.0.10")

DNS_PLANS = ("1", "2")
"""IDs of the DNS plans. No act lists them."""


class State:
    """All rows by ID. IDs are never reused."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.user_plans: dict[int, Row] = {}
        self.plans: dict[int, Row] = {}
        self.vs: dict[int, Row] = {}
        self.users: dict[int, Row] = {}
        self.servers: dict[int, Row] = {}
        self.server_groups: dict[int, Row] = {}
        self.media_groups: dict[int, Row] = {}
        self.tasks: dict[int, Row] = {}
        self._last_ids: defaultdict[str, int] = defaultdict(int)
        self._addresses = _addresses()
        self.forget_derived()

    def collections(self) -> dict[str, dict[str, Any]]:
        """Return the collections by name, for the control path."""
        return {
            name: {str(key): row for key, row in getattr(self, name).items()}
            for name in (
                "user_plans",
                "plans",
                "vs",
                "users",
                "servers",
                "server_groups",
                "media_groups",
                "tasks",
            )
        }

    def next_id(self, kind: str) -> int:
        """Return a new id of this kind."""
        self._last_ids[kind] += 1
        return self._last_ids[kind]

    def skip_ids(self, kind: str, count: int) -> None:
        """Skip some IDs, as if rows had been deleted."""
        self._last_ids[kind] += count

    def new_address(self) -> tuple[str, str]:
        """Return the ID and the address of an unused IP."""
        return str(self.next_id("ip")), next(self._addresses)

    def user_of(self, vps: Row) -> Row:
        """Return the owner of a VPS, or an empty row."""
        return self.users.get(whole(vps["uid"]), {})

    def node_of(self, vps: Row) -> Row:
        """Return the node of a VPS, or an empty row."""
        return self.servers.get(whole(vps["serid"]), {})

    # Sums of the VPSs of a node, cached so that ten thousand moves stay cheap.

    def forget_derived(self) -> None:
        """Drop the sums."""
        self._used: dict[tuple[int, str], int] = {}

    def used(self, node: int, column: str) -> int:
        """Return the sum of `ram` (MB) or `space` (GB) of the VPSs on a node."""
        if (node, column) not in self._used:
            rows = (row for row in self.vs.values() if whole(row["serid"]) == node)
            self._used[node, column] = sum(whole(row[column]) for row in rows)
        return self._used[node, column]

    def resized(self, node: int, column: str, by: int) -> None:
        """Update the sum of a node after a VPS was resized."""
        self._used[node, column] = self.used(node, column) + by


def whole(value: Any) -> int:
    """Convert a value as PHP's `intval` does: leading digits, else 0. A column may be empty or null."""
    match = _WHOLE.match(str(value))
    return int(match[1]) if match else 0


def fake_secret(kind: str, of: object) -> str:
    """Return an obviously fake secret. Equal states have equal secrets."""
    return f"FAKE-{kind}-{hashlib.sha256(f'{kind}:{of}'.encode()).hexdigest()[:20]}"


def _addresses() -> Iterator[str]:
    address = FIRST_ADDRESS
    while True:
        yield str(address)
        address += 1
