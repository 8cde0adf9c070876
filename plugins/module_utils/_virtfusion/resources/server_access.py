# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access to the inside of a VirtFusion server: the administrator's password and the VNC console."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..._core.argspec import ArgumentSpec, check_ranges
from ..._core.converge import results
from ..._core.errors import Code, PanelError, invalid
from ..._core.fields import Field, Schema, integer, pick, secret, text
from ..._core.runner import Action
from ..argspec import FIND_SERVER
from ..client import VirtFusion
from ..operations import OPERATIONS
from .queue import QUEUE_ID, wait_for_job
from .server_view import SERVER_KEYS, find_server_id, read_server

#: The panel generates the password; it cannot be chosen. A secret, shown only here, before the job has set it
#: (virtfusion 3.1, 9).
RESET = Schema(QUEUE_ID, Field("password", "expectedPassword", secret, required=True))

#: The options of virtfusion_server_password.
SERVER_PASSWORD_OPTIONS = FIND_SERVER + ArgumentSpec(
    {
        "user": {"type": "str", "choices": ["root", "Administrator"], "default": "root"},
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
            if error.code is Code.JOB_FAILED and not error.uncertain:
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


VNC = Schema(
    Field("ip", "vnc.ip", text, required=True),
    Field("hostname", "vnc.hostname", text),
    Field("port", "vnc.port", integer, required=True),
)
#: Secrets (virtfusion 9). Panels before 6.1 have no websocket (virtfusion 1.8); its path contains its token.
CREDENTIALS = Schema(
    Field("password", "vnc.password", text, absent=None),
    Field("websocket_path", "vnc.wss.url", text, absent=None),
)

#: The key is "vnc" on version 7.0.0 and "action" in the description. Panels ignore unknown keys (virtfusion 1.8).
_SWITCH = replace(OPERATIONS["set_server_vnc"], body=("action", "vnc"))

#: The options of virtfusion_server_vnc.
SERVER_VNC_OPTIONS = FIND_SERVER + ArgumentSpec(
    {
        "enabled": {"type": "bool"},
        "return_credentials": {"type": "bool", "default": False},
        "wait_timeout": {"type": "int", "default": 60},
    }
)


class ServerVnc(Action[VirtFusion]):
    """Switches the console, which creates new credentials, or only reads the connection details.

    No read shows whether it is switched on: ``enabled`` shows an open session only (virtfusion 1.8).
    """

    shown = results(vnc=(*VNC, *CREDENTIALS))

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        check_ranges(params, {"wait_timeout": (0, None)})
        if params["enabled"] is None and not params["return_credentials"]:
            raise invalid("there is nothing to do", "set enabled, return_credentials, or both")
        super().__init__(client, params)

    def predict(self) -> dict[str, Any]:
        if self._params["enabled"] is None:
            return self.perform()
        read_server(self._client, self._params)
        return {}

    def perform(self) -> dict[str, Any]:
        enabled = self._params["enabled"]
        if enabled is None:
            path = {"server_id": find_server_id(self._client, self._params)}
            return {"changed": False, **self._shown(self._client.one("get_server_vnc", path=path))}
        path = {"server_id": read_server(self._client, self._params)["id"]}
        body = {"action": "enable" if enabled else "disable", "vnc": enabled}
        data = pick(self._client.session.execute(_SWITCH, path=path, body=body), "data")
        raw = self._client.answer(data, _SWITCH.name, path)
        shown = self._shown(raw)
        queue_id = QUEUE_ID.read(raw)
        if queue_id is not None:
            try:
                wait_for_job(self._client, queue_id, self._params["wait_timeout"])
            except PanelError as error:
                # The panel has made a new password, and no read shows whether the console has it.
                error.uncertain = True
                error.result.update(shown)
                raise
        return shown

    def _shown(self, raw: Any) -> dict[str, Any]:
        secrets = CREDENTIALS.project(raw) if self._params["return_credentials"] else {}
        return {"vnc": {**VNC.project(raw), **secrets}}
