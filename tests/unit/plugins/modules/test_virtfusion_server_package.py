# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer, get
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import (
    EMPTY,
    again,
    change,
    reads,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import package, server

NAME = "virtfusion_server_package"
IDS = {"server_id": 7, "package_id": 3}
MOVE = (
    *reads(server(), package(memory=4096)),
    change(EMPTY),
    again(server(memory=4096)),
)


def test_a_server_is_moved(modules):
    result = modules.ok(NAME, *MOVE, **IDS)
    assert result["changed"] is True
    assert result["server"]["memory"] == 4096
    assert result["package"]["name"] == "Cloud 4"
    assert result["restart_required"] is True
    assert result["diff"]["before"] == {"memory": 2048}
    assert set(result) >= {"changes", "refused", "info", "api_calls"}


def test_check_mode_only_reads(modules):
    result = modules.ok(NAME, *MOVE[:2], check_mode=True, **IDS)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0


def test_a_refusal_is_a_warning(modules):
    steps = reads(server(primary_disk_size=80), package())
    result = modules.ok(NAME, *steps, **IDS)
    (warning,) = modules.warnings
    assert "primary_disk_size stays at 80 GB" in warning
    assert "warnings" not in result


def test_a_failure_is_one_sentence_and_a_code(modules):
    result = modules.run(
        NAME,
        get("/servers/7", answer(404, {"msg": "server not found"})),
        api_url="https://panel.example.com",
        api_token="x",
        **IDS,
    )
    assert result["msg"] == "Cannot read server 7: server not found"
    assert result["failure"]["code"] == "not_found"
    assert result["api_calls"]["read"] == 1
    assert not result.get("exception")


@pytest.mark.parametrize("option", ["server_id", "package_id"])
def test_an_id_may_come_as_text(modules, option):
    modules.ok(NAME, *reads(server(), package()), **{**IDS, option: str(IDS[option])})
