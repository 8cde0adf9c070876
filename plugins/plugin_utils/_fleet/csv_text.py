# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write CSV that is safe to open in a spreadsheet, whatever names customers chose."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

#: Characters that make a spreadsheet evaluate a cell (OWASP, "CSV injection"), also in full-width letters.
_FORMULA = "=+\\-@\\uff1d\\uff0b\\uff0d\\uff20"
#: Characters that some spreadsheet or locale treats as the end of a cell.
_SEPARATOR = "[,;:|\\t\\r\\n\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029]"
_FIRST = re.compile(rf"[\t\r\n]|[\s\"]*[{_FORMULA}]")
_LATER = re.compile(rf"({_SEPARATOR}[\s\"]*)(?=[{_FORMULA}])")


def csv_text(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> str:
    """Return rows as CSV with a header. Every cell is quoted, and lines end with CRLF.

    :param columns: maps the name of each column to its key.
    :raises ValueError: a row lacks a column, or a cell holds a dictionary.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow([_cell(name) for name in columns])
    for number, row in enumerate(rows, start=1):
        missing = [str(key) for key in columns.values() if key not in row]
        if missing:
            raise ValueError(f"row {number} has no {', '.join(missing)}")
        writer.writerow([_cell(row[key]) for key in columns.values()])
    return text.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, (list, tuple)):
        value = "; ".join(map(_cell, value))
    if isinstance(value, Mapping):
        raise ValueError("cannot write a dictionary into a cell")
    # csv of Python 3.10 cannot write NUL, and UTF-8 has no lone surrogates.
    text = (
        str(value).replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )
    found = _LATER.sub(r"\1'", text)
    return f"'{found}" if _FIRST.match(text) or found != text else text
