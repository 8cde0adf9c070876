# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access of a VirtFusion user: a login link that is valid once, for a minute, and a new password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec, positive
from ..._core.converge import results
from ..._core.errors import unreadable
from ..._core.fields import Field, Schema, integer, secret, text
from ..._core.runner import Action
from ..._core.safe_text import origin
from ..argspec import FIND_USER
from ..client import VirtFusion
from .user import read_user, user_request

#: The link is a secret, but it is the module's result (virtfusion 6, 9).
LOGIN = Schema(
    Field("path", "authentication.endpoint_complete", secret, required=True),
    Field("expires", "authentication.expiry.expires", text, absent=None),
    Field("ttl", "authentication.expiry.ttl", integer, "seconds", absent=None),
)

#: The options of virtfusion_user_login.
USER_LOGIN_OPTIONS = FIND_USER + ArgumentSpec({"server_id": {"type": "int"}})


class _UserAction(Action[VirtFusion]):
    """An action for a user. A user who does not exist is no reason to send a write."""

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        super().__init__(client, params)
        self._request = user_request(params)

    def predict(self) -> dict[str, Any]:
        read_user(self._client, self._request)
        return {}


class UserLogin(_UserAction):
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


class UserPassword(_UserAction):
    """Generates a new password at every run."""

    shown = results(credentials=CREDENTIALS)

    def perform(self) -> dict[str, Any]:
        self.predict()
        answer = self._client.one("reset_user_password", **self._request)
        return {"credentials": CREDENTIALS.project(answer)}
