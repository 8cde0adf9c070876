# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The seeded state: flavors of two generations and servers on them.

Servers are numbered from 1 in the order of purchase, so the list shows the highest number first. Some differ by
design: see `STATUSES` and `NAMESAKES`.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from typing import Any

from ..clock import Clock
from .accounts import Account
from .records import Phone, PhoneModel, Server, ServerModel
from .state import State

SERVER_MODELS: tuple[dict[str, Any], ...] = (
    {"name": "physical.rx1.xlarge", "type": "Hi1616", "generation": "rx1"},
    {"name": "physical.rx1.xlarge.lite", "type": "Hi1616", "generation": "rx1", "memory": 192},
    {"name": "physical.rx1.xlarge.special", "type": "Hi1616", "generation": "rx1", "memory": 512},
    {"name": "physical.rx1.xlarge.cg", "type": "Hi1616", "generation": "rx1", "gaming": True},
    {"name": "physical.kg1.4xlarge.cp", "type": "Kunpeng 920", "generation": "kg1", "cpu": 128},
    {
        "name": "physical.kg1.4xlarge.special",
        "type": "Kunpeng 920",
        "generation": "kg1",
        "cpu": 128,
        "memory": 512,
        "free": 0,
    },
    {
        "name": "physical.rx1.xlarge.private",
        "type": "Hi1616",
        "generation": "rx1",
        "listed": False,
    },
)
"""Server flavors: six that are listed, one of them sold out, and a private one."""

PHONE_MODELS: tuple[tuple[str, str, int, float, dict[str, Any]], ...] = (
    ("physical.rx1.xlarge", "rx1.cp.c6.d10.e1v1", 6, 300.0, {}),
    ("physical.rx1.xlarge", "rx1.cp.c4.d16.e1v1", 4, 300.0, {"disk": 16, "memory": 6144}),
    ("physical.rx1.xlarge", "rx1.cp.c6.d6.old", 6, 250.0, {"disk": 6, "status": 0}),
    ("physical.rx1.xlarge.lite", "rx1.cp.lt.c6.d8.e1v1", 6, 210.0, {"disk": 8, "memory": 3072}),
    ("physical.rx1.xlarge.special", "rx1.cp.sp.c6.d12.e6v6", 6, 420.5, {"disk": 12}),
    ("physical.rx1.xlarge.special", "rx1.cp.sp.c4.d20.e4v4", 4, 420.5, {"disk": 20}),
    ("physical.rx1.xlarge.cg", "rx1.cg.c3.d30.e1v1", 3, 500.0, {"disk": 30, "memory": 8192}),
    ("physical.kg1.4xlarge.cp", "kg1.cp.c6.d10.e1v1", 6, 380.0, {}),
    ("physical.kg1.4xlarge.cp", "kg1.cp.c5.d16.e1v1", 5, 380.0, {"disk": 16}),
    ("physical.kg1.4xlarge.special", "kg1.max", 6, 460.0, {"disk": 14}),
    ("physical.rx1.xlarge.private", "rx1.cp.pv.c6.d10", 6, 280.0, {"listed": False}),
)
"""Server flavor, phone flavor, phones on one server, monthly price of a server, and other differences."""

SEEDED_PAIRS = (0, 4, 1, 7, 3, 8, 9, 6)
"""Flavors of the servers in a repeating order: positions in `PHONE_MODELS`."""

NORMAL = 5
STATUSES = {5: 10, 6: 8, 7: 0, 8: 2, 10: 6}
"""Server 5 is stopped, 6 frozen, 7 being created, 8 abnormal, 10 gone (huaweicloud_cph 2.7)."""
NAMESAKES = {4: "farm-twin", 9: "farm-twin"}
CREATING, GONE, FROZEN, STOPPED = 0, 6, 8, 10
PHONE_STATUSES = {NORMAL: 2, CREATING: 1, FROZEN: 6, STOPPED: 8}
ABNORMAL_PHONE = -7
FIRST_PURCHASE = datetime(2024, 3, 1, 8, 0, 0, tzinfo=timezone.utc)


def build(clock: Clock, account: Account, servers: int, seed: int) -> State:
    """Return the seeded state."""
    state = State(clock, account, seed)
    _identities(state)
    for spec in SERVER_MODELS:
        state.server_models[spec["name"]] = _server_model(spec)
    for pair in PHONE_MODELS:
        row = _phone_model(*pair)
        state.phone_models[f"{row['server_model_name']}:{row['phone_model_name']}"] = row
    generator = random.Random(f"{seed}:huaweicloud")
    for number in range(1, servers + 1):
        _server(state, number, generator)
    return state


def _identities(state: State) -> None:
    """Seed three projects, a permanent and a temporary pair of keys, and two tokens that never expire."""
    account = state.account
    for project_id, name in (
        (account.project_id, account.region),
        (account.subproject_id, f"{account.region}_empty"),
        (account.foreign_project_id, "ap-southeast-1"),
    ):
        state.projects[project_id] = {
            "id": project_id,
            "name": name,
            "description": "",
            "enabled": True,
        }
    for access_key, secret_key, security_token in (
        (account.access_key, account.secret_key, None),
        (account.temporary_access_key, account.temporary_secret_key, account.security_token),
    ):
        state.access_keys[access_key] = {
            "secret_key": secret_key,
            "security_token": security_token,
            "expires": None,
            "failures": 0,
            "locked_until": None,
        }
    for token, scope, scoped in (
        (account.token, "project", account.project_id),
        (account.domain_token, "domain", None),
    ):
        state.tokens[token] = {
            "methods": ["password"],
            "scope": scope,
            "project_id": scoped,
            "issued_at": "2024-01-01T00:00:00.000000Z",
            "expires_at": "9999-12-31T23:59:59.000000Z",
            "expires": None,
            "revoked": False,
        }


def _server_model(spec: dict[str, Any]) -> ServerModel:
    return {
        "server_model_name": spec["name"],
        "server_type": spec["type"],
        "generation": spec["generation"],
        "cpu": spec.get("cpu", 64),
        "memory": spec.get("memory", 256),
        "disk": "6 * 960 GB NVMe SSD" if spec["generation"] == "rx1" else "0",
        "disk_max_num": 0 if spec["generation"] == "rx1" else 4,
        "product_type": int(spec.get("gaming", False)),
        "free_size": spec.get("free", 20),
        "listed": spec.get("listed", True),
    }


def _phone_model(
    server_model: str, phone_model: str, capacity: int, price: float, more: dict[str, Any]
) -> PhoneModel:
    return {
        "server_model_name": server_model,
        "phone_model_name": phone_model,
        "status": more.get("status", 1),
        "cpu": 2,
        "memory": more.get("memory", 4096),
        "disk": more.get("disk", 10),
        "phone_capacity": capacity,
        "product_type": int(".cg" in server_model),
        "listed": more.get("listed", True),
        "monthly_price": price,
    }


def _server(state: State, number: int, generator: random.Random) -> None:
    """Seed one server with the phones of its flavor. Purchases are some hours apart."""
    server_model, phone_model, capacity, *dummy = PHONE_MODELS[
        SEEDED_PAIRS[(number - 1) % len(SEEDED_PAIRS)]
    ]
    server_id = state.new_id("server")
    bought = FIRST_PURCHASE + timedelta(hours=5 * (number - 1), seconds=generator.randrange(3600))
    created = f"{bought:%Y-%m-%dT%H:%M:%SZ}"
    status = STATUSES.get(number, NORMAL)
    own_network = number % 4 == 0
    address = {
        "server_ip": f"10.237.{number // 250}.{number % 250 + 1}",
        "public_ip": f"198.51.100.{number % 250 + 1}",
        "intranet_ip": f"10.237.{number // 250}.{number % 250 + 1}",
        "access_ip": f"198.51.100.{number % 250 + 1}",
    }
    server: Server = {
        "server_id": server_id,
        "server_name": NAMESAKES.get(number, f"farm-{number}"),
        "project_id": state.account.project_id,
        "availability_zone": f"{state.account.region}{'ab'[number % 2]}",
        "server_model_name": server_model,
        "phone_model_name": phone_model,
        "keypair_name": "sim-keypair",
        "status": status,
        "network_version": "v2" if own_network else "v1",
        "vpc_id": state.new_uuid("vpc"),
        "cidr": "10.237.0.0/16",
        "vpc_cidr": "10.237.0.0/16",
        "subnet_id": state.new_uuid("subnet"),
        "subnet_cidr": f"10.237.{number // 250}.0/24",
        "addresses": [address],
        # The project of the service, not the tenant's (huaweicloud_cph 0).
        "resource_project_id": state.new_id("resource project"),
        "metadata": {
            "order_id": f"CS{bought:%y%m%d%H%M}{state.new_id('purchase')[:7].upper()}",
            "product_id": "00301-25217-0--0",
            "charging_mode": int(number % 3 == 0),
        },
        "enterprise_project_id": "0",
        "band_widths": [_bandwidth(state, number, bought)],
        "volumes": [_volume(state, number, created)] if own_network else [],
        "share_volume_info": {"volume_type": "GPSSD", "size": 100, "version": 1},
        "security_groups": [state.new_uuid("security group")] if own_network else [],
        "tags": {"team": "play"} if number <= 2 else {},
        "create_time": created,
        "update_time": created,
    }
    state.servers[server_id] = server
    for place in range(1, (0 if status == GONE else capacity) + 1):
        _phone(state, server, place, generator)


def _bandwidth(state: State, number: int, bought: datetime) -> dict[str, Any]:
    """Return a bandwidth. Only here, times have a space and no zone (huaweicloud_cph 3.1b)."""
    time = f"{bought:%Y-%m-%d %H:%M:%S}"
    return {
        "band_width_id": state.new_uuid("bandwidth"),
        "band_width_name": f"bandwidth-{number}",
        "band_width_size": 300,
        "band_width_charge_mode": number % 2,
        "band_width_share_type": 1,
        "create_time": time,
        "update_time": time,
    }


def _volume(state: State, number: int, created: str) -> dict[str, Any]:
    return {
        "volume_id": state.new_uuid("volume"),
        "volume_name": f"volume-{number}",
        "volume_size": 220,
        "volume_type": "GPSSD",
        "create_time": created,
        "update_time": created,
    }


def _phone(state: State, server: Server, place: int, generator: random.Random) -> None:
    phone_id = state.new_id("phone")
    phone: Phone = {
        "phone_id": phone_id,
        "phone_name": f"{server['server_name']}-{place:05}",
        "server_id": server["server_id"],
        "phone_model_name": server["phone_model_name"],
        "image_id": "5afe000000000000000000000000img1",
        "image_version": "system_v1.0.0",
        "status": PHONE_STATUSES.get(server["status"], ABNORMAL_PHONE),
        # 00 is a test range of equipment numbers, so no such phone exists.
        "imei": f"00{generator.randrange(10**13):013}",
        "custom_property": {"sim.place": str(place)} if place == 1 else {},
        "phone_data_volume": {"volume_type": "GPSSD", "volume_size": 20}
        if server["network_version"] == "v2"
        else None,
        "create_time": server["create_time"],
        "update_time": server["create_time"],
    }
    state.add_phone(phone)
