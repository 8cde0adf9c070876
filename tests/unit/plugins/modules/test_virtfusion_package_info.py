# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import get, ok
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import package

NAME = "virtfusion_package_info"


@pytest.mark.parametrize("check_mode", [False, True])
def test_packages_are_read(modules, check_mode):
    result = modules.ok(NAME, get("/packages", ok([package()])), check_mode=check_mode)
    assert result["changed"] is False
    assert [view["name"] for view in result["packages"]] == ["Cloud 4"]
