# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer, get, ok
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import page, row, server

NAME = "virtfusion_server_info"


@pytest.mark.parametrize("option", ["server_ids", "server_id"])
def test_servers_are_read_by_id(modules, option):
    result = modules.ok(NAME, get("/servers/7", ok(server())), **{option: 7})
    assert result["changed"] is False
    assert [view["name"] for view in result["servers"]] == ["web01"]


@pytest.mark.parametrize("option", ["server_names", "server_name"])
def test_servers_are_read_by_name(modules, option):
    listed = get("/servers", answer(200, page(row(7, "web01"), row(8, "mail"))))
    result = modules.ok(NAME, listed, **{option: "mail"})
    assert [view["id"] for view in result["servers"]] == [8]


@pytest.mark.parametrize("option", ["server_uuids", "server_uuid"])
def test_servers_are_read_by_uuid(modules, option):
    rows = (row(7, "web01"), row(8, "mail"))
    listed = get("/servers", answer(200, page(*rows)))
    result = modules.ok(NAME, listed, **{option: rows[1]["uuid"]})
    assert [view["id"] for view in result["servers"]] == [8]


def test_more_is_read_on_request(modules):
    steps = (get("/servers/7", ok(server())), get("/backups/server/7", ok([{"id": 42}])))
    result = modules.ok(NAME, *steps, server_ids=7, include="backups")
    assert result["servers"][0]["backups"] == [{"id": 42}]


def test_check_mode_reads_too(modules):
    listed = get("/servers", answer(200, page(row(7, "web01"))))
    assert len(modules.ok(NAME, listed, check_mode=True)["servers"]) == 1
