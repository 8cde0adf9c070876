# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the VNC console: its switch and its secrets."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.server_access import (
    ServerVnc,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtfusion_server_vnc import ARGUMENTS
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    get,
    interrupted,
    ok,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import fail_task, run_task
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import server

TOKEN = "69316231-d34a-4d36-b754-ffd3253df96d"
VNC = {
    "ip": "192.0.2.2",
    "hostname": None,
    "port": 5903,
    "password": "ZNYonJeU",
    "wss": {"token": TOKEN, "url": f"/vnc/?token={TOKEN}"},
    "enabled": False,
}
OPEN = {"ip": "192.0.2.2", "hostname": None, "port": 5903}
READ = get("/servers/7", ok(server()))
READ_VNC = get("/servers/7/vnc", ok({"vnc": VNC}))


def switch(*steps: Step, **options):
    return run_task(ServerVnc, ARGUMENTS, *steps, server_id=7, **options)


def fail_to_switch(*steps: Step, **options):
    return fail_task(ServerVnc, ARGUMENTS, *steps, server_id=7, **options)


def post(body=None, reply=None) -> Step:
    return Step("POST", "/servers/7/vnc", reply or ok({"vnc": VNC, "queueId": None}), body=body)


@pytest.mark.parametrize(
    ("enabled", "body"),
    [(True, {"action": "enable", "vnc": True}), (False, {"action": "disable", "vnc": False})],
)
def test_the_switch_is_sent_under_both_keys(enabled, body):
    # A panel uses one of the keys and ignores the other (virtfusion 1.8).
    result = switch(READ, post(body), enabled=enabled)
    assert result["changed"] is True
    assert result["vnc"] == OPEN
    assert TOKEN not in str(result)
    assert VNC["password"] not in str(result)


def test_a_switch_is_predicted_as_a_change_each_time():
    result = switch(READ, check_mode=True, enabled=True)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0


def test_the_credentials_are_shown_on_request():
    result = switch(READ, post(), enabled=True, return_credentials=True)
    secrets = {"password": "ZNYonJeU", "websocket_path": f"/vnc/?token={TOKEN}"}
    assert result["vnc"] == {**OPEN, **secrets}


@pytest.mark.parametrize("check_mode", [False, True])
def test_reading_alone_changes_nothing(check_mode):
    result = switch(READ_VNC, check_mode=check_mode, return_credentials=True)
    assert result["changed"] is False
    assert result["vnc"]["password"] == "ZNYonJeU"


def test_a_panel_without_websockets_has_no_path():
    old = {name: value for name, value in VNC.items() if name != "wss"}
    step = get("/servers/7/vnc", ok({"vnc": old}))
    assert switch(step, return_credentials=True)["vnc"]["websocket_path"] is None


def test_a_switch_that_is_queued_is_waited_for():
    queued = post(reply=ok({"vnc": VNC, "queueId": 9}))
    finished = {"id": 9, "failed": False, "finished": "2025-02-01T12:00:00+00:00"}
    switch(READ, queued, get("/queue/9", ok(finished)), enabled=True)


@pytest.mark.parametrize("check_mode", [False, True])
def test_the_console_of_a_missing_server(check_mode):
    gone = get("/servers/7", answer(404, {"msg": "server not found"}))
    error = fail_to_switch(gone, check_mode=check_mode, enabled=True)
    assert error.msg == "Cannot read server 7: server not found"


@pytest.mark.parametrize("lost", [interrupted(), answer(504), answer(200, "<html>")])
def test_a_switch_is_never_sent_twice(lost):
    assert fail_to_switch(READ, post(reply=lost), enabled=True).uncertain is True


@pytest.mark.parametrize("reply", [answer(200, []), answer(200), ok({"vnc": []})])
def test_a_response_without_a_console_is_a_protocol_error(reply):
    assert fail_to_switch(READ, post(reply=reply), enabled=True).code.value == "protocol"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "there is nothing to do (set enabled, return_credentials, or both)"),
        ({"enabled": True, "wait_timeout": -1}, "wait_timeout must be at least 0, not -1"),
    ],
)
def test_an_invalid_option_sends_nothing(options, words):
    error = fail_to_switch(**options)
    assert (error.code.value, error.msg) == ("validation", words)


@pytest.mark.parametrize(
    "job",
    [
        answer(500, "oops"),
        answer(404, {"message": "No query results"}),
        ok({"id": 9, "failed": True, "finished": "2026-01-01", "action": "vnc"}),
        ok({"id": 9, "failed": False, "finished": None, "action": "vnc"}),
    ],
    ids=["500", "404", "failed", "running"],
)
def test_a_switch_whose_job_did_not_succeed_leaves_the_state_unknown(job):
    steps = (READ, post(reply=ok({"vnc": VNC, "queueId": 9})), get("/queue/9", job))
    error = fail_to_switch(*steps, enabled=True, wait_timeout=0, retries=0)
    assert error.uncertain is True
    assert error.result["vnc"] == OPEN
