# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads of the panel itself: the connection, and its ISO images and DNS services by ID."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec, positive
from ..._core.errors import Code
from ..._core.fields import Field, Schema, boolean, identifier, integer, text
from ..._core.runner import Query
from ..client import VirtFusion


def json_text(value: Any) -> Any:
    """Decode JSON that the panel sends inside a string (virtfusion 1.4)."""
    if isinstance(value, str):
        return json.loads(value) if value.strip() else None
    return value


def user_ids(value: Any) -> list[int]:
    """Return user IDs from numbers or from objects with an ID; the shape is not published."""
    return [int(row["id"] if isinstance(row, Mapping) else row) for row in value or ()]


ISO = Schema(
    Field("id", "id", identifier, required=True),
    Field("name", "name", text, required=True),
    Field("description", "description", text),
    Field("arch", "arch", integer),
    Field("url", "url", text),
    Field("filename", "filename", text),
    Field("enabled", "enabled", boolean),
    Field("global", "global", boolean),
    Field("download", "download", boolean),
    Field("users", "users", user_ids),
    Field("config", "config", json_text),
    Field("created", "created", text),
    Field("updated", "updated", text),
)

#: The options of virtfusion_iso_info.
ISO_INFO_OPTIONS = ArgumentSpec({"iso_id": {"type": "int", "required": True}})


class IsoInfo(Query[VirtFusion]):
    """One ISO image."""

    def read(self) -> dict[str, Any]:
        iso_id = positive("iso_id", self._params["iso_id"])
        return {"iso": ISO.project(self._client.one("get_iso", path={"iso_id": iso_id}))}


#: Without the provider account's name, password and settings (virtfusion 9).
DNS_SERVICE = Schema(
    Field("id", "id", identifier, required=True),
    Field("name", "name", text, required=True),
    Field("type", "type", integer),
    Field("url", "url", text),
    Field("ip", "ip", text),
    Field("port", "port", integer),
    Field("sub_account", "subAccount", boolean),
    Field("capabilities", "capabilities", integer),
    Field("enabled", "enabled", boolean),
    Field("created", "created", text),
    Field("updated", "updated", text),
)

#: The options of virtfusion_dns_service_info.
DNS_SERVICE_INFO_OPTIONS = ArgumentSpec({"dns_service_id": {"type": "int", "required": True}})


class DnsServiceInfo(Query[VirtFusion]):
    """One DNS service."""

    def read(self) -> dict[str, Any]:
        service_id = positive("dns_service_id", self._params["dns_service_id"])
        raw = self._client.one("get_dns_service", path={"service_id": service_id})
        return {"dns_service": DNS_SERVICE.project(raw)}


#: One cheap read for each read permission of a token. GET /connect proves the credentials only,
#: not any permission (virtfusion 7.3).
PROBES: Mapping[str, str] = {
    "servers": "list_servers",
    "packages": "list_packages",
    "hypervisors": "list_hypervisors",
    "hypervisor_groups": "list_hypervisor_groups",
    "ip_blocks": "list_ip_blocks",
    "self_service": "list_currencies",
}

#: The options of virtfusion_connection_info.
CONNECTION_INFO_OPTIONS = ArgumentSpec(
    {"permissions": {"type": "list", "elements": "str", "choices": list(PROBES), "default": []}}
)


class ConnectionInfo(Query[VirtFusion]):
    """The connection, and the requested permissions."""

    def read(self) -> dict[str, Any]:
        self._client.connect()
        permissions = {name: self._may_read(PROBES[name]) for name in self._params["permissions"]}
        return {"connection": {"authenticated": True, "permissions": permissions}}

    def _may_read(self, operation: str) -> bool:
        error = self._client.probe(operation)
        if error is not None and error.code is not Code.FORBIDDEN:
            raise error
        return error is None
