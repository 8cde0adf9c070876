# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test edits of user plans: empty lists, hidden fields, lost responses."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    answer,
    interrupted,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import outcomes
from ansible_collections.vpsfleet.panels.tests.unit.support.user_plans import (
    DONE,
    EDIT,
    WHOLE,
    bring,
    edited,
    fail,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import (
    old_user_plan,
    plans,
    read,
    submit,
    user_plan,
)

# --- lists -----------------------------------------------------------------------------------

EMPTIED = {key: value for key, value in WHOLE.items() if key not in ("sgs[]", "mgs[]")}


def test_an_empty_list_is_left_out():
    after = plans(user_plan(sg="", mg=""))
    result = bring(plans(user_plan()), edited(EMPTIED), after, after, sgs=[], mgs=[])
    assert result["user_plan"]["sgs"] == []


def test_an_empty_list_is_sent_again_if_the_panel_kept_the_old_one():
    result = bring(
        plans(user_plan()),
        edited(EMPTIED),
        plans(user_plan(mg="")),
        edited({**EMPTIED, "sgs[]": [""]}),
        plans(user_plan(sg="", mg="")),
        sgs=[],
        mgs=[],
    )
    assert outcomes(result) == {
        "state": "unchanged",
        "plan_name": "unchanged",
        "sgs": "changed",
        "mgs": "changed",
    }


@pytest.mark.parametrize("kept", ["0,2", "0"])
def test_a_list_that_does_not_become_empty_fails_the_task(kept):
    error = fail(
        plans(user_plan()),
        edited({key: value for key, value in WHOLE.items() if key != "sgs[]"}),
        plans(user_plan()),
        submit(EDIT, DONE),
        plans(user_plan(sg=kept)),
        sgs=[],
    )
    assert error.code.value == "refused"
    assert "sgs stays at [0" in error.msg
    assert "empty it in the panel itself" in error.msg
    assert error.partial is (kept == "0")


def test_the_default_group_differs_from_no_group():
    assert not bring(plans(user_plan(sg="0")), sgs=[0])["changed"]
    assert not bring(plans(user_plan(sg="")), sgs=[])["changed"]
    assert bring(plans(user_plan(sg="0")), sgs=[], check_mode=True)["changed"]
    assert bring(plans(user_plan(sg="")), sgs=[0], check_mode=True)["changed"]


def test_empty_lists_stay_empty_when_something_else_changes():
    before, after = user_plan(sg="", allowed_virts=""), user_plan(sg="", allowed_virts="", ram="1")
    lists = ("sgs[]", "allowed_virts[]")
    body = {key: value for key, value in WHOLE.items() if key not in lists}
    bring(plans(before), edited({**body, "ram": 1}), plans(after), ram=1)


# --- older panels ----------------------------------------------------------------------------

OLD = {
    key: value
    for key, value in WHOLE.items()
    if key
    not in ("space_per_vm", "num_ip_int", "total_iops_sec", "read_bytes_sec", "write_bytes_sec")
}


def test_values_of_the_form_alone_are_sent_back():
    form = user_plan(total_iops_sec="900", sg=[0], allowed_virts=[""], secret="5")
    extra = {"secret": "5", "space_per_vm": "0", "num_ip_int": "0"}
    speeds = {"read_bytes_sec": "0", "write_bytes_sec": "0", "total_iops_sec": "900"}
    bring(
        plans(old_user_plan()),
        read(EDIT, {"user_plans": form}),
        edited({**OLD, **extra, **speeds, "ram": 1}),
        plans(old_user_plan(ram="1")),
        ram=1,
    )


def test_a_form_without_a_record_keeps_the_values_of_the_list():
    bring(
        plans(old_user_plan()),
        read(EDIT, {}),
        edited({**OLD, "ram": 1}),
        plans(old_user_plan(ram="1")),
        ram=1,
    )


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_hidden_value_is_not_sent(check_mode):
    old = plans(old_user_plan())
    error = fail(old, read(EDIT, {}), total_iops_sec=500, check_mode=check_mode)
    assert error.code.value == "refused"
    assert error.msg.startswith(
        "Cannot change user plan 5 (Reseller M): this panel does not show total_iops_sec"
    )


def test_a_value_of_the_form_alone_is_compared():
    form = read(EDIT, {"user_plans": user_plan(total_iops_sec="500")})
    assert not bring(plans(old_user_plan()), form, total_iops_sec=500)["changed"]


# --- lost answers ----------------------------------------------------------------------------


def test_an_edit_with_a_lost_response_is_verified():
    result = bring(
        plans(user_plan()),
        edited(WHOLE | {"ram": 1}, interrupted()),
        plans(user_plan(ram="1")),
        plans(user_plan(ram="1")),
        ram=1,
    )
    assert result["changed"]
    assert result["api_calls"]["write"] == 1


def test_a_lost_edit_is_sent_again():
    result = bring(
        plans(user_plan()),
        edited(WHOLE | {"ram": 1}, answer(502, "<html>")),
        plans(user_plan()),
        edited(WHOLE | {"ram": 1}),
        plans(user_plan(ram="1")),
        ram=1,
    )
    assert result["api_calls"] == {
        "read": 3,
        "write": 2,
        "retried": 1,
        "waited_s": result["api_calls"]["waited_s"],
    }


def test_an_ignored_edit_is_an_unknown_state():
    error = fail(plans(user_plan()), edited({**WHOLE, "ram": 1}, {"user_plans": []}), ram=1)
    assert error.code.value == "protocol"
    assert error.failure()["state"] == "unknown"
