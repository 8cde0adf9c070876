# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test users: selection, user plan, limits, and that no password is sent."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.resources.user import (
    UserInfo,
)
from ansible_collections.vpsfleet.panels.plugins.modules import (
    virtualizor_user_info,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    interrupted,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import outcomes
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import (
    fail_task,
    plans,
    read,
    run_task,
    submit,
    user,
    user_plan,
    users,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor_users import (
    ADA,
    DONE,
    EDIT,
    WHOLE,
    bring,
    edited,
    fail,
)


def info(*steps: Step, **changes: Any) -> Any:
    """Read users."""
    return run_task(UserInfo, virtualizor_user_info.ARGUMENTS, *steps, **changes)["users"]


# --- reading ---------------------------------------------------------------------------------


def test_a_user_is_shown_without_secrets():
    (shown,) = info(users(user(uplid="5", suspended="1")))
    assert (shown["id"], shown["email"], shown["user_plan_id"]) == (12, "ada@example.com", 5)
    assert (shown["balance"], shown["suspended"], shown["sgs"]) == (12.5, True, [0, 2])
    assert not {"password", "activation_code", "preferences"} & set(shown)
    assert "FAKE" not in str(shown)


def test_a_single_user_is_read_by_a_filter():
    assert len(info(users(user(), query={"email": ADA["email"], "reslen": 200}), **ADA)) == 1
    assert len(info(users(user(), query={"uid": 12, "reslen": 200}), user_id=12)) == 1


def test_an_unreadable_value_names_its_user():
    error = fail_task(
        UserInfo,
        virtualizor_user_info.ARGUMENTS,
        users(user(), user(3, "bob@example.com", ram="-")),
    )
    assert error.msg == (
        "Cannot read user 3 (bob@example.com): the panel sends '-' as ram, which is not a valid amount"
    )


def test_a_wrong_result_of_the_filter_falls_back_to_the_list():
    everybody = users(user(3, "bob@example.com"), user(), query={"reslen": 200})
    (shown,) = info(users(user(3, "bob@example.com")), everybody, **ADA)
    assert shown["id"] == 12
    (shown,) = info(users(), everybody, user_id=12)
    assert shown["id"] == 12


def test_a_partial_email_does_not_match():
    rows = users(user(3, "not.ada@example.com"), user(4, "Ada@example.com"))
    error = fail_task(UserInfo, virtualizor_user_info.ARGUMENTS, rows, rows, **ADA)
    assert error.code.value == "not_found"
    assert error.msg.startswith("Cannot find the user with the email 'ada@example.com'")


def test_a_duplicate_email_requires_an_id():
    both = users(user(3, ADA["email"]), user())
    error = fail_task(UserInfo, virtualizor_user_info.ARGUMENTS, both, **ADA)
    assert error.code.value == "ambiguous"
    assert "with the IDs 3, 12 (set user_id)" in error.msg


def test_an_unknown_id():
    error = fail_task(UserInfo, virtualizor_user_info.ARGUMENTS, users(), users(), user_id=9)
    assert error.msg == "Cannot read user 9: there is no such user"


@pytest.mark.parametrize(("number", "found"), [(0, [12]), (5, [3]), (6, []), (None, [3, 12])])
def test_users_are_filtered_by_user_plan(number, found):
    rows = users(user(3, "bob@example.com", uplid="5"), user())
    assert [row["id"] for row in info(rows, user_plan_id=number)] == found


# --- a user plan -----------------------------------------------------------------------------


def test_a_user_gets_a_plan_and_its_limits():
    result = bring(
        users(user()),
        plans(user_plan(num_vs="20", sg="0")),
        edited({**WHOLE, "uplid": 5, "num_vs": 20, "sgs[]": [0]}),
        users(user(uplid="5", num_vs="20", sg="0")),
        users(user(uplid="5", num_vs="20", sg="0")),
        user_plan_name="Reseller M",
    )
    assert result["diff"]["after"] == {"user_plan_id": 5, "num_vs": 20, "sgs": [0]}
    assert "warnings" not in result


def test_no_password_is_ever_sent():
    script = edited({**WHOLE, "num_vs": 1})
    bring(users(user()), script, users(user(num_vs="1")), num_vs=1)
    assert not {"newpass", "password", "activation_code", "cur_bal", "pid"} & set(script.body)


def test_a_user_of_the_plan_gets_its_current_limits():
    there = user(uplid="5")
    result = bring(users(there), plans(user_plan(ram="32768")), check_mode=True, user_plan_id=5)
    assert result["diff"]["after"] == {"ram": 32768}


def test_limits_of_the_task_override_the_plan():
    result = bring(
        users(user(uplid="5", num_vs="50")), plans(user_plan()), user_plan_id=5, num_vs=50
    )
    assert not result["changed"]


def test_only_the_plan_is_set_on_request():
    result = bring(
        users(user()),
        plans(user_plan(ram="32768")),
        edited({**WHOLE, "uplid": 5}),
        users(user(uplid="5")),
        users(user(uplid="5")),
        user_plan_id=5,
        apply_plan=False,
    )
    assert outcomes(result) == {"user_plan_id": "changed"}


def test_a_plan_is_removed():
    result = bring(
        users(user(uplid="5")),
        edited(WHOLE),
        users(user()),
        users(user()),
        user_plan_id=0,
    )
    assert result["diff"]["after"] == {"user_plan_id": 0}


def test_limits_that_the_panel_overwrites_are_sent_again():
    copied = user(uplid="5", num_vs="20")
    result = bring(
        users(user()),
        plans(user_plan(num_vs="20")),
        edited({**WHOLE, "uplid": 5, "num_vs": 50}),
        users(copied),
        edited({**WHOLE, "uplid": 5, "num_vs": 50}),
        users(user(uplid="5", num_vs="50")),
        user_plan_id=5,
        num_vs=50,
    )
    assert outcomes(result)["num_vs"] == "changed"
    assert result["api_calls"]["write"] == 2


DENIED = answer(403)


@pytest.mark.parametrize(
    ("steps", "desired"),
    [
        ([plans(user_plan()), edited({**WHOLE, "uplid": 5})], {"user_plan_id": 5}),
        ([submit(EDIT, DONE)], {"mgs": []}),
    ],
    ids=["limits of a plan", "an empty list"],
)
def test_an_accepted_edit_that_cannot_be_read_again_is_in_doubt(steps, desired):
    error = fail(users(user()), *steps, read("users", DENIED), read("users", DENIED), **desired)
    assert (error.code.value, error.partial, error.uncertain) == ("forbidden", True, True)
    assert "the panel has accepted the request" in error.msg


def test_a_plan_for_other_users_needs_an_option():
    error = fail(users(user()), plans(user_plan(type="1")), user_plan_id=5)
    assert error.code.value == "refused"
    assert "user plan 5 is for users of priority 1, and this user has priority 2" in error.msg
    result = bring(
        users(user()), plans(user_plan(type="1")), user_plan_id=5, priority=1, check_mode=True
    )
    assert result["warnings"] == ["priority=1 grants administrator rights"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"user_plan_id": 9}, "not_found"),
        ({"user_plan_name": "Twin"}, "ambiguous"),
        ({"user_plan_name": "twin"}, "not_found"),
    ],
)
def test_an_ambiguous_plan_is_an_error(changes, code):
    catalogue = plans(user_plan(6, "Twin"), user_plan(7, "Twin"))
    assert fail(users(user()), catalogue, **changes).code.value == code


# --- limits ----------------------------------------------------------------------------------


def test_a_limit_alone_reads_no_plans():
    result = bring(users(user()), user_id=None, num_vs=10)
    assert not result["changed"]
    assert result["api_calls"] == {"read": 1, "write": 0, "retried": 0, "waited_s": 0.0}


def test_a_limit_unknown_to_users_is_not_sent():
    error = fail(users(user()), total_iops_sec=5)
    assert error.msg.startswith("Cannot change user 12 (ada@example.com): this panel does not show")


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_name_that_cannot_be_read_is_not_put_at_risk(check_mode):
    # The panel may remove a name that an edit omits.
    error = fail(users(user(preferences="?")), ram=1, check_mode=check_mode)
    assert error.code.value == "refused"
    assert error.msg == (
        "Cannot change user 12 (ada@example.com): the panel sends its first and last name in an unknown form,"
        " so the change could remove them (change the user in the panel)"
    )
    assert not bring(users(user(preferences="?")), num_vs=10)["changed"]


def test_a_user_without_preferences_has_no_names_to_send():
    body = {key: value for key, value in WHOLE.items() if key not in ("fname", "lname")}
    after = users(user(ram="1", preferences=""))
    bring(users(user(preferences="")), edited({**body, "ram": 1}), after, ram=1)


def test_an_edit_with_a_lost_response_is_verified():
    result = bring(
        users(user()),
        edited({**WHOLE, "ram": 1}, interrupted()),
        users(user(ram="1")),
        users(user(ram="1")),
        ram=1,
    )
    assert result["api_calls"]["write"] == 1


def test_a_list_that_does_not_become_empty_fails_the_task():
    error = fail(
        users(user()), submit(EDIT, DONE), users(user()), submit(EDIT, DONE), users(user()), mgs=[]
    )
    assert error.code.value == "refused"
    assert "mgs stays at [3] instead of []" in error.msg


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": "nobody"}, "email is not an e-mail address: 'nobody'"),
        ({"email": None, "user_id": 0}, "user_id must be a positive number, not 0"),
        ({"user_plan_id": -1}, "user_plan_id must not be -1 (0 removes the plan)"),
        ({"upload_speed": -5}, "upload_speed must not be -5"),
        ({"service_period": 40}, "service_period must be a day"),
    ],
)
def test_an_invalid_option_sends_nothing(changes, words):
    error = fail(**changes)
    assert error.code.value == "validation"
    assert words in error.msg


def test_a_negative_plan_id_is_refused():
    error = fail_task(UserInfo, virtualizor_user_info.ARGUMENTS, user_plan_id=-1)
    assert error.msg == "user_plan_id must not be -1 (0 means no plan)"
