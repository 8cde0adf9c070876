# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the outcomes of a fleet as a table of text, for people."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_table
short_description: Write what becomes of servers as a table of text
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Writes rows such as the C(results) of M(vpsfleet.panels.virtfusion_server_packages) as a table, one line
    for each server and one column for each field that changes or is refused in any of them.
  - Below the table stands why something is refused.
  - Characters that could steer a terminal are replaced, since customers choose the names of servers.
options:
  _input:
    description: The rows.
    type: list
    elements: dict
    required: true
seealso:
  - module: vpsfleet.panels.virtfusion_server_packages
  - plugin: vpsfleet.panels.flavor_outcomes
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the plan
  ansible.builtin.debug:
    msg: "{{ plan.results | rejectattr('outcome', 'eq', 'unchanged') | vpsfleet.panels.fleet_table }}"
"""

RETURN = r"""
_value:
  description: The lines. There are none where there are no rows.
  type: list
  elements: str
  sample:
    - "                   primary_"
    - "           cpu     disk_size"
    - "id  name   cores   GB"
    - " 7  web01  2 -> 4  40 -> 80"
    - " 8  web02  2 -> 4  stays 200"
    - " 9  web03  FAILED: Cannot read server 9: server not found"
    - "refused: primary_disk_size: VirtFusion never makes a disk smaller"
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._core.plain_text import plain, width
from ..plugin_utils._fleet_report import change_text

Row = Mapping[str, Any]
#: Outcomes of servers for which a word or a sentence stands in place of values.
TOLD = {
    "failed": "FAILED: {msg}",
    "in_doubt": "IN DOUBT: {msg}",
    "moved": "moved: {msg}",
    "skipped": "skipped",
    "unchanged": "unchanged",
}


def fleet_table(rows: Iterable[Any]) -> list[str]:
    """Return the lines. :raises AnsibleFilterError: when these are no such rows."""
    rows = list(rows)
    needed = {"id", "name", "outcome", "changes", "msg"}
    if not all(isinstance(row, Mapping) and needed <= set(row) for row in rows):
        raise AnsibleFilterError("fleet_table takes a list of rows such as a bulk action's results")
    if not rows:
        return []
    reported = {
        row["id"]: TOLD[row["outcome"]].format(**row) for row in rows if row["outcome"] in TOLD
    }
    compared = [row for row in rows if row["id"] not in reported]
    columns = [
        _Column(["id"], {row["id"]: str(row["id"]) for row in rows}, right=True),
        _Column(["name"], {row["id"]: plain(row["name"]) for row in rows}),
        *(_column(field, compared) for field in _fields(compared)),
    ]
    height = max(len(column.header) for column in columns)
    lines = [[column.title(line, height) for column in columns] for line in range(height)]
    for row in rows:
        text = reported.get(row["id"])
        if text is None:
            lines.append([column.cell(row["id"]) for column in columns])
        else:
            lines.append([*(column.cell(row["id"]) for column in columns[:2]), plain(text)])
    return [*("  ".join(line).rstrip() for line in lines), *_reasons(compared)]


class _Column:
    """One column: the lines of its header, the last of them just above the cells, and its cells by server."""

    def __init__(self, header: list[str], cells: Mapping[Any, str], right: bool = False) -> None:
        self.header = header
        self._cells = cells
        self._right = right
        self._width = max(width(text) for text in (*header, *cells.values()))

    def title(self, line: int, height: int) -> str:
        """A line of the header; short headers begin further down."""
        line -= height - len(self.header)
        return self._fill(self.header[line] if line >= 0 else "")

    def cell(self, server: Any) -> str:
        return self._fill(self._cells.get(server, ""))

    def _fill(self, text: str) -> str:
        space = " " * (self._width - width(text))
        return space + text if self._right else text + space


def _fields(rows: list[Row]) -> list[str]:
    """The fields in the order of the module: rows that tell of many fields show it best."""
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


class FilterModule:
    """The filter, for Ansible."""

    def filters(self) -> dict[str, Any]:
        return {"fleet_table": fleet_table}
