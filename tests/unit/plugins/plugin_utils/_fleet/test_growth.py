# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a change takes in each place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.change import FleetItem
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.growth import (
    Capacity,
    Growth,
    growth_of,
    without_room,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_screen import growth_lines
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    ToyPanel,
    ToySizes,
    fleet_run,
)

UNITS = {"cpu": "cores", "memory": "MB"}


def _item(number: int, place: Any, before: Any, after: Any, field: str = "memory") -> FleetItem:
    outcome = "unchanged" if before == after else "changed"
    changes = {"field": field, "before": before, "desired": after, "outcome": outcome}
    return FleetItem(number, f"web{number}", (changes,), place=place)


def test_each_place_has_a_row_for_each_field():
    items = [
        _item(1, 6, 2048, 4096),
        _item(2, 6, 1024, 4096),
        _item(3, "b", None, 2, "cpu"),
        _item(4, None, 2, 1, "cpu"),
        _item(5, 6, 1, 100, "primary_network_traffic"),
    ]
    rows = [row.to_plain() for row in growth_of(items, UNITS)]
    assert [(row["place"], row["field"], row["count"], row["growth"]) for row in rows] == [
        (6, "memory", 2, 5120),
        ("b", "cpu", 1, 2),
        (None, "cpu", 1, -1),
    ]
    first = rows[0]
    assert (first["before"], first["after"], first["unit"]) == (3072, 8192, "MB")
    assert (first["free"], first["fits"], first["name"]) == (None, None, None)


amounts = st.integers(0, 10**6)


@given(st.lists(st.tuples(st.integers(1, 3), amounts, amounts), max_size=20))
def test_no_growth_is_lost(changes):
    items = [_item(n, group, *values) for n, (group, *values) in enumerate(changes)]
    rows = growth_of(items, UNITS)
    assert sum(row.growth for row in rows) == sum(
        after - before for _group, before, after in changes
    )
    assert sum(row.count for row in rows) == sum(
        before != after for _group, before, after in changes
    )


def test_a_place_without_room_is_one_warning_and_all_are_counted():
    items = [_item(number, number, 0, 10) for number in range(1, 9)]
    items += [_item(99, 1, 0, 4, "cpu")]
    rows = [
        replace(row, name=f"hv{row.place}", free=1 if row.place != 8 else 10)
        for row in growth_of(items, UNITS)
    ]
    warnings = without_room(rows, "hypervisor", lambda row: row.unit)
    assert warnings[0] == (
        "hypervisor hv1 (1) has 1 cores free, and the change takes 4;"
        " has 1 MB free, and the change takes 10"
    )
    assert warnings[-1] == "2 more hypervisors have too little room; growth lists all of them"
    assert len(warnings) == len(set(warnings)) == 6


def test_the_name_of_a_place_is_cleaned():
    (row,) = growth_of([_item(1, 6, 0, 10)], UNITS)
    lines = without_room(
        [replace(row, name="hv\x1b]52;c;x\x07\n", free=1)], "node", lambda r: r.unit
    )
    assert lines[0].isprintable()


class _Sized(ToySizes):
    units = {"size": "cm"}

    def capacity(self, items):
        (row,) = growth_of(items, self.units)
        return Capacity(["it is tight"], [replace(row, name="shelf", free=5)])


def test_the_result_has_the_sums_with_and_without_a_check(tmp_path):
    toys = ToyPanel([1, 2, 10])
    plain = fleet_run(toys, tmp_path, check_mode=True, change=_Sized(toys), check_capacity=False)
    (row,) = plain["growth"]
    assert (row["count"], row["growth"], row["fits"]) == (2, 17, None)
    assert plain["warnings"] == []
    checked = fleet_run(toys, tmp_path, check_mode=True, change=_Sized(toys))
    (row,) = checked["growth"]
    assert (row["name"], row["free"], row["fits"]) == ("shelf", 5, False)
    assert checked["warnings"] == ["it is tight"]


def test_the_plan_shows_the_growth_of_the_result_with_the_room_of_each_place():
    rows = [
        Growth(6, "hv6", "memory", "MB", 2, 4096, 8192, free=65536),
        Growth(7, "hv7", "memory", "MB", 1, 2048, 1024, free=512),
        Growth(None, None, "memory", "MB", 1, 1, 2),
    ]
    assert growth_lines(rows, "hypervisor") == [
        "in total: memory +3,073 MB",
        "hypervisor hv6 (6): memory +4,096 MB of 65,536 free",
        "hypervisor hv7 (7): memory -1,024 MB of 512 free",
    ]
    unknown = [Growth(6, None, "cpu", "cores", 1, 1, 2)]
    assert growth_lines(unknown, "node") == ["in total: cpu +1 cores"]
    assert growth_lines([Growth(6, None, "cpu", "cores", 1, 2, 2)], "node") == []
