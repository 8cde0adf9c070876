# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test servers with missing values: only aspects without a value are refused."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import put
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import (
    CHANGE,
    again,
    fail_move,
    info,
    move,
    outcomes,
    reads,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import (
    ALL_ASPECTS,
    FLAGS,
    package,
    put_at,
    server,
)

#: Servers with missing values: their paths, and the aspects without a value.
SPEEDS = {"primary_network_inbound_speed", "primary_network_outbound_speed"}
GAPS = [
    ("network", [], SPEEDS),
    ("network", {}, SPEEDS),
    ("network", None, SPEEDS),
    ("network", {"interfaces": []}, SPEEDS),
    ("network.interfaces.0.inAverage", None, {"primary_network_inbound_speed"}),
    ("network.interfaces.0.outAverage", "", {"primary_network_outbound_speed"}),
    ("settings.resources.traffic", None, {"primary_network_traffic"}),
    ("settings.resources.traffic", False, {"primary_network_traffic"}),
    ("settings.resources.traffic", "", {"primary_network_traffic"}),
    ("settings.resources.traffic", [], {"primary_network_traffic"}),
    ("settings.resources.memory", None, {"memory"}),
]


def unseen(result):
    """Return the aspects that were refused because the panel does not show them."""
    return {
        row["field"]
        for row in result["refused"]
        if row["message"] == "the panel does not show its current value"
    }


@pytest.mark.parametrize(("place", "value", "names"), GAPS)
def test_only_aspects_without_a_value_are_refused(place, value, names):
    raw = server()
    put_at(raw, place, value)
    assert unseen(move(*reads(raw, package()))) == names

    moved = server(cpu=4)
    put_at(moved, place, value)
    flags = {FLAGS[name]: name not in names for name in ALL_ASPECTS}
    step = put(CHANGE, info(), flags)
    result = move(*reads(raw, package(cpu=4)), step, again(moved))
    assert (result["changed"], outcomes(result)["cpu"], unseen(result)) == (True, "changed", names)
    assert len(result["warnings"]) == len(names)


@pytest.mark.parametrize(("place", "value", "names"), GAPS)
def test_an_aspect_without_a_value_can_fail_the_task_before_a_write(place, value, names):
    raw = server()
    put_at(raw, place, value)
    error = fail_move(*reads(raw, package(cpu=4)), on_refused="fail")
    assert error.code.value == "refused"
    assert all(name in error.msg for name in names)
