# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Identity and access management: tokens, temporary keys, projects (huaweicloud_cph 1.1, 1.2, 1.6).

A token's `expires_at` is the panel's wall clock, because clients compare it with their own. Whether it has expired
depends on the virtual clock.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import Any

from ..exchange import Reply
from .access import authenticate, valid_token
from .accounts import Account
from .call import Call, new_routes
from .records import AccessKey, Project, Token
from .refusals import Refused, Unauthenticated, keystone
from .state import stamp

routes = new_routes()

TOKEN_S = 24 * 3600
DURATION_S, LEAST_DURATION_S, MOST_DURATION_S = 900, 900, 86400
REAL_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


@routes.add("POST", "/v3/auth/tokens")
def create_token(call: Call) -> Reply:
    """Create a token for a password, or for another token and an agency. Older tokens stay valid."""
    identity, scope = _part(call.body, "auth", "identity"), _part(call.body, "auth", "scope")
    methods = identity.get("methods")
    if methods == ["password"]:
        _check_password(call.state.account, _part(identity, "password", "user"))
    elif methods == ["assume_role"]:
        _check_agency(call, identity)
    else:
        raise _bad_request()
    name, project = _scope(call, scope)
    token, value = _new_token(call, methods, name, project)
    return Reply(201, {"token": _view(call, token, project)}, headers={"X-Subject-Token": value})


@routes.add("POST", "/v3.0/OS-CREDENTIAL/securitytokens")
def create_security_token(call: Call) -> Reply:
    """Create a temporary pair of keys with its security token, short-lived by default."""
    identity = _part(call.body, "auth", "identity")
    methods = identity.get("methods")
    if methods == ["assume_role"]:
        _check_agency(call, identity)
        options = _part(identity, "assume_role")
    elif methods == ["token"]:
        options = _part(identity, "token")
        _accept(call, str(options.get("id") or call.request.headers.get("x-auth-token", "")))
    else:
        raise _bad_request()
    duration = options.get("duration_seconds", DURATION_S)
    in_range = isinstance(duration, int) and LEAST_DURATION_S <= duration <= MOST_DURATION_S
    if not in_range:
        raise _bad_request()
    digits = call.state.new_id("temporary")
    access, key = f"SIMTEMP{digits[:13].upper()}", _temporary(call, digits, duration)
    call.state.access_keys[access] = key
    credential = {
        "access": access,
        "secret": key["secret_key"],
        "securitytoken": key["security_token"],
        "expires_at": _wall(call, duration),
    }
    return Reply(201, {"credential": credential})


@routes.add("GET", "/v3/projects")
def list_projects(call: Call) -> Reply:
    """Return the projects of the domain. `name` must match exactly."""
    _authenticated(call)
    return _projects(call, call.query.get("name"))


@routes.add("GET", "/v3/auth/projects")
def list_own_projects(call: Call) -> Reply:
    """Return the projects that the caller may use: all of them."""
    _authenticated(call)
    return _projects(call, None)


@routes.add("GET", "/v3/auth/domains")
def list_own_domains(call: Call) -> Reply:
    """Return the caller's domain."""
    _authenticated(call)
    account = call.state.account
    domain = {"id": account.domain_id, "name": account.domain, "enabled": True, "description": ""}
    return Reply(200, {"domains": [domain], "links": {"next": None, "previous": None}})


def _projects(call: Call, name: str | None) -> Reply:
    rows = [
        {
            **project,
            "domain_id": call.state.account.domain_id,
            "parent_id": call.state.account.domain_id,
            "is_domain": False,
        }
        for project in call.state.projects.values()
        if name in (None, "", project["name"])
    ]
    return Reply(200, {"projects": rows, "links": {"next": None, "previous": None}})


def _part(body: Any, *names: str) -> dict[str, Any]:
    """Return an object within the body, or an empty one."""
    for name in names:
        body = body.get(name) if isinstance(body, dict) else None
    return body if isinstance(body, dict) else {}


def _bad_request() -> Refused:
    return keystone(400, "Bad Request", "Request body is invalid.")


def _authenticated(call: Call) -> None:
    """Refuse a caller without valid credentials. An invalid token has a message of its own (DOCUMENTED)."""
    token = call.request.headers.get("x-auth-token", "").strip()
    if token:
        _accept(call, token)
    else:
        authenticate(call.state, call.request)


def _accept(call: Call, token: str) -> None:
    try:
        valid_token(call.state, token)
    except Unauthenticated:
        raise keystone(401, "Unauthorized", "The token must be updated") from None


def _check_password(account: Account, user: dict[str, Any]) -> None:
    domain = _part(user, "domain")
    named = user.get("id") == account.user_id or (
        user.get("name") == account.user
        and (domain.get("name") == account.domain or domain.get("id") == account.domain_id)
    )
    given = str(user.get("password", "")).encode()
    if not (named and hmac.compare_digest(given, account.password.encode())):
        raise keystone(401, "Unauthorized", "The username or password is wrong.")


def _check_agency(call: Call, identity: dict[str, Any]) -> None:
    """Refuse a caller without credentials or an unknown agency."""
    _authenticated(call)
    account, role = call.state.account, _part(identity, "assume_role")
    domain = role.get("domain_name") == account.domain or role.get("domain_id") == account.domain_id
    if not domain or role.get("agency_name") != account.agency:
        raise keystone(403, "Forbidden", "You are not authorized to perform the requested action.")


def _scope(call: Call, scope: dict[str, Any]) -> tuple[str, Project | None]:
    """Return the scope of a token: a project (by ID or name), the domain (by ID or name), or none."""
    account, wanted = call.state.account, _part(scope, "project")
    if wanted:
        for project in call.state.projects.values():
            if project["id"] == wanted.get("id") or project["name"] == wanted.get("name"):
                return "project", project
        raise keystone(401, "Unauthorized", "The project does not exist or is not yours.")
    domain = _part(scope, "domain")
    if not domain:
        return "none", None
    if domain.get("id") == account.domain_id or domain.get("name") == account.domain:
        return "domain", None
    raise keystone(401, "Unauthorized", "The domain does not exist or is not yours.")


def _new_token(
    call: Call, methods: list[str], scope: str, project: Project | None
) -> tuple[Token, str]:
    token: Token = {
        "methods": methods,
        "scope": scope,
        "project_id": project["id"] if project else None,
        "issued_at": _wall(call, 0),
        "expires_at": _wall(call, TOKEN_S),
        "expires": stamp(call.state.clock, TOKEN_S),
        "revoked": False,
    }
    value = f"SIMTOKEN{call.state.new_id('token')}"
    call.state.tokens[value] = token
    return token, value


def _view(call: Call, token: Token, project: Project | None) -> dict[str, Any]:
    """Return the token as in the answer, without a catalog if `nocatalog` is not empty."""
    account = call.state.account
    domain = {"id": account.domain_id, "name": account.domain}
    shown: dict[str, Any] = {
        "expires_at": token["expires_at"],
        "issued_at": token["issued_at"],
        "methods": token["methods"],
        "user": {
            "domain": domain,
            "id": account.user_id,
            "name": account.user,
            "password_expires_at": "",
        },
        "roles": [{"id": "0", "name": "te_admin"}, {"id": "0", "name": "op_gated_simulated"}],
    }
    if project is not None:
        shown["project"] = {"id": project["id"], "name": project["name"], "domain": domain}
    elif token["scope"] == "domain":
        shown["domain"] = domain
    if not call.query.get("nocatalog"):
        shown["catalog"] = [_service(account, project)] if project else []
    return shown


def _service(account: Account, project: Project | None) -> dict[str, Any]:
    where = f"https://cph.{account.region}.example.com/v1/{project['id'] if project else ''}"
    endpoint = {
        "id": "5afe00000000000000000000000cph01",
        "interface": "public",
        "region": account.region,
        "region_id": account.region,
        "url": where,
    }
    return {
        "id": "5afe00000000000000000000000cph00",
        "name": "cph",
        "type": "cph",
        "endpoints": [endpoint],
    }


def _temporary(call: Call, digits: str, duration: int) -> AccessKey:
    return {
        "secret_key": f"SIMTEMPSECRET{digits.upper()}",
        "security_token": f"SIMSECURITYTOKEN{digits}",
        "expires": stamp(call.state.clock, duration),
        "failures": 0,
        "locked_until": None,
    }


def _wall(call: Call, seconds: float) -> str:
    """Return the panel's wall clock some seconds from now."""
    return f"{call.state.clock.wall() + timedelta(seconds=seconds):{REAL_TIME}}"
