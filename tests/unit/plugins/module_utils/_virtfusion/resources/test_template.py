# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test reads of templates."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.template import (
    TemplateInfo,
    find_template,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtfusion_template_info import ARGUMENTS
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    get,
    ok,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import fail_task, run_task
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import package

PACKAGE = "/media/templates/fromServerPackageSpec/3"


def _template(number: int, name: str, version: str | None, variant: str | None) -> dict[str, Any]:
    return {
        "id": number,
        "name": name,
        "version": version,
        "variant": variant,
        "arch": 1,
        "type": "linux",
        "eol": False,
        "icon": "x.png",
    }


GROUPS = [
    {
        "id": 1,
        "name": "Debian",
        "templates": [
            _template(44, "Debian", "12", None),
            _template(46, "Debian", "12", "Minimal"),
            _template(8, "Debian", "11", "Minimal"),
            _template(9, "Debian", "11", "Desktop"),
        ],
    },
    {"id": 0, "name": "Other", "templates": [_template(5, "openSUSE", "Leap 15", "")]},
    {"id": 9, "name": "Empty", "templates": []},
]


def _read(*steps: Step, **options: Any) -> list[dict[str, Any]]:
    return run_task(TemplateInfo, ARGUMENTS, *steps, **options)["templates"]


def test_templates_of_another_type_are_a_protocol_error():
    odd = get("/servers/7/templates", ok([{"id": 1, "name": "Debian", "templates": -1}]))
    error = fail_task(TemplateInfo, ARGUMENTS, odd, server_id=7)
    assert error.code.value == "protocol"


def _all() -> list[dict[str, Any]]:
    return _read(get("/servers/7/templates", ok(GROUPS)), server_id=7)


@pytest.mark.parametrize(
    ("steps", "options"),
    [
        ([get("/servers/7/templates", ok(GROUPS))], {"server_id": 7}),
        ([get(PACKAGE, ok(GROUPS))], {"package_id": 3}),
        (
            [get("/packages", ok([package()])), get(PACKAGE, ok(GROUPS))],
            {"package_name": "Cloud 4"},
        ),
    ],
)
def test_templates_are_flat(steps, options):
    views = _read(*steps, **options)
    assert [view["id"] for view in views] == [44, 46, 8, 9, 5]
    assert views[1] == {
        "id": 46,
        "name": "Debian",
        "version": "12",
        "variant": "Minimal",
        "arch": 1,
        "type": "linux",
        "eol": False,
        "short_name": "Debian 12",
        "full_name": "Debian 12 Minimal",
        "group_id": 1,
        "group_name": "Debian",
    }
    assert views[-1]["group_id"] == 0
    assert views[-1]["variant"] is None
    assert views[-1]["full_name"] == "openSUSE Leap 15"


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("Debian", [44, 46, 8, 9]),
        ("Debian 12", [44, 46]),
        ("Debian 12 Minimal", [46]),
        ("debian", []),
    ],
)
def test_templates_are_filtered_by_any_of_their_names(name, ids):
    step = get("/servers/7/templates", ok(GROUPS))
    assert [view["id"] for view in _read(step, server_id=7, template_name=name)] == ids


@pytest.mark.parametrize(
    ("name", "number"), [("Debian 12", 44), ("Debian 12 Minimal", 46), ("Debian 11 Desktop", 9)]
)
def test_one_template_is_found_by_its_full_name_first(name, number):
    assert find_template(_all(), name)["id"] == number


@pytest.mark.parametrize(
    ("name", "code"), [("Debian 11", "ambiguous"), ("Debian", "not_found"), ("", "not_found")]
)
def test_an_ambiguous_name_fails(name, code):
    with pytest.raises(PanelError) as caught:
        find_template(_all(), name)
    assert caught.value.code.value == code
    if code == "ambiguous":
        assert "with the IDs 8, 9 (set template_id)" in caught.value.msg


@pytest.mark.parametrize(
    ("steps", "options", "code"),
    [
        ([get("/servers/7/templates", answer(404))], {"server_id": 7}, "not_found"),
        ([get(PACKAGE, answer(404))], {"package_id": 3}, "not_found"),
        ([], {"package_id": 0}, "validation"),
        ([get(PACKAGE, ok([{"templates": [{"id": 1}]}]))], {"package_id": 3}, "protocol"),
    ],
)
def test_a_missing_template_fails(steps, options, code):
    assert fail_task(TemplateInfo, ARGUMENTS, *steps, **options).code.value == code
