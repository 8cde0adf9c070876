# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import (
    CONNECTION,
    for_module,
    plans,
    user_plan,
)

NAME = "virtualizor_user_plan_info"


def test_all_plans_are_read(modules):
    steps = for_module(plans(user_plan(), user_plan(6, "Other")))
    result = modules.run(NAME, *steps, **CONNECTION)
    assert [plan["id"] for plan in result["user_plans"]] == [5, 6]
    assert result["changed"] is False
    assert result["api_calls"]["read"] == 1


def test_check_mode_reads_the_same(modules):
    steps = for_module(plans(user_plan()))
    result = modules.run(NAME, *steps, check_mode=True, **CONNECTION, plan_name="Reseller M")
    assert result["user_plans"][0]["id"] == 5


def test_id_and_name_exclude_each_other(modules):
    result = modules.run(NAME, **CONNECTION, user_plan_id=5, plan_name="Reseller M")
    assert "mutually exclusive: user_plan_id|plan_name" in result["msg"]
