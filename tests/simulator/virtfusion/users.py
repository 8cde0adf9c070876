# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users, addressed by their external relation: a number, or with `relStr=true` a string (virtfusion 6)."""

from __future__ import annotations

from typing import Any

from ..exchange import Reply
from . import refusals
from .call import Call, data, new_routes, nothing
from .records import User
from .times import zulu

routes = new_routes()

PROFILES = range(1, 7)
"""IDs of the self-service group profiles. Unknown IDs are dropped silently (INFERRED, virtfusion 5.1)."""

HIGHEST_RELATION = 2**64 - 1
"""OBSERVED (virtfusion 6); the refusal of a higher one is INFERRED."""

SELF_SERVICE_LEVELS = (0, 3)
TOKEN_LIFETIME_S = 60


@routes.add("POST", "/users")
def create_user(call: Call) -> Reply:
    """Create a user. The answer is the only place where the password is shown."""
    user = _new_user(call)
    _change(call, user)
    relation = call.integer("extRelationId", low=1, high=HIGHEST_RELATION, required=False) or None
    string = call.text("relStr", required=False, longest=255) or None
    call.boolean("sendMail")
    for name in ("name", "email"):
        call.text(name)
    call.check()
    _refuse_duplicates(call, user["email"], relation, string)
    user.update({"id": call.state.next_id("user"), "extRelationId": relation, "relStr": string})
    call.state.users[user["id"]] = user
    return data({**user_view(call, user), "password": call.state.password(30)}, 201)


@routes.add("GET", "/users/{extRelationId}/byExtRelation")
def read_user(call: Call) -> Reply:
    """Return one user."""
    return data(user_view(call, call.user()))


@routes.add("PUT", "/users/{extRelationId}/byExtRelation")
def modify_user(call: Call) -> Reply:
    """Change the values in the body and keep the others (DOCUMENTED for 7.1). The answer has four keys."""
    user = call.user()
    changed: User = {**user}
    _change(call, changed)
    # That `enabled` is the opposite of `suspended` is INFERRED (virtfusion 6).
    changed["suspended"] = not call.boolean("enabled", default=not user["suspended"])
    call.check()
    if changed["email"] != user["email"]:
        _refuse_duplicates(call, changed["email"], None, None)
    user.update(changed)
    call.touch(user)
    echo = {key: user[key] for key in ("name", "email", "selfService")}
    return data({**echo, "enabled": not user["suspended"]}, 201)


@routes.add("DELETE", "/users/{extRelationId}/byExtRelation")
def delete_user(call: Call) -> Reply:
    """Delete a user with keys, packs and credits."""
    user, state = call.user(), call.state
    owned = state.owned_by(user["id"])
    if owned and call.switches.is_set("delete_user_with_servers", "refuse"):
        raise refusals.errors(409, "user has servers")
    for server in owned:
        server["ownerId"] = min(state.users)
    for records in (state.ssh_keys, state.packs, state.credits):
        for key in [key for key, item in records.items() if item["userId"] == user["id"]]:
            del records[key]
    del state.users[user["id"]]
    state.forget_derived()
    return nothing(204)


@routes.add("POST", "/users/{extRelationId}/byExtRelation/resetPassword")
def reset_user_password(call: Call) -> Reply:
    """Return a new password, shown once."""
    user = call.user()
    call.touch(user)
    return data({"email": user["email"], "password": call.state.password(21)}, 201)


@routes.add("POST", "/users/{extRelationId}/authenticationTokens")
def login_tokens(call: Call) -> Reply:
    """Return tokens for a login without a password."""
    call.user()
    return _tokens(call)


@routes.add("POST", "/users/{extRelationId}/serverAuthenticationTokens/{serverId}")
def server_login_tokens(call: Call) -> Reply:
    """Return tokens for a login to one server."""
    call.user()
    call.server()
    return _tokens(call)


def user_view(call: Call, user: User) -> dict[str, Any]:
    """Return a user in its own read; the relation string is never shown (DOCUMENTED)."""
    relation = user["extRelationId"]
    if relation is None and user["relStr"]:
        relation = 0 if call.switches.is_set("relation_of_string_users", "zero") else None
    return {
        "id": user["id"],
        "admin": user["admin"],
        "extRelationId": relation,
        "selfService": user["selfService"],
        "selfServiceHourlyGroupProfiles": user["selfServiceHourlyGroupProfiles"],
        "selfServiceResourceGroupProfiles": user["selfServiceResourceGroupProfiles"],
        "selfServiceHourlyResourcePack": user["selfServiceHourlyResourcePack"],
        "name": user["name"],
        "email": user["email"],
        "timezone": user["timezone"],
        "suspended": user["suspended"],
        "twoFactorAuth": user["twoFactorAuth"],
        "created": zulu(user["created"]),
        "updated": zulu(user["updated"]),
    }


def _new_user(call: Call) -> User:
    return {
        "id": 0,
        "admin": False,
        "extRelationId": None,
        "relStr": None,
        "selfService": 0,
        "selfServiceHourlyCredit": False,
        "selfServiceHourlyGroupProfiles": [],
        "selfServiceResourceGroupProfiles": [],
        "selfServiceHourlyResourcePack": None,
        "name": "",
        "email": "",
        "timezone": "Europe/London",
        "suspended": False,
        "twoFactorAuth": False,
        "currency": None,
        "created": call.now(),
        "updated": call.now(),
        "serverLimit": None,
        "usage": {},
    }


def _change(call: Call, user: User) -> None:
    """Set the body's values on a user. Lists replace the previous ones (INFERRED, virtfusion 5.1)."""
    sent = call.body
    if "name" in sent:
        user["name"] = call.text("name", longest=255)
    if "email" in sent:
        user["email"] = call.text("email", longest=255)
    if "selfService" in sent:
        low, high = SELF_SERVICE_LEVELS
        user["selfService"] = call.integer("selfService", low=low, high=high)
    if "selfServiceHourlyCredit" in sent:
        user["selfServiceHourlyCredit"] = call.boolean("selfServiceHourlyCredit")
    if "selfServiceHourlyGroupProfiles" in sent:
        user["selfServiceHourlyGroupProfiles"] = _profiles(call, "selfServiceHourlyGroupProfiles")
    if "selfServiceResourceGroupProfiles" in sent:
        user["selfServiceResourceGroupProfiles"] = _profiles(
            call, "selfServiceResourceGroupProfiles"
        )
    if "selfServiceHourlyResourcePack" in sent:
        pack = call.integer("selfServiceHourlyResourcePack", required=False)
        user["selfServiceHourlyResourcePack"] = pack or None


def _profiles(call: Call, name: str) -> list[int]:
    return [profile for profile in call.items(name, int) if profile in PROFILES]


def _refuse_duplicates(call: Call, email: str, relation: int | None, string: str | None) -> None:
    users = call.state.users.values()
    if any(user["email"] == email for user in users):
        # OBSERVED: status and text (virtfusion 1.3).
        raise refusals.errors(409, "user with specified email already exists")
    if call.switches.is_set("duplicate_relation", "refuse") and any(
        (relation is not None and user["extRelationId"] == relation)
        or (string is not None and user["relStr"] == string)
        for user in users
    ):
        raise refusals.errors(409, "user with specified relation already exists")


def _tokens(call: Call) -> Reply:
    first, second = call.state.password(100), call.state.password(100)
    expires = call.state.clock.now.timestamp() + TOKEN_LIFETIME_S
    stamp = call.state.clock.now.fromtimestamp(expires, call.state.clock.now.tzinfo)
    return data(
        {
            "authentication": {
                "tokens": {"1": first, "2": second},
                "endpoint": "/token_authenticate",
                "endpoint_complete": f"/token_authenticate/?1={first}&2={second}",
                "expiry": {
                    "ttl": TOKEN_LIFETIME_S,
                    "expires": stamp.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                },
            }
        }
    )
