# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sets of members that a task adds to, removes from, or replaces."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from .changes import Change
from .existence import ABSENT, PRESENT

#: The named members, and no others.
EXACT = "exact"

STATES = (PRESENT, ABSENT, EXACT)

T = TypeVar("T")


def wanted_members(state: str, there: Collection[T], named: Collection[T]) -> list[T]:
    """Return the desired members of a set, the actual ones first.

    :param state: ``present``, ``absent`` or ``exact``.
    :param there: the actual members.
    :param named: the members that the task names.
    """
    if state == PRESENT:
        return [*there, *(member for member in named if member not in there)]
    if state == ABSENT:
        return [member for member in there if member not in named]
    return list(named)


def to_add(change: Change) -> list[str]:
    """Return the desired members that are missing."""
    return [member for member in change.desired if member not in change.before]


def to_remove(change: Change) -> list[str]:
    """Return the actual members that are not desired."""
    return [member for member in change.before if member not in change.desired]
