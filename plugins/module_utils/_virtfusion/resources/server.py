# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A VirtFusion server that must be present or absent, and its changeable settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any

from ..._core.argspec import ArgumentSpec, Range, check_ranges, unpadded
from ..._core.changes import Comparison, FieldOutcome
from ..._core.clock import wait_until
from ..._core.converge import Converged, Resource, View, apply_each, results
from ..._core.errors import Code, PanelError, invalid
from ..._core.existence import ABSENT, PRESENT
from ..._core.fields import Field, Schema, boolean
from ..argspec import FIND_SERVER, FIND_USER
from ..client import VirtFusion
from .package import size_writers, writer
from .server_create import (
    check_new_server,
    create,
    ignored_dry_run,
    missing_for_new_server,
    new_server,
    try_to_create,
)
from .server_power import require_power_state
from .server_view import SERVER, find_server_id, refuse_protected, restart_needs
from .user import find_user_id

#: Settings that the panel can change on an existing server, in the order of writing. The owner
#: comes last, so that after a failure the server still belongs to the previous owner.
CHANGEABLE = (
    "name",
    "memory",
    "cpu",
    "primary_network_traffic",
    "cpu_throttle",
    "backup_plan",
    "owner_id",
    "suspended",
)

#: virtfusion 1.4 and 10 (35, 41, 42), and 3.5: the range that both descriptions of the delay allow.
RANGES: Mapping[str, Range] = {
    "memory": (256, None),
    "cpu": (1, 600),
    "primary_network_traffic": (0, 999_999_999),
    "cpu_throttle": (0, 99),
    "backup_plan": (0, None),
    "delay": (0, 43_799),
    "wait_timeout": (0, None),
}
LONGEST_NAME = 63

#: Whether the server exists. Not named "state": the panel's server has a field of that name.
THERE = Field("present", "present", boolean)

STORAGE = {"capacity": {"type": "int", "required": True}, "profile": {"type": "int"}}

#: The options of virtfusion_server.
SERVER_OPTIONS = FIND_SERVER + ArgumentSpec(
    {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "name": {"type": "str"},
        "user_id": {"type": "int", "aliases": ["owner_id"]},
        **FIND_USER.options,
        "suspended": {"type": "bool"},
        "power_off": {"type": "bool", "default": False},
        "memory": {"type": "int"},
        "cpu": {"type": "int"},
        "primary_network_traffic": {"type": "int", "aliases": ["traffic"]},
        "cpu_throttle": {"type": "int"},
        "cpu_throttle_sync": {"type": "bool", "default": True},
        "backup_plan": {"type": "int"},
        "package_id": {"type": "int"},
        "package_name": {"type": "str"},
        "hypervisor_group_id": {"type": "int"},
        "ipv4_count": {"type": "int", "default": 1},
        "primary_disk_size": {"type": "int"},
        "primary_network_inbound_speed": {"type": "int"},
        "primary_network_outbound_speed": {"type": "int"},
        "primary_storage_profile": {"type": "int"},
        "primary_network_profile": {"type": "int"},
        "additional_storages": {"type": "list", "elements": "dict", "options": STORAGE},
        "firewall_rulesets": {"type": "list", "elements": "int"},
        "hypervisor_asset_groups": {"type": "list", "elements": "int"},
        "delay": {"type": "int", "default": 0},
        "allow_protected": {"type": "bool", "default": False},
        "wait_timeout": {"type": "int", "default": 60},
    },
    mutually_exclusive=[
        ("server_name", "name"),
        ("package_id", "package_name"),
        ("user_id", "ext_relation_id", "relation_string"),
    ],
)


class Server(Resource):
    """A server, selected by ID, UUID or name. It can only be created if it is selected by name."""

    key = "server"
    shown = results(server=(THERE.name, *SERVER), restart_required=None)
    schema = Schema(THERE, *(SERVER[name] for name in (*CHANGEABLE, "running")))

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        check_ranges(params, RANGES)
        check_new_server(params)
        if params["power_off"] and not params["suspended"]:
            raise invalid("power_off needs suspended=true", "see virtfusion_server_power")
        if params["delay"] and params["state"] != ABSENT:
            raise invalid("delay is only for state=absent")
        for option in ("name", "server_name"):
            name = params[option]
            if name is not None and not (name.strip() and len(name) <= LONGEST_NAME):
                raise invalid(f"{option} must have 1 to {LONGEST_NAME} characters")
        if params["name"] is not None:
            unpadded("name", params["name"])
        self._client = client
        self._params = params
        self._present = params["state"] == PRESENT
        self._id: int | None = None
        self._found: View = {}
        self._missing: PanelError | None = None
        self._body: dict[str, Any] = {}
        self._leaving = False
        self.settle_s = float(params["wait_timeout"])

    def is_missing(self, view: View) -> bool:
        return not view["present"]

    def read(self) -> View:
        if self._leaving:
            return {"present": False}
        try:
            self._id = self._id or find_server_id(self._client, self._params)
            raw = self._client.server(self._id, live=self._params["power_off"])
            self._found = SERVER.project(raw)
        except PanelError as error:
            if not error.absent:
                raise
            error.predictable = False  # this task would create it
            self._missing = error
            return {"present": False}
        return {"present": True, **self._found}

    def desired(self) -> Mapping[str, Any]:
        if not self._present:
            return {"present": False}
        return {"present": True, **self._values, **self._power()}

    def _power(self) -> dict[str, bool]:
        """Return the desired power state. Suspending leaves a running server running (virtfusion 3.6)."""
        if not self._params["power_off"] or self._found.get("built") is None:
            return {}  # a server without a build has no virtual machine
        require_power_state(self._found, self.name(self._found))
        return {"running": False}

    @cached_property
    def _values(self) -> Mapping[str, Any]:
        params = self._params
        name = params["name"] if params["name"] is not None else params["server_name"]
        desired = {**params, "name": name, "owner_id": self._owner_id}
        values = {field: desired[field] for field in CHANGEABLE if desired[field] is not None}
        if values.get("backup_plan") == 0:
            values["backup_plan"] = None
        return values

    @cached_property
    def _owner_id(self) -> int | None:
        options = ("user_id", "ext_relation_id", "relation_string")
        if all(self._params[option] is None for option in options):
            return None
        return find_user_id(self._client, self._params)

    def permit(self, comparison: Comparison) -> None:
        moved = comparison.names(FieldOutcome.CHANGED)
        making = "present" in moved and self._present
        if "present" in moved and not self._present:
            refuse_protected(self._found, self._params, f"delete {self.name(self._found)}")
        if making:
            self._require_enough_to_make_one()
        if "owner_id" in moved and self._params["user_id"] is not None:
            self._prove_user()
        if making:
            self._try_to_create()

    def _prove_user(self) -> None:
        """Fail if the user does not exist. Reads the user's servers: no read of a user takes this ID (virtfusion 6)."""
        try:
            self._client.user_servers(self._params["user_id"])
        except PanelError as error:
            error.add_hint("check user_id or owner_id")
            raise

    def _require_enough_to_make_one(self) -> None:
        error = self._missing or PanelError(Code.NOT_FOUND, "there is no such server")
        if self._params["server_name"] is None:
            error.add_hint("set server_name to create a server, so that the next run can find it")
            raise error
        unpadded("server_name", self._params["server_name"])
        missing = missing_for_new_server(self._params)
        if missing:
            error.add_hint(f"to create it, set {' and '.join(missing)}")
            raise error

    def _try_to_create(self) -> None:
        """Check whether the panel would create the server."""
        self._body = new_server(self._client, self._params, int(self._owner_id or 0))
        created = try_to_create(self._client, self._body, self.name({}))
        if created is not None:
            hint = f"delete it, or keep it with server_id={created['id']} and a name"
            error = ignored_dry_run(created, self.name({}), hint)
            error.result["server"] = {"present": True, **created}
            raise error

    def apply(self, comparison: Comparison) -> None:
        if THERE.name not in comparison.names(FieldOutcome.CHANGED):
            apply_each(comparison, self._writers())
        elif self._present:
            self._create()
        else:
            self._delete()

    def _create(self) -> None:
        try:
            made = create(self._client, self._body)
        except PanelError as error:
            if error.uncertain:
                error.add_hint(f"a new server would have no name and the owner {self._owner_id}")
            raise
        self._id = made["id"]
        rest = Comparison.between(self.schema, made, self._values)
        try:
            apply_each(rest, self._writers())
        except PanelError as error:
            error.partial = True
            error.written |= {THERE.name}
            error.add_hint(
                f"server {self._id} was created but is incomplete: continue with"
                f" server_id={self._id} and name; another run with server_name may create another one"
            )
            raise

    def _delete(self) -> None:
        delay = self._params["delay"]
        if delay:
            self.settle_s = 0.0  # no read shows a delayed deletion
        self._client.delete("delete_server", delay, server_id=self._id)
        # During the delay the server can probably still be read (virtfusion 3.5).
        self._leaving = delay > 0

    def _writers(self) -> Mapping[str, Callable[[Any], object]]:
        put = partial(writer, self._client, int(self._id or 0))
        sync = {"sync": "true"} if self._params["cpu_throttle_sync"] else {}
        sizes = size_writers(self._client, int(self._id or 0))
        change: dict[str, Callable[[Any], object]] = {
            "name": put("modify_server_name", "name"),
            **{name: sizes[name] for name in ("memory", "cpu", "primary_network_traffic")},
            "cpu_throttle": put("modify_server_cpu_throttle", "percent", **sync),
            "backup_plan": sizes["backup_plan"],
            "owner_id": lambda owner_id: self._send("change_server_owner", user_id=owner_id),
        }
        # All other changes are made while the server is not suspended.
        if self._params["suspended"]:
            # A suspension right after the power action is accepted or queued (virtfusion 3.6).
            power_off = {"running": lambda _running: self._send("poweroff_server")}
            return {**change, **power_off, "suspended": self._suspend}
        return {"suspended": self._suspend, **change}

    def _send(self, operation: str, **path: int) -> None:
        self._client.send(operation, path={"server_id": self._id, **path})

    def _suspend(self, suspended: bool) -> None:
        if suspended:
            self._send("suspend_server")
            return
        try:
            self._send("unsuspend_server")
        except PanelError as error:
            if error.code is not Code.CONFLICT or not self._outlasts_its_task():
                raise
            self._send("unsuspend_server")

    def _outlasts_its_task(self) -> bool:
        """Wait for the server's active task. Return whether the server is suspended after it.

        A conflict means that a suspension is in the queue or has failed, or that the server is not
        suspended (virtfusion 1.3, 3.6).
        """
        view, idle = wait_until(
            lambda: SERVER.project(self._client.server(int(self._id or 0))),
            lambda seen: not seen.get("tasks_active"),
            timeout_s=self.settle_s,
            clock=self._client.session.backoff.clock,
        )
        return idle and bool(view.get("suspended"))

    def aftermath(self, converged: Converged) -> dict[str, Any]:
        return restart_needs(converged)

    def name(self, view: View) -> str:
        return super().name({"name": self._params["server_name"], **view})
