# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The infrastructure of VirtFusion servers: hypervisors, their groups with free resources, and IP blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Any

from ..._core.argspec import ArgumentSpec, named, one_of, positive
from ..._core.changes import Comparison
from ..._core.converge import Resource, View, results
from ..._core.errors import Code, PanelError, invalid, unreadable
from ..._core.fields import (
    Field,
    Schema,
    anything,
    boolean,
    identifier,
    integer,
    limit,
    number,
    pick,
    rows_of,
    text,
)
from ..._core.runner import Query
from ..._core.select import exactly_one
from ..client import VirtFusion


@dataclass(frozen=True)
class Listed:
    """A kind of object with a paged list and a read by ID.

    :param what: its singular name in messages.
    :param option: prefix of the options for an ID (``<option>_id``) and a name.
    :param part: placeholder for the ID in the path of the read.
    :param schema: the projection, the same for both reads.
    :param list_operation: reads all.
    :param get_operation: reads one.
    :param filters: the options that a field must equal, by the name of the field.
    """

    what: str
    option: str
    part: str
    schema: Schema
    list_operation: str
    get_operation: str
    filters: Mapping[str, str]

    def find_id(self, client: VirtFusion, params: Mapping[str, Any]) -> int:
        """Return the ID of the object that the options select by ID or by name."""
        by_id = f"{self.option}_id"
        if params[by_id] is not None:
            return positive(by_id, params[by_id])
        name = named(f"{self.option}_name", params[f"{self.option}_name"])
        return int(exactly_one(self.all(client), name, what=self.what, option=by_id)["id"])

    def read(self, client: VirtFusion, object_id: int) -> dict[str, Any]:
        """Return one object, projected."""
        return self.schema.project(client.one(self.get_operation, path={self.part: object_id}))

    def all(self, client: VirtFusion) -> list[dict[str, Any]]:
        """Return all objects, projected."""
        return [
            self.schema.project(raw) for raw in client.pages(self.list_operation, f"{self.what}s")
        ]

    def chosen(self, client: VirtFusion, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the objects that pass the filters: the one that the options select, or all if they select none."""
        for option in self.filters.values():
            if option.endswith("_id") and params[option] is not None:
                positive(option, params[option])
        if (params[f"{self.option}_id"], params[f"{self.option}_name"]) == (None, None):
            rows = self.all(client)
        else:
            rows = [self.read(client, self.find_id(client, params))]
        desired = {field: params[option] for field, option in self.filters.items()}
        return [
            row for row in rows if all(value in (None, row.get(f)) for f, value in desired.items())
        ]


NETWORK = Schema(
    Field("id", "id", identifier, required=True),
    Field("type", "type", text),
    Field("bridge", "bridge", text),
    Field("primary", "primary", boolean),
    Field("default", "default", boolean),
)


#: Without the token of the hypervisor's agent (virtfusion 9). A limit of 0 means no limit (virtfusion 1.4).
HYPERVISOR = Schema(
    Field("id", "id", identifier, required=True),
    Field("name", "name", text, required=True),
    Field("enabled", "enabled", boolean, absent=True),
    Field("maintenance", "maintenance", boolean),
    Field("commissioned", "commissioned", integer),
    Field("group_id", "group.id", integer),
    Field("group_name", "group.name", text),
    Field("ip", "ip", text),
    Field("ip_alternative", "ipAlt", text),
    Field("hostname", "hostname", text),
    Field("port", "port", integer),
    Field("ssh_port", "sshPort", integer),
    Field("max_servers", "maxServers", limit, "servers"),
    Field("max_cpu", "maxCpu", limit, "cores"),
    Field("max_memory", "maxMemory", limit, "MB"),
    Field("networks", "networks", rows_of("networks", NETWORK)),
    Field("created", "created", text),
    Field("updated", "updated", text),
)

HYPERVISOR_GROUP = Schema(
    Field("id", "id", identifier, required=True),
    Field("name", "name", text, required=True),
    Field("label", "label", text),
    Field("description", "description", text),
    Field("enabled", "enabled", boolean, absent=True),
    Field("default", "default", boolean),
    Field("distribution_type", "distributionType", integer),
    Field("created", "created", text),
    Field("updated", "updated", text),
)


def capacity(value: Any) -> dict[str, Any]:
    """Return the capacity of a resource. Without a limit the free amount is unknown (virtfusion 1.4)."""
    most = limit(pick(value, "max"))
    return {
        "max": most,
        "allocated": integer(pick(value, "allocated")),
        "free": None if most is None else integer(pick(value, "free")),
        "percent": None if most is None else number(pick(value, "percent")),
    }


def storage(value: Any) -> dict[str, Any]:
    """Return a storage with its capacity."""
    return {**STORAGE.project(value), **capacity(value)}


def storages(value: Any) -> list[dict[str, Any]]:
    """Return several storages."""
    return [storage(row) for row in value or ()]


#: ``type`` is a code that a package's storage profile uses too (virtfusion 1.11).
STORAGE = Schema(
    Field("id", "id", integer),
    Field("name", "name", text),
    Field("enabled", "enabled", boolean),
    Field("type", "storageType", integer),
    Field("path", "path", text),
    Field("datastore", "isDatastore", boolean),
)

RESOURCES = Schema(
    Field("hypervisor_id", "hypervisor.id", identifier, required=True),
    Field("hypervisor_name", "hypervisor.name", text),
    Field("enabled", "hypervisor.enabled", boolean),
    Field("prohibit", "hypervisor.prohibit", boolean),
    Field("accept", "hypervisor.accept", boolean),
    Field("commissioned", "hypervisor.commissioned", boolean),
    Field("servers", "resources.servers", capacity, "servers"),
    Field("memory", "resources.memory", capacity, "MB"),
    Field("cpu", "resources.cpuCores", capacity, "cores"),
    Field("local_storage", "resources.localStorage", storage, "GB"),
    Field("other_storage", "resources.otherStorage", storages, "GB"),
    Field("ipv4_free", "resources.network.total.ipv4.free", integer, "addresses"),
)

HYPERVISORS = Listed(
    "hypervisor",
    "hypervisor",
    "hypervisor_id",
    HYPERVISOR,
    "list_hypervisors",
    "get_hypervisor",
    {"group_id": "hypervisor_group_id", "enabled": "enabled", "maintenance": "maintenance"},
)
HYPERVISOR_GROUPS = Listed(
    "hypervisor group",
    "hypervisor_group",
    "group_id",
    HYPERVISOR_GROUP,
    "list_hypervisor_groups",
    "get_hypervisor_group",
    {"enabled": "enabled"},
)


def read_resources(client: VirtFusion, group_id: int) -> list[dict[str, Any]]:
    """Return the resources of each hypervisor of a group. The rows have no ID of their own."""
    rows = client.pages(
        "list_hypervisor_group_resources",
        f"resources of hypervisor group {group_id}",
        path={"group_id": group_id},
        identify=RESOURCES["hypervisor_id"].read,
    )
    return [RESOURCES.project(row) for row in rows]


#: The options of virtfusion_hypervisor_info.
HYPERVISOR_INFO_OPTIONS = ArgumentSpec(
    {
        "hypervisor_id": {"type": "int"},
        "hypervisor_name": {"type": "str"},
        "hypervisor_group_id": {"type": "int"},
        "enabled": {"type": "bool"},
        "maintenance": {"type": "bool"},
    },
    mutually_exclusive=[("hypervisor_id", "hypervisor_name")],
)


class HypervisorInfo(Query[VirtFusion]):
    """One hypervisor, or all of them."""

    def read(self) -> dict[str, Any]:
        return {"hypervisors": HYPERVISORS.chosen(self._client, self._params)}


#: The options of virtfusion_hypervisor_group_info.
HYPERVISOR_GROUP_INFO_OPTIONS = ArgumentSpec(
    {
        "hypervisor_group_id": {"type": "int"},
        "hypervisor_group_name": {"type": "str"},
        "enabled": {"type": "bool"},
        "resources": {"type": "bool", "default": False},
    },
    mutually_exclusive=[("hypervisor_group_id", "hypervisor_group_name")],
)


class HypervisorGroupInfo(Query[VirtFusion]):
    """One group, or all of them, with the free resources of their hypervisors."""

    def read(self) -> dict[str, Any]:
        groups = HYPERVISOR_GROUPS.chosen(self._client, self._params)
        if self._params["resources"]:
            groups = [
                {**group, "resources": read_resources(self._client, group["id"])}
                for group in groups
            ]
        return {"hypervisor_groups": groups}


IP_BLOCK = Schema(
    Field("id", "id", identifier, required=True),
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

    def apply(self, comparison: Comparison) -> None:
        self._client.send(
            "add_ip_block_range",
            path={"block_id": self._block_id},
            body={"type": "range", "start": str(self._start), "end": str(self._end)},
        )


def _address(option: str, value: str) -> IPv4Address:
    try:
        return IPv4Address(value.strip())
    except ValueError as error:
        raise invalid(f"{option} must be an IPv4 address: {error}") from None
