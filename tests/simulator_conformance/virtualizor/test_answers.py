# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The envelope and the types of answers (virtualizor 2.1, 2.4, 4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.process import WATCHDOG_S
from tests.simulator.virtualizor.php_output import php, serialize

from .api import Admin

RECORD = (
    *("uplid", "plan_name", "type", "aclid", "inhouse_billing", "max_cost", "num_vs", "num_users"),
    *("space", "ram", "burst", "bandwidth", "cpu", "cores", "cpu_percent", "num_cores"),
    *("num_ipv4", "num_ipv6", "num_ipv6_subnet", "allowed_virts", "network_speed", "upload_speed"),
    *("sg", "mg", "dnsplid", "service_period", "band_suspend", "date_created"),
)
"""Keys of a user plan in the published examples, in their order."""


def test_the_published_answer_of_an_edit(panel: Admin) -> None:
    """Key by key and type by type, for a plan that was saved with a name and a type only."""
    panel.control.switches(virtualizor_newer_fields="absent")
    form = {"edituser_plans": 1, "uplid": 2, "plan_name": "api_plan", "priority": 0}
    answer = panel.json("edituser_plans", form, uplid=2)
    assert list(answer) == [
        *("title", "done", "user_plans", "mgs", "servergroups", "timenow", "time_taken"),
    ]
    assert (answer["title"], answer["done"]) == ("Edit User Plans", True)
    assert isinstance(answer["timenow"], int)
    assert isinstance(answer["time_taken"], str)
    record = answer["user_plans"]
    assert tuple(record) == RECORD
    lists = {"allowed_virts": [""], "sg": [0], "mg": [0]}
    assert {key: record.pop(key) for key in lists} == lists
    assert all(isinstance(value, str) for value in record.values())
    assert (record["service_period"], record["upload_speed"]) == ("1", "0")
    assert set(answer["mgs"]["3"]) == {"mgid", "mg_name", "mg_desc", "mg_type"}
    groups = answer["servergroups"]
    assert [(g["sgid"], g["sg_select"]) for g in groups.values()] == [(0, 0), ("2", "0")]
    keys = {"sgid", "sg_name", "sg_reseller_name", "sg_desc", "sg_select"}
    assert all(set(group) == keys for group in groups.values())


def test_the_published_answer_of_a_list(panel: Admin) -> None:
    panel.control.switches(virtualizor_newer_fields="absent")
    answer = panel.json("user_plans")
    assert list(answer) == ["title", "plans", "timenow", "time_taken"]
    assert answer["title"] == "Plans"
    for number, record in answer["plans"].items():
        assert tuple(record) == RECORD
        assert record["uplid"] == number
        assert all(isinstance(value, str) for value in record.values())


def test_no_groups_and_the_default_group_differ_in_the_list_only(panel: Admin) -> None:
    assert (panel.user_plan(2)["sg"], panel.user_plan(4)["sg"]) == ("", "0")
    shown = [panel.json("edituser_plans", uplid=n)["user_plans"]["sg"] for n in (2, 4)]
    assert shown == [[0], [0]]


@pytest.mark.parametrize("act", ["nowhere", "", "user_plan", "User_Plans"])
def test_an_unknown_act_shows_the_start_page(panel: Admin, act: str) -> None:
    answer = panel.json(act)
    assert answer["title"] == "Admin Panel"
    assert {"done", "error", "plans"}.isdisjoint(answer)


@pytest.mark.parametrize(
    ("act", "title"),
    [
        ("adduser_plans", "Add User Plans"),
        ("edituser_plans", "Edit User Plans"),
        ("addplan", "Add Plan"),
        ("editplan", "Edit Plan"),
        ("editvs", "Edit VPS"),
        ("managevps", "Manage VPS"),
        ("adduser", "Add User"),
        ("edituser", "Edit User"),
    ],
)
def test_without_the_submit_flag_there_is_only_a_form(panel: Admin, act: str, title: str) -> None:
    start = panel.control.digest()
    ids = {"uplid": 1, "plid": 1, "vpsid": 1, "uid": 2}
    for form in (None, {"plan_name": "x", "priority": 0, "plid": 3}):
        answer = panel.json(act, form, **ids)
        assert answer["title"] == title
        assert {"done", "error"}.isdisjoint(answer)
    flag = {"editvs": "editvps", "managevps": "editvps"}.get(act, act)
    assert "done" not in panel.json(act, **ids, **{flag: 1})
    assert panel.control.digest() == start
    assert panel.control.counters()["writes"] == 0


def test_the_title_is_the_same_on_failure(panel: Admin) -> None:
    answer = panel.json("edituser_plans", {"edituser_plans": 1}, uplid=1)
    assert answer["title"] == "Edit User Plans"
    assert len(answer["error"]) == 2
    assert "done" not in answer


def test_empty_maps_become_lists(panel: Admin) -> None:
    assert panel.json("user_plans", planname="nothing like it")["plans"] == []
    assert panel.json("vs", search=1, vpsid=9999)["vs"] == []
    assert panel.json("users", email="nobody@")["users"] == []
    assert panel.json("editvs", vpsid=9999)["vps"] == []


def test_maps_with_counted_keys_become_lists(panel: Admin) -> None:
    answer = panel.json("vs", reslen=1)
    assert [node["serid"] for node in answer["servers"]] == ["0", "1", "2"]
    assert next(iter(answer["plans"])) == "1"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({}, []),
        ({"0": "a", "1": "b"}, ["a", "b"]),
        ({"1": "a"}, {"1": "a"}),
        ({"0": "a", "2": {}}, {"0": "a", "2": []}),
        ([{}], [[]]),
    ],
)
def test_php_arrays(value: Any, shown: Any) -> None:
    assert php(value) == shown


def test_serialized_values() -> None:
    value = {"a": "ü", "1": 2, "b": [True, None], "01": 0.5}
    assert serialize(value) == (
        'a:4:{s:1:"a";s:2:"ü";i:1;i:2;s:1:"b";a:2:{i:0;b:1;i:1;N;}s:2:"01";d:0.5;}'
    )


def test_the_answer_may_be_serialized(panel: Admin) -> None:
    text = panel.call("user_plans", api="serialize").text
    assert text.startswith('a:4:{s:5:"title";s:5:"Plans";s:5:"plans";a:7:{i:1;a:')


def test_api_counts_in_the_query_only(panel: Admin) -> None:
    query = {"act": "user_plans", **panel.credentials}
    for form in (None, {"api": "json"}):
        response = panel.session.request(
            "POST", panel.url, params=query, data=form, timeout=WATCHDOG_S
        )
        assert response.text.startswith("<?xml")


def test_slashes_are_escaped(panel: Admin) -> None:
    response = panel.call("editvs", vpsid=1)
    assert "\\/dev\\/vg\\/" in response.text
    assert response.json()["vps"]["disks"]["10"]["path"] == "/dev/vg/v1001-0"


def test_only_the_one_path_belongs_to_the_panel(panel: Admin) -> None:
    for path in ("/", "/index.php/x", "/admin/index.php"):
        response = panel.session.get(f"{panel.simulator.url}{path}", params=panel.credentials)
        assert response.status_code == 404


def test_records_hold_secrets_as_on_a_real_panel(panel: Admin) -> None:
    """Obviously fake secrets, for tests of redaction."""
    vps, user = panel.vps(1), panel.user(2)
    found = [vps["vnc_passwd"], *vps["data"].values(), user["password"], user["activation_code"]]
    assert len(found) == 6
    assert all(secret.startswith("FAKE-") for secret in found)
    form = {"editvps": 1, "rootpass": "FAKE-new-root"}
    answer = panel.json("managevps", form, vpsid=1)
    assert answer["vs_info"]["rootpass"] == "FAKE-new-root"
    assert answer["done"]["change_pass_msg"]
    assert "FAKE-new-root" in panel.json("tasks", reslen=1)["tasks"]["4"]["data"]
