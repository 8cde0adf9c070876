# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import get, ok

NAME = "virtfusion_selfservice_report"
PATH = "/selfService/report/byUserExtRelationId/"
EMPTY = {"usage": {"success": False}, "currency": [], "limits": []}


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_report_is_read(modules, check_mode):
    step = get(f"{PATH}1042", ok(EMPTY), {"period": 0})
    result = modules.ok(NAME, step, check_mode=check_mode, ext_relation_id=1042)
    assert result["changed"] is False
    assert result["reports"][0]["has_data"] is False


def test_periods_may_come_as_one_text(modules):
    steps = [get(f"{PATH}a", ok(EMPTY), {"period": n, "relStr": "true"}) for n in (1, 2)]
    result = modules.ok(NAME, *steps, relation_string="a", period="1,2")
    assert [report["period"] for report in result["reports"]] == [1, 2]
