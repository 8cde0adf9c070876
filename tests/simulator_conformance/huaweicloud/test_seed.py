# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The seeded state is reproducible and has the cases that tests need."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from tests.simulator.clock import Clock
from tests.simulator.exchange import Request
from tests.simulator.huaweicloud import HuaweiCloud
from tests.simulator.huaweicloud.accounts import Account
from tests.simulator.switches import Switches
from tests.simulator.virtfusion import VirtFusion

from .cloud import Cloud


def built(servers: int = 50, seed: int = 1) -> HuaweiCloud:
    switches = Switches(HuaweiCloud.switch_table, {})
    panel = HuaweiCloud(Clock(), switches, Account())
    panel.reset(servers, seed)
    return panel


def test_the_same_seed_gives_the_same_state() -> None:
    assert built().collections() == built().collections()
    assert built(seed=2).collections() != built().collections()
    assert len(built(servers=3).collections()["cph_servers"]) == 3


def test_a_longer_fleet_begins_like_a_shorter_one() -> None:
    short = built(servers=10).collections()["cph_servers"]
    long = built(servers=60).collections()["cph_servers"]
    assert list(long)[:10] == list(short)


def test_the_special_servers() -> None:
    servers = list(built().collections()["cph_servers"].values())
    statuses = {n: s["status"] for n, s in enumerate(servers, 1) if s["status"] != 5}
    assert statuses == {5: 10, 6: 8, 7: 0, 8: 2, 10: 6}
    names = Counter(server["server_name"] for server in servers)
    assert [name for name, count in names.items() if count > 1] == ["farm-twin"]
    assert {server["network_version"] for server in servers} == {"v1", "v2"}
    assert {server["metadata"]["charging_mode"] for server in servers} == {0, 1}


def test_every_server_has_the_phones_of_its_flavor() -> None:
    state = built().collections()
    phones = Counter(phone["server_id"] for phone in state["cph_phones"].values())
    for server in state["cph_servers"].values():
        row = state["cph_phone_models"][
            f"{server['server_model_name']}:{server['phone_model_name']}"
        ]
        expected = 0 if server["status"] == 6 else row["phone_capacity"]
        assert phones[server["server_id"]] == expected


def test_a_change_by_the_control_path_is_seen(cloud: Cloud) -> None:
    server_id = cloud.id_of(1)
    cloud.control.patch("cph_servers", server_id, {"status": 12, "metadata": {"charging_mode": 1}})
    server = cloud.get(f"/servers/{server_id}")
    assert (server["status"], server["metadata"]["charging_mode"]) == (12, 1)
    row = "physical.rx1.xlarge:rx1.cp.c6.d10.e1v1"
    cloud.control.patch("cph_phone_models", row, {"phone_capacity": 9})
    assert cloud.get("/phone-models")["phone_models"][0]["phone_capacity"] == 9


def test_the_collections_share_no_name_with_other_panels() -> None:
    switches = Switches([*VirtFusion.switch_table, *HuaweiCloud.switch_table], {})
    other = VirtFusion(Clock(), switches, token="t")
    other.reset(1, 1)
    assert not set(other.collections()) & set(built(1).collections())
    assert set(HuaweiCloud.history) <= set(built(1).collections())


def test_the_other_panels_keep_their_paths() -> None:
    panel = built(1)
    for path in ("/api/v1", "/api/v1/servers", "/index.php", "/", "/v1", "/v4/x"):
        assert not panel.owns(path)
    for path in ("/v1/p/cloud-phone/servers", "/v3/auth/tokens", "/v2/orders/x", "/v3.0/x"):
        assert panel.owns(path)


def test_a_reset_builds_nothing() -> None:
    panel = built(servers=1)
    begun = time.process_time()
    panel.reset(servers=1_000_000, seed=1)
    panel.tick()
    assert time.process_time() - begun < 5  # building them takes minutes


def test_ten_thousand_servers_can_be_listed() -> None:
    """The cost of a page depends on its rows, not on the fleet."""
    panel, account = built(servers=10_000), Account()
    path = f"/v1/{account.project_id}/cloud-phone/servers"
    seen: set[str] = set()
    for offset in range(0, 10_000, 100):
        request = Request("GET", path, f"offset={offset}", {"x-auth-token": account.token}, b"")
        answer: Any = panel.handle(request, None).value
        seen.update(server["server_id"] for server in answer["servers"])
    assert len(seen) == answer["count"] == 10_000
