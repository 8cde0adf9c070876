# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cloud phone servers: list, detail, rename (huaweicloud_cph 3.1)."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from ..exchange import Reply
from .call import GONE, Call, new_routes
from .flavor_change import count_read
from .records import Server
from .refusals import CpsError

routes = new_routes()

CPH = "/v1/{project_id}/cloud-phone"
LONGEST_NAME = 60
SUMMARY_FIELDS = (
    "server_name",
    "availability_zone",
    "server_id",
    "server_model_name",
    "phone_model_name",
    "keypair_name",
    "status",
    "vpc_id",
    "cidr",
    "vpc_cidr",
    "subnet_id",
    "subnet_cidr",
    "addresses",
    "resource_project_id",
    "metadata",
    "network_version",
    "enterprise_project_id",
    "create_time",
    "update_time",
)
DETAIL_FIELDS = (
    *SUMMARY_FIELDS,
    "band_widths",
    "volumes",
    "share_volume_info",
    "security_groups",
)
EXACT_FILTERS = ("server_id", "network_version", "phone_model_name")
MILLISECONDS_FROM = 10**11
"""The unit of create_since is not documented (huaweicloud_cph 3.1b). A number this big can only be milliseconds."""


@routes.add("GET", f"{CPH}/servers")
def list_servers(call: Call) -> Reply:
    """Return the servers that pass all filters, newest first. There is no filter on the server flavor."""
    shown = _filtered(call)
    page = [_summary(call, server) for server in call.offset_page(shown)]
    if call.switches.is_set("list_count", "absent"):
        return Reply(200, {"servers": page})
    return Reply(200, {"count": len(shown), "servers": page})


@routes.add("GET", f"{CPH}/servers/{{server_id}}")
def show_server(call: Call) -> Reply:
    """Return one server, flat beside the request id."""
    server = call.server()
    count_read(call.state, server["server_id"])
    record: dict[str, Any] = {field: server[field] for field in DETAIL_FIELDS}  # type: ignore[literal-required]
    return Reply(200, {**record, "status": _status(call, server)})


@routes.add("PUT", f"{CPH}/servers/{{server_id}}")
def rename_server(call: Call) -> Reply:
    """Rename the server."""
    server, name = call.server(), call.body.get("server_name")
    call.refuse_if_restricted()
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME:
        raise CpsError("CPS.0002", "The server_name is invalid.")
    server["server_name"] = name
    server["update_time"] = call.state.now()
    return Reply(200, {})


def _filtered(call: Call) -> list[Server]:
    """Return the project's servers that pass the filters of the query, newest first.

    The filter on the name matches any part of it. Only the given filters are evaluated, because fleets are big.
    """
    rows, query = call.servers(), call.query
    if not call.switches.is_set("gone_servers", "shown"):
        rows = [row for row in rows if row["status"] != GONE]
    if name := query.get("server_name", "").lower():
        rows = [row for row in rows if name in row["server_name"].lower()]
    for field in EXACT_FILTERS:
        if wanted := query.get(field):
            rows = [row for row in rows if row[field] == wanted]  # type: ignore[literal-required]
    if query.get("create_since"):
        since = _moment(query["create_since"])
        rows = [row for row in rows if row["create_time"] >= since]
    if query.get("create_until"):
        until = _moment(query["create_until"])
        rows = [row for row in rows if row["create_time"] <= until]
    status = call.optional_number("status")
    return rows if status is None else [row for row in rows if _status(call, row) == status]


def _moment(text: str) -> str:
    """Return an integer timestamp of the query, as the records write times."""
    try:
        number = int(text)
        seconds = number / 1000 if abs(number) >= MILLISECONDS_FROM else number
        return f"{datetime.fromtimestamp(seconds, timezone.utc):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError, OSError):
        raise CpsError("CPS.0002") from None


def _summary(call: Call, server: Server) -> dict[str, Any]:
    """Return a row of the list. Servers of a v2 network have no addresses there (huaweicloud_cph 3.1)."""
    row: dict[str, Any] = {field: server[field] for field in SUMMARY_FIELDS}  # type: ignore[literal-required]
    row["status"] = _status(call, server)
    if server["network_version"] == "v2":
        row["addresses"] = []
    return row


def _status(call: Call, server: Server) -> int:
    """Return the server's status. During a flavor change a switch decides."""
    if not call.state.running_changes(server["server_id"]):
        return server["status"]
    return int(call.switches.word("flavor_change_server_status"))
