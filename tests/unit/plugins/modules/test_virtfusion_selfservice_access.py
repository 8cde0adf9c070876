# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import BY_ID, DONE, shown, user
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import put

NAME = "virtfusion_selfservice_access"


def test_the_level_follows_the_profiles(modules):
    path = "/selfService/access/byUserExtRelationId/1042"
    steps = (shown(user(selfService=0)), put(path, DONE), shown(user(selfService=1)))
    result = modules.ok(NAME, *steps, **BY_ID)
    assert result["changed"] is True
    assert result["diff"]["after"] == {"self_service": "hourly"}


def test_check_mode_only_reads(modules):
    result = modules.ok(NAME, shown(user(selfService=0)), check_mode=True, **BY_ID)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0
