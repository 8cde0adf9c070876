# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Network interfaces as the server reads show them."""

from __future__ import annotations

from typing import Any

from .records import Allowed, Interface, Ipv4, Ipv6, Server
from .state import State

FIREWALL_RULE = {
    "id": 1,
    "order": 1,
    "action": "accept",
    "direction": "in",
    "protocol": "tcp",
    "port": "22",
    "source": None,
}
"""The shape of a rule is not known (virtfusion 11); this one is INFERRED."""


def interface_view(
    state: State, server: Server, interface: Interface, primary: bool
) -> dict[str, Any]:
    """Return an interface in the single read. Peak and burst are always 0 in the examples."""
    resources, whitelist = server["resources"], interface["whitelist"]
    network = server["hypervisorId"]
    return {
        "id": interface["id"],
        "order": 1,
        "enabled": True,
        "tag": interface["tag"],
        "name": interface["name"],
        "type": "public" if primary else "private",
        "driver": 1,
        "processQueues": None,
        "mac": interface["mac"],
        "ipv4ToMac": None,
        "ipv6ToMac": None,
        "inTrafficCount": True,
        "outTrafficCount": False,
        "inAverage": resources["speedIn"] if primary else 0,
        "inPeak": 0,
        "inBurst": 0,
        "outAverage": resources["speedOut"] if primary else 0,
        "outPeak": 0,
        "outBurst": 0,
        "ipFilter": True,
        "vlans": [],
        "ipFilterType": "4-6",
        "portIsolated": False,
        "ipv4_resolver_1": 1,
        "ipv4_resolver_2": 2,
        "ipv6_resolver_1": 1,
        "ipv6_resolver_2": 2,
        "networkProfile": 0,
        "dhcpV4": 0,
        "dhcpV6": 0,
        "firewallEnabled": interface["firewallEnabled"],
        "hypervisorNetwork": network,
        "isNat": False,
        "nat": False,
        "firewall": [],
        "hypervisorConnectivity": {
            "id": network,
            "type": "simpleBridge",
            "bridge": "br0",
            "mtu": None,
            "primary": True,
            "default": True,
        },
        "ipWhitelist": [_allowed(entry) for entry in whitelist],
        "actions": [],
        "ipv4": [
            _ipv4(state, row, order, primary) for order, row in enumerate(interface["ipv4"], 1)
        ],
        "ipv6": [_ipv6(state, row) for row in interface["ipv6"]],
    }


def user_interface(state: State, server: Server) -> dict[str, Any]:
    """Return the trimmed interface of a user's list: no ids."""
    interface, resources = with_addresses(server), server["resources"]
    return {
        "order": 1,
        "enabled": True,
        "tag": interface["tag"],
        "name": interface["name"],
        "mac": interface["mac"],
        "inAverage": resources["speedIn"],
        "inPeak": 0,
        "inBurst": 0,
        "outAverage": resources["speedOut"],
        "outPeak": 0,
        "outBurst": 0,
        "isNat": False,
        "ipv4": [_short_ipv4(state, row, order) for order, row in enumerate(interface["ipv4"], 1)],
        "ipv6": [],
    }


def with_addresses(server: Server) -> Interface:
    """Return the primary interface, without its addresses as long as reads do not show them."""
    if server["hiddenReads"] > 0:
        return {**server["primary"], "ipv4": [], "ipv6": []}
    return server["primary"]


def firewall_rules(interface: Interface) -> list[dict[str, Any]]:
    """Return the rules of the applied rulesets, without their rulesets (virtfusion 1.10)."""
    return [
        {**FIREWALL_RULE, "id": ruleset, "order": order}
        for order, ruleset in enumerate(interface["rulesets"], start=1)
    ]


def _allowed(entry: Allowed) -> dict[str, Any]:
    return dict(entry)


def _short_ipv4(state: State, row: Ipv4, order: int) -> dict[str, Any]:
    block = state.ip_blocks[row["block"]]
    return {
        "order": order,
        "enabled": True,
        "address": row["address"],
        "gateway": block["gateway"],
        "netmask": block["netmask"],
        "resolver1": block["resolver1"],
        "resolver2": block["resolver2"],
    }


def _ipv4(state: State, row: Ipv4, order: int, primary: bool) -> dict[str, Any]:
    """Return an address. On a secondary interface it has no `blockId` (DOCUMENTED, virtfusion 1.9)."""
    block = {"blockId": row["block"]} if primary else {}
    return {
        "id": row["id"],
        **block,
        **_short_ipv4(state, row, order),
        "rdns": None,
        "mac": None,
    }


def _ipv6(state: State, row: Ipv6) -> dict[str, Any]:
    block = state.ip_blocks[row["block"]]
    return {
        "id": row["id"],
        "block": {"id": block["id"], "name": block["name"]},
        "order": 1,
        "enabled": True,
        "addresses": [],
        "addressesDetailed": [],
        "subnet": row["subnet"],
        "cidr": 80,
        "exhausted": False,
        "gateway": block["gateway"],
        "resolver1": block["resolver1"],
        "resolver2": block["resolver2"],
        "routeNet": False,
    }
