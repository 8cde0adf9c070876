# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import (
    BY_ID,
    DONE,
    post,
    shown,
    user,
)

NAME = "virtfusion_selfservice_profile"
ARGS = {**BY_ID, "type": "hourly", "profile_ids": [3]}


def test_a_profile_is_added(modules):
    path = "/selfService/hourlyGroupProfile/byUserExtRelationId/1042"
    after = user(selfServiceHourlyGroupProfiles=[1, 2, 3])
    result = modules.ok(NAME, shown(user()), post(path, DONE), shown(after), **ARGS)
    assert result["changed"] is True
    assert result["user"]["hourly_group_profiles"] == [1, 2, 3]


def test_one_profile_may_go_by_another_name(modules):
    assert modules.ok(NAME, shown(user()), type="hourly", profile_id=2, **BY_ID)["changed"] is False


def test_check_mode_only_reads(modules):
    result = modules.ok(NAME, shown(user()), check_mode=True, **ARGS)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0
