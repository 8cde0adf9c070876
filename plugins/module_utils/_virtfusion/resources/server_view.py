# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A VirtFusion server: its projection, how one is found, and how many are listed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.errors import PanelError
from ..._core.fields import Field, Schema, boolean, integer, limit, text
from ..._core.select import exactly_one, named, positive
from ..client import VirtFusion
from .aspects import SERVER_ASPECTS

#: Requests at a time, within the rate that the operator allows; the HTTP library keeps ten connections open.
WORKERS = 8


def addresses(value: Any) -> list[str]:
    """Return the addresses of an interface, in the panel's order: the first is the primary one."""
    return [row["address"] for row in value or ()]


def tasks(value: Any) -> list[dict[str, Any]]:
    """Tasks that wait for the server to be started, stopped or restarted (virtfusion 2.3)."""
    return [
        {"action": row.get("action"), "requires": row.get("requires") or []} for row in value or ()
    ]


#: Words of ``remoteState.state``, which can come without ``running`` (virtfusion 3.4).
_POWER_STATES: Mapping[str, bool] = {
    **dict.fromkeys(("running", "active", "powered on", "on"), True),
    **dict.fromkeys(("stopped", "powered off", "off", "shutoff", "shut off", "inactive"), False),
}


def is_running(value: Any) -> bool | None:
    """Return whether a server runs, or None for a word that is not known."""
    if isinstance(value, str) and not value.isdigit():
        return _POWER_STATES.get(value.strip().lower())
    return None if value is None else boolean(value)


#: One projection for the single read, the short rows of the list and the rows of a user's list
#: (virtfusion 4 has the three shapes); each has the fields that it holds.
SERVER = Schema(
    Field("id", "id", integer, required=True),
    Field("uuid", "uuid", text),
    Field("name", "name", text, required=True),
    Field("hostname", "hostname", text),
    Field("state", "state", text),
    Field("commission_status", ("commissionStatus", "commissioned"), integer),
    Field("build_failed", "buildFailed", boolean),
    Field("suspended", "suspended", boolean),
    Field("protected", "protected", boolean),
    Field("owner_id", ("ownerId", "owner"), integer),
    Field("hypervisor_id", "hypervisorId", integer),
    Field("hypervisor_group_id", "hypervisor.groupId", integer),
    Field("running", ("remoteState.running", "remoteState.state"), is_running),
    Field("tasks_active", "tasks.active", boolean),
    Field("pending_tasks", "tasks.actions.pending", tasks),
    *SERVER_ASPECTS.values(),
    Field("cpu_throttle", "cpu.throttle", integer, "%"),
    Field("os_template_id", "settings.osTemplateInstallId", limit),
    Field("ipv4_addresses", "network.interfaces[0].ipv4", addresses),
    Field("built", "built", text),
    Field("created", "created", text),
    Field("updated", "updated", text),
)

#: Fields that older panels leave out are only known from the single read; a row of a list must
#: not claim that there is no limit where it merely does not say.
ROW = Schema(
    *(
        field
        for name, field in SERVER.items()
        if name not in SERVER_ASPECTS or field.absent is not None
    )
)


#: What a read without the power state shows.
SERVER_KEYS = tuple(name for name in SERVER if name != "running")


def find_server_id(client: VirtFusion, params: Mapping[str, Any]) -> int:
    """Return the ID of the one server that the options name, by ID, by UUID or by name.

    Names are not unique; neither they nor UUIDs can be asked for, so the list is walked (virtfusion 4).
    """
    if params["server_id"] is not None:
        return positive("server_id", params["server_id"])
    by = "uuid" if params["server_uuid"] is not None else "name"
    # A server that was never named has an empty name (virtfusion 1.6).
    desired = named(f"server_{by}", params[f"server_{by}"])
    rows = [ROW.project(raw) for raw in client.servers()]
    try:
        return int(exactly_one(rows, desired, what="server", option="server_id", by=by)["id"])
    except PanelError as error:
        error.predictable = error.absent and by == "name"
        raise


def waits_for_restart(view: Mapping[str, Any]) -> bool:
    """Return whether a task waits for the server to be restarted (virtfusion 2.3)."""
    return any("restart" in task["requires"] for task in view.get("pending_tasks") or ())
