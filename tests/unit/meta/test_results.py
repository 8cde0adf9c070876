# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documented results are the results."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.fields import (
    Field,
    Schema,
    anything,
    boolean,
    integer,
    limit,
    number,
    text,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.safe_text import MASK
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.resources import (
    job,
    phone,
    phone_model,
    server_model,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.resources import (
    server as cloud_phone_server,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources import (
    selfservice_usage,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.package import (
    PACKAGE,
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
    user_plan,
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
    integer: "int",
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

#: Where a result shows objects of a schema.
SHOWN: list[tuple[str, str, Schema | dict[str, Field]]] = [
    ("virtfusion_server_info", "servers", SERVER),
    ("virtfusion_package_info", "packages", PACKAGE),
    ("virtfusion_selfservice_report", "reports", REPORT),
    ("virtualizor_user_plan_info", "user_plans", user_plan.USER_PLAN),
    ("virtualizor_user_info", "users", user.USER),
    ("virtualizor_plan_info", "plans", plan.PLAN),
    ("virtualizor_vps_info", "vps", vps.VPS),
    ("huaweicloud_cph_server_info", "servers", cloud_phone_server.SERVER),
    ("huaweicloud_cph_phone_info", "phones", phone.IDENTIFIED_PHONE),
    ("huaweicloud_cph_phone_model_info", "phone_models", phone_model.PHONE_MODEL),
    ("huaweicloud_cph_server_model_info", "server_models", server_model.SERVER_MODEL),
    ("huaweicloud_cph_job_info", "jobs", job.JOB),
]

#: What is added to the objects of a result besides the schema's fields.
INCLUDED = {
    "virtfusion_server_info": set(MORE),
    "virtualizor_vps_info": {"off_plan", "plan_name"},
    "huaweicloud_cph_server_model_info": {"zones"},
    "huaweicloud_cph_job_info": {"request_id", "status"},
}


def contains(module: str, key: str) -> dict[str, Any]:
    """Return the documented rows of a result."""
    rows: dict[str, Any] = documented(module).returned[key]["contains"]
    return rows


def test_each_field_is_documented_and_nothing_else():
    found = (
        f"{module}: {line}"
        for module, key, schema in SHOWN
        for line in differences(
            contains(module, key), {*schema, *INCLUDED.get(module, ())}, f"{key} of RETURN"
        )
    )
    refuse(found, "Document each field of the schema in RETURN, and nothing else:")


def fields() -> Iterator[tuple[str, Field, dict[str, Any]]]:
    """Return each documented field of each schema, with its place and its documentation."""
    for module, key, schema in SHOWN:
        docs = contains(module, key)
        for name, field in schema.items():
            if name in docs:
                yield f"{module}: {key}.{name}", field, docs[name]


def test_each_field_has_its_documented_type():
    found = (
        f"{place} has type: {docs['type']}, the field is {TYPES[field.kind]}"
        for place, field, docs in fields()
        if field.kind in TYPES and docs["type"] != TYPES[field.kind]
    )
    refuse(found, "Correct the types in RETURN:")


def test_each_unit_is_in_the_documentation():
    words = {"operations/s": "operations per second", "bytes/s": "bytes per second"}
    found = (
        f"{place} is in {field.unit}"
        for place, field, docs in fields()
        if field.unit
        and words.get(field.unit, field.unit) not in " ".join(strings(docs["description"]))
    )
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
