# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Selection of objects by the operator's options: exactly one, or all with matching names."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from .errors import Code, PanelError, invalid

T = TypeVar("T")


def exactly_one(
    rows: Iterable[Mapping[str, Any]], desired: str, *, what: str, option: str, by: str = "name"
) -> Mapping[str, Any]:
    """Return the only row whose name, or another field, equals the desired value.

    :param rows: projected objects with ``id`` and the field.
    :param what: the object's name in messages, such as "server".
    :param option: the option that selects by ID instead, for the hint.
    :param by: the field to compare.
    :raises PanelError: ``not_found`` (with values that look alike), or ``ambiguous`` (with the ids).
    """
    candidates = list(rows)
    hits = [row for row in candidates if row[by] == desired]
    if len(hits) == 1:
        return hits[0]
    action = f"find the {what} {'named' if by == 'name' else f'with the {by}'} {desired!r}"
    if hits:
        ids = ", ".join(str(row["id"]) for row in hits)
        message = f"{len(hits)} have that {by}, with the ids {ids}"
        raise PanelError(Code.AMBIGUOUS, message, action=action, hint=f"set {option}")
    alike = difflib.get_close_matches(desired, sorted({str(row[by]) for row in candidates}), n=3)
    guess = " or ".join(map(repr, alike))
    hint = f"did you mean {guess}?" if alike else f"{by}s are case-sensitive"
    raise PanelError(
        Code.NOT_FOUND, f"none of the {len(candidates)} has that {by}", action=action, hint=hint
    )


def name_passes(
    name: str | None, patterns: Iterable[str] | None, excluded: Iterable[str] | None
) -> bool:
    """Return whether a name passes a case-sensitive filter. A missing name counts as an empty one.

    :param patterns: shell patterns; at least one must match. ``None`` accepts all names.
    :param excluded: shell patterns; a name that matches one of them does not pass.
    """

    def matches(desired: Iterable[str]) -> bool:
        return any(fnmatchcase(name or "", pattern) for pattern in desired)

    return (patterns is None or matches(patterns)) and not matches(excluded or ())


def positive(option: str, value: int) -> int:
    """Return an id. :raises PanelError: ``validation`` for a number that no panel gives an object."""
    if value < 1:
        raise invalid(f"{option} must be a positive number, not {value}")
    return value


def each_once(option: str, values: Sequence[T], noun: str) -> Sequence[T]:
    """Return the values of an option.

    :param noun: the plural noun for the values.
    :raises PanelError: ``validation`` if a value occurs twice.
    """
    twice = [str(value) for value, times in Counter(values).items() if times > 1]
    if twice:
        raise invalid(f"{option} names {noun} twice: {', '.join(twice[:10])}")
    return values
