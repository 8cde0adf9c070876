# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Change the package of many VirtFusion servers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from ...module_utils._core.argspec import ArgumentSpec, each_once, positive
from ...module_utils._core.converge import View
from ...module_utils._core.errors import PanelError
from ...module_utils._core.select import exactly_one
from ...module_utils._core.threads import each
from ...module_utils._virtfusion.client import VirtFusion
from ...module_utils._virtfusion.resources.infrastructure import read_resources
from ...module_utils._virtfusion.resources.package import find_package
from ...module_utils._virtfusion.resources.server_package import (
    PACKAGE_MANNER,
    PACKAGE_TARGET,
    ServerPackage,
)
from ...module_utils._virtfusion.resources.server_view import waits_for_restart
from .._fleet.change import FleetItem, ItemId, ItemSessions
from .._fleet.converging import ConvergingChange, lean, params_of_one
from .._fleet.growth import Capacity, Growth, growth_of, without_room
from .._fleet.progress import clean_error, cleaned
from .._fleet.selection import Selection, chosen_way, numeric
from .._fleet.settings import ARGUMENTS as FLEET
from .._fleet.settings import target_of
from .inventory import (
    FleetQuery,
    read_servers,
    read_servers_by_id,
)

#: The options that select servers.
SELECTION = ArgumentSpec(
    {
        "server_ids": {"type": "list", "elements": "int"},
        "server_names": {"type": "list", "elements": "str"},
        "hypervisor_ids": {"type": "list", "elements": "int"},
        "owner_ids": {"type": "list", "elements": "int"},
        "all": {"type": "bool", "default": False},
        "suspended": {"type": "bool"},
        "exclude_ids": {"type": "list", "elements": "int", "default": []},
        "exclude_names": {"type": "list", "elements": "str", "default": []},
    },
    mutually_exclusive=[
        ("server_ids", "server_names", "hypervisor_ids"),
        ("server_ids", "server_names", "owner_ids"),
    ],
)

#: The ways to select servers. Options of one line may be set together.
_WAYS = (("server_ids",), ("server_names",), ("hypervisor_ids", "owner_ids"), ("all",))

#: The aspects that use capacity of a hypervisor, with their units and their names in a warning.
UNITS = {"cpu": "cores", "memory": "MB", "primary_disk_size": "GB"}
_WORDS = {"cpu": "cores", "memory": "MB of memory", "primary_disk_size": "GB of storage"}

#: All options of the action.
OPTIONS = (
    SELECTION + PACKAGE_TARGET + target_of("package_id", "package_name") + PACKAGE_MANNER + FLEET
)


class ServerPackages(ConvergingChange[VirtFusion]):
    """A change of servers to a package, each as the single module does it."""

    panel = "virtfusion"
    name = "virtfusion_server_packages"
    noun = "servers"
    place_noun = "hypervisor"
    units = UNITS
    filter_fields: ClassVar[Mapping[str, str]] = {
        "server_names": "name",
        "hypervisor_ids": "hypervisor_id",
        "owner_ids": "owner_id",
        "suspended": "suspended",
        "exclude_names": "name",
    }
    approved_fields: ClassVar[tuple[str, ...]] = ("name", "hypervisor_id", "owner_id", "suspended")

    #: The package, after :meth:`prepare`.
    _package: Mapping[str, Any]

    def __init__(
        self, sessions: ItemSessions[VirtFusion], address: str, params: Mapping[str, Any]
    ) -> None:
        super().__init__(sessions, address, params)
        self.selection: Selection = Selection(self.noun, params["on_unmatched"], self.shard)
        self._params_of_one = params_of_one(params, ("server_id", "server_uuid", "server_name"))

    def prepare(self) -> Mapping[str, Any]:
        ServerPackage(self.client, self._params_of_one)  # refuses invalid options
        self._package = find_package(
            self.client, self.params["package_id"], self.params["package_name"]
        )
        aspects = sorted(set(self.params["aspects"]))
        given = {aspect: self._package.get(aspect) for aspect in aspects}
        return {"package_id": self._package["id"], "aspects": aspects, **given}

    def select(self, ids: Sequence[ItemId] | None) -> list[FleetItem]:
        if ids is None:
            views = self._chosen()
        else:
            found = self._by_id(numeric(ids))
            views = [found[item_id] for item_id in numeric(ids) if item_id in found]
        return [lean(self.compared(view)) for view in views]

    def look_up(self, item_id: ItemId) -> FleetItem | None:
        views = read_servers_by_id(self.client, numeric([item_id]), workers=1)
        return self.compared(views[0]) if views else None

    def capacity(self, items: Sequence[FleetItem]) -> Capacity:
        return capacity_of(self.client, items, [item.view for item in items], self.workers)

    def resource(self, client: VirtFusion, view: View, *, may_restart: bool) -> ServerPackage:
        return ServerPackage(client, self._params_of_one, server=view, package=self._package)

    def describe(self, view: View) -> Mapping[str, Any]:
        return as_item(view)

    # --- which servers -----------------------------------------------------------------------

    def _chosen(self) -> list[View]:
        """Read the servers that the options select. :raises PanelError: the options are invalid."""
        params = self.params
        seen: list[dict[str, Any]] = []
        way = chosen_way(params, _WAYS, self.noun)
        views = self._named(way, seen)
        if views:
            complete = way != "server_ids" and params["hypervisor_ids"] is None
            self._match_exclusions(seen, complete=complete)
        self.selection.check()
        return [view for view in views if self._passes(view) and self.selection.takes(view["id"])]

    def _passes(self, view: View) -> bool:
        """Return whether a server passes the filters and exclusions."""
        params = self.params
        return (
            view["id"] not in params["exclude_ids"]
            and view["name"] not in params["exclude_names"]
            # Whether an unreadable value matches is unknown. The server's result then has the error.
            and ("suspended" not in view or params["suspended"] in (None, view["suspended"]))
        )

    def _named(self, way: str, seen: list[dict[str, Any]]) -> Sequence[View]:
        """Return the servers that the options name, before exclusions.

        :param way: the option that names the servers.
        :param seen: receives each server that was read.
        """
        params = self.params
        if way == "server_ids":
            ids = each_once(way, params[way], self.noun)
            for server_id in ids:
                positive(way, server_id)
            found = self._by_id(ids)
            seen += found.values()
            self.selection.match(way, ids, seen, "id", names_items=True)
            return [found[server_id] for server_id in ids if server_id in found]
        names = params["server_names"]
        hypervisors = _positive("hypervisor_ids", params["hypervisor_ids"])
        owners = _positive("owner_ids", params["owner_ids"])
        if [] in (hypervisors, owners, names):
            return []
        desired = None if names is None else set(each_once(way, names, self.noun))

        def keep(row: View) -> bool:
            if desired is not None:
                return row["name"] in desired
            # Other options are matched with all servers that they select, not only with those of a shard.
            if way != "all" or self.selection.in_shard(row["id"]):
                return True
            if self._passes(row):
                self.selection.takes(row["id"])
            return False

        views = read_servers(
            self.client,
            FleetQuery(hypervisor_ids=hypervisors, owner_ids=owners),
            self.workers,
            keep,
            seen,
            odd_rows=True,
        )
        self.selection.match("hypervisor_ids", hypervisors, seen, "hypervisor_id")
        self.selection.match("owner_ids", owners, seen, "owner_id")
        if names is None:
            return views
        missing = self.selection.match(way, names, seen, "name", names_items=True)
        index = defaultdict(list)
        for view in views:
            index[view["name"]].append(view)
        return [
            exactly_one(index[name], name, what="server", option="server_ids")
            for name in names
            if name not in missing
        ]

    def _match_exclusions(self, seen: Sequence[dict[str, Any]], *, complete: bool) -> None:
        """Report exclusions of servers that the panel does not have.

        :param complete: whether all servers of the panel were listed.
        """
        fields = {"exclude_ids": "id", "exclude_names": "name"}
        rows = list(seen)
        shown = {option: {row.get(field) for row in seen} for option, field in fields.items()}
        if not complete and not all(shown[o].issuperset(self.params[o]) for o in fields):
            # The same list of exclusions may serve other selections, so it is checked against all servers.
            query = FleetQuery()
            read_servers(self.client, query, self.workers, lambda _row: False, rows, odd_rows=True)
        for option, field in fields.items():
            self.selection.match(option, self.params[option], rows, field)

    def _by_id(self, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Return servers by ID, without those that do not exist."""
        return {view["id"]: view for view in read_servers_by_id(self.client, ids, self.workers)}


def as_item(view: View) -> dict[str, Any]:
    """Return a server as an item, with its identity and its hypervisor."""
    return {
        "id": view["id"],
        "name": view["name"] or str(view["id"]),
        "place": view.get("hypervisor_id"),
        "uuid": view.get("uuid"),
        "owner": view.get("owner_id"),
        "waits_for_restart": waits_for_restart(view) if "pending_tasks" in view else None,
    }


def capacity_of(
    client: VirtFusion, items: Sequence[FleetItem], views: Sequence[View], workers: int
) -> Capacity:
    """Compare the growth of servers with the free capacity of their hypervisors.

    :param views: the servers of the items, as they were read.
    :param workers: the number of parallel requests.
    """
    rows = growth_of(items, UNITS)
    groups = {
        view["hypervisor_id"]: view["hypervisor_group_id"]
        for view in views
        if view.get("hypervisor_id") and view.get("hypervisor_group_id")
    }
    asked = sorted({groups[row.place] for row in rows if row.place in groups})
    answers = each(lambda group: _resources(client, group), asked, workers)
    redact = client.session.redact
    unknown = [answer for answer in answers if isinstance(answer, PanelError)]
    rooms = {
        room["hypervisor_id"]: room
        for answer in answers
        if not isinstance(answer, PanelError)
        for room in answer
    }
    rows = [
        replace(
            row,
            name=cleaned(rooms[row.place].get("hypervisor_name"), redact),
            free=_free(rooms[row.place], row),
        )
        if row.place in rooms
        else row
        for row in rows
    ]
    warnings = without_room(rows, "hypervisor", lambda row: _WORDS[row.field])
    if unknown:
        warnings.append(
            f"the room of {len(unknown)} of {len(asked)} hypervisor groups is unknown: "
            f"{clean_error(unknown[0], redact).msg}"
        )
    return Capacity(warnings, rows)


def _resources(client: VirtFusion, group: int) -> list[dict[str, Any]] | PanelError:
    """Return the free capacity of each hypervisor of a group, or the error of the read."""
    try:
        return read_resources(client, group)
    except PanelError as error:
        return error


def _free(room: Mapping[str, Any], row: Growth) -> int | None:
    """Return the free capacity of a hypervisor, ``None`` if unlimited (virtfusion 1.4)."""
    if row.field != "primary_disk_size":
        return (room.get(row.field) or {}).get("free")
    # The storage of a server's disk is not known. The sum of all storages is an upper bound.
    storages = [room.get("local_storage"), *(room.get("other_storage") or ())]
    free = [storage.get("free") for storage in storages if storage]
    return sum(free) if free and None not in free else None


def _positive(option: str, values: list[int] | None) -> list[int] | None:
    return None if values is None else [positive(option, value) for value in values]
