# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import (
    CONNECTION,
    for_module,
    user,
    users,
)

NAME = "virtualizor_user_info"


def test_all_users_are_read_without_secrets(modules):
    steps = for_module(users(user(3, "bob@example.com"), user()))
    result = modules.run(NAME, *steps, **CONNECTION)
    assert [row["email"] for row in result["users"]] == ["bob@example.com", "ada@example.com"]
    assert result["changed"] is False
    assert "FAKE" not in str(result)


def test_check_mode_reads_the_same(modules):
    steps = for_module(users(user()))
    result = modules.run(NAME, *steps, check_mode=True, **CONNECTION, user_id=12)
    assert result["users"][0]["id"] == 12


def test_id_and_address_exclude_each_other(modules):
    result = modules.run(NAME, **CONNECTION, user_id=12, email="ada@example.com")
    assert "mutually exclusive: user_id|email" in result["msg"]
