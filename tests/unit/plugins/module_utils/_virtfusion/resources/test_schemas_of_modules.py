# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that each path of the schemas of network, hypervisors and media is in a published response."""

from __future__ import annotations

from typing import Any

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.fields import (
    NOT_SHOWN,
    Schema,
    pick,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources import (
    infrastructure,
    interface,
    panel_info,
    queue,
    server_parts,
    template,
    traffic_block,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.published import published_shape
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import refuse

SERVER = "GET /servers/{serverId}"
BLOCKS = "GET /servers/{serverId}/traffic/blocks"
GROUP = "GET /compute/hypervisors/groups/{hypervisorGroupId}"
TEMPLATES = "GET /servers/{serverId}/templates"
PUBLIC = interface.interface_of(published_shape(SERVER), "primary")

#: The published single hypervisor has no storage. Some rows of the resources have more keys.
SCHEMAS: list[tuple[str, Schema, Any]] = [
    ("ipv4", interface.IPV4, PUBLIC),
    ("whitelist", interface.WHITELIST, PUBLIC),
    (
        "firewall",
        server_parts.FIREWALL,
        published_shape("GET /servers/{serverId}/firewall/{interface}"),
    ),
    ("blocks", traffic_block.TRAFFIC_BLOCKS, published_shape(BLOCKS)),
    ("block", traffic_block.BLOCK, published_shape(BLOCKS, "data.assigned[0]")),
    ("custom_xml", server_parts.CUSTOM_XML, published_shape(SERVER, "data.customXML")),
    ("backup", server_parts.BACKUP, published_shape("GET /backups/server/{serverId}")),
    ("ip_block", infrastructure.IP_BLOCK, published_shape("GET /connectivity/ipblocks/{blockId}")),
    (
        "hypervisor",
        infrastructure.HYPERVISOR,
        published_shape("GET /compute/hypervisors/{hypervisorId}"),
    ),
    ("group", infrastructure.HYPERVISOR_GROUP, published_shape(GROUP)),
    ("resources", infrastructure.RESOURCES, published_shape(f"{GROUP}/resources")),
    ("template", template.TEMPLATE, published_shape(TEMPLATES, "data[0].templates[0]")),
    ("template_group", template.GROUP, published_shape(TEMPLATES)),
    ("iso", panel_info.ISO, published_shape("GET /media/iso/{isoId}")),
    ("dns_service", panel_info.DNS_SERVICE, published_shape("GET /dns/services/{serviceId}")),
    ("job", queue.JOB, published_shape("GET /queue/{queueId}")),
]


def test_each_path_is_in_a_published_response():
    missing = (
        f"{name}: {field.name} is read from {path}"
        for name, schema, shape in SCHEMAS
        for field in schema.values()
        for path in ((field.path,) if isinstance(field.path, str) else field.path)
        if pick(shape, path.replace("[order=1]", "[0]")) is NOT_SHOWN
    )
    refuse(missing, "No published response has these paths:")
