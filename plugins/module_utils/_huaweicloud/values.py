# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values that the service sends in several forms, each as one type, and exact filters for them.

The filters of the service are fuzzy or missing (huaweicloud_cph 3.1b).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection, Mapping
from typing import Any

from .._core.fields import integer, text

#: The purpose of a flavor.
PRODUCTS: Mapping[int, str] = {0: "phone", 1: "gaming"}


def count(value: Any) -> int | float | None:
    """Return a number, as an integer if it is whole: a sample has ``2.0`` cores. Empty text is None."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise TypeError(value)
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return int(number) if number.is_integer() else number


def reported(value: Any) -> str | None:
    """Return text, or None for an empty text."""
    return text(value) or None


def properties(value: Any) -> dict[str, Any]:
    """Return further properties from an object or from JSON in a text.

    Text that is not a JSON object is under ``raw``: a sample of the vendor is not valid JSON.
    """
    if not value:
        return {}
    if isinstance(value, Mapping):
        return dict(value)
    if not isinstance(value, str):
        raise TypeError(value)
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        found = value.strip()
    if isinstance(found, dict):
        return found
    return {"raw": found} if found else {}


def word_of(name: str, meanings: Mapping[int, str]) -> Callable[[Any], str | None]:
    """Return a function that returns the meaning of a number, ``unknown`` for an undocumented one.

    :param name: the name of the function, for messages.
    """

    def word(value: Any) -> str | None:
        number = integer(value)
        return None if number is None else meanings.get(number, "unknown")

    word.__name__ = name
    return word


product = word_of("product", PRODUCTS)


#: The accepted values of each field; None accepts any value.
Allowed = Mapping[str, "Collection[Any] | None"]


def passes(view: Mapping[str, Any], allowed: Allowed) -> bool:
    """Return whether each field of an object has an accepted value."""
    return all(values is None or view.get(field) in values for field, values in allowed.items())


def only(value: Any) -> tuple[Any, ...] | None:
    """Return the accepted values for an option with one value."""
    return None if value is None else (value,)


def single(values: Collection[Any] | None) -> Any:
    """Return the only value, or None. The service filters by one value."""
    return next(iter(values)) if values is not None and len(values) == 1 else None


def status_of(meanings: Mapping[int, str], words: Collection[str] | None) -> int | None:
    """Return the only status number of some states, or None."""
    desired = [number for number, word in meanings.items() if word in (words or ())]
    known = set(words or ()) <= set(meanings.values())
    return desired[0] if known and len(desired) == 1 else None


def words_of(meanings: Mapping[int, str]) -> list[str]:
    """Return the states of a status table, each once, and ``unknown``."""
    return [*dict.fromkeys(meanings.values()), "unknown"]
