# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The IPv4 addresses of a VirtFusion server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from ipaddress import IPv4Address
from typing import Any

from ..._core.argspec import ArgumentSpec, check_ranges, one_of
from ..._core.changes import Comparison, Reply
from ..._core.converge import Converged, View, in_turn, results
from ..._core.errors import Code, PanelError, invalid
from ..._core.fields import Compare, Field, Schema, pick
from ..._core.membership import EXACT, to_add, to_remove, wanted_members
from ..argspec import FIND_SERVER
from ..client import VirtFusion
from .interface import OnInterface


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
            "state": {
                "type": "str",
                "choices": ["present", "absent", "exact"],
                "default": "present",
            },
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
        self._named = _checked(params["addresses"] or ())
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
        return {"addresses": sorted_addresses(wanted_members(self._state, there, self._named))}

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

    def apply(self, comparison: Comparison) -> Reply:
        (change,) = comparison.changes
        if self._count is not None:
            self._send("add_server_ipv4_quantity", quantity=change.desired - change.before)
            return Reply()
        # Addresses are added first, so that the server always has one.
        steps = (("add_server_ipv4", to_add(change)), ("remove_server_ipv4", to_remove(change)))
        in_turn(*(partial(self._send, name, ip=ips) for name, ips in steps if ips))
        return Reply()

    def conclude(self, converged: Converged) -> dict[str, Any]:
        super().conclude(converged)
        before, after = converged.before["addresses"], converged.after["addresses"]
        return {
            "added": [address for address in after if address not in before],
            "removed": [address for address in before if address not in after],
        }


def _checked(addresses: Iterable[str]) -> list[str]:
    """Return the addresses in the panel's notation. :raises PanelError: ``validation``."""
    try:
        return sorted_addresses(address.strip() for address in addresses)
    except ValueError as error:
        raise invalid(f"addresses must be IPv4 addresses: {error}") from None
