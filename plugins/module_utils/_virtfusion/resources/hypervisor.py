# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VirtFusion hypervisors, their groups, and the free resources of a group."""

from __future__ import annotations

from typing import Any

from ..._core.argspec import ArgumentSpec
from ..._core.fields import Field, Schema, boolean, identifier, integer, limit, number, pick, text
from ..._core.runner import Query
from ..client import VirtFusion
from .listed import Listed

NETWORK = Schema(
    Field("id", "id", integer, required=True),
    Field("type", "type", text),
    Field("bridge", "bridge", text),
    Field("primary", "primary", boolean),
    Field("default", "default", boolean),
)


def networks(value: Any) -> list[dict[str, Any]]:
    """Return the networks of a hypervisor."""
    return [NETWORK.project(row) for row in value or ()]


#: Without the token of the hypervisor's agent (virtfusion 9). A limit of 0 means no limit (virtfusion 1.4).
HYPERVISOR = Schema(
    Field("id", "id", integer, required=True),
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
    Field("networks", "networks", networks),
    Field("created", "created", text),
    Field("updated", "updated", text),
)

HYPERVISOR_GROUP = Schema(
    Field("id", "id", integer, required=True),
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
