# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The console (virtfusion 1.8). `enabled` follows a session and stays false, so it proves nothing."""

from __future__ import annotations

from typing import Any

from ..exchange import Reply
from .call import BUSY_POWER, Call, data, new_routes
from .records import Server

routes = new_routes()


@routes.add("POST", "/servers/{serverId}/vnc")
def switch_vnc(call: Call) -> Reply:
    """Enable or disable the console. Every call creates new credentials (OBSERVED).

    The body key of another version is ignored silently (OBSERVED).
    """
    server = call.server()
    call.refuse_if_busy(server, BUSY_POWER)
    if call.switches.is_set("vnc_key", "action"):
        call.choice("action", ("enable", "disable"), required=False)
    else:
        call.boolean("vnc")
    call.check()
    server["vnc"].update({"password": call.state.password(8), "token": call.state.uuid()})
    return data({"vnc": _view(call, server), "queueId": None})


@routes.add("GET", "/servers/{serverId}/vnc")
def read_vnc(call: Call) -> Reply:
    """Return the console's address and credentials. `wss.url` is relative."""
    return data({"vnc": _view(call, call.server())})


def _view(call: Call, server: Server) -> dict[str, Any]:
    door = server["vnc"]
    return {
        "ip": call.state.hypervisors[server["hypervisorId"]]["ip"],
        "hostname": None,
        "port": door["port"],
        "password": door["password"],
        "wss": {"token": door["token"], "url": f"/vnc/?token={door['token']}"},
        "enabled": False,
    }
