# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    get,
    ok,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import server

NAME = "virtfusion_server_password"
READ = get("/servers/7", ok(server()))
POST = Step("POST", "/servers/7/resetPassword", ok({"queueId": 176, "expectedPassword": "s3cret"}))
JOB = get("/queue/176", ok({"id": 176, "failed": False, "finished": "2025-02-01T12:00:00+00:00"}))


def test_a_password_is_made_and_not_shown(modules):
    result = modules.ok(NAME, READ, POST, JOB, server_id=7)
    assert result["changed"] is True
    assert "s3cret" not in str(result)


def test_a_password_is_returned_on_request(modules):
    result = modules.ok(NAME, READ, POST, JOB, server_id=7, return_password=True)
    assert result["password"] == "s3cret"


def test_check_mode_only_reads(modules):
    result = modules.ok(NAME, READ, check_mode=True, server_id=7)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0
