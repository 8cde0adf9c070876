# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import get, ok

NAME = "virtfusion_selfservice_currency_info"


@pytest.mark.parametrize("check_mode", [False, True])
def test_currencies_are_read(modules, check_mode):
    step = get("/selfService/currencies", ok([{"code": "USD", "value": "0.01"}]))
    result = modules.ok(NAME, step, check_mode=check_mode)
    assert result["changed"] is False
    assert result["currencies"] == [{"code": "USD", "token_value": 0.01}]
