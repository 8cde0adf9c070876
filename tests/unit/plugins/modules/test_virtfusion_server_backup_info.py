# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import get, ok

NAME = "virtfusion_server_backup_info"
OPTIONS = {"server_id": 7}
STEPS = [get("/backups/server/7", ok([{"id": 42, "complete": True}]))]


@pytest.mark.parametrize("check_mode", [False, True])
def test_backups_are_read(modules, check_mode):
    result = modules.ok(NAME, *STEPS, check_mode=check_mode, **OPTIONS)
    assert result["changed"] is False
    assert result["backups"] == [{"id": 42, "complete": True}]
