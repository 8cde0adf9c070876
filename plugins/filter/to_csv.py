# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write rows as CSV that a spreadsheet can open without evaluating a formula."""

from __future__ import annotations

DOCUMENTATION = r"""
name: to_csv
short_description: Write rows as CSV
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Writes a list of dictionaries as CSV according to RFC 4180, with a header line.
  - Every cell is quoted. Text that a spreadsheet could evaluate as a formula gets a leading apostrophe, because
    customers choose the names of servers. This is text that begins with C(=), C(+), C(-), C(@), their
    full-width forms, a tab or a line break, also after a separator inside the text, such as a semicolon.
  - Lists are joined with semicolons, null is an empty cell, booleans are V(true) and V(false).
positional: _input, columns
options:
  _input:
    description: The rows. Each must have all keys in O(columns).
    type: list
    elements: dict
    required: true
  columns:
    description: A list of the keys to write, or a dictionary that maps column names to keys.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Write a report
  ansible.builtin.copy:
    content: "{{ rows | vpsfleet.panels.to_csv(['id', 'name', 'outcome']) }}"
    dest: /var/reports/report.csv
    mode: "0640"

- name: Write it with other column names
  ansible.builtin.copy:
    content: "{{ rows | vpsfleet.panels.to_csv({'Server': 'name', 'Result': 'outcome'}) }}"
    dest: /var/reports/report.csv
    mode: "0640"
"""

RETURN = r"""
_value:
  description: The text, with CRLF at the end of each line.
  type: str
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils._fleet.csv_text import csv_text


def to_csv(rows: Iterable[Any], columns: Any) -> str:
    """Return the CSV text. :raises AnsibleFilterError: a row lacks a column, or a cell cannot be written."""
    rows = list(rows)
    if not all(isinstance(row, Mapping) for row in rows):
        raise AnsibleFilterError("to_csv requires a list of dictionaries")
    named = columns if isinstance(columns, Mapping) else _listed(columns)
    try:
        return csv_text(rows, named)
    except ValueError as error:
        raise AnsibleFilterError(f"to_csv: {error}") from error


def _listed(columns: Any) -> dict[Any, Any]:
    if not isinstance(columns, list | tuple) or not columns:
        raise AnsibleFilterError("to_csv requires columns, a list of the keys to write")
    return {key: key for key in columns}


class FilterModule:
    """The filter plugin."""

    def filters(self) -> dict[str, Any]:
        return {"to_csv": to_csv}
