# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import BY_ID, shown, user

NAME = "virtfusion_user_info"


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_user_is_read(modules, check_mode):
    result = modules.ok(NAME, shown(user()), check_mode=check_mode, **BY_ID)
    assert result["changed"] is False
    assert result["user"]["email"] == "ada@example.com"
