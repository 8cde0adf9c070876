# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the phone service writes in several ways, as one type each (huaweicloud_cph 3.1b)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from .._core.fields import integer, text

#: What a flavor is for.
PRODUCTS: Mapping[int, str] = {0: "phone", 1: "gaming"}


def count(value: Any) -> int | float | None:
    """A number, whole where it is: a sample of the vendor has ``2.0`` cores. Empty text is none."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise TypeError(value)
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return int(number) if number.is_integer() else number


def reported(value: Any) -> str | None:
    """Text; an empty one tells no more than null does."""
    return text(value) or None


def properties(value: Any) -> dict[str, Any]:
    """Further properties: an object, or JSON inside a text, or nothing at all.

    Text that is no JSON object is kept under ``raw``: a sample of the vendor is not valid.
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
    """What a flavor is for; ``unknown`` for a number that is in no document."""
    kind = integer(value)
    return None if kind is None else PRODUCTS.get(kind, "unknown")
