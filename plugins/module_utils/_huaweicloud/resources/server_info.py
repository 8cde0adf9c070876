# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads of cloud phone servers: some of them, or those of a region that pass filters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..._core.argspec import ArgumentSpec, check_ranges
from ..._core.runner import Query
from ..._core.select import name_passes
from ..client import PAGE_SIZE, WORKERS, HuaweiCloud, still_there, together
from ..values import only, passes, single, status_of, words_of
from .server import GONE, SERVER, STATES, checked_ids, named_servers


@dataclass(frozen=True)
class FleetQuery:
    """Filters for servers. ``None`` is no filter, but released servers pass only if ``states`` has them.

    :param names: shell patterns, one of which the name must match.
    :param exclude_names: shell patterns, none of which it may match.
    """

    states: Sequence[str] | None = None
    server_model_names: Sequence[str] | None = None
    phone_model_names: Sequence[str] | None = None
    availability_zones: Sequence[str] | None = None
    enterprise_project_ids: Sequence[str] | None = None
    charging_mode: str | None = None
    network_version: str | None = None
    names: Sequence[str] | None = None
    exclude_names: Sequence[str] | None = None

    def asked(self) -> dict[str, Any]:
        """Return the filters of the service, which are few and take one value each (huaweicloud_cph 3.1)."""
        filters = {
            "status": status_of(STATES, self.states),
            "phone_model_name": single(self.phone_model_names),
            "network_version": self.network_version,
        }
        return {name: value for name, value in filters.items() if value is not None}

    def accepts(self, server: Mapping[str, Any]) -> bool:
        """Return whether a server in the list passes the filters."""
        if self.states is None and server["state"] == GONE:
            return False
        if not name_passes(server["name"], self.names, self.exclude_names):
            return False
        allowed = {
            "state": self.states,
            "server_model_name": self.server_model_names,
            "phone_model_name": self.phone_model_names,
            "availability_zone": self.availability_zones,
            "enterprise_project_id": self.enterprise_project_ids,
            "charging_mode": only(self.charging_mode),
            "network_version": only(self.network_version),
        }
        return passes(server, allowed)


def list_fleet(
    client: HuaweiCloud,
    query: FleetQuery,
    *,
    workers: int,
    page_size: int = PAGE_SIZE,
    seen: list[dict[str, Any]] | None = None,
) -> list[dict[str, Any]]:
    """Return the rows of the servers that pass a query, newest first.

    :param workers: requests at a time.
    :param seen: receives the listed servers with all fields, before the filters.
    """
    raw = client.servers(query.asked(), page_size=page_size, workers=workers)
    rows = [SERVER.project(row) for row in raw]
    if seen is not None:
        seen += [{**dict.fromkeys(SERVER), **row} for row in rows]
    return [row for row in rows if query.accepts(row)]


def read_in_full(
    client: HuaweiCloud, rows: Iterable[Mapping[str, Any]], *, workers: int
) -> list[dict[str, Any]]:
    """Return the servers of some rows as the single read shows them.

    A server that ceased to exist since it was listed is left out.
    """
    ids = (str(row["id"]) for row in rows)
    return still_there(lambda server_id: SERVER.project(client.server(server_id)), ids, workers)


#: The options that are filters, with their names in the query.
FILTERS = (
    "states",
    "server_model_names",
    "phone_model_names",
    "availability_zones",
    "enterprise_project_ids",
    "charging_mode",
    "network_version",
)


#: The options of huaweicloud_cph_server_info.
SERVER_INFO_OPTIONS = ArgumentSpec(
    {
        "server_ids": {"type": "list", "elements": "str", "aliases": ["server_id"]},
        "server_names": {"type": "list", "elements": "str", "aliases": ["server_name"]},
        "states": {"type": "list", "elements": "str", "choices": words_of(STATES)},
        "server_model_names": {"type": "list", "elements": "str"},
        "phone_model_names": {"type": "list", "elements": "str"},
        "availability_zones": {"type": "list", "elements": "str"},
        "enterprise_project_ids": {"type": "list", "elements": "str"},
        "charging_mode": {"type": "str", "choices": ["yearly_monthly", "on_demand"]},
        "network_version": {"type": "str", "choices": ["v1", "v2"]},
        "details": {"type": "bool", "default": False},
        "page_size": {"type": "int", "default": 100},
    },
    mutually_exclusive=[("server_ids", "server_names")],
)


class ServerInfo(Query[HuaweiCloud]):
    """Read cloud phone servers."""

    def __init__(self, client: HuaweiCloud, params: Mapping[str, Any]) -> None:
        check_ranges(params, {"page_size": (1, PAGE_SIZE)})
        super().__init__(client, params)
        self._query = FleetQuery(**{name: params[name] for name in FILTERS})

    def read(self) -> dict[str, Any]:
        params, query = self._params, self._query
        if params["server_ids"] is not None:
            return {"servers": self._by_id(params["server_ids"])}
        if params["server_names"] is not None:
            named = named_servers(self._client, params["server_names"], option="server_ids")
            rows = [row for row in named if query.accepts(row)]
        else:
            size = params["page_size"]
            rows = list_fleet(self._client, query, workers=WORKERS, page_size=size)
        if params["details"]:
            rows = read_in_full(self._client, rows, workers=WORKERS)
        return {"servers": rows}

    def _by_id(self, server_ids: Sequence[str]) -> list[dict[str, Any]]:
        """Return the servers with these IDs, including unsubscribed or deleted ones."""
        ids = checked_ids("server_ids", server_ids)
        servers = together(
            lambda server_id: SERVER.project(self._client.server(server_id)), ids, WORKERS
        )
        query = self._query
        if query.states is None:
            query = replace(query, states=words_of(STATES))
        return [server for server in servers if query.accepts(server)]
