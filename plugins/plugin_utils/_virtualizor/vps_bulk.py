# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What changes of many Virtualizor VPSs have in common."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...module_utils._core.converge import View
from ...module_utils._core.errors import PanelError
from ...module_utils._virtualizor.client import Virtualizor
from ...module_utils._virtualizor.resources.inventory import (
    FleetQuery,
    as_in_forms,
    list_fleet,
    read_forms,
)
from ...module_utils._virtualizor.resources.vps import STATES
from ...module_utils._virtualizor.resources.vps_change import RUNNING
from .._fleet.change import FleetItem
from .._fleet.converging import ConvergingChange


class VpsBulk(ConvergingChange[Virtualizor]):
    """A change of many VPSs."""

    panel = "virtualizor"
    noun = "VPSs"
    place = "node"

    def describe(self, view: View) -> Mapping[str, Any]:
        place = {name: view.get(name) for name in ("server_id", "user_id", "suspended", "virt")}
        node = view.get("server_id")
        return {"id": view["id"], "name": called(view), "group": node, "place": place}

    def capacity(self, items: Sequence[FleetItem]) -> list[str]:
        """Nothing: how the panel tells what a node has left is not documented."""
        return []

    def views(self, vps_ids: Iterable[int], names: Collection[str]) -> dict[int, dict[str, Any]]:
        """Return VPSs by id, without those that do not exist.

        Few are read one by one, all at once; many by the list, a page of which costs as much as one.

        :param names: the values that matter, see :func:`as_in_forms`.
        """
        desired = list(vps_ids)
        if len(desired) <= self.workers:
            return read_forms(self.client, desired, self.workers)
        chosen = set(desired)
        rows = list_fleet(self.client, FleetQuery(), self.workers, as_readable=True)
        listed = self.listed((row for row in rows if row["id"] in chosen), names)
        return {view["id"]: view for view in listed}

    def listed(
        self, rows: Iterable[dict[str, Any]], names: Collection[str]
    ) -> list[dict[str, Any]]:
        """Return rows of the list as far as they can be compared."""
        return as_in_forms(self.client, list(rows), names, self.workers)

    def looked_up(self, item: FleetItem, *, had_values: bool) -> FleetItem:
        """Return an item that a run may have written to when it died.

        :param had_values: whether that write was to change values. Then the item has not been restarted
            since, as far as anybody knows.
        """
        if had_values and not (item.error or item.moved or item.to_change):
            item = replace(item, restart_required=True)
        return self.with_restarts([item])[0]

    def with_restarts(self, items: Sequence[FleetItem]) -> list[FleetItem]:
        """Return items of which only those wait for a restart that run, as far as their nodes tell.

        The panel asks the nodes for 200 VPSs with one request (virtualizor 3.4).
        """
        asked = [int(item.id) for item in items if item.restart_required]
        try:
            states = self.client.server_states(asked, workers=self.workers)
        except PanelError:
            return list(items)
        idle = {key for key, state in states.items() if STATES.get(state, RUNNING) != RUNNING}
        return [
            replace(item, restart_required=False) if item.id in idle else item for item in items
        ]


def called(view: View) -> str:
    """Return what an operator calls a VPS."""
    return str(view["hostname"] or view["vps_name"] or f"VPS {view['id']}")
