# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write Virtualizor user plans as a variables file that can be applied to a panel."""

from __future__ import annotations

DOCUMENTATION = r"""
name: user_plan_export
short_description: Write Virtualizor user plans as a variables file
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Writes user plans that M(vpsfleet.panels.virtualizor_user_plan_info) returned as the input list of the
    role P(vpsfleet.panels.virtualizor_user_plans#role).
  - The text changes only when the user plans change, so it can be kept under version control.
  - A name that contains template syntax is marked as C(!unsafe).
  - A value that an entry cannot have, such as an unknown virtualization, is written as a comment.
positional: _input, with_ids
options:
  _input:
    description: The user plans.
    type: list
    elements: dict
    required: true
  with_ids:
    description:
      - Whether to write the ID of each user plan, too. If set to V(true), a plan can be renamed in the list, but
        the list fits one panel only.
      - User plans that share a name, or whose name an entry cannot have, are always identified by ID alone.
    type: bool
    default: false
seealso:
  - plugin: vpsfleet.panels.virtualizor_user_plans
    plugin_type: role
  - module: vpsfleet.panels.virtualizor_user_plan_info
"""

EXAMPLES = r"""
- name: Read all user plans
  vpsfleet.panels.virtualizor_user_plan_info:
  register: current

- name: Write them to a file
  ansible.builtin.copy:
    content: "{{ current.user_plans | vpsfleet.panels.user_plan_export }}"
    dest: plans.yml
    mode: "0640"
"""

RETURN = r"""
_value:
  description: The text of the file.
  type: str
  sample: |
    virtualizor_user_plans_plans:
      - plan_name: "Cloud Starter"
        priority: 2
        num_vs: 3
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..module_utils._core.errors import PanelError
from ..module_utils._virtualizor.resources.limits import LIMIT_OPTIONS, checked_limits
from ..module_utils._virtualizor.resources.user import checked_name

VARIABLE = "virtualizor_user_plans_plans"

#: The values of a plan, in the order of the panel's form. Values that a panel does not show are left out.
VALUES = (
    *("priority", "dnsplan_id", "acl_id", "num_vs", "num_users", "inhouse_billing", "max_cost"),
    *("space", "space_per_vm", "ram", "burst", "bandwidth", "cpu", "cores", "cpu_percent"),
    *("num_cores", "num_ipv4", "num_ipv6", "num_ipv6_subnet", "num_ip_int", "network_speed"),
    *("upload_speed", "total_iops_sec", "read_bytes_sec", "write_bytes_sec", "band_suspend"),
    *("service_period", "allowed_virts", "sgs", "mgs"),
)
_EXPRESSION = re.compile(r"\{[{%#]")


def user_plan_export(user_plans: Iterable[Any], with_ids: bool = False) -> str:
    """Return the text of the file. :raises AnsibleFilterError: the input is not user plans."""
    plans = list(user_plans)
    if not all(isinstance(plan, Mapping) and {"id", "plan_name"} <= set(plan) for plan in plans):
        raise AnsibleFilterError("user_plan_export takes what virtualizor_user_plan_info returns")
    names = Counter(plan["plan_name"] for plan in plans)
    entries = [_entry(plan, with_ids, names[plan["plan_name"]] > 1) for plan in plans]
    if not entries:
        return f"{VARIABLE}: []\n"
    return f"{VARIABLE}:\n" + "\n".join(entries)


def _entry(plan: Mapping[str, Any], with_id: bool, shared: bool) -> str:
    name = plan["plan_name"] or ""
    why_not = "that several user plans share" if shared else _unusable(name)
    lines = []
    if with_id or why_not:
        lines.append(f"user_plan_id: {plan['id']}")
    if why_not:
        lines.append(f"# {_text(name)}, a name {why_not}")
    else:
        unsafe = "!unsafe " if _EXPRESSION.search(name) else ""
        lines.append(f"plan_name: {unsafe}{_text(name)}")
    lines += [_line(key, plan[key]) for key in VALUES if plan.get(key) is not None]
    return "  - " + "\n    ".join(lines) + "\n"


def _unusable(name: str) -> str:
    """Return why an entry cannot have a name, or an empty text."""
    try:
        checked_name(name)
    except PanelError:
        return "that is empty, or begins or ends with a space"
    return ""


def _line(key: str, value: Any) -> str:
    """Return a value as a line of an entry, and as a comment if an entry cannot have it."""
    line = f"{key}: {_value(value)}"
    rules = ArgumentSpecValidator({key: LIMIT_OPTIONS.options[key]})
    try:
        mistakes = rules.validate({key: value}).error_messages
        checked_limits({**dict.fromkeys(LIMIT_OPTIONS.options), key: value})
    except PanelError:
        mistakes = ["out of range"]
    return f"# {line}, a value that no entry can have" if mistakes else line


def _value(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value)


def _text(value: str) -> str:
    """Return a quoted text on one line, with YAML escapes for characters that are not printable."""
    letters = (
        json.dumps(letter, ensure_ascii=False)[1:-1]
        if letter.isprintable()
        else f"\\U{ord(letter):08x}"
        for letter in value
    )
    return f'"{"".join(letters)}"'


class FilterModule:
    """The filter plugin."""

    def filters(self) -> dict[str, Any]:
        return {"user_plan_export": user_plan_export}
