# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    get,
    ok,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import server

NAME = "virtfusion_server_power"


def _read(running):
    return get("/servers/7", ok(server(remoteState={"running": running})))


JOB = {"id": 171, "failed": False, "finished": "2025-02-01T12:00:00+00:00"}
START = (
    _read(False),
    Step("POST", "/servers/7/power/boot", ok({"queueId": 171})),
    get("/queue/171", ok(JOB)),
    _read(True),
    _read(True),
)
ON = {"server_id": 7, "state": "running"}


def test_a_server_is_started(modules):
    result = modules.ok(NAME, *START, **ON)
    assert result["changed"] is True
    assert result["server"]["running"] is True
    assert result["diff"]["before"] == {"running": False}


def test_check_mode_only_reads(modules):
    result = modules.ok(NAME, START[0], check_mode=True, **ON)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0


def test_a_hypervisor_that_does_not_answer(modules):
    silent = get("/servers/7", ok(server(remoteState=False)))
    result = modules.run(NAME, silent, api_url="https://panel.example.com", api_token="x", **ON)
    assert (result["failed"], result["failure"]["code"]) == (True, "transport")
    assert not result["changed"]


def test_a_job_that_fails(modules):
    failed = get("/queue/171", ok({**JOB, "failed": True}))
    steps = (*START[:2], failed, _read(False))
    result = modules.run(NAME, *steps, api_url="https://panel.example.com", api_token="x", **ON)
    assert result["failure"]["code"] == "job_failed"
    assert (result["changed"], result["failure"]["partial"]) == (False, False)
    assert result["server"]["running"] is False


def test_a_refusal_of_the_panel(modules):
    refused = Step("POST", "/servers/7/power/boot", answer(403))
    result = modules.run(
        NAME, START[0], refused, api_url="https://panel.example.com", api_token="x", **ON
    )
    assert result["failure"]["code"] == "forbidden"
