# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The credentials: a pair of keys, a token, or a user with a password (huaweicloud_cph 1)."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .._core.errors import PanelError, invalid
from .._core.given_options import is_set

#: Environment variables of each credential. The first one that is set counts (huaweicloud_cph 1.5).
VARIABLES: Mapping[str, tuple[str, ...]] = {
    "access_key": ("HW_ACCESS_KEY", "OS_ACCESS_KEY", "HUAWEICLOUD_SDK_AK"),
    "secret_key": ("HW_SECRET_KEY", "OS_SECRET_KEY", "HUAWEICLOUD_SDK_SK"),
    "security_token": ("HW_SECURITY_TOKEN", "HUAWEICLOUD_SDK_SECURITY_TOKEN"),
    "auth_token": ("HW_AUTH_TOKEN", "OS_AUTH_TOKEN"),
    "user_name": ("HW_USER_NAME", "OS_USERNAME"),
    "password": ("HW_USER_PASSWORD", "OS_PASSWORD"),
    "domain_name": ("HW_DOMAIN_NAME", "OS_USER_DOMAIN_NAME", "OS_DOMAIN_NAME"),
}

_KEYS = ("access_key", "secret_key")
_TOKEN = ("auth_token",)
_USER = ("user_name", "password", "domain_name")
#: The kinds of credentials, each with its options.
_KINDS = (_KEYS, _TOKEN, _USER)

#: The options that decide the kind. The others may be in the environment for another use.
_DECIDES = {_KEYS: _KEYS, _TOKEN: _TOKEN, _USER: ("user_name", "password")}

_PROJECT_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Keys:
    """A pair of keys that signs each request.

    :param security_token: of temporary keys, ``""`` for permanent ones.
    """

    access_key: str
    secret_key: str = field(repr=False)
    security_token: str = field(default="", repr=False)


@dataclass(frozen=True)
class Token:
    """A given token."""

    token: str = field(repr=False)


@dataclass(frozen=True)
class User:
    """An IAM user with a password."""

    name: str
    password: str = field(repr=False)
    domain: str


Credentials: TypeAlias = "Keys | Token | User"


@dataclass
class Account:
    """The credentials with their region, project and tokens.

    :param region: such as ``cn-north-4``.
    :param project_id: 32 hexadecimal digits, or ``""`` until it is known.
    :param domain_id: the ID of the account, or ``""``.
    :param tokens: tokens of the user, by service.
    :param refused: the last refusal of each service and token.
    :param learning: held while a client gets a token or the project ID, which all of them share.
    """

    credentials: Credentials
    region: str
    project_id: str = ""
    domain_id: str = ""
    tokens: dict[str, str] = field(default_factory=dict, repr=False)
    refused: dict[tuple[str, str], PanelError] = field(default_factory=dict, repr=False)
    learning: Any = field(default_factory=threading.RLock, repr=False, compare=False)

    def token_for(self, service: str) -> str:
        """Return the token for a service, or ``""``."""
        if isinstance(self.credentials, Token):
            return self.credentials.token
        return self.tokens.get(service, "")


def choose_account(params: Mapping[str, Any]) -> Account:
    """Return the account of the module's options. Options of the task win over the environment.

    :raises PanelError: ``validation`` for credentials that are missing, incomplete, unusable or of
        two kinds, and for an invalid project ID.
    """
    project_id = (params["project_id"] or "").strip()
    if project_id and not _PROJECT_ID.fullmatch(project_id):
        raise invalid(
            "project_id is not the ID of a project",
            "it has 32 hexadecimal digits; leave it out to have it looked up by region",
        )
    # Only orders need it. An inventory has no such option.
    domain_id = (params.get("domain_id") or "").strip()
    return Account(_credentials(params), params["region"].strip(), project_id, domain_id)


def _credentials(params: Mapping[str, Any]) -> Credentials:
    given = {name: _checked(name, params[name]) for name in VARIABLES if params[name]}
    kind = _only_kind(params, given)
    missing = [name for name in kind if name not in given]
    if missing:
        variable = VARIABLES[missing[0]][0]
        raise invalid(
            f"{_listed(missing)} must be set with {_listed(n for n in kind if n in given)}",
            f"or in the environment, as {variable}",
            variable=variable,
        )
    if kind is _TOKEN:
        return Token(given["auth_token"])
    if kind is _USER:
        return User(given["user_name"], given["password"], given["domain_name"])
    if not _set_by_task(params, "security_token") and _is_of_other_keys(params):
        given.pop("security_token", None)
    return Keys(given["access_key"], given["secret_key"], given.get("security_token", ""))


def _only_kind(params: Mapping[str, Any], given: Mapping[str, str]) -> tuple[str, ...]:
    """Return the options of the one kind of credentials that is set."""
    for names in ([name for name in given if _set_by_task(params, name)], list(given)):
        kinds = [kind for kind in _KINDS if any(name in names for name in _DECIDES[kind])]
        if len(kinds) > 1:
            raise invalid(
                "credentials of more than one kind are set: "
                + ", and ".join(_listed(n for n in kind if n in names) for kind in kinds),
                "keep one kind; options of the task take precedence over the environment",
            )
        if kinds:
            return kinds[0]
    if "security_token" in given:
        raise invalid("security_token is set without access_key and secret_key")
    raise invalid(
        "there are no credentials",
        "set access_key and secret_key, or auth_token, or user_name, password and domain_name",
    )


def _set_by_task(params: Mapping[str, Any], name: str) -> bool:
    """Return whether the value comes from the task and not from the environment."""
    found = next((os.environ[v] for v in VARIABLES[name] if is_set(v, os.environ)), None)
    return bool(params[name]) and params[name] != found


def _is_of_other_keys(params: Mapping[str, Any]) -> bool:
    """Return whether the security token in the environment is not of the access key: the same tool has another one."""
    source = next((v for v in VARIABLES["security_token"] if is_set(v, os.environ)), "")
    beside = [v for v in VARIABLES["access_key"] if _is_of_sdk(v) == _is_of_sdk(source)]
    return params["access_key"] not in map(os.environ.get, beside)


def _is_of_sdk(variable: str) -> bool:
    return variable.startswith("HUAWEICLOUD_SDK_")


def _checked(name: str, value: str) -> str:
    """Return the value without surrounding blanks; a name or a password unchanged."""
    word = value.strip()
    if not word:
        raise invalid(f"{name} is empty")
    if name in ("password", "user_name", "domain_name"):
        return value
    if not (word.isascii() and word.isprintable()) or " " in word:
        raise invalid(f"{name} holds characters that it cannot have", "it must be one word")
    return word


def _listed(names: Any) -> str:
    return " and ".join(names)
