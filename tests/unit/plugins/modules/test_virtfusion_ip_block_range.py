# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import Step, answer, get, ok

NAME = "virtfusion_ip_block_range"
PATH = "/connectivity/ipblocks/3"
OPTIONS = {"ip_block_id": 3, "start": "192.0.2.8", "end": "192.0.2.9"}


def _block(total):
    return get(PATH, ok({"id": 3, "name": "A", "type": 4, "ipv4": {"total": total}}))


READS = [_block(5)]
WRITES = [Step("POST", f"{PATH}/ipv4", answer(204))]
AFTER = [_block(7)]


def test_a_range_is_added(modules):
    result = modules.ok(NAME, *READS, *WRITES, *AFTER, **OPTIONS)
    assert result["changed"] is True
    assert result["ip_block"]["ipv4_total"] == 7
    assert set(result) >= {"changes", "refused", "diff", "api_calls"}


def test_check_mode_only_reads(modules):
    result = modules.ok(NAME, *READS, check_mode=True, **OPTIONS)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0
