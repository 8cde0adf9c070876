# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access of a VirtFusion user: SSH keys, new passwords, and login links that are valid once, for a minute."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ..._core.argspec import ArgumentSpec, positive, unpadded
from ..._core.converge import View, in_turn, results
from ..._core.errors import Code, PanelError, invalid, unreadable
from ..._core.existence import STATE, Existing
from ..._core.fields import Field, Schema, boolean, identifier, integer, secret, text
from ..._core.runner import Query
from ..._core.safe_text import origin
from ..argspec import FIND_USER, FIND_USER_BY_ID
from ..client import VirtFusion
from .user import UserAction, find_user_id

#: The link is a secret, but it is the module's result (virtfusion 6, 9).
LOGIN = Schema(
    Field("path", "authentication.endpoint_complete", secret, required=True),
    Field("expires", "authentication.expiry.expires", text, absent=None),
    Field("ttl", "authentication.expiry.ttl", integer, "seconds", absent=None),
)

#: The options of virtfusion_user_login.
USER_LOGIN_OPTIONS = FIND_USER + ArgumentSpec({"server_id": {"type": "int"}})


class UserLogin(UserAction):
    """Creates new login tokens at every run."""

    shown = results(login=("url", *LOGIN))

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        super().__init__(client, params)
        if params["server_id"] is not None:
            positive("server_id", params["server_id"])

    def predict(self) -> dict[str, Any]:
        super().predict()
        if self._params["server_id"] is not None:
            self._client.server(self._params["server_id"])
        return {}

    def perform(self) -> dict[str, Any]:
        self.predict()
        request = self._request
        if self._params["server_id"] is None:
            raw = self._client.one("create_login_tokens", **request)
        else:
            path = {**request["path"], "server_id": self._params["server_id"]}
            raw = self._client.one("create_server_login_tokens", path=path, query=request["query"])
        login = LOGIN.project(raw)
        link = login["path"] or ""
        if not link.startswith("/") or link.startswith("//"):
            # Such a link would send the tokens to another host (virtfusion 6).
            raise unreadable("the panel sends a login link that is not a path on its own host")
        panel = origin(self._params["api_url"].strip())
        return {"login": {"url": panel + link, **login}}


#: The panel generates the password; it cannot be chosen. A secret, but the module's result (virtfusion 6, 9).
CREDENTIALS = Schema(
    Field("email", "email", text, absent=None),
    Field("password", "password", secret, required=True),
)


class UserPassword(UserAction):
    """Generates a new password at every run."""

    shown = results(credentials=CREDENTIALS)

    def perform(self) -> dict[str, Any]:
        self.predict()
        answer = self._client.one("reset_user_password", **self._request)
        return {"credentials": CREDENTIALS.project(answer)}


SSH_KEY = Schema(
    Field("id", "id", identifier, required=True),
    Field("name", "name", text, required=True),
    Field("public_key", "publicKey", text, required=True),
    Field("type", "type", text),
    Field("enabled", "enabled", boolean),
    Field("created", "created", text),
    Field("updated", "updated", text),
)


def key_identity(public_key: str) -> tuple[str, ...]:
    """Return the type and blob of a public key. The panel may drop the comment (virtfusion 6)."""
    return tuple(public_key.split()[:2])


def checked_key(public_key: str) -> str:
    """Return one public key without surrounding white space. :raises PanelError: ``validation``."""
    line = public_key.strip()
    if "PRIVATE KEY" in line:
        raise invalid(
            "public_key is a private key", "the public one is in the file that ends in .pub"
        )
    kind, blob = (*key_identity(line), "", "")[:2]
    if not kind or "\n" in line or _kind_inside(blob) != kind:
        raise invalid(
            "public_key must be one key, in one line, without options before it",
            "such as 'ssh-ed25519 AAAA... comment'",
        )
    return line


def _kind_inside(blob: str) -> str | None:
    """Return the type stored at the start of a key's blob: four bytes of length, then text (RFC 4253, 6.6)."""
    try:
        raw = base64.b64decode(blob, validate=True)
        return raw[4 : 4 + int.from_bytes(raw[:4], "big")].decode("ascii")
    except ValueError:
        return None


def keys_of(client: VirtFusion, user_id: int) -> list[dict[str, Any]]:
    """Return all keys of a user."""
    rows = client.rows("list_user_ssh_keys", path={"user_id": user_id})
    return [SSH_KEY.project(row) for row in rows]


#: The options of virtfusion_ssh_key.
SSH_KEY_OPTIONS = FIND_USER_BY_ID + ArgumentSpec(
    {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "public_key": {"type": "str", "required": True, "no_log": False},
        "name": {"type": "str"},
    },
    required_if=[("state", "present", ["name"])],
)


class SshKey(Existing):
    """A public key that a user must or must not have, identified by its type and blob.

    A user may have the same key several times. Present means under the desired name only; absent
    means no copy at all.
    """

    key = "ssh_key"
    shown = results(ssh_key=(STATE.name, *SSH_KEY))
    schema = Schema(STATE, SSH_KEY["name"])

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        super().__init__(params["state"])
        self._public_key = checked_key(params["public_key"])
        self.given = {"public_key": self._public_key}
        self._name = params["name"]
        if self._name is not None and not self._name.strip():
            raise invalid("name is empty")
        unpadded("name", self._name or "")
        self._client = client
        self._user_id = find_user_id(client, params)
        self._copies: list[dict[str, Any]] = []

    def find(self) -> View | None:
        desired = key_identity(self._public_key)
        self._copies = [
            key
            for key in keys_of(self._client, self._user_id)
            if key_identity(key["public_key"]) == desired
        ]
        # A copy with another name comes first: while it exists, the key is not in the desired state.
        return next(iter([*self._strays(), *self._copies]), None)

    def values(self) -> Mapping[str, Any]:
        return {"name": self._name}

    def create(self) -> None:
        self._add(self._name)

    def delete(self) -> None:
        in_turn(*(partial(self._remove, copy) for copy in self._copies))

    def writers(self) -> Mapping[str, Callable[[Any], object]]:
        return {"name": self._rename}

    def _strays(self) -> list[dict[str, Any]]:
        """Return the copies that have another name."""
        return [copy for copy in self._copies if copy["name"] != self._name]

    def _rename(self, name: str) -> None:
        """Add the key under the new name, then remove the old one: keys cannot be renamed (virtfusion 6)."""
        removals = [partial(self._remove, copy) for copy in self._strays()]
        if len(removals) < len(self._copies):
            in_turn(*removals)
            return
        try:
            in_turn(partial(self._add, name), *removals)
        except PanelError as error:
            if error.partial or error.code not in (Code.VALIDATION, Code.CONFLICT):
                raise
            # A panel may reject a duplicate key (virtfusion 11): the old one must then be removed first.
            in_turn(*removals, partial(self._add_or_restore, name))

    def _add_or_restore(self, name: str) -> None:
        """Add the removed key under the new name, or under the old name if the panel rejects the new one."""
        try:
            self._add(name)
        except PanelError as error:
            if not error.uncertain:
                self._add(self._copies[0]["name"])
            raise

    def _add(self, name: str) -> None:
        body = {"userId": self._user_id, "name": name, "publicKey": self._public_key}
        self._client.send("add_ssh_key", body=body)

    def _remove(self, copy: Mapping[str, Any]) -> None:
        self._client.send("delete_ssh_key", path={"key_id": copy["id"]})


class SshKeyInfo(Query[VirtFusion]):
    """The keys of a user."""

    def read(self) -> dict[str, Any]:
        return {"ssh_keys": keys_of(self._client, find_user_id(self._client, self._params))}
