# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The self service of a VirtFusion user: credit, group profiles, hourly resource pack and level."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

from ..._core.argspec import ArgumentSpec, positive
from ..._core.changes import Comparison
from ..._core.converge import Resource, View, in_turn, results
from ..._core.errors import PanelError, invalid, unreadable
from ..._core.existence import PRESENT
from ..._core.fields import Field, Schema, identifier
from ..._core.runner import Action
from ..._core.session import UncertainWrite
from ..argspec import FIND_USER
from ..client import VirtFusion
from .user import SELF_SERVICE, USER, UserAction, read_user, user_request

#: For each type, the operations that add and remove a profile.
_TYPES = {
    "hourly": ("add_hourly_group_profile", "remove_hourly_group_profile"),
    "resource": ("add_resource_group_profile", "remove_resource_group_profile"),
}

#: The options of virtfusion_selfservice_profile.
SELFSERVICE_PROFILE_OPTIONS = FIND_USER + ArgumentSpec(
    {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "type": {"type": "str", "choices": list(_TYPES), "required": True},
        "profile_ids": {
            "type": "list",
            "elements": "int",
            "aliases": ["profile_id"],
            "required": True,
        },
    }
)


class _UserPart(Resource):
    """A part of a user that only the read of the whole user shows."""

    key = "user"
    shown = results(user=USER)

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        self._client = client
        self._request = user_request(params)

    def read(self) -> View:
        return read_user(self._client, self._request)


class SelfserviceProfile(_UserPart):
    """Profiles of one type that a user must or must not have; others are left unchanged."""

    schema = Schema(USER["hourly_group_profiles"], USER["resource_group_profiles"])

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        super().__init__(client, params)
        if not params["profile_ids"]:
            raise invalid("profile_ids is empty")
        self._ids = {positive("profile_ids", item) for item in params["profile_ids"]}
        self._adds = params["state"] == PRESENT
        self._field = f"{params['type']}_group_profiles"
        self._add, self._remove = _TYPES[params["type"]]
        self._has: set[int] = set()

    def read(self) -> View:
        view = super().read()
        if self._field not in view:
            raise unreadable(f"the panel does not show {self._field} of user {view['id']}")
        self._has = set(view[self._field])
        return view

    def desired(self) -> Mapping[str, Any]:
        return {self._field: sorted(self._has | self._ids if self._adds else self._has - self._ids)}

    def apply(self, comparison: Comparison) -> None:
        left = self._ids - self._has if self._adds else self._ids & self._has
        in_turn(*(partial(self._write, profile_id) for profile_id in sorted(left)))

    def _write(self, profile_id: int) -> None:
        request = self._request
        try:
            if self._adds:
                self._client.send(self._add, **request, body={"profileId": profile_id})
            else:
                path = {**request["path"], "profile_id": profile_id}
                self._client.send(self._remove, path=path, query=request["query"])
        except PanelError as error:
            error.add_hint(f"the profile is {profile_id}")
            raise


#: The options of virtfusion_selfservice_hourly_resource_pack.
SELFSERVICE_HOURLY_RESOURCE_PACK_OPTIONS = FIND_USER + ArgumentSpec(
    {"hourly_resource_pack": {"type": "int", "required": True}}
)


class SelfserviceHourlyResourcePack(_UserPart):
    """The pack that limits a user's hourly orders. How to remove it is unknown (virtfusion 5.3)."""

    schema = Schema(USER["hourly_resource_pack"])

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        super().__init__(client, params)
        self._pack = positive("hourly_resource_pack", params["hourly_resource_pack"])

    def desired(self) -> Mapping[str, Any]:
        return {"hourly_resource_pack": self._pack}

    def apply(self, comparison: Comparison) -> None:
        self._client.send("set_hourly_resource_pack", **self._request, body={"packId": self._pack})


_SCHEMA = Schema(USER["self_service"])


class SelfserviceAccess(UserAction):
    """A self-service level that the panel sets. Two reads show whether it changed (virtfusion 5.1)."""

    shown = results(user=USER)
    compared = ("changes", "diff")

    def predict(self) -> dict[str, Any]:
        user = read_user(self._client, self._request)
        return _compared(user, {**user, "self_service": level_by_profiles(user)})

    def perform(self) -> dict[str, Any]:
        before = read_user(self._client, self._request)
        body = {"syncToProfiles": True}
        self._client.send("sync_selfservice_access", **self._request, body=body)
        try:
            return _compared(before, read_user(self._client, self._request))
        except PanelError as error:
            error.uncertain = True
            error.add_hint("the panel accepted the change, but reading the level afterwards failed")
            raise


def level_by_profiles(user: Mapping[str, Any]) -> str:
    """Return the level that follows from the user's hourly and resource profiles (INFERRED)."""
    hourly = bool(user.get("hourly_group_profiles"))
    packs = bool(user.get("resource_group_profiles"))
    return SELF_SERVICE[hourly + 2 * packs]


def _compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    comparison = Comparison.between(_SCHEMA, before, {"self_service": after.get("self_service")})
    return {
        "changed": comparison.changed,
        "user": dict(after),
        "changes": comparison.rows(),
        "diff": comparison.diff(),
    }


#: An entry of a ledger to which entries are added, and in which they are cancelled.
CREDIT = Schema(Field("id", "id", identifier, required=True))

#: The panel stores 64 bits of reference 1 and 1000 characters of reference 2 (virtfusion 5.2).
_REFERENCE_1 = range(-(2**63), 2**63)
_REFERENCE_2 = 1000

#: The options of virtfusion_selfservice_credit.
SELFSERVICE_CREDIT_OPTIONS = ArgumentSpec(
    {
        "state": {"type": "str", "choices": ["added", "cancelled"], "default": "added"},
        **FIND_USER.options,
        "tokens": {"type": "float", "no_log": False},
        "reference_1": {"type": "int"},
        "reference_2": {"type": "str"},
        "credit_id": {"type": "int"},
    },
    mutually_exclusive=[
        ("ext_relation_id", "relation_string", "credit_id"),
        ("tokens", "credit_id"),
        ("reference_1", "credit_id"),
        ("reference_2", "credit_id"),
    ],
    required_if=[
        ("state", "added", ["tokens"]),
        ("state", "added", ["ext_relation_id", "relation_string"], True),
        ("state", "cancelled", ["credit_id"]),
    ],
)


class SelfserviceCredit(Action[VirtFusion]):
    """Adds credit at every run, or cancels an entry. No read shows an entry (virtfusion 5.2)."""

    shown = results(credit=CREDIT)

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        self._client = client
        self._adds = params["state"] == "added"
        if self._adds:
            self._request = user_request(params)
            self._body = _body(params)
        else:
            self._credit_id = positive("credit_id", params["credit_id"])

    def predict(self) -> dict[str, Any]:
        if self._adds:
            read_user(self._client, self._request)
        return {}

    def perform(self) -> dict[str, Any]:
        self.predict()  # a user who is not there is no reason to send a write
        if not self._adds:
            return self._cancel()
        answer = self._client.one("add_selfservice_credit", **self._request, body=self._body)
        return {"credit": CREDIT.project(answer)}

    def _cancel(self) -> dict[str, Any]:
        credit = {"credit": {"id": self._credit_id}}
        try:
            self._client.send("cancel_selfservice_credit", path={"credit_id": self._credit_id})
        except UncertainWrite as error:
            error.add_hint("run this again: cancelling twice is safe")
            raise
        except PanelError as error:
            if not error.absent:
                raise
            # Probably cancelled earlier (virtfusion 10, operation 78).
            return {"changed": False, **credit}
        return credit


def _body(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the request body for the entry. :raises PanelError: ``validation``."""
    tokens, first, second = params["tokens"], params["reference_1"], params["reference_2"]
    if not math.isfinite(tokens) or tokens == 0:
        raise invalid(f"tokens must be a number other than 0, not {tokens}")
    if first is not None and first not in _REFERENCE_1:
        raise invalid(f"reference_1 must fit into 64 bits, not {first}")
    if second is not None and len(second) > _REFERENCE_2:
        raise invalid(f"reference_2 must have at most {_REFERENCE_2} characters, not {len(second)}")
    body = {
        "tokens": int(tokens) if tokens == int(tokens) else tokens,
        "reference_1": first,
        "reference_2": second,
    }
    return {name: value for name, value in body.items() if value is not None}
