# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

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


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"count": 1}, "one of the following is required: server_id"),
        ({"server_id": 7, "server_name": "a", "count": 1}, "mutually exclusive: server_id"),
        ({"server_id": "seven", "count": 1}, "server_id"),
        ({"server_id": 7}, "one of the following is required: addresses, count"),
        (
            {"server_id": 7, "addresses": ["192.0.2.8"], "count": 1},
            "mutually exclusive: addresses|count",
        ),
        (
            {"server_id": 7, "count": 1, "state": "absent"},
            "state is absent but all of the following are missing: addresses",
        ),
        (
            {"server_id": 7, "count": 1, "state": "exact"},
            "state is exact but all of the following are missing: addresses",
        ),
        ({"server_id": 7, "count": "two"}, "count"),
        ({"server_id": 7, "count": 1, "interface": "third"}, "interface"),
    ],
)
def test_options_that_do_not_fit_are_refused(modules, options, words):
    assert words in modules.refused(NAME, **options)
