# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The seeded panel is reproducible and has the cases that tests need."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.simulator.process import Simulator

from .api import Api


@pytest.fixture
def state(panel: Api) -> dict[str, Any]:
    """Return the state of the panel, by collection."""
    collections: dict[str, Any] = panel.control.state()["panels"]["virtfusion"]
    return collections


def test_same_seed_same_panel(panel: Api) -> None:
    start = panel.control.digest()
    panel.ok("PUT", "/servers/1/package/3")
    assert panel.control.digest() != start
    panel.control.reset()
    assert panel.control.digest() == start
    panel.control.reset(seed=2)
    assert panel.control.digest() != start
    with Simulator() as other:
        assert other.control.digest() == start


def test_later_random_values_are_seeded_too(panel: Api) -> None:
    first = panel.ok("POST", "/users/1001/byExtRelation/resetPassword").json()
    panel.control.reset()
    assert panel.ok("POST", "/users/1001/byExtRelation/resetPassword").json() == first
    assert panel.ok("POST", "/users/1001/byExtRelation/resetPassword").json() != first


def test_more_servers_do_not_change_the_first_ones(panel: Api) -> None:
    keys = ("uuid", "name", "resources", "created", "primary")
    few = {key: panel.control.server(12)[key] for key in keys}
    panel.control.reset(servers=400)
    assert {key: panel.control.server(12)[key] for key in keys} == few
    assert panel.ok("GET", "/servers").json()["total"] == 400


def test_reset_forgets_everything(panel: Api) -> None:
    panel.control.fault("status", times=None)
    panel.control.switches(rename_status="200")
    panel.control.read_only()
    panel.control.latency(5)
    panel.control.advance(100)
    panel.call("GET", "/connect")
    panel.control.reset()
    assert panel.control.faults() == []
    assert panel.control.requests() == []
    assert panel.control.counters()["reads"] == 0
    assert panel.control.switches()["rename_status"]["value"] == "201"
    assert panel.control.health()["now"] == "2025-02-01T12:00:00+00:00"
    assert panel.call("PUT", "/servers/1/modify/name", {"name": "x"}).status_code == 201


def test_servers_that_tests_need(state: dict[str, Any]) -> None:
    servers = state["servers"]
    names = Counter(server["name"] for server in servers.values())
    assert {name: count for name, count in names.items() if count > 1} == {"Twin": 2}
    assert {"web01", "web02", "db01", "UPPER lower Mixed"} <= set(names)
    assert any(not name.isascii() for name in names)
    assert any(" " in name for name in names)
    assert servers["7"]["suspended"] is True
    assert (servers["8"]["state"], servers["8"]["built"]) == ("allocated", None)
    assert (servers["10"]["state"], servers["10"]["commissionStatus"]) == ("failed", 2)
    assert len({server["uuid"] for server in servers.values()}) == 50


def test_some_servers_differ_from_their_package(state: dict[str, Any]) -> None:
    packages = state["packages"]
    differing = {
        int(key)
        for key, server in state["servers"].items()
        if server["resources"]["memory"] != packages[str(server["packageId"])]["memory"]
    }
    assert 12 in differing
    big = {key for key, server in state["servers"].items() if server["resources"]["storage"] > 80}
    assert len(big) >= 3
    assert "11" in big


def test_packages_that_tests_need(panel: Api) -> None:
    packages = panel.data("/packages")
    names = [package["name"] for package in packages]
    assert names[:4] == ["Cloud 1", "Cloud 2", "Cloud 4", "Cloud 8"]
    assert names.count("Legacy") == 2
    assert [package["name"] for package in packages if not package["enabled"]] == ["Retired"]
    limited = next(package for package in packages if package["primaryStorageReadIopsSec"])
    assert limited["name"] == "Database 4"
    assert limited["primaryStorage"] < packages[2]["primaryStorage"]


def test_users_of_every_kind(state: dict[str, Any]) -> None:
    kinds = {
        (user["extRelationId"] is not None, user["relStr"] is not None)
        for user in state["users"].values()
    }
    assert kinds == {(True, True), (True, False), (False, True), (False, False)}


def test_compute_that_tests_need(state: dict[str, Any]) -> None:
    assert len(state["groups"]) == 3
    assert len(state["hypervisors"]) == 6
    assert any(hypervisor["maintenance"] for hypervisor in state["hypervisors"].values())


@pytest.mark.parametrize("servers", [0, 1, 3])
def test_small_panels_work(panel: Api, servers: int) -> None:
    panel.control.reset(servers=servers)
    assert panel.ok("GET", "/servers").json()["total"] == servers
