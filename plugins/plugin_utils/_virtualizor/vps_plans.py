# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of many Virtualizor VPSs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from ...module_utils._core.argspec import ArgumentSpec
from ...module_utils._core.converge import View
from ...module_utils._core.errors import Code, PanelError, invalid
from ...module_utils._core.select import each_once, positive
from ...module_utils._virtualizor.argspec import VIRTUALIZATIONS
from ...module_utils._virtualizor.client import Virtualizor
from ...module_utils._virtualizor.resources.inventory import FleetQuery, list_fleet
from ...module_utils._virtualizor.resources.plan import checked_plan, find_plan
from ...module_utils._virtualizor.resources.plan_values import VALUES
from ...module_utils._virtualizor.resources.vps import FOUND_BY, find_vps
from ...module_utils._virtualizor.resources.vps_plan import PLAN_MANNER, PLAN_TARGET, VpsPlan
from .._fleet.change import FleetItem, ItemId, unknown_item
from .._fleet.converging import lean, params_of_one
from .._fleet.item_sessions import ItemSessions
from .._fleet.settings import ARGUMENTS as FLEET
from .._fleet.settings import target_of
from .vps_bulk import VpsBulk

#: Options that name VPSs one by one, with the field that each looks at.
_NAMING: Mapping[str, str] = {f"{option}s": field for option, field in FOUND_BY.items()}
#: Options that select VPSs by what they have, with the filter of the query that each is.
_FILTERS: Mapping[str, str] = {
    "from_plan_ids": "plan_ids",
    "user_ids": "user_ids",
    "server_ids": "server_ids",
    "virts": "virts",
}

#: Which VPSs.
SELECTION = ArgumentSpec(
    {
        "vps_ids": {"type": "list", "elements": "int"},
        "vps_uuids": {"type": "list", "elements": "str"},
        "vps_names": {"type": "list", "elements": "str"},
        "hostnames": {"type": "list", "elements": "str"},
        "from_plan_ids": {"type": "list", "elements": "int"},
        "user_ids": {"type": "list", "elements": "int"},
        "server_ids": {"type": "list", "elements": "int"},
        "virts": {"type": "list", "elements": "str", "choices": list(VIRTUALIZATIONS)},
        "all": {"type": "bool", "default": False},
        "suspended": {"type": "bool"},
        "exclude_ids": {"type": "list", "elements": "int", "default": []},
        "exclude_hostnames": {"type": "list", "elements": "str", "default": []},
    },
    mutually_exclusive=[tuple(_NAMING)],
)

#: Which change of which VPSs, and how the run goes.
OPTIONS = SELECTION + PLAN_TARGET + target_of("plan_id", "plan_name") + PLAN_MANNER + FLEET


class VpsPlans(VpsBulk):
    """VPSs that are to be on a plan, each as with the single module."""

    name = "virtualizor_vps_plans"

    #: The plan, once :meth:`prepare` has read it.
    _plan: Mapping[str, Any]

    def __init__(
        self, sessions: ItemSessions[Virtualizor], address: str, params: Mapping[str, Any]
    ) -> None:
        super().__init__(sessions, address, params)
        self._params_of_one = params_of_one(params, FOUND_BY)

    def prepare(self) -> Mapping[str, Any]:
        VpsPlan(self.client, self._params_of_one)  # refuses options that no VPS can have
        self._plan = find_plan(self.client, *checked_plan(self.params))
        label = {"plan_id": self._plan["id"], "apply_plan": self.params["apply_plan"]}
        if not self.params["apply_plan"]:
            return label
        # Once one value differs the panel applies all, whatever is compared.
        given = {name: self._plan[name] for name in VALUES if name in self._plan}
        return {**label, "compare": sorted(set(self.params["compare"])), **given}

    def select(self, ids: Sequence[ItemId] | None) -> list[FleetItem]:
        chosen: Sequence[View | FleetItem]
        if ids is None:
            chosen = self._chosen()
        else:
            numbers = [item_id for item_id in ids if isinstance(item_id, int)]
            found = self.views(numbers, self._values())
            chosen = [found[number] for number in numbers if number in found]
        return self.with_restarts(
            [one if isinstance(one, FleetItem) else lean(self.compared(one)) for one in chosen]
        )

    def look_up(self, item_id: ItemId) -> FleetItem | None:
        if not isinstance(item_id, int):
            return None
        view = self.views([item_id], self._values()).get(item_id)
        if view is None:
            return None
        return self.looked_up(self.compared(view), had_values=self.params["apply_plan"])

    def resource(self, client: Virtualizor, view: View, *, may_restart: bool) -> VpsPlan:
        # A VPS that ran when all were asked counts as running; the others are asked again.
        return VpsPlan(client, self._params_of_one, vps=view, plan=self._plan, may_run=may_restart)

    def _values(self) -> set[str]:
        """The values that are compared, as far as the plan shows them."""
        compared = self.params["compare"] if self.params["apply_plan"] else ()
        return set(self._plan).intersection(compared)

    # --- which VPSs --------------------------------------------------------------------------

    def _is_wanted(self, view: View) -> bool:
        """Apply the options that take from what is selected."""
        params = self.params
        return (
            view["id"] not in params["exclude_ids"]
            and view["hostname"] not in params["exclude_hostnames"]
            and params["suspended"] in (None, view.get("suspended"))
        )

    def _chosen(self) -> list[dict[str, Any] | FleetItem]:
        """Return the selected VPSs; one that is named and cannot be found is an item that failed.

        :raises PanelError: the options make no sense.
        """
        params = self.params
        naming = [option for option in _NAMING if params[option] is not None]
        filters = {field: params[option] for option, field in _FILTERS.items()}
        filtered = any(value is not None for value in filters.values())
        if len(naming) + filtered + params["all"] != 1:
            raise invalid(
                f"exactly one of {', '.join((*_NAMING, *_FILTERS))} and all must say which VPSs",
                f"{', '.join(_FILTERS)} go together",
            )
        query = FleetQuery(**filters, suspended=params["suspended"])
        if [] in filters.values():
            return []
        if naming == ["vps_ids"]:
            return [
                one
                for one in self._numbered(params["vps_ids"])
                if isinstance(one, FleetItem) or self._is_wanted(one)
            ]
        rows: Sequence[dict[str, Any] | FleetItem]
        rows = (
            self._named(naming[0])
            if naming
            else list_fleet(self.client, query, self.workers, as_readable=True)
        )
        known = [row for row in rows if not isinstance(row, FleetItem) and self._is_wanted(row)]
        unknown = [row for row in rows if isinstance(row, FleetItem)]
        return [*self.listed(known, self._values()), *unknown]

    def _named(self, option: str) -> list[dict[str, Any] | FleetItem]:
        """Return the rows of the VPSs that an option names, in its order."""
        desired = each_once(option, self.params[option], self.noun)
        if not all(value.strip() for value in desired):
            raise invalid(f"{option} holds an empty name")
        query = FleetQuery()
        rows = list_fleet(self.client, query, self.workers, as_readable=True) if desired else []
        index = defaultdict(list)
        for row in rows:
            index[row[_NAMING[option]]].append(row)

        def found(value: str) -> dict[str, Any] | FleetItem:
            try:
                # Where none has that name, all are looked at for one that is alike.
                return find_vps(index.get(value) or rows, _NAMING[option], value, "vps_ids")
            except PanelError as error:
                return unknown_item(value, error)

        return [found(value) for value in desired]

    def _numbered(self, ids: Sequence[int]) -> list[dict[str, Any] | FleetItem]:
        """Return the VPSs with these ids, in their order."""
        for vps_id in each_once("vps_ids", ids, self.noun):
            positive("vps_ids", vps_id)
        found = self.views(ids, self._values())
        return [found.get(vps_id) or _unknown(vps_id) for vps_id in ids]


def _unknown(vps_id: int) -> FleetItem:
    error = PanelError(
        Code.NOT_FOUND,
        f"the panel has no VPS with the id {vps_id}",
        action="select the VPS",
        hint="correct vps_ids",
    )
    return unknown_item(vps_id, error)
