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

NAME = "virtfusion_server_vnc"
VNC = {
    "ip": "192.0.2.2",
    "hostname": None,
    "port": 5903,
    "password": "s3cret",
    "wss": {"url": "/vnc/?token=t0ken"},
}
READ = get("/servers/7", ok(server()))
POST = Step("POST", "/servers/7/vnc", ok({"vnc": VNC, "queueId": None}))


def test_a_console_is_switched_and_no_secret_is_shown(modules):
    result = modules.ok(NAME, READ, POST, server_id=7, enabled=True)
    assert result["changed"] is True
    assert result["vnc"] == {"ip": "192.0.2.2", "hostname": None, "port": 5903}


def test_the_credentials_are_read_without_a_change(modules):
    step = get("/servers/7/vnc", ok({"vnc": VNC}))
    result = modules.ok(NAME, step, server_id=7, return_credentials=True)
    assert result["changed"] is False
    assert (result["vnc"]["password"], result["vnc"]["websocket_path"]) == (
        "s3cret",
        "/vnc/?token=t0ken",
    )


def test_check_mode_only_reads(modules):
    result = modules.ok(NAME, READ, check_mode=True, server_id=7, enabled=False)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0
