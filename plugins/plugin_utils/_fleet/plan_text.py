# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write a plan as text for a terminal: the distinct changes, then single servers up to a limit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from ...module_utils._core.plain_text import plain
from .change import FleetItem, Row
from .results import ItemOutcome, ItemResult, predicted, shortened
from .row_text import field_text
from .table import table

#: Number of example servers in a group, and number of groups and places to show.
_EXAMPLES = 3
_GROUPS = 30
_PLACES = 10

#: Outcomes without rows in a plan.
_QUIET = (ItemOutcome.UNCHANGED,)


def plan_lines(items: Sequence[FleetItem], place: str, most: int) -> list[str]:
    """Return the lines of a plan: groups, sums, and a limited number of rows.

    :param place: the noun for a group of items, such as ``hypervisor``.
    """
    lines = [*group_lines(items), *growth_lines(items, place)]
    results = [predicted(item) for item in items]
    return [*lines, *row_lines([each for each in results if each.outcome not in _QUIET], most)]


def group_lines(items: Sequence[FleetItem]) -> list[str]:
    """Return a line for each distinct change, failures first, then the most frequent."""
    groups: dict[str, list[FleetItem]] = defaultdict(list)
    for item in items:
        text = _group_text(item)
        if text:
            groups[text].append(item)
    ordered = sorted(groups.items(), key=lambda pair: (not _is_bad(pair[1][0]), -len(pair[1])))
    size = len(str(max(map(len, groups.values()), default=0)))
    lines = [f"{len(each):>{size}} x {text}; {_examples(each)}" for text, each in ordered[:_GROUPS]]
    more = len(ordered) - _GROUPS
    return [*lines, f"… and {more} more distinct changes"] if more > 0 else lines


def growth_lines(items: Sequence[FleetItem], place: str) -> list[str]:
    """Return the growth of the items in total and in each place, for every countable field."""
    total: Counter[tuple[str, str]] = Counter()
    places: dict[Any, Counter[tuple[str, str]]] = defaultdict(Counter)
    for item in items:
        if item.error is not None or item.moved is not None:
            continue
        for row in item.to_change:
            growth = _growth(row)
            if growth:
                key = (str(row["field"]), str(row.get("unit") or ""))
                total[key] += growth
                if item.group is not None:
                    places[item.group][key] += growth
    if not total:
        return []
    lines = [f"in sum: {_growth_text(total)}"]
    if len(places) > 1:
        shown = sorted(places.items(), key=lambda pair: str(pair[0]))
        lines += [f"{place} {plain(name)}: {_growth_text(each)}" for name, each in shown[:_PLACES]]
        if len(shown) > _PLACES:
            lines.append(f"… and {len(shown) - _PLACES} more of {place}")
    return lines


def row_lines(results: Sequence[ItemResult], most: int) -> list[str]:
    """Return a table of a limited number of results, failures first."""
    rows = [result.to_result() for result in shortened(results, most)]
    left = len(results) - len(rows)
    lines = table(rows)
    return [*lines, f"… and {left} more"] if left else lines


def _group_text(item: FleetItem) -> str:
    """Return the change of an item without its ID and name, or empty text if nothing changes."""
    if item.moved is not None:
        return f"left alone: {plain(item.moved)}"
    if item.error is not None:
        return f"FAILS: {plain(item.error.message)}"
    parts = [field_text(row) for row in item.to_change]
    parts += [f"{field_text(row)} ({plain(row['message'])})" for row in item.refused]
    if item.restart_required and item.to_change:
        parts.append("restart required")
    return "; ".join(parts)


def _is_bad(item: FleetItem) -> bool:
    return item.error is not None or item.moved is not None


def _examples(items: Sequence[FleetItem]) -> str:
    named = ", ".join(f"{plain(item.name)} ({item.id})" for item in items[:_EXAMPLES])
    return named if len(items) <= _EXAMPLES else f"such as {named}"


def _growth(row: Row) -> int:
    before, desired = row["before"] or 0, row["desired"]
    if row["field"] not in _SUMMED or not isinstance(before, int) or not isinstance(desired, int):
        return 0
    return desired - before


#: The fields whose sum needs capacity on a hypervisor. Speeds and rates are only limits.
_SUMMED = frozenset(
    {"cpu", "memory", "primary_disk_size", "cores", "ram", "space", "swap", "burst"}
)


def _growth_text(growth: Mapping[tuple[str, str], int]) -> str:
    return ", ".join(
        f"{plain(field)} {number:+,}{f' {plain(unit)}' if unit else ''}"
        for (field, unit), number in growth.items()
    )
