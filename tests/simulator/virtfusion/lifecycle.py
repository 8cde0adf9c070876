# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build, delete and suspend servers (virtfusion 1.7, 3.5, 3.6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..exchange import Reply
from . import refusals
from .call import BUSY_ALWAYS, Call, data, new_routes, nothing
from .jobs import Jobs, set_suspended
from .media import TEMPLATES
from .records import Server
from .server_views import full_view
from .state import State

routes = new_routes()

DEFAULT_DELETE_DELAY_MIN = 5
"""OBSERVED in two clients' texts (virtfusion 3.5)."""

LONGEST_DELAY_MIN = 43800
SWAPS = (256, 512, 768, 1, 1.5, 2, 3, 4, 5, 6, 8)
"""MB and GB in one field (DOCUMENTED, virtfusion 1.4)."""


@routes.add("POST", "/servers/{serverId}/build")
def build_server(call: Call) -> Reply:
    """Install an operating system. A built server is wiped (OBSERVED).

    The answer has no queue ID. It is the only one that shows the password in clear (DOCUMENTED).
    """
    server = call.server()
    template = call.integer("operatingSystemId")
    hostname = call.text("hostname", required=False, longest=255)
    name = call.text("name", required=False, longest=63)
    keys = [key for key in call.items("sshKeys", int, required=False) if key in call.state.ssh_keys]
    ipv6 = call.boolean("ipv6")
    for flag in ("vnc", "email"):
        call.boolean(flag)
    swap = call.body.get("swap")
    call.check()
    call.refuse_if_busy(server)
    if template not in TEMPLATES:
        raise refusals.errors(422, "Invalid operating system")
    if swap is not None and swap not in SWAPS:
        raise refusals.errors(422, "Invalid swap")
    server.update(
        {"commissionStatus": 1, "state": "queued", "osTemplateId": template, "sshKeys": keys}
    )
    server["passwordSerial"] += 1
    # OBSERVED: a hostname must look like a domain name. That others are dropped is INFERRED (virtfusion 1.7).
    server["hostname"] = hostname if "." in hostname else server["hostname"]
    server["name"] = name or server["name"]
    call.touch(server)
    call.jobs.start("build_server", server, call.fault, {"ipv6": ipv6})
    view = full_view(call.state, server, call.jobs.recorded(server))
    view["settings"]["decryptedPassword"] = call.state.password(20)
    return data(view)


@routes.add("DELETE", "/servers/{serverId}")
def delete_server(call: Call) -> Reply:
    """Delete now or after some minutes. Until then the server can be read (INFERRED)."""
    server = call.server()
    delay = call.query_number("delay", DEFAULT_DELETE_DELAY_MIN, 0, LONGEST_DELAY_MIN)
    if server["doNotDisturb"]:
        raise refusals.message(423, "do not disturb mode is active")
    if server["deleteAt"] and call.switches.is_set("repeated_delete", "refuse"):
        raise refusals.message(409, "delete action is currently scheduled")
    schedule_delete(call.state, call.jobs, server, delay)
    return nothing(204)


@routes.add("POST", "/servers/{serverId}/suspend")
def suspend_server(call: Call) -> Reply:
    """Suspend a server. A switch decides whether a running machine stops."""
    server = call.server()
    call.refuse_if_busy(server, BUSY_ALWAYS)
    if server["suspended"] and call.switches.is_set("repeated_suspend", "refuse"):
        raise refusals.message(409, "server is already suspended")
    suspend(call, server)
    return nothing(204)


@routes.add("POST", "/servers/{serverId}/unsuspend")
def unsuspend_server(call: Call) -> Reply:
    """Unsuspend a server. That a stopped machine stays off is INFERRED."""
    server = call.server()
    job = call.jobs.active(server["id"])
    if job and job["action"] == "suspend_server":
        call.jobs.poll(server["id"])
        raise refusals.message(409, "suspend action is currently scheduled or failed")
    call.refuse_if_busy(server, BUSY_ALWAYS)
    if not server["suspended"] and call.switches.is_set("repeated_unsuspend", "refuse"):
        # OBSERVED status; the text is INFERRED (virtfusion 3.6).
        raise refusals.message(409, "server is not suspended")
    unsuspend(call, server)
    return nothing(204)


def suspend(call: Call, server: Server) -> None:
    """Suspend at once or through the queue, according to the switch."""
    if call.switches.is_set("suspend", "queued"):
        call.jobs.start("suspend_server", server, call.fault)
    else:
        set_suspended(server, call.switches)
    call.touch(server)


def unsuspend(call: Call, server: Server) -> None:
    """Unsuspend a server."""
    server["suspended"] = False
    call.touch(server)


def schedule_delete(state: State, jobs: Jobs, server: Server, delay_min: int) -> None:
    """Delete a server after some virtual minutes."""
    due = state.clock.now + timedelta(minutes=delay_min)
    server["deleteAt"] = due.replace(microsecond=0).isoformat()
    state.deletions.add(server["id"])
    delete_due(state, jobs)


def delete_due(state: State, jobs: Jobs) -> None:
    """Remove the servers whose deletion is due."""
    for number in list(state.deletions):
        due = state.servers[number]["deleteAt"]
        if due is None:
            state.deletions.remove(number)
        elif datetime.fromisoformat(due) <= state.clock.now:
            state.deletions.remove(number)
            del state.servers[number]
            jobs.drop(number)
            state.forget_derived()
