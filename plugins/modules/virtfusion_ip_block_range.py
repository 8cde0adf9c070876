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
  - The panel does not tell which addresses a block has, only how many. The module therefore adds the
    range and reports a change each time, unless O(expected_total) says how many there are to be.
  - Afterwards the block must count as many addresses more as the range has.
options:
  ip_block_id:
    description:
      - Id of the block. Exactly one of O(ip_block_id) and O(ip_block_name) must be set.
    type: int
  ip_block_name:
    description:
      - Name of the block, to the letter. The task fails if several blocks have it.
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
      - How many addresses the block is to have once the range is in it.
      - Where it has as many, nothing is sent. Where it would have another number with the range, the task
        fails before anything is sent.
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
    - The block after the task. What C(virtfusion_ip_block_info) returns.
    - In check mode only RV(ip_block.ipv4_total) is the expected one.
  returned: success
  type: dict
  contains:
    ipv4_total:
      description: How many addresses it has.
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
  description: One row for each value that was asked for.
  returned: success, and on failure after a change
  type: list
  elements: dict
  contains:
    field:
      description: What it is.
      type: str
      returned: always
    unit:
      description: Unit of the values, null where there is none.
      type: str
      returned: always
    before:
      description: Value before the task.
      type: raw
      returned: always
    desired:
      description: Value that was asked for.
      type: raw
      returned: always
    after:
      description: Value after the task; in check mode the expected one.
      type: raw
      returned: always
    outcome:
      description: V(changed), V(unchanged), or V(refused) for a value that differs and stays so.
      type: str
      returned: always
    message:
      description: Why it stays, null where it does not.
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
  description: The rows of RV(changes) whose outcome is V(refused). There are some only where the task failed.
  returned: success, and on failure after a change
  type: list
  elements: dict
  sample: []
api_calls:
  description: What the task cost - requests that read, that write, that were repeats, and seconds waited.
  returned: always, but for a mistake in the options
  type: dict
  sample:
    read: 2
    write: 1
    retried: 0
    waited_s: 0.0
failure:
  description: What went wrong, for workflows. The guide on failures lists the codes.
  returned: failure
  type: dict
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
from ..module_utils._core.panel_module import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.ip_block import IP_BLOCK_RANGE_OPTIONS, IpBlockRange

ARGUMENTS = CONNECTION + IP_BLOCK_RANGE_OPTIONS

MODULE = PanelModule(VIRTFUSION, IpBlockRange, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
