# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import Step, answer, get, ok
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import known

NAME = "virtfusion_server_traffic_block"
PATH = "/servers/7/traffic/blocks"
OPTIONS = {"server_id": 7, "traffic": 100, "month": 2}


def _blocks(*assigned):
    available = {"current": {"month": 1}, "months": {"1": {"month": 1}, "2": {"month": 2}}}
    return get(PATH, ok({"assigned": list(assigned), "available": available}))


READS = [_blocks()]
WRITES = [Step("POST", PATH, answer(201))]
AFTER = [_blocks({"id": 1, "month": 2, "traffic": 100})]


def test_a_block_is_added(modules):
    result = modules.ok(NAME, *READS, *WRITES, *AFTER, **OPTIONS)
    assert result["changed"] is True
    assert result["month"]["traffic"] == 100
    assert set(result) >= {"changes", "refused", "diff", "api_calls"}


def test_check_mode_only_reads(modules):
    result = modules.ok(NAME, *READS, check_mode=True, **OPTIONS)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0


def test_a_block_is_removed(modules):
    steps = (*AFTER, Step("DELETE", f"{PATH}/1", answer(204)), *READS)
    result = modules.ok(NAME, *steps, server_id=7, state="absent", block_id=1)
    assert result["changed"] is True
    assert known(result["block"]) == {"state": "absent", "id": 1}
