# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Seeded VPSs. Some differ by design:

4 and 9 share a hostname, 7 is suspended, 8 is locked, 10 is in rescue mode, 11 has two disks, the values of 12 and 13
differ from their plan, 14 is off.
"""

from __future__ import annotations

import random
import uuid
from typing import Any

from ..clock import START
from .state import Row, State, fake_secret
from .tasks import COMPLETED, FAILED, RUNNING, add_task

USED_PLANS = 7
"""Number of the first plans, over which the VPSs are spread."""

SPECIAL: dict[int, dict[str, Any]] = {
    7: {"suspended": "1", "suspend_reason": "Invoice unpaid", "status": 2, "machine_status": "2"},
    8: {"locked": "1"},
    9: {"hostname": "vps4.example.com"},
    10: {"rescue": "1"},
    12: {"ram": "3072", "cores": "3"},
    13: {"bandwidth": "0", "network_speed": "0"},
    14: {"status": 0, "machine_status": "0"},
}


def seed_vps(state: State, seed: int) -> None:
    """Seed one more VPS. Its values depend on its number and the seed only."""
    number = state.next_id("vps")
    generator = random.Random(f"{seed}:vps:{number}")
    plan = state.plans[1 + generator.randrange(USED_PLANS)]
    if number in (12, 13):
        plan = state.plans[2]
    users = list(state.users)
    key, address = state.new_address()
    row: Row = {
        "vpsid": str(number),
        "vps_name": f"v{1000 + number}",
        "uuid": str(uuid.UUID(int=generator.getrandbits(128), version=4)),
        "serid": str(generator.randrange(len(state.servers))),
        "plid": plan["plid"],
        "uid": str(users[1 + number % (len(users) - 1)]),
        "osid": "270" if number % 3 else "100",
        "hostname": f"vps{number}.example.com",
        **{name: plan[name] for name in ("virt", "space", "ram", "swap", "burst", "cores", "cpu")},
        **{name: plan[name] for name in ("cpu_percent", "io", "bandwidth")},
        "used_bandwidth": f"{generator.random() * 100:.2f}",
        "network_speed": plan["network_speed"],
        "upload_speed": plan["upload_speed"],
        "suspended": "0",
        "suspend_reason": "",
        "locked": "0",
        "lock_reason": "",
        "nw_suspended": "0",
        "rescue": "0",
        "busy_with": "",
        "status": 1,
        "machine_status": "1",
        "ips": {key: address},
        **_further_addresses(state, number),
        "vnc": plan["vnc"],
        "vnc_passwd": fake_secret("vnc", number),
        "disks": _disks(number, int(plan["space"])),
        "data": {
            "crypted_pass": fake_secret("crypted-pass", number),
            "crypted_salt": fake_secret("crypted-salt", number),
            "encrypted_pass": fake_secret("encrypted-pass", number),
        },
        "time": str(int(START.timestamp()) - 30 * 86400 + number * 60),
        **SPECIAL.get(number, {}),
    }
    row["space"] = str(sum(int(disk["size"]) for disk in row["disks"].values()))
    state.vs[number] = row


def _further_addresses(state: State, number: int) -> Row:
    """Return the maps beside `ips`, which have keys of their own (OBSERVED, virtualizor 3.4); many are empty.

    Each fourth VPS has an IPv6 address, each eighth an IPv6 subnet, each fifth an internal address.
    """

    def one(kind: str, has: bool, address: str) -> Row:
        return {str(state.next_id(kind)): address} if has else {}

    return {
        "ips6": one("ip6", number % 4 == 1, f"2001:db8:60::{number:x}"),
        "ips6_subnet": one("ip6_subnet", number % 8 == 3, f"2001:db8:61:{number:x}::/64"),
        "ips_int": one("ip_int", number % 5 == 2, f"172.16.{number // 250}.{number % 250 + 1}"),
    }


def seed_tasks(state: State) -> None:
    """Seed one task of each kind."""
    kinds = (("addvs", COMPLETED), ("resizevps", FAILED), ("rebuildvs", RUNNING))
    for vps, (action, text) in zip(state.vs.values(), kinds, strict=False):
        data = {"rootpass": fake_secret("root-pass", vps["vpsid"])}
        add_task(state, vps, action, text, int(vps["time"]), data)


def _disks(number: int, size: int) -> dict[str, Row]:
    """Return the disks by key. VPS 11 has a second one."""
    sizes = [size, 30] if number == 11 else [size]
    return {
        f"{number * 10 + place}": {
            "did": f"{number * 10 + place}",
            "size": str(disk),
            "primary": "0" if place else "1",
            "path": f"/dev/vg/v{1000 + number}-{place}",
        }
        for place, disk in enumerate(sizes)
    }
