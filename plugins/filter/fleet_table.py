# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the outcomes of a fleet as a text table."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_table
short_description: Write the outcomes of servers as a text table
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Writes rows such as the C(results) of M(vpsfleet.panels.virtfusion_server_packages) as a table, one line
    for each server and one column for each field that changes or is refused in any of them.
  - The reasons for refusals follow below the table.
  - Terminal control characters are replaced, since customers choose the names of servers.
options:
  _input:
    description: The rows.
    type: list
    elements: dict
    required: true
seealso:
  - module: vpsfleet.panels.virtfusion_server_packages
"""

EXAMPLES = r"""
- name: Show the plan
  ansible.builtin.debug:
    msg: "{{ plan.results | rejectattr('outcome', 'eq', 'unchanged') | vpsfleet.panels.fleet_table }}"
"""

RETURN = r"""
_value:
  description: The lines of the table. Empty if there are no rows.
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

from collections.abc import Iterable
from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils._fleet.table import table


def fleet_table(rows: Iterable[Any]) -> list[str]:
    """Return the lines of the table. :raises AnsibleFilterError: the input is not such rows."""
    try:
        return table(rows)
    except ValueError as error:
        raise AnsibleFilterError(f"fleet_table {error}") from error


class FilterModule:
    """The filter plugin."""

    def filters(self) -> dict[str, Any]:
        return {"fleet_table": fleet_table}
