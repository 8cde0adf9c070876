# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A VirtFusion server: its projections, its lookup, and the base class for resources that are a part of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.argspec import named, positive
from ..._core.changes import FieldOutcome
from ..._core.converge import Converged, Resource, View
from ..._core.errors import Code, PanelError
from ..._core.fields import Field, Schema, boolean, identifier, integer, limit, text
from ..._core.select import exactly_one
from ..client import VirtFusion
from .package import NEED_RESTART, SERVER_ASPECTS

#: Concurrent requests, within the configured rate; the HTTP library keeps ten connections open.
WORKERS = 8


def addresses(value: Any) -> list[str]:
    """Return the addresses of an interface in the panel's order; the first is the primary one."""
    return [row["address"] for row in value or ()]


def tasks(value: Any) -> list[dict[str, Any]]:
    """Return the tasks that are pending until the server is started, stopped or restarted (virtfusion 2.3)."""
    return [
        {"action": row.get("action"), "requires": row.get("requires") or []} for row in value or ()
    ]


#: Values of ``remoteState.state``, which can be sent without ``running`` (virtfusion 3.4).
_POWER_STATES: Mapping[str, bool] = {
    **dict.fromkeys(("running", "active", "powered on", "on"), True),
    **dict.fromkeys(("stopped", "powered off", "off", "shutoff", "shut off", "inactive"), False),
}


def is_running(value: Any) -> bool | None:
    """Return whether a server is running, or None for an unknown value."""
    if isinstance(value, str) and not value.isdigit():
        return _POWER_STATES.get(value.strip().lower())
    return None if value is None else boolean(value)


#: One projection for the single read, the short rows of the list and the rows of a user's list
#: (three shapes, virtfusion 4). Fields that a shape lacks are left out.
SERVER = Schema(
    Field("id", "id", identifier, required=True),
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

#: Without fields that older panels may omit, unless their default is known: a row that lacks such
#: a field does not show that there is no limit. Only the single read does.
ROW = Schema(
    *(
        field
        for name, field in SERVER.items()
        if name not in SERVER_ASPECTS or field.absent is not None
    )
)

#: The fields of a read without the power state.
SERVER_KEYS = tuple(name for name in SERVER if name != "running")


def find_server_id(client: VirtFusion, params: Mapping[str, Any]) -> int:
    """Return the ID of the server that the options select by ID, UUID or name.

    Names are not unique. The panel cannot filter by name or UUID, so the list is searched (virtfusion 4).
    """
    if params["server_id"] is not None:
        return positive("server_id", params["server_id"])
    by = "uuid" if params["server_uuid"] is not None else "name"
    # A server without a name has an empty one (virtfusion 1.6).
    desired = named(f"server_{by}", params[f"server_{by}"])
    rows = [ROW.project(raw) for raw in client.servers()]
    try:
        return int(exactly_one(rows, desired, what="server", option="server_id", by=by)["id"])
    except PanelError as error:
        error.predictable = error.absent and by == "name"
        raise


def read_server(
    client: VirtFusion, params: Mapping[str, Any], seen: View | None = None, *, live: bool = False
) -> dict[str, Any]:
    """Return a server: the one that an earlier read has returned, else the one that the options select."""
    server_id = (seen or {}).get("id") or find_server_id(client, params)
    return SERVER.project(client.server(server_id, live=live))


def refuse_protected(view: View, params: Mapping[str, Any], action: str, why: str = "") -> None:
    """Refuse to wipe a protected server unless the operator allows it. :raises PanelError: ``refused``."""
    if view.get("protected") and not params["allow_protected"]:
        raise PanelError(
            Code.REFUSED,
            f"it is protected{why}",
            action=action,
            hint="lift the protection in the panel, or set allow_protected",
        )


class ServerPart(Resource):
    """A part of a server that has options and a result of its own."""

    #: It is not documented that the panel shows such a change at once.
    settle_s = 10.0

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        self._client = client
        self._params = params
        self._server_id = find_server_id(client, params)

    def _send(self, operation: str, body: Mapping[str, Any] | None = None, **path: Any) -> None:
        self._client.send(operation, path={"server_id": self._server_id, **path}, body=body)


def waits_for_restart(view: Mapping[str, Any]) -> bool:
    """Return whether a task is pending until the server is restarted (virtfusion 2.3)."""
    return any("restart" in task["requires"] for task in view.get("pending_tasks") or ())


def restart_needs(converged: Converged) -> dict[str, Any]:
    """Return whether a server must be restarted for the changes so far to take effect."""
    before, after = converged.before, converged.after
    # A new or deleted server, and one without a build, has no guest to restart.
    existed = before.get("present", True) and after.get("present", True)
    has_guest = existed and after.get("built", "") is not None
    moved = converged.comparison.names(FieldOutcome.CHANGED)
    return {
        "restart_required": has_guest and (bool(moved & NEED_RESTART) or waits_for_restart(after))
    }
