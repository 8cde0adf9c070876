# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test reads of packages."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.package import (
    PackageInfo,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtfusion_package_info import ARGUMENTS
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    get,
    ok,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import (
    fail_task,
    run_task,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import package

ALL = [package(), package(id=4, name="Cloud 8", enabled=False), package(id=5, name="Cloud 16")]
LIST = get("/packages", ok(ALL), {})


def _read(*steps: Step, **options):
    return run_task(PackageInfo, ARGUMENTS, *steps, **options)["packages"]


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({}, [3, 4, 5]),
        ({"enabled": True}, [3, 5]),
        ({"enabled": False}, [4]),
        ({"package_name": "Cloud 8"}, [4]),
        ({"package_name": "Cloud 8", "enabled": True}, []),
    ],
)
def test_packages_are_listed_and_filtered(options, ids):
    assert [view["id"] for view in _read(LIST, **options)] == ids


def test_a_package_in_full():
    (view,) = _read(get("/packages/3", ok(package(primary_disk_read_iops=500))), package_id=3)
    assert view == {
        "id": 3,
        "name": "Cloud 4",
        "description": None,
        "enabled": True,
        "cpu": 2,
        "memory": 2048,
        "primary_disk_size": 40,
        "primary_disk_read_iops": 500,
        "primary_disk_write_iops": None,
        "primary_disk_read_throughput": None,
        "primary_disk_write_throughput": None,
        "primary_network_inbound_speed": 0,
        "primary_network_outbound_speed": 0,
        "primary_network_traffic": 1000,
        "backup_plan": None,
        "primary_disk_type": "inherit",
        "primary_storage_profile": 1,
        "primary_network_profile": 0,
        "created": "2024-03-12T22:41:31.000000Z",
    }


@pytest.mark.parametrize(("value", "enabled"), [(1, True), (0, False), ("1", True), ("0", False)])
def test_enabled_may_come_as_a_number(value, enabled):
    (view,) = _read(get("/packages/3", ok(package(enabled=value))), package_id=3)
    assert view["enabled"] is enabled


def test_packages_of_old_panels_are_all_in_use():
    raw = package()
    del raw["enabled"]
    (view,) = _read(get("/packages/3", ok(raw)), package_id=3)
    assert view["enabled"] is True


@pytest.mark.parametrize(
    ("steps", "options", "code"),
    [
        ([get("/packages/9", answer(404))], {"package_id": 9}, "not_found"),
        ([], {"package_id": 0}, "validation"),
        ([LIST], {"package_name": "cloud 4"}, "not_found"),
        (
            [get("/packages", ok([package(), package(id=9)]))],
            {"package_name": "Cloud 4"},
            "ambiguous",
        ),
        ([get("/packages", answer(403))], {}, "forbidden"),
    ],
)
def test_a_missing_package_fails(steps, options, code):
    error = fail_task(PackageInfo, ARGUMENTS, *steps, **options)
    assert error.code.value == code


def test_an_empty_panel_has_no_packages():
    assert _read(get("/packages", ok([]))) == []


@pytest.mark.parametrize("rows", [[1], ["Cloud 4"], [[]], [{}], [{"id": 3}]], ids=str)
def test_invalid_rows_are_a_protocol_error(rows):
    error = fail_task(PackageInfo, ARGUMENTS, get("/packages", ok(rows)))
    assert error.code.value == "protocol"
