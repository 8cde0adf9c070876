# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what the operator wrote to the objects that are meant: exactly one, or all whose names match."""

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
    """Return the one row whose name, or another field, is the wanted one, to the letter.

    :param rows: projected objects with ``id`` and the field.
    :param what: the object's name in messages, such as "server".
    :param option: the option that takes an id instead, for the hint.
    :param by: the field to compare.
    :raises PanelError: ``not_found`` (with values that look alike), ``ambiguous`` (with the ids), or
        ``validation`` if no value is given.
    """
    if not isinstance(desired, str):
        raise invalid(f"the {by} of the {what} is not set")
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
    """Whether a name passes a filter. No name counts as an empty one; upper and lower case differ.

    :param patterns: shell patterns, one of which must match; ``None`` sets no bound.
    :param excluded: shell patterns, none of which may match.
    """

    def matches(desired: Iterable[str]) -> bool:
        return any(fnmatchcase(name or "", pattern) for pattern in desired)

    return (patterns is None or matches(patterns)) and not matches(excluded or ())


def named(option: str, value: str | None) -> str:
    """Return the name that an option gives. :raises PanelError: ``validation`` if it is not set, or blank.

    An object without a name, or one called "None", must never be found by an option that is not set.
    """
    if value is None or not value.strip():
        raise invalid(f"{option} is empty")
    return value


def positive(option: str, value: int | None) -> int:
    """Return an ID. :raises PanelError: ``validation`` if it is not set, or not a positive number."""
    if value is None or value < 1:
        raise invalid(f"{option} must be a positive number, not {value}")
    return value


def each_once(option: str, values: Sequence[T], noun: str) -> Sequence[T]:
    """Return what an option names, each once.

    :param noun: what it names, in the plural.
    :raises PanelError: ``validation``, with what it names twice.
    """
    twice = [str(value) for value, times in Counter(values).items() if times > 1]
    if twice:
        raise invalid(f"{option} names {noun} twice: {', '.join(twice[:10])}")
    return values
