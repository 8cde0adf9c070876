# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resources that a task can make and remove: present with some values, or absent."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from .changes import Comparison, FieldOutcome, Reply
from .converge import Resource, View, apply_each
from .fields import Field, text

PRESENT = "present"
ABSENT = "absent"

#: The first field of such a resource's schema.
STATE = Field("state", "state", text)


class Existing(Resource):
    """An object that is there or not. The loop compares ``state`` like any other field.

    :param state: the wanted one, ``present`` or ``absent``.
    """

    def __init__(self, state: str) -> None:
        self.state = state

    @abstractmethod
    def find(self) -> View | None:
        """Return the object, projected, ``None`` where there is none."""

    @abstractmethod
    def create(self) -> None:
        """Make the object, with all the values that are wanted."""

    @abstractmethod
    def delete(self) -> None:
        """Remove the object."""

    def values(self) -> Mapping[str, Any]:
        """Return the values that a present object is to have; only those that the operator set."""
        return {}

    def writers(self) -> Mapping[str, Callable[[Any], object]]:
        """Return what writes each value of an object that is there."""
        return {}

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
