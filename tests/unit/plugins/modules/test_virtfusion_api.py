# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import post
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer, get, ok

NAME = "virtfusion_api"


def test_a_read_is_sent_in_check_mode_too(modules):
    for check_mode in (False, True):
        step = get("/things", ok([1]), {"results": 5})
        result = modules.ok(NAME, step, check_mode=check_mode, path="/things", query={"results": 5})
        assert result["changed"] is False
        assert (result["status"], result["json"]) == (200, {"data": [1]})


def test_a_write_is_sent(modules):
    step = post("/things", answer(204), {"name": "x"})
    result = modules.ok(NAME, step, method="POST", path="/things", body={"name": "x"})
    assert result["changed"] is True
    assert (result["status"], result["json"]) == (204, None)


def test_a_write_is_predicted(modules):
    result = modules.ok(NAME, check_mode=True, method="DELETE", path="/things/7")
    assert result["changed"] is True
    assert result["api_calls"] == {"read": 0, "write": 0, "retried": 0, "waited_s": 0.0}
