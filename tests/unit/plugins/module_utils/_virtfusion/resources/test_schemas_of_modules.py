# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the schemas of network, hypervisors and media: existing and documented paths."""

from __future__ import annotations

from typing import Any

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.fields import (
    NOT_SHOWN,
    Field,
    Schema,
    anything,
    boolean,
    identifier,
    integer,
    limit,
    number,
    pick,
    text,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources import (
    backup,
    custom_xml,
    firewall,
    infrastructure,
    interface,
    queue,
    read_by_id,
    selfservice_usage,
    ssh_key,
    template,
    traffic_block,
    user,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.selfservice_resource_pack import (
    PACK,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.documented import documented, strings
from ansible_collections.vpsfleet.panels.tests.unit.support.published import published_shape
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import differences, refuse

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
        firewall.FIREWALL,
        published_shape("GET /servers/{serverId}/firewall/{interface}"),
    ),
    ("blocks", traffic_block.TRAFFIC_BLOCKS, published_shape(BLOCKS)),
    ("block", traffic_block.BLOCK, published_shape(BLOCKS, "data.assigned[0]")),
    ("custom_xml", custom_xml.CUSTOM_XML, published_shape(SERVER, "data.customXML")),
    ("backup", backup.BACKUP, published_shape("GET /backups/server/{serverId}")),
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
    ("iso", read_by_id.ISO, published_shape("GET /media/iso/{isoId}")),
    ("dns_service", read_by_id.DNS_SERVICE, published_shape("GET /dns/services/{serviceId}")),
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


# --- the documentation -----------------------------------------------------------------------

TYPES = {
    identifier: "int",
    integer: "int",
    limit: "int",
    number: "float",
    boolean: "bool",
    text: "str",
}
NAMES = Schema(Field("short_name", "", text), Field("full_name", "", text))
WITH_RESOURCES = Schema(Field("resources", "", anything))

#: Units that are the name of a counted object.
NOT_NAMED = ("addresses", "subnets", "servers")

#: Results with objects of a schema.
SHOWN: list[tuple[str, str, tuple[Schema, ...]]] = [
    ("virtfusion_ip_block_info", "ip_blocks", (infrastructure.IP_BLOCK,)),
    ("virtfusion_hypervisor_info", "hypervisors", (infrastructure.HYPERVISOR,)),
    ("virtfusion_hypervisor_info", "hypervisors.networks", (infrastructure.NETWORK,)),
    (
        "virtfusion_hypervisor_group_info",
        "hypervisor_groups",
        (infrastructure.HYPERVISOR_GROUP, WITH_RESOURCES),
    ),
    (
        "virtfusion_hypervisor_group_info",
        "hypervisor_groups.resources",
        (infrastructure.RESOURCES,),
    ),
    ("virtfusion_template_info", "templates", (template.TEMPLATE, template.GROUP, NAMES)),
    ("virtfusion_iso_info", "iso", (read_by_id.ISO,)),
    ("virtfusion_dns_service_info", "dns_service", (read_by_id.DNS_SERVICE,)),
    ("virtfusion_queue_info", "job", (queue.JOB,)),
    ("virtfusion_server_backup_info", "backups", (backup.BACKUP,)),
    ("virtfusion_user_info", "user", (user.USER,)),
    ("virtfusion_ssh_key_info", "ssh_keys", (ssh_key.SSH_KEY,)),
    ("virtfusion_selfservice_currency_info", "currencies", (selfservice_usage.CURRENCY,)),
    ("virtfusion_selfservice_resource_pack_info", "resource_pack", (PACK,)),
    ("virtfusion_selfservice_usage_info", "usage", (selfservice_usage.USAGE,)),
    ("virtfusion_selfservice_usage_info", "hourly_stats", (selfservice_usage.HOURLY_STATS,)),
]


def _contains(module: str, place: str) -> dict[str, Any]:
    docs = documented(module).returned
    for key in place.split("."):
        docs = docs[key]["contains"]
    found: dict[str, Any] = docs
    return found


def test_each_field_is_documented_and_nothing_else():
    found = (
        f"{module}: {line}"
        for module, place, schemas in SHOWN
        for line in differences(
            _contains(module, place), {name for schema in schemas for name in schema}, place
        )
    )
    refuse(found, "Document each field of the schema in RETURN, and nothing else:")


def test_each_field_has_its_documented_type_and_unit():
    found = []
    for module, place, schemas in SHOWN:
        docs = _contains(module, place)
        fields = [field for schema in schemas for field in schema.values() if field.name in docs]
        for field in fields:
            documented_type = docs[field.name]["type"]
            if field.kind in TYPES and documented_type != TYPES[field.kind]:
                found.append(f"{module}: {place}.{field.name} is documented as {documented_type}")
            described = " ".join(strings(docs[field.name]["description"]))
            words = (field.unit, field.unit.capitalize())
            if field.unit not in NOT_NAMED and not any(word in described for word in words):
                found.append(f"{module}: {place}.{field.name} is in {field.unit}")
    refuse(found, "Correct types and units in RETURN:")
