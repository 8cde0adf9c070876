# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lays the rows of what was done over the rows of what was planned."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_merge
short_description: Lay the outcomes of a fleet change over its plan
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Returns the rows of a plan, with the row of what was done in place of each server that was
    worked on.
  - A server that was to change and was not worked on is V(skipped). What was planned for it is
    still told, and so is what would have been refused.
positional: _input, done
options:
  _input:
    description: The plan, rows as P(vpsfleet.panels.fleet_outcomes#filter) returns them for a dry run.
    type: list
    elements: dict
    required: true
  done:
    description: What was done, rows as P(vpsfleet.panels.fleet_outcomes#filter) returns them.
    type: list
    elements: dict
    required: true
seealso:
  - plugin: vpsfleet.panels.fleet_outcomes
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the outcome of each server that the plan names
  ansible.builtin.debug:
    msg: "{{ plan | vpsfleet.panels.fleet_merge(done) }}"
"""

RETURN = r"""
_value:
  description: One row for each server of the plan, in its order.
  type: list
  elements: dict
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError


def fleet_merge(plan: Iterable[Any], done: Iterable[Any]) -> list[dict[str, Any]]:
    """Return one row for each server. :raises AnsibleFilterError: when a row is about no planned server."""
    plan, done = list(plan), list(done)
    if not all(
        isinstance(row, Mapping) and {"id", "outcome", "changes"} <= set(row) for row in plan + done
    ):
        raise AnsibleFilterError("fleet_merge takes two lists of rows made by fleet_outcomes")
    by_id = {row["id"]: row for row in done}
    unplanned = set(by_id) - {row["id"] for row in plan}
    if unplanned:
        ids = ", ".join(map(str, sorted(unplanned)))
        raise AnsibleFilterError(f"fleet_merge: the plan does not name the servers {ids}")
    return [_row(planned, by_id.get(planned["id"])) for planned in plan]


def _row(planned: Mapping[str, Any], done: Mapping[str, Any] | None) -> dict[str, Any]:
    if done is not None:
        return dict(done)
    if planned["outcome"] != "changed":
        return dict(planned)
    return {
        **planned,
        "outcome": "skipped",
        "changed_fields": [],
        "changes": [_skipped(change) for change in planned["changes"]],
        "restart_required": False,
        "msg": "not touched, because the run stopped before",
    }


def _skipped(change: Mapping[str, Any]) -> dict[str, Any]:
    if change["outcome"] != "changed":
        return dict(change)
    return {**change, "outcome": "skipped", "after": change["before"]}


class FilterModule:
    """The filter, for Ansible."""

    def filters(self) -> dict[str, Any]:
        return {"fleet_merge": fleet_merge}
