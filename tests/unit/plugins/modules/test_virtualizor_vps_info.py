# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import (
    CONNECTION,
    for_module,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor_vps import (
    SECRETS,
    plan,
    plans,
    servers,
    states,
    vps,
)

NAME = "virtualizor_vps_info"


def test_vps_are_read(modules):
    steps = for_module(servers(vps(), vps(18)), states(v17=1, v18=0), plans(plan(2, "KVM 2G")))
    result = modules.run(NAME, *steps, **CONNECTION, live_state=True, compare_with_plan=True)
    assert [row["state"] for row in result["vps"]] == ["on", "off"]
    assert [row["plan_name"] for row in result["vps"]] == ["KVM 2G", "KVM 2G"]
    assert result["changed"] is False
    assert not any(secret in str(result) for secret in SECRETS)


@pytest.mark.parametrize(
    ("option", "value"),
    [("vps_id", "17"), ("vps_name", "v1017"), ("hostname", "web17.example.com")],
)
def test_one_may_be_named_in_the_singular(modules, option, value):
    steps = for_module(servers(vps()))
    result = modules.run(NAME, *steps, check_mode=True, **CONNECTION, **{option: value})
    assert [row["id"] for row in result["vps"]] == [17]
