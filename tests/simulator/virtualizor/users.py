# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users of the panel (virtualizor 3.6)."""

from __future__ import annotations

import re
from typing import Any

from .acts import Acts
from .answers import Refused
from .call import Call, ids
from .columns import LIMITS, values
from .groups import group_lists
from .paging import like, page_of
from .php_output import serialize
from .state import DNS_PLANS, Row, fake_secret, whole
from .user_plans import record as user_plan_record

acts = Acts()

_ADDRESS = re.compile(r"[^@\s,]+@[^@\s,]+\.[^@\s,]+")


@acts.page("users", "Users")
def list_users(call: Call) -> dict[str, Any]:
    """Return one page. The filter is `type` in the vendor's client and `user_type` in its docs. Both are read."""
    kind = call.text("type") or call.text("user_type")
    number, email = call.text("uid"), call.text("email")
    rows = [
        row
        for row in call.state.users.values()
        if number in ("", row["uid"]) and kind in ("", row["type"]) and like(row["email"], email)
    ]
    return {"users": page_of(call, rows, "uid", record)}


@acts.write("users", "delete")
def delete_users(call: Call) -> dict[str, Any]:
    """Delete users by a comma list, with their VPSs unless `dont_destroy_vps` is sent (virtualizor 3.6)."""
    state = call.state
    numbers = [number for number in ids(call.text("delete")) if number in state.users]
    owned = [key for key, row in state.vs.items() if whole(row["uid"]) in numbers]
    if owned and call.switch("delete_user_with_vps") == "refuse":
        raise Refused("user_has_vps")
    if not whole(call.text("dont_destroy_vps")):
        for key in owned:
            del state.vs[key]
        state.forget_derived()
    deleted = {str(number): record(state.users.pop(number)) for number in numbers}
    return {"done": deleted, **list_users(call)}


@acts.write("users", "suspend")
def suspend_users(call: Call) -> dict[str, Any]:
    """Suspend by a comma list."""
    return _suspended(call, "suspend", "1")


@acts.write("users", "unsuspend")
def unsuspend_users(call: Call) -> dict[str, Any]:
    """Unsuspend by a comma list."""
    return _suspended(call, "unsuspend", "0")


@acts.read("users", "list_ssh_keys")
def list_ssh_keys(call: Call) -> dict[str, Any]:
    """Return the SSH keys of the user in the form (OBSERVED call and key, INFERRED columns)."""
    row = call.state.users.get(whole(call.text("uid")))
    return {"ssh_keys": {key["keyid"]: key for key in row["ssh_keys"]} if row else {}}


@acts.page("adduser", "Add User")
def show_new_user(call: Call) -> dict[str, Any]:
    """Return the empty form."""
    return _form_lists(call)


@acts.submit("adduser", "adduser")
def add_user(call: Call) -> dict[str, Any]:
    """Add a user; `done` is the uid. Clients must send the flag themselves (OBSERVED)."""
    problems = _problems(call, None)
    if not call.field("newpass"):
        problems.append("no_new")
    if problems:
        raise Refused(*problems)
    number = call.state.next_id("user")
    row = new_user(number, call.field("newemail"), call.now())
    call.state.users[number] = row
    _fill(call, row, None)
    return {"done": number, **_form_lists(call)}


@acts.page("edituser", "Edit User")
def show_user(call: Call) -> dict[str, Any]:
    """Return the form with one record."""
    row = call.state.users.get(call.query_number("uid"))
    return {"users": _in_form(row) if row else {}, **_form_lists(call)}


@acts.submit("edituser", "edituser")
def edit_user(call: Call) -> dict[str, Any]:
    """Save a user. A blank password keeps the old one (OBSERVED)."""
    row = call.state.users.get(call.query_number("uid"))
    if row is None:
        return show_user(call)
    problems = _problems(call, row)
    if problems:
        raise Refused(*problems)
    before = _in_form(row)
    row["email"] = call.field("newemail")
    _fill(call, row, row)
    after = show_user(call)
    shown = before if call.switch("edit_echo") == "before" else after["users"]
    return {"done": "1", **after, "users": shown}


def new_user(number: int, email: str, now: int) -> Row:
    """Return a user without limits. The format of the password hash is not known."""
    blank = {
        column.name: "" if column.name in ("allowed_virts", "sg", "mg") else "0"
        for column in LIMITS
    }
    return {
        "uid": str(number),
        "email": email,
        "password": fake_secret("password-hash", number),
        "type": "0",
        "pid": "0",
        "uplid": "0",
        "cur_bal": "0.00",
        **blank,
        "service_period": "1",
        "suspended": "0",
        "ssh_keys": [],
        "preferences": {"fname": "", "lname": "", "language": "english", "timezone": "0"},
        "activation_code": fake_secret("activation", number),
        "date_created": str(now),
    }


def record(row: Row) -> Row:
    """Return a user as a row of the list. The preferences are a serialized string."""
    return {**_without_keys(row), "preferences": serialize(row["preferences"])}


def _in_form(row: Row) -> Row:
    """Return a user as in the form, with exploded virtualizations and preferences as an object (DOCUMENTED)."""
    preferences = dict(row["preferences"])
    return {
        **_without_keys(row),
        "allowed_virts": row["allowed_virts"].split(","),
        "preferences": preferences,
    }


def _without_keys(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "ssh_keys"}


def _form_lists(call: Call) -> dict[str, Any]:
    plans = {row["uplid"]: user_plan_record(call, row) for row in call.state.user_plans.values()}
    return {"user_plans": plans, **group_lists(call.state)}


def _problems(call: Call, old: Row | None) -> list[str]:
    """Return the names of the errors. Some names differ between adding and editing (OBSERVED)."""
    problems = []
    email = call.field("newemail")
    if not call.field("priority"):
        problems.append("no_type" if old else "nousertype")
    if not email:
        problems.append("no_email")
    elif not _ADDRESS.fullmatch(email):
        problems.append("invalid_email")
    elif any(
        row["email"].lower() == email.lower() and row is not old
        for row in call.state.users.values()
    ):
        problems.append("email_exist" if old else "emailexist")
    plan = whole(call.field("uplid"))
    if plan and plan not in call.state.user_plans:
        problems.append("invalid_user_plan")
    dns = whole(call.field("dnsplan_id"))
    if dns and str(dns) not in DNS_PLANS:
        problems.append("invalid_dnsplan_id")
    return problems


def _fill(call: Call, row: Row, old: Row | None) -> None:
    """Set the form's values on a user. With `uplid_change=copy`, a new plan's limits take precedence."""
    plan_before = row["uplid"]
    row.update(values(call, LIMITS, old))
    row["type"] = str(whole(call.field("priority")))
    resets = call.switch("omitted_on_edit") == "reset"
    if call.sent("uplid") or resets:
        row["uplid"] = str(whole(call.field("uplid")))
    for name in ("fname", "lname"):
        if call.sent(name) or resets:
            row["preferences"][name] = call.field(name)
    if call.field("newpass"):
        row["password"] = fake_secret("password-hash", f"{row['uid']}:{call.text('newpass')}")
    plan = call.state.user_plans.get(whole(row["uplid"]))
    if plan and row["uplid"] != plan_before and call.switch("uplid_change") == "copy":
        row.update({column.name: plan[column.name] for column in LIMITS})


def _suspended(call: Call, parameter: str, value: str) -> dict[str, Any]:
    numbers = [number for number in ids(call.text(parameter)) if number in call.state.users]
    for number in numbers:
        call.state.users[number]["suspended"] = value
    return {"done": bool(numbers), **list_users(call)}
