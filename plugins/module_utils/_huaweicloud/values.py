# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values that the service sends in several forms, each as one type (huaweicloud_cph 3.1b)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
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


def product(value: Any) -> str | None:
    """Return the purpose of a flavor, ``unknown`` for an undocumented number."""
    kind = integer(value)
    return None if kind is None else PRODUCTS.get(kind, "unknown")
