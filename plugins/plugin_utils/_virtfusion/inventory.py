# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All servers of a VirtFusion panel, in full, with as few requests as the panel allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...module_utils._core.errors import Code, PanelError
from ...module_utils._core.fields import Field, Schema, text
from ...module_utils._core.paging import OddRow, read_row, whole
from ...module_utils._core.select import name_passes
from ...module_utils._core.threads import each
from ...module_utils._virtfusion.client import Raw, VirtFusion
from ...module_utils._virtfusion.resources.package import PACKAGE, PACKAGE_ASPECTS, SERVER_ASPECTS
from ...module_utils._virtfusion.resources.server_view import ROW, SERVER

#: A server with the names of its hypervisor and hypervisor group, for groups.
FLEET_SERVER = Schema(
    *SERVER.values(),
    Field("hypervisor_name", "hypervisor.name", text),
    Field("hypervisor_group_name", "hypervisor.group.name", text),
)

#: The aspects in which a server is compared with a package.
COMPARED = {name: field for name, field in SERVER_ASPECTS.items() if name in PACKAGE_ASPECTS}


#: A page of 200 servers takes 5 MB while it is read. More pages at a time are not faster.
_PAGES_AT_A_TIME = 6


@dataclass(frozen=True)
class FleetQuery:
    """Filters for servers. ``None`` is no filter.

    :param names: shell patterns, one of which the name must match.
    :param exclude_names: shell patterns, none of which it may match.
    """

    hypervisor_ids: Sequence[int] | None = None
    hypervisor_group_ids: Sequence[int] | None = None
    owner_ids: Sequence[int] | None = None
    states: Sequence[str] | None = None
    suspended: bool | None = None
    names: Sequence[str] | None = None
    exclude_names: Sequence[str] | None = None

    def accepts(self, view: Mapping[str, Any], *, whole: bool) -> bool:
        """Return whether a server passes the filters.

        :param whole: whether the view has all values of the server. A row of the list may lack the value
            of a filter. The server then passes, to be read and filtered again.
        """
        for allowed, field in (
            (self.hypervisor_ids, "hypervisor_id"),
            (self.hypervisor_group_ids, "hypervisor_group_id"),
            (self.owner_ids, "owner_id"),
            (self.states, "state"),
            (None if self.suspended is None else (self.suspended,), "suspended"),
        ):
            if allowed is None or (field not in view and not whole):
                continue
            if view.get(field) not in allowed:
                return False
        return name_passes(view["name"], self.names, self.exclude_names)


def read_servers(
    client: VirtFusion,
    query: FleetQuery,
    workers: int,
    keep: Callable[[Mapping[str, Any]], bool] | None = None,
    seen: list[dict[str, Any]] | None = None,
    odd_rows: bool = False,
) -> list[dict[str, Any]]:
    """Return the servers that pass a query, in full, by ID.

    The content of the rows of the full list is not documented (virtfusion 4). If they are whole
    objects, 200 servers cost one request; if not, each server that may pass costs one more.

    :param workers: requests at a time.
    :param keep: a further condition, on the ID and the name.
    :param seen: receives each listed server, before the filters. Only short rows lack fields.
    :param odd_rows: whether a server that cannot be read is returned as an :class:`OddRow`.
    :raises PanelError: a server cannot be read, and ``odd_rows`` is not set.
    """
    asked: dict[str, Any] = {"type": "full"}
    if query.hypervisor_ids:
        asked["hypervisorId[]"] = list(query.hypervisor_ids)
    rows = client.pages(
        "list_servers",
        "servers",
        asked,
        workers=min(workers, _PAGES_AT_A_TIME),
        shape=_Row,
        identify=lambda row: int(row.view["id"]),
    )
    desired = [
        row
        for row in rows
        if query.accepts(row.view, whole=row.filterable) and (keep is None or keep(row.view))
    ]
    found = [row.view for row in desired if row.whole]
    short = [row.view for row in desired if not row.whole]
    read = _read_each(client, short, workers)
    found += [view for view in read if query.accepts(view, whole=not isinstance(view, OddRow))]
    if not odd_rows:
        found = list(map(whole, found))
    if seen is not None:
        absent = dict.fromkeys(FLEET_SERVER)
        seen += [row.view for row in rows if not row.whole]
        seen += [{**absent, **view} for view in (*(row.view for row in rows if row.whole), *read)]
    return sorted(found, key=lambda view: int(view["id"]))


def list_servers(client: VirtFusion, workers: int) -> list[dict[str, Any]]:
    """Return all servers as the list shows them.

    If its rows are not whole servers, they lack the values that only the read of a server shows.

    :param workers: requests at a time.
    """
    seen: list[dict[str, Any]] = []
    read_servers(client, FleetQuery(), workers, keep=lambda _row: False, seen=seen)
    return seen


def read_servers_by_id(
    client: VirtFusion, ids: Sequence[int], workers: int
) -> list[dict[str, Any]]:
    """Return the servers with these IDs, in full. A server that does not exist is left out.

    A server that cannot be read is an :class:`OddRow`.

    A few are read one by one, at the same time. Many are read by the list, a page of which costs as
    much as one server.
    """
    if len(ids) <= workers:
        return _read_each(client, [{"id": server_id} for server_id in ids], workers)
    desired = set(ids)
    return read_servers(
        client, FleetQuery(), workers, lambda row: row["id"] in desired, odd_rows=True
    )


def read_fleet(
    client: VirtFusion,
    query: FleetQuery,
    workers: int,
    seen: list[dict[str, Any]] | None = None,
) -> list[dict[str, Any]]:
    """Return the servers that pass a query, in full, by ID, each with the packages that it fits.

    :param workers: requests at a time.
    :param seen: receives each listed server, before the filters. Only short rows lack fields.
    """
    servers = read_servers(client, query, workers, seen=seen)
    packages = [PACKAGE.project(row) for row in client.packages()]
    return [{**view, **_packages(view, packages)} for view in servers]


def _packages(
    server: Mapping[str, Any], packages: Sequence[Mapping[str, Any]]
) -> dict[str, list[Any]]:
    """Return the names and the IDs of the packages that a server fits, in the same order."""
    fitting = [package for package in packages if fits(server, package)]
    return {
        "packages": [package["name"] for package in fitting],
        "package_ids": [package["id"] for package in fitting],
    }


def fits(server: Mapping[str, Any], package: Mapping[str, Any]) -> bool:
    """Return whether a server has the resources of a package, with at least its disk (virtfusion 2.5)."""
    for name, field in COMPARED.items():
        value, given = server.get(name), package.get(name)
        if not (value is None if given is None else field.satisfied(value, given)):
            return False
    return True


def _read_each(
    client: VirtFusion, rows: Sequence[Mapping[str, Any]], workers: int
) -> list[dict[str, Any]]:
    """Read servers one by one. A server that does not exist is left out.

    :param rows: their known values, with their IDs.
    """
    read = each(lambda row: _details(client, row), rows, workers)
    return [view for view in read if view is not None]


def _details(client: VirtFusion, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return one server in full, or ``None`` if it was deleted since it was listed."""
    try:
        return read_row(FLEET_SERVER, client.server(row["id"]), "server", "name")
    except PanelError as error:
        if error.absent:
            return None
        if error.code in _OF_THE_SERVER:
            return OddRow(row, error)
        raise


#: Failures of a read that do not affect the reads of other servers.
_OF_THE_SERVER = (Code.PROTOCOL, Code.REFUSED, Code.LOCKED, Code.CONFLICT, Code.FORBIDDEN)


class _Row:
    """A row of the list.

    :ivar whole: whether the row is the whole server.
    :ivar view: its projection.
    :ivar filterable: whether the view has the value of every filter.
    """

    def __init__(self, raw: Raw) -> None:
        self.whole = all(key in raw for key in ("settings", "network", "storage", "hypervisor"))
        self.view = read_row(FLEET_SERVER if self.whole else ROW, raw, "server", "name")
        self.filterable = self.whole and not isinstance(self.view, OddRow)
