# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A VirtFusion user, and the keys that select one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec, Range, check_ranges, named, positive, unpadded
from ..._core.changes import Comparison, Reply
from ..._core.converge import Converged, View, in_turn, results
from ..._core.errors import Code, PanelError, invalid
from ..._core.existence import PRESENT, STATE, Existing
from ..._core.fields import Compare, Field, Schema, boolean, identifier, integer, pick, text
from ..._core.runner import Action, Query
from ..argspec import FIND_USER
from ..client import VirtFusion

#: The panel stores external relation IDs as unsigned 64-bit numbers (virtfusion 6).
EXT_RELATION_IDS: Range = (1, 2**64 - 1)

#: Self-service levels, in the order of the panel's numbers (virtfusion 5.1).
SELF_SERVICE = ("disabled", "hourly", "resource_packs", "both")


def self_service_level(value: Any) -> str | None:
    """Return the name of a level, or its number if it is unknown."""
    level = integer(value)
    if level is None or not 0 <= level < len(SELF_SERVICE):
        return text(level)
    return SELF_SERVICE[level]


def profile_ids(value: Any) -> list[int]:
    """Return the IDs of profiles. The panel may send numbers or objects with an ID (virtfusion 5.1)."""
    # PHP sends a list with gaps as an object whose keys are the positions.
    rows = value.values() if isinstance(value, Mapping) else value or ()
    return sorted(int(pick(row, "id") if isinstance(row, Mapping) else row) for row in rows)


def not_suspended(value: Any) -> bool:
    """Return the opposite of a read's suspended, which is assumed to be a write's enabled (virtfusion 6)."""
    return not boolean(value)


USER = Schema(
    Field("id", "id", identifier, required=True),
    Field("ext_relation_id", "extRelationId", integer),
    Field("name", "name", text),
    Field("email", "email", text),
    Field("enabled", "suspended", not_suspended),
    Field("admin", "admin", boolean),
    Field("two_factor_auth", "twoFactorAuth", boolean),
    Field("timezone", "timezone", text),
    Field("self_service", "selfService", self_service_level),
    Field("hourly_group_profiles", "selfServiceHourlyGroupProfiles", profile_ids, "", Compare.SET),
    Field(
        "resource_group_profiles", "selfServiceResourceGroupProfiles", profile_ids, "", Compare.SET
    ),
    Field("hourly_resource_pack", "selfServiceHourlyResourcePack", integer),
    Field("created", "created", text),
    Field("updated", "updated", text),
)

#: The panel's keys for values that can be both written and read (virtfusion 6).
_KEYS = {
    "name": "name",
    "email": "email",
    "enabled": "enabled",
    "self_service": "selfService",
    "hourly_group_profiles": "selfServiceHourlyGroupProfiles",
    "resource_group_profiles": "selfServiceResourceGroupProfiles",
    "hourly_resource_pack": "selfServiceHourlyResourcePack",
}


def user_request(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the path and query for the user that ``ext_relation_id`` or ``relation_string`` selects.

    The relation ID is part of the path; ``relStr`` marks it as a string (virtfusion 6).
    """
    if params["ext_relation_id"] is None:
        user = named("relation_string", params["relation_string"])
        if not user.strip("."):
            raise invalid(f"relation_string must not be {user!r}: it is part of a URL")
        return {"path": {"user": user}, "query": {"relStr": "true"}}
    check_ranges(params, {"ext_relation_id": EXT_RELATION_IDS})
    return {"path": {"user": params["ext_relation_id"]}, "query": {}}


def find_user_id(client: VirtFusion, params: Mapping[str, Any]) -> int:
    """Return the panel's own ID of the user that the options select."""
    if params["user_id"] is not None:
        return positive("user_id", params["user_id"])
    return int(read_user(client, user_request(params))["id"])


def read_user(client: VirtFusion, request: Mapping[str, Any]) -> dict[str, Any]:
    """Return the projected user that a :func:`user_request` selects."""
    try:
        return USER.project(client.one("get_user", **request))
    except PanelError as error:
        error.predictable = error.absent
        raise


class UserAction(Action[VirtFusion]):
    """An action for a user. A user who does not exist is no reason to send a write."""

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        super().__init__(client, params)
        self._request = user_request(params)

    def predict(self) -> dict[str, Any]:
        read_user(self._client, self._request)
        return {}


class UserInfo(Query[VirtFusion]):
    """One user."""

    def read(self) -> dict[str, Any]:
        return {"user": read_user(self._client, user_request(self._params))}


#: The options of virtfusion_user.
USER_OPTIONS = FIND_USER + ArgumentSpec(
    {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "name": {"type": "str"},
        "email": {"type": "str"},
        "enabled": {"type": "bool"},
        "self_service": {"type": "str", "choices": list(SELF_SERVICE)},
        "hourly_group_profiles": {"type": "list", "elements": "int"},
        "resource_group_profiles": {"type": "list", "elements": "int"},
        "hourly_resource_pack": {"type": "int"},
        "hourly_credit": {"type": "bool"},
        "send_mail": {"type": "bool", "default": False},
        "return_password": {"type": "bool", "default": False, "no_log": False},
        "force": {"type": "bool", "default": False},
    }
)


class User(Existing):
    """A user who must be present or absent. Users without a relation cannot be selected (virtfusion 6)."""

    key = "user"
    shown = results(user=(STATE.name, *USER), password=None)
    schema = Schema(STATE, *(USER[name] for name in _KEYS))

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        super().__init__(params["state"])
        self._client = client
        self._params = params
        self._request = user_request(params)
        self._values = _values(params)
        self.given = {"ext_relation_id": params["ext_relation_id"]}
        self._found: View = {}
        self._secret: dict[str, Any] = {}

    def find(self) -> View | None:
        try:
            raw = self._client.find("get_user", **self._request)
        except PanelError as error:
            error.result.update(self._secret)
            raise
        self._found = {} if raw is None else USER.project(raw)
        return self._found or None

    def values(self) -> Mapping[str, Any]:
        return self._values

    def permit(self, comparison: Comparison) -> None:
        if self.state == PRESENT and not self._found:
            missing = [name for name in ("name", "email") if name not in self._values]
            if missing:
                raise invalid(
                    f"{' and '.join(missing)} must be set: there is no such user yet",
                    "or check the relation",
                )
            unpadded("relation_string", self._params["relation_string"] or "")
        elif self.state != PRESENT and not self._params["force"]:
            self._refuse_owner()

    def apply(self, comparison: Comparison) -> Reply:
        changed = comparison.to_write()
        if STATE.name in changed:
            return super().apply(comparison)
        self._modify(changed)
        return Reply()

    def create(self) -> None:
        # A new user is enabled; POST has no key for it (virtfusion 6).
        disable = self._values.get("enabled") is False
        in_turn(self._make, *([lambda: self._modify({"enabled": False})] if disable else []))

    def delete(self) -> None:
        self._client.send("delete_user", **self._request)

    def conclude(self, converged: Converged) -> dict[str, Any]:
        try:
            return {**super().conclude(converged), **self._secret}
        except PanelError as error:
            error.result.update(self._secret)
            raise

    def _make(self) -> None:
        relation = {
            "extRelationId": self._params["ext_relation_id"],
            "relStr": self._params["relation_string"],
        }
        values = {name: value for name, value in self._values.items() if name != "enabled"}
        body = {
            **self._body(values),
            **{key: value for key, value in relation.items() if value is not None},
            "sendMail": self._params["send_mail"],
        }
        answer = self._send("create_user", body=body)
        if self._params["return_password"]:
            # No read shows it again, so a later failure must return it too.
            password = pick(answer, "data.password")
            self._secret = {"password": password if isinstance(password, str) else None}

    def _modify(self, values: Mapping[str, Any]) -> None:
        self._send("modify_user", **self._request, body=self._body(values))

    def _send(self, operation: str, **request: Any) -> Any:
        """Send a write, and explain a conflict about the user (virtfusion 1.3, 8)."""
        try:
            return self._client.send(operation, **request)
        except PanelError as error:
            if error.code is Code.CONFLICT:
                error.add_hint(
                    "an e-mail can belong to one user only, and an existing user is not taken over: set the "
                    "external relation of that user in the panel, or use another e-mail"
                )
            error.result.update(self._secret)
            raise

    def _body(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the request body, including the value that no read shows (virtfusion 5.1)."""
        body = {_KEYS[name]: value for name, value in values.items()}
        if "self_service" in values:
            body["selfService"] = SELF_SERVICE.index(values["self_service"])
        if self._params["hourly_credit"] is not None:
            body["selfServiceHourlyCredit"] = self._params["hourly_credit"]
        return body

    def _refuse_owner(self) -> None:
        """Refuse to delete a user who owns servers: what happens to them is unknown (virtfusion 6)."""
        owned = [row.get("id") for row in self._client.user_servers(self._found["id"])]
        if owned:
            raise PanelError(
                Code.REFUSED,
                f"the user owns servers ({len(owned)}): {', '.join(map(str, owned[:10]))}"
                + (" …" if len(owned) > 10 else ""),
                action=f"delete {self.name(self._found)}",
                hint="delete them, change their owner, or set force",
            )


def _values(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that are set, in the form of a read. :raises PanelError: ``validation``."""
    values = {name: params[name] for name in _KEYS if params[name] is not None}
    for name in ("name", "email"):
        if not values.get(name, "set").strip():
            raise invalid(f"{name} is empty")
        unpadded(name, values.get(name, ""))
    if "@" not in values.get("email", "@"):
        raise invalid(f"email is not an e-mail address: {values['email']!r}")
    for name in ("hourly_group_profiles", "resource_group_profiles"):
        if name in values:
            values[name] = sorted({positive(name, item) for item in values[name]})
    if "hourly_resource_pack" in values:
        positive("hourly_resource_pack", values["hourly_resource_pack"])
    return values
