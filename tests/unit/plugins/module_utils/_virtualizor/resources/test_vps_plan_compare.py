# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the plan of a VPS if only some values decide whether it is applied."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import outcomes
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor_vps import (
    DONE,
    change,
    fail_move,
    form,
    move,
    plan,
    plans,
    states,
    vps,
)

BIGGER = {"ram": "4096", "cores": "4"}


def moved(record):
    """Return the outcomes other than ``unchanged``."""
    return {name: what for name, what in outcomes(record).items() if what != "unchanged"}


def test_only_selected_values_decide_whether_something_is_sent():
    result = move(form(vps(plid="3", io="7", ram="4096")), plans(plan(ram="4096")), compare=["ram"])
    assert (result["changed"], moved(result)) == (False, {})
    assert "ram" in outcomes(result)
    assert "io" not in outcomes(result)


@pytest.mark.parametrize("check_mode", [True, False])
def test_all_values_that_the_panel_sets_are_in_the_result(check_mode):
    writes = () if check_mode else (change(DONE), form(vps(plid="3", **BIGGER)))
    result = move(
        *(form(vps(io="7")), plans(plan(**BIGGER)), *writes, states(v17=1)),
        compare=["ram"],
        check_mode=check_mode,
    )
    changed = {"plan_id": "changed", "ram": "changed", "cores": "changed", "io": "changed"}
    assert moved(result) == changed
    assert result["diff"]["after"] == {"plan_id": 3, "ram": 4096, "cores": 4, "io": 3}


def test_a_value_that_is_not_compared_may_stay_as_it_is():
    result = move(
        form(vps()),
        plans(plan(**BIGGER)),
        change(DONE),
        form(vps(plid="3", ram="4096")),
        states(v17=1),
        compare=["ram"],
    )
    assert moved(result) == {"plan_id": "changed", "ram": "changed"}
    (row,) = [row for row in result["changes"] if row["field"] == "cores"]
    assert (row["before"], row["after"], row["outcome"]) == (2, 2, "unchanged")
    assert "which compare does not name" in row["message"]
    assert (result["refused"], result["warnings"]) == ([], [])


def test_a_value_that_is_not_compared_and_gets_a_third_value_is_refused():
    error = fail_move(
        form(vps()),
        plans(plan(**BIGGER)),
        change(DONE),
        form(vps(plid="3", ram="4096", cores="3")),
        states(v17=1),
        compare=["ram"],
    )
    assert "cores stays at 3 instead of 4" in error.msg


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_smaller_disk_that_is_not_compared_prevents_no_change(check_mode):
    full = {"space": "80"}
    writes = () if check_mode else (change(DONE), form(vps(plid="3", **BIGGER, **full)))
    result = move(
        *(form(vps(**full)), plans(plan(**BIGGER)), *writes, states(v17=1)),
        compare=["ram"],
        check_mode=check_mode,
    )
    assert moved(result) == {"plan_id": "changed", "ram": "changed", "cores": "changed"}
    (row,) = [row for row in result["changes"] if row["field"] == "space"]
    assert row["message"] == "the panel never makes a disk smaller"


@pytest.mark.parametrize("key", ["cores", "bandwidth", "space"])
def test_nothing_is_sent_if_a_value_that_the_panel_sets_is_hidden(key):
    record = {name: value for name, value in vps().items() if name != key}
    error = fail_move(form(record), plans(plan(**BIGGER)), compare=["ram"])
    assert error.msg == f"Cannot read VPS 17: the panel does not show its {key}"
    result = move(form({**record, "plid": "3"}), plans(plan()), compare=["ram"])
    assert result["changed"] is False
