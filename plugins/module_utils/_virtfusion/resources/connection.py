# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection to a VirtFusion panel, and the read permissions of its token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec
from ..._core.errors import Code
from ..._core.runner import Query
from ..client import VirtFusion

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
