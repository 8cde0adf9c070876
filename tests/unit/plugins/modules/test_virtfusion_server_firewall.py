# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import Step, answer, get, ok

NAME = "virtfusion_server_firewall"
PATH = "/servers/7/firewall/primary"
OPTIONS = {"server_id": 7, "enabled": True}
READS = [get(PATH, ok({"enabled": False, "rules": []}))]
WRITES = [Step("POST", f"{PATH}/enable", answer(200))]
AFTER = [get(PATH, ok({"enabled": True, "rules": []}))]


def test_a_firewall_is_switched_on(modules):
    result = modules.ok(NAME, *READS, *WRITES, *AFTER, **OPTIONS)
    assert result["changed"] is True
    assert result["firewall"]["rulesets"] == []
    assert set(result) >= {"changes", "refused", "diff", "api_calls"}


def test_check_mode_only_reads(modules):
    result = modules.ok(NAME, *READS, check_mode=True, **OPTIONS)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0
