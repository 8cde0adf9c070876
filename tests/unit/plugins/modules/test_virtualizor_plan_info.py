# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import (
    CONNECTION,
    for_module,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor_vps import plan, plans

NAME = "virtualizor_plan_info"


def test_plans_are_read(modules):
    result = modules.run(NAME, *for_module(plans(plan(), plan(4, "KVM 8G"))), **CONNECTION)
    assert [row["plan_name"] for row in result["plans"]] == ["KVM 4G", "KVM 8G"]
    assert result["changed"] is False
    assert result["api_calls"]["write"] == 0


def test_check_mode_reads_the_same(modules):
    steps = for_module(plans(plan()))
    result = modules.run(NAME, *steps, check_mode=True, **CONNECTION, plan_id="3")
    assert result["plans"][0]["ram"] == 2048
