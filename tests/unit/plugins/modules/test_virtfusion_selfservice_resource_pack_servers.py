# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import DONE, pack, post
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import get, ok

NAME = "virtfusion_selfservice_resource_pack_servers"
PACK = "/selfService/resourcePack/18"


def holding(*, suspended):
    """A read of the pack, which has one server."""
    return get(PACK, ok(pack(1, servers=[{"id": 7, "suspended": suspended}])))


def test_servers_are_suspended(modules):
    steps = (
        holding(suspended=False),
        post("/selfService/resourcePackServers/18/suspend", DONE),
        holding(suspended=True),
    )
    result = modules.ok(NAME, *steps, pack_id=18, state="suspended")
    assert result["changed"] is True
    assert result["resource_pack"]["suspended_server_ids"] == [7]


def test_check_mode_only_reads(modules):
    result = modules.ok(
        NAME, holding(suspended=False), check_mode=True, pack_id=18, state="suspended"
    )
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0
