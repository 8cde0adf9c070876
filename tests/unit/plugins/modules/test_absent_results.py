# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result for an absent object has every key that RETURN promises."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support import virtualizor
from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import (
    NO_USER,
    public_key,
    shown,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.documented import lacking
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import refuse
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer, get, ok
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import CONNECTION

GONE = answer(404, {"msg": "server not found"})
BLOCKS = {"assigned": [], "available": {"current": {"month": 1}, "months": {}}}

#: Each module that can delete an object: its options, and the read that does not show the object.
ABSENT = {
    "virtfusion_server": ({"server_id": 7}, get("/servers/7", GONE)),
    "virtfusion_user": ({"ext_relation_id": 1042}, shown(NO_USER)),
    "virtfusion_ssh_key": (
        {"user_id": 3, "public_key": public_key()},
        get("/ssh_keys/user/3", ok([])),
    ),
    "virtfusion_selfservice_resource_pack": (
        {"pack_id": 18},
        get("/selfService/resourcePack/18", GONE),
    ),
    "virtfusion_server_traffic_block": (
        {"server_id": 7, "block_id": 2},
        get("/servers/7/traffic/blocks", ok(BLOCKS)),
    ),
    "virtualizor_user_plan": (
        {"plan_name": "Reseller M"},
        *virtualizor.for_module(virtualizor.plans()),
    ),
}


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("name", ABSENT)
def test_an_absent_object_has_all_documented_keys(modules, name, check_mode):
    given, read = ABSENT[name]
    connection = virtualizor.CONNECTION if name.startswith("virtualizor") else CONNECTION
    result = modules.run(name, read, check_mode=check_mode, **connection, **given, state="absent")
    assert result["changed"] is False
    refuse(lacking(name, result), f"RETURN of {name} promises these keys:")
