# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the connection check and the permissions of a token."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.panel_info import (
    PROBES,
    ConnectionInfo,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtfusion_connection_info import (
    ARGUMENTS,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    HTML,
    Step,
    answer,
    get,
    never_sent,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import (
    fail_task,
    run_task,
)

CONNECTED = get("/connect", answer(200, []))
PATHS = {
    "servers": "/servers",
    "packages": "/packages",
    "hypervisors": "/compute/hypervisors",
    "hypervisor_groups": "/compute/hypervisors/groups",
    "ip_blocks": "/connectivity/ipblocks",
    "self_service": "/selfService/currencies",
}


def _read(*steps: Step, **options):
    return run_task(ConnectionInfo, ARGUMENTS, *steps, **options)["connection"]


def test_a_connection_check_sends_one_request():
    assert _read(CONNECTED) == {"authenticated": True, "permissions": {}}


@pytest.mark.parametrize("name", PATHS)
def test_a_permission_is_tried_by_one_small_read(name):
    for status, allowed in ((200, True), (403, False)):
        result = _read(CONNECTED, get(PATHS[name], answer(status, [])), permissions=[name])
        assert result["permissions"] == {name: allowed}


def test_each_permission_is_tested_separately():
    result = _read(
        CONNECTED,
        get("/packages", answer(403)),
        get("/servers", answer(200, {"data": []})),
        permissions=["packages", "servers"],
    )
    assert result["permissions"] == {"packages": False, "servers": True}


def test_each_permission_is_in_the_table():
    assert set(PROBES) == set(PATHS)


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([get("/connect", answer(401))], "auth"),
        ([get("/connect", answer(403))], "forbidden"),
        ([get("/connect", answer(404, HTML))], "not_found"),
        ([get("/connect", answer(200, HTML))], "protocol"),
        ([get("/connect", answer(302, location="https://a.example/login"))], "protocol"),
        ([get("/connect", never_sent())], "transport"),
        ([CONNECTED, get("/servers", answer(401))], "auth"),
        ([CONNECTED, get("/servers", answer(404))], "not_found"),
        ([CONNECTED, get("/servers", answer(503))], "transport"),
    ],
)
def test_only_403_means_a_missing_permission(steps, code):
    error = fail_task(ConnectionInfo, ARGUMENTS, *steps, permissions=["servers"], retries=0)
    assert error.code.value == code
