# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A DNS service of a VirtFusion panel."""

from __future__ import annotations

from typing import Any

from ..._core.argspec import ArgumentSpec, positive
from ..._core.fields import Field, Schema, boolean, integer, text
from ..._core.runner import Query
from ..client import VirtFusion

#: Without the provider account's name, password and settings (virtfusion 9).
DNS_SERVICE = Schema(
    Field("id", "id", integer, required=True),
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
    """One DNS service; the panel cannot list them."""

    def read(self) -> dict[str, Any]:
        service_id = positive("dns_service_id", self._params["dns_service_id"])
        raw = self._client.one("get_dns_service", path={"service_id": service_id})
        return {"dns_service": DNS_SERVICE.project(raw)}
