# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resource packs of users (virtfusion 5.3).

Two IDs are easily confused: `packId` in the body of the creation is the resource limit profile. The answer holds the
ID of the user's new pack, which all other calls use.
"""

from __future__ import annotations

from typing import Any

from ..exchange import Reply
from . import refusals
from .call import Call, data, new_routes, nothing
from .lifecycle import LONGEST_DELAY_MIN, schedule_delete, suspend, unsuspend
from .records import Pack, Server
from .seed import PACK_LIMITS

routes = new_routes()

DEFAULT_DELAY_MIN = 30


@routes.add("POST", "/selfService/resourcePack/byUserExtRelationId/{extRelationId}")
def add_pack(call: Call) -> Reply:
    """Create a new pack for the user with every call. `enabled` is required and defaults to true (sic)."""
    user = call.user()
    profile = call.integer("packId", low=1)
    enabled = call.boolean("enabled", default=True)
    call.check()
    if profile not in PACK_LIMITS:
        raise refusals.errors(422, "Invalid resource pack")
    number = call.state.next_id("pack")
    call.state.packs[number] = {
        "id": number,
        "pid": profile,
        "userId": user["id"],
        "name": f"Pack {profile}",
        "enabled": enabled,
        "limits": dict(PACK_LIMITS[profile]),
    }
    return data({"id": number}, 201)


@routes.add("GET", "/selfService/resourcePack/{packId}")
def read_pack(call: Call) -> Reply:
    """Return one pack. `enabled` is not shown (DOCUMENTED); the shape of the servers is INFERRED."""
    pack = _pack(call)
    servers = _servers(call, pack)
    view = _view(pack, servers)
    if call.flag("withServers"):
        view["servers"] = [
            {key: server[key] for key in ("id", "uuid", "name", "suspended")} for server in servers
        ]
    return data(view)


@routes.add("PUT", "/selfService/resourcePack/{packId}")
def modify_pack(call: Call) -> Reply:
    """Enable or disable a pack."""
    pack = _pack(call)
    enabled = call.boolean("enabled", required=True)
    call.check()
    pack["enabled"] = enabled
    return nothing(204)


@routes.add("DELETE", "/selfService/resourcePack/{packId}")
def delete_pack(call: Call) -> Reply:
    """Delete a pack; one with servers is disabled instead if the request says so (DOCUMENTED)."""
    pack = _pack(call)
    if not _servers(call, pack):
        del call.state.packs[pack["id"]]
    elif call.flag("disable"):
        pack["enabled"] = False
    else:
        raise refusals.errors(409, "resource pack has servers")
    return nothing(204)


@routes.add("DELETE", "/selfService/resourcePackServers/{packId}")
def delete_pack_servers(call: Call) -> Reply:
    """Delete all servers of a pack, after a delay."""
    servers = _servers(call, _pack(call))
    delay = call.query_number("delay", DEFAULT_DELAY_MIN, 0, LONGEST_DELAY_MIN)
    for server in servers:
        schedule_delete(call.state, call.jobs, server, delay)
    return nothing(204)


@routes.add("POST", "/selfService/resourcePackServers/{packId}/suspend")
def suspend_pack_servers(call: Call) -> Reply:
    """Suspend all servers of a pack."""
    for server in _servers(call, _pack(call)):
        suspend(call, server)
    return nothing(204)


@routes.add("POST", "/selfService/resourcePackServers/{packId}/unsuspend")
def unsuspend_pack_servers(call: Call) -> Reply:
    """Unsuspend all servers of a pack."""
    for server in _servers(call, _pack(call)):
        unsuspend(call, server)
    return nothing(204)


def _pack(call: Call) -> Pack:
    found: Pack = call.record(call.state.packs, "packId", "resource pack")
    return found


def _servers(call: Call, pack: Pack) -> list[Server]:
    owned = call.state.owned_by(pack["userId"])
    return [server for server in owned if server["packId"] == pack["id"]]


def _view(pack: Pack, servers: list[Server]) -> dict[str, Any]:
    used = {
        "servers": len(servers),
        "memory": sum(server["resources"]["memory"] for server in servers),
        "storage": sum(server["resources"]["storage"] for server in servers),
        "cpu": sum(server["resources"]["cpuCores"] for server in servers),
        "traffic": sum(server["resources"]["traffic"] or 0 for server in servers),
    }
    return {
        "type": "pack",
        "id": pack["id"],
        "pid": pack["pid"],
        "label": None,
        "name": pack["name"],
        "limits": pack["limits"],
        "used": used,
        "usage": {
            name: _usage(pack["limits"][f"total_{name}"], amount) for name, amount in used.items()
        },
    }


def _usage(total: int, used: int) -> dict[str, Any]:
    """Return total, used, free, percent and limited (the meaning of the letters is INFERRED)."""
    percent = round(100 * used / total) if total else 0
    return {"t": total, "u": used, "f": total - used, "p": percent, "l": total > 0}
