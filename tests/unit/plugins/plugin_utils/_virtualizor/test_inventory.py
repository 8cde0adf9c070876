# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test reads of all VPSs for the inventory and the bulk changes."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._virtualizor.inventory import (
    FLEET_VPS,
    FleetQuery,
    read_fleet,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor_vps import plan, vps


class Panel:
    """A client with only the lists."""

    def __init__(self, *records):
        self.records = records
        self.asked = []

    def servers(self, *, rows, workers, **search):
        self.asked.append((rows, search))
        return list(self.records)

    def plans(self, **filters):
        self.asked.append(filters)
        return [plan(2, "KVM 2G")]

    def server_states(self, vps_ids, *, workers):
        return dict.fromkeys(vps_ids, 1)


def test_a_fleet_needs_only_the_lists():
    panel = Panel(vps(20, ram="1"), vps(3))
    hosts = read_fleet(panel, FleetQuery(plan_ids=[2], suspended=False))
    assert [(host["id"], host["plan_name"], host["off_plan"]) for host in hosts] == [
        (3, "KVM 2G", []),
        (20, "KVM 2G", ["ram"]),
    ]
    assert panel.asked == [(500, {"plid": 2, "vsstatus": "u"}), {}]
    assert all(set(host) <= set(FLEET_VPS) for host in hosts)


def test_patterns_match_the_host_name():
    panel = Panel(vps(1), vps(2, hostname="db2"), vps(3), vps(4, hostname=None))
    query = FleetQuery(names=["web*", ""], exclude_names=["web3.*"])
    assert [host["id"] for host in read_fleet(panel, query)] == [1, 4]


def test_live_states_are_read_on_request():
    record = vps(1, machine_status="0")
    assert read_fleet(Panel(record), FleetQuery())[0]["state"] == "off"
    assert read_fleet(Panel(record), FleetQuery(live_state=True))[0]["state"] == "on"


def test_an_empty_fleet_needs_no_further_request():
    panel = Panel()
    assert read_fleet(panel, FleetQuery(live_state=True)) == []
    assert len(panel.asked) == 1
