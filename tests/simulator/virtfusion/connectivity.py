# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IP blocks. Reads show their counters, not their addresses (virtfusion 1.9)."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address
from typing import Any

from ..exchange import Reply
from . import refusals
from .call import Call, data, new_routes, nothing
from .paging import paginated
from .records import IpBlock
from .state import State
from .times import offset

routes = new_routes()

V6_SUBNETS, V6_GENERATED = 65535, 300


@routes.add("GET", "/connectivity/ipblocks")
def list_ip_blocks(call: Call) -> Reply:
    """Return one page of IP blocks."""
    blocks = list(call.state.ip_blocks.values())
    return paginated(call, "/connectivity/ipblocks", blocks, lambda block: _view(call.state, block))


@routes.add("GET", "/connectivity/ipblocks/{blockId}")
def read_ip_block(call: Call) -> Reply:
    """Return one IP block."""
    return data(_view(call.state, _block(call)))


@routes.add("POST", "/connectivity/ipblocks/{blockId}/ipv4")
def add_ipv4_range(call: Call) -> Reply:
    """Add a range of addresses to an IPv4 block."""
    block = _block(call)
    call.choice("type", ("range",))
    first, last = call.text("start"), call.text("end")
    call.check()
    try:
        backwards = IPv4Address(first) > IPv4Address(last)
    except AddressValueError:
        raise refusals.errors(422, "Invalid IPv4 address") from None
    if block["type"] != 4 or backwards:
        raise refusals.errors(422, "Invalid range")
    known = call.state.block_of(first) or call.state.block_of(last)
    if known and call.switches.is_set("duplicate_range", "refuse"):
        raise refusals.errors(422, "Range already exists")
    block["ranges"].append([first, last])
    call.touch(block)
    return nothing(204)


def _block(call: Call) -> IpBlock:
    found: IpBlock = call.record(call.state.ip_blocks, "blockId", "ip block")
    return found


def _view(state: State, block: IpBlock) -> dict[str, Any]:
    four = block["type"] == 4
    resolvers = {"primary": block["resolver1"], "secondary": block["resolver2"]}
    no_resolvers = {"primary": None, "secondary": None}
    total = state.addresses_in(block["id"])
    used = len(state.taken(block["id"]))
    used_v6 = 0 if four else state.used_subnets(block["id"])
    return {
        "id": block["id"],
        "type": block["type"],
        "name": block["name"],
        "ipv4": {
            "gateway": block["gateway"] if four else None,
            "netmask": block["netmask"],
            "resolvers": resolvers if four else no_resolvers,
            "total": total,
            "usedTotal": used,
            "freeTotal": total - used,
        },
        "ipv6": {
            "gateway": None if four else block["gateway"],
            "resolvers": no_resolvers if four else resolvers,
            "subnet": block["subnet"],
            "from": 48,
            "to": 64,
            "restricted": [],
            "total": 0 if four else V6_SUBNETS,
            "generatedTotal": 0 if four else V6_GENERATED,
            "usedTotal": used_v6,
            "freeTotal": 0 if four else V6_SUBNETS - used_v6,
            "freeGenerated": 0 if four else V6_GENERATED - used_v6,
            "blacklistedTotal": 0,
        },
        "rdnsType": 0,
        "rdnsZoneId": None,
        "networkProfile": 0,
        "routeBlock": None,
        "dhcp": 1,
        "enabled": True,
        "created": offset(block["created"]),
        "updated": offset(block["updated"]),
    }
