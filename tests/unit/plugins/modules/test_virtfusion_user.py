# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import (
    BY_ID,
    NO_USER,
    post,
    shown,
    user,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer

NAME = "virtfusion_user"
ARGS = {**BY_ID, "name": "Ada Byron", "email": "ada@example.com"}
CREATED = answer(201, {"data": {**user(), "password": "only-once"}})


def test_a_user_is_created(modules):
    result = modules.ok(
        NAME, shown(NO_USER), post("/users", CREATED), shown(user()), return_password=True, **ARGS
    )
    assert result["changed"] is True
    assert result["user"]["state"] == "present"
    assert result["password"] == "only-once"
    assert set(result) >= {"changes", "refused", "diff", "api_calls"}


def test_check_mode_only_reads(modules):
    result = modules.ok(NAME, shown(NO_USER), check_mode=True, **ARGS)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0


def test_an_option_that_is_not_set_sends_no_request(modules):
    assert modules.ok(NAME, shown(user()), **BY_ID)["changed"] is False


def test_one_profile_may_come_without_a_list(modules):
    modules.ok(NAME, shown(user()), hourly_group_profiles="1,2", **BY_ID)
