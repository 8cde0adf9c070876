#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_ip_block_range
short_description: Add a range of IPv4 addresses to a VirtFusion IP block
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Adds a range of addresses to an IPv4 block. The panel's API does not remove addresses.
  - The panel shows only the number of addresses of a block. The module therefore adds the range and
    reports a change each time, unless O(expected_total) is set.
  - Afterwards, the number of addresses must have grown by the size of the range.
options:
  ip_block_id:
    description:
      - ID of the block. Exactly one of O(ip_block_id) and O(ip_block_name) must be set.
    type: int
  ip_block_name:
    description:
      - Exact, case-sensitive name of the block. The task fails if several blocks have it.
    type: str
  start:
    description:
      - First address of the range.
    type: str
    required: true
  end:
    description:
      - Last address of the range.
    type: str
    required: true
  expected_total:
    description:
      - Number of addresses of the block after the range was added.
      - If the block already has this number, nothing is sent. If it would have another number with the
        range, the task fails before anything is sent.
    type: int
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.virtfusion_group
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details: Only with O(expected_total).
seealso:
  - module: vpsfleet.panels.virtfusion_ip_block_info
"""

EXAMPLES = r"""
- name: Add a range, once
  vpsfleet.panels.virtfusion_ip_block_range:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    ip_block_name: Amsterdam
    start: 192.0.2.64
    end: 192.0.2.95
    expected_total: 94
"""

RETURN = r"""
ip_block:
  description:
    - The block after the task. The keys are those of C(virtfusion_ip_block_info).
    - In check mode only RV(ip_block.ipv4_total) is the expected one.
  returned: success, and on failure after a change or a refusal
  type: dict
  contains:
    id: {description: ID of the block., type: int, returned: always}
    name: {description: Name of the block; not unique., type: str, returned: always}
    version: {description: V(4) or V(6)., type: int, returned: always}
    enabled: {description: Whether it is in use., type: bool, returned: always}
    ipv4_gateway: {description: 'Gateway, null for IPv6.', type: str, returned: always}
    ipv4_netmask: {description: 'Netmask, null for IPv6.', type: str, returned: always}
    ipv4_resolver_primary: {description: First resolver., type: str, returned: always}
    ipv4_resolver_secondary: {description: Second resolver., type: str, returned: always}
    ipv4_used: {description: Number of addresses that are in use., type: int, returned: always}
    ipv4_free: {description: Number of addresses that are free., type: int, returned: always}
    ipv6_gateway: {description: 'Gateway, null for IPv4.', type: str, returned: always}
    ipv6_subnet: {description: 'Subnet, null for IPv4.', type: str, returned: always}
    ipv6_from: {description: First of its prefix lengths., type: int, returned: always}
    ipv6_to: {description: Last of its prefix lengths., type: int, returned: always}
    ipv6_resolver_primary: {description: First resolver., type: str, returned: always}
    ipv6_resolver_secondary: {description: Second resolver., type: str, returned: always}
    ipv6_restricted: {description: Restricted addresses., type: list, elements: raw, returned: always}
    ipv6_total: {description: Number of subnets., type: int, returned: always}
    ipv6_generated: {description: Number of generated subnets., type: int, returned: always}
    ipv6_used: {description: Number of subnets that are in use., type: int, returned: always}
    ipv6_free: {description: Number of subnets that are free., type: int, returned: always}
    ipv6_free_generated: {description: Number of generated free subnets., type: int, returned: always}
    ipv6_blacklisted: {description: Number of blacklisted subnets., type: int, returned: always}
    rdns_type: {description: Code of the kind of reverse DNS., type: int, returned: always}
    rdns_zone_id: {description: 'ID of the zone of the reverse DNS, null if none.', type: int, returned: always}
    network_profile: {description: ID of the network profile., type: int, returned: always}
    route_block: {description: 'ID of the block that it is routed by, null if none.', type: int, returned: always}
    dhcp: {description: Whether DHCP serves it., type: bool, returned: always}
    created: {description: When it was created., type: str, returned: always}
    updated: {description: When it last changed., type: str, returned: always}
    ipv4_total:
      description: Number of addresses.
      type: int
      returned: always
  sample:
    ipv4_total: 94
    id: 1
    name: Amsterdam
    version: 4
    ipv4_used: 21
    ipv4_free: 73
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
    - field: ipv4_total
      unit: addresses
      before: 62
      desired: 94
      after: 94
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
    operation: get_ip_block
    message: ip block not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.infrastructure import IP_BLOCK_RANGE_OPTIONS, IpBlockRange

ARGUMENTS = CONNECTION + IP_BLOCK_RANGE_OPTIONS

MODULE = PanelModule(VIRTFUSION, IpBlockRange, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
