# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    SERVER_ID,
    SERVERS,
    SHOW,
    get,
    server,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud_phones import (
    CONNECTION,
    listed,
)

NAME = "huaweicloud_cph_server_info"
STEPS = (listed(SERVERS, server()),)


@pytest.mark.parametrize("check_mode", [False, True])
def test_servers_are_read(modules, check_mode):
    result = modules.run(NAME, *STEPS, check_mode=check_mode, **CONNECTION)
    assert result["changed"] is False
    assert [row["name"] for row in result["servers"]] == ["phones-07"]
    assert result["api_calls"]["write"] == 0


def test_one_server_may_be_asked_for_in_the_singular(modules):
    result = modules.run(NAME, get(SHOW, server()), server_id=SERVER_ID, **CONNECTION)
    assert result["servers"][0]["id"] == SERVER_ID
