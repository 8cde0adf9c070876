# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Figures, each with its goal, from several runs."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Goal:
    """At most so much, or at least."""

    bound: float
    at_least: bool = False

    def reached(self, value: float) -> bool:
        """Whether a figure is as good as that."""
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"


@dataclass(frozen=True)
class Figure:
    """One row of the table.

    :param name: what is measured.
    :param setting: under which circumstances, such as ``50 ms``.
    :param values: one for each run, in the order of the runs; none where this machine cannot tell.
    :param unit: empty for a ratio.
    """

    name: str
    setting: str
    values: Sequence[float]
    unit: str = ""
    goal: Goal | None = None

    @property
    def median(self) -> float | None:
        """What counts; ``None`` where there are no values."""
        return statistics.median(self.values) if self.values else None

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; ``None`` where there is none, or no value."""
        if self.goal is None or self.median is None:
            return None
        return self.goal.reached(self.median)

    def to_plain(self) -> dict[str, Any]:
        """The row for ``results.json``."""
        return {
            "name": self.name,
            "setting": self.setting,
            "unit": self.unit or None,
            "goal": str(self.goal) if self.goal else None,
            "median": self.median,
            "reached": self.reached,
            "values": list(self.values),
        }


def ratios(these: Iterable[float], others: Iterable[float]) -> list[float]:
    """Run by run, the one divided by the other: both were measured right after each other."""
    return [this / other for this, other in zip(these, others, strict=True)]
