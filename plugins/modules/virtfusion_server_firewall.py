#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_server_firewall
short_description: Switch the firewall of a VirtFusion server, and choose its rules
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Switches the firewall of an interface on or off.
  - Replaces its rules with the rules of rulesets, or removes all rules.
  - The panel shows the rules of a firewall, but not their rulesets. Only an empty firewall can therefore
    be compared with O(rulesets). Rulesets are applied in every run, unless O(only_if_empty) is set.
options:
  interface:
    description:
      - The interface of the server. Each has its own firewall.
    type: str
    choices: [primary, secondary]
    default: primary
  enabled:
    description:
      - Whether the firewall must be on. Left unchanged if not set.
    type: bool
  rulesets:
    description:
      - IDs of the rulesets with all rules of the firewall. Rulesets are created in the panel.
      - An empty list removes all rules.
      - Any other list is applied in every run, and the task reports a change, unless O(only_if_empty) is
        set.
      - At least one of O(enabled) and O(rulesets) must be set.
    type: list
    elements: int
  only_if_empty:
    description:
      - Whether to apply O(rulesets) only if the firewall has no rules, so that a second run changes
        nothing.
      - A firewall with any rules keeps them. Requires O(rulesets), which must not be empty.
    type: bool
    default: false
  sync:
    description:
      - Whether to apply a change to the running server at once.
      - It is part of the request for a change, and has no effect without a change.
    type: bool
    default: false
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.virtfusion.server
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.virtfusion_group
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details: A list of rulesets that is not empty is applied in every run, unless O(only_if_empty) is
      set.
"""

EXAMPLES = r"""
- name: Switch the firewall on
  vpsfleet.panels.virtfusion_server_firewall:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    server_id: 17
    enabled: true
    sync: true

- name: Give a new server its first rules
  vpsfleet.panels.virtfusion_server_firewall:
    server_name: web01
    enabled: true
    rulesets: [1, 2]
    only_if_empty: true

- name: Remove all rules of the private interface
  vpsfleet.panels.virtfusion_server_firewall:
    server_id: 12
    interface: secondary
    rulesets: []
"""

RETURN = r"""
firewall:
  description: The firewall after the task; in check mode the predicted one, with its current rules.
  returned: success, and on failure after a change or a refusal
  type: dict
  contains:
    server_id:
      description: ID of the server.
      type: int
      returned: always
    interface:
      description: The interface.
      type: str
      returned: always
    enabled:
      description: Whether it is on.
      type: bool
      returned: always
    rules:
      description: Its rules, as the panel sends them.
      type: list
      elements: raw
      returned: always
    rulesets:
      description: The rulesets that this task has applied, or an empty list if there are no rules. Null
        if unknown.
      type: list
      elements: int
      returned: always
  sample:
    server_id: 17
    interface: primary
    enabled: true
    rules: []
    rulesets: []
changes:
  description: One row for each desired value.
  returned: success, and on failure after a change or a refusal
  type: list
  elements: dict
  contains:
    field:
      description: Name of the value.
      type: str
      returned: always
    unit:
      description: Unit of the values, null if none.
      type: str
      returned: always
    before:
      description: Value before the task.
      type: raw
      returned: always
    desired:
      description: The desired value.
      type: raw
      returned: always
    after:
      description: Value after the task; in check mode the predicted one.
      type: raw
      returned: always
    outcome:
      description: V(changed), V(unchanged), or V(refused) if the panel keeps another value.
      type: str
      returned: always
    message:
      description: Why the panel keeps the value. Null otherwise.
      type: str
      returned: always
  sample:
    - field: enabled
      unit: null
      before: false
      desired: true
      after: true
      outcome: changed
      message: null
refused:
  description: The rows of RV(changes) with the outcome V(refused). Empty unless the task failed.
  returned: success, and on failure after a change or a refusal
  type: list
  elements: dict
  contains:
    field: {description: Name of the value., type: str, returned: always}
    unit: {description: 'Unit of the values, null if none.', type: str, returned: always}
    before: {description: Value before the task., type: raw, returned: always}
    desired: {description: The desired value., type: raw, returned: always}
    after: {description: Value after the task; in check mode the predicted one., type: raw, returned: always}
    outcome:
      description: V(changed), V(unchanged), or V(refused) if the panel keeps another value.
      type: str
      returned: always
    message: {description: 'Why the panel keeps the value. Null otherwise.', type: str, returned: always}
  sample: []
api_calls:
  description: Requests that the task sent - reads, writes and retries - and the seconds it waited.
  returned: always, except for a mistake in the options
  type: dict
  contains:
    read: {description: Number of requests that read., type: int, returned: always}
    write: {description: Number of requests that write., type: int, returned: always}
    retried: {description: Number of retried requests., type: int, returned: always}
    waited_s: {description: Seconds spent waiting between requests., type: float, returned: always}
  sample:
    read: 2
    write: 1
    retried: 0
    waited_s: 0.0
failure:
  description: The error, for workflows. The guide on failures lists the codes.
  returned: failure
  type: dict
  contains:
    code:
      description: The kind of failure. The guide on failures lists the codes.
      type: str
      returned: always
    http_status: {description: 'HTTP status of the response, null if there was none.', type: int, returned: always}
    operation:
      description: Operation of the panel that failed, null if no request was sent.
      type: str
      returned: always
    message: {description: 'The error message, without the secrets in it.', type: str, returned: always}
    retryable:
      description: Whether the same task can succeed later without a change of its options.
      type: bool
      returned: always
    partial: {description: Whether the task had changed something before it failed., type: bool, returned: always}
    state:
      description: V(unknown) if a write may have been executed although it failed, V(known) otherwise.
      type: str
      returned: always
  sample:
    code: not_found
    http_status: 404
    operation: get_firewall
    message: server not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.server_parts import (
    SERVER_FIREWALL_OPTIONS,
    ServerFirewall,
)

ARGUMENTS = CONNECTION + SERVER_FIREWALL_OPTIONS

MODULE = PanelModule(VIRTFUSION, ServerFirewall, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
