# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import BY_ID, DONE, shown, user
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import put

NAME = "virtfusion_selfservice_hourly_resource_pack"


def test_the_pack_is_set(modules):
    path = "/selfService/hourlyResourcePack/byUserExtRelationId/1042"
    after = user(selfServiceHourlyResourcePack=6)
    steps = (shown(user()), put(path, DONE, {"packId": 6}), shown(after))
    result = modules.ok(NAME, *steps, hourly_resource_pack=6, **BY_ID)
    assert result["changed"] is True
    assert result["user"]["hourly_resource_pack"] == 6


def test_check_mode_only_reads(modules):
    result = modules.ok(NAME, shown(user()), check_mode=True, hourly_resource_pack=6, **BY_ID)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0
