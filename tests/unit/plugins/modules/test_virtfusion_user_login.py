# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import BY_ID, post, shown, user
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import ok

NAME = "virtfusion_user_login"
TOKENS = {
    "endpoint_complete": "/token_authenticate/?1=a&2=b",
    "expiry": {"ttl": 60, "expires": "x"},
}


def test_a_link_is_made(modules):
    step = post("/users/1042/authenticationTokens", ok({"authentication": TOKENS}))
    result = modules.ok(NAME, shown(user()), step, **BY_ID)
    assert result["changed"] is True
    assert result["login"]["url"] == "https://panel.example.com/token_authenticate/?1=a&2=b"


def test_check_mode_only_reads(modules):
    result = modules.ok(NAME, shown(user()), check_mode=True, **BY_ID)
    assert result["changed"] is True
    assert set(result["login"].values()) == {None}
