# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what the operator wrote to exactly one object."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from .errors import Code, PanelError, invalid


def exactly_one(
    rows: Iterable[Mapping[str, Any]], name: str, *, what: str, option: str
) -> Mapping[str, Any]:
    """Return the one row whose ``name`` is the wanted one, to the letter.

    :param rows: projected objects with ``id`` and ``name``.
    :param what: the object's name in messages, such as "server".
    :param option: the option that takes an id instead, for the hint.
    :raises PanelError: ``not_found`` (with names that look alike), or ``ambiguous`` (with the ids).
    """
    candidates = list(rows)
    hits = [row for row in candidates if row["name"] == name]
    if len(hits) == 1:
        return hits[0]
    doing = f"find the {what} named {name!r}"
    if hits:
        ids = ", ".join(str(row["id"]) for row in hits)
        raise PanelError(
            Code.AMBIGUOUS,
            f"{len(hits)} have that name, with the ids {ids}",
            doing=doing,
            hint=f"set {option}",
        )
    names = {str(row["name"]) for row in candidates}
    alike = difflib.get_close_matches(name, sorted(names), n=3)
    hint = (
        "did you mean " + " or ".join(repr(other) for other in alike) + "?"
        if alike
        else "names are case-sensitive"
    )
    raise PanelError(
        Code.NOT_FOUND, f"none of the {len(candidates)} has that name", doing=doing, hint=hint
    )


def positive(option: str, value: int) -> int:
    """Return an id. :raises PanelError: ``validation`` for a number that no panel gives an object."""
    if value < 1:
        raise invalid(f"{option} must be a positive number, not {value}")
    return value
