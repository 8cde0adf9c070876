# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All VPSs of a Virtualizor panel, with as few requests as the panel allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ..._core.fields import Field, Schema, anything, text
from ..client import Virtualizor
from .vps import VPS, VpsFilter, read_rows, with_live_states, with_plans

#: A VPS with its plan, for groups.
FLEET_VPS = Schema(
    *VPS.values(),
    Field("plan_name", "plan_name", text),
    Field("off_plan", "off_plan", anything),
)

#: An inventory is for whole fleets, of a panel that is slow by the request (facts 4.5).
_ROWS = 500


@dataclass(frozen=True)
class FleetQuery(VpsFilter):
    """Which VPSs; ``None`` sets no bound.

    :param names: shell patterns, one of which the host name must match.
    :param exclude_names: shell patterns, none of which it may match.
    :param live_state: whether the nodes are asked for the states.
    """

    names: Sequence[str] | None = None
    exclude_names: Sequence[str] | None = None
    live_state: bool = False

    def wants(self, view: Mapping[str, Any]) -> bool:
        name = view["hostname"] or ""
        if self.names is not None and not _matches(name, self.names):
            return False
        return not _matches(name, self.exclude_names or ()) and super().wants(view)


def read_fleet(client: Virtualizor, query: FleetQuery, workers: int = 1) -> list[dict[str, Any]]:
    """Return the VPSs that a query asks for, by id, each with the name of its plan and how it differs.

    :param workers: requests at a time.
    """
    found = read_rows(client, query.search(), _ROWS, workers)
    rows = sorted(filter(query.wants, found), key=lambda row: int(row["id"]))
    if query.live_state and rows:
        rows = with_live_states(client, rows, workers)
    return with_plans(client, rows) if rows else []


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
