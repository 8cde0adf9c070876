# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import Step, answer, get, ok
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import server

NAME = "virtfusion_server_ipv4"
OPTIONS = {"server_id": 7, "addresses": ["192.0.2.8"]}
READS = [get("/servers/7", ok(server()))]
WRITES = [Step("POST", "/servers/7/ipv4", answer(204))]
AFTER = [
    get(
        "/servers/7",
        ok(
            server(
                network={
                    "interfaces": [{"ipv4": [{"address": "192.0.2.7"}, {"address": "192.0.2.8"}]}]
                }
            )
        ),
    )
]


def test_an_address_is_added(modules):
    result = modules.ok(NAME, *READS, *WRITES, *AFTER, **OPTIONS)
    assert result["changed"] is True
    assert result["ipv4"]["addresses"] == ["192.0.2.7", "192.0.2.8"]
    assert set(result) >= {"changes", "refused", "diff", "api_calls"}


def test_check_mode_only_reads(modules):
    result = modules.ok(NAME, *READS, check_mode=True, **OPTIONS)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0
