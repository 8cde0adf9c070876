# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters, applied here to the letter: the service's own let more through, or are not there (huaweicloud_cph 3.1b)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

#: Which values of which fields are asked for; ``None`` sets no bound.
Allowed = Mapping[str, "Collection[Any] | None"]


def passes(view: Mapping[str, Any], allowed: Allowed) -> bool:
    """Whether an object has, in each field, one of the values that are asked for."""
    return all(values is None or view.get(field) in values for field, values in allowed.items())


def only(value: Any) -> tuple[Any, ...] | None:
    """The bound of an option that takes one value."""
    return None if value is None else (value,)


def single(values: Collection[Any] | None) -> Any:
    """The one value that is asked for, ``None`` where there are several or any: the service filters by one."""
    return next(iter(values)) if values is not None and len(values) == 1 else None


def status_of(meanings: Mapping[int, str], words: Collection[str] | None) -> int | None:
    """The one number that stands for the words asked for, ``None`` where several do, or none."""
    desired = [number for number, word in meanings.items() if word in (words or ())]
    known = set(words or ()) <= set(meanings.values())
    return desired[0] if known and len(desired) == 1 else None


def words_of(meanings: Mapping[int, str]) -> list[str]:
    """The words that a status can be asked for by, each once."""
    return [*dict.fromkeys(meanings.values()), "unknown"]
