# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    SERVER_MODELS,
    get,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud_phones import (
    CONNECTION,
    server_model,
)

NAME = "huaweicloud_cph_server_model_info"
STEPS = (get(SERVER_MODELS, {"server_models": [server_model("physical.rx1")]}),)


@pytest.mark.parametrize("check_mode", [False, True])
def test_server_flavors_are_read(modules, check_mode):
    result = modules.run(NAME, *STEPS, check_mode=check_mode, **CONNECTION)
    assert result["changed"] is False
    assert [row["server_model_name"] for row in result["server_models"]] == ["physical.rx1"]


def test_one_flavor_may_be_asked_for_in_the_singular(modules):
    result = modules.run(NAME, *STEPS, server_model_name="other", **CONNECTION)
    assert result["server_models"] == []
