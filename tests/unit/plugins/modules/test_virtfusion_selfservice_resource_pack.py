# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import BY_ID, pack, post
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer, get, ok

NAME = "virtfusion_selfservice_resource_pack"
ARGS = {**BY_ID, "template_id": 9, "create": True}


def test_a_pack_is_added(modules):
    path = "/selfService/resourcePack/byUserExtRelationId/1042"
    added = post(path, answer(201, {"data": {"id": 18}}))
    result = modules.ok(NAME, added, get("/selfService/resourcePack/18", ok(pack())), **ARGS)
    assert result["changed"] is True
    assert result["resource_pack"]["id"] == 18


def test_a_pack_that_is_known_is_left(modules):
    step = get("/selfService/resourcePack/18", ok(pack()))
    assert modules.ok(NAME, step, pack_id=18, **ARGS)["changed"] is False


def test_check_mode_sends_nothing(modules):
    result = modules.ok(NAME, check_mode=True, **ARGS)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0
