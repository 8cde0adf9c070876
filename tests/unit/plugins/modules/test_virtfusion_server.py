# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    get,
    ok,
    put,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import known
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import package, page, server

NAME = "virtfusion_server"
READ = get("/servers/7", ok(server()))
NEW = {
    "server_name": "web70",
    "package_id": 3,
    "user_id": 4,
    "hypervisor_group_id": 2,
    "additional_storages": [{"capacity": 50}],
}
MADE = server(id=70, name="", built=None)
MAKE = (
    get("/servers", answer(200, page())),
    get("/servers/user/4", ok([])),
    get("/packages/3", ok(package())),
    Step("POST", "/servers", ok({"dryRun": "success"}), {"dryRun": "true"}),
    Step("POST", "/servers", answer(201, {"data": MADE}), {}),
    put("/servers/70/modify/name", answer(201)),
    get("/servers/70", ok({**MADE, "name": "web70"})),
)


def test_a_server_is_made(modules):
    result = modules.ok(NAME, *MAKE, **NEW)
    assert result["changed"] is True
    assert result["server"]["id"] == 70
    assert set(result) >= {"changes", "refused", "restart_required", "diff", "api_calls"}
    assert result["api_calls"]["write"] == 2


def test_check_mode_only_asks(modules):
    result = modules.ok(NAME, *MAKE[:4], check_mode=True, **NEW)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0


@pytest.mark.parametrize("option", ["primary_network_traffic", "traffic"])
def test_the_traffic_has_a_short_name(modules, option):
    result = modules.ok(NAME, READ, check_mode=True, server_id=7, **{option: 5})
    assert result["diff"]["after"] == {"primary_network_traffic": 5}


def test_a_server_is_deleted(modules):
    deleted = Step("DELETE", "/servers/7", answer(204), {"delay": 0})
    gone = get("/servers/7", answer(404, {"msg": "server not found"}))
    result = modules.ok(NAME, READ, deleted, gone, server_id=7, state="absent")
    assert known(result["server"]) == {"present": False}
