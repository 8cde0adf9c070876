# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Seeded servers, and the new server that they and `POST /servers` start from."""

from __future__ import annotations

import random
import uuid
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from ipaddress import IPv4Address
from typing import Any

from .records import Disk, Interface, Package, Resources, Server
from .state import PASSWORD_LETTERS, State
from .words import ADJECTIVES, NOUNS

FIRST_DAY = datetime(2024, 4, 1, 8, 0, 0, tzinfo=timezone.utc)
PUBLIC_BLOCK, PRIVATE_BLOCK, SMALL_BLOCK, V6_BLOCK = 1, 2, 3, 4
XML_SECTIONS = ("domain", "os", "devices", "features", "clock", "cpuTune")
DEFAULT_TEMPLATE = 49

SPECIAL: dict[int, dict[str, Any]] = {
    4: {"name": "Twin"},
    5: {"name": "UPPER lower Mixed"},
    6: {"name": "Bücher-Läden 日本"},
    7: {"suspended": True, "powered": False},
    8: {"commissionStatus": 0, "state": "allocated", "built": None, "powered": False},
    9: {"name": "Twin"},
    10: {"commissionStatus": 2, "state": "failed", "built": None, "powered": False},
}
"""Servers that differ by design. 4 and 9 share a name, 7 is suspended, 8 is unbuilt, 10 has failed."""

OVERRIDES: dict[int, dict[str, Any]] = {
    11: {"storage": 200},
    12: {"memory": 3072, "cpuCores": 3, "traffic": 1500},
    13: {"speedIn": 6250, "speedOut": 3125},
}
"""Values that differ from the server's package. The disk of 11 is bigger than that of "Cloud 4"."""


def seed_server(state: State, seed: int) -> None:
    """Add the next seeded server."""
    number = state.next_id("server")
    generator = random.Random(f"{seed}:server:{number}")
    # Mostly small packages, so that a move to "Cloud 4" changes something. Every tenth server has "Cloud 4".
    package = state.packages[3 if number % 10 == 0 else 1 + number % 2]
    created = FIRST_DAY + timedelta(minutes=generator.randrange(60 * 24 * 270))
    server = new_server(state, number, generator, package, created.isoformat())
    server["ownerId"] = 1 + number % len(state.users)
    server["hypervisorId"] = 1 + number % len(state.hypervisors)
    server["name"] = _name(number, seed)
    server["hostname"] = f"host{number}.example.com" if number % 3 else None
    built = (created + timedelta(minutes=2)).isoformat()
    server.update(
        {
            "commissionStatus": 3,
            "state": "complete",
            "built": built,
            "updated": built,
            "powered": True,
            "osTemplateId": DEFAULT_TEMPLATE,
            "lastTask": built,
        }
    )
    server["resources"].update(_overrides(number))  # type: ignore[typeddict-item]
    server.update(SPECIAL.get(number, {}))  # type: ignore[typeddict-item]
    if not server["commissionStatus"]:
        server.update({"osTemplateId": 0, "lastTask": None, "updated": server["created"]})
    server["live"] = live_resources(server)
    server["primary"]["ipv4"].append(
        {
            "id": state.next_id("ipv4"),
            "block": PUBLIC_BLOCK,
            "address": str(IPv4Address("10.20.0.9") + number),
        }
    )
    if number % 4 == 1:
        add_ipv6(state, server["primary"], number)
    if number % 10 == 2:
        server["secondary"] = _secondary(state, number, generator)
    server["sshKeys"] = [
        key["id"] for key in state.ssh_keys.values() if key["userId"] == server["ownerId"]
    ][:1]
    state.servers[number] = server


def new_server(
    state: State, number: int, generator: random.Random, package: Package, created: str
) -> Server:
    """Return a new server: allocated, not built, without a name (virtfusion 1.6)."""
    return {
        "id": number,
        "uuid": str(uuid.UUID(int=generator.getrandbits(128), version=4)),
        "name": "",
        "hostname": None,
        "ownerId": 0,
        "hypervisorId": 0,
        "packageId": package["id"],
        "commissionStatus": 0,
        "state": "allocated",
        "suspended": False,
        "protected": False,
        "buildFailed": False,
        "built": None,
        "created": created,
        "updated": created,
        "deleteAt": None,
        "doNotDisturb": False,
        "powered": False,
        "guestAgent": True,
        "hiddenReads": 0,
        "overlay": {},
        "resources": resources_of(package),
        "live": {},
        "deferred": [],
        "cpuThrottle": 0,
        "backupAccess": "inherit",
        "osTemplateId": 0,
        "passwordSerial": 0,
        "disks": [new_disk(state, 0, package["primaryStorageProfile"], created, primary=True)],
        "primary": new_interface(state, "eth0", generator),
        "secondary": None,
        "tasks": [],
        "lastTask": None,
        "trafficBlocks": [],
        "vnc": {
            "port": 5900 + number % 1000,
            "password": "".join(generator.choices(PASSWORD_LETTERS, k=8)),
            "token": str(uuid.UUID(int=generator.getrandbits(128), version=4)),
        },
        "customXml": {section: {"xml": "", "enabled": False} for section in XML_SECTIONS},
        "sshKeys": [],
        "packId": None,
    }


def resources_of(package: Package) -> Resources:
    """Return the eleven aspects of a package (virtfusion 2.5)."""
    return {
        "backupPlan": package["backupPlanId"] or None,
        "cpuCores": package["cpuCores"],
        "memory": package["memory"],
        "storage": package["primaryStorage"],
        "readIops": package["primaryStorageReadIopsSec"],
        "writeIops": package["primaryStorageWriteIopsSec"],
        "readBytes": package["primaryStorageReadBytesSec"],
        "writeBytes": package["primaryStorageWriteBytesSec"],
        "speedIn": package["primaryNetworkSpeedIn"],
        "speedOut": package["primaryNetworkSpeedOut"],
        "traffic": package["traffic"],
    }


def live_resources(server: Server) -> dict[str, int]:
    """Return the memory and cores of a machine that starts now."""
    resources = server["resources"]
    return {"memory": resources["memory"], "cpuCores": resources["cpuCores"]}


def new_disk(state: State, capacity: int, profile: int, created: str, primary: bool) -> Disk:
    """Return a disk. An additional one has status 1 until a power transition (virtfusion 1.6)."""
    return {
        "id": state.next_id("disk"),
        "capacity": capacity,
        "profile": profile,
        "status": 3 if primary else 1,
        "enabled": primary,
        "created": created,
        "updated": created,
    }


def new_interface(state: State, name: str, generator: random.Random) -> Interface:
    """Return a network interface without addresses."""
    return {
        "id": state.next_id("interface"),
        "tag": generator.randrange(1_000_000_000, 9_999_999_999),
        "name": name,
        "mac": "00:" + ":".join(f"{generator.randrange(256):02X}" for dummy in range(5)),
        "ipv4": [],
        "ipv6": [],
        "whitelist": [],
        "firewallEnabled": False,
        "rulesets": [],
    }


def _overrides(number: int) -> dict[str, Any]:
    if number in OVERRIDES:
        return OVERRIDES[number]
    if number > 13 and number % 9 == 0:
        return {"storage": 120}
    if number > 13 and number % 7 == 0:
        return {"memory": 1536, "traffic": 0}
    return {}


def _name(number: int, seed: int) -> str:
    """Return a name such as `web01` or `db01`, or two random words, as the panel chooses them."""
    row, kind = divmod(number, 5)
    if kind in (1, 2):
        return f"web{2 * row + kind:02}"
    if kind == 3:
        return f"db{row + 1:02}"
    names = random_names(seed)
    again, index = divmod(2 * row + (kind == 4), len(names))
    return names[index] if not again else f"{names[index]} {again + 1}"


@lru_cache(maxsize=4)
def random_names(seed: int) -> list[str]:
    """Return unique pairs of words, in an order that depends on the seed."""
    names = [f"{adjective} {noun}".title() for adjective in ADJECTIVES for noun in NOUNS]
    random.Random(f"{seed}:names").shuffle(names)
    return names


def add_ipv6(state: State, interface: Interface, number: int) -> None:
    """Add an IPv6 subnet to an interface, derived from the server's number."""
    interface["ipv6"].append(
        {
            "id": state.next_id("ipv6"),
            "block": V6_BLOCK,
            "subnet": f"2001:db8:20:{number:x}::",
        }
    )


def _secondary(state: State, number: int, generator: random.Random) -> Interface:
    interface = new_interface(state, "eth1", generator)
    interface["ipv4"].append(
        {
            "id": state.next_id("ipv4"),
            "block": PRIVATE_BLOCK,
            "address": str(IPv4Address("10.30.0.9") + number),
        }
    )
    return interface
