# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A resource pack of a VirtFusion user, and the servers in it.

Two IDs are easily confused (virtfusion 5.3). A pack is created from a template, whose ID is ``packId``
in that request and ``pid`` in a read. All other requests use the ID of the pack itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec, check_ranges, positive
from ..._core.changes import Comparison
from ..._core.converge import Converged, Resource, View, refuse, results
from ..._core.errors import Code, PanelError, invalid, unreadable
from ..._core.existence import ABSENT, PRESENT, STATE, Existing
from ..._core.fields import (
    Compare,
    Field,
    Schema,
    anything,
    boolean,
    identifier,
    integer,
    number,
    text,
)
from ..._core.runner import Query
from ..argspec import FIND_USER
from ..client import VirtFusion
from .server_view import SERVER
from .user import user_request

#: Minutes by which the deletion of a pack's servers may be delayed (DOCUMENTED).
LONGEST_DELAY_MIN = 43800

_UNITS = {"servers": "servers", "memory": "MB", "storage": "GB", "cpu": "cores", "traffic": "GB"}

_LIMITS = Schema(
    *(Field(f"total_{name}", f"total_{name}", integer, unit) for name, unit in _UNITS.items()),
    # One server has no number of servers.
    *(
        Field(f"max_{name}", f"max_{name}", integer, unit)
        for name, unit in _UNITS.items()
        if name != "servers"
    ),
)
_USED = Schema(*(Field(name, name, integer, unit) for name, unit in _UNITS.items()))
#: The meaning of the letters is INFERRED from the numbers.
_SHARE = Schema(
    Field("total", "t", integer),
    Field("used", "u", integer),
    Field("free", "f", integer),
    Field("percent", "p", number, "%"),
    Field("limited", "l", boolean),
)
_USAGE = Schema(*(Field(name, name, _SHARE.project) for name in _UNITS))

_PACK_SERVER = Schema(
    Field("id", "id", identifier, required=True),
    Field("uuid", "uuid", text),
    Field("name", "name", text),
    Field("suspended", "suspended", boolean),
)


def pack_servers(value: Any) -> list[dict[str, Any]]:
    """Return the servers of a pack, sent as rows or as bare IDs: no example shows them (virtfusion 5.3)."""
    if not isinstance(value, list):
        raise TypeError(value)
    return [_PACK_SERVER.project(row if isinstance(row, Mapping) else {"id": row}) for row in value]


PACK = Schema(
    Field("id", "id", identifier, required=True),
    Field("template_id", "pid", integer),
    Field("name", "name", text),
    Field("label", "label", text),
    # Not in any published response (virtfusion 5.3); compared only if the panel shows it.
    Field("enabled", "enabled", boolean, absent=None),
    Field("limits", "limits", _LIMITS.project),
    Field("used", "used", _USED.project),
    Field("usage", "usage", _USAGE.project),
    Field("servers", "servers", pack_servers),
)

#: The fields of a read without servers.
_PACK_KEYS = tuple(name for name in PACK if name != "servers")


def read_pack(client: VirtFusion, pack_id: int, *, with_servers: bool = False) -> dict[str, Any]:
    """Return one pack. :raises PanelError: ``protocol`` if requested servers are missing."""
    query = {"withServers": "true"} if with_servers else {}
    pack = PACK.project(client.one("get_resource_pack", path={"pack_id": pack_id}, query=query))
    if with_servers and "servers" not in pack:
        if pack.get("used", {}).get("servers") != 0:
            raise unreadable(f"the panel does not show the servers of resource pack {pack_id}")
        pack["servers"] = []
    return pack


#: The options of virtfusion_selfservice_resource_pack_info.
RESOURCE_PACK_INFO_OPTIONS = ArgumentSpec(
    {
        "pack_id": {"type": "int", "required": True},
        "with_servers": {"type": "bool", "default": False},
    }
)


class ResourcePackInfo(Query[VirtFusion]):
    """One pack."""

    def read(self) -> dict[str, Any]:
        pack_id = positive("pack_id", self._params["pack_id"])
        with_servers = self._params["with_servers"]
        return {"resource_pack": read_pack(self._client, pack_id, with_servers=with_servers)}


#: The options of virtfusion_selfservice_resource_pack.
RESOURCE_PACK_OPTIONS = ArgumentSpec(
    {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "pack_id": {"type": "int"},
        "create": {"type": "bool", "default": False},
        **FIND_USER.options,
        "template_id": {"type": "int"},
        "enabled": {"type": "bool"},
        "disable_if_in_use": {"type": "bool", "default": False},
    },
    mutually_exclusive=[("ext_relation_id", "relation_string")],
)


class ResourcePack(Existing):
    """A pack with a given ID, or a new one: no read lists the packs of a user (virtfusion 5.3).

    Most panels do not show whether a pack is enabled. For these, the accepted value is assumed.
    """

    key = "resource_pack"
    shown = results(resource_pack=(STATE.name, *_PACK_KEYS))
    schema = Schema(STATE, PACK["enabled"])

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        super().__init__(params["state"])
        self._client = client
        self._params = params
        for option in ("pack_id", "template_id"):
            if params[option] is not None:
                positive(option, params[option])
        self._pack_id: int | None = params["pack_id"]
        self._request = {} if self._pack_id else _request_of_new(params)
        self._found: View = {}
        self._believed: bool | None = None
        self._deleted = False

    def find(self) -> View | None:
        if self._pack_id is None:
            return None
        fetch = self._client.one if self.state == PRESENT else self._client.find
        try:
            raw = fetch("get_resource_pack", path={"pack_id": self._pack_id})
        except PanelError as error:
            if self._request:
                error.result["resource_pack"] = {"id": self._pack_id}  # no other read shows the ID
            raise
        if raw is None:
            return None
        self._found = PACK.project(raw)
        if self._found["enabled"] is None:
            self._found = {**self._found, "enabled": self._believed}
        return self._found

    def values(self) -> Mapping[str, Any]:
        template_id = self._params["template_id"]
        if self._found and template_id not in (None, self._found.get("template_id")):
            raise PanelError(
                Code.CONFLICT,
                f"it comes from template {self._found.get('template_id')}, not {template_id}",
                action=f"keep resource pack {self._pack_id}",
                hint="check pack_id, or leave template_id out",
            )
        enabled = self._params["enabled"]
        return {} if enabled is None else {"enabled": enabled}

    def desired(self) -> Mapping[str, Any]:
        if self.state == ABSENT and self._params["disable_if_in_use"] and self._servers():
            return {"enabled": False}
        return super().desired()

    def permit(self, comparison: Comparison) -> None:
        if self.state == ABSENT and self._servers() and not self._params["disable_if_in_use"]:
            raise PanelError(
                Code.REFUSED,
                f"it has {self._servers()} servers",
                action=f"delete resource pack {self._pack_id}",
                hint="delete them with virtfusion_selfservice_resource_pack_servers, or set disable_if_in_use",
            )

    def create(self) -> None:
        enabled = self._params["enabled"] is not False
        body = {"packId": self._params["template_id"], "enabled": enabled}
        answer = self._client.one("add_resource_pack", **self._request, body=body)
        self._pack_id = int(_NEW_PACK.project(answer)["id"])
        self._believed = enabled

    def delete(self) -> None:
        query = {"disable": "true"} if self._params["disable_if_in_use"] else {}
        path = {"pack_id": self._pack_id}
        self._client.send("delete_resource_pack", path=path, query=query)
        self._deleted = True
        self._believed = False  # unless it was deleted

    def writers(self) -> Mapping[str, Callable[[Any], object]]:
        return {"enabled": self._enable if self.state == PRESENT else lambda _off: self.delete()}

    def conclude(self, converged: Converged) -> dict[str, Any]:
        after = converged.after
        done = after["state"] == ABSENT or after.get("enabled") is False
        if self._deleted and self._params["disable_if_in_use"] and done:
            return {"changed": True}  # deleted or disabled: both are accepted
        return super().conclude(converged)

    def _enable(self, enabled: bool) -> None:
        path = {"pack_id": self._pack_id}
        self._client.send("modify_resource_pack", path=path, body={"enabled": enabled})
        self._believed = enabled

    def _servers(self) -> int:
        """Return the number of servers in the pack, as far as the panel shows it."""
        return self._found.get("used", {}).get("servers") or 0


_NEW_PACK = Schema(Field("id", "id", identifier, required=True))


def _request_of_new(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the user part of the request for a new pack. :raises PanelError: ``validation``."""
    if params["state"] == ABSENT:
        raise invalid("pack_id must be set")
    if not params["create"]:
        raise invalid("pack_id must be set", "or set create, to add a new pack in every run")
    if params["template_id"] is None:
        raise invalid("template_id must be set to add a pack")
    if params["ext_relation_id"] is None and params["relation_string"] is None:
        raise invalid("ext_relation_id or relation_string must be set to add a pack")
    return user_request(params)


#: The operation for each desired state of a pack's servers.
SWITCHES = {
    "suspended": "suspend_resource_pack_servers",
    "unsuspended": "unsuspend_resource_pack_servers",
}

_ACTIONS = {"suspended": "suspend", "unsuspended": "unsuspend", ABSENT: "delete"}

#: The options of virtfusion_selfservice_resource_pack_servers.
RESOURCE_PACK_SERVERS_OPTIONS = ArgumentSpec(
    {
        "pack_id": {"type": "int", "required": True},
        "state": {
            "type": "str",
            "choices": ["suspended", "unsuspended", "absent"],
            "required": True,
        },
        "delay": {"type": "int"},
        "wait_timeout": {"type": "int", "default": 60},
    }
)

_PACK_STATE = ("server_ids", "suspended_server_ids", "deletion_requested")


class ResourcePackServers(Resource):
    """All servers of a pack: suspended, not suspended or absent. The prior read makes it idempotent."""

    key = "resource_pack"
    shown = results(resource_pack=(*_PACK_KEYS, *_PACK_STATE))
    schema = Schema(
        Field("server_ids", "", anything, compare=Compare.SET),
        Field("suspended_server_ids", "", anything, compare=Compare.SET),
        Field("deletion_requested", "", boolean),
    )

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        self._client = client
        self._pack_id = positive("pack_id", params["pack_id"])
        self._state = params["state"]
        self._delay_min = params["delay"] or 0
        if params["delay"] is not None and self._state != ABSENT:
            raise invalid("delay is only for state=absent")
        if not 0 <= self._delay_min <= LONGEST_DELAY_MIN:
            raise invalid(
                f"delay must be from 0 to {LONGEST_DELAY_MIN} minutes, not {self._delay_min}"
            )
        check_ranges(params, {"wait_timeout": (0, None)})
        # No read shows a delayed deletion.
        self.settle_s = 0.0 if self._delay_min else float(params["wait_timeout"])
        self._requested = False
        self._server_ids: list[int] = []

    def read(self) -> View:
        pack = read_pack(self._client, self._pack_id, with_servers=True)
        servers = pack.pop("servers")
        self._server_ids = sorted(server["id"] for server in servers)
        return {
            **pack,
            "server_ids": self._server_ids,
            "suspended_server_ids": sorted(s["id"] for s in servers if self._suspended(s)),
            "deletion_requested": self._requested,
        }

    def desired(self) -> Mapping[str, Any]:
        if self._state == ABSENT:
            # Servers with a delayed deletion can still be read (virtfusion 3.5), so it cannot be verified.
            later = self._delay_min and self._server_ids
            return {"deletion_requested": True} if later else {"server_ids": []}
        return {"suspended_server_ids": self._server_ids if self._state == "suspended" else []}

    def apply(self, comparison: Comparison) -> None:
        path = {"pack_id": self._pack_id}
        if self._state == ABSENT:
            self._client.delete("delete_resource_pack_servers", self._delay_min, **path)
            self._requested = True
        else:
            self._client.send(SWITCHES[self._state], path=path)

    def conclude(self, converged: Converged) -> dict[str, Any]:
        refuse(
            converged.comparison,
            f"{_ACTIONS[self._state]} the servers of resource pack {self._pack_id}",
            "they may still be in the panel's queue: raise wait_timeout",
        )
        return {}

    def _suspended(self, server: Mapping[str, Any]) -> bool:
        """Return whether a server of the pack is suspended. Read the server if its row does not show it."""
        if "suspended" not in server:
            server = SERVER.project(self._client.server(server["id"]))
        return bool(server["suspended"])
