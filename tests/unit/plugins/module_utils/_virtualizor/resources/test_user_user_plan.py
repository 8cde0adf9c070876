# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test user plans: selection, changes, creation, deletion."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.resources.user import (
    UserPlanInfo,
)
from ansible_collections.vpsfleet.panels.plugins.modules import (
    virtualizor_user_plan_info,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    interrupted,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import known
from ansible_collections.vpsfleet.panels.tests.unit.support.user_plans import (
    ADD,
    WHOLE,
    bring,
    edited,
    fail,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import (
    fail_task,
    old_user_plan,
    plans,
    run_task,
    submit,
    user,
    user_plan,
    users,
)

# --- reading ---------------------------------------------------------------------------------


def test_a_plan_is_read_under_the_names_of_the_form():
    spec = virtualizor_user_plan_info.ARGUMENTS
    record = user_plan(max_cost="49.50", inhouse_billing="1", sg="", mg="", type="1", aclid="3")
    (plan,) = run_task(UserPlanInfo, spec, plans(record))["user_plans"]
    assert plan == {
        "id": 5,
        "plan_name": "Reseller M",
        "priority": 1,
        "dnsplan_id": 0,
        "acl_id": 3,
        "num_vs": 10,
        "num_users": 0,
        "inhouse_billing": True,
        "max_cost": 49.5,
        "space": 400,
        "space_per_vm": 0,
        "ram": 16384,
        "burst": 0,
        "bandwidth": 2000,
        "cpu": 1000,
        "cores": 4,
        "cpu_percent": 0.0,
        "num_cores": 0,
        "num_ipv4": 10,
        "num_ipv6": 0,
        "num_ipv6_subnet": 0,
        "num_ip_int": 0,
        "network_speed": 12800,
        "upload_speed": -1,
        "total_iops_sec": 0,
        "read_bytes_sec": 0,
        "write_bytes_sec": 0,
        "band_suspend": False,
        "service_period": 1,
        "sgs": [],
        "mgs": [],
        "allowed_virts": ["kvm", "lxc"],
        "date_created": 1730638800,
    }


def test_an_older_panel_shows_fewer_fields():
    spec = virtualizor_user_plan_info.ARGUMENTS
    (plan,) = run_task(UserPlanInfo, spec, plans(old_user_plan()))["user_plans"]
    assert not {"space_per_vm", "total_iops_sec", "num_ip_int"} & set(plan)


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"user_plan_id": 9}, "not_found", "Cannot read user plan 9: there is no such user plan"),
        ({"user_plan_id": 0}, "validation", "user_plan_id must be a positive number, not 0"),
        ({"plan_name": "reseller m"}, "not_found", "none of the 2 has that name"),
        ({"plan_name": "Twin"}, "ambiguous", "2 have that name, with the IDs 6, 7"),
    ],
)
def test_an_ambiguous_plan_is_an_error(changes, code, words):
    records = (
        [user_plan(6, "Twin"), user_plan(7, "Twin")]
        if code == "ambiguous"
        else [user_plan(), user_plan(6, "Other")]
    )
    steps = [] if code == "validation" else [plans(*records)]
    error = fail_task(UserPlanInfo, virtualizor_user_plan_info.ARGUMENTS, *steps, **changes)
    assert error.code.value == code
    assert words in error.msg


# --- changing --------------------------------------------------------------------------------


def test_the_whole_record_is_sent_for_one_value():
    result = bring(
        plans(user_plan()),
        edited({**WHOLE, "ram": 32768}),
        plans(user_plan(ram="32768")),
        ram=32768,
    )
    assert result["changed"]
    assert result["diff"]["after"] == {"ram": 32768}
    assert "warnings" not in result


def test_unknown_fields_are_kept():
    new = {"shiny_limit": "7", "shiny_share": "0.25", "shiny_text": "abc", "shiny_empty": ""}
    bring(
        plans(user_plan(**new)),
        edited({"shiny_limit": "7", "shiny_share": "0.25", **WHOLE, "ram": 1}),
        plans(user_plan(ram="1", **new)),
        ram=1,
    )


def test_nothing_is_sent_without_a_difference():
    desired = {
        "ram": 16384,
        "upload_speed": -1,
        "allowed_virts": ["lxc", "kvm"],
        "sgs": [2, 0, 2],
        "mgs": [3],
        "band_suspend": False,
        "max_cost": 0,
        "cpu_percent": 0.0,
        "priority": 2,
    }
    result = bring(plans(user_plan()), **desired)
    assert not result["changed"]
    assert result["api_calls"]["write"] == 0


def test_check_mode_has_the_same_result_and_writes_nothing():
    result = bring(plans(user_plan()), ram=1, sgs=[], check_mode=True)
    assert result["diff"]["after"] == {"ram": 1, "sgs": []}
    assert result["warnings"] == ["without a server group (sgs) users cannot create any VPS"]


def test_a_plan_is_renamed_by_its_id():
    result = bring(
        plans(user_plan(name="Old")),
        edited(WHOLE),
        plans(user_plan()),
        user_plan_id=5,
    )
    assert result["diff"]["after"] == {"plan_name": "Reseller M"}


def test_a_duplicate_name_is_refused():
    error = fail(plans(user_plan(name="Old"), user_plan(6)), user_plan_id=5)
    assert error.code.value == "conflict"
    assert error.msg.startswith("Cannot rename user plan 5 (Old): user plan 6 has the name")


def test_a_plan_with_a_duplicate_name_is_changed_by_its_id():
    twin = user_plan(6)
    result = bring(plans(user_plan(), twin), user_plan_id=5, ram=1, check_mode=True)
    assert result["diff"]["after"] == {"ram": 1}


def test_minus_one_is_neither_zero_nor_changed_to_it():
    result = bring(
        plans(user_plan()),
        edited({**WHOLE, "upload_speed": 0}),
        plans(user_plan(upload_speed="0")),
        upload_speed=0,
    )
    assert result["diff"] == {
        "before": {"upload_speed": -1},
        "after": {"upload_speed": 0},
        "before_header": "user plan 5 (Reseller M)",
        "after_header": "user plan 5 (Reseller M)",
    }


def test_an_ignored_value_fails_the_task():
    error = fail(
        plans(user_plan()),
        edited({**WHOLE, "cpu_percent": 40.5}),
        plans(user_plan(cpu_percent="40")),
        cpu_percent=40.5,
    )
    assert error.code.value == "refused"
    assert "cpu_percent stays at 40.0 % instead of 40.5 %" in error.msg


def test_an_undesired_change_is_a_warning():
    after = user_plan(ram="1", num_ipv4="0")
    result = bring(plans(user_plan()), edited({**WHOLE, "ram": 1}), plans(after), ram=1)
    assert result["warnings"] == ["the panel has also changed num_ipv4 from 10 to 0"]


def test_a_name_that_the_panel_alters_is_a_warning():
    before, after = user_plan(name=" Reseller M"), user_plan(ram="1")
    sent = edited({**WHOLE, "plan_name": " Reseller M", "ram": 1})
    result = bring(plans(before), sent, plans(after), user_plan_id=5, plan_name=None, ram=1)
    assert result["warnings"] == [
        "the panel has also changed plan_name from ' Reseller M' to 'Reseller M'"
    ]


def test_an_unreadable_value_names_its_user_plan():
    error = fail(plans(user_plan(), user_plan(6, "Other", ram="much")), ram=1)
    assert error.msg == (
        "Cannot read user plan 6 (Other): the panel sends 'much' as ram, which is not a valid amount"
    )


def test_making_administrators_is_a_warning():
    result = bring(
        plans(user_plan()),
        edited({**WHOLE, "priority": 1}),
        plans(user_plan(type="1")),
        priority=1,
    )
    assert result["warnings"] == ["priority=1 grants administrator rights"]


# --- making ----------------------------------------------------------------------------------


def test_a_plan_is_created_from_the_options_and_found_by_its_id():
    result = bring(
        plans(user_plan(4, "Other")),
        submit(
            ADD,
            {"done": "5"},
            {
                "adduser_plans": 1,
                "plan_name": "Reseller M",
                "priority": 2,
                "ram": 16384,
                "sgs[]": [0, 2],
            },
        ),
        plans(user_plan(3, "Reseller M", ram="1"), user_plan()),
        priority=2,
        ram=16384,
        sgs=[2, 0],
        mgs=None,
    )
    assert result["user_plan"]["id"] == 5
    assert result["changed"]


def test_a_new_plan_needs_its_priority():
    assert fail(plans()).msg.startswith("priority must be set: there is no such user plan yet")


def test_a_plan_selected_by_id_is_not_created():
    error = fail(plans(user_plan(4)), user_plan_id=5, priority=2)
    assert error.code.value == "not_found"


def test_a_lost_addition_is_not_repeated():
    error = fail(plans(), submit(ADD, interrupted()), priority=2)
    assert error.failure()["state"] == "unknown"
    assert "check the panel before you run this again" in error.msg


def test_a_new_plan_on_an_old_panel_has_no_newer_values():
    error = fail(plans(old_user_plan(4, "Other")), priority=2, num_ip_int=1)
    assert error.msg.startswith(
        "Cannot add user plan (Reseller M): this panel does not show num_ip_"
    )


def test_the_first_plan_of_a_panel_may_have_newer_values():
    made = plans(user_plan(num_ip_int="1"))
    assert bring(plans(), submit(ADD, {"done": 5}), made, priority=2, num_ip_int=1)["changed"]


def test_plans_with_the_same_name_require_an_id():
    error = fail(plans(user_plan(), user_plan(6)), ram=1)
    assert error.code.value == "ambiguous"
    assert "with the IDs 5, 6 (set user_plan_id)" in error.msg


# --- removing --------------------------------------------------------------------------------


def gone(*records: dict[str, Any], reply: Any = None) -> list[Step]:
    """Expect the deletion of plan 5 and a read of the other plans."""
    done = {"done": {"5": user_plan()}} if reply is None else reply
    return [submit("user_plans", done, {"delete": 5}), plans(*records)]


@pytest.mark.parametrize("reply", [None, {}, {"done": []}])
def test_a_deletion_is_verified(reply):
    result = bring(plans(user_plan()), users(user()), *gone(reply=reply), state="absent")
    assert known(result["user_plan"]) == {"state": "absent"}
    assert result["changed"]


def test_a_deletion_without_effect_fails_the_task():
    error = fail(plans(user_plan()), users(), *gone(user_plan(), reply={}), state="absent")
    assert error.code.value == "refused"
    assert "state stays at present instead of absent" in error.msg


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_plan_with_users_is_not_deleted(check_mode):
    some = [user(number, f"u{number}@example.com", uplid="5") for number in range(1, 13)]
    error = fail(plans(user_plan()), users(*some, user(99)), state="absent", check_mode=check_mode)
    assert error.code.value == "refused"
    assert error.msg == (
        "Cannot delete user plan 5 (Reseller M): 12 users have it, with the IDs 1, 2, 3, 4, 5, 6, 7, "
        "8, 9, 10 … (move them to another plan, or set force)"
    )


def test_force_does_not_read_the_users():
    bring(plans(user_plan()), *gone(), state="absent", force=True)


@pytest.mark.parametrize("by", [{}, {"user_plan_id": 5, "plan_name": None}])
def test_a_missing_plan_stays_absent(by):
    assert not bring(plans(user_plan(4, "Other")), state="absent", **by)["changed"]


# --- mistakes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"plan_name": " "}, "plan_name must not be empty"),
        (
            {"plan_name": "a "},
            "nor begin or end with a space (a user plan that has such a name is found by its user_plan_id)",
        ),
        ({"user_plan_id": -1}, "user_plan_id must be a positive number, not -1"),
        ({"user_plan_id": 5, "state": "absent"}, "with state=absent set user_plan_id or plan_name"),
        ({"ram": -1}, "ram must not be -1: the lowest value is 0"),
        ({"network_speed": -1}, "network_speed must not be -1"),
        ({"upload_speed": -2}, "upload_speed must not be -2"),
        ({"max_cost": -0.5}, "max_cost must not be -0.5"),
        ({"max_cost": float("nan")}, "max_cost must not be nan"),
        ({"cpu_percent": float("inf")}, "cpu_percent must not be inf"),
        ({"service_period": 32}, "service_period must be a day from 0 to 31, not 32"),
        ({"service_period": -1}, "service_period must be a day from 0 to 31, not -1"),
        ({"sgs": [0, -1]}, "sgs contains -1, which is not an ID"),
        ({"mgs": [0]}, "mgs contains 0, which is not an ID"),
        ({"space": 10, "space_per_vm": 20}, "space_per_vm must not exceed space: 20 GB is more"),
    ],
)
def test_an_invalid_option_sends_nothing(changes, words):
    error = fail(**changes)
    assert error.code.value == "validation"
    assert words in error.msg


def test_values_are_checked_together_with_current_ones():
    error = fail(plans(user_plan()), space_per_vm=500)
    assert error.msg == "space_per_vm must not exceed space: 500 GB is more than 400 GB"
