# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The administrator's password inside a VirtFusion server. The panel generates it; it cannot be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec, check_ranges
from ..._core.converge import results
from ..._core.errors import Code, PanelError, invalid
from ..._core.fields import Field, Schema, secret
from ..._core.runner import Action
from ..argspec import FIND_SERVER
from ..client import VirtFusion
from .queue import QUEUE_ID, wait_for_job
from .server_view import SERVER_KEYS, read_server

ADMINISTRATORS = ["root", "Administrator"]

#: A secret. The panel shows the password only here, before its job has set it (virtfusion 3.1, 9).
RESET = Schema(
    QUEUE_ID,
    Field("password", "expectedPassword", secret, required=True),
)

#: The options of virtfusion_server_password.
SERVER_PASSWORD_OPTIONS = FIND_SERVER + ArgumentSpec(
    {
        "user": {"type": "str", "choices": ADMINISTRATORS, "default": "root"},
        "send_mail": {"type": "bool", "default": True},
        "return_password": {"type": "bool", "default": False, "no_log": False},
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "int", "default": 120},
    }
)


class ServerPassword(Action[VirtFusion]):
    """Generates a new password at every run."""

    shown = results(server=SERVER_KEYS, password=None)

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        check_ranges(params, {"wait_timeout": (0, None)})
        if not params["send_mail"] and not params["return_password"]:
            raise invalid(
                "nobody would receive the new password", "set send_mail, return_password, or both"
            )
        super().__init__(client, params)

    def predict(self) -> dict[str, Any]:
        server = read_server(self._client, self._params)
        if server.get("built", "") is None:
            raise PanelError(
                Code.REFUSED,
                "it is not built",
                action=f"reset the password of server {server['id']} ({server['name']})",
                hint="build it with virtfusion_server_build",
            )
        return {"server": server}

    def perform(self) -> dict[str, Any]:
        found = self.predict()
        path = {"server_id": found["server"]["id"]}
        body = {"user": self._params["user"], "sendMail": self._params["send_mail"]}
        try:
            answer = self._client.one("reset_server_password", path=path, body=body)
        except PanelError as error:
            if error.code is Code.JOB_FAILED:
                error.add_hint(
                    "the old password is still valid: check the guest agent in the guest"
                )
                error.result.update(found)
            raise
        reset = RESET.project(answer)
        secret = {"password": reset["password"]} if self._params["return_password"] else {}
        if self._params["wait"] and reset["queue_id"] is not None:
            try:
                wait_for_job(self._client, reset["queue_id"], self._params["wait_timeout"])
            except PanelError as error:
                # Only a failed job shows that the old password is still valid.
                error.uncertain = error.code is not Code.JOB_FAILED
                error.result.update({**found, **secret})
                raise
        return {**found, **secret}
