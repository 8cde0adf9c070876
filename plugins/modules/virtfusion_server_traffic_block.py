#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_server_traffic_block
short_description: Manage traffic blocks of a VirtFusion server
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Adds traffic to the allowance of a server in a month. The panel calls such an addition a block.
  - If the blocks of the month have less than O(traffic) in total, one block with the difference is
    added. So a second run adds nothing.
  - Removes a block by its ID.
options:
  state:
    description:
      - V(present) makes sure that the blocks of a month have O(traffic) in total.
      - V(absent) removes the block of O(block_id).
    type: str
    choices: [present, absent]
    default: present
  traffic:
    description:
      - Minimum total traffic of the blocks of the month in GB. Required if O(state=present).
    type: int
  exact:
    description:
      - Whether to fail if the blocks of the month have more than O(traffic) in total. No block is
        removed.
    type: bool
    default: false
  month:
    description:
      - Number of the month, counted from the server's first one, which is 1. A month begins on the day
        of the month on which the server was created.
      - Defaults to the current month.
    type: int
  block_id:
    description:
      - ID of the block to remove. Required if O(state=absent). Mutually exclusive with O(traffic), O(exact) and
        O(month).
    type: int
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
- name: Give a server at least 500 GB more in the current month
  vpsfleet.panels.virtfusion_server_traffic_block:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    server_id: 17
    traffic: 500
  register: bought

- name: Remove that block
  vpsfleet.panels.virtfusion_server_traffic_block:
    server_id: 17
    state: absent
    block_id: "{{ item.id }}"
  loop: "{{ bought.added }}"
"""

RETURN = r"""
month:
  description: The month after the task; in check mode the predicted one, with its current blocks.
  returned: with O(state=present), on success, and on failure after a change or a refusal
  type: dict
  contains:
    number:
      description: Number of the month.
      type: int
      returned: always
    start:
      description: Its first second.
      type: str
      returned: where the panel takes blocks for it
    end:
      description: Its last second.
      type: str
      returned: where the panel takes blocks for it
    traffic:
      description: Total traffic of its blocks in GB.
      type: int
      returned: always
    blocks:
      description: Its blocks, each with the keys of RV(block).
      type: list
      elements: dict
      returned: always
      contains:
        id: {description: ID of the block., type: int, returned: always}
        month: {description: Number of its month., type: int, returned: always}
        current: {description: Whether its month is the current one., type: bool, returned: always}
        traffic: {description: Traffic of the block in GB., type: int, returned: always}
        start: {description: First second of its month., type: str, returned: always}
        end: {description: Last second of its month., type: str, returned: always}
        added: {description: When it was added., type: str, returned: always}
  sample:
    number: 2
    start: "2025-02-20 00:00:00"
    end: "2025-03-19 23:59:59"
    traffic: 500
    blocks:
      - id: 2
        month: 2
        current: false
        traffic: 500
        start: "2025-02-20 00:00:00"
        end: "2025-03-19 23:59:59"
        added: "2025-01-20T15:08:15.000000Z"
added:
  description: The block that was added, with the keys of RV(block); empty in check mode.
  returned: success and O(state=present)
  type: list
  elements: dict
  contains:
    id: {description: ID of the block., type: int, returned: always}
    month: {description: Number of its month., type: int, returned: always}
    current: {description: Whether its month is the current one., type: bool, returned: always}
    traffic: {description: Traffic of the block in GB., type: int, returned: always}
    start: {description: First second of its month., type: str, returned: always}
    end: {description: Last second of its month., type: str, returned: always}
    added: {description: When it was added., type: str, returned: always}
  sample: []
block:
  description: The block after the task; in check mode the predicted one.
  returned: with O(state=absent), on success, and on failure after a change or a refusal
  type: dict
  contains:
    state:
      description: V(absent).
      type: str
      returned: always
    id:
      description: ID of the block.
      type: int
      returned: always
    month:
      description: Number of its month.
      type: int
      returned: in check mode, where it is there
    current: {description: Whether its month is the current one., type: bool, returned: always}
    traffic:
      description: Its traffic in GB.
      type: int
      returned: in check mode, where it is there
    start: {description: First second of its month., type: str, returned: always}
    end: {description: Last second of its month., type: str, returned: always}
    added: {description: When it was added., type: str, returned: always}
  sample:
    state: absent
    id: 2
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
    - field: traffic
      unit: GB
      before: 0
      desired: 500
      after: 500
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
    operation: list_traffic_blocks
    message: server not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.traffic_block import (
    TRAFFIC_BLOCKS_OPTIONS,
    traffic_blocks,
)

ARGUMENTS = CONNECTION + TRAFFIC_BLOCKS_OPTIONS

MODULE = PanelModule(VIRTFUSION, traffic_blocks, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
