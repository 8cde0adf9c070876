# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sets of which a task wants some members in, some members out, or exactly these."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from .changes import Change
from .existence import ABSENT, PRESENT

#: The members that are named, and no others.
EXACT = "exact"

STATES = (PRESENT, ABSENT, EXACT)

T = TypeVar("T")


def wanted_members(state: str, there: Collection[T], named: Collection[T]) -> list[T]:
    """Return the members that the set is to have, those that are there first.

    :param state: ``present``, ``absent`` or ``exact``, of the members that are named.
    :param there: the members that it has.
    """
    if state == PRESENT:
        return [*there, *(member for member in named if member not in there)]
    if state == ABSENT:
        return [member for member in there if member not in named]
    return list(named)


def to_add(change: Change) -> list[str]:
    """Return the members that are wanted and not there."""
    return [member for member in change.desired if member not in change.before]


def to_remove(change: Change) -> list[str]:
    """Return the members that are there and not wanted."""
    return [member for member in change.before if member not in change.desired]
