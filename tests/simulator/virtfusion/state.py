# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The panel's state: collections of records, their IDs, and values derived from them.

Sums (allocated resources of a hypervisor, used addresses) are cached, so that a read stays cheap with ten thousand
servers. A change drops the caches.
"""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from collections.abc import Mapping
from ipaddress import IPv4Address
from typing import Any, TypedDict

from ..clock import Clock
from .records import (
    Credit,
    Group,
    Hypervisor,
    IpBlock,
    Ipv4,
    Job,
    Pack,
    Package,
    Server,
    SshKey,
    User,
)

PASSWORD_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"

BACKUP_PLANS = {1: "Daily", 2: "Weekly"}
"""Backup plans by ID. No operation lists them; the server read shows their names."""


class Allocated(TypedDict):
    """The allocated resources of a hypervisor."""

    servers: int
    memory: int
    cpuCores: int
    storage: int


class State:
    """All records. IDs are never reused."""

    def __init__(self, clock: Clock, seed: int) -> None:
        self.clock = clock
        self.random = random.Random(f"{seed}:later")
        self.servers: dict[int, Server] = {}
        self.packages: dict[int, Package] = {}
        self.users: dict[int, User] = {}
        self.groups: dict[int, Group] = {}
        self.hypervisors: dict[int, Hypervisor] = {}
        self.ip_blocks: dict[int, IpBlock] = {}
        self.ssh_keys: dict[int, SshKey] = {}
        self.packs: dict[int, Pack] = {}
        self.credits: dict[int, Credit] = {}
        self.jobs: dict[int, Job] = {}
        self.open_jobs: dict[int, list[Job]] = {}
        """Unfinished jobs by server, the running one first."""
        self.deletions: set[int] = set()
        """Servers with a scheduled deletion."""
        self._last_ids: defaultdict[str, int] = defaultdict(int)
        self.forget_derived()

    def collections(self) -> dict[str, dict[str, Any]]:
        """Return the collections by name, for the control path."""
        collections: dict[str, Mapping[int, Any]] = {
            "servers": self.servers,
            "packages": self.packages,
            "users": self.users,
            "groups": self.groups,
            "hypervisors": self.hypervisors,
            "ip_blocks": self.ip_blocks,
            "ssh_keys": self.ssh_keys,
            "packs": self.packs,
            "credits": self.credits,
            "jobs": self.jobs,
        }
        return {
            name: {str(key): record for key, record in records.items()}
            for name, records in collections.items()
        }

    def next_id(self, kind: str) -> int:
        """Return a new id of this kind."""
        self._last_ids[kind] += 1
        return self._last_ids[kind]

    # Secrets and other random values of the running panel

    def password(self, length: int) -> str:
        """Return a new password."""
        return "".join(self.random.choices(PASSWORD_LETTERS, k=length))

    def uuid(self) -> str:
        """Return a new UUID."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    # Derived facts

    def forget_derived(self) -> None:
        """Drop every index and sum."""
        self._by_hypervisor: dict[int, list[Server]] | None = None
        self._by_owner: dict[int, list[Server]] | None = None
        self._allocated: dict[int, Allocated] = {}
        self._taken: dict[int, set[str]] | None = None

    def resources_changed(self, server: Server) -> None:
        """Drop the sums of a server's hypervisor after its size changed."""
        self._allocated.pop(server["hypervisorId"], None)

    def on_hypervisor(self, hypervisor_id: int) -> list[Server]:
        """Return servers of a hypervisor."""
        if self._by_hypervisor is None:
            self._by_hypervisor = defaultdict(list)
            for server in self.servers.values():
                self._by_hypervisor[server["hypervisorId"]].append(server)
        return self._by_hypervisor.get(hypervisor_id, [])

    def owned_by(self, user_id: int) -> list[Server]:
        """Return servers of a user."""
        if self._by_owner is None:
            self._by_owner = defaultdict(list)
            for server in self.servers.values():
                self._by_owner[server["ownerId"]].append(server)
        return self._by_owner.get(user_id, [])

    def allocated(self, hypervisor_id: int) -> Allocated:
        """Return the allocated resources of a hypervisor."""
        if hypervisor_id not in self._allocated:
            servers = self.on_hypervisor(hypervisor_id)
            self._allocated[hypervisor_id] = {
                "servers": len(servers),
                "memory": sum(server["resources"]["memory"] for server in servers),
                "cpuCores": sum(server["resources"]["cpuCores"] for server in servers),
                "storage": sum(
                    server["resources"]["storage"]
                    + sum(disk["capacity"] for disk in server["disks"][1:])
                    for server in servers
                ),
            }
        return self._allocated[hypervisor_id]

    # Addresses

    def taken(self, block_id: int) -> set[str]:
        """Return the used addresses of a block."""
        if self._taken is None:
            self._taken = defaultdict(set)
            for server in self.servers.values():
                for interface in (server["primary"], server["secondary"]):
                    for row in interface["ipv4"] if interface else ():
                        self._taken[row["block"]].add(row["address"])
        return self._taken[block_id]

    def free_addresses(self, block_id: int, count: int) -> list[str]:
        """Return the first free addresses of a block, fewer if the block is nearly full."""
        taken = self.taken(block_id)
        found: list[str] = []
        for first, last in self.ip_blocks[block_id]["ranges"]:
            for number in range(int(IPv4Address(first)), int(IPv4Address(last)) + 1):
                if len(found) == count:
                    return found
                address = str(IPv4Address(number))
                if address not in taken:
                    found.append(address)
        return found

    def addresses_in(self, block_id: int) -> int:
        """Return how many IPv4 addresses a block has."""
        return sum(
            int(IPv4Address(last)) - int(IPv4Address(first)) + 1
            for first, last in self.ip_blocks[block_id]["ranges"]
        )

    def used_subnets(self, block_id: int) -> int:
        """Return how many IPv6 subnets of a block servers have."""
        return sum(
            row["block"] == block_id
            for server in self.servers.values()
            for interface in (server["primary"], server["secondary"])
            for row in (interface["ipv6"] if interface else ())
        )

    def block_of(self, address: str) -> int | None:
        """Return the IPv4 block that has an address."""
        number = int(IPv4Address(address))
        for block in self.ip_blocks.values():
            for first, last in block["ranges"]:
                if int(IPv4Address(first)) <= number <= int(IPv4Address(last)):
                    return block["id"]
        return None

    def new_ipv4(self, block_id: int, address: str) -> Ipv4:
        """Return a row for an address that a server gets."""
        self.taken(block_id).add(address)
        return {"id": self.next_id("ipv4"), "block": block_id, "address": address}
