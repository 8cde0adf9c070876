# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Authentication: a token, or a signature with a permanent or temporary pair of keys (huaweicloud_cph 1)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from ..exchange import Request
from .records import AccessKey, Token
from .refusals import INCORRECT, Unauthenticated
from .signature import DATE_FORM, MOST_SKEW, claim_of, date_of, is_authentic
from .state import State, stamp

MOST_FAILURES = 5
LOCK_S = 300
"""More than five failures in a row lock an access key for five minutes. DOCUMENTED (huaweicloud_cph 1.3)."""


@dataclass(frozen=True)
class Caller:
    """An authenticated caller with the scope of the credentials."""

    scope: str
    """`project`, `domain`, `none`; `key` for a signature, which is not bound to one project."""
    project_id: str | None = None


def authenticate(state: State, request: Request) -> Caller:
    """Return the caller, or raise `Unauthenticated`. A token takes precedence over a signature (INFERRED)."""
    given = request.headers.get("x-auth-token", "").strip()
    if given:
        token = valid_token(state, given)
        return Caller(token["scope"], token["project_id"])
    authorization = request.headers.get("authorization", "").strip()
    if not authorization:
        raise Unauthenticated(f"{INCORRECT}x-auth-token not found")
    return _signer(state, request, authorization)


def valid_token(state: State, given: str) -> Token:
    """Return the token if it is known, not revoked and not expired by the virtual clock."""
    token = state.tokens.get(given)
    if token is None or token["revoked"] or _is_past(state, token["expires"]):
        raise Unauthenticated(f"{INCORRECT}decrypt token fail")
    return token


def _signer(state: State, request: Request, authorization: str) -> Caller:
    claim = claim_of(authorization)
    if claim is None:
        raise Unauthenticated(f"{INCORRECT}the authorization header is malformed")
    key = state.access_keys.get(claim.access_key)
    if key is None or _is_past(state, key["expires"]):
        raise Unauthenticated(
            f"{INCORRECT}Get secretKey failed,ak:{claim.access_key},err:ak not exist"
        )
    _refuse_if_locked(state, key)
    _check_date(state, request, key)
    secret = key["secret_key"]
    if not is_authentic(request, claim, secret) or not _has_security_token(request, key):
        _count_failure(state, key)
        raise Unauthenticated(f"{INCORRECT}verify aksk signature fail")
    key["failures"] = 0
    project_id = request.headers.get("x-project-id")
    return Caller("project", project_id) if project_id else Caller("key")


def _refuse_if_locked(state: State, key: AccessKey) -> None:
    if key["locked_until"] is None:
        return
    if not _is_past(state, key["locked_until"]):
        raise Unauthenticated(f"{INCORRECT}AK access failed to reach the limit,forbidden")
    key["locked_until"], key["failures"] = None, 0


def _check_date(state: State, request: Request, key: AccessKey) -> None:
    """Refuse a date that differs too much from the panel's wall clock. That this counts as a failure is INFERRED."""
    date, now = date_of(request), state.clock.wall()
    if date is not None and abs(now - date) <= MOST_SKEW:
        return
    _count_failure(state, key)
    given = request.headers.get("x-sdk-date", "")
    raise Unauthenticated(
        f"{INCORRECT}verify aksk signature fail, signature expired,"
        f" signature time:{given},server time:{now:{DATE_FORM}}"
    )


def _has_security_token(request: Request, key: AccessKey) -> bool:
    """Return whether the token of a temporary pair is there, signed or not (huaweicloud_cph 1.2)."""
    if key["security_token"] is None:
        return True
    given = request.headers.get("x-security-token", "").strip()
    return hmac.compare_digest(given.encode("latin-1"), key["security_token"].encode())


def _count_failure(state: State, key: AccessKey) -> None:
    key["failures"] += 1
    if key["failures"] > MOST_FAILURES:
        key["locked_until"] = stamp(state.clock, LOCK_S)


def _is_past(state: State, moment: str | None) -> bool:
    return moment is not None and moment <= state.now()
