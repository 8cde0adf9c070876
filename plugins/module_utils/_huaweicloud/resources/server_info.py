# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads of cloud phone servers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..._core.argspec import ArgumentSpec, check_ranges
from ..._core.runner import Query
from ..client import PAGE_SIZE, HuaweiCloud
from ..filters import words_of
from ..together import WORKERS, together
from .server import SERVER, STATES, checked_id, named_servers
from .server_list import FleetQuery, list_fleet, read_in_full

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
            rows = [row for row in named if query.wants(row)]
        else:
            size = params["page_size"]
            rows = list_fleet(self._client, query, workers=WORKERS, page_size=size)
        if params["details"]:
            rows = read_in_full(self._client, rows, workers=WORKERS)
        return {"servers": rows}

    def _by_id(self, server_ids: Sequence[str]) -> list[dict[str, Any]]:
        """Return the servers with these IDs, including unsubscribed or deleted ones."""
        ids = [checked_id("server_ids", server_id) for server_id in server_ids]
        servers = together(
            lambda server_id: SERVER.project(self._client.server(server_id)), ids, WORKERS
        )
        query = self._query
        if query.states is None:
            query = replace(query, states=words_of(STATES))
        return [server for server in servers if query.wants(server)]
