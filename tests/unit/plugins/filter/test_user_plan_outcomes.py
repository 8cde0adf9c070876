# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.vpsfleet.panels.plugins.filter.user_plan_outcomes import (
    user_plan_outcomes,
)

TODAY = [{"id": 1, "plan_name": "Starter"}, {"id": 2, "plan_name": "Old"}]
RAM = {
    "field": "ram",
    "unit": "MB",
    "before": 1,
    "desired": 2,
    "after": 2,
    "outcome": "changed",
    "message": None,
}
SAME = {**RAM, "field": "space", "outcome": "unchanged"}
MADE = {**RAM, "field": "state", "unit": None, "before": "absent", "desired": "present"}
MADE["after"] = "present"
NAMED = {**MADE, "field": "plan_name", "before": None, "desired": "New", "after": "New"}
GONE = {**MADE, "before": "present", "desired": "absent", "after": "absent"}
IN_USE = {"code": "refused", "message": "2 users have it", "partial": False}


def result(entry, changes=(), **more):
    return {
        "ansible_loop_var": "entry",
        "entry": entry,
        "changed": False,
        "changes": list(changes),
        **more,
    }


CHANGE = result({"plan_name": "Starter"}, [RAM, SAME], user_plan={"id": 1, "plan_name": "Starter"})
CREATE = result({"plan_name": "New"}, [MADE, NAMED, RAM], user_plan={"plan_name": "New"})
DELETE = result({"user_plan_id": 2, "state": "absent"}, [GONE], user_plan={"state": "absent"})
KEEP = result({"plan_name": "Old"}, [SAME], user_plan={"id": 2, "plan_name": "Old"})


def test_predicted_outcomes():
    rows = user_plan_outcomes([CHANGE, CREATE, DELETE, KEEP], today=TODAY)
    assert [(row["id"], row["name"], row["outcome"], row["changed_fields"]) for row in rows] == [
        (1, "Starter", "changed", ["ram"]),
        (None, "New", "created", ["ram"]),
        (2, "Old", "deleted", []),
        (2, "Old", "unchanged", []),
    ]
    assert rows[0] == {
        "id": 1,
        "name": "Starter",
        "outcome": "changed",
        "changed_fields": ["ram"],
        "changes": [RAM],
        "failure": None,
        "msg": "",
    }


def test_results_replace_predictions():
    made = {**CREATE, "user_plan": {"id": 8, "plan_name": "New"}}
    changed, created, deleted = user_plan_outcomes([CHANGE, CREATE, DELETE], [made], TODAY)
    assert (created["id"], created["outcome"]) == (8, "created")
    for row in (changed, deleted):
        assert row["outcome"] == "skipped"
        assert row["changed_fields"] == []
        assert [change["outcome"] for change in row["changes"]] == ["skipped"]
        assert [change["after"] for change in row["changes"]] == [row["changes"][0]["before"]]


def test_planned_changes_without_results_are_skipped():
    rows = user_plan_outcomes([CHANGE, KEEP], [], TODAY)
    assert [row["outcome"] for row in rows] == ["skipped", "unchanged"]


def test_a_renamed_plan_is_listed_under_its_old_name():
    renamed = result(
        {"user_plan_id": "1", "plan_name": "Begin"},
        [{**RAM, "field": "plan_name", "before": "Starter", "desired": "Begin", "after": "Begin"}],
        user_plan={"id": 1, "plan_name": "Begin"},
    )
    (row,) = user_plan_outcomes([renamed], today=TODAY)
    assert (row["name"], row["outcome"], row["changed_fields"]) == (
        "Starter",
        "changed",
        ["plan_name"],
    )


def test_a_failure_before_the_first_write():
    failed = {**DELETE, "failed": True, "failure": IN_USE, "msg": "Cannot delete: in use"}
    (row,) = user_plan_outcomes([failed], today=TODAY)
    assert (row["id"], row["name"], row["outcome"]) == (2, "Old", "failed")
    assert (row["failure"], row["msg"]) == (IN_USE, "Cannot delete: in use")
    assert row["changes"] == [{**GONE, "outcome": "skipped", "after": "present"}]
    assert row["changed_fields"] == []


def test_a_partial_failure():
    failed = {**CHANGE, "failed": True, "failure": {**IN_USE, "partial": True}, "msg": "lost"}
    (row,) = user_plan_outcomes([CHANGE], [failed], TODAY)
    assert (row["outcome"], row["changed_fields"]) == ("failed", ["ram"])


STEPS = [CHANGE, CREATE, DELETE]


def now(planned, **changes):
    """Return a repeated check that differs from the planned one."""
    return {**planned, **changes}


def test_a_change_that_is_still_as_planned_is_only_skipped_until_it_is_done():
    rows = user_plan_outcomes(STEPS, [], TODAY, STEPS)
    assert [row["outcome"] for row in rows] == ["skipped"] * 3
    done = [dict(step) for step in STEPS]
    assert user_plan_outcomes(STEPS, done, TODAY, STEPS) == user_plan_outcomes(STEPS, today=TODAY)


@pytest.mark.parametrize(
    ("planned", "again", "action"),
    [
        (CHANGE, {"changes": [{**RAM, "before": 7}]}, "change user plan 1 (Starter)"),
        (CHANGE, {"changes": CREATE["changes"]}, "change user plan 1 (Starter)"),
        (CHANGE, {"user_plan": {"id": 9, "plan_name": "Starter"}}, "change user plan 1 (Starter)"),
        (CREATE, {"changes": [RAM]}, "create user plan (New)"),
        (DELETE, {"diff": {"before_header": "user plan 2 (Needed)"}}, "delete user plan 2 (Old)"),
    ],
)
def test_a_change_that_is_no_longer_as_planned_is_a_conflict(planned, again, action):
    (row,) = user_plan_outcomes([planned], [], TODAY, [now(planned, **again)])
    assert (row["outcome"], row["changed_fields"]) == ("failed", [])
    assert row["msg"] == (
        f"Cannot {action}: the panel no longer has what the plan was made from, so it was left alone "
        "(run the role again for a new plan)"
    )
    assert (row["failure"]["code"], row["failure"]["partial"]) == ("conflict", False)
    assert {change["outcome"] for change in row["changes"]} == {"skipped"}


def test_a_change_that_somebody_else_has_made_is_unchanged():
    (row,) = user_plan_outcomes([CHANGE], [], TODAY, [now(CHANGE, changes=[SAME])])
    assert (row["outcome"], row["changes"]) == ("unchanged", [])


def test_a_check_that_fails_before_the_change_is_the_failure():
    failed = now(DELETE, failed=True, failure=IN_USE, msg="Cannot delete: in use")
    (row,) = user_plan_outcomes([DELETE], [], TODAY, [failed])
    assert (row["outcome"], row["msg"]) == ("failed", "Cannot delete: in use")


@pytest.mark.parametrize("name", ["Starter", "Nobody"])
def test_a_module_without_a_result(name):
    no_result = {"ansible_loop_var": "entry", "entry": {"plan_name": name}, "msg": "killed"}
    (row,) = user_plan_outcomes([no_result], today=TODAY)
    assert row["id"] == (1 if name == "Starter" else None)
    assert (row["name"], row["outcome"], row["msg"]) == (name, "failed", "killed")
    assert (row["failure"]["code"], row["failure"]["state"]) == ("internal", "unknown")


def test_a_duplicate_name_gives_no_id():
    today = [{"id": 4, "plan_name": "Twin"}, {"id": 5, "plan_name": "Twin"}]
    twin = result({"plan_name": "Twin"}, failure=IN_USE, msg="2 have that plan_name")
    assert user_plan_outcomes([twin], today=today)[0]["id"] is None


@pytest.mark.parametrize("entry", [{"ram": 1}, "text", None])
def test_a_loop_over_other_items_is_refused(entry):
    with pytest.raises(AnsibleFilterError, match="entries with a user_plan_id or a plan_name"):
        user_plan_outcomes([{"item": entry}])
