# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Figures of several runs and their goals."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Goal:
    """An upper bound, or a lower one."""

    bound: float
    at_least: bool = False

    def reached(self, value: float) -> bool:
        """Return whether a value meets the goal."""
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"


@dataclass(frozen=True)
class Figure:
    """One row of the table.

    :param name: name of the figure.
    :param setting: conditions of the measurement, such as ``50 ms``.
    :param values: one value for each run, in order; empty if this machine cannot measure it.
    :param unit: empty for a ratio.
    """

    name: str
    setting: str
    values: Sequence[float]
    unit: str = ""
    goal: Goal | None = None

    @property
    def median(self) -> float | None:
        """The median, or ``None`` without values."""
        return statistics.median(self.values) if self.values else None

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; ``None`` without a goal or values."""
        if self.goal is None or self.median is None:
            return None
        return self.goal.reached(self.median)

    def to_plain(self) -> dict[str, Any]:
        """Return the row for ``results.json``."""
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
    """Return the ratio of two values for each run, since both were measured one after the other."""
    return [this / other for this, other in zip(these, others, strict=True)]
