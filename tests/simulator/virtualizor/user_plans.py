# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""User plans: templates of the limits of a user (virtualizor 2)."""

from __future__ import annotations

from typing import Any

from .acts import Acts
from .answers import Refused
from .call import Call, ids
from .columns import NEWER_LIMITS, USER_PLAN, Column, values
from .groups import group_lists
from .paging import named_like, page_of
from .state import Row, whole

acts = Acts()

LAST_DAY = 31
"""`service_period` is a day of the month, 0 to 31. DOCUMENTED (the form of the panel begins at 1)."""


@acts.page("user_plans", "Plans")
def list_user_plans(call: Call) -> dict[str, Any]:
    """Return one page. The key is `plans`, as for VPS plans. Lists are comma strings (virtualizor 2.1)."""
    rows = [
        row
        for row in call.state.user_plans.values()
        if named_like(call, row["plan_name"]) and _of_type(call, row)
    ]
    return {"plans": page_of(call, rows, "uplid", lambda row: record(call, row))}


@acts.write("user_plans", "delete")
def delete_user_plans(call: Call) -> dict[str, Any]:
    """Delete plans by a comma list. `done` holds the deleted records. Unknown IDs are skipped (virtualizor 2.7)."""
    state = call.state
    numbers = [number for number in ids(call.text("delete")) if number in state.user_plans]
    in_use = {whole(user["uplid"]) for user in state.users.values()}
    if call.switch("user_plan_in_use") == "refuse" and in_use.intersection(numbers):
        raise Refused("vps_use_error")
    deleted = {str(number): record(call, state.user_plans.pop(number)) for number in numbers}
    return {"done": deleted, **list_user_plans(call)}


@acts.page("adduser_plans", "Add User Plans")
def show_new_user_plan(call: Call) -> dict[str, Any]:
    """Return the empty form."""
    return group_lists(call.state)


@acts.submit("adduser_plans", "adduser_plans")
def add_user_plan(call: Call) -> dict[str, Any]:
    """Add a plan; `done` is its id (virtualizor 2.2)."""
    row = _read(call, None)
    number = call.state.next_id("user_plan")
    call.state.user_plans[number] = {
        "uplid": str(number),
        **row,
        **_unless_sent(row),
        "date_created": str(call.now()),
    }
    return {"done": number, **group_lists(call.state)}


@acts.page("edituser_plans", "Edit User Plans")
def show_user_plan(call: Call) -> dict[str, Any]:
    """Return the form with one record, or with an empty one for an unknown ID (INFERRED)."""
    row = call.state.user_plans.get(call.query_number("uplid"))
    return {"user_plans": exploded(call, row) if row else {}, **group_lists(call.state)}


@acts.submit("edituser_plans", "edituser_plans")
def edit_user_plan(call: Call) -> dict[str, Any]:
    """Save a plan. The answer shows one record with its lists exploded (virtualizor 2.4)."""
    row = call.state.user_plans.get(call.query_number("uplid"))
    if row is None:
        done = {"done": True} if call.switch("unknown_uplid") == "done" else {}
        return {**done, **show_user_plan(call)}
    before = exploded(call, row)
    row.update(_read(call, row))
    shown = before if call.switch("edit_echo") == "before" else exploded(call, row)
    return {"done": True, "user_plans": shown, **group_lists(call.state)}


def record(call: Call, row: Row) -> Row:
    """Return a plan as a row of the list: strings only. Older panels lack the newer columns."""
    if call.switch("newer_fields") == "shown":
        return dict(row)
    hidden = {column.name for column in NEWER_LIMITS}
    return {name: value for name, value in row.items() if name not in hidden}


def exploded(call: Call, row: Row) -> Row:
    """Return a plan as in its form. PHP explodes the comma strings, so an empty one becomes [""] or [0]."""
    return {
        **record(call, row),
        "allowed_virts": row["allowed_virts"].split(","),
        "sg": [whole(part) for part in row["sg"].split(",")],
        "mg": [whole(part) for part in row["mg"].split(",")],
    }


def _columns(call: Call) -> list[Column]:
    absent = call.switch("newer_fields") == "absent"
    return [column for column in USER_PLAN if not (column.newer and absent)]


def _unless_sent(row: Row) -> Row:
    """Return the newer columns, with 0 for those that were not sent."""
    return {column.name: row.get(column.name, "0") for column in NEWER_LIMITS}


def _read(call: Call, old: Row | None) -> Row:
    """Validate the form and return its values. Name and type are required, even for an edit (DOCUMENTED)."""
    problems = []
    if not call.field("plan_name"):
        problems.append("no_plan_name")
    if not call.field("priority"):
        problems.append("nousertype")
    row = values(call, _columns(call), old)
    if not 0 <= whole(row["service_period"]) <= LAST_DAY:
        problems.append("invalid_date")
    if whole(row.get("space_per_vm", "0")) > whole(row["space"]) > 0:
        problems.append("space_per_vm_err")
    if _name_taken(call, row["plan_name"], old):
        problems.append("plannameexist")
    if problems:
        raise Refused(*problems)
    return row


def _name_taken(call: Call, name: str, old: Row | None) -> bool:
    return call.switch("duplicate_user_plan") == "refuse" and any(
        row["plan_name"] == name and row is not old for row in call.state.user_plans.values()
    )


def _of_type(call: Call, row: Row) -> bool:
    """Return whether a plan passes the filter `ptype`, whose meaning is uncertain (virtualizor 2.1)."""
    wanted = call.text("ptype")
    how = call.switch("user_plan_ptype")
    if not wanted or how == "ignored":
        return True
    if how == "virt":
        return wanted in str(row["allowed_virts"]).split(",")
    return str(row["type"]) == wanted
