# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer, get
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import page

NAME = "virtfusion_hypervisor_info"
OPTIONS = {"enabled": True}
STEPS = [get("/compute/hypervisors", answer(200, page({"id": 1, "name": "HV 1", "enabled": 1})))]


@pytest.mark.parametrize("check_mode", [False, True])
def test_hypervisors_are_read(modules, check_mode):
    result = modules.ok(NAME, *STEPS, check_mode=check_mode, **OPTIONS)
    assert result["changed"] is False
    assert result["hypervisors"] == [{"id": 1, "name": "HV 1", "enabled": True}]
