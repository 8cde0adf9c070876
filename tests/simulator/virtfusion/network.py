# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses and the whitelist of a server's interfaces (virtfusion 1.9)."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address, ip_address

from ..exchange import Reply
from . import refusals
from .call import Call, data, new_routes, nothing
from .records import Interface, Server
from .seed_servers import PRIVATE_BLOCK

routes = new_routes()

WORDS = ("primary", "secondary")


def interface_named(server: Server, word: str) -> Interface | None:
    """Return the primary or secondary interface. A server may have no secondary one."""
    return {"primary": server["primary"], "secondary": server["secondary"]}.get(word)


@routes.add("POST", "/servers/{serverId}/networkWhitelist")
def add_to_whitelist(call: Call) -> Reply:
    """Add an address to the whitelist, from which the server may send. Reads show `cidr` as `mask`."""
    server = call.server()
    word, ip = call.choice("interface", WORDS), call.text("ip")
    mask = call.integer("cidr", low=0, high=128)
    call.check()
    interface = _existing(server, word)
    try:
        version = ip_address(ip).version
    except ValueError:
        raise refusals.errors(422, "Invalid IP address") from None
    if version == 4 and mask > 32:
        raise refusals.errors(422, "Invalid CIDR")
    known = any(entry["ip"] == ip and entry["mask"] == mask for entry in interface["whitelist"])
    if known and call.switches.is_set("duplicate_whitelist", "refuse"):
        raise refusals.errors(422, "Address already exists")
    number = call.state.next_id("whitelist")
    interface["whitelist"].append({"id": number, "type": version, "ip": ip, "mask": mask})
    return nothing(201)


@routes.add("DELETE", "/servers/{serverId}/networkWhitelist")
def remove_from_whitelist(call: Call) -> Reply:
    """Remove the first entry with this address. The request has no mask (DOCUMENTED)."""
    server = call.server()
    word, ip = call.choice("interface", WORDS), call.text("ip")
    call.check()
    whitelist = _existing(server, word)["whitelist"]
    found = next((entry for entry in whitelist if entry["ip"] == ip), None)
    if found is None:
        raise refusals.not_found("address")
    whitelist.remove(found)
    return nothing(204)


@routes.add("POST", "/servers/{serverId}/ipv4Qty")
def add_some_ipv4(call: Call) -> Reply:
    """Add a number of free addresses to the server. The answer lists them."""
    server = call.server()
    word, quantity = call.choice("interface", WORDS), call.integer("quantity", low=1, high=200)
    call.check()
    interface, block = _existing(server, word), _block_for(call, server, word)
    free = call.state.free_addresses(block, quantity)
    if len(free) < quantity:
        raise refusals.errors(422, "Not enough IPv4 addresses available")
    interface["ipv4"] += [call.state.new_ipv4(block, address) for address in free]
    call.touch(server)
    return data(free)


@routes.add("POST", "/servers/{serverId}/ipv4")
def add_ipv4(call: Call) -> Reply:
    """Add these addresses to the server. If one is not free, none is added (INFERRED)."""
    server, interface, addresses = _address_request(call)
    blocks = {address: call.state.block_of(address) for address in addresses}
    for address, block in blocks.items():
        if block is None or address in call.state.taken(block):
            raise refusals.errors(422, f"IPv4 address {address} is not available")
    interface["ipv4"] += [
        call.state.new_ipv4(block, address) for address, block in blocks.items() if block
    ]
    call.touch(server)
    return nothing(204)


@routes.add("DELETE", "/servers/{serverId}/ipv4")
def remove_ipv4(call: Call) -> Reply:
    """Remove these addresses from the server. If one is not the server's, none is removed (INFERRED)."""
    server, interface, addresses = _address_request(call)
    own = {row["address"] for row in interface["ipv4"]}
    for address in addresses:
        if address not in own:
            raise refusals.errors(422, f"IPv4 address {address} is not assigned")
    interface["ipv4"] = [row for row in interface["ipv4"] if row["address"] not in addresses]
    call.state.forget_derived()
    call.touch(server)
    return nothing(204)


def _address_request(call: Call) -> tuple[Server, Interface, list[str]]:
    server = call.server()
    required = call.switches.is_set("ipv4_interface", "required")
    word = call.choice("interface", WORDS, required=required) or "primary"
    addresses = call.items("ip", str)
    call.check()
    try:
        addresses = [str(IPv4Address(address)) for address in addresses]
    except AddressValueError:
        raise refusals.errors(422, "Invalid IPv4 address") from None
    return server, _existing(server, word), addresses


def _existing(server: Server, word: str) -> Interface:
    interface = interface_named(server, word)
    if interface is None:
        raise refusals.errors(422, f"The server has no {word} interface")
    return interface


def _block_for(call: Call, server: Server, word: str) -> int:
    if word == "secondary":
        return PRIVATE_BLOCK
    hypervisor = call.state.hypervisors[server["hypervisorId"]]
    return call.state.groups[hypervisor["groupId"]]["ipv4Block"]
