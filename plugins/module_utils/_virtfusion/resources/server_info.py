# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Further details of a VirtFusion server, each read by its own request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec, positive
from ..._core.errors import invalid, unreadable
from ..._core.fields import Field, Schema, identifier, integer, rows_of, text
from ..._core.runner import Query
from ..._core.select import exactly_one
from ..._core.threads import each
from ..client import PAGE_SIZE, Raw, VirtFusion
from .server_parts import FIREWALL, read_backups, read_firewall
from .server_view import ROW, SERVER, WORKERS
from .template import server_templates
from .traffic_block import read_traffic_blocks

#: The panel shows only the sizes of the traffic blocks of a month here.
_BLOCK = Schema(
    Field("id", "id", identifier, required=True), Field("traffic", "traffic", integer, "GB")
)


#: Counters are in bytes and the limit is in GB; the size of the panel's GB is unknown (virtfusion 1.4).
TRAFFIC_MONTH = Schema(
    Field("month", "month", integer, required=True),
    Field("start", "start", text),
    Field("end", "end", text),
    Field("received", "rx", integer, "bytes"),
    Field("sent", "tx", integer, "bytes"),
    Field("total", "total", integer, "bytes"),
    Field("limit", "limit", integer, "GB"),
    Field("blocks", "blocks", rows_of("month_blocks", _BLOCK)),
)


#: In the panel's order: the current month comes first (virtfusion 5.5).
_MONTHS = Field("traffic", "monthly", rows_of("months_of", TRAFFIC_MONTH), required=True)


def read_traffic(client: VirtFusion, server_id: int) -> list[dict[str, Any]]:
    """Return the traffic of a server by month, the current one first."""
    raw = client.one("get_server_traffic", path={"server_id": server_id})
    return list(_MONTHS.read(raw))


def read_firewalls(client: VirtFusion, server_id: int) -> dict[str, dict[str, Any] | None]:
    """Return the firewalls of both interfaces; null for an interface that the server does not have."""
    primary = FIREWALL.project(read_firewall(client, server_id, "primary"))
    path = {"server_id": server_id, "interface": "secondary"}
    secondary = client.find("get_firewall", path=path)
    return {
        "primary": primary,
        "secondary": None if secondary is None else FIREWALL.project(secondary),
    }


#: The details that can be requested, and their reads.
MORE: Mapping[str, Callable[[VirtFusion, int], Any]] = {
    "traffic": read_traffic,
    "traffic_blocks": read_traffic_blocks,
    "firewall": read_firewalls,
    "backups": read_backups,
    "templates": server_templates,
}


#: Options that name servers of a list, and the field that each one names.
_NAMES: Mapping[str, str] = {"server_names": "name", "server_uuids": "uuid"}


class ServerInfo(Query[VirtFusion]):
    """Some servers, or all of them."""

    def read(self) -> dict[str, Any]:
        params = self._params
        if not 1 <= params["page_size"] <= PAGE_SIZE:
            raise invalid(f"page_size must be from 1 to {PAGE_SIZE}, not {params['page_size']}")
        for option in ("server_ids", "hypervisor_ids", "owner_ids"):
            for item in params[option] or ():
                positive(option, item)
        if params["server_ids"] is not None:
            views = each(self._one, params["server_ids"], WORKERS)
            return {"servers": list(filter(self._wanted, views))}
        rows = list(filter(self._wanted, self._named(list(map(ROW.project, self._rows())))))
        if params["details"] or params["live_state"]:
            rows = each(lambda row: self._one(row["id"]), rows, WORKERS)
        return {"servers": rows}

    def _named(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the rows that the options name, in their order, or all rows."""
        for option, by in _NAMES.items():
            if self._params[option] is not None:
                return [
                    dict(exactly_one(rows, desired, what="server", option="server_ids", by=by))
                    for desired in self._params[option]
                ]
        return rows

    def _rows(self) -> list[Raw]:
        user_id = self._params["user_id"]
        if user_id is not None:
            return self._client.user_servers(positive("user_id", user_id))
        # A named server that a filter leaves out exists nevertheless, so it must be in the list.
        named = any(self._params[option] is not None for option in _NAMES)
        hypervisors = () if named else self._params["hypervisor_ids"] or ()
        return self._client.servers(hypervisors, page_size=self._params["page_size"])

    def _one(self, server_id: int) -> dict[str, Any]:
        live = self._params["live_state"]
        view = SERVER.project(self._client.server(server_id, live=live))
        if live:
            view.setdefault("running", None)  # the hypervisor did not respond (virtfusion 3.4)
        return view

    def _wanted(self, view: Mapping[str, Any]) -> bool:
        """Apply the filters that the panel does not offer."""
        suspended = self._params["suspended"]
        filters = {
            "owner_id": self._params["owner_ids"],
            "hypervisor_id": self._params["hypervisor_ids"],
            "suspended": None if suspended is None else [suspended],
        }
        for field, allowed in filters.items():
            if allowed is not None and field not in view:
                raise unreadable(f"the panel does not show the {field} of server {view['id']}")
            if allowed is not None and view[field] not in allowed:
                return False
        return True


#: The options of virtfusion_server_info.
SERVERS_WITH_MORE_OPTIONS = ArgumentSpec(
    {
        "server_ids": {"type": "list", "elements": "int", "aliases": ["server_id"]},
        "server_names": {"type": "list", "elements": "str", "aliases": ["server_name"]},
        "server_uuids": {"type": "list", "elements": "str", "aliases": ["server_uuid"]},
        "user_id": {"type": "int"},
        "hypervisor_ids": {"type": "list", "elements": "int"},
        "owner_ids": {"type": "list", "elements": "int"},
        "suspended": {"type": "bool"},
        "details": {"type": "bool", "default": False},
        "live_state": {"type": "bool", "default": False},
        "include": {"type": "list", "elements": "str", "choices": list(MORE), "default": []},
        "page_size": {"type": "int", "default": 200},
    },
    mutually_exclusive=[("server_ids", "server_names", "server_uuids"), ("server_ids", "user_id")],
)


class ServersWithMore(ServerInfo):
    """Some servers, or all of them, each with the requested details."""

    def read(self) -> dict[str, Any]:
        servers = super().read()["servers"]
        names = list(dict.fromkeys(self._params["include"]))
        asked = [(view["id"], name) for view in servers for name in names]
        reported = each(lambda item: MORE[item[1]](self._client, item[0]), asked, WORKERS)
        more = dict(zip(asked, reported, strict=True))
        return {
            "servers": [
                {**view, **{name: more[view["id"], name] for name in names}} for view in servers
            ]
        }
