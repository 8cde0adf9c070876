# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer, get, ok
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import page

NAME = "virtfusion_hypervisor_group_info"
OPTIONS = {"hypervisor_group_id": 1, "resources": True}
PATH = "/compute/hypervisors/groups/1"
STEPS = [
    get(PATH, ok({"id": 1, "name": "A", "enabled": True})),
    get(
        f"{PATH}/resources", answer(200, page({"hypervisor": {"id": 5}}, {"hypervisor": {"id": 6}}))
    ),
]


@pytest.mark.parametrize("check_mode", [False, True])
def test_groups_are_read(modules, check_mode):
    result = modules.ok(NAME, *STEPS, check_mode=check_mode, **OPTIONS)
    assert result["changed"] is False
    assert [row["hypervisor_id"] for row in result["hypervisor_groups"][0]["resources"]] == [5, 6]
