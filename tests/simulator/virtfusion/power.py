# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Power actions and the server password: the calls whose answer has a queue ID (virtfusion 3.1, 3.7)."""

from __future__ import annotations

from typing import Any

from ..exchange import Reply
from . import refusals
from .call import BUSY_POWER, Call, data, new_routes

routes = new_routes()

ADMINISTRATORS = ("root", "Administrator")


@routes.add("POST", "/servers/{serverId}/power/boot")
def boot(call: Call) -> Reply:
    """Boot the machine."""
    return _power(call, "boot_server", needless_when_powered=True)


@routes.add("POST", "/servers/{serverId}/power/shutdown")
def shutdown(call: Call) -> Reply:
    """Shut the machine down gracefully."""
    return _power(call, "shutdown_server", needless_when_powered=False)


@routes.add("POST", "/servers/{serverId}/power/restart")
def restart(call: Call) -> Reply:
    """Restart the machine. Pending changes of size are applied."""
    return _power(call, "restart_server", needless_when_powered=None)


@routes.add("POST", "/servers/{serverId}/power/poweroff")
def poweroff(call: Call) -> Reply:
    """Power the machine off."""
    return _power(call, "poweroff_server", needless_when_powered=False)


@routes.add("POST", "/servers/{serverId}/resetPassword")
def reset_password(call: Call) -> Reply:
    """Set a new password for the machine's administrator. The answer shows it before it is set.

    If the guest agent is silent, the answer shows a password too, and the hypervisor's result inside it says that the
    password was not set (OBSERVED). That the job succeeds nevertheless is INFERRED.
    """
    server = call.server()
    call.choice("user", ADMINISTRATORS)
    call.boolean("sendMail", default=True)
    call.check()
    call.refuse_if_busy(server)
    is_set = server["guestAgent"] and not call.fails_inside()
    if is_set:
        server["passwordSerial"] += 1
    job = call.jobs.start("reset_password", server, call.fault)
    answer = {"queueId": job["id"], "expectedPassword": call.state.password(20)}
    if is_set and call.switches.is_set("password_result", "failure"):
        return data(answer)
    return _with_result(answer, "reset_password", is_set)


def _power(call: Call, action: str, needless_when_powered: bool | None) -> Reply:
    server = call.server()
    call.refuse_if_busy(server, BUSY_POWER)
    needless = server["powered"] == needless_when_powered
    if needless and call.switches.is_set("needless_power", "refuse"):
        raise refusals.message(409, "server is already in the requested power state")
    if call.fails_inside():
        return _with_result({"queueId": None}, action.partition("_")[0], False)
    return data({"queueId": call.jobs.start(action, server, call.fault)["id"]})


def _with_result(answer: dict[str, Any], action: str, done: bool) -> Reply:
    """Return an answer that contains the hypervisor's result."""
    reply = data({**answer, "system": {"data": {action: done}}})
    reply.refused = not done
    return reply
