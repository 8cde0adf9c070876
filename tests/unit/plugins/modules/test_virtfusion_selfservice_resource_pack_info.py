# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import pack
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import get, ok

NAME = "virtfusion_selfservice_resource_pack_info"


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_pack_is_read(modules, check_mode):
    step = get("/selfService/resourcePack/18", ok(pack()))
    result = modules.ok(NAME, step, check_mode=check_mode, pack_id=18)
    assert result["changed"] is False
    assert result["resource_pack"]["template_id"] == 9
