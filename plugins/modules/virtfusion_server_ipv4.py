#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_server_ipv4
short_description: Manage the IPv4 addresses of a VirtFusion server
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Assigns given addresses to an interface of a server, or a number of addresses that the panel chooses.
  - Only the difference is sent. New addresses are added before others are removed.
options:
  interface:
    description:
      - The interface of the server. Each has its own addresses.
    type: str
    choices: [primary, secondary]
    default: primary
  addresses:
    description:
      - IPv4 addresses. Exactly one of O(addresses) and O(count) must be set. Required if O(state=absent) or
        O(state=exact).
      - An empty list is only accepted with O(state=exact). It removes all addresses, which requires O(allow_primary).
    type: list
    elements: str
  state:
    description:
      - V(present) adds the missing O(addresses).
      - V(absent) removes the O(addresses) that the interface has.
      - V(exact) adds and removes, so that the interface has exactly these addresses.
    type: str
    choices: [present, absent, exact]
    default: present
  count:
    description:
      - Minimum number of addresses of the interface. The panel chooses the missing ones.
      - Further addresses are left unchanged. To remove some, name them in O(addresses).
    type: int
  allow_primary:
    description:
      - Whether the primary address, the first of the interface, may be removed.
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
    support: full
seealso:
  - module: vpsfleet.panels.virtfusion_ip_block_info
  - module: vpsfleet.panels.virtfusion_server_info
"""

EXAMPLES = r"""
- name: Give a server two addresses in all, whichever
  vpsfleet.panels.virtfusion_server_ipv4:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    server_id: 17
    count: 2

- name: Give a server a certain address
  vpsfleet.panels.virtfusion_server_ipv4:
    server_id: 17
    addresses: [192.0.2.35]

- name: Leave a server these addresses and no others, even if its primary one must go
  vpsfleet.panels.virtfusion_server_ipv4:
    server_name: web01
    addresses: [192.0.2.36, 192.0.2.37]
    state: exact
    allow_primary: true
"""

RETURN = r"""
ipv4:
  description:
    - The addresses after the task; in check mode the predicted ones. Check mode cannot predict the
      addresses that the panel would choose for O(count).
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
    addresses:
      description: Its addresses, in numeric order.
      type: list
      elements: str
      returned: always
    count:
      description: Number of addresses.
      type: int
      returned: with O(count)
    primary_address:
      description: The first address in the panel's order, null if none. In check mode the current one.
      type: str
      returned: always
  sample:
    server_id: 17
    interface: primary
    addresses: [192.0.2.32, 192.0.2.36]
    primary_address: 192.0.2.32
added:
  description: The addresses that were added.
  returned: success
  type: list
  elements: str
  sample: [192.0.2.36]
removed:
  description: The addresses that were removed.
  returned: success
  type: list
  elements: str
  sample: []
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
    - field: addresses
      unit: null
      before: [192.0.2.32]
      desired: [192.0.2.32, 192.0.2.36]
      after: [192.0.2.32, 192.0.2.36]
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
from ..module_utils._virtfusion.resources.interface import SERVER_IPV4_OPTIONS, ServerIpv4

ARGUMENTS = CONNECTION + SERVER_IPV4_OPTIONS

MODULE = PanelModule(VIRTFUSION, ServerIpv4, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
