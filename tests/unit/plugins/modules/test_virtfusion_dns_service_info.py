# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import get, ok

NAME = "virtfusion_dns_service_info"
OPTIONS = {"dns_service_id": 4}
STEPS = [
    get("/dns/services/4", ok({"id": 4, "name": "A", "password": "SECRET", "username": "SECRET"}))
]


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_service_is_read_without_its_account(modules, check_mode):
    result = modules.ok(NAME, *STEPS, check_mode=check_mode, **OPTIONS)
    assert result["changed"] is False
    assert result["dns_service"] == {"id": 4, "name": "A"}
