# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the outcomes of Virtualizor user plans as lines of text."""

from __future__ import annotations

DOCUMENTATION = r"""
name: user_plan_lines
short_description: Write the outcomes of user plans as lines of text
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Writes one line for each row from P(vpsfleet.panels.user_plan_outcomes#filter).
  - For a new user plan, values that are 0, false or empty are left out, since the panel stores them anyway.
  - Terminal control characters are replaced.
options:
  _input:
    description: The rows.
    type: list
    elements: dict
    required: true
seealso:
  - plugin: vpsfleet.panels.user_plan_outcomes
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the plan
  ansible.builtin.debug:
    msg: "{{ rows | rejectattr('outcome', 'eq', 'unchanged') | vpsfleet.panels.user_plan_lines }}"
"""

RETURN = r"""
_value:
  description: The lines. Empty if there are no rows.
  type: list
  elements: str
  sample:
    - "created    Cloud L (new)      priority 2, ram 16384 MB, sgs [0]"
    - "changed    Cloud Starter (1)  ram 4096 -> 8192 MB"
    - "deleted    api_plan (2)"
    - "FAILED     Legacy (4)         Cannot delete user plan 4 (Legacy): 2 users have it, with the IDs 7, 9"
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._core.safe_text import plain, width

_NEEDED = {"id", "name", "outcome", "changes", "msg"}


def user_plan_lines(rows: Iterable[Any]) -> list[str]:
    """Return the lines. :raises AnsibleFilterError: the input is not rows of user_plan_outcomes."""
    rows = list(rows)
    if not all(isinstance(row, Mapping) and set(row) >= _NEEDED for row in rows):
        raise AnsibleFilterError("user_plan_lines takes a list of rows made by user_plan_outcomes")
    labels = [_label(row) for row in rows]
    widest = max(map(width, labels), default=0)
    lines = []
    for row, label in zip(rows, labels, strict=True):
        outcome = "FAILED" if row["outcome"] == "failed" else row["outcome"]
        space = " " * (widest - width(label))
        lines.append(f"{outcome:9}  {label}{space}  {_told(row)}".rstrip())
    return lines


def _label(row: Mapping[str, Any]) -> str:
    number = "new" if row["id"] is None else row["id"]
    return f"{plain(row['name'])} ({number})".lstrip()


def _told(row: Mapping[str, Any]) -> str:
    if row["outcome"] == "failed":
        return plain(row["msg"])
    changes = row["changes"]
    if any(change["field"] == "state" for change in changes):
        new = (change for change in changes if change["field"] not in ("state", "plan_name"))
        return ", ".join(_value(change) for change in new if change["desired"])
    return ", ".join(_change(change) for change in changes)


def _value(change: Mapping[str, Any]) -> str:
    unit = f" {change['unit']}" if change.get("unit") else ""
    return f"{change['field']} {_shown(change['desired'])}{unit}"


def _change(change: Mapping[str, Any]) -> str:
    unit = f" {change['unit']}" if change.get("unit") else ""
    return f"{change['field']} {_shown(change['before'])} -> {_shown(change['desired'])}{unit}"


def _shown(value: Any) -> str:
    """Return a value as it is written in the list of plans."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_shown, value))}]"
    return "none" if value is None else json.dumps(value)


class FilterModule:
    """The filter plugin."""

    def filters(self) -> dict[str, Any]:
        return {"user_plan_lines": user_plan_lines}
