# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documented results are the results."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.fields import (
    Field,
    Schema,
    anything,
    boolean,
    identifier,
    integer,
    limit,
    number,
    text,
    text_identifier,
    whole_amount,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.safe_text import MASK
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.resources import (
    job,
    models,
    phone,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.resources import (
    server as cloud_phone_server,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources import (
    infrastructure,
    panel_info,
    queue,
    selfservice_usage,
    server_parts,
    template,
    user_access,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources import (
    user as virtfusion_user,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.package import (
    PACKAGE,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.selfservice_resource_pack import (
    PACK,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.server_info import (
    MORE,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.server_view import (
    SERVER,
    addresses,
    tasks,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor import values as php
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.resources import (
    plan,
    user,
    vps,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import TOP
from ansible_collections.vpsfleet.panels.tests.unit.support.documented import (
    documented,
    strings,
    undocumented,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import differences, refuse

TYPES: dict[Callable[[Any], Any], str] = {
    identifier: "int",
    text_identifier: "str",
    integer: "int",
    whole_amount: "int",
    limit: "int",
    number: "float",
    boolean: "bool",
    text: "str",
    addresses: "list",
    tasks: "list",
    php.whole_number: "int",
    php.decimal_number: "float",
    php.amount: "float",
    php.yes_or_no: "bool",
    php.words: "list",
    php.ids: "list",
}
REPORT = {
    **selfservice_usage.REPORT,
    "period": Field("period", "", integer),
    **{name: Field(name, "", anything) for name in selfservice_usage._TOTALS},
    "currency": Field("currency", "", anything),
    "raw": Field("raw", "", anything),
}
NAMES = Schema(Field("short_name", "", text), Field("full_name", "", text))
#: Units whose documentation uses other words.
UNITS = {"operations/s": "operations per second", "bytes/s": "bytes per second"}
#: Units that are the name of a counted object.
NOT_NAMED = ("addresses", "subnets", "servers")

#: Each result that shows objects of a schema: the module, the place in its RETURN, and their schemas.
SHOWN: list[tuple[str, str, tuple[Mapping[str, Field], ...]]] = [
    ("virtfusion_server_info", "servers", (SERVER,)),
    ("virtfusion_package_info", "packages", (PACKAGE,)),
    ("virtfusion_selfservice_report", "reports", (REPORT,)),
    ("virtualizor_user_plan_info", "user_plans", (user.USER_PLAN,)),
    ("virtualizor_user_info", "users", (user.USER,)),
    ("virtualizor_plan_info", "plans", (plan.PLAN,)),
    ("virtualizor_vps_info", "vps", (vps.VPS,)),
    ("huaweicloud_cph_server_info", "servers", (cloud_phone_server.SERVER,)),
    ("huaweicloud_cph_phone_info", "phones", (phone.IDENTIFIED_PHONE,)),
    ("huaweicloud_cph_phone_model_info", "phone_models", (models.PHONE_MODEL,)),
    ("huaweicloud_cph_server_model_info", "server_models", (models.SERVER_MODEL,)),
    ("huaweicloud_cph_job_info", "jobs", (job.JOB,)),
    ("virtfusion_ip_block_info", "ip_blocks", (infrastructure.IP_BLOCK,)),
    ("virtfusion_hypervisor_info", "hypervisors", (infrastructure.HYPERVISOR,)),
    ("virtfusion_hypervisor_info", "hypervisors.networks", (infrastructure.NETWORK,)),
    (
        "virtfusion_hypervisor_group_info",
        "hypervisor_groups",
        (infrastructure.HYPERVISOR_GROUP,),
    ),
    (
        "virtfusion_hypervisor_group_info",
        "hypervisor_groups.resources",
        (infrastructure.RESOURCES,),
    ),
    ("virtfusion_template_info", "templates", (template.TEMPLATE, template.GROUP, NAMES)),
    ("virtfusion_iso_info", "iso", (panel_info.ISO,)),
    ("virtfusion_dns_service_info", "dns_service", (panel_info.DNS_SERVICE,)),
    ("virtfusion_queue_info", "job", (queue.JOB,)),
    ("virtfusion_server_backup_info", "backups", (server_parts.BACKUP,)),
    ("virtfusion_user_info", "user", (virtfusion_user.USER,)),
    ("virtfusion_ssh_key_info", "ssh_keys", (user_access.SSH_KEY,)),
    ("virtfusion_selfservice_currency_info", "currencies", (selfservice_usage.CURRENCY,)),
    ("virtfusion_selfservice_resource_pack_info", "resource_pack", (PACK,)),
    ("virtfusion_selfservice_usage_info", "usage", (selfservice_usage.USAGE,)),
    ("virtfusion_selfservice_usage_info", "hourly_stats", (selfservice_usage.HOURLY_STATS,)),
]

#: What is added to the objects of a result besides the schema's fields.
INCLUDED = {
    ("virtfusion_server_info", "servers"): set(MORE),
    ("virtfusion_hypervisor_group_info", "hypervisor_groups"): {"resources"},
    ("virtualizor_vps_info", "vps"): {"off_plan", "plan_name"},
    ("huaweicloud_cph_server_model_info", "server_models"): {"zones"},
    ("huaweicloud_cph_job_info", "jobs"): {"request_id", "status"},
}


def contains(module: str, place: str) -> dict[str, Any]:
    """Return the documented rows of a result, such as those of ``hypervisors.networks``."""
    rows = documented(module).returned
    for key in place.split("."):
        rows = rows[key]["contains"]
    found: dict[str, Any] = rows
    return found


def test_each_field_is_documented_and_nothing_else():
    found = []
    for module, place, schemas in SHOWN:
        names = {name for schema in schemas for name in schema}
        names |= INCLUDED.get((module, place), set())
        lines = differences(contains(module, place), names, f"{place} of RETURN")
        found += [f"{module}: {line}" for line in lines]
    refuse(found, "Document each field of the schema in RETURN, and nothing else:")


def fields() -> Iterator[tuple[str, Field, dict[str, Any]]]:
    """Return each documented field of each schema, with its place and its documentation."""
    for module, place, schemas in SHOWN:
        docs = contains(module, place)
        for schema in schemas:
            for name, field in schema.items():
                if name in docs:
                    yield f"{module}: {place}.{name}", field, docs[name]


def test_the_id_of_an_object_is_never_null():
    found = (
        place
        for place, field, _docs in fields()
        if field.name == "id" and field.required and field.kind in (integer, text)
    )
    refuse(
        found,
        "Use identifier or text_identifier for these fields, since a null ID must be an error:",
    )


def test_the_id_of_an_object_is_required():
    found = (
        place
        for place, field, _docs in fields()
        if field.name == "id" and place.count(".") == 1 and not field.required
        # The code of a currency identifies it.
        if not place.startswith("virtfusion_selfservice_currency_info:")
    )
    refuse(
        found, "Give these fields required=True, since an object without an ID must be an error:"
    )


def test_each_field_has_its_documented_type():
    found = (
        f"{place} has type: {docs['type']}, the field is {TYPES[field.kind]}"
        for place, field, docs in fields()
        if field.kind in TYPES and docs["type"] != TYPES[field.kind]
    )
    refuse(found, "Correct the types in RETURN:")


def test_each_unit_is_in_the_documentation():
    found = []
    for place, field, docs in fields():
        unit = UNITS.get(field.unit, field.unit)
        described = " ".join(strings(docs["description"]))
        if unit not in NOT_NAMED and not any(
            word in described for word in (unit, unit.capitalize())
        ):
            found.append(f"{place} is in {field.unit}")
    refuse(found, "Name the unit in the description:")


def test_each_failure_code_is_in_the_guide():
    guide = (TOP / "docs" / "docsite" / "rst" / "guide_failures.rst").read_text(encoding="utf-8")
    found = (code.value for code in Code if f"``{code.value}``" not in guide)
    refuse(found, "Describe these codes in docs/docsite/rst/guide_failures.rst:")


def test_a_mask_looks_like_that_of_ansible():
    assert MASK == "*" * 8


def test_a_key_without_documentation_is_found():
    assert list(undocumented("virtfusion_package_info", {"packages": [{"id": 1, "no": 2}]})) == [
        "packages.no"
    ]
    assert list(undocumented("virtfusion_package_info", {"no": 1, "changed": False})) == ["no"]
