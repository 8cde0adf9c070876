# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A VirtFusion IP block."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address
from typing import Any

from ..._core.argspec import ArgumentSpec, one_of
from ..._core.changes import Comparison, Reply
from ..._core.converge import Resource, View, results
from ..._core.errors import Code, PanelError, invalid, unreadable
from ..._core.fields import Field, Schema, anything, boolean, integer, text
from ..._core.runner import Query
from ..client import VirtFusion
from .listed import Listed

IP_BLOCK = Schema(
    Field("id", "id", integer, required=True),
    Field("name", "name", text, required=True),
    Field("version", "type", integer, required=True),
    Field("enabled", "enabled", boolean, absent=True),
    Field("ipv4_gateway", "ipv4.gateway", text),
    Field("ipv4_netmask", "ipv4.netmask", text),
    Field("ipv4_resolver_primary", "ipv4.resolvers.primary", text),
    Field("ipv4_resolver_secondary", "ipv4.resolvers.secondary", text),
    Field("ipv4_total", "ipv4.total", integer, "addresses"),
    Field("ipv4_used", "ipv4.usedTotal", integer, "addresses"),
    Field("ipv4_free", "ipv4.freeTotal", integer, "addresses"),
    Field("ipv6_gateway", "ipv6.gateway", text),
    Field("ipv6_subnet", "ipv6.subnet", text),
    Field("ipv6_from", "ipv6.from", integer),
    Field("ipv6_to", "ipv6.to", integer),
    Field("ipv6_resolver_primary", "ipv6.resolvers.primary", text),
    Field("ipv6_resolver_secondary", "ipv6.resolvers.secondary", text),
    Field("ipv6_restricted", "ipv6.restricted", anything),
    Field("ipv6_total", "ipv6.total", integer, "subnets"),
    Field("ipv6_generated", "ipv6.generatedTotal", integer, "subnets"),
    Field("ipv6_used", "ipv6.usedTotal", integer, "subnets"),
    Field("ipv6_free", "ipv6.freeTotal", integer, "subnets"),
    Field("ipv6_free_generated", "ipv6.freeGenerated", integer, "subnets"),
    Field("ipv6_blacklisted", "ipv6.blacklistedTotal", integer, "subnets"),
    Field("rdns_type", "rdnsType", integer),
    Field("rdns_zone_id", "rdnsZoneId", integer),
    Field("network_profile", "networkProfile", integer),
    Field("route_block", "routeBlock", integer),
    Field("dhcp", "dhcp", boolean),
    Field("created", "created", text),
    Field("updated", "updated", text),
)

IP_BLOCKS = Listed(
    "IP block",
    "ip_block",
    "block_id",
    IP_BLOCK,
    "list_ip_blocks",
    "get_ip_block",
    {"version": "version", "enabled": "enabled"},
)

#: The options of virtfusion_ip_block_info.
IP_BLOCK_INFO_OPTIONS = ArgumentSpec(
    {
        "ip_block_id": {"type": "int"},
        "ip_block_name": {"type": "str"},
        "version": {"type": "int", "choices": [4, 6]},
        "enabled": {"type": "bool"},
    },
    mutually_exclusive=[("ip_block_id", "ip_block_name")],
)


class IpBlockInfo(Query[VirtFusion]):
    """One IP block, or all of them."""

    def read(self) -> dict[str, Any]:
        return {"ip_blocks": IP_BLOCKS.chosen(self._client, self._params)}


#: The options of virtfusion_ip_block_range.
IP_BLOCK_RANGE_OPTIONS = one_of("ip_block_id", "ip_block_name") + ArgumentSpec(
    {
        "ip_block_id": {"type": "int"},
        "ip_block_name": {"type": "str"},
        "start": {"type": "str", "required": True},
        "end": {"type": "str", "required": True},
        "expected_total": {"type": "int"},
    }
)


class IpBlockRange(Resource):
    """An IPv4 block to which a range must be added.

    A block shows the number of its addresses but not the addresses (virtfusion 1.9). So the number is
    compared with the caller's expected total, else with the current number plus the range.
    """

    key = "ip_block"
    shown = results(ip_block=IP_BLOCK)
    schema = IP_BLOCK
    #: The panel is not documented to update the number at once.
    settle_s = 10.0

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        self._start = _address("start", params["start"])
        self._end = _address("end", params["end"])
        if self._end < self._start:
            raise invalid(f"end must not be below start, as {self._end} is below {self._start}")
        self._size = int(self._end) - int(self._start) + 1
        self._expected = params["expected_total"]
        if self._expected is not None and self._expected < self._size:
            raise invalid(
                f"expected_total must be at least {self._size}, the size of the range, not {self._expected}"
            )
        self._client = client
        self._block_id = IP_BLOCKS.find_id(client, params)
        self._total = 0

    def read(self) -> View:
        block = IP_BLOCKS.read(self._client, self._block_id)
        if block["version"] != 4:
            raise invalid(f"IP block {block['id']} ({block['name']}) is not an IPv4 block")
        total = block.get("ipv4_total")
        if total is None:
            raise unreadable(
                f"the panel does not show how many addresses IP block {block['id']} has",
                "add the range in the panel",
            )
        self._total = total
        return block

    def desired(self) -> Mapping[str, Any]:
        return {"ipv4_total": self._expected or self._total + self._size}

    def permit(self, comparison: Comparison) -> None:
        then = self._total + self._size
        if self._expected not in (None, then):
            raise PanelError(
                Code.REFUSED,
                f"it has {self._total} addresses and would have {then} with the range, not {self._expected}",
                action=f"add {self._start} to {self._end} to IP block {self._block_id}",
                hint="set expected_total to one of the two",
            )

    def apply(self, comparison: Comparison) -> Reply:
        self._client.send(
            "add_ip_block_range",
            path={"block_id": self._block_id},
            body={"type": "range", "start": str(self._start), "end": str(self._end)},
        )
        return Reply()


def _address(option: str, value: str) -> IPv4Address:
    try:
        return IPv4Address(value.strip())
    except ValueError as error:
        raise invalid(f"{option} must be an IPv4 address: {error}") from None
