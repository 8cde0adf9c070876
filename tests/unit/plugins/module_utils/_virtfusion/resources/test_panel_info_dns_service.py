# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that a DNS service is returned without its provider account."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.panel_info import (
    DnsServiceInfo,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtfusion_dns_service_info import (
    ARGUMENTS,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer, get, ok
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import fail_task, run_task

RAW = {
    "id": 4,
    "type": 1,
    "name": "Example DNS",
    "username": "SECRET",
    "url": "https://api.dns.example.com",
    "ip": None,
    "port": 443,
    "password": "SECRET",
    "config": {"key": "SECRET"},
    "subAccount": False,
    "capabilities": 1,
    "enabled": True,
    "created": "2022-02-11T11:55:49+00:00",
    "updated": "2022-02-14T22:45:43+00:00",
}


def test_a_service_is_read_without_its_account():
    result = run_task(DnsServiceInfo, ARGUMENTS, get("/dns/services/4", ok(RAW)), dns_service_id=4)
    assert "SECRET" not in repr(result)
    assert result["dns_service"]["name"] == "Example DNS"
    assert result["dns_service"]["port"] == 443


@pytest.mark.parametrize(
    ("steps", "service_id", "code"),
    [([], 0, "validation"), ([get("/dns/services/4", answer(404))], 4, "not_found")],
)
def test_a_missing_service_fails(steps, service_id, code):
    error = fail_task(DnsServiceInfo, ARGUMENTS, *steps, dns_service_id=service_id)
    assert error.code.value == code
