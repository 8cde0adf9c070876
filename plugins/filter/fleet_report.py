# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts the files that a bulk action wrote together to one report."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_report
short_description: Make one report of the files of a bulk action
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Lays what a bulk action such as M(vpsfleet.panels.virtfusion_server_packages) did over what it had
    planned, so that each selected server has one row, also one that had nothing to change.
  - The files are read on the controller, and text is returned, because a fleet of thousands is many
    megabytes that Ansible would look through value by value.
positional: _input, about
options:
  _input:
    description: What the report is about; a run over one selection of servers has one part.
    type: list
    elements: dict
    required: true
    suboptions:
      target:
        description: What the servers of this part are to have, in words.
        type: str
      planned:
        description: Path of the O(ignore:results_file) of the task in check mode.
        type: path
      plan:
        description: Path of the O(ignore:plan_file).
        type: path
      done:
        description: Path of the O(ignore:results_file) of the task that did it.
        type: path
      verified:
        description: Path of the O(ignore:results_file) of a task in check mode after that.
        type: path
      stopped:
        description:
          - Why nothing was done, where C(done) is missing for that reason. What would have changed is
            V(skipped) then.
        type: str
  about:
    description:
      - What the report tells of the run as a whole, such as when it was. With C(kind=drift) a server that
        would change is V(drifted).
    type: dict
    default: {}
seealso:
  - plugin: vpsfleet.panels.fleet_csv
    plugin_type: filter
  - plugin: vpsfleet.panels.fleet_html
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Write a report of a plan
  ansible.builtin.copy:
    content: "{{ [part] | vpsfleet.panels.fleet_report({'kind': 'change'}) | string }}"
    dest: /var/reports/report.json
    mode: "0640"
  vars:
    part:
      target: Cloud 4
      planned: /var/reports/planned.json
"""

RETURN = r"""
_value:
  description:
    - The report as JSON. C(totals) counts the C(servers), which are the rows of the bulk action, each
      with C(target), and with C(verified), which is null where nobody looked again.
  type: str
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils._fleet_report import build_report


def fleet_report(parts: Iterable[Any], about: Mapping[str, Any] | None = None) -> str:
    """Return the report. :raises AnsibleFilterError: for files that no bulk action wrote."""
    try:
        report = build_report(parts, about or {})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AnsibleFilterError(f"fleet_report: {error}") from error
    return json.dumps(report, indent=1, ensure_ascii=False) + "\n"


class FilterModule:
    """The filter, for Ansible."""

    def filters(self) -> dict[str, Any]:
        return {"fleet_report": fleet_report}
