# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import (
    CONNECTION,
    for_module,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor_vps import (
    DONE,
    SECRETS,
    change,
    form,
    plan,
    plans,
    states,
    vps,
)

NAME = "virtualizor_vps_plan"
IDS = {"vps_id": 17, "plan_id": 3}
MOVE = (
    form(vps()),
    plans(plan(ram="4096")),
    change(DONE),
    form(vps(plid="3", ram="4096")),
    states(v17=1),
)


def test_a_vps_is_moved(modules):
    result = modules.run(NAME, *for_module(*MOVE), **CONNECTION, **IDS)
    assert result["changed"] is True
    assert result["vps"]["ram"] == 4096
    assert result["plan"]["plan_name"] == "KVM 4G"
    assert result["restart_required"] is True
    assert result["diff"]["before"] == {"plan_id": 2, "ram": 2048}
    assert set(result) >= {"changes", "refused", "api_calls"}
    assert not any(secret in str(result) for secret in SECRETS)


def test_check_mode_only_reads(modules):
    steps = for_module(form(vps()), plans(plan(ram="4096")), states(v17=1))
    result = modules.run(NAME, *steps, check_mode=True, **CONNECTION, **IDS)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0


def test_a_refusal_can_be_a_warning(modules):
    steps = for_module(form(vps(plid="3", space="80")), plans(plan()))
    result = modules.run(NAME, *steps, **CONNECTION, **IDS, on_refused="warn")
    assert result["changed"] is False
    (warning,) = modules.warnings
    assert "space stays at 80 GB instead of 40 GB" in warning
