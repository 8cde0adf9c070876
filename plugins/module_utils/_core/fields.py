# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fields of an object: the place in the panel's response, type, unit and comparison of each value.

A :class:`Schema` is the only projection of a resource. Info modules return it, and write modules
return and compare it. It is an allow-list: a value without a field is never returned.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from .errors import PanelError, unreadable


class Compare(enum.Enum):
    """How an actual value is compared with the desired one."""

    #: The same value.
    EQ = "eq"
    #: The same elements, in any order.
    SET = "set"
    #: At least the desired value: the panel can raise the value but never lowers it.
    AT_LEAST = "at_least"


class _NotShown:
    def __repr__(self) -> str:
        return "NOT_SHOWN"


#: A value that is missing in the panel's response. Null is a value.
NOT_SHOWN = _NotShown()

_STEP = re.compile(r"(?P<key>[^.\[\]]*)(?:\[(?:(?P<index>\d+)|(?P<field>\w+)=(?P<value>\w+))\])?")

#: A fraction that is zero, at the end of a number in text. A decimal column of a database prints one.
_ZEROS = re.compile(r"(?<=\d)\.0*(?=\s*$)")


def pick(raw: Any, path: str) -> Any:
    """Return the value at a path in a response, or :data:`NOT_SHOWN`.

    A path consists of keys separated by dots. After a key, ``[0]`` selects an element of a list by its
    position, and ``[primary=true]`` selects the first element whose field has that value. PHP sends
    ``[]`` for an empty object; its keys are absent.
    """
    value = raw
    for key, element in _steps(path):
        value = value.get(key, NOT_SHOWN) if isinstance(value, Mapping) else NOT_SHOWN
        if element is not None:
            value = _element(value, element)
    return value


@cache
def _steps(path: str) -> tuple[tuple[str, re.Match[str] | None], ...]:
    """Split a path into steps: a key, and the selector of a list element or ``None``."""
    steps = []
    for step in path.split("."):
        parts = _STEP.fullmatch(step)
        if parts is None:
            raise ValueError(f"{path!r} is not a path")
        steps.append((parts["key"], parts if parts["index"] or parts["field"] else None))
    return tuple(steps)


def _element(rows: Any, parts: re.Match[str]) -> Any:
    if not isinstance(rows, list):
        return NOT_SHOWN
    if parts["index"]:
        position = int(parts["index"])
        return rows[position] if position < len(rows) else NOT_SHOWN
    for row in rows:
        if (
            isinstance(row, Mapping)
            and str(row.get(parts["field"])).lower() == parts["value"].lower()
        ):
            return row
    return NOT_SHOWN


class Answer(dict[str, Any]):
    """An object from a response, with its operation for error messages.

    :param action: the action in messages, after "Cannot ".
    :param operation: name of the operation.
    :param wrote: whether the operation may have changed something, so that an unreadable value leaves its
        effect unknown.
    """

    def __init__(
        self, raw: Mapping[str, Any], action: str, operation: str, *, wrote: bool = False
    ) -> None:
        super().__init__(raw)
        self.action = action
        self.operation = operation
        self.wrote = wrote


@dataclass(frozen=True)
class Field:
    """One value of an object.

    :param name: the name in options and results.
    :param path: the path in the response, see :func:`pick`. Of several paths, the first match is used.
    :param kind: converts the panel's value to the type; raises ``ValueError`` or ``TypeError``.
    :param unit: the unit in documentation and reported changes, such as "MB".
    :param compare: how the actual value is compared with the desired one.
    :param absent: the value if the response does not contain one; :data:`NOT_SHOWN` omits the field.
    :param required: whether a response without the value is an error.
    :param why_not: for ``AT_LEAST``, why the panel does not lower the value.
    :param unseen: why a value that the panel does not show is not changed; empty if it may be changed.
    """

    name: str
    path: str | tuple[str, ...]
    kind: Callable[[Any], Any]
    unit: str = ""
    compare: Compare = Compare.EQ
    absent: Any = NOT_SHOWN
    required: bool = False
    why_not: str = ""
    unseen: str = ""

    def read(self, raw: Any) -> Any:
        """Return the typed value, or :data:`NOT_SHOWN`.

        :raises PanelError: ``protocol`` if the value has another type, or is required and missing.
        """
        paths = (self.path,) if isinstance(self.path, str) else self.path
        value = next(
            (found for found in (pick(raw, path) for path in paths) if found is not NOT_SHOWN),
            NOT_SHOWN,
        )
        if value is NOT_SHOWN and self.required:
            raise _unreadable(raw, f"the panel sends an object without {self.name}")
        if value is NOT_SHOWN:
            return self.absent
        try:
            return self.kind(value)
        except PanelError as error:  # of an object inside this one
            raise _located(raw, error) from None
        except (TypeError, ValueError, OverflowError, LookupError, AttributeError):
            raise _unreadable(
                raw,
                f"the panel sends {value!r:.60} as {self.name}, which is not a valid {self.kind.__name__}",
            ) from None

    def satisfied(self, value: Any, desired: Any) -> bool:
        """Return whether an actual value satisfies the desired one."""
        if self.compare is Compare.SET:
            return set(value or ()) == set(desired or ())
        if self.compare is Compare.AT_LEAST:
            return bool(value is not None and value >= desired)
        return bool(value == desired)

    def obstacle(self, value: Any, desired: Any) -> str | None:
        """Return the known reason why the panel refuses a change to ``desired``, or ``None``."""
        if value is None:
            return self.unseen or None
        return self.why_not if self.compare is Compare.AT_LEAST and value > desired else None


class Schema(dict[str, Field]):
    """The fields of a resource, by name, in the order of the result."""

    def __init__(self, *fields: Field) -> None:
        super().__init__((field.name, field) for field in fields)

    def project(self, raw: Any) -> dict[str, Any]:
        """Return the typed values in a response. Absent fields are omitted.

        :raises PanelError: ``protocol``, see :meth:`Field.read`; with the action of an :class:`Answer`.
        """
        values = ((name, field.read(raw)) for name, field in self.items())
        return {name: value for name, value in values if value is not NOT_SHOWN}


def rows_of(name: str, schema: Schema) -> Callable[[Any], list[dict[str, Any]]]:
    """Return a function that projects the objects in a list. An empty or false value is an empty list.

    :param name: the name of the function, for messages.
    """

    def rows(value: Any) -> list[dict[str, Any]]:
        found = value or []
        if not isinstance(found, list) or not all(isinstance(row, Mapping) for row in found):
            raise TypeError(value)
        return [schema.project(row) for row in found]

    rows.__name__ = name
    return rows


#: The hint after a write that the panel has accepted and whose outcome cannot be read.
ACCEPTED = "the panel has accepted the request: check the panel before you run this again"


def _unreadable(raw: Any, message: str) -> PanelError:
    """Return the error for a value in a response that does not match the API."""
    return _located(raw, unreadable(message))


def _located(raw: Any, error: PanelError) -> PanelError:
    """Return the error with the operation that sent the object."""
    if isinstance(raw, Answer):
        error.action, error.operation, error.uncertain = raw.action, raw.operation, raw.wrote
        if raw.wrote:
            error.add_hint(ACCEPTED)
    return error


def anything(value: Any) -> Any:
    """Return the value unchanged."""
    return value


def secret(value: Any) -> str:
    """Return a text that is not empty, such as a password. :raises ValueError: it is empty or null."""
    found = text(value)
    if not found:
        raise ValueError(value)
    return found


def text_identifier(value: Any) -> str:
    """Return the ID or the unique name of an object. :raises ValueError: it is empty or null."""
    return secret(value)


def identifier(value: Any) -> int:
    """Return the ID of an object. :raises ValueError: it is null."""
    found = integer(value)
    if found is None:
        raise ValueError(value)
    return found


def whole_amount(value: Any) -> int:
    """Return an integer that must be known. :raises ValueError: it is null."""
    return identifier(value)


def text(value: Any) -> str | None:
    """Return a text, or ``None``."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(value)
    return str(value)


def integer(value: Any) -> int | None:
    """Return an integer, also from text such as ``"2048.00"``, or ``None``.

    :raises ValueError: the value has a fraction.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, str, float)):
        raise TypeError(value)
    number = int(_ZEROS.sub("", value) if isinstance(value, str) else value)
    if isinstance(value, float) and number != value:
        raise ValueError(value)
    return number


def number(value: Any) -> float | None:
    """Return a number, also from text, or ``None`` for ``false`` and null."""
    if value is None or value is False:
        return None
    if value is True or not isinstance(value, (int, float, str)):
        raise TypeError(value)
    return float(value)


def boolean(value: Any) -> bool:
    """Return a boolean, also from 0, 1 or text. Null is false."""
    if value in (None, 0, "0", "", "false"):  # 0 == False
        return False
    if value in (1, "1", "true"):
        return True
    raise TypeError(value)


def limit(value: Any) -> int | None:
    """Return a limit, or ``None`` for 0 and null, which mean no limit."""
    return integer(value) or None
