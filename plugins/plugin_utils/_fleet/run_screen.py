# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Show the plan, the failed items and the next command of a run on the operator's screen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ...module_utils._core.safe_text import plain
from .commands import resume_command
from .groups import Group, groups_of
from .growth import Growth
from .progress import Progress
from .results import FAILURES, ItemOutcome, ItemResult, shortened
from .row_text import field_text
from .run_folder import RunFolder
from .table import table

#: Number of groups and places to show.
_GROUPS = 30
_PLACES = 10

#: Outcomes without rows in a plan.
_QUIET = (ItemOutcome.UNCHANGED,)


def plan_lines(
    results: Sequence[ItemResult], growth: Sequence[Growth], noun: str, most: int
) -> list[str]:
    """Return the lines of a plan: groups, sums, and a limited number of rows.

    :param results: the predicted outcomes.
    :param growth: what the items take in each place.
    :param noun: the noun for a place, such as ``hypervisor``.
    """
    shown = [result for result in results if result.outcome not in _QUIET]
    return [*group_lines(shown), *growth_lines(growth, noun), *row_lines(shown, most)]


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


def growth_lines(growth: Sequence[Growth], noun: str) -> list[str]:
    """Return the growth in total and in each place, with the room of the place if it is known."""
    total: dict[tuple[str, str], float] = defaultdict(float)
    places: dict[tuple[object, str | None], list[Growth]] = defaultdict(list)
    for row in growth:
        total[row.field, row.unit] += row.growth
        if row.place is not None:
            places[row.place, row.name].append(row)
    if not any(total.values()):
        return []
    lines = [
        "in total: "
        + ", ".join(_amount(field, unit, number) for (field, unit), number in total.items())
    ]
    if len(places) > 1 or any(row.free is not None for row in growth):
        shown = list(places.items())
        lines += [
            f"{noun} {_place(*where)}: {', '.join(map(_with_room, rows))}"
            for where, rows in shown[:_PLACES]
        ]
        if len(shown) > _PLACES:
            lines.append(f"… and {len(shown) - _PLACES} more {noun}s")
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


def _amount(field: str, unit: str, number: float) -> str:
    return f"{plain(field)} {number:+,.10g}{f' {plain(unit)}' if unit else ''}"


def _with_room(row: Growth) -> str:
    text = _amount(row.field, row.unit, row.growth)
    return text if row.free is None else f"{text} of {row.free:,.10g} free"


def _place(place: object, name: str | None) -> str:
    return plain(place) if name is None else f"{plain(name)} ({plain(place)})"


#: Outcomes that an operator must see at the end. The plan has shown all items.
_ODD = (*FAILURES, ItemOutcome.MOVED)


class RunScreen:
    """The screen of one run.

    :param noun: the noun for a place, such as ``hypervisor``.
    :param most: the maximum number of rows; ``None`` to show no rows.
    """

    def __init__(self, progress: Progress, noun: str, most: int | None) -> None:
        self._progress = progress
        self._noun = noun
        self._most = most

    def plan(self, results: Sequence[ItemResult], growth: Sequence[Growth]) -> None:
        """Show predicted outcomes."""
        if self._most is not None:
            for line in plan_lines(results, growth, self._noun, self._most):
                self._progress.line(line)

    def begin(self, folder: RunFolder | None) -> None:
        """Show the command that resumes the run if it is interrupted."""
        if folder is not None:
            command = resume_command(folder.path)
            self._progress.note(f"if this run is interrupted, resume it with: {command}")

    def end(self, folder: RunFolder, results: Sequence[ItemResult], *, written: bool) -> None:
        """Show the failed items, and how to go on.

        :param written: whether the report is written. If not, the screen shows all items instead.
        """
        if self._most is not None:
            shown = [row for row in results if row.outcome in _ODD or not written]
            for line in row_lines(shown, self._most):
                self._progress.line(line)
        if written:
            self._progress.note(f"the report is in {folder.path}")
        else:
            self._progress.note(f"the report could not be written to {folder.path}")
        command = folder.outlook()[1]
        if command is not None:
            what = (
                "to continue this run"
                if written
                else "to continue this run, or to write its report"
            )
            self._progress.note(f"{what}: {command}")
