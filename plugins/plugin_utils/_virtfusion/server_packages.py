# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The package of many VirtFusion servers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...module_utils._core.argspec import ArgumentSpec
from ...module_utils._core.converge import View
from ...module_utils._core.errors import Code, PanelError, invalid
from ...module_utils._core.select import each_once, exactly_one, positive
from ...module_utils._core.threads import each
from ...module_utils._virtfusion.client import VirtFusion
from ...module_utils._virtfusion.resources.hypervisor import read_resources
from ...module_utils._virtfusion.resources.inventory import (
    FleetQuery,
    read_servers,
    read_servers_by_id,
)
from ...module_utils._virtfusion.resources.package import find_package
from ...module_utils._virtfusion.resources.server_package import (
    PACKAGE_MANNER,
    PACKAGE_TARGET,
    ServerPackage,
)
from .._fleet.change import FleetItem, ItemId, unknown_item
from .._fleet.converging import ConvergingChange, lean, params_of_one
from .._fleet.item_sessions import ItemSessions
from .._fleet.settings import ARGUMENTS as FLEET
from .._fleet.settings import target_of

#: Which servers.
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

#: The aspects of which a hypervisor may have too little, and in what it is counted.
_ROOM = {"memory": "MB of memory", "cpu": "cores", "primary_disk_size": "GB of storage"}

#: Which change of which servers, and how the run goes.
OPTIONS = (
    SELECTION + PACKAGE_TARGET + target_of("package_id", "package_name") + PACKAGE_MANNER + FLEET
)


class ServerPackages(ConvergingChange[VirtFusion]):
    """Servers that are to have what a package gives, each as with the single module."""

    panel = "virtfusion"
    name = "virtfusion_server_packages"
    noun = "servers"
    place = "hypervisor"

    #: The package, once :meth:`prepare` has read it.
    _package: Mapping[str, Any]

    def __init__(
        self, sessions: ItemSessions[VirtFusion], address: str, params: Mapping[str, Any]
    ) -> None:
        super().__init__(sessions, address, params)
        self._params_of_one = params_of_one(params, ("server_id", "server_uuid", "server_name"))

    def prepare(self) -> Mapping[str, Any]:
        ServerPackage(self.client, self._params_of_one)  # refuses options that no server can have
        self._package = find_package(
            self.client, self.params["package_id"], self.params["package_name"]
        )
        aspects = sorted(set(self.params["aspects"]))
        given = {aspect: self._package.get(aspect) for aspect in aspects}
        return {"package_id": self._package["id"], "aspects": aspects, **given}

    def select(self, ids: Sequence[ItemId] | None) -> list[FleetItem]:
        if ids is not None:
            found = self._by_id([item_id for item_id in ids if isinstance(item_id, int)])
            return [lean(self.compared(found[item_id])) for item_id in ids if item_id in found]
        return [
            view if isinstance(view, FleetItem) else lean(self.compared(view))
            for view in self._named()
            if isinstance(view, FleetItem) or self._is_wanted(view)
        ]

    def look_up(self, item_id: ItemId) -> FleetItem | None:
        if not isinstance(item_id, int):
            return None
        views = read_servers_by_id(self.client, [int(item_id)], workers=1)
        return self.compared(views[0]) if views else None

    def capacity(self, items: Sequence[FleetItem]) -> list[str]:
        return too_little_room(self.client, items, [item.view for item in items], self.workers)

    def resource(self, client: VirtFusion, view: View, *, may_restart: bool) -> ServerPackage:
        return ServerPackage(client, self._params_of_one, server=view, package=self._package)

    def describe(self, view: View) -> Mapping[str, Any]:
        return as_item(view)

    # --- which servers -----------------------------------------------------------------------

    def _is_wanted(self, view: View) -> bool:
        """Apply the filters that take from what is selected."""
        params = self.params
        return (
            view["id"] not in params["exclude_ids"]
            and view["name"] not in params["exclude_names"]
            and params["suspended"] in (None, view.get("suspended"))
        )

    def _named(self) -> list[dict[str, Any] | FleetItem]:
        """Return the selected servers; one that is named and cannot be found is an item that failed."""
        params = self.params
        ways = ("server_ids", "server_names", "hypervisor_ids", "owner_ids")
        if params["all"] == any(params[way] is not None for way in ways):
            raise invalid(
                f"exactly one of {', '.join(ways)} and all must say which servers",
                "hypervisor_ids and owner_ids go together",
            )
        if params["server_ids"] is not None:
            ids = each_once("server_ids", params["server_ids"], self.noun)
            found = self._by_id(ids)
            return [found.get(number) or _unknown("server_ids", "id", number) for number in ids]
        hypervisors = _positive("hypervisor_ids", params["hypervisor_ids"])
        owners = _positive("owner_ids", params["owner_ids"])
        if [] in (hypervisors, owners, params["server_names"]):
            return []
        query = FleetQuery(hypervisor_ids=hypervisors, owner_ids=owners)
        names = params["server_names"]
        if names is None:
            return [*read_servers(self.client, query, self.workers)]
        desired = set(each_once("server_names", names, self.noun))
        views = read_servers(
            self.client, query, self.workers, keep=lambda row: row["name"] in desired
        )
        index = defaultdict(list)
        for view in views:
            index[view["name"]].append(view)
        return [_of_name(name, index[name]) for name in names]

    def _by_id(self, ids: Sequence[int]) -> dict[ItemId, dict[str, Any]]:
        """Return the servers with these IDs, by ID. One that does not exist is left out."""
        for server_id in ids:
            positive("server_ids", server_id)
        return {view["id"]: view for view in read_servers_by_id(self.client, ids, self.workers)}


def _of_name(name: str, found: Sequence[View]) -> dict[str, Any] | FleetItem:
    """Return the one server with that name."""
    if not found:
        return _unknown("server_names", "name", name)
    try:
        return dict(exactly_one(found, name, what="server", option="server_ids"))
    except PanelError as error:
        return unknown_item(name, error)


def _unknown(option: str, what: str, value: ItemId) -> FleetItem:
    error = PanelError(
        Code.NOT_FOUND,
        f"the panel has no server with the {what} {value}",
        action="select the server",
        hint=f"correct {option}",
    )
    return unknown_item(value, error)


def as_item(view: View) -> dict[str, Any]:
    """Return how a server appears in a fleet; it takes room on its hypervisor."""
    place = {name: view.get(name) for name in ("hypervisor_id", "owner_id", "suspended")}
    hypervisor = view.get("hypervisor_id")
    return {"id": view["id"], "name": view["name"], "group": hypervisor, "place": place}


def _groups_of(views: Sequence[View]) -> dict[ItemId, int]:
    """Map the ID of each hypervisor of these servers to the ID of its group."""
    return {
        view["hypervisor_id"]: view["hypervisor_group_id"]
        for view in views
        if view.get("hypervisor_id") and view.get("hypervisor_group_id")
    }


def too_little_room(
    client: VirtFusion, items: Sequence[FleetItem], views: Sequence[View], workers: int
) -> list[str]:
    """Return a warning for each hypervisor that has too little left of something that its servers grow by.

    :param views: the servers of the items, as they were read.
    :param workers: requests at a time.
    """
    grows: dict[ItemId, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for item in items:
        for row in item.to_change:
            if row["field"] in _ROOM and item.group is not None:
                grows[item.group][row["field"]] += row["desired"] - (row["before"] or 0)
    groups = _groups_of(views)
    asked = sorted({groups[place] for place in grows if place in groups})
    try:
        tables = each(lambda group: read_resources(client, group), asked, workers)
    except PanelError as error:
        return [f"whether the hypervisors have room for it is not known: {error.msg}"]
    rooms = {row["hypervisor_id"]: row for table in tables for row in table}
    return [
        warning
        for place, growth in sorted(grows.items(), key=lambda pair: str(pair[0]))
        if place in rooms
        for warning in _lacks(rooms[place], growth)
    ]


def _positive(option: str, values: list[int] | None) -> list[int] | None:
    return None if values is None else [positive(option, value) for value in values]


def _lacks(room: Mapping[str, Any], growth: Mapping[str, int]) -> Iterator[str]:
    """Yield what a hypervisor has too little of. Without a limit there is no telling (virtfusion 1.4)."""
    storages = [room.get("local_storage"), *(room.get("other_storage") or ())]
    free: dict[str, Any] = {
        "memory": (room.get("memory") or {}).get("free"),
        "cpu": (room.get("cpu") or {}).get("free"),
        # On which of its storages a server's disk lies is not told; all together are too few or may do.
        "primary_disk_size": _sum([(one or {}).get("free") for one in storages if one]),
    }
    for aspect, more in growth.items():
        if free[aspect] is not None and more > free[aspect]:
            yield (
                f"hypervisor {room.get('hypervisor_name')} ({room['hypervisor_id']}) has {free[aspect]} "
                f"{_ROOM[aspect]} free, and the change takes {more}"
            )


def _sum(values: list[int | None]) -> int | None:
    """The sum, ``None`` where one of them is not known."""
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(values) else None
