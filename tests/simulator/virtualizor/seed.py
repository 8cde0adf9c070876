# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The seeded panel around the VPSs: groups, nodes, user plans, VPS plans, users.

The same seed gives the same panel. With more VPSs the first ones are the same, except for the owner.
"""

from __future__ import annotations

import math
from typing import Any

from ..clock import START, Clock
from .columns import PLAN, USER_PLAN
from .php_output import serialize
from .seed_vps import seed_tasks, seed_vps
from .state import Row, State
from .users import new_user

VPS_PER_USER = 5
NODES = ("master", "ams-1", "ams-2")
BEFORE = int(START.timestamp()) - 90 * 86400
"""Creation time of most rows."""

FAKE_KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIFakeKeyForTheSimulatorOnlyAAAAAAAAAAAAAAAAA"

USER_PLANS: list[dict[str, Any]] = [
    # Created in the panel, whose form sets cores 4 and upload speed -1 (virtualizor 2.2).
    {
        "plan_name": "Cloud Starter",
        "type": "2",
        "num_vs": "3",
        "space": "60",
        "ram": "4096",
        "bandwidth": "2000",
        "cpu": "1000",
        "cores": "4",
        "num_cores": "8",
        "num_ipv4": "3",
        "upload_speed": "-1",
        "allowed_virts": "kvm,lxc",
        "sg": "0",
        "mg": "1",
    },
    # Created through the API with a name and a type only.
    {"plan_name": "api_plan"},
    {
        "plan_name": "Cloud Reseller",
        "type": "2",
        "inhouse_billing": "1",
        "max_cost": "49.5",
        "num_vs": "25",
        "num_users": "10",
        "space": "800",
        "ram": "65536",
        "burst": "65536",
        "bandwidth": "20000",
        "cpu": "1000",
        "cores": "8",
        "cpu_percent": "80",
        "num_cores": "64",
        "num_ipv4": "25",
        "num_ipv6": "50",
        "num_ipv6_subnet": "5",
        "allowed_virts": "openvz,kvm,lxc,proxk",
        "network_speed": "12500",
        "upload_speed": "6250",
        "sg": "0,2",
        "mg": "1,3",
        "dnsplid": "1",
        "service_period": "15",
        "band_suspend": "1",
    },
    {"plan_name": "Shared Name", "num_vs": "1", "cores": "4", "upload_speed": "-1", "sg": "0"},
    {"plan_name": "Shared Name", "type": "2", "num_vs": "5", "sg": "2"},
    {"plan_name": "Operators", "type": "1", "aclid": "1"},
    # Uses the columns of newer panels. Without a server group its users can create nothing.
    {
        "plan_name": "Cloud IOPS",
        "type": "2",
        "num_vs": "10",
        "space": "400",
        "ram": "32768",
        "cores": "4",
        "upload_speed": "-1",
        "allowed_virts": "kvm",
        "space_per_vm": "100",
        "total_iops_sec": "2000",
        "read_bytes_sec": "200",
        "write_bytes_sec": "100",
        "num_ip_int": "10",
    },
]
"""Plans 4 and 5 share a name."""

PLANS: list[dict[str, Any]] = [
    {"plan_name": "KVM 1G", "ram": 1024, "cores": 1, "space": 20, "bandwidth": 1000},
    {"plan_name": "KVM 2G", "ram": 2048, "cores": 2, "space": 40, "bandwidth": 2000},
    {"plan_name": "KVM 4G", "ram": 4096, "cores": 4, "space": 80, "bandwidth": 4000},
    {"plan_name": "KVM 8G", "ram": 8192, "cores": 8, "space": 160, "bandwidth": 8000},
    {
        "plan_name": "KVM Database",
        "ram": 8192,
        "cores": 4,
        "space": 100,
        "bandwidth": 0,
        "total_iops_sec": 5000,
        "read_bytes_sec": 200,
        "write_bytes_sec": 100,
    },
    {"plan_name": "LXC 1G", "virt": "lxc", "ram": 1024, "cores": 1, "space": 10, "bandwidth": 500},
    {
        "plan_name": "OpenVZ Legacy",
        "virt": "openvz",
        "ram": 1024,
        "burst": 2048,
        "swap": 0,
        "cores": 1,
        "space": 10,
        "bandwidth": 500,
    },
    {"plan_name": "KVM Unused", "ram": 512, "cores": 1, "space": 10, "bandwidth": 100},
]
"""No VPS has the last one."""

USERS: list[dict[str, Any]] = [
    {"email": "root@panel.example.com", "type": "1", "uplid": "6", "aclid": "1", "fname": "Root"},
    {"email": "ada.byron@example.com", "type": "2", "uplid": "1", "fname": "Ada", "lname": "Byron"},
    {"email": "grace.murray@example.com", "type": "2", "uplid": "3", "fname": "Grace"},
    {"email": "edsger@example.com", "fname": "Edsger"},
    {"email": "edsger@example.com.test", "fname": "Edsger", "lname": "Wybe"},
    {"email": "dormant.dana@example.com", "uplid": "4", "suspended": "1"},
]
"""Seeded users. One email address is the prefix of another; two users have no plan."""


def build(clock: Clock, servers: int, seed: int) -> State:
    """Return the seeded state. It does not depend on the time."""
    state = State(clock)
    _groups(state)
    _nodes(state, servers)
    for spec in USER_PLANS:
        _user_plan(state, spec)
    for spec in PLANS:
        _plan(state, spec)
    _users(state, servers)
    for dummy in range(servers):
        seed_vps(state, seed)
    seed_tasks(state)
    return state


def _groups(state: State) -> None:
    state.server_groups[0] = {
        "sgid": 0,
        "sg_name": "Default",
        "sg_reseller_name": "Default",
        "sg_desc": "Default Group",
        "sg_select": 0,
    }
    state.server_groups[2] = {
        "sgid": "2",
        "sg_name": "amsterdam",
        "sg_reseller_name": "NL",
        "sg_desc": "Nodes in Amsterdam",
        "sg_select": "0",
    }
    for number, name, kind in ((1, "Linux", "kvm"), (3, "Containers", "lxc")):
        state.media_groups[number] = {
            "mgid": str(number),
            "mg_name": name,
            "mg_desc": f"Templates for {kind}",
            "mg_type": kind,
        }


def _nodes(state: State, servers: int) -> None:
    """Seed three nodes with room for the VPSs and some growth."""
    share = max(40, math.ceil(servers / len(NODES)))
    for number, name in enumerate(NODES):
        state.servers[number] = {
            "serid": str(number),
            "server_name": name,
            "virt": "kvm",
            "ip": f"10.50.0.{number + 10}",
            "sgid": "2" if number else "0",
            # OBSERVED key; the form of the value is INFERRED.
            "location": "Amsterdam, NL" if number else "Frankfurt, DE",
            "locked": "0",
            "status": "1",
            "total_ram": str(share * 16384),
            "total_space": str(share * 400),
        }


def _user_plan(state: State, spec: Row) -> None:
    number = state.next_id("user_plan")
    row = {
        column.name: "" if column.kind in ("ids", "virts") else column.default
        for column in USER_PLAN
    }
    state.user_plans[number] = {
        "uplid": str(number),
        **row,
        **spec,
        "date_created": str(BEFORE + number * 3600),
    }


def _plan(state: State, spec: Row) -> None:
    number = state.next_id("plan")
    row = {column.name: column.default for column in PLAN}
    row |= {
        "virt": "kvm",
        "ips": "1",
        "swap": "1024",
        "cpu": "1000",
        "cpu_percent": "100.00",
        "network_speed": "12500",
        "upload_speed": "-1",
        "nic_type": "virtio",
        "io": "3",
        "virtio": "1",
        "dns_nameserver": serialize([]),
        "mgs": "",
        "ippoolid": "",
        "vnc": "1",
    }
    row |= {
        name: value if name in ("plan_name", "virt") else str(value) for name, value in spec.items()
    }
    state.plans[number] = {"plid": str(number), **row, "is_enabled": "1"}


def _users(state: State, servers: int) -> None:
    more = max(0, math.ceil(servers / VPS_PER_USER) - len(USERS))
    customers: list[dict[str, Any]] = [
        {"email": f"customer{number}@example.com", "uplid": "1" if number % 2 else "0"}
        for number in range(1, more + 1)
    ]
    for spec in USERS + customers:
        number = state.next_id("user")
        fields = dict(spec)
        row = new_user(number, fields.pop("email"), BEFORE + number * 60)
        for name in ("fname", "lname"):
            row["preferences"][name] = fields.pop(name, "")
        if number % 2 == 0:
            row["ssh_keys"].append(
                {
                    "keyid": str(number),
                    "uid": str(number),
                    "name": f"key-{number}",
                    "value": f"ssh-ed25519 {FAKE_KEY}",
                }
            )
        state.users[number] = {**row, **fields}
