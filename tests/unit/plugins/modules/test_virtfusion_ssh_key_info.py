# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import key, public_key
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import get, ok

NAME = "virtfusion_ssh_key_info"


@pytest.mark.parametrize("check_mode", [False, True])
def test_keys_are_read(modules, check_mode):
    step = get("/ssh_keys/user/3", ok([key(9, "laptop", public_key())]))
    result = modules.ok(NAME, step, check_mode=check_mode, user_id=3)
    assert result["changed"] is False
    assert [view["name"] for view in result["ssh_keys"]] == ["laptop"]
