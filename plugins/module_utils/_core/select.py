# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Selection of objects by the operator's options: exactly one, or all with matching names."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from operator import eq
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
    :raises PanelError: ``not_found`` (with similar values), ``ambiguous`` (with the IDs), or
        ``validation`` if no value is given.
    """
    if not isinstance(desired, str):
        raise invalid(f"the {by} of the {what} is not set")
    candidates = list(rows)
    same = _same_uuid if by == "uuid" else eq
    hits = [row for row in candidates if same(row[by], desired)]
    if len(hits) == 1:
        return hits[0]
    word = by.split("_")[-1]  # the option of a plan_name may have another name
    action = f"find the {what} {'named' if word == 'name' else f'with the {word}'} {desired!r}"
    if hits:
        ids = ", ".join(str(row["id"]) for row in hits)
        message = f"{len(hits)} have that {word}, with the IDs {ids}"
        raise PanelError(Code.AMBIGUOUS, message, action=action, hint=f"set {option}")
    hint = mistaken_id(desired, candidates, by)
    hint = f"{hint}: set {option}" if hint else similar(desired, [row[by] for row in candidates])
    raise PanelError(
        Code.NOT_FOUND,
        f"none of the {len(candidates)} has that {word}",
        action=action,
        hint=hint or f"{word}s are case-sensitive",
    )


def _same_uuid(shown: Any, desired: str) -> bool:
    """Compare UUIDs without letter case, as their standard does (RFC 9562, 4)."""
    return isinstance(shown, str) and shown.lower() == desired.strip().lower()


def with_id(rows: Iterable[Mapping[str, Any]], number: int, what: str) -> dict[str, Any]:
    """Return the row with an ID. :raises PanelError: ``not_found``.

    :param what: the object's name in messages, such as "server".
    """
    for row in rows:
        if row["id"] == number:
            return dict(row)
    raise PanelError(Code.NOT_FOUND, f"there is no such {what}", action=f"read {what} {number}")


def similar(desired: str, names: Iterable[Any]) -> str:
    """Return "did you mean …?" with similar names, or an empty text.

    The comparison ignores letter case and white space around a name.
    """
    spellings: dict[str, dict[str, None]] = {}
    for name in names:
        if name:
            spellings.setdefault(_folded(str(name)), {})[str(name)] = None
    folded = _folded(desired)
    same = folded in spellings
    close = [folded] if same else difflib.get_close_matches(folded, sorted(spellings), n=3)
    found = [spelling for each in close for spelling in sorted(spellings[each])]
    guess = " or ".join(map(repr, found[:3]))
    if not guess:
        return ""
    return f"did you mean {guess}?{' Names are case-sensitive' if same else ''}"


def _folded(name: str) -> str:
    return name.strip().casefold()


def mistaken_id(desired: str, rows: Iterable[Mapping[str, Any]], by: str) -> str:
    """Return a hint if an ID was given instead of a name, or an empty text."""
    row = next((row for row in rows if str(row["id"]) == desired.strip()), None)
    return f"{desired.strip()} is the ID of {row[by]!r}" if row else ""


def mistaken_name(desired: Any, rows: Iterable[Mapping[str, Any]], by: str) -> str:
    """Return a hint if a name was given instead of an ID, or an empty text."""
    row = next((row for row in rows if row[by] == str(desired)), None)
    return f"{desired} is the name of the one with the ID {row['id']}" if row else ""


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
