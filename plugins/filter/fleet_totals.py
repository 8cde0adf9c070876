# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Counts the servers of a fleet by outcome."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_totals
short_description: Count servers by outcome
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Counts rows as P(vpsfleet.panels.flavor_outcomes#filter) returns them.
options:
  _input:
    description: The rows.
    type: list
    elements: dict
    required: true
seealso:
  - plugin: vpsfleet.panels.flavor_outcomes
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Say how many servers would change
  ansible.builtin.debug:
    msg: "{{ (plan.results | vpsfleet.panels.fleet_totals).changed }}"
"""

RETURN = r"""
_value:
  description: The number of rows of each outcome, also where it is 0; V(selected) is their sum.
  type: dict
  sample:
    selected: 50
    changed: 40
    unchanged: 7
    refused: 2
    failed: 1
    skipped: 0
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

OUTCOMES = ("changed", "unchanged", "refused", "failed", "skipped")


def fleet_totals(rows: Iterable[Any]) -> dict[str, int]:
    """Return the counts. :raises AnsibleFilterError: for rows that have no known outcome."""
    totals = dict.fromkeys(("selected", *OUTCOMES), 0)
    for row in rows:
        outcome = row.get("outcome") if isinstance(row, Mapping) else None
        if outcome not in OUTCOMES:
            raise AnsibleFilterError(
                f"fleet_totals counts rows whose outcome is {', '.join(OUTCOMES)}, not {outcome!r}"
            )
        totals["selected"] += 1
        totals[outcome] += 1
    return totals


class FilterModule:
    """The filter, for Ansible."""

    def filters(self) -> dict[str, Any]:
        return {"fleet_totals": fleet_totals}
