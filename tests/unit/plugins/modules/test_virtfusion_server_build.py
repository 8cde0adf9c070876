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

NAME = "virtfusion_server_build"
TEMPLATES = [
    {"id": 1, "templates": [{"id": 46, "name": "Debian", "version": "12", "variant": None}]}
]
TEMPLATE = "settings.osTemplateInstallId"
UNBUILT = server(**{TEMPLATE: 0, "built": None, "state": "allocated", "commissionStatus": 0})
BUILT = server(**{TEMPLATE: 46})
QUEUED = server(**{TEMPLATE: 46, "state": "queued", "settings.decryptedPassword": "s3cret"})
BUILD = (
    get("/servers/7", ok(UNBUILT)),
    get("/servers/7/templates", ok(TEMPLATES)),
    Step("POST", "/servers/7/build", ok(QUEUED)),
    get("/servers/7", ok(BUILT)),
    get("/servers/7", ok(BUILT)),
)
IDS = {"server_id": 7, "template_name": "Debian 12"}


def test_a_server_is_built(modules):
    result = modules.ok(NAME, *BUILD, **IDS)
    assert result["changed"] is True
    assert result["server"]["built_now"] is True
    assert result["template"]["id"] == 46
    assert "s3cret" not in str(result)


def test_the_password_is_returned_on_request(modules):
    assert modules.ok(NAME, *BUILD, return_password=True, **IDS)["password"] == "s3cret"


def test_check_mode_only_reads(modules):
    result = modules.ok(NAME, *BUILD[:2], check_mode=True, **IDS)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0


def test_a_server_that_does_not_exist(modules):
    gone = get("/servers/7", answer(404, {"msg": "server not found"}))
    result = modules.run(NAME, gone, api_url="https://panel.example.com", api_token="x", **IDS)
    assert result["failure"]["code"] == "not_found"
