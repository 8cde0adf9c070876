# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A network interface of a VirtFusion server: its IPv4 addresses, and the whitelist of foreign addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from ipaddress import IPv4Address, ip_interface
from typing import Any

from ..._core.argspec import ArgumentSpec, check_ranges, one_of
from ..._core.changes import Comparison
from ..._core.converge import Converged, View, in_turn, results
from ..._core.errors import Code, PanelError, invalid
from ..._core.existence import EXACT, PRESENT, STATES, desired_members, to_add, to_remove
from ..._core.fields import Compare, Field, Schema, pick, whole_amount
from ..argspec import FIND_SERVER
from ..client import Raw, VirtFusion
from .server_view import ServerPart

#: Position of each interface in the read of a server, by the panel's name for it (virtfusion 1.9).
_PLACES: Mapping[str, str] = {
    "primary": "network.interfaces[0]",
    "secondary": "network.secondaryInterfaces[0]",
}


def interface_of(server: Raw, word: str) -> Raw:
    """Return the primary or the secondary interface. :raises PanelError: ``not_found``."""
    found = pick(server, _PLACES[word])
    if not isinstance(found, dict):
        raise PanelError(
            Code.NOT_FOUND,
            "it has none",
            action=f"use the {word} interface of server {server.get('id')}",
            hint="check interface" if word == "primary" else "set interface to primary",
        )
    return found


class OnInterface(ServerPart):
    """A resource of an interface. The schema's paths begin at the interface."""

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        super().__init__(client, params)
        self._interface = params["interface"]
        self._raw: Raw = {}
        self._view: dict[str, Any] = {}

    def read(self) -> View:
        self._raw = interface_of(self._client.server(self._server_id), self._interface)
        self._view = {
            "server_id": self._server_id,
            "interface": self._interface,
            **self.schema.project(self._raw),
        }
        return self._view

    def name(self, view: View) -> str:
        return f"{self.key} of the {view['interface']} interface of server {view['server_id']}"

    def _write(self, operation: str, **body: Any) -> None:
        self._send(operation, {"interface": self._interface, **body})


def sorted_addresses(addresses: Iterable[Any]) -> list[str]:
    """Return unique addresses in numeric order. :raises ValueError: for an invalid address."""
    return [str(address) for address in sorted({IPv4Address(address) for address in addresses})]


def ipv4_addresses(rows: Any) -> list[str]:
    """Return the addresses in an interface's rows."""
    return sorted_addresses(pick(row, "address") for row in rows or ())


def ipv4_address(value: Any) -> str:
    """One address."""
    return str(IPv4Address(value))


def ipv4_count(rows: Any) -> int:
    """Return the number of an interface's addresses."""
    return len(rows or ())


IPV4 = Schema(
    Field("addresses", "ipv4", ipv4_addresses, compare=Compare.SET, required=True),
    Field("count", "ipv4", ipv4_count, required=True),
    #: The first in the panel's own order.
    Field(
        "primary_address", ("ipv4[order=1].address", "ipv4[0].address"), ipv4_address, absent=None
    ),
)

#: The options of virtfusion_server_ipv4.
SERVER_IPV4_OPTIONS = (
    FIND_SERVER
    + one_of("addresses", "count")
    + ArgumentSpec(
        {
            "interface": {"type": "str", "choices": ["primary", "secondary"], "default": "primary"},
            "addresses": {"type": "list", "elements": "str"},
            "state": {"type": "str", "choices": list(STATES), "default": PRESENT},
            "count": {"type": "int"},
            "allow_primary": {"type": "bool", "default": False},
        },
        required_if=[("state", "absent", ["addresses"]), ("state", "exact", ["addresses"])],
    )
)


class ServerIpv4(OnInterface):
    """An interface with desired addresses, or a desired number of addresses that the panel chooses."""

    key = "ipv4"
    shown = results(ipv4=("server_id", "interface", *IPV4), added=None, removed=None)
    schema = IPV4

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        self._count = params["count"]
        self._state = params["state"]
        self._allow_primary = params["allow_primary"]
        self._named = _checked_addresses(params["addresses"] or ())
        check_ranges(params, {"count": (1, None)})
        if self._count is None and not self._named and self._state != EXACT:
            raise invalid("addresses must name at least one address")
        super().__init__(client, params)

    def read(self) -> View:
        view = {**super().read()}
        if self._count is None:
            del view["count"]  # check mode cannot derive it from the addresses
        return view

    def desired(self) -> Mapping[str, Any]:
        if self._count is not None:
            return {"count": max(self._count, self._view["count"])}
        there = self._view["addresses"]
        return {"addresses": sorted_addresses(desired_members(self._state, there, self._named))}

    def permit(self, comparison: Comparison) -> None:
        (change,) = comparison.changes
        primary = self._view["primary_address"]
        if self._count is None and primary in to_remove(change) and not self._allow_primary:
            raise PanelError(
                Code.REFUSED,
                f"{primary} is the primary address",
                action=f"change the {self.name(self._view)}",
                hint="keep it, or set allow_primary",
            )

    def apply(self, comparison: Comparison) -> None:
        (change,) = comparison.changes
        if self._count is not None:
            self._write("add_server_ipv4_quantity", quantity=change.desired - change.before)
            return
        # Addresses are added first, so that the server always has one.
        steps = (("add_server_ipv4", to_add(change)), ("remove_server_ipv4", to_remove(change)))
        in_turn(*(partial(self._write, name, ip=ips) for name, ips in steps if ips))

    def conclude(self, converged: Converged) -> dict[str, Any]:
        super().conclude(converged)
        before, after = converged.before["addresses"], converged.after["addresses"]
        return {
            "added": [address for address in after if address not in before],
            "removed": [address for address in before if address not in after],
        }


def _checked_addresses(addresses: Iterable[str]) -> list[str]:
    """Return the addresses in the panel's notation. :raises PanelError: ``validation``."""
    try:
        return sorted_addresses(address.strip() for address in addresses)
    except ValueError as error:
        raise invalid(f"addresses must be IPv4 addresses: {error}") from None


def sorted_entries(entries: Iterable[str]) -> list[str]:
    """Return unique entries as address/prefix in numeric order. :raises ValueError: for an invalid entry."""
    unique = {ip_interface(entry) for entry in entries}
    for entry in unique:
        if getattr(entry, "scope_id", None):
            raise ValueError(f"{entry} has a zone")
    return [str(e) for e in sorted(unique, key=lambda e: (e.version, e.ip, e.network.prefixlen))]


def whitelist_entry(row: Any) -> str:
    """Return a row as address/prefix. Writes use ``cidr``, reads use ``mask`` (virtfusion 1.9)."""
    return str(ip_interface(f"{pick(row, 'ip')}/{whole_amount(pick(row, 'mask'))}"))


def whitelist_entries(rows: Any) -> list[str]:
    """Return the entries in an interface's rows."""
    return sorted_entries(whitelist_entry(row) for row in rows or ())


#: Addresses that are not the server's own and that it may send from (virtfusion 1.9).
WHITELIST = Schema(
    Field("entries", "ipWhitelist", whitelist_entries, compare=Compare.SET, required=True)
)

#: The options of virtfusion_server_whitelist.
SERVER_WHITELIST_OPTIONS = FIND_SERVER + ArgumentSpec(
    {
        "interface": {"type": "str", "choices": ["primary", "secondary"], "default": "primary"},
        "entries": {"type": "list", "elements": "str", "required": True},
        "state": {"type": "str", "choices": list(STATES), "default": PRESENT},
    }
)


class ServerWhitelist(OnInterface):
    """An interface whose whitelist must have, must not have, or must equal the given entries."""

    key = "whitelist"
    shown = results(whitelist=("server_id", "interface", *WHITELIST))
    schema = WHITELIST

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        self._state = params["state"]
        self._named = _checked_entries(params["entries"])
        if not self._named and self._state != EXACT:
            raise invalid("entries must name at least one entry")
        super().__init__(client, params)

    def desired(self) -> Mapping[str, Any]:
        there = self._view["entries"]
        return {"entries": sorted_entries(desired_members(self._state, there, self._named))}

    def permit(self, comparison: Comparison) -> None:
        (change,) = comparison.changes
        for entry in to_remove(change):
            self._permit_removal(entry)

    def apply(self, comparison: Comparison) -> None:
        (change,) = comparison.changes
        spellings = {whitelist_entry(row): row["ip"] for row in self._raw["ipWhitelist"] or ()}
        # Removals come first: the panel cannot distinguish two entries with the same address.
        removals = [partial(self._remove, spellings[entry]) for entry in to_remove(change)]
        in_turn(*removals, *(partial(self._add, entry) for entry in to_add(change)))

    def _permit_removal(self, entry: str) -> None:
        """Refuse an ambiguous removal: the panel removes by address, without the prefix (virtfusion 1.9)."""
        address = ip_interface(entry).ip
        alike = [
            other
            for other in map(whitelist_entry, self._raw["ipWhitelist"])
            if ip_interface(other).ip == address
        ]
        if len(alike) > 1:
            raise PanelError(
                Code.REFUSED,
                f"{len(alike)} entries begin at {address} ({', '.join(alike)}), and the panel removes by address",
                action=f"remove {entry} from the {self.name(self._view)}",
                hint="remove it in the panel",
            )

    def _add(self, entry: str) -> None:
        address = ip_interface(entry)
        self._write("add_server_whitelist", ip=str(address.ip), cidr=address.network.prefixlen)

    def _remove(self, address: str) -> None:
        self._write("remove_server_whitelist", ip=address)


def _checked_entries(entries: Iterable[str]) -> list[str]:
    """Return the entries as address/prefix. :raises PanelError: ``validation``."""
    try:
        return sorted_entries(entry.strip() for entry in entries)
    except ValueError as error:
        raise invalid(
            f"entries must be addresses, with a prefix length or without: {error}",
            "such as 192.0.2.0/24",
        ) from None
