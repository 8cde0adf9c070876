# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the report of a fleet as CSV."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_csv
short_description: Write the report of a fleet as CSV
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Writes one line for each server of a report, safe to open in a spreadsheet as
    P(vpsfleet.panels.to_csv#filter) makes it.
options:
  _input:
    description: The report, as text or read already.
    type: raw
    required: true
seealso:
  - plugin: vpsfleet.panels.fleet_report
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Write a report for spreadsheets
  ansible.builtin.copy:
    content: "{{ lookup('ansible.builtin.file', '/var/reports/report.json') | vpsfleet.panels.fleet_csv }}"
    dest: /var/reports/report.csv
    mode: "0640"
"""

RETURN = r"""
_value:
  description:
    - The text, with a header. The columns are C(id), C(name), C(target), C(outcome), C(changes), C(refused),
      C(restart_required), C(verified) and C(message).
  type: str
"""

from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils._fleet_report import changes_text, read_report, refused_fields
from .to_csv import to_csv

COLUMNS = {
    "id": "id",
    "name": "name",
    "target": "target",
    "outcome": "outcome",
    "changes": "changes",
    "refused": "refused",
    "restart_required": "restart_required",
    "verified": "verified",
    "message": "msg",
}


def fleet_csv(report: Any) -> str:
    """Return the text. :raises AnsibleFilterError: for anything but a report."""
    try:
        rows = [
            {**row, "changes": changes_text(row), "refused": refused_fields(row)}
            for row in read_report(report)["servers"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise AnsibleFilterError(f"fleet_csv: {error}") from error
    return to_csv(rows, COLUMNS)


class FilterModule:
    """The filter, for Ansible."""

    def filters(self) -> dict[str, Any]:
        return {"fleet_csv": fleet_csv}
