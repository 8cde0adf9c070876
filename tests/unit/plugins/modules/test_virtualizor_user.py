# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import (
    CONNECTION,
    for_module,
    plans,
    submit,
    user,
    user_plan,
    users,
)

NAME = "virtualizor_user"
ADA = {"email": "ada@example.com"}


def test_a_user_is_put_on_a_plan(modules):
    there = users(user(uplid="5"))
    done = submit("edituser&uid=12", {"done": "1"})
    steps = for_module(users(user()), plans(user_plan()), done, there, there)
    result = modules.run(NAME, *steps, **CONNECTION, **ADA, user_plan_id=5)
    assert result["changed"] is True
    assert result["user"]["user_plan_id"] == 5
    assert "FAKE" not in str(result)
    assert set(result) >= {"changes", "refused", "diff", "api_calls"}


def test_check_mode_only_reads(modules):
    steps = for_module(users(user()))
    result = modules.run(NAME, *steps, check_mode=True, **CONNECTION, **ADA, num_vs=1)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0
