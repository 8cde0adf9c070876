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
from .groups import Group, groups_of
from .results import FAILURES, ItemOutcome, ItemResult, predicted, shortened
from .row_text import field_text
from .table import table

#: Number of groups and places to show.
_GROUPS = 30
_PLACES = 10

#: Outcomes without rows in a plan.
_QUIET = (ItemOutcome.UNCHANGED,)


def plan_lines(items: Sequence[FleetItem], place: str, most: int) -> list[str]:
    """Return the lines of a plan: groups, sums, and a limited number of rows.

    :param place: the noun for a group of items, such as ``hypervisor``.
    """
    results = [predicted(item) for item in items]
    shown = [each for each in results if each.outcome not in _QUIET]
    return [*group_lines(shown), *growth_lines(items, place), *row_lines(shown, most)]


def group_lines(results: Sequence[ItemResult]) -> list[str]:
    """Return a line for each distinct change, failures first, then the most frequent."""
    groups = groups_of(result.to_result() for result in results)
    size = len(str(max((len(group.rows) for group in groups), default=0)))
    lines = [
        f"{len(group.rows):>{size}} x {_group_text(group)}; {_examples(group)}"
        for group in groups[:_GROUPS]
    ]
    more = len(groups) - _GROUPS
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


def _group_text(group: Group) -> str:
    """Return the change of a group."""
    if group.outcome is ItemOutcome.MOVED:
        return f"left alone: {group.message}"
    if group.outcome in FAILURES:
        return f"FAILS: {group.message}"
    parts = [*map(field_text, group.changes), *group.refused_texts]
    if group.restart_required:
        parts.append("restart required")
    return "; ".join(parts)


def _examples(group: Group) -> str:
    named = ", ".join(f"{plain(row['name'])} ({row['id']})" for row in group.examples)
    return named if len(group.rows) <= len(group.examples) else f"such as {named}"


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
