# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write rows of ``changes`` as text on one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...module_utils._core.safe_text import plain

Row = Mapping[str, Any]

#: Names of outcomes in a plan.
_PLANNED = {"changed": "would change"}


def change_text(change: Row) -> str:
    """Return a row of ``changes`` as ``2 -> 4``, or as ``stays 200`` if it is refused."""
    if change["outcome"] == "refused":
        return f"stays {_value(change['after'])}"
    after = change["after"] if change["before"] != change["after"] else change["desired"]
    return f"{_value(change['before'])} -> {_value(after)}"


def field_text(change: Row) -> str:
    """Return a row of ``changes`` with its field and unit, such as ``memory 2048 -> 4096 MB``."""
    unit = f" {plain(change['unit'])}" if change.get("unit") else ""
    return f"{plain(change['field'])} {change_text(change)}{unit}"


def changes_text(row: Row) -> str:
    """Return the changes of a server on one line, also those that are ordered and do not show yet."""
    return "; ".join(
        field_text(change) for change in row["changes"] if change["outcome"] != "refused"
    )


def refused_fields(row: Row) -> list[str]:
    """Return the fields of a server that the panel does not change."""
    return [str(change["field"]) for change in row["changes"] if change["outcome"] == "refused"]


def is_partly_refused(row: Row) -> bool:
    """Whether a server changed, and the panel refused some of the values."""
    return row["outcome"] in ("changed", "ordered") and bool(refused_fields(row))


def outcome_text(row: Row, *, dry_run: bool) -> str:
    """Return an outcome in words."""
    text = _PLANNED.get(row["outcome"], row["outcome"]) if dry_run else row["outcome"]
    return f"{text} in part" if is_partly_refused(row) else str(text)


def _value(value: Any) -> str:
    return "none" if value is None else plain(value)
