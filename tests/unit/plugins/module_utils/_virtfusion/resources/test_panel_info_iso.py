# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test an ISO image, whose settings are JSON in a string."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.panel_info import (
    IsoInfo,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtfusion_iso_info import ARGUMENTS
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer, get, ok
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import fail_task, run_task


def _iso(**changes: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "name": "Rescue",
        "description": None,
        "arch": 2,
        "url": "https://mirror.example.com/rescue.iso",
        "filename": "rescue",
        "enabled": 1,
        "config": "[]",
        "global": True,
        "download": True,
        "users": [],
        "created": "2024-03-13T09:34:54+00:00",
        "updated": "2024-04-01T20:34:05+00:00",
        **changes,
    }


def _read(**changes: Any) -> dict[str, Any]:
    return run_task(IsoInfo, ARGUMENTS, get("/media/iso/1", ok(_iso(**changes))), iso_id=1)["iso"]


@pytest.mark.parametrize(
    ("config", "data"),
    [("[]", []), ('{"a": 1}', {"a": 1}), ("", None), (None, None), ([], []), ({"a": 1}, {"a": 1})],
)
def test_settings_are_data(config, data):
    view = _read(config=config)
    assert view["config"] == data
    assert view["enabled"] is True


@pytest.mark.parametrize("users", [[4, 5], [{"id": 4, "email": "a@example.com"}, {"id": 5}]])
def test_users_are_ids(users):
    assert _read(users=users)["users"] == [4, 5]


@pytest.mark.parametrize(
    ("steps", "iso_id", "code"),
    [
        ([], 0, "validation"),
        ([get("/media/iso/1", answer(404))], 1, "not_found"),
        ([get("/media/iso/1", ok(_iso(config="{")))], 1, "protocol"),
    ],
)
def test_a_missing_image_fails(steps, iso_id, code):
    assert fail_task(IsoInfo, ARGUMENTS, *steps, iso_id=iso_id).code.value == code
