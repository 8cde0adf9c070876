# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads of servers."""

from __future__ import annotations

from ..exchange import Reply
from .call import Call, data, new_routes
from .paging import paginated
from .records import Server
from .server_views import full_view, remote_state, simple_row, user_row

routes = new_routes()


@routes.add("GET", "/servers")
def list_servers(call: Call) -> Reply:
    """Return all servers by id (order INFERRED), optionally of some hypervisors.

    What `type=full` shows is not documented; the single read without remoteState is INFERRED (virtfusion 4).
    """
    wanted = {
        value for name, value in call.request.query if name in ("hypervisorId", "hypervisorId[]")
    }
    servers = list(call.state.servers.values())
    if wanted:
        servers = [server for server in servers if str(server["hypervisorId"]) in wanted]
    if call.query.get("type") == "full":
        return paginated(call, "/servers", servers, lambda server: _full(call, server))
    return paginated(
        call, "/servers", servers, lambda server: simple_row(server, call.jobs.progress(server))
    )


@routes.add("GET", "/servers/{serverId}")
def read_server(call: Call) -> Reply:
    """Return one server. A read is also a poll: the active job advances, and slow changes appear."""
    server = call.server()
    call.jobs.poll(server["id"])
    _appear(call, server)
    remote = False
    if call.flag("remoteState"):
        with_running = call.switches.is_set("remote_running", "shown")
        remote = remote_state(call.state, server, with_running)
    view = {**_full(call, server), "remoteState": remote}
    if server["built"] and server["hiddenReads"] > 0:
        server["hiddenReads"] -= 1
    return data(view)


@routes.add("GET", "/servers/user/{userId}")
def list_user_servers(call: Call) -> Reply:
    """Return the servers of a user, not paged and in their own shape."""
    user = call.record(call.state.users, "userId", "user")
    servers = call.state.owned_by(user["id"])
    for server in servers:
        call.jobs.poll(server["id"])
        _appear(call, server)
    return data([user_row(call.state, server, call.jobs.progress(server)) for server in servers])


def _full(call: Call, server: Server) -> dict[str, object]:
    return full_view(call.state, server, call.jobs.progress(server))


def _appear(call: Call, server: Server) -> None:
    """Apply the changes that a fault delays by some reads."""
    waiting = server["deferred"]
    if not waiting:
        return
    for change in waiting:
        change["reads"] -= 1
        if change["reads"] < 0:
            server["resources"][change["resource"]] = change["value"]  # type: ignore[literal-required]
    server["deferred"] = [change for change in waiting if change["reads"] >= 0]
    call.state.resources_changed(server)
