# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects as a VirtFusion panel sends them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import with_defaults

#: Paths of each aspect in a server. The panel fills both of two paths.
SERVER_PLACES: Mapping[str, tuple[str, ...]] = {
    "cpu": ("cpu.cores", "settings.resources.cpuCores"),
    "memory": ("settings.resources.memory",),
    "primary_disk_size": ("storage.0.capacity", "settings.resources.storage"),
    "primary_disk_read_iops": ("storage.0.iops.read",),
    "primary_disk_write_iops": ("storage.0.iops.write",),
    "primary_disk_read_throughput": ("storage.0.bytes.read",),
    "primary_disk_write_throughput": ("storage.0.bytes.write",),
    "primary_network_inbound_speed": ("network.interfaces.0.inAverage",),
    "primary_network_outbound_speed": ("network.interfaces.0.outAverage",),
    "primary_network_traffic": ("settings.resources.traffic",),
    "backup_plan": ("backupPlan.id",),
}
#: Path of each aspect in a package.
PACKAGE_PLACES: Mapping[str, str] = {
    "cpu": "cpuCores",
    "memory": "memory",
    "primary_disk_size": "primaryStorage",
    "primary_disk_read_iops": "primaryStorageReadIopsSec",
    "primary_disk_write_iops": "primaryStorageWriteIopsSec",
    "primary_disk_read_throughput": "primaryStorageReadBytesSec",
    "primary_disk_write_throughput": "primaryStorageWriteBytesSec",
    "primary_network_inbound_speed": "primaryNetworkSpeedIn",
    "primary_network_outbound_speed": "primaryNetworkSpeedOut",
    "primary_network_traffic": "traffic",
    "backup_plan": "backupPlanId",
}
#: The flag that changes each aspect.
FLAGS: Mapping[str, str] = {
    "cpu": "cpu",
    "memory": "memory",
    "primary_disk_size": "primaryDiskSize",
    "primary_disk_read_iops": "primaryDiskReadIOPS",
    "primary_disk_write_iops": "primaryDiskWriteIOPS",
    "primary_disk_read_throughput": "primaryDiskReadThroughput",
    "primary_disk_write_throughput": "primaryDiskWriteThroughput",
    "primary_network_inbound_speed": "primaryNetworkInboundSpeed",
    "primary_network_outbound_speed": "primaryNetworkOutboundSpeed",
    "primary_network_traffic": "primaryNetworkTraffic",
    "backup_plan": "backupPlan",
}
ALL_ASPECTS = list(FLAGS)

TOKEN = "7|vF-0123456789abcdef"
CONNECTION = {"api_url": "https://panel.example.com", "api_token": TOKEN}


def put_at(raw: Any, place: str, value: Any) -> None:
    """Set the value at a dotted path. Numbers are list indexes."""
    *way, last = place.split(".")
    for step in way:
        raw = raw[int(step)] if step.isdigit() else raw[step]
    raw[last] = value


def server(**changes: Any) -> dict[str, Any]:
    """Return a server as the single read shows it: 2 cores, 2048 MB, 40 GB, no limits.

    :param changes: aspects by name, other values by the panel's top-level key.
    """
    raw: dict[str, Any] = {
        "id": 7,
        "ownerId": 4,
        "hypervisorId": 6,
        "hypervisor": {"id": 6, "groupId": 2},
        "name": "web01",
        "hostname": "web01.example.com",
        "uuid": "00000000-0000-4000-8000-000000000007",
        "commissionStatus": 3,
        "state": "complete",
        "suspended": False,
        "protected": False,
        "buildFailed": False,
        "built": "2025-01-15T15:00:49+00:00",
        "created": "2024-12-06T21:25:58+00:00",
        "updated": "2025-01-15T23:17:49+00:00",
        "settings": {
            "config": [],
            "resources": {"memory": 2048, "storage": 40, "traffic": 1000, "cpuCores": 2},
        },
        "cpu": {"cores": 2, "type": "inherit"},
        "backupPlan": {"id": None, "name": None},
        "storage": [
            {
                "primary": True,
                "capacity": 40,
                "iops": {"read": None, "write": None},
                "bytes": {"read": None, "write": None},
            }
        ],
        "network": {
            "interfaces": [{"inAverage": 0, "outAverage": 0, "ipv4": [{"address": "192.0.2.7"}]}],
            "secondaryInterfaces": [],
        },
        "tasks": {"active": False, "lastOn": None, "actions": {"pending": []}},
        "remoteState": False,
    }
    for name, value in changes.items():
        for place in SERVER_PLACES.get(name, (name,)):
            put_at(raw, place, value)
    return raw


def package(**changes: Any) -> dict[str, Any]:
    """Return a package with the values of :func:`server`.

    :param changes: aspects by name, other values by the panel's key.
    """
    raw: dict[str, Any] = {
        "id": 3,
        "name": "Cloud 4",
        "description": None,
        "enabled": True,
        "memory": 2048,
        "primaryStorage": 40,
        "traffic": 1000,
        "cpuCores": 2,
        "primaryNetworkSpeedIn": 0,
        "primaryNetworkSpeedOut": 0,
        "primaryDiskType": "inherit",
        "backupPlanId": 0,
        "primaryStorageReadBytesSec": None,
        "primaryStorageWriteBytesSec": None,
        "primaryStorageReadIopsSec": None,
        "primaryStorageWriteIopsSec": None,
        "primaryStorageProfile": 1,
        "primaryNetworkProfile": 0,
        "created": "2024-03-12T22:41:31.000000Z",
    }
    return {**raw, **{PACKAGE_PLACES.get(name, name): value for name, value in changes.items()}}


def row(server_id: int, name: str, **changes: Any) -> dict[str, Any]:
    """Return a server as the list shows it."""
    return {
        "id": server_id,
        "uuid": f"00000000-0000-4000-8000-{server_id:012}",
        "name": name,
        "commissioned": 3,
        "owner": 4,
        "hypervisorId": 6,
        "suspended": False,
        "protected": False,
        "updated": "2024-04-02T10:15:10+00:00",
        "created": "2024-03-30T14:41:27+00:00",
        **changes,
    }


def user_row(server_id: int, name: str, **changes: Any) -> dict[str, Any]:
    """Return a server as the list of a user's servers shows it: a third shape."""
    return {
        "id": server_id,
        "ownerId": 4,
        "hypervisorId": 6,
        "name": name,
        "hostname": f"{name}.example.com",
        "commissionStatus": 3,
        "uuid": f"00000000-0000-4000-8000-{server_id:012}",
        "state": "complete",
        "suspended": False,
        "protected": False,
        "buildFailed": False,
        "backup_plan": None,
        "resources": {"memory": 2048, "storage": 10, "traffic": 200, "cpuCores": 1},
        "network": {"interfaces": [{"inAverage": 0, "outAverage": 0, "ipv4": []}]},
        **changes,
    }


def page(*rows: Any, number: int = 1, pages: int = 1, total: int | None = None) -> dict[str, Any]:
    """Return one page of a list. Its links use the panel's internal address."""
    return {
        "current_page": number,
        "data": list(rows),
        "last_page": pages,
        "next_page_url": f"https://192.0.2.1/api/v1/servers?page={number + 1}",
        "per_page": 200,
        "total": len(rows) if total is None else total,
    }


def options(spec: ArgumentSpec, **changes: Any) -> dict[str, Any]:
    """Return a module's options after argument validation."""
    return with_defaults(spec, **{**CONNECTION, **changes})
