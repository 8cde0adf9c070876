# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documented results are the results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.changes import Change
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
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
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.redact import MASK
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
    selfservice_report,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.package import (
    PACKAGE,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.server import (
    SERVER,
    addresses,
    tasks,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.server_more import (
    MORE,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor import values as php
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.resources import (
    plan,
    user,
    user_plan,
    vps,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import (
    MODULES,
    TOP,
    constant,
    module_file,
)

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
    php.yes_or_no: "bool",
    php.words: "list",
    php.ids: "list",
}
REPORT = {
    **selfservice_report.REPORT,
    "period": Field("period", "", integer),
    **{name: Field(name, "", anything) for name in selfservice_report._TOTALS},
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


def _contains(module: str, key: str) -> dict[str, Any]:
    docs = yaml.safe_load(constant(module_file(module), "RETURN"))
    found: dict[str, Any] = docs[key]["contains"]
    return found


@pytest.mark.parametrize(("module", "key", "schema"), SHOWN, ids=lambda value: str(value)[:40])
def test_each_field_is_documented_and_nothing_else(module, key, schema):
    assert sorted(_contains(module, key)) == sorted({*schema, *INCLUDED.get(module, ())})


@pytest.mark.parametrize(("module", "key", "schema"), SHOWN, ids=lambda value: str(value)[:40])
def test_each_field_has_its_documented_type(module, key, schema):
    docs = _contains(module, key)
    typed = {name: TYPES[field.kind] for name, field in schema.items() if field.kind in TYPES}
    assert typed == {name: docs[name]["type"] for name in typed}


@pytest.mark.parametrize(("module", "key", "schema"), SHOWN, ids=lambda value: str(value)[:40])
def test_each_unit_is_in_the_documentation(module, key, schema):
    docs = _contains(module, key)
    words = {"operations/s": "operations per second", "bytes/s": "bytes per second"}
    for name, field in schema.items():
        if field.unit:
            assert words.get(field.unit, field.unit) in docs[name]["description"], name


@pytest.mark.parametrize("module", [name for name in MODULES if name.endswith("_package")])
def test_a_row_of_changes_is_documented(module):
    row = Change.planned(Field("a", "a", integer), 1, 2).to_result()
    assert sorted(_contains(module, "changes")) == sorted(row)


@pytest.mark.parametrize("module", MODULES)
def test_the_sample_of_a_failure_is_a_failure(module):
    docs = yaml.safe_load(constant(module_file(module), "RETURN"))
    sample = docs["failure"]["sample"]
    real = PanelError(Code.LOCKED, "busy", operation="x", http_status=423).failure()
    assert sorted(sample) == sorted(real)
    assert sample["code"] in {code.value for code in Code}
    assert sorted(docs["api_calls"]["sample"]) == ["read", "retried", "waited_s", "write"]


@pytest.mark.parametrize("code", Code)
def test_each_failure_code_is_in_the_guide(code):
    guide = TOP / "docs" / "docsite" / "rst" / "guide_failures.rst"
    assert f"``{code.value}``" in guide.read_text(encoding="utf-8")


def test_a_mask_looks_like_ansibles():
    assert MASK == "*" * 8
