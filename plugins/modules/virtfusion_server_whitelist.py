#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_server_whitelist
short_description: Manage the address whitelist of a VirtFusion server
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Adds entries to the whitelist of an interface, or removes them. A server may send from the addresses
    of its whitelist even if they are not assigned to it.
  - Only the difference is sent. Entries are removed before others are added.
  - The panel removes an entry by its address alone. If several begin at the same address, such as
    V(192.0.2.0/24) and V(192.0.2.0/25), the task refuses to remove one of them.
options:
  interface:
    description:
      - The interface of the server. Each has its own whitelist.
    type: str
    choices: [primary, secondary]
    default: primary
  entries:
    description:
      - IPv4 or IPv6 addresses, with a prefix length or without. Without one, an entry is a single address.
      - An entry is identified by its address and its prefix length, however they are written.
      - An empty list is only accepted with O(state=exact), and removes all entries.
    type: list
    elements: str
    required: true
  state:
    description:
      - V(present) adds the missing O(entries).
      - V(absent) removes the O(entries) that the interface has.
      - V(exact) adds and removes, so that the interface has exactly these entries.
    type: str
    choices: [present, absent, exact]
    default: present
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
    support: full
"""

EXAMPLES = r"""
- name: Let a server send from the addresses of a tunnel
  vpsfleet.panels.virtfusion_server_whitelist:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    server_id: 17
    entries:
      - 192.0.2.0/28
      - 2001:db8:7::/64

- name: Empty the whitelist
  vpsfleet.panels.virtfusion_server_whitelist:
    server_name: web01
    entries: []
    state: exact
"""

RETURN = r"""
whitelist:
  description: The whitelist after the task; in check mode the predicted one.
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
    entries:
      description: Its entries as address and prefix length, in numeric order, IPv4 first.
      type: list
      elements: str
      returned: always
  sample:
    server_id: 17
    interface: primary
    entries: [192.0.2.0/28, "2001:db8:7::/64"]
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
    - field: entries
      unit: null
      before: []
      desired: [192.0.2.0/28]
      after: [192.0.2.0/28]
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
    operation: get_server
    message: server not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.interface import SERVER_WHITELIST_OPTIONS, ServerWhitelist

ARGUMENTS = CONNECTION + SERVER_WHITELIST_OPTIONS

MODULE = PanelModule(VIRTFUSION, ServerWhitelist, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
