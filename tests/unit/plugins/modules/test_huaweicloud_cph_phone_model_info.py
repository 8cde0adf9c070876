# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    NEW,
    OLD,
    PHONE_MODELS,
    pair,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud_phones import (
    CONNECTION,
    listed,
)

NAME = "huaweicloud_cph_phone_model_info"
STEPS = (listed(PHONE_MODELS, pair(OLD), pair(NEW, 40)),)


@pytest.mark.parametrize("check_mode", [False, True])
def test_pairs_are_read(modules, check_mode):
    result = modules.run(NAME, *STEPS, check_mode=check_mode, **CONNECTION)
    assert result["changed"] is False
    assert [row["phone_model_name"] for row in result["phone_models"]] == [OLD[1], NEW[1]]


@pytest.mark.parametrize(
    "options",
    [{"phone_capacity": 40}, {"phone_model_name": NEW[1]}, {"server_model_name": NEW[0]}],
)
def test_one_of_a_kind_may_be_asked_for_in_the_singular(modules, options):
    result = modules.run(NAME, *STEPS, **options, **CONNECTION)
    assert [row["phone_model_name"] for row in result["phone_models"]] == [NEW[1]]
