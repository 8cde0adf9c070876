# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the results of a run as a text table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ...module_utils._core.safe_text import plain, width
from .row_text import change_text

Row = Mapping[str, Any]
#: Outcomes of servers that show a word or a sentence instead of values.
_IN_WORDS = {
    "failed": "FAILED: {msg}",
    "in_doubt": "IN DOUBT: {msg}",
    "moved": "moved: {msg}",
    "skipped": "skipped",
    "unchanged": "unchanged",
}


def table(rows: Iterable[Any]) -> list[str]:
    """Return rows of a result as the lines of a table.

    The table has one line for each server, and one column for each field that changes or is refused.
    The reasons for refusals follow below the table.

    :raises ValueError: the input is not rows of a result.
    """
    rows = list(rows)
    needed = {"id", "name", "outcome", "changes", "msg"}
    if not all(isinstance(row, Mapping) and needed <= set(row) for row in rows):
        raise ValueError("takes a list of rows such as a bulk action's results")
    if not rows:
        return []
    in_words = {
        row["id"]: _IN_WORDS[row["outcome"]].format(**row)
        for row in rows
        if row["outcome"] in _IN_WORDS
    }
    compared = [row for row in rows if row["id"] not in in_words]
    columns = [
        _Column(["id"], {row["id"]: str(row["id"]) for row in rows}, right=True),
        _Column(["name"], {row["id"]: plain(row["name"]) for row in rows}),
        *(_column(field, compared) for field in _fields(compared)),
    ]
    height = max(len(column.header) for column in columns)
    lines = [[column.title(line, height) for column in columns] for line in range(height)]
    for row in rows:
        text = in_words.get(row["id"])
        if text is None:
            lines.append([column.cell(row["id"]) for column in columns])
        else:
            lines.append([*(column.cell(row["id"]) for column in columns[:2]), plain(text)])
    return [*("  ".join(line).rstrip() for line in lines), *_reasons(compared)]


class _Column:
    """One column: the lines of its header, aligned to the bottom, and its cells by server."""

    def __init__(self, header: list[str], cells: Mapping[Any, str], right: bool = False) -> None:
        self.header = header
        self._cells = cells
        self._right = right
        self._width = max(width(text) for text in (*header, *cells.values()))

    def title(self, line: int, height: int) -> str:
        """Return a line of the header. Short headers begin further down."""
        line -= height - len(self.header)
        return self._fill(self.header[line] if line >= 0 else "")

    def cell(self, server: Any) -> str:
        return self._fill(self._cells.get(server, ""))

    def _fill(self, text: str) -> str:
        space = " " * (self._width - width(text))
        return space + text if self._right else text + space


def _fields(rows: list[Row]) -> list[str]:
    """Return the fields in the order of the module, taken first from the rows with the most fields."""
    by_length = sorted(rows, key=lambda row: len(row["changes"]), reverse=True)
    return list(dict.fromkeys(change["field"] for row in by_length for change in row["changes"]))


def _column(field: str, rows: list[Row]) -> _Column:
    changes = {
        row["id"]: change for row in rows for change in row["changes"] if change["field"] == field
    }
    cells = {server: change_text(change) for server, change in changes.items()}
    unit = next(filter(None, (change.get("unit") for change in changes.values())), "")
    words = re.findall(r"[^_]+_?", plain(field))
    widest = max(map(width, [unit, *words, *cells.values()]))
    header = [""]
    for word in words:
        if header[-1] and width(header[-1] + word) > widest:
            header.append("")
        header[-1] += word
    return _Column([*header, unit], cells)


def _reasons(rows: list[Row]) -> list[str]:
    refused = (
        change for row in rows for change in row["changes"] if change["outcome"] == "refused"
    )
    return list(
        dict.fromkeys(
            f"refused: {change['field']}: {plain(change['message'])}" for change in refused
        )
    )
