# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses, whitelist, firewall, traffic, IP blocks."""

from __future__ import annotations

from typing import Any

import pytest

from .api import Api

SERVER, WITHOUT_SECONDARY = 12, 1
ADDRESS = "10.20.0.21"
"""The address of the seeded server 12."""


def addresses(panel: Api, interface: str = "interfaces") -> list[str]:
    """Return the IPv4 addresses of the server."""
    rows = panel.server(SERVER)["network"][interface][0]["ipv4"]
    assert [row["order"] for row in rows] == list(range(1, len(rows) + 1))
    return [row["address"] for row in rows]


def test_addresses_are_counted_in_their_block(panel: Api) -> None:
    before = panel.data("/connectivity/ipblocks/1")["ipv4"]
    assert before["usedTotal"] == 50
    body = {"interface": "primary", "quantity": 3}
    chosen = panel.ok("POST", f"/servers/{SERVER}/ipv4Qty", body).json()["data"]
    assert len(set(chosen)) == 3
    assert addresses(panel) == [ADDRESS, *chosen]
    after = panel.data("/connectivity/ipblocks/1")["ipv4"]
    assert (after["usedTotal"], after["freeTotal"]) == (53, before["freeTotal"] - 3)
    rows = panel.data("/compute/hypervisors/groups/1/resources")
    free = rows[0]["resources"]["network"]["total"]["ipv4"]["free"]
    assert free == after["freeTotal"]


def test_named_addresses_come_and_go(panel: Api) -> None:
    start = panel.server(SERVER)["network"]
    body = {"interface": "primary", "ip": ["10.20.77.1", "10.20.77.2"]}
    panel.ok("POST", f"/servers/{SERVER}/ipv4", body)
    assert addresses(panel) == [ADDRESS, *body["ip"]]
    panel.ok("DELETE", f"/servers/{SERVER}/ipv4", body)
    assert panel.server(SERVER)["network"] == start


def test_secondary_addresses_have_no_block_id(panel: Api) -> None:
    body = {"interface": "secondary", "quantity": 1}
    panel.ok("POST", f"/servers/{SERVER}/ipv4Qty", body)
    assert len(addresses(panel, "secondaryInterfaces")) == 2
    network = panel.server(SERVER)["network"]
    assert "blockId" in network["interfaces"][0]["ipv4"][0]
    assert "blockId" not in network["secondaryInterfaces"][0]["ipv4"][0]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "ipv4", {"ip": [ADDRESS]}),
        ("POST", "ipv4", {"ip": ["8.8.8.8"]}),
        ("POST", "ipv4", {"ip": ["10.20.0.300"]}),
        ("POST", "ipv4", {"ip": "10.20.77.1"}),
        ("POST", "ipv4", {}),
        ("POST", "ipv4", {"interface": "third", "ip": ["10.20.77.1"]}),
        ("DELETE", "ipv4", {"ip": ["10.20.77.1"]}),
        ("POST", "ipv4Qty", {"interface": "primary", "quantity": 0}),
        ("POST", "ipv4Qty", {"quantity": 1}),
        ("POST", "networkWhitelist", {"interface": "primary", "ip": "10.0.0.1"}),
        ("POST", "networkWhitelist", {"interface": "primary", "ip": "ten", "cidr": 32}),
        ("POST", "networkWhitelist", {"interface": "primary", "ip": "10.0.0.1", "cidr": 33}),
        ("POST", "firewall/primary/rules", {"rulesets": [9]}),
        ("POST", "firewall/primary/rules", {"rulesets": 1}),
        ("POST", "traffic/blocks", {"month": 1, "amount": 5}),
        ("POST", "traffic/blocks", {"month": 12}),
    ],
)
def test_refusals(panel: Api, method: str, path: str, body: Any) -> None:
    start = panel.control.digest()
    assert panel.call(method, f"/servers/{SERVER}/{path}", body).status_code == 422
    assert panel.control.digest() == start


def test_a_server_without_a_secondary_interface(panel: Api) -> None:
    path = f"/servers/{WITHOUT_SECONDARY}"
    assert panel.call("GET", f"{path}/firewall/secondary").status_code == 404
    body = {"interface": "secondary", "quantity": 1}
    assert panel.call("POST", f"{path}/ipv4Qty", body).status_code == 422


def test_whitelist(panel: Api) -> None:
    path = f"/servers/{SERVER}/networkWhitelist"
    for ip, cidr in (("10.0.0.0", 24), ("10.0.0.0", 25), ("2001:db8::1", 128)):
        panel.ok("POST", path, {"interface": "primary", "ip": ip, "cidr": cidr})
    shown = panel.server(SERVER)["network"]["interfaces"][0]["ipWhitelist"]
    assert [(entry["type"], entry["ip"], entry["mask"]) for entry in shown] == [
        (4, "10.0.0.0", 24),
        (4, "10.0.0.0", 25),
        (6, "2001:db8::1", 128),
    ]
    panel.ok("DELETE", path, {"interface": "primary", "ip": "10.0.0.0"})
    shown = panel.server(SERVER)["network"]["interfaces"][0]["ipWhitelist"]
    assert [entry["mask"] for entry in shown] == [25, 128]
    gone = panel.call("DELETE", path, {"interface": "primary", "ip": "10.9.9.9"})
    assert gone.status_code == 404


def test_firewall(panel: Api) -> None:
    path = f"/servers/{SERVER}/firewall/primary"
    assert panel.data(path) == {"enabled": False, "rules": []}
    panel.ok("POST", f"{path}/enable", sync="true")
    panel.ok("POST", f"{path}/rules", {"rulesets": [1, 3]})
    shown = panel.data(path)
    assert (shown["enabled"], len(shown["rules"])) == (True, 2)
    assert panel.server(SERVER)["network"]["interfaces"][0]["firewallEnabled"] is True
    assert panel.data(f"/servers/{SERVER}/firewall/secondary")["enabled"] is False
    panel.ok("POST", f"{path}/rules", {"rulesets": []})
    panel.ok("POST", f"{path}/disable")
    assert panel.data(path) == {"enabled": False, "rules": []}


def test_a_firewall_read_that_synchronises_is_a_write(panel: Api) -> None:
    path = f"/servers/{SERVER}/firewall/primary"
    panel.ok("GET", path)
    panel.ok("GET", path, sync="false")
    panel.ok("GET", path, sync="true")
    assert [entry["write"] for entry in panel.control.requests()] == [False, False, True]


def test_traffic_months_count_from_the_creation(panel: Api) -> None:
    panel.control.patch_server(SERVER, {"created": "2024-11-20T10:00:00+00:00"})
    monthly = panel.data(f"/servers/{SERVER}/traffic")["monthly"]
    assert [(month["month"], month["start"], month["end"]) for month in monthly] == [
        (3, "2025-01-20 00:00:00", "2025-02-19 23:59:59"),
        (2, "2024-12-20 00:00:00", "2025-01-19 23:59:59"),
        (1, "2024-11-20 00:00:00", "2024-12-19 23:59:59"),
    ]
    assert all(month["total"] == month["rx"] + month["tx"] for month in monthly)
    period = panel.server(SERVER)["traffic"]["public"]["currentPeriod"]
    assert period["start"] == "2025-01-20T00:00:00.000000Z"
    available = panel.data(f"/servers/{SERVER}/traffic/blocks")["available"]
    assert (available["total"], available["current"]["month"]) == (25, 3)
    assert list(available["months"]) == [str(number) for number in range(3, 28)]


def test_traffic_blocks(panel: Api) -> None:
    panel.control.patch_server(SERVER, {"created": "2024-11-20T10:00:00+00:00"})
    path = f"/servers/{SERVER}/traffic/blocks"
    for month in (3, 3, 4):
        panel.ok("POST", path, {"month": month, "amount": 100})
    assigned = panel.data(path)["assigned"]
    assert [(row["month"], row["current"], row["traffic"]) for row in assigned] == [
        (3, True, 100),
        (3, True, 100),
        (4, False, 100),
    ]
    newest = panel.data(f"/servers/{SERVER}/traffic")["monthly"][0]
    assert [block["id"] for block in newest["blocks"]] == [row["id"] for row in assigned[:2]]
    panel.ok("DELETE", f"{path}/{assigned[0]['id']}")
    assert len(panel.data(path)["assigned"]) == 2
    assert panel.call("DELETE", f"{path}/{assigned[0]['id']}").status_code == 404


def test_ip_block_ranges(panel: Api) -> None:
    path = "/connectivity/ipblocks/3"
    before = panel.data(path)["ipv4"]["total"]
    body = {"type": "range", "start": "10.40.0.7", "end": "10.40.0.9"}
    panel.ok("POST", f"{path}/ipv4", body)
    assert panel.data(path)["ipv4"]["total"] == before + 3
    for wrong in ({"type": "single"}, {"start": "10.40.0.10"}, {"end": "x"}):
        assert panel.call("POST", f"{path}/ipv4", {**body, **wrong}).status_code == 422
    assert panel.call("POST", "/connectivity/ipblocks/4/ipv4", body).status_code == 422


def test_ipv6_blocks_count_subnets(panel: Api) -> None:
    block = panel.data("/connectivity/ipblocks/4")
    assert (block["type"], block["ipv4"]["total"]) == (6, 0)
    assert block["ipv6"]["usedTotal"] == block["ipv6"]["total"] - block["ipv6"]["freeTotal"] > 0
