# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Virtualizor user with limits, and a user plan: a template for the limits of a user, not of a VPS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec, named, positive
from ..._core.changes import Comparison, FieldOutcome, Reply
from ..._core.converge import (
    Converged,
    Resource,
    View,
    after_acceptance,
    in_turn,
    results,
)
from ..._core.errors import Code, PanelError, invalid
from ..._core.existence import PRESENT, STATE, Existing
from ..._core.fields import Field, Schema, text
from ..._core.paging import read_row, whole
from ..._core.runner import Query
from ..._core.select import exactly_one, with_id
from ..client import Virtualizor
from ..pages import Raw
from ..values import decimal_number, is_whole, serialized_texts, whole_number, yes_or_no
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

USER_PLAN = Schema(
    Field("id", "uplid", whole_number, required=True),
    Field("plan_name", "plan_name", text, required=True),
    *LIMITS,
    Field("date_created", "date_created", whole_number),
)

#: Keys of the record that are not fields of the form.
_OWN_OF_PLAN = ("uplid", "plan_name", "date_created")


def checked_name(name: str) -> str:
    """Return a plan's name. :raises PanelError: ``validation`` for a name that the panel would alter."""
    if not name.strip() or name != name.strip():
        raise invalid(
            "plan_name must not be empty, nor begin or end with a space",
            "a user plan that has such a name is found by its user_plan_id",
        )
    return name


def choose_user_plan(
    plans: Iterable[Mapping[str, Any]], user_plan_id: int | None, name: str | None
) -> dict[str, Any]:
    """Return the plan with that ID, or else with exactly that name.

    :param plans: all projected plans.
    :raises PanelError: ``not_found`` or ``ambiguous``: the panel may allow duplicate names (virtualizor 2.8).
    """
    if user_plan_id is None:
        desired = named("the name of the user plan", name)
        try:
            found = exactly_one(
                plans, desired, what="user plan", option="user_plan_id", by="plan_name"
            )
        except PanelError as error:
            error.predictable = error.absent
            raise
        return dict(found)
    return with_id(plans, positive("user_plan_id", user_plan_id), "user plan")


def project_user_plan(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the projected user plan. :raises PanelError: naming it, if it has an unreadable value."""
    return whole(read_row(USER_PLAN, raw, "user plan", "plan_name"))


def read_user_plans(client: Virtualizor) -> list[dict[str, Any]]:
    """Return all projected user plans."""
    return [project_user_plan(raw) for raw in client.user_plans()]


#: The options of virtualizor_user_plan_info.
USER_PLAN_INFO_OPTIONS = ArgumentSpec(
    {"user_plan_id": {"type": "int"}, "plan_name": {"type": "str"}},
    mutually_exclusive=[("user_plan_id", "plan_name")],
)


class UserPlanInfo(Query[Virtualizor]):
    """One user plan, or all of them."""

    def read(self) -> dict[str, Any]:
        plan_id, name = self._params["user_plan_id"], self._params["plan_name"]
        if plan_id is not None:
            positive("user_plan_id", plan_id)
        plans = read_user_plans(self._client)
        if (plan_id, name) != (None, None):
            plans = [choose_user_plan(plans, plan_id, name)]
        return {"user_plans": plans, "panel": self._client.address}


#: The options of virtualizor_user_plan.
USER_PLAN_OPTIONS = LIMIT_OPTIONS + ArgumentSpec(
    {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "user_plan_id": {"type": "int"},
        "plan_name": {"type": "str"},
        "force": {"type": "bool", "default": False},
    },
    required_one_of=[("user_plan_id", "plan_name")],
)


class UserPlan(Existing):
    """A user plan that must be present with the desired values, or absent."""

    key = "user_plan"
    shown = results(user_plan=(STATE.name, *USER_PLAN))
    schema = Schema(STATE, *USER_PLAN.values())

    def __init__(self, client: Virtualizor, params: Mapping[str, Any]) -> None:
        super().__init__(params["state"])
        self._client = client
        self._force = params["force"]
        self._id: int | None = params["user_plan_id"]
        self._name: str | None = params["plan_name"]
        if self._id is not None:
            positive("user_plan_id", self._id)
        if self._name is not None:
            checked_name(self._name)
        if self.state != PRESENT and self._id is not None and self._name is not None:
            raise invalid(
                "with state=absent set user_plan_id or plan_name, not both",
                "with an ID, plan_name is the plan's new name",
            )
        self._limits = checked_limits(params)
        #: ID of the user plan that this task has created.
        self._made: int | None = None
        #: All user plans at the last read, and the selected one, raw and projected.
        self._all: list[dict[str, Any]] = []
        self._raw: Mapping[str, Any] = {}
        self._seen: Mapping[str, Any] = {}

    def name(self, view: View) -> str:
        number, name = view.get("id", self._id), view.get("plan_name", self._name)
        return " ".join(
            ["user plan", *([str(number)] if number else []), *([f"({name})"] if name else [])]
        )

    def find(self) -> View | None:
        records = self._client.user_plans()
        self._all = [project_user_plan(record) for record in records]
        number = self._made or self._id
        # With an ID, the name is the plan's new name.
        by, desired = ("plan_name", self._name) if number is None else ("id", number)
        there = any(plan[by] == desired for plan in self._all)
        if not there and (number is None or self.state != PRESENT):
            self._raw = self._seen = {}
            return None
        self._seen = choose_user_plan(self._all, number, self._name)
        self._raw = records[self._all.index(self._seen)]
        if self.state == PRESENT and any(name not in self._seen for name in self._limits):
            self._seen = project_user_plan(self._completed())
        return self._seen

    def values(self) -> Mapping[str, Any]:
        return {**({} if self._name is None else {"plan_name": self._name}), **self._limits}

    def permit(self, comparison: Comparison) -> None:
        if self.state != PRESENT:
            if not self._force:
                self._refuse_in_use()
            return
        if not self._seen and "priority" not in self._limits:
            raise invalid(
                "priority must be set: there is no such user plan yet", "or check plan_name"
            )
        if self._seen and self._seen["plan_name"] != self._name:
            self._refuse_taken_name()
        check_together(comparison, self._seen)
        shown = {name for view in [self._seen, *self._all] for name in view}
        if shown:
            refuse_unseen(
                comparison, shown, f"{'change' if self._seen else 'add'} {self.name(self._seen)}"
            )

    def apply(self, comparison: Comparison) -> Reply:
        changed = comparison.to_write()
        if STATE.name in changed:
            return super().apply(comparison)
        write_whole(self._edit, self.read, changed)
        return Reply()

    def create(self) -> None:
        done = self._client.send("add_user_plan", body=dict(self.values()))
        if is_whole(done):
            self._made = whole_number(done)

    def delete(self) -> None:
        self._client.send("delete_user_plan", body={"delete": self._seen["id"]})

    def conclude(self, converged: Converged) -> dict[str, Any]:
        return concluded(converged, super().conclude)

    def _edit(self, values: Mapping[str, Any]) -> None:
        """Send the whole record, updated with the given values."""
        number = self._seen["id"]
        body = {
            **whole_record(self._completed(), values, _OWN_OF_PLAN),
            "uplid": number,
            "plan_name": values.get("plan_name", self._seen["plan_name"]),
        }
        self._client.send("edit_user_plan", path={"user_plan_id": number}, body=body)

    def _completed(self) -> Mapping[str, Any]:
        """Return the record with the fields of its form: the list may omit newer fields (virtualizor 2.1)."""
        if all(str(field.path) in self._raw for field in LIMITS):
            return self._raw
        form = self._client.user_plan_form(self._seen["id"])
        single = {key: value for key, value in form.items() if not isinstance(value, (list, dict))}
        return {**single, **self._raw}

    def _refuse_taken_name(self) -> None:
        """Refuse a name in use: names should be unique, but the panel may not check (virtualizor 2.8).

        Only a new name is checked, so plans that already share a name can be changed.
        """
        for other in self._all:
            if other["plan_name"] == self._name:
                raise PanelError(
                    Code.CONFLICT,
                    f"user plan {other['id']} has the name {self._name!r}",
                    action=f"rename {self.name(self._seen)}",
                    hint="choose another plan_name",
                )

    def _refuse_in_use(self) -> None:
        """Refuse to delete a plan with users: what happens to them is unknown (virtualizor 2.7)."""
        users = [
            str(user.get("uid"))
            for user in self._client.users()
            if str(user.get("uplid")) == str(self._seen["id"])
        ]
        if users:
            some = ", ".join(users[:10]) + (" …" if len(users) > 10 else "")
            raise PanelError(
                Code.REFUSED,
                f"{len(users)} {'user has' if len(users) == 1 else 'users have'} it, with the IDs {some}",
                action=f"delete {self.name(self._seen)}",
                hint="move them to another plan, or set force",
            )


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


def project_user(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the projected user. :raises PanelError: naming it, if it has an unreadable value."""
    return whole(read_row(USER, raw, "user", "email"))


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
    users = [project_user(record) for record in records]
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

    def read(self) -> dict[str, Any]:
        user, plan_id = checked_user(self._params), self._params["user_plan_id"]
        if plan_id is not None and plan_id < 0:
            raise invalid(f"user_plan_id must not be {plan_id}", "0 means no plan")
        named = user != (None, None)
        records = [find_user(self._client, *user)] if named else self._client.users()
        users = [project_user(record) for record in records]
        return {"users": [view for view in users if plan_id in (None, view["user_plan_id"])]}


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
        self._seen = project_user(self._raw)
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
        self._own_names()
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
            with after_acceptance():
                view = self.read()
            left = comparison.seen_again(view)
            if left.changed and "user_plan_id" not in left.names(FieldOutcome.CHANGED):
                in_turn(
                    lambda: None,
                    lambda: write_whole(self._edit, self.read, left.to_write()),
                )
        return Reply()

    def conclude(self, converged: Converged) -> dict[str, Any]:
        return concluded(converged, super().conclude)

    def _own_names(self) -> dict[str, Any]:
        """Return the first and the last name, which an edit may reset if they are omitted (virtualizor 2.5).

        :raises PanelError: ``refused`` if they cannot be read.
        """
        try:
            own = serialized_texts(self._raw.get("preferences"))
        except ValueError:
            raise PanelError(
                Code.REFUSED,
                "the panel sends its first and last name in an unknown form, so the change could remove them",
                action=f"change {self.name(self._seen)}",
                hint="change the user in the panel",
            ) from None
        return {name: own[name] for name in ("fname", "lname") if name in own}

    def _edit(self, values: Mapping[str, Any]) -> None:
        """Send the whole record, updated with the given values and without a password.

        The panel keeps the password if none is sent (virtualizor 3.6).
        """
        body = {
            **whole_record(self._raw, values, _OWN),
            **self._own_names(),
            "newemail": self._seen["email"],
            "uplid": values.get("user_plan_id", self._seen["user_plan_id"]),
        }
        self._client.send("edit_user", path={"user_id": self._seen["id"]}, body=body)
