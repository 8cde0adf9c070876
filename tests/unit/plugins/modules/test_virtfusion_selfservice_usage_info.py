# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import BY_ID
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import get, ok

NAME = "virtfusion_selfservice_usage_info"
USAGE = {"user": {"id": 3}, "periods": []}


@pytest.mark.parametrize("check_mode", [False, True])
def test_usage_is_read(modules, check_mode):
    usage = get("/selfService/usage/byUserExtRelationId/1042", ok(USAGE))
    stats = get("/selfService/hourlyStats/byUserExtRelationId/1042", ok({"period": "May"}))
    result = modules.ok(NAME, usage, stats, check_mode=check_mode, **BY_ID)
    assert result["changed"] is False
    assert result["usage"]["user_id"] == 3
    assert result["hourly_stats"][0]["period"] == "May"


def test_one_day_may_go_by_another_name(modules):
    query = {"period[]": ["2025-01-01"]}
    step = get("/selfService/usage/byUserExtRelationId/1042", ok(USAGE), query)
    modules.ok(NAME, step, period="2025-01-01", include=["usage"], **BY_ID)
