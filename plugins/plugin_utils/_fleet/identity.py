# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Identify a change by action, panel and target. A plan, a journal and a lock belong to one identity."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...module_utils._core.plain_text import without_lone_surrogates


def canonical(value: Any) -> str:
    """Return a value as JSON in one line: keys in order, no blanks, ASCII only.

    :raises ValueError: for a number that JSON does not have.
    :raises TypeError: the value is not plain data.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def parsed(content: bytes | str) -> Any:
    """Parse the JSON text of a file, with U+FFFD for each lone surrogate.

    :raises ValueError: it is not JSON, contains a number that JSON does not have, or is nested too deep.
    """
    try:
        value = json.loads(content, parse_constant=_no_number, parse_float=_finite)
        return without_lone_surrogates(value)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is not a number")


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def sha256_of(value: Any) -> str:
    """Return the SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode("ascii")).hexdigest()


@dataclass(frozen=True)
class Identity:
    """One action on one panel with one target.

    :param panel: the panel's name, such as ``toys``.
    :param address: of the panel.
    :param action: the action's name.
    :param target: the target of every item.
    :param shard: the part of the items, such as ``2/4``; ``None`` for all.
    """

    panel: str
    address: str
    action: str
    target: Mapping[str, Any]
    shard: str | None = None

    @property
    def place(self) -> str:
        """The name of files about this panel."""
        return place_of(self.address)

    def to_plain(self) -> dict[str, Any]:
        """Return the identity as plain data for a file."""
        return {
            "panel": self.panel,
            "address": self.address,
            "action": self.action,
            "target": dict(self.target),
            **({"shard": self.shard} if self.shard else {}),
        }

    def difference(self, other: Mapping[str, Any]) -> str | None:
        """Return how a file's identity differs from this one, or ``None``."""
        if other.get("address") != self.address:
            return f"it is for the panel {other.get('address')}, and this is {self.address}"
        if other.get("action") != self.action:
            return f"it is about {other.get('action')}, and this is {self.action}"
        if other.get("shard") != self.shard:
            return f"it is for {_part(other.get('shard'))}, and this is {_part(self.shard)}"
        theirs = other.get("target")
        if not isinstance(theirs, Mapping):
            return "it does not state its target"
        for key in dict.fromkeys((*theirs, *self.target)):
            mine, then = self.target.get(key), theirs.get(key)
            if mine == then:
                continue
            if key not in theirs:
                return f"it has no {key}, which is now {mine!s:.80}"
            if key not in self.target:
                return f"it is for {key} {then!s:.80}, and this task has no {key}"
            return f"it is for {key} {then!s:.80}, which is now {mine!s:.80}"
        return None


def _part(shard: Any) -> str:
    return f"the shard {shard}" if shard else "all shards"


def place_of(address: str) -> str:
    """Return the name of files about the panel with this address."""
    return sha256_of(address)[:16]
