# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import (
    BY_ID,
    USER,
    post,
    shown,
    user,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer

NAME = "virtfusion_user_password"


def test_a_password_is_made(modules):
    reply = answer(201, {"data": {"email": "ada@example.com", "password": "new"}})
    result = modules.ok(NAME, shown(user()), post(f"{USER}/resetPassword", reply), **BY_ID)
    assert result["changed"] is True
    assert result["credentials"]["password"] == "new"


def test_check_mode_only_reads(modules):
    result = modules.ok(NAME, shown(user()), check_mode=True, **BY_ID)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0
