# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Change the VPS plan of many Virtualizor VPSs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from ...module_utils._core.argspec import ArgumentSpec, each_once, positive
from ...module_utils._core.converge import View
from ...module_utils._core.errors import invalid
from ...module_utils._virtualizor.argspec import VIRTUALIZATIONS
from ...module_utils._virtualizor.client import Virtualizor
from ...module_utils._virtualizor.resources.plan import VALUES, checked_plan, find_plan, read_plans
from ...module_utils._virtualizor.resources.vps import FOUND_BY, VpsFilter, find_vps
from ...module_utils._virtualizor.resources.vps_plan import PLAN_MANNER, PLAN_TARGET, VpsPlan
from .._fleet.change import FleetItem, ItemId, ItemSessions
from .._fleet.converging import lean, params_of_one
from .._fleet.selection import Selection, chosen_way, numeric
from .._fleet.settings import ARGUMENTS as FLEET
from .._fleet.settings import target_of
from .inventory import FleetQuery, list_fleet
from .vps_bulk import VpsBulk

#: Options that name single VPSs, with the field of each.
_NAMING: Mapping[str, str] = {f"{option}s": field for option, field in FOUND_BY.items()}
#: Options that select VPSs by a property, with the filter of each in the query.
_FILTERS: Mapping[str, str] = {
    "from_plan_ids": "plan_ids",
    "user_ids": "user_ids",
    "server_ids": "server_ids",
    "virts": "virts",
}

#: The ways to select VPSs. Options of one line may be set together.
_WAYS = (*((option,) for option in _NAMING), tuple(_FILTERS), ("all",))

#: The options that select VPSs.
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

#: All options of the action.
OPTIONS = SELECTION + PLAN_TARGET + target_of("plan_id", "plan_name") + PLAN_MANNER + FLEET


class VpsPlans(VpsBulk):
    """A change of VPSs to a plan, each as the single module does it."""

    name = "virtualizor_vps_plans"

    filter_fields: ClassVar[Mapping[str, str]] = {
        **_NAMING,
        "from_plan_ids": "plan_id",
        "user_ids": "user_id",
        "server_ids": "server_id",
        "virts": "virt",
        "suspended": "suspended",
        "exclude_hostnames": "hostname",
    }

    #: The plan, after :meth:`prepare`.
    _plan: Mapping[str, Any]

    def __init__(
        self, sessions: ItemSessions[Virtualizor], address: str, params: Mapping[str, Any]
    ) -> None:
        super().__init__(sessions, address, params)
        self.selection: Selection = Selection(self.noun, params["on_unmatched"], self.shard)
        self._params_of_one = params_of_one(params, FOUND_BY)

    def prepare(self) -> Mapping[str, Any]:
        VpsPlan(self.client, self._params_of_one)  # refuses invalid options
        self._plan = find_plan(self.client, *checked_plan(self.params))
        label = {"plan_id": self._plan["id"], "apply_plan": self.params["apply_plan"]}
        if not self.params["apply_plan"]:
            return label
        # If one value differs, the panel applies all values of the plan, also those that are not compared.
        given = {name: self._plan[name] for name in VALUES if name in self._plan}
        return {**label, "compare": sorted(set(self.params["compare"])), **given}

    def select(self, ids: Sequence[ItemId] | None) -> list[FleetItem]:
        if ids is None:
            chosen = self._chosen()
        else:
            found = self.views(numeric(ids), self._values_of_plan())
            chosen = [found[item_id] for item_id in numeric(ids) if item_id in found]
        return self.with_restarts([lean(self.compared(view)) for view in chosen])

    def look_up(self, item_id: ItemId) -> FleetItem | None:
        views = list(self.views(numeric([item_id]), self._values_of_plan()).values())
        if not views:
            return None
        view = views[0]
        return self.looked_up(self.compared(view), had_values=self.params["apply_plan"])

    def resource(self, client: Virtualizor, view: View, *, may_restart: bool) -> VpsPlan:
        # Running VPSs are known from the list of states. The state of the others is read again.
        return VpsPlan(client, self._params_of_one, vps=view, plan=self._plan, may_run=may_restart)

    def _values_of_plan(self) -> set[str]:
        """Return the names of the values that the panel sets with the plan."""
        return set(self._plan).intersection(VALUES if self.params["apply_plan"] else ())

    def _with_values(self, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return rows of the list with the compared values, and with all values of the plan where it is applied."""
        names = self._values_of_plan()
        decisive = names.intersection(self.params["compare"])
        views = self.listed(rows, decisive)
        if decisive == names:
            return views
        judged = [(view, self.compared(view)) for view in views]
        short = [view for view, item in judged if item.to_change or item.error]
        whole = {view["id"]: view for view in self.listed(short, names)}
        gone = {view["id"] for view in short} - whole.keys()
        return [whole.get(view["id"], view) for view in views if view["id"] not in gone]

    # --- which VPSs --------------------------------------------------------------------------

    def _chosen(self) -> list[dict[str, Any]]:
        """Read the VPSs that the options select. :raises PanelError: the options are invalid."""
        params = self.params
        way = chosen_way(params, _WAYS, self.noun)
        seen: list[dict[str, Any]] = []
        views = self._named(way, seen)
        if views:
            self._match_exclusions(seen, complete=way in (*_NAMING, "all") and way != "vps_ids")
        self.selection.check()
        suspended = VpsFilter(suspended=params["suspended"])
        selected = [
            view
            for view in views
            if view["id"] not in params["exclude_ids"]
            and view["hostname"] not in params["exclude_hostnames"]
            and suspended.accepts(view)
            and self.selection.takes(view["id"])
        ]
        return selected if way == "vps_ids" else self._with_values(selected)

    def _named(self, way: str, seen: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the VPSs that the options name, before exclusions.

        :param way: the option that names the VPSs.
        :param seen: receives each VPS that was read.
        """
        if way == "vps_ids":
            return self._numbered(seen)
        if way in _NAMING:
            return self._with_names(way, seen)
        filters = {field: self.params[option] for option, field in _FILTERS.items()}
        query = FleetQuery(**filters)
        if [] in filters.values():
            return []
        rows = list_fleet(self.client, query, self.workers, seen, odd_rows=True)
        others = {option: field for option, field in _FILTERS.items() if option != "from_plan_ids"}
        judged: Sequence[View] = seen
        if self.params["from_plan_ids"] is not None:
            self._match_plans(seen, rows)
            # VPSs that were moved are no longer listed, but prove that a node exists.
            judged = self._everything(
                seen, {option: self.filter_fields[option] for option in others}
            )
        for option in others:
            self.selection.match(option, self.params[option], judged, self.filter_fields[option])
        return rows

    def _match_plans(self, seen: Sequence[View], rows: Sequence[View]) -> None:
        """Report plans that do not exist.

        A plan without VPSs is not a mistake, since this action may have moved them.

        :param rows: the VPSs that are on one of the plans.
        """
        plan_ids = self.params["from_plan_ids"]
        # VPSs without a plan have plan 0.
        there = {0, *(row.get("plan_id") for row in seen)}
        if not there.issuperset(plan_ids):
            plans = [{"id": plan_id, "plan_name": None} for plan_id in there if plan_id is not None]
            plans += read_plans(self.client)
            self.selection.match("from_plan_ids", plan_ids, plans, "id", name="plan_name")
        named = ", ".join(map(str, plan_ids))
        if not rows:
            self.selection.may_be_empty(f"none of the selected VPSs is on the VPS plan {named}")

    def _everything(
        self, seen: Sequence[dict[str, Any]], fields: Mapping[str, str]
    ) -> list[dict[str, Any]]:
        """Return all VPSs of the panel if some values of options are not among those that were read.

        :param fields: the options, with the field of each.
        """
        for option, field in fields.items():
            shown = {row.get(field) for row in seen}
            if not shown.issuperset(self.params[option] or ()):
                everything: list[dict[str, Any]] = []
                list_fleet(self.client, FleetQuery(), self.workers, everything, odd_rows=True)
                return everything
        return list(seen)

    def _with_names(self, option: str, seen: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the rows of the VPSs that an option names, in its order."""
        desired = each_once(option, self.params[option], self.noun)
        if not all(value.strip() for value in desired):
            raise invalid(f"{option} holds an empty name")
        if not desired:
            return []
        field = _NAMING[option]
        rows = list_fleet(self.client, FleetQuery(), self.workers, seen, odd_rows=True)
        missing = self.selection.match(option, desired, seen, field, names_items=True)
        index = defaultdict(list)
        for row in rows:
            index[row[field]].append(row)
        for value in desired:
            if value not in missing:
                find_vps(index[value], field, value, "vps_ids")
        return [row for value in desired for row in index.get(value, ())]

    def _numbered(self, seen: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the VPSs that ``vps_ids`` names, in its order."""
        ids = each_once("vps_ids", self.params["vps_ids"], self.noun)
        for vps_id in ids:
            positive("vps_ids", vps_id)
        found = self.views(ids, self._values_of_plan())
        seen += found.values()
        self.selection.match("vps_ids", ids, seen, "id", name="hostname", names_items=True)
        return [found[vps_id] for vps_id in ids if vps_id in found]

    def _match_exclusions(self, seen: Sequence[dict[str, Any]], *, complete: bool) -> None:
        """Report exclusions of VPSs that the panel does not have.

        :param complete: whether all VPSs of the panel were read.
        """
        fields = {"exclude_ids": "id", "exclude_hostnames": "hostname"}
        # The same list of exclusions may serve other selections, so it is checked against all VPSs.
        rows = seen if complete else self._everything(seen, fields)
        for option, field in fields.items():
            self.selection.match(option, self.params[option], rows, field, name="hostname")
