# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The firewall of a server's interface (virtfusion 1.10).

`rulesets` is write-only: the read shows the resulting rules, not their rulesets. `sync` decides when the running
machine gets the rules, which is not simulated.
"""

from __future__ import annotations

from ..exchange import Reply
from . import refusals
from .call import Call, data, new_routes, nothing
from .creation import RULESETS
from .interface_views import firewall_rules
from .network import interface_named
from .records import Interface

routes = new_routes()


@routes.add("GET", "/servers/{serverId}/firewall/{interface}")
def read_firewall(call: Call) -> Reply:
    """Return whether the firewall is on, and its rules."""
    interface = _interface(call)
    return data({"enabled": interface["firewallEnabled"], "rules": firewall_rules(interface)})


@routes.add("POST", "/servers/{serverId}/firewall/{interface}/enable")
def enable_firewall(call: Call) -> Reply:
    """Enable the firewall."""
    _interface(call)["firewallEnabled"] = True
    return nothing(200)


@routes.add("POST", "/servers/{serverId}/firewall/{interface}/disable")
def disable_firewall(call: Call) -> Reply:
    """Disable the firewall."""
    _interface(call)["firewallEnabled"] = False
    return nothing(200)


@routes.add("POST", "/servers/{serverId}/firewall/{interface}/rules")
def apply_rulesets(call: Call) -> Reply:
    """Replace all rules with those of some rulesets. An empty list removes all rules (DOCUMENTED)."""
    interface = _interface(call)
    rulesets = call.items("rulesets", int)
    call.check()
    if not set(rulesets) <= set(RULESETS):
        raise refusals.errors(422, "Invalid or disabled firewall ruleset")
    interface["rulesets"] = rulesets
    return nothing(201)


def _interface(call: Call) -> Interface:
    server = call.server()
    interface = interface_named(server, call.path["interface"])
    if interface is None:
        raise refusals.not_found("interface")
    return interface
