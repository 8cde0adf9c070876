# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import get, ok

NAME = "virtfusion_queue_info"
OPTIONS = {"queue_id": 852, "wait": True}
STEPS = [
    get("/queue/852", ok({"id": 852, "finished": "2025-01-15T15:00:49+00:00", "failed": False}))
]


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_job_is_read(modules, check_mode):
    result = modules.ok(NAME, *STEPS, check_mode=check_mode, **OPTIONS)
    assert result["changed"] is False
    assert result["job"]["id"] == 852
