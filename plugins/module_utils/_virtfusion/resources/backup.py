# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The backups of a VirtFusion server, and its owner's access to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec
from ..._core.changes import Comparison
from ..._core.converge import View, results
from ..._core.fields import Field, Schema, boolean, integer, text
from ..._core.runner import Query
from ..argspec import FIND_SERVER
from ..client import VirtFusion
from .server_view import ServerPart, find_server_id


def under_way(value: Any) -> bool:
    """Return whether a backup is running. The panel sends false if not; other values are not published."""
    return value not in (None, False, 0, "", "0")


BACKUP = Schema(
    Field("id", "id", integer, required=True),
    Field("server_id", "serverId", integer),
    Field("storage_id", "storage.id", integer),
    Field("storage_name", "storage.name", text),
    Field("storage_enabled", "storage.enabled", boolean),
    Field("complete", "complete", boolean),
    Field("in_progress", "progress", under_way),
    Field("restoring", "restoring", boolean),
    Field("deleting", "deleting", boolean),
    Field("delete_after", "deleteAfter", text),
    Field("created", "created", text),
    Field("updated", "updated", text),
)


def read_backups(client: VirtFusion, server_id: int) -> list[dict[str, Any]]:
    """Return the backups of a server; the list is not paged."""
    rows = client.rows("list_server_backups", path={"server_id": server_id})
    return [BACKUP.project(row) for row in rows]


class BackupInfo(Query[VirtFusion]):
    """The backups of one server."""

    def read(self) -> dict[str, Any]:
        server_id = find_server_id(self._client, self._params)
        return {"backups": read_backups(self._client, server_id)}


WORDS = ["inherit", "disabled", "scheduled", "view_restore", "full", "manual"]

#: The options of virtfusion_server_backup_access.
BACKUP_ACCESS_OPTIONS = FIND_SERVER + ArgumentSpec(
    {
        "access": {"type": "str", "required": True, "choices": WORDS},
        "known_access": {"type": "str", "choices": WORDS},
    }
)


class BackupAccess(ServerPart):
    """A server with a desired access of its owner to backups.

    No read shows the access (virtfusion 10, operation 22). Its current value is the one set by this
    task, else the one stated by the caller, else unknown, which differs from every desired value.
    """

    key = "backup_access"
    shown = results(backup_access=("server_id", "access"))
    schema = Schema(Field("access", "access", text))
    settle_s = 0.0

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        super().__init__(client, params)
        self._known = params["known_access"]

    def read(self) -> View:
        self._client.server(self._server_id)  # check mode must fail if it does not exist
        return {"server_id": self._server_id, "access": self._known}

    def desired(self) -> Mapping[str, Any]:
        return {"access": self._params["access"]}

    def apply(self, comparison: Comparison) -> None:
        self._send("set_server_backup_access", {"type": self._params["access"]})
        self._known = self._params["access"]

    def name(self, view: View) -> str:
        return f"backup access of server {view['server_id']}"
