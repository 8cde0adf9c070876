# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The package of many VirtFusion servers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...module_utils._core.argspec import ArgumentSpec, one_of
from ...module_utils._core.converge import View, converge
from ...module_utils._core.errors import Code, PanelError, invalid
from ...module_utils._core.select import each_once, exactly_one, positive
from ...module_utils._core.session import Session
from ...module_utils._core.threads import each
from ...module_utils._virtfusion.client import VirtFusion
from ...module_utils._virtfusion.resources.fleet import FleetQuery, read_servers, read_servers_by_id
from ...module_utils._virtfusion.resources.hypervisor import read_resources
from ...module_utils._virtfusion.resources.package import find_package
from ...module_utils._virtfusion.resources.server_package import (
    PACKAGE_MANNER,
    PACKAGE_TARGET,
    ServerPackage,
)
from .._fleet.change import FleetChange, FleetItem, ItemId
from .._fleet.item_sessions import ItemSessions
from .._fleet.settings import ARGUMENTS as FLEET

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
    SELECTION
    + PACKAGE_TARGET
    + one_of("package_id", "package_name", "rollback")
    + PACKAGE_MANNER
    + FLEET
)


class ServerPackages(FleetChange):
    """Servers that are to have what a package gives, each as with the single module."""

    name = "virtfusion_server_packages"
    noun = "servers"

    def __init__(
        self, sessions: ItemSessions[VirtFusion], address: str, params: Mapping[str, Any]
    ) -> None:
        self._sessions = sessions
        self._client = sessions.client
        self._address = address
        self._params = params
        # What a plan says of refusals is one warning for the fleet, not one for each server.
        quiet = "ignore" if params["on_refused"] == "warn" else params["on_refused"]
        self._for_one = {
            **params,
            "on_refused": quiet,
            "server_id": None,
            "server_uuid": None,
            "server_name": None,
        }
        self._package: dict[str, Any] = {}
        self._groups: Mapping[ItemId, int] = {}
        self.warns_of_refusals = params["on_refused"] == "warn"

    @property
    def panel(self) -> str:
        return self._address

    def target(self) -> Mapping[str, Any]:
        self._resource(self._client, {})  # refuses options that are wrong for every server
        self._package = find_package(
            self._client, self._params["package_id"], self._params["package_name"]
        )
        aspects = sorted(set(self._params["aspects"]))
        given = {aspect: self._package.get(aspect) for aspect in aspects}
        return {"package_id": self._package["id"], "aspects": aspects, **given}

    def select(self, ids: Sequence[ItemId] | None) -> list[FleetItem]:
        if ids is not None:
            views = self._by_id([int(item_id) for item_id in ids], missing_is_fine=True)
        else:
            views = [view for view in self._named() if self._is_wanted(view)]
        self._groups = groups_of(views)
        return [self._lean(self._compared(view)) for view in views]

    def look_up(self, item_id: ItemId) -> FleetItem | None:
        views = read_servers_by_id(self._client, [int(item_id)], workers=1)
        return self._compared(views[0]) if views else None

    def apply(self, item: FleetItem) -> dict[str, Any]:
        with self._sessions.for_item() as (client, session):
            resource = self._resource(client, item.view)
            return converge(resource, check_mode=False, patience=session.patience)

    def capacity(self, items: Sequence[FleetItem]) -> list[str]:
        return too_little_room(self._client, items, self._groups, self._params["workers"])

    def api_calls(self) -> dict[str, Any]:
        return self._sessions.api_calls()

    def _resource(self, client: VirtFusion, view: View) -> ServerPackage:
        return ServerPackage(client, self._for_one, server=view, package=self._package)

    def _compared(self, view: View) -> FleetItem:
        """Compare a server with the package, as the single module does in check mode."""
        place = {"id": view["id"], "name": view["name"], "group": view.get("hypervisor_id")}
        session: Session = self._sessions.session
        try:
            resource = self._resource(self._client, view)
            found = converge(resource, check_mode=True, patience=session.patience)
        except PanelError as error:
            rows = tuple(error.result.get("changes", ()))
            return FleetItem(**place, changes=rows, error=error)
        return FleetItem(
            **place,
            changes=tuple(found["changes"]),
            restart_required=found["restart_required"],
            view=view,
        )

    @staticmethod
    def _lean(item: FleetItem) -> FleetItem:
        """Forget what nobody will ask for: of a fleet, most servers are as they should be."""
        if item.to_change or item.refused or item.error:
            return item
        return replace(item, changes=(), view=None)

    # --- which servers -----------------------------------------------------------------------

    def _is_wanted(self, view: View) -> bool:
        """Apply the filters that take from what is selected."""
        params = self._params
        return (
            view["id"] not in params["exclude_ids"]
            and view["name"] not in params["exclude_names"]
            and params["suspended"] in (None, view.get("suspended"))
        )

    def _named(self) -> list[dict[str, Any]]:
        params = self._params
        ways = ("server_ids", "server_names", "hypervisor_ids", "owner_ids")
        if params["all"] == any(params[way] is not None for way in ways):
            raise invalid(
                f"exactly one of {', '.join(ways)} and all must say which servers",
                "hypervisor_ids and owner_ids go together",
            )
        if params["server_ids"] is not None:
            return self._by_id(
                each_once("server_ids", params["server_ids"], self.noun), missing_is_fine=False
            )
        hypervisors = _positive("hypervisor_ids", params["hypervisor_ids"])
        owners = _positive("owner_ids", params["owner_ids"])
        if [] in (hypervisors, owners, params["server_names"]):
            return []
        query = FleetQuery(hypervisor_ids=hypervisors, owner_ids=owners)
        names = params["server_names"]
        if names is None:
            return read_servers(self._client, query, params["workers"])
        wanted = set(each_once("server_names", names, self.noun))
        views = read_servers(
            self._client, query, params["workers"], keep=lambda row: row["name"] in wanted
        )
        index = defaultdict(list)
        for view in views:
            index[view["name"]].append(view)
        self._check_found("server_names", "name", [name for name in names if name not in index])
        return [
            dict(exactly_one(index[name], name, what="server", option="server_ids"))
            for name in names
        ]

    def _by_id(self, ids: Sequence[int], *, missing_is_fine: bool) -> list[dict[str, Any]]:
        for server_id in ids:
            positive("server_ids", server_id)
        found = {
            view["id"]: view
            for view in read_servers_by_id(self._client, ids, self._params["workers"])
        }
        if not missing_is_fine:
            missing = [server_id for server_id in ids if server_id not in found]
            self._check_found("server_ids", "id", missing)
        return [found[server_id] for server_id in ids if server_id in found]

    @staticmethod
    def _check_found(option: str, what: str, missing: Sequence[Any]) -> None:
        """:raises PanelError: ``not_found``, with what the panel has no server for."""
        if missing:
            raise PanelError(
                Code.NOT_FOUND,
                f"the panel has no server with the {what} {', '.join(map(str, missing[:10]))}",
                doing="select the servers",
                hint=f"correct {option}",
            )


def groups_of(views: Sequence[View]) -> dict[ItemId, int]:
    """Return of each hypervisor that servers are on its group."""
    return {
        view["hypervisor_id"]: view["hypervisor_group_id"]
        for view in views
        if view.get("hypervisor_id") and view.get("hypervisor_group_id")
    }


def too_little_room(
    client: VirtFusion, items: Sequence[FleetItem], groups: Mapping[ItemId, int], workers: int
) -> list[str]:
    """Return a warning for each hypervisor that has too little left of something that its servers grow by.

    :param groups: of each hypervisor, see :func:`groups_of`.
    :param workers: requests at a time.
    """
    grows: dict[ItemId, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for item in items:
        for row in item.to_change:
            if row["field"] in _ROOM and item.group is not None:
                grows[item.group][row["field"]] += row["wanted"] - (row["before"] or 0)
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
