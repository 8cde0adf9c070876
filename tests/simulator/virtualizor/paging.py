# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages of a list: a map of records without a total (virtualizor 4.5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from .call import Call
from .state import Row

DEFAULT_LENGTH = 50
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def page_of(
    call: Call, rows: Sequence[Row], key: str, render: Callable[[Row], Row]
) -> dict[str, Any]:
    """Return one page as id → record. Only the rows of the page are rendered."""
    length = call.number("reslen")
    if length <= 0:
        as_all = call.switch("reslen_zero") == "all" and call.text("reslen").strip() == "0"
        length = max(1, len(rows)) if as_all else DEFAULT_LENGTH
    start = _page(call) * length
    fault = call.fault
    if fault is not None and fault.kind == "empty_page":
        return {}
    if fault is not None:
        start = max(0, start - fault.rows_inserted)
    return {row[key]: render(row) for row in rows[start : start + length]}


def _page(call: Call) -> int:
    """Return the number of the requested page, counted from 0."""
    text = call.text("page").strip()
    if not text or call.switch("page_ignored") == "true":
        return 0
    return max(0, call.number("page") - int(call.switch("page_base")))


def sorted_rows(call: Call, rows: Sequence[Row]) -> list[Row]:
    """Sort by `sortcolumn` and `sortby` (OBSERVED). An unknown column sorts nothing (INFERRED)."""
    column = call.text("sortcolumn")
    if not rows or column not in rows[0]:
        return list(rows)

    def key(row: Row) -> tuple[bool, float, str]:
        text = str(row[column] or "")
        number = NUMBER.fullmatch(text) is not None
        return (not number, float(text) if number else 0.0, text.lower())

    return sorted(rows, key=key, reverse=call.text("sortby").lower() == "desc")


def like(text: str, part: str) -> bool:
    """Return whether a text contains a part, in any case. `*` in the part matches any text (virtualizor 3.6)."""
    position = 0
    for piece in part.lower().split("*"):
        found = text.lower().find(piece, position)
        if found < 0:
            return False
        position = found + len(piece)
    return True


def named_like(call: Call, name: str) -> bool:
    """Return whether a plan's name passes the filter `planname`."""
    wanted = call.text("planname")
    how = call.switch("planname_filter")
    if not wanted or how == "ignored":
        return True
    return name == wanted if how == "exact" else like(name, wanted)
