# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Effects that come late, and a panel whose clock differs from the client's."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from .api import Api
from .huaweicloud.cloud import DEARER, START, Cloud
from .virtualizor.api import Admin

SERVER, OTHER, CLOUD_4 = 1, 2, 3
PACKAGE = f"/servers/{SERVER}/package/{CLOUD_4}"


def memory(panel: Api) -> int:
    """Return the memory that a read of the server shows."""
    return int(panel.server(SERVER)["settings"]["resources"]["memory"])


def test_an_effect_that_shows_after_some_reads(panel: Api) -> None:
    panel.control.fault("late_effect", reads=2)
    response = panel.call("PUT", PACKAGE)
    assert (response.status_code, panel.control.counters()["applied"]) == (200, 1)
    assert [memory(panel) for dummy in range(4)] == [2048, 2048, 4096, 4096]
    server = panel.server(SERVER)
    assert server["cpu"]["cores"] == 4
    assert len(server["tasks"]["actions"]["pending"]) == 2


def test_an_effect_that_shows_after_some_time(panel: Api) -> None:
    panel.control.fault("late_effect", reads=None, seconds=600)
    panel.ok("PUT", PACKAGE)
    assert [memory(panel) for dummy in range(20)] == [2048] * 20
    panel.control.advance(590)
    assert memory(panel) == 2048
    panel.control.advance(11)
    assert memory(panel) == 4096


def test_an_effect_that_never_comes(panel: Api) -> None:
    panel.control.fault("late_effect", reads=None)
    panel.ok("POST", f"/servers/{SERVER}/suspend")
    panel.control.advance(10**6)
    assert panel.server(SERVER)["suspended"] is False
    panel.ok("POST", f"/servers/{SERVER}/suspend")
    assert panel.server(SERVER)["suspended"] is True


def test_reads_of_other_records_do_not_count_and_lists_do(panel: Api) -> None:
    panel.control.fault("late_effect", reads=1)
    panel.ok("PUT", f"/servers/{SERVER}/modify/name", {"name": "late"})
    for dummy in range(3):
        panel.server(OTHER)
    assert panel.ok("GET", "/servers").json()["data"][0]["name"] != "late"
    assert panel.ok("GET", "/servers").json()["data"][0]["name"] == "late"


def test_a_refused_write_has_no_late_effect(panel: Api) -> None:
    start = panel.control.digest()
    panel.control.fault("late_effect", reads=0)
    assert panel.call("PUT", f"/servers/{SERVER}/package/99").status_code == 404
    panel.server(SERVER)
    assert panel.control.digest() == start


def test_other_changes_meanwhile_are_kept(panel: Api) -> None:
    panel.control.fault("late_effect", reads=None, seconds=60)
    panel.ok("PUT", f"/servers/{SERVER}/modify/memory", {"memory": 512})
    panel.ok("PUT", f"/servers/{SERVER}/modify/name", {"name": "meanwhile"})
    panel.control.advance(60)
    server = panel.server(SERVER)
    assert (server["name"], server["settings"]["resources"]["memory"]) == ("meanwhile", 512)


def test_late_users(panel: Api) -> None:
    panel.control.fault("late_effect", reads=1)
    panel.ok("PUT", "/users/1001/byExtRelation", {"name": "Late"})
    names = [panel.data("/users/1001/byExtRelation")["name"] for dummy in range(2)]
    assert names[0] != names[1] == "Late"


def test_a_reset_drops_what_is_held_back(panel: Api) -> None:
    panel.control.fault("late_effect", reads=0)
    panel.ok("PUT", PACKAGE)
    panel.control.reset()
    assert [memory(panel), memory(panel)] == [2048, 2048]


@pytest.mark.parametrize(
    ("act", "form", "query", "column", "after"),
    [
        ("managevps", {"editvps": 1, "plid": 4, "apply_plan": 1}, {"vpsid": 1}, "ram", "8192"),
        ("editvs", {"editvps": 1, "ram": 512}, {"vpsid": 1}, "ram", "512"),
        ("vs", {}, {"suspend": 1}, "suspended", "1"),
        ("vs", {}, {"action": "lock", "vpsid": 1}, "locked", "1"),
    ],
)
def test_late_effects_on_virtualizor(
    panel: Api, act: str, form: Any, query: dict[str, Any], column: str, after: str
) -> None:
    admin = Admin(panel.simulator)
    before = panel.control.record("vs", 1)[column]
    panel.control.fault("late_effect", reads=2)
    admin.done(act, form, **query)
    seen = [admin.vps(1)[column] for dummy in range(3)]
    assert seen == [before, before, after]


def test_room_on_a_node_follows_a_late_effect(panel: Api) -> None:
    admin = Admin(panel.simulator)
    node = admin.vps(1)["serid"]

    def free() -> int:
        nodes = admin.json("servers")["servs"]
        return int(nodes[node]["ram"] if isinstance(nodes, list) else nodes[str(node)]["ram"])

    before, ram = free(), int(admin.vps(1)["ram"])
    panel.control.fault("late_effect", reads=None, seconds=60)
    admin.done("managevps", {"editvps": 1, "ram": ram + 100}, vpsid=1)
    assert free() == before
    panel.control.advance(60)
    assert free() == before - 100


def test_late_user_plans(panel: Api) -> None:
    admin = Admin(panel.simulator)
    panel.control.fault("late_effect", operation="act=edituser_plans&edituser_plans", reads=1)
    admin.edit_user_plan(2, ram=5)
    assert [admin.user_plan(2)["ram"] for dummy in range(2)] == ["0", "5"]


@pytest.mark.parametrize(("seconds", "flips"), [(600, True), (None, False)])
def test_a_late_flavor_change(panel: Api, seconds: int | None, flips: bool) -> None:
    cloud = Cloud(panel.simulator)
    server_id = cloud.id_of(SERVER)
    panel.control.fault("late_effect", reads=None, seconds=seconds)
    assert cloud.change(server_id, DEARER).status_code == 200
    assert [cloud.flavor(server_id) for dummy in range(10)] == [START] * 10
    panel.control.advance(590)
    assert cloud.flavor(server_id) == START
    panel.control.advance(20)
    assert cloud.flavor(server_id) == (DEARER if flips else START)


def test_a_late_rename(panel: Api) -> None:
    cloud = Cloud(panel.simulator)
    server_id = cloud.id_of(SERVER)
    panel.control.fault("late_effect", reads=1)
    assert cloud.cph("PUT", f"/servers/{server_id}", {"server_name": "late"}).status_code == 200
    names = [cloud.get(f"/servers/{server_id}")["server_name"] for dummy in range(2)]
    assert names == ["farm-1", "late"]


# --- the clock -------------------------------------------------------------------------------


@pytest.mark.parametrize("skew_s", [0, 7200, -7200])
def test_the_date_of_an_answer_follows_the_panels_clock(panel: Api, skew_s: int) -> None:
    panel.control.skew(skew_s)
    date = parsedate_to_datetime(panel.call("GET", "/connect").headers["date"])
    expected = datetime.now(timezone.utc) + timedelta(seconds=skew_s)
    assert abs(date - expected) < timedelta(minutes=10)
    assert panel.control.health()["now"] == "2025-02-01T12:00:00+00:00"


def test_a_token_expires_by_the_panels_clock(panel: Api) -> None:
    cloud = Cloud(panel.simulator)
    panel.control.skew(-3 * 86400)
    user = {
        "name": cloud.account.user,
        "password": cloud.account.password,
        "domain": {"name": cloud.account.domain},
    }
    body = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}}}
    token = cloud.call("POST", "/v3/auth/tokens", body).json()["token"]
    expires = datetime.fromisoformat(token["expires_at"].replace("Z", "+00:00"))
    assert expires < datetime.now(timezone.utc)


def test_the_virtual_time_can_follow_the_wall_clock(panel: Api) -> None:
    panel.control.skew(3600)
    panel.control.follow_wall()
    first = datetime.fromisoformat(panel.control.health()["now"])
    ahead = first - datetime.now(timezone.utc)
    assert timedelta(minutes=30) < ahead <= timedelta(hours=1)
    body = {"packageId": 1, "userId": 2, "hypervisorId": 1}
    created = panel.ok("POST", "/servers", body).json()["data"]["created"]
    assert datetime.fromisoformat(created) >= first
    assert datetime.fromisoformat(panel.control.advance(7200)) - first >= timedelta(hours=2)
    panel.control.reset()
    assert panel.control.health()["now"] == "2025-02-01T12:00:00+00:00"


def test_a_reset_sets_the_clock_right(panel: Api) -> None:
    panel.control.skew(7200)
    panel.control.reset()
    date = parsedate_to_datetime(panel.call("GET", "/connect").headers["date"])
    assert abs(date - datetime.now(timezone.utc)) < timedelta(minutes=10)
