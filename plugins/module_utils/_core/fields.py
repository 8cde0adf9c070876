# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an object has, as a table: where each value is in the panel's answer, its type, its unit, how it compares.

A :class:`Schema` is the one projection of a resource: what an info module returns is what the
write module returns and compares. It is an allow-list: what no field names is never shown.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from .errors import PanelError, unreadable


class Compare(enum.Enum):
    """When a value counts as the wanted one."""

    #: The same value.
    EQ = "eq"
    #: The same elements, in any order.
    SET = "set"
    #: As much or more: the panel can raise it but never lowers it.
    AT_LEAST = "at_least"


class _Absent:
    """The panel's answer does not mention it. Not the same as null."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()

_STEP = re.compile(r"(?P<key>[^.\[\]]*)(?:\[(?:(?P<index>\d+)|(?P<field>\w+)=(?P<value>\w+))\])?")


def pick(raw: Any, path: str) -> Any:
    """Return the value at a path of an answer, or :data:`ABSENT`.

    A path is made of keys between dots. After a key, ``[0]`` takes an element of a list by its
    position and ``[primary=true]`` the first one whose field has that value. Where PHP sends
    ``[]`` for an empty object, what would be in it is absent.
    """
    value = raw
    for key, element in _steps(path):
        value = value.get(key, ABSENT) if isinstance(value, Mapping) else ABSENT
        if element is not None:
            value = _element(value, element)
    return value


@cache
def _steps(path: str) -> tuple[tuple[str, re.Match[str] | None], ...]:
    """Return a path's keys, each with the element of a list that is meant, if one is. Paths are few."""
    steps = []
    for step in path.split("."):
        parts = _STEP.fullmatch(step)
        if parts is None:
            raise ValueError(f"{path!r} is no path")
        steps.append((parts["key"], parts if parts["index"] or parts["field"] else None))
    return tuple(steps)


def _element(rows: Any, parts: re.Match[str]) -> Any:
    if not isinstance(rows, list):
        return ABSENT
    if parts["index"]:
        position = int(parts["index"])
        return rows[position] if position < len(rows) else ABSENT
    for row in rows:
        if (
            isinstance(row, Mapping)
            and str(row.get(parts["field"])).lower() == parts["value"].lower()
        ):
            return row
    return ABSENT


class Answer(dict[str, Any]):
    """An object as the panel sent it, which remembers what it answers, for messages.

    :param action: what was being done, after "Cannot ".
    :param operation: name of the operation.
    """

    def __init__(self, raw: Mapping[str, Any], action: str, operation: str) -> None:
        super().__init__(raw)
        self.action = action
        self.operation = operation


@dataclass(frozen=True)
class Field:
    """One value of an object.

    :param name: in options and results.
    :param path: where it is in the answer, see :func:`pick`; of several the first that is there.
    :param kind: turns the panel's value into the typed one; raises ``ValueError`` or ``TypeError``.
    :param unit: such as "MB"; part of the documentation and of each reported change.
    :param compare: when a value counts as the wanted one.
    :param absent: the value where the answer does not mention it; :data:`ABSENT` leaves the field out.
    :param required: whether an answer without it is not the object that was asked for.
    :param why_not: for ``AT_LEAST``: why the panel does not go below the present value.
    :param unseen: why a value that the panel does not show is not changed; empty if it may be.
    """

    name: str
    path: str | tuple[str, ...]
    kind: Callable[[Any], Any]
    unit: str = ""
    compare: Compare = Compare.EQ
    absent: Any = ABSENT
    required: bool = False
    why_not: str = ""
    unseen: str = ""

    def read(self, raw: Any) -> Any:
        """Return the typed value, or :data:`ABSENT`.

        :raises PanelError: ``protocol`` when the panel sends something of another type, or leaves
            out what is required.
        """
        paths = (self.path,) if isinstance(self.path, str) else self.path
        value = next(
            (found for found in (pick(raw, path) for path in paths) if found is not ABSENT), ABSENT
        )
        if value is ABSENT and self.required:
            raise unreadable(f"the panel sends an object without {self.name}")
        if value is ABSENT:
            return self.absent
        try:
            return self.kind(value)
        except (TypeError, ValueError, OverflowError, LookupError, AttributeError):
            raise unreadable(
                f"the panel sends {value!r:.60} as {self.name}, which is no {self.kind.__name__}"
            ) from None

    def satisfied(self, value: Any, desired: Any) -> bool:
        """Whether ``value`` counts as ``desired``."""
        if self.compare is Compare.SET:
            return set(value or ()) == set(desired or ())
        if self.compare is Compare.AT_LEAST:
            return bool(value is not None and value >= desired)
        return bool(value == desired)

    def obstacle(self, value: Any, desired: Any) -> str | None:
        """Return why ``value`` cannot become ``desired``, or None if nothing is known to prevent it."""
        if value is None:
            return self.unseen or None
        return self.why_not if self.compare is Compare.AT_LEAST and value > desired else None


class Schema(Mapping[str, Field]):
    """The fields of a resource, by name, in the order of the result."""

    def __init__(self, *fields: Field) -> None:
        self._fields = {field.name: field for field in fields}

    def __getitem__(self, name: str) -> Field:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def project(self, raw: Any) -> dict[str, Any]:
        """Return the typed values that the answer holds; a field it does not mention is left out.

        :raises PanelError: ``protocol``, see :meth:`Field.read`; of an :class:`Answer` it says
            what was being done.
        """
        try:
            values = [(name, field.read(raw)) for name, field in self._fields.items()]
        except PanelError as error:
            if isinstance(raw, Answer):
                error.action, error.operation = raw.action, raw.operation
            raise
        return {name: value for name, value in values if value is not ABSENT}


def anything(value: Any) -> Any:
    """The value as it came."""
    return value


def text(value: Any) -> str | None:
    """Text, or null."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(value)
    return str(value)


def integer(value: Any) -> int | None:
    """A whole number, also where it comes as text; or null."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, str, float)):
        raise TypeError(value)
    number = int(value)
    if isinstance(value, float) and number != value:
        raise ValueError(value)
    return number


def number(value: Any) -> float | None:
    """A number, also where it comes as text. ``false`` and null mean that there is none."""
    if value is None or value is False:
        return None
    if value is True or not isinstance(value, (int, float, str)):
        raise TypeError(value)
    return float(value)


def boolean(value: Any) -> bool:
    """Yes or no, also where it comes as 0 or 1 or as text; null is no."""
    if value in (None, 0, "0", "", "false"):  # 0 == False
        return False
    if value in (1, "1", "true"):
        return True
    raise TypeError(value)


def limit(value: Any) -> int | None:
    """A limit, where 0, null and absence all mean that there is none."""
    return integer(value) or None
