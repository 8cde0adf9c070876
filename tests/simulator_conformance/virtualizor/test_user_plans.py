# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""User plans: list, add, edit, delete (virtualizor 2)."""

from __future__ import annotations

from typing import Any

import pytest

from .api import Admin

API_MADE, FULL, NEWER = 2, 3, 7
NEW = {"adduser_plans": 1, "plan_name": "Fresh", "priority": 2}
FULL_FORM = {
    "plan_name": "Everything",
    "priority": "1",
    "acl_id": "2",
    "inhouse_billing": "1",
    "max_cost": "12.75",
    "num_vs": "3",
    "num_users": "4",
    "space": "500",
    "ram": "6000",
    "burst": "700",
    "bandwidth": "8000",
    "cpu": "900",
    "cores": "10",
    "cpu_percent": "11",
    "num_cores": "12",
    "num_ipv4": "13",
    "num_ipv6": "14",
    "num_ipv6_subnet": "15",
    "network_speed": "16",
    "upload_speed": "-1",
    "dnsplan_id": "2",
    "service_period": "17",
    "band_suspend": "1",
    "space_per_vm": "18",
    "total_iops_sec": "19",
    "read_bytes_sec": "20",
    "write_bytes_sec": "21",
    "num_ip_int": "22",
}
LISTS = {"allowed_virts[]": ["kvm", "vzo"], "sgs[]": ["0", "2"], "mgs[]": ["3"]}
NAMES = {"priority": "type", "acl_id": "aclid", "dnsplan_id": "dnsplid"}
"""Request name → response name, where they differ (virtualizor 2.3)."""


def test_add_with_name_and_type_only(panel: Admin) -> None:
    number = panel.done("adduser_plans", NEW)
    assert isinstance(number, int)
    plan = panel.user_plan(number)
    other = {"uplid", "plan_name", "type", "service_period", "date_created"}
    assert (plan["plan_name"], plan["type"], plan["service_period"]) == ("Fresh", "2", "1")
    assert int(plan["date_created"]) > int(panel.user_plan(1)["date_created"])
    assert {value for key, value in plan.items() if key not in other} == {"0", ""}


@pytest.mark.parametrize("act", ["adduser_plans", "edituser_plans"])
def test_every_field_has_its_place(panel: Admin, act: str) -> None:
    query = {"uplid": API_MADE} if act == "edituser_plans" else {}
    done = panel.done(act, {act: 1, **FULL_FORM, **LISTS}, **query)
    plan = panel.user_plan(API_MADE if done is True else done)
    expected = {NAMES.get(name, name): value for name, value in FULL_FORM.items()}
    expected |= {"allowed_virts": "kvm,vzo", "sg": "0,2", "mg": "3"}
    assert {key: plan[key] for key in expected} == expected
    assert set(plan) - set(expected) == {"uplid", "date_created"}


def test_response_names_do_nothing_in_a_request(panel: Admin) -> None:
    before = panel.user_plan(API_MADE)
    panel.edit_user_plan(API_MADE, {"type": 2, "aclid": 5, "dnsplid": 1, "sg[]": 2, "mg[]": 1})
    assert panel.user_plan(API_MADE) == before


def test_the_id_comes_from_the_query(panel: Admin) -> None:
    form = {"edituser_plans": 1, "plan_name": "x", "priority": 0, "uplid": API_MADE}
    assert "done" not in panel.json("edituser_plans", form)
    assert panel.json("edituser_plans", form, uplid=1)["user_plans"]["uplid"] == "1"
    assert panel.user_plan(API_MADE)["plan_name"] == "api_plan"


def test_reset_is_the_default_of_an_edit(panel: Admin) -> None:
    panel.edit_user_plan(FULL, ram=1)
    plan = panel.user_plan(FULL)
    kept = {"uplid", "plan_name", "type", "date_created", "ram", "service_period"}
    assert {value for key, value in plan.items() if key not in kept} == {"0", ""}
    assert (plan["ram"], plan["service_period"]) == ("1", "1")


def test_fields_that_a_client_does_not_know_are_wiped_too(panel: Admin) -> None:
    assert panel.user_plan(NEWER)["total_iops_sec"] == "2000"
    panel.edit_user_plan(NEWER, num_vs=10, space=400, ram=32768)
    assert panel.user_plan(NEWER)["total_iops_sec"] == "0"


def test_keep(panel: Admin) -> None:
    panel.control.switches(virtualizor_omitted_on_edit="keep")
    before = panel.user_plan(FULL)
    panel.edit_user_plan(FULL, ram=1, inhouse_billing=0)
    assert panel.user_plan(FULL) == {**before, "ram": "1", "inhouse_billing": "0"}


@pytest.mark.parametrize("mode", ["reset", "keep"])
def test_sending_everything_works_in_both_modes(panel: Admin, mode: str) -> None:
    panel.control.switches(virtualizor_omitted_on_edit=mode)
    for dummy in range(2):
        form = {"edituser_plans": 1, **FULL_FORM, **LISTS}
        assert panel.done("edituser_plans", form, uplid=FULL) is True
        plan = panel.user_plan(FULL)
        assert (plan["ram"], plan["sg"], plan["max_cost"]) == ("6000", "0,2", "12.75")


@pytest.mark.parametrize(
    ("form", "texts"),
    [
        ({}, 2),
        ({"plan_name": "x"}, 1),
        ({"priority": 0}, 1),
        ({"plan_name": " ", "priority": 0}, 1),
        ({"plan_name": "x", "priority": 0, "service_period": 32}, 1),
        ({"plan_name": "x", "priority": 0, "service_period": -1}, 1),
        ({"plan_name": "x", "priority": 0, "space": 10, "space_per_vm": 11}, 1),
    ],
)
@pytest.mark.parametrize("act", ["adduser_plans", "edituser_plans"])
def test_refusals(panel: Admin, act: str, form: dict[str, Any], texts: int) -> None:
    start = panel.control.digest()
    assert len(panel.errors(act, {act: 1, **form}, uplid=1)) == texts
    assert panel.control.digest() == start


def test_names_may_repeat(panel: Admin) -> None:
    first, second = panel.done("adduser_plans", NEW), panel.done("adduser_plans", NEW)
    found = panel.json("user_plans", planname="Fresh")["plans"]
    assert set(found) == {str(first), str(second)}


@pytest.mark.parametrize("how", ["query", "form", "get"])
def test_delete(panel: Admin, how: str) -> None:
    before = {str(number): panel.user_plan(number) for number in (3, 5)}
    if how == "form":
        answer = panel.json("user_plans", {"delete": "3,5,99"})
    else:
        answer = panel.json("user_plans", {} if how == "query" else None, delete="3,5,99")
    assert answer["done"] == before
    assert {"3", "5"}.isdisjoint(answer["plans"])
    assert panel.json("user_plans", {"delete": 3})["done"] == []
    assert panel.done("adduser_plans", NEW) == 8


def test_delete_is_not_a_php_array(panel: Admin) -> None:
    start = panel.control.digest()
    assert "done" not in panel.json("user_plans", {"delete[]": [3, 5]})
    assert panel.control.digest() == start


def test_a_deleted_plan_dangles_in_its_users(panel: Admin) -> None:
    assert panel.user(3)["uplid"] == "3"
    panel.done("user_plans", {"delete": 3})
    assert panel.user(3)["uplid"] == "3"


def test_the_form_of_one_plan(panel: Admin) -> None:
    shown = panel.json("edituser_plans", uplid=FULL)["user_plans"]
    listed = panel.user_plan(FULL)
    assert shown.pop("allowed_virts") == listed.pop("allowed_virts").split(",")
    assert (shown.pop("sg"), shown.pop("mg")) == ([0, 2], [1, 3])
    assert (listed.pop("sg"), listed.pop("mg")) == ("0,2", "1,3")
    assert shown == listed
    assert panel.json("edituser_plans", uplid=99)["user_plans"] == []


def test_unknown_virtualizations_are_dropped(panel: Admin) -> None:
    panel.edit_user_plan(API_MADE, {"allowed_virts[]": ["kvm", "vmware", "lxc"]})
    assert panel.user_plan(API_MADE)["allowed_virts"] == "kvm,lxc"
