# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The seeded panel around the servers: packages, hypervisors, address blocks, users, keys, packs.

The same seed gives the same panel. With more servers the first ones are the same, except for owner and hypervisor.
"""

from __future__ import annotations

import math
import random
from typing import Any

from ..clock import Clock
from .records import Hypervisor, Package, User
from .seed_servers import PUBLIC_BLOCK, SMALL_BLOCK, seed_server
from .state import State

SERVERS_PER_HYPERVISOR = 150
SERVERS_PER_USER = 5
KEY_TYPE = "ssh-ed25519"

PACKAGES: list[dict[str, Any]] = [
    {"name": "Cloud 1", "memory": 1024, "cores": 1, "disk": 20, "traffic": 1000, "speed": 12500},
    {"name": "Cloud 2", "memory": 2048, "cores": 2, "disk": 40, "traffic": 2000, "speed": 25000},
    {"name": "Cloud 4", "memory": 4096, "cores": 4, "disk": 80, "traffic": 4000, "speed": 50000},
    {
        "name": "Cloud 8",
        "memory": 8192,
        "cores": 8,
        "disk": 160,
        "traffic": 8000,
        "speed": 125000,
        "backupPlanId": 1,
    },
    {
        "name": "Database 4",
        "memory": 8192,
        "cores": 4,
        "disk": 60,
        "traffic": 0,
        "speed": 0,
        "backupPlanId": 2,
        "primaryStorageReadIopsSec": 5000,
        "primaryStorageWriteIopsSec": 2500,
        "primaryStorageReadBytesSec": 209715200,
        "primaryStorageWriteBytesSec": 104857600,
    },
    {"name": "Legacy", "memory": 1024, "cores": 1, "disk": 10, "traffic": 500, "speed": 0},
    {"name": "Legacy", "memory": 1536, "cores": 1, "disk": 15, "traffic": 500, "speed": 0},
    {
        "name": "Retired",
        "memory": 2048,
        "cores": 2,
        "disk": 30,
        "traffic": 1000,
        "speed": 12500,
        "enabled": False,
    },
]
"""Two packages share a name, one is disabled, one limits IOPS and throughput."""

USERS: list[dict[str, Any]] = [
    {"name": "Panel Admin", "admin": True},
    {"name": "Ada Byron", "ext": 1001, "selfService": 3, "usage": True, "currency": "USD"},
    {"name": "Grace Murray", "ext": 1002, "rel": "client-1002", "selfService": 1},
    {"name": "Edsger Wybe", "rel": "acme/eu-west"},
    {"name": "No Relation"},
    {"name": "Dormant Dana", "ext": 1003, "suspended": True},
]
"""Users with an external ID, a relation string, both, and neither. The last one is suspended."""


def build(clock: Clock, servers: int, seed: int) -> State:
    """Return the seeded state."""
    state = State(clock, seed)
    _packages(state)
    _compute(state, servers)
    _ip_blocks(state)
    _users(state, servers, seed)
    _packs(state)
    for dummy in range(servers):
        seed_server(state, seed)
    return state


def _packages(state: State) -> None:
    for number, spec in enumerate(PACKAGES):
        package: Package = {
            "id": state.next_id("package"),
            "name": spec["name"],
            "description": None,
            "enabled": spec.get("enabled", True),
            "memory": spec["memory"],
            "primaryStorage": spec["disk"],
            "traffic": spec["traffic"],
            "cpuCores": spec["cores"],
            "primaryNetworkSpeedIn": spec["speed"],
            "primaryNetworkSpeedOut": spec["speed"],
            "primaryDiskType": "inherit",
            "backupPlanId": spec.get("backupPlanId", 0),
            "primaryStorageReadBytesSec": spec.get("primaryStorageReadBytesSec"),
            "primaryStorageWriteBytesSec": spec.get("primaryStorageWriteBytesSec"),
            "primaryStorageReadIopsSec": spec.get("primaryStorageReadIopsSec"),
            "primaryStorageWriteIopsSec": spec.get("primaryStorageWriteIopsSec"),
            "primaryStorageProfile": 1,
            "primaryNetworkProfile": 0,
            "created": f"2024-03-{number + 1:02}T09:30:00+00:00",
            "serverLimit": None,
        }
        state.packages[package["id"]] = package


def _compute(state: State, servers: int) -> None:
    for number, name in enumerate(("Default", "Amsterdam", "Staging"), start=1):
        state.groups[number] = {
            "id": state.next_id("group"),
            "name": name,
            "description": None if number > 1 else "Default hypervisor group",
            "distributionType": 5,
            "enabled": True,
            "default": number == 1,
            "ipv4Block": SMALL_BLOCK if number == 3 else PUBLIC_BLOCK,
            "created": f"2024-02-{number:02}T08:00:00+00:00",
            "updated": f"2024-02-{number:02}T08:05:00+00:00",
        }
    for number in range(1, max(6, math.ceil(servers / SERVERS_PER_HYPERVISOR)) + 1):
        state.hypervisors[number] = _hypervisor(state, number)


def _hypervisor(state: State, number: int) -> Hypervisor:
    ceph = {
        "id": number,
        "name": "Ceph RBD",
        "enabled": 0,
        "path": None,
        "units": "GB",
        "storageType": 2,
        "isDatastore": True,
        "max": 10000,
    }
    return {
        "id": state.next_id("hypervisor"),
        "name": f"HV {number}",
        "ip": f"10.10.{number // 250}.{number % 250 + 1}",
        "groupId": 3 if number == 6 else 2 if number == 5 else 1,
        "enabled": True,
        "maintenance": number == 6,
        "prohibit": False,
        "reachable": True,
        "maxServers": 0,
        "maxCpu": 4096,
        "maxMemory": 4194304,
        "maxStorage": 200000,
        "storageType": number % 2,
        "otherStorage": [ceph] if number % 3 == 0 else [],
        "created": "2024-02-10T10:00:00+00:00",
        "updated": "2024-06-28T21:22:01+00:00",
    }


def _ip_blocks(state: State) -> None:
    v4 = (
        ("10.20.0.0/16", "10.20.0.1", "255.255.0.0", ["10.20.0.10", "10.20.255.250"]),
        ("10.30.0.0/16 private", "10.30.0.1", "255.255.0.0", ["10.30.0.10", "10.30.255.250"]),
        ("10.40.0.0/28 small", "10.40.0.1", "255.255.255.240", ["10.40.0.2", "10.40.0.6"]),
    )
    for name, gateway, netmask, span in v4:
        number = state.next_id("ip_block")
        state.ip_blocks[number] = {
            "id": number,
            "type": 4,
            "name": name,
            "gateway": gateway,
            "netmask": netmask,
            "subnet": None,
            "resolver1": "8.8.8.8",
            "resolver2": "8.8.4.4",
            "ranges": [span],
            "created": "2024-03-12T22:40:23+00:00",
            "updated": "2024-12-06T21:53:15+00:00",
        }
    number = state.next_id("ip_block")
    state.ip_blocks[number] = {
        "id": number,
        "type": 6,
        "name": "V6 Default",
        "gateway": "2001:db8:20::1",
        "netmask": None,
        "subnet": "2001:db8:20::",
        "resolver1": "2001:4860:4860::8888",
        "resolver2": "2001:4860:4860::8844",
        "ranges": [],
        "created": "2024-03-12T22:45:00+00:00",
        "updated": "2024-12-06T21:53:15+00:00",
    }


def _users(state: State, servers: int, seed: int) -> None:
    generator = random.Random(f"{seed}:users")
    more = max(0, math.ceil(servers / SERVERS_PER_USER) - len(USERS))
    specs = USERS + [{"name": f"Customer {n}", "ext": 2000 + n} for n in range(1, more + 1)]
    for spec in specs:
        user = _user(state, spec)
        state.users[user["id"]] = user
        for key_number in range(1, 3 if user["id"] in (1, 2) else 1):
            key_id = state.next_id("ssh_key")
            blob = "AAAAC3NzaC1lZDI1NTE5AAAAI" + "".join(
                generator.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef0123456789", k=43)
            )
            state.ssh_keys[key_id] = {
                "id": key_id,
                "userId": user["id"],
                "name": f"Key {key_number}",
                "publicKey": f"{KEY_TYPE} {blob}",
                "enabled": key_number == 1,
                "created": "2024-03-13T20:28:32+00:00",
                "updated": "2024-03-13T20:28:32+00:00",
            }


def _user(state: State, spec: dict[str, Any]) -> User:
    number = state.next_id("user")
    used = {
        "2025-01": {"serverHours": 1488, "serverTokens": 893.5, "addonTokens": 12.25},
        "2025-02": {"serverHours": 24, "serverTokens": 14.4, "addonTokens": 0.0},
    }
    return {
        "id": number,
        "admin": spec.get("admin", False),
        "extRelationId": spec.get("ext"),
        "relStr": spec.get("rel"),
        "selfService": spec.get("selfService", 0),
        "selfServiceHourlyCredit": False,
        "selfServiceHourlyGroupProfiles": [],
        "selfServiceResourceGroupProfiles": [],
        "selfServiceHourlyResourcePack": None,
        "name": spec["name"],
        "email": spec["name"].lower().replace(" ", ".") + "@example.com",
        "timezone": "Europe/London",
        "suspended": spec.get("suspended", False),
        "twoFactorAuth": False,
        "currency": spec.get("currency"),
        "created": "2024-03-12T22:22:09+00:00",
        "updated": "2025-01-15T11:01:18+00:00",
        "serverLimit": None,
        "usage": used if spec.get("usage") else {},  # type: ignore[typeddict-item]
    }


def _packs(state: State) -> None:
    """Seed one resource pack, of the user who has self service of both kinds."""
    number = state.next_id("pack")
    state.packs[number] = {
        "id": number,
        "pid": 1,
        "userId": 2,
        "name": "Pack 1",
        "enabled": True,
        "limits": dict(PACK_LIMITS[1]),
    }


PACK_LIMITS: dict[int, dict[str, int]] = {
    1: {
        "total_servers": 5,
        "total_memory": 16384,
        "total_storage": 400,
        "total_cpu": 24,
        "total_traffic": 1000000,
        "max_memory": 8192,
        "max_storage": 160,
        "max_cpu": 8,
        "max_traffic": 500000,
    },
    2: {
        "total_servers": 2,
        "total_memory": 4096,
        "total_storage": 100,
        "total_cpu": 8,
        "total_traffic": 200000,
        "max_memory": 4096,
        "max_storage": 80,
        "max_cpu": 4,
        "max_traffic": 100000,
    },
}
"""The resource limit profiles that packs are made from, by `packId` of the request (virtfusion 5.3)."""
