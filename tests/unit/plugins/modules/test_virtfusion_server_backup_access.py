# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer, get, ok, put
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import server

NAME = "virtfusion_server_backup_access"
OPTIONS = {"server_id": 7, "access": "full"}
READS = [get("/servers/7", ok(server()))]
WRITES = [put("/servers/7/backupManager/access", answer(201), {"type": "full"})]
AFTER = READS


def test_the_access_is_set(modules):
    result = modules.ok(NAME, *READS, *WRITES, *AFTER, **OPTIONS)
    assert result["changed"] is True
    assert result["backup_access"]["access"] == "full"
    assert set(result) >= {"changes", "refused", "diff", "api_calls"}


def test_check_mode_only_reads(modules):
    result = modules.ok(NAME, *READS, check_mode=True, **OPTIONS)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0
