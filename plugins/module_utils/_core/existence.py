# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resources that a task can create and delete, and sets of members that it adds to, removes from, or replaces."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from .changes import Change, Comparison, FieldOutcome, Reply
from .converge import Resource, View, apply_each
from .fields import Field, text

PRESENT = "present"
ABSENT = "absent"

#: The first field of the schema of every such resource.
STATE = Field("state", "state", text)


class Existing(Resource):
    """An object that is present or absent. The loop compares ``state`` like any other field.

    :param state: the desired state, ``present`` or ``absent``.
    """

    def __init__(self, state: str) -> None:
        self.state = state

    @abstractmethod
    def find(self) -> View | None:
        """Return the projected object, or ``None``."""

    @abstractmethod
    def create(self) -> None:
        """Create the object with all desired values."""

    @abstractmethod
    def delete(self) -> None:
        """Delete the object."""

    def values(self) -> Mapping[str, Any]:
        """Return the desired values of a present object, only those that the operator set."""
        return {}

    def writers(self) -> Mapping[str, Callable[[Any], object]]:
        """Return a function for each value that can be written to a present object."""
        return {}

    def is_missing(self, view: View) -> bool:
        return bool(view["state"] == ABSENT)

    def read(self) -> View:
        found = self.find()
        return {"state": ABSENT} if found is None else {"state": PRESENT, **found}

    def desired(self) -> Mapping[str, Any]:
        return {"state": self.state, **(self.values() if self.state == PRESENT else {})}

    def apply(self, comparison: Comparison) -> Reply:
        if STATE.name not in comparison.names(FieldOutcome.CHANGED):
            return apply_each(comparison, self.writers())
        if self.state == PRESENT:
            self.create()
        else:
            self.delete()
        return Reply()


#: The named members, and no others.
EXACT = "exact"

STATES = (PRESENT, ABSENT, EXACT)

T = TypeVar("T")


def desired_members(state: str, there: Collection[T], named: Collection[T]) -> list[T]:
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
