# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A network interface of a VirtFusion server, and what a task brings into a state on one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.converge import Resource, View
from ..._core.errors import Code, PanelError
from ..._core.fields import pick
from ..client import Raw, VirtFusion
from .server_view import find_server_id

#: Where the interface that the panel calls by this word is in the read of a server (virtfusion 1.9).
_PLACES: Mapping[str, str] = {
    "primary": "network.interfaces[0]",
    "secondary": "network.secondaryInterfaces[0]",
}


def interface_of(server: Raw, word: str) -> Raw:
    """Return the primary or the secondary interface. :raises PanelError: ``not_found``."""
    found = pick(server, _PLACES[word])
    if not isinstance(found, dict):
        raise PanelError(
            Code.NOT_FOUND,
            "it has none",
            action=f"use the {word} interface of server {server.get('id')}",
            hint="check interface" if word == "primary" else "set interface to primary",
        )
    return found


class OnInterface(Resource):
    """Something that an interface has. The schema's paths begin at the interface."""

    #: Nothing says that the panel shows such a change at once.
    settle_s = 10.0

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        self._client = client
        self._interface = params["interface"]
        self._server_id = find_server_id(client, params)
        self._raw: Raw = {}
        self._view: dict[str, Any] = {}

    def read(self) -> View:
        self._raw = interface_of(self._client.server(self._server_id), self._interface)
        self._view = {
            "server_id": self._server_id,
            "interface": self._interface,
            **self.schema.project(self._raw),
        }
        return self._view

    def name(self, view: View) -> str:
        return f"{self.key} of the {view['interface']} interface of server {view['server_id']}"

    def _send(self, operation: str, **body: Any) -> None:
        self._client.send(
            operation,
            path={"server_id": self._server_id},
            body={"interface": self._interface, **body},
        )
