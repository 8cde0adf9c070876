# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exact filters. Those of the service are fuzzy or missing (huaweicloud_cph 3.1b)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

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
