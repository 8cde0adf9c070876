# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read and compare VPSs for a bulk change and for its rollback."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from ...module_utils._core.converge import View
from ...module_utils._core.errors import PanelError
from ...module_utils._virtualizor.client import Virtualizor
from ...module_utils._virtualizor.resources.vps import STATES
from ...module_utils._virtualizor.resources.vps_plan import RUNNING
from .._fleet.change import FleetItem
from .._fleet.converging import ConvergingChange
from .inventory import (
    FleetQuery,
    as_in_forms,
    list_fleet,
    read_forms,
)


class VpsBulk(ConvergingChange[Virtualizor]):
    """A bulk change of VPSs."""

    panel = "virtualizor"
    noun = "VPSs"
    place_noun = "node"
    units: ClassVar[Mapping[str, str]] = {"cores": "cores", "ram": "MB", "space": "GB"}
    approved_fields: ClassVar[tuple[str, ...]] = (
        "hostname",
        "server_id",
        "user_id",
        "suspended",
        "virt",
    )

    def describe(self, view: View) -> Mapping[str, Any]:
        return {
            "id": view["id"],
            "name": called(view),
            "place": view.get("server_id"),
            "uuid": view.get("uuid"),
            "owner": view.get("user_id"),
        }

    def capacity(self, items: Sequence[FleetItem]) -> list[str]:
        """Return no warning, since no documented read shows the free capacity of a node."""
        return []

    def views(self, vps_ids: Iterable[int], names: Collection[str]) -> dict[int, dict[str, Any]]:
        """Return VPSs by ID, without those that do not exist.

        A few are read one by one, in parallel. Many are read with the list, where a page costs as much
        as one VPS.

        :param names: the values that matter, see :func:`as_in_forms`.
        """
        desired = list(vps_ids)
        if len(desired) <= self.workers:
            return read_forms(self.client, desired, self.workers)
        chosen = set(desired)
        rows = list_fleet(self.client, FleetQuery(), self.workers, odd_rows=True)
        listed = self.listed((row for row in rows if row["id"] in chosen), names)
        return {view["id"]: view for view in listed}

    def listed(
        self, rows: Iterable[dict[str, Any]], names: Collection[str]
    ) -> list[dict[str, Any]]:
        """Return rows of the list with the values that can be compared."""
        return as_in_forms(self.client, list(rows), names, self.workers)

    def looked_up(self, item: FleetItem, *, had_values: bool) -> FleetItem:
        """Return an item that an interrupted run may have changed.

        :param had_values: whether the run was to change values. It is then not known whether the item
            has been restarted since.
        """
        if had_values and not (item.error or item.moved or item.to_change):
            item = replace(item, restart_required=True)
        return self.with_restarts([item])[0]

    def with_restarts(self, items: Sequence[FleetItem]) -> list[FleetItem]:
        """Return the items, without a required restart where the node reports that the VPS is off.

        One request asks for the states of up to 200 VPSs from their nodes (virtualizor 3.4).
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
    """Return the name of a VPS for operators."""
    return str(view["hostname"] or view["vps_name"] or f"VPS {view['id']}")
