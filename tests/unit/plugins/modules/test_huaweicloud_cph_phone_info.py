# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    PHONES,
    get,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud_phones import (
    CONNECTION,
    IMEI,
    PHONE_ID,
    listed,
    phone,
)

NAME = "huaweicloud_cph_phone_info"
STEPS = (listed(PHONES, phone()),)


@pytest.mark.parametrize("check_mode", [False, True])
def test_phones_are_read(modules, check_mode):
    result = modules.run(NAME, *STEPS, check_mode=check_mode, **CONNECTION)
    assert result["changed"] is False
    assert [row["name"] for row in result["phones"]] == ["phones-07-00001"]
    assert IMEI not in str(result)


def test_one_phone_may_be_asked_for_in_the_singular(modules):
    step = get(f"{PHONES}/{PHONE_ID}", phone())
    result = modules.run(NAME, step, phone_id=PHONE_ID, **CONNECTION)
    assert result["phones"][0]["id"] == PHONE_ID
