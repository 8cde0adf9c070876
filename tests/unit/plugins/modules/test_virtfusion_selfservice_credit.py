# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import (
    BY_ID,
    DONE,
    delete,
    post,
    shown,
    user,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer

NAME = "virtfusion_selfservice_credit"


def test_credit_is_added(modules):
    path = "/selfService/credit/byUserExtRelationId/1042"
    step = post(path, answer(201, {"data": {"id": 2}}), {"tokens": 10.5})
    result = modules.ok(NAME, shown(user()), step, tokens="10.5", **BY_ID)
    assert result["changed"] is True
    assert result["credit"] == {"id": 2}


def test_credit_is_cancelled(modules):
    step = delete("/selfService/credit/2", DONE)
    assert modules.ok(NAME, step, state="cancelled", credit_id=2)["changed"] is True


def test_check_mode_only_reads(modules):
    result = modules.ok(NAME, shown(user()), check_mode=True, tokens=1, **BY_ID)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0
