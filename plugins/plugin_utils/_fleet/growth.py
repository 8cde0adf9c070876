# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sum up the growth of a change in each place, such as the memory on each hypervisor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from ...module_utils._core.safe_text import plain
from .change import FleetItem, ItemId

#: How many warnings about places are shown; the growth rows have all of them.
_SHOWN = 5


@dataclass(frozen=True)
class Growth:
    """The growth of the items in one place in one resource.

    :param place: the ID of the place, ``None`` if the panel does not show it.
    :param name: the panel's name of the place, ``None`` if unknown.
    :param count: the number of items that change in this field.
    :param before: the sum of these items before the change.
    :param after: the sum of these items after the change.
    :param free: the free capacity of the place, ``None`` if unknown or unlimited.
    """

    place: ItemId | None
    name: str | None
    field: str
    unit: str
    count: int
    before: float
    after: float
    free: float | None = None

    @property
    def growth(self) -> float:
        """The capacity that the place must have free."""
        return self.after - self.before

    @property
    def fits(self) -> bool | None:
        """Whether the place has room, ``None`` if unknown."""
        return None if self.free is None else self.growth <= self.free

    def to_plain(self) -> dict[str, Any]:
        """Return the row for the task's result."""
        return {**asdict(self), "growth": self.growth, "fits": self.fits}


class Capacity(list[str]):
    """Warnings about places without room, with the sums behind them.

    :param growth: a row for each place and resource.
    """

    def __init__(self, warnings: Sequence[str], growth: Sequence[Growth]) -> None:
        super().__init__(warnings)
        self.growth = growth


def growth_of(items: Sequence[FleetItem], units: Mapping[str, str]) -> list[Growth]:
    """Return the growth of the items in each place, in the order of the places.

    :param units: the fields that use capacity, with their units.
    """
    sums: dict[tuple[ItemId | None, str], Growth] = {}
    for item in items:
        for row in item.to_change:
            field, before, after = row["field"], row["before"] or 0, row["desired"] or 0
            if field not in units or not (_is_number(before) and _is_number(after)):
                continue
            key = (item.place, field)
            known = sums.get(key) or Growth(item.place, None, field, units[field], 0, 0, 0)
            sums[key] = replace(
                known,
                count=known.count + 1,
                before=known.before + before,
                after=known.after + after,
            )
    order = {field: rank for rank, field in enumerate(units)}
    return sorted(sums.values(), key=lambda row: (_rank(row.place), order[row.field]))


def without_room(rows: Sequence[Growth], noun: str, words: Callable[[Growth], str]) -> list[str]:
    """Return a warning for each place with too little free capacity, the first few in full.

    :param noun: the noun for a place, such as "hypervisor".
    :param words: names the resource, such as "MB of memory".
    """
    lacking: dict[ItemId | None, list[Growth]] = {}
    for row in rows:
        if row.fits is False:
            lacking.setdefault(row.place, []).append(row)
    lines = [
        f"{noun} {plain(found[0].name)} ({place}) "
        + "; ".join(
            f"has {row.free} {words(row)} free, and the change takes {row.growth}" for row in found
        )
        for place, found in lacking.items()
    ]
    more = len(lines) - _SHOWN
    if more > 0:
        lines[_SHOWN:] = [f"{more} more {noun}s have too little room; growth lists all of them"]
    return lines


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _rank(place: ItemId | None) -> tuple[bool, bool, Any]:
    """Return a sort key: numbers by value, then texts, then unknown places."""
    return (place is None, isinstance(place, str), place or 0)
