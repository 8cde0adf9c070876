# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Virtualizor user, with a user plan and limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec, named, positive
from ..._core.changes import Comparison, FieldOutcome, Reply
from ..._core.converge import Converged, Resource, View, in_turn, results
from ..._core.errors import Code, PanelError, invalid
from ..._core.fields import Field, Schema, text
from ..._core.runner import Query
from ..._core.select import exactly_one
from ..client import Virtualizor
from ..pages import Raw
from ..values import decimal_number, serialized_texts, whole_number, yes_or_no
from .limits import (
    LIMIT_OPTIONS,
    LIMITS,
    check_together,
    checked_limits,
    concluded,
    refuse_unseen,
    whole_record,
    write_whole,
)
from .user_plan import choose_user_plan, read_user_plans

#: Without the password, in any form, and the activation code (virtualizor 3.6, 5).
USER = Schema(
    Field("id", "uid", whole_number, required=True),
    Field("email", "email", text, required=True),
    Field("user_plan_id", "uplid", whole_number, absent=0),
    *LIMITS,
    Field("balance", "cur_bal", decimal_number),
    Field("suspended", "suspended", yes_or_no),
    Field("date_created", "date_created", whole_number),
)

#: Keys of the record that are not fields of the form, are set explicitly, or are never sent back.
_OWN = (
    *("uid", "pid", "email", "uplid", "password", "activation_code", "preferences"),
    *("cur_bal", "suspended", "date_created"),
)
#: The limits that a user inherits from a user plan. The plan's priority selects its users instead.
_INHERITED = tuple(field.name for field in LIMITS if field.name != "priority")


def find_user(client: Virtualizor, user_id: int | None, email: str | None) -> Raw:
    """Return the raw user with that ID, or else with that e-mail address.

    The panel's filter is used first. It may read another parameter or match substrings
    (virtualizor 3.6); if it finds nothing, all users are searched.

    :raises PanelError: ``not_found`` or ``ambiguous``.
    """
    if user_id is not None:
        for query in ({"uid": user_id}, {}):
            for record in client.users(**query):
                if str(record.get("uid")) == str(user_id):
                    return record
        raise PanelError(Code.NOT_FOUND, "there is no such user", action=f"read user {user_id}")
    email = named("email", email)
    found = [record for record in client.users(email=email) if record.get("email") == email]
    records = found or client.users()
    users = [USER.project(record) for record in records]
    user = exactly_one(users, email, what="user", option="user_id", by="email")
    return next(r for r, known in zip(records, users, strict=True) if known is user)


def checked_user(params: Mapping[str, Any]) -> tuple[int | None, str | None]:
    """Return the options that select a user. :raises PanelError: ``validation``."""
    user_id, email = params["user_id"], params["email"]
    if user_id is not None:
        positive("user_id", user_id)
    if email is not None and "@" not in email:
        raise invalid(f"email is not an e-mail address: {email!r}")
    return user_id, email


#: The options of virtualizor_user_info.
USER_INFO_OPTIONS = ArgumentSpec(
    {"user_id": {"type": "int"}, "email": {"type": "str"}, "user_plan_id": {"type": "int"}},
    mutually_exclusive=[("user_id", "email")],
)


class UserInfo(Query[Virtualizor]):
    """One user, the users on one user plan, or all users."""

    def __init__(self, client: Virtualizor, params: Mapping[str, Any]) -> None:
        self._client = client
        self._user = checked_user(params)
        self._plan_id: int | None = params["user_plan_id"]
        if self._plan_id is not None and self._plan_id < 0:
            raise invalid(f"user_plan_id must not be {self._plan_id}", "0 means no plan")

    def read(self) -> dict[str, Any]:
        named = self._user != (None, None)
        records = [find_user(self._client, *self._user)] if named else self._client.users()
        users = [USER.project(record) for record in records]
        return {"users": [user for user in users if self._plan_id in (None, user["user_plan_id"])]}


#: The options of virtualizor_user.
USER_OPTIONS = LIMIT_OPTIONS + ArgumentSpec(
    {
        "user_id": {"type": "int"},
        "email": {"type": "str"},
        "user_plan_id": {"type": "int"},
        "user_plan_name": {"type": "str"},
        "apply_plan": {"type": "bool", "default": True},
    },
    mutually_exclusive=[("user_id", "email"), ("user_plan_id", "user_plan_name")],
    required_one_of=[("user_id", "email")],
)


class User(Resource):
    """A user with a desired user plan and desired limits."""

    key = "user"
    shown = results(user=USER)
    schema = USER

    def __init__(self, client: Virtualizor, params: Mapping[str, Any]) -> None:
        self._client = client
        self._user = checked_user(params)
        self._plan_id: int | None = params["user_plan_id"]
        self._plan_name: str | None = params["user_plan_name"]
        self._apply_plan = params["apply_plan"]
        if self._plan_id is not None and self._plan_id < 0:
            raise invalid(f"user_plan_id must not be {self._plan_id}", "0 removes the plan")
        self._limits = checked_limits(params)
        #: The user at the last read, and the desired user plan, empty for none.
        self._raw: Raw = {}
        self._seen: dict[str, Any] = {}
        self._plan: dict[str, Any] = {}

    def name(self, view: View) -> str:
        return f"user {view['id']} ({view['email']})"

    def read(self) -> View:
        self._raw = find_user(self._client, *self._user)
        self._seen = USER.project(self._raw)
        return self._seen

    def desired(self) -> Mapping[str, Any]:
        values = dict(self._limits)
        if self._plan_id == 0:
            return {"user_plan_id": 0, **values}
        if self._plan_id is None and self._plan_name is None:
            return values
        plans = read_user_plans(self._client)
        self._plan = choose_user_plan(plans, self._plan_id, self._plan_name)
        if self._apply_plan:
            inherited = (n for n in _INHERITED if n in self._plan and n in self._seen)
            values = {**{name: self._plan[name] for name in inherited}, **values}
        return {"user_plan_id": self._plan["id"], **values}

    def permit(self, comparison: Comparison) -> None:
        action = f"change {self.name(self._seen)}"
        check_together(comparison, self._seen)
        refuse_unseen(comparison, self._seen, action)
        priority = self._limits.get("priority", self._seen.get("priority"))
        moves = "user_plan_id" in comparison.names(FieldOutcome.CHANGED)
        if moves and self._plan and self._plan.get("priority") != priority:
            raise PanelError(
                Code.REFUSED,
                f"user plan {self._plan['id']} is for users of priority {self._plan.get('priority')}, "
                f"and this user has priority {priority}",
                action=action,
                hint="to change the user's priority, set priority too",
            )

    def apply(self, comparison: Comparison) -> Reply:
        write_whole(self._edit, self.read, comparison.to_write())
        if "user_plan_id" in comparison.names(FieldOutcome.CHANGED):
            # The panel may have overwritten the sent limits with those of the new plan (virtualizor 3.6).
            left = comparison.seen_again(self.read())
            if left.changed and "user_plan_id" not in left.names(FieldOutcome.CHANGED):
                in_turn(
                    lambda: None,
                    lambda: write_whole(self._edit, self.read, left.to_write()),
                )
        return Reply()

    def conclude(self, converged: Converged) -> dict[str, Any]:
        return concluded(converged, super().conclude)

    def _edit(self, values: Mapping[str, Any]) -> None:
        """Send the whole record, updated with the given values and without a password.

        The panel keeps the password if none is sent (virtualizor 3.6).
        """
        own = serialized_texts(self._raw.get("preferences"))
        names: dict[str, Any] = {name: own[name] for name in ("fname", "lname") if name in own}
        body = {
            **whole_record(self._raw, values, _OWN),
            **names,
            "newemail": self._seen["email"],
            "uplid": values.get("user_plan_id", self._seen["user_plan_id"]),
        }
        self._client.send("edit_user", path={"user_id": self._seen["id"]}, body=body)
