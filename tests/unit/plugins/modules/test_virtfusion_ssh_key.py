# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import key, post, public_key
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer, get, ok

NAME = "virtfusion_ssh_key"
KEY = public_key()
ARGS = {"user_id": 3, "name": "laptop", "public_key": KEY}
NONE = get("/ssh_keys/user/3", ok([]))


def test_a_key_is_added(modules):
    result = modules.ok(
        NAME,
        NONE,
        post("/ssh_keys", answer(201, {"data": {"id": 9}})),
        get("/ssh_keys/user/3", ok([key(9, "laptop", KEY)])),
        **ARGS,
    )
    assert result["changed"] is True
    assert result["ssh_key"]["public_key"] == KEY
    assert set(result) >= {"changes", "refused", "diff", "api_calls"}


def test_check_mode_only_reads(modules):
    result = modules.ok(NAME, NONE, check_mode=True, **ARGS)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0
