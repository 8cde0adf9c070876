# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What else a panel tells about a VirtFusion server, each by a request of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec
from ..._core.errors import PanelError
from ..._core.fields import Field, Schema, integer, text
from ..._core.threads import each
from ..client import VirtFusion
from .backup import read_backups
from .firewall import FIREWALL, read_firewall
from .server import WORKERS, ServerInfo
from .template import server_templates
from .traffic_block import read_traffic_blocks

_BLOCK = Schema(
    Field("id", "id", integer, required=True), Field("traffic", "traffic", integer, "GB")
)


def month_blocks(value: Any) -> list[dict[str, Any]]:
    """The traffic blocks of a month: here the panel shows only how much they are."""
    return [_BLOCK.project(row) for row in value or ()]


#: Counters are in bytes and the limit is in GB; of which size the panel's GB are, nobody knows (virtfusion 1.4).
TRAFFIC_MONTH = Schema(
    Field("month", "month", integer, required=True),
    Field("start", "start", text),
    Field("end", "end", text),
    Field("received", "rx", integer, "bytes"),
    Field("sent", "tx", integer, "bytes"),
    Field("total", "total", integer, "bytes"),
    Field("limit", "limit", integer, "GB"),
    Field("blocks", "blocks", month_blocks),
)


def months_of(value: Any) -> list[dict[str, Any]]:
    """The months, in the panel's order: the current one comes first (virtfusion 5.5)."""
    return [TRAFFIC_MONTH.project(row) for row in value or ()]


_MONTHS = Field("traffic", "monthly", months_of, required=True)


def read_traffic(client: VirtFusion, server_id: int) -> list[dict[str, Any]]:
    """Return the traffic of a server by month, the current one first."""
    months: list[dict[str, Any]] = _MONTHS.read(
        client.one("get_server_traffic", path={"server_id": server_id})
    )
    return months


def read_firewalls(client: VirtFusion, server_id: int) -> dict[str, dict[str, Any] | None]:
    """Return the firewalls of both interfaces; null for an interface that the server does not have."""
    return {
        interface: _firewall(client, server_id, interface) for interface in ("primary", "secondary")
    }


def _firewall(client: VirtFusion, server_id: int, interface: str) -> dict[str, Any] | None:
    try:
        return FIREWALL.project(read_firewall(client, server_id, interface))
    except PanelError as error:
        if error.absent and interface == "secondary":
            return None
        raise


#: What can be asked for, and how it is read.
MORE: Mapping[str, Callable[[VirtFusion, int], Any]] = {
    "traffic": read_traffic,
    "traffic_blocks": read_traffic_blocks,
    "firewall": read_firewalls,
    "backups": read_backups,
    "templates": server_templates,
}


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
    """Some servers, or all of them, each with what else was asked for."""

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
