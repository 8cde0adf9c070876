# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All VPSs of a Virtualizor panel, with as few requests as the panel allows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from ...module_utils._core.errors import Code, PanelError
from ...module_utils._core.fields import Field, Schema, anything, text
from ...module_utils._core.paging import OddRow
from ...module_utils._core.select import name_passes
from ...module_utils._core.threads import each
from ...module_utils._virtualizor.client import Virtualizor
from ...module_utils._virtualizor.resources.vps import (
    VPS,
    VpsFilter,
    read_rows,
    read_vps,
    with_live_states,
    with_plans,
)

#: A VPS with its plan, for groups.
FLEET_VPS = Schema(
    *VPS.values(),
    Field("plan_name", "plan_name", text),
    Field("off_plan", "off_plan", anything),
)

#: An inventory is for whole fleets, of a panel that is slow by the request (virtualizor 4.5).
_ROWS = 500


@dataclass(frozen=True)
class FleetQuery(VpsFilter):
    """Filters for VPSs. ``None`` is no filter.

    :param names: shell patterns, one of which the host name must match.
    :param exclude_names: shell patterns, none of which it may match.
    :param live_state: whether the panel queries the nodes for the states.
    """

    names: Sequence[str] | None = None
    exclude_names: Sequence[str] | None = None
    live_state: bool = False

    def accepts(self, view: Mapping[str, Any]) -> bool:
        named = name_passes(view["hostname"], self.names, self.exclude_names)
        return named and super().accepts(view)


def read_fleet(
    client: Virtualizor,
    query: FleetQuery,
    workers: int = 1,
    seen: list[dict[str, Any]] | None = None,
) -> list[dict[str, Any]]:
    """Return the VPSs that pass a query, by ID, each with its plan's name and the values that differ.

    :param workers: requests at a time.
    :param seen: receives the listed VPSs, before the filters.
    """
    rows = list_fleet(client, query, workers, seen)
    if query.live_state and rows:
        rows = with_live_states(client, rows, workers)
    return with_plans(client, rows) if rows else []


def list_fleet(
    client: Virtualizor,
    query: FleetQuery,
    workers: int,
    seen: list[dict[str, Any]] | None = None,
    odd_rows: bool = False,
) -> list[dict[str, Any]]:
    """Return the VPSs that pass a query, by ID, as the panel's list shows them.

    :param workers: requests at a time.
    :param seen: receives the listed VPSs, before the filters.
    :param odd_rows: whether a VPS with an unreadable value is returned as an :class:`OddRow`.
    """
    found = read_rows(client, query.search(), _ROWS, workers, odd_rows=odd_rows)
    if seen is not None:
        seen += found
    return sorted(filter(query.accepts, found), key=lambda row: int(row["id"]))


def read_forms(
    client: Virtualizor, vps_ids: Sequence[int], workers: int
) -> dict[int, dict[str, Any]]:
    """Return VPSs by ID as their forms show them. A VPS that does not exist is left out.

    A VPS whose form has an unreadable value is an :class:`OddRow`.

    :param workers: requests at a time.
    """
    forms = each(lambda vps_id: _form(client, vps_id), vps_ids, workers)
    return {form["id"]: form for form in forms if form is not None}


def as_in_forms(
    client: Virtualizor, rows: Sequence[dict[str, Any]], names: Collection[str], workers: int
) -> list[dict[str, Any]]:
    """Return VPSs of the list, reduced to those of some values that their forms show.

    A change is read back from the form. So a value that only the list shows cannot be compared, and a
    value that only the form shows must be read there. It is not known whether they differ (virtualizor
    3.4, 3.5). The form of one VPS of each virtualization is compared with the list. If the list shows as
    much, no other form is read.

    :param rows: an :class:`OddRow` of them is read again from its form.
    :param names: the values that matter.
    :param workers: requests at a time.
    """
    if not names:
        return list(rows)
    kinds = defaultdict(list)
    for row in rows:
        if not isinstance(row, OddRow):
            kinds[row.get("virt")].append(row["id"])
    shown = {virt: set(_first_form(client, ids)).intersection(names) for virt, ids in kinds.items()}
    short = [
        row["id"]
        for row in rows
        if isinstance(row, OddRow) or not shown[row.get("virt")] <= row.keys()
    ]
    forms = read_forms(client, short, workers)
    gone = set(short) - set(forms)
    return [
        _as_in_form(row, forms[row["id"]])
        if row["id"] in forms
        else _without(row, set(names) - shown[row.get("virt")])
        for row in rows
        if row["id"] not in gone
    ]


def _as_in_form(row: Mapping[str, Any], form: dict[str, Any]) -> dict[str, Any]:
    """Return a VPS as its form shows it. Values that an unreadable form lacks are taken from the list."""
    return OddRow({**row, **form}, form.error) if isinstance(form, OddRow) else form


def _form(client: Virtualizor, vps_id: int) -> dict[str, Any] | None:
    """Return one VPS as its form shows it, ``None`` if it was deleted since it was listed."""
    try:
        return read_vps(client, vps_id)
    except PanelError as error:
        if error.absent:
            return None
        if error.code is Code.PROTOCOL:
            return OddRow({"id": vps_id}, error)
        raise


def _first_form(client: Virtualizor, vps_ids: Sequence[int]) -> dict[str, Any]:
    """Return the form of the first VPS that exists and can be read, empty if there is none."""
    forms = (_form(client, vps_id) for vps_id in vps_ids)
    return next((form for form in forms if form is not None and not isinstance(form, OddRow)), {})


def _without(view: Mapping[str, Any], names: Set[str]) -> dict[str, Any]:
    return {name: value for name, value in view.items() if name not in names}
