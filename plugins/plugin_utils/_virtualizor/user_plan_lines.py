# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the rows of user plans as lines of text. Control characters of a terminal are replaced."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ...module_utils._core.safe_text import plain, width

Row = Mapping[str, Any]


def user_plan_lines(rows: Iterable[Row]) -> list[str]:
    """Return one line for each row.

    In the line of a new user plan, values that are 0, false or empty are left out, since the panel stores
    them anyway.
    """
    rows = list(rows)
    labels = [_label(row) for row in rows]
    widest = max(map(width, labels), default=0)
    lines = []
    for row, label in zip(rows, labels, strict=True):
        outcome = "FAILED" if row["outcome"] == "failed" else row["outcome"]
        space = " " * (widest - width(label))
        lines.append(f"{outcome:9}  {label}{space}  {_reason_or_changes(row)}".rstrip())
    return lines


def _label(row: Row) -> str:
    name = plain(row["name"])
    if row["id"] is None and row["outcome"] == "failed":
        return name  # it need not be a new one: several may have this name
    return f"{name} ({'new' if row['id'] is None else row['id']})".lstrip()


def _reason_or_changes(row: Row) -> str:
    if row["outcome"] == "failed":
        return plain(row["msg"])
    changes = row["changes"]
    if any(change["field"] == "state" for change in changes):
        new = (change for change in changes if change["field"] not in ("state", "plan_name"))
        return ", ".join(_value(change) for change in new if change["desired"])
    return ", ".join(_change(change) for change in changes)


def _value(change: Row) -> str:
    unit = f" {change['unit']}" if change.get("unit") else ""
    return f"{change['field']} {_shown(change['desired'])}{unit}"


def _change(change: Row) -> str:
    unit = f" {change['unit']}" if change.get("unit") else ""
    return f"{change['field']} {_shown(change['before'])} -> {_shown(change['desired'])}{unit}"


def _shown(value: Any) -> str:
    """Return a value as it is written in the list of user plans."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_shown, value))}]"
    return "none" if value is None else json.dumps(value)
