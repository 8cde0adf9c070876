# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test hypervisors and their groups: pages, missing limits, and no token in the result."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.infrastructure import (
    HypervisorGroupInfo,
    HypervisorInfo,
)
from ansible_collections.vpsfleet.panels.plugins.modules import (
    virtfusion_hypervisor_group_info,
    virtfusion_hypervisor_info,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    get,
    ok,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import fail_task, run_task
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import page

HYPERVISORS = "/compute/hypervisors"
GROUPS = "/compute/hypervisors/groups"
INFO = virtfusion_hypervisor_info.ARGUMENTS
GROUP_INFO = virtfusion_hypervisor_group_info.ARGUMENTS


def _hypervisor(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": number,
        "commissioned": 3,
        "ip": "192.0.2.10",
        "ipAlt": None,
        "port": 8892,
        "name": f"HV {number}",
        "maintenance": False,
        "enabled": True,
        "group": {"id": 1, "name": "Default"},
        "encryptedToken": "SECRET",
        "maxServers": 0,
        "maxCpu": 4,
        "maxMemory": 6004,
        "networks": [
            {"id": 1, "type": "simpleBridge", "bridge": "br0", "primary": True, "default": 1}
        ],
        **changes,
    }


ALL = [
    _hypervisor(1),
    _hypervisor(2, enabled=False),
    _hypervisor(3, maintenance=1, group={"id": 2, "name": "B"}),
]
LIST = get(HYPERVISORS, answer(200, page(*ALL)))


def _read(*steps: Step, **options: Any) -> list[dict[str, Any]]:
    return run_task(HypervisorInfo, INFO, *steps, **options)["hypervisors"]


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({}, [1, 2, 3]),
        ({"enabled": True}, [1, 3]),
        ({"maintenance": True}, [3]),
        ({"maintenance": False, "enabled": True}, [1]),
        ({"hypervisor_group_id": 2}, [3]),
        ({"hypervisor_group_id": 9}, []),
    ],
)
def test_hypervisors_are_listed_and_filtered(options, ids):
    views = _read(LIST, **options)
    assert [view["id"] for view in views] == ids
    assert "SECRET" not in repr(views)


def test_a_hypervisor_by_id_or_by_name():
    one = get(f"{HYPERVISORS}/2", ok(ALL[1]))
    by_id, by_name = _read(one, hypervisor_id=2), _read(LIST, one, hypervisor_name="HV 2")
    assert by_id == by_name
    (view,) = by_id
    assert view["max_servers"] is None
    assert (view["max_cpu"], view["max_memory"], view["group_name"]) == (4, 6004, "Default")
    assert view["networks"] == [
        {"id": 1, "type": "simpleBridge", "bridge": "br0", "primary": True, "default": True}
    ]


@pytest.mark.parametrize(
    ("steps", "options", "code"),
    [
        ([get(f"{HYPERVISORS}/9", answer(404))], {"hypervisor_id": 9}, "not_found"),
        ([], {"hypervisor_id": 0}, "validation"),
        ([LIST], {"hypervisor_name": "HV 9"}, "not_found"),
        ([get(HYPERVISORS, answer(200, []))], {}, "protocol"),
        ([get(HYPERVISORS, answer(200, page({"id": 1})))], {}, "protocol"),
    ],
)
def test_a_missing_hypervisor_fails(steps, options, code):
    assert fail_task(HypervisorInfo, INFO, *steps, **options).code.value == code


# --- groups ----------------------------------------------------------------------------------


def _group(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": number,
        "name": f"Group {number}",
        "enabled": True,
        "default": number == 1,
        **changes,
    }


def _balance(most: int, taken: int) -> dict[str, Any]:
    percent = 100 * taken / most if most else None
    return {
        "units": "MB",
        "max": most,
        "allocated": taken,
        "free": most - taken,
        "percent": percent,
    }


def _resources(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "hypervisor": {"id": number, "name": f"HV {number}", "enabled": True, "commissioned": True},
        "resources": {
            "servers": _balance(0, 3),
            "memory": _balance(4096, 1024),
            "cpuCores": _balance(4, 5),
            "localStorage": {"enabled": 1, "name": "Local", "storageType": 0, **_balance(90, 25)},
            "otherStorage": [
                {
                    "id": 7,
                    "name": "Ceph",
                    "enabled": 0,
                    "storageType": 2,
                    "isDatastore": True,
                    **_balance(0, 5),
                }
            ],
            "network": {"total": {"ipv4": {"free": 470}}},
            **changes,
        },
    }


def _groups(*steps: Step, **options: Any) -> list[dict[str, Any]]:
    return run_task(HypervisorGroupInfo, GROUP_INFO, *steps, **options)["hypervisor_groups"]


GROUP_LIST = get(GROUPS, answer(200, page(_group(1), _group(2, enabled=False))))


@pytest.mark.parametrize(("options", "ids"), [({}, [1, 2]), ({"enabled": True}, [1])])
def test_groups_are_listed_and_filtered(options, ids):
    views = _groups(GROUP_LIST, **options)
    assert [view["id"] for view in views] == ids
    assert "resources" not in views[0]


def test_resources_of_several_pages_are_grouped_by_hypervisor():
    path = f"{GROUPS}/1/resources"
    (view,) = _groups(
        get(f"{GROUPS}/1", ok(_group(1))),
        get(path, answer(200, page(_resources(5), _resources(6), pages=2, total=3))),
        get(path, answer(200, page(_resources(7), number=2, pages=2, total=3))),
        hypervisor_group_id=1,
        resources=True,
    )
    assert [row["hypervisor_id"] for row in view["resources"]] == [5, 6, 7]


def test_resources_in_full():
    path = f"{GROUPS}/1/resources"
    (view,) = _groups(
        get(f"{GROUPS}/1", ok(_group(1))),
        get(path, answer(200, page(_resources(5)))),
        hypervisor_group_id=1,
        resources=True,
    )
    (row,) = view["resources"]
    assert row["servers"] == {"max": None, "allocated": 3, "free": None, "percent": None}
    assert row["memory"] == {"max": 4096, "allocated": 1024, "free": 3072, "percent": 25.0}
    assert row["cpu"]["free"] == -1
    assert row["local_storage"]["enabled"] is True
    assert row["local_storage"]["free"] == 65
    assert row["other_storage"][0]["id"] == 7
    assert row["other_storage"][0]["free"] is None
    assert row["ipv4_free"] == 470


@pytest.mark.parametrize(
    "row", [{}, {"hypervisor": {}}, {"hypervisor": {"id": None}}, _resources(1, memory=[])]
)
def test_invalid_resources_are_a_protocol_error(row):
    error = fail_task(
        HypervisorGroupInfo,
        GROUP_INFO,
        get(f"{GROUPS}/1", ok(_group(1))),
        get(f"{GROUPS}/1/resources", answer(200, page(row))),
        hypervisor_group_id=1,
        resources=True,
    )
    assert error.code.value == "protocol"
