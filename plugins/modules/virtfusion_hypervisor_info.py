#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_hypervisor_info
short_description: Read VirtFusion hypervisors
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads one hypervisor, or all of them.
  - C(virtfusion_hypervisor_group_info) reads the free resources of a hypervisor.
options:
  hypervisor_id:
    description:
      - ID of the hypervisor to read. The task fails if it does not exist.
      - At most one of O(hypervisor_id) and O(hypervisor_name) may be set.
    type: int
  hypervisor_name:
    description:
      - Exact, case-sensitive name of the hypervisor to read. The task fails if it does not exist or if several
        hypervisors have it.
    type: str
  hypervisor_group_id:
    description:
      - Read only hypervisors of this group.
    type: int
  enabled:
    description:
      - Read only hypervisors that are enabled, or only those that are not.
    type: bool
  maintenance:
    description:
      - Read only hypervisors that are under maintenance, or only those that are not.
    type: bool
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.info
  - vpsfleet.panels.attributes.virtfusion_group
seealso:
  - module: vpsfleet.panels.virtfusion_hypervisor_group_info
"""

EXAMPLES = r"""
- name: Read the hypervisors that can be worked with
  vpsfleet.panels.virtfusion_hypervisor_info:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    enabled: true
    maintenance: false
"""

RETURN = r"""
hypervisors:
  description: The hypervisors, in the panel's order.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the hypervisor.
      type: int
      returned: always
    name:
      description: Name of the hypervisor; not unique.
      type: str
      returned: always
    enabled:
      description: Whether it is in use.
      type: bool
      returned: always
    maintenance:
      description: Whether it is under maintenance, when operations on its servers may fail.
      type: bool
      returned: always
    commissioned:
      description: Code of its state of setup.
      type: int
      returned: always
    group_id:
      description: ID of its group.
      type: int
      returned: always
    group_name:
      description: Name of its group.
      type: str
      returned: always
    ip:
      description: Address.
      type: str
      returned: always
    ip_alternative:
      description: Second address, null if none.
      type: str
      returned: always
    hostname:
      description: Host name, null if none.
      type: str
      returned: always
    port:
      description: Port of its agent.
      type: int
      returned: always
    ssh_port:
      description: Port of SSH.
      type: int
      returned: always
    max_servers:
      description: Limit of servers, null if none.
      type: int
      returned: always
    max_cpu:
      description: Limit of CPU cores, null if none.
      type: int
      returned: always
    max_memory:
      description: Limit of memory in MB, null if none.
      type: int
      returned: always
    networks:
      description: Its networks.
      type: list
      elements: dict
      returned: always
      contains:
        id:
          description: ID of the network.
          type: int
          returned: always
        type:
          description: Type, such as V(simpleBridge).
          type: str
          returned: always
        bridge:
          description: Name of the bridge.
          type: str
          returned: always
        primary:
          description: Whether it is for primary interfaces.
          type: bool
          returned: always
        default:
          description: Whether it is the default.
          type: bool
          returned: always
      sample:
        - id: 1
          type: simpleBridge
          bridge: br0
          primary: true
          default: true
    created:
      description: When it was created.
      type: str
      returned: always
    updated:
      description: When it last changed.
      type: str
      returned: always
  sample:
    - id: 1
      name: HV 1
      enabled: true
      maintenance: false
      group_id: 1
      group_name: Default
      max_servers: null
      max_cpu: 64
      max_memory: 262144
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
    read: 1
    write: 0
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
    operation: get_hypervisor
    message: hypervisor not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.infrastructure import (
    HYPERVISOR_INFO_OPTIONS,
    HypervisorInfo,
)

ARGUMENTS = CONNECTION + HYPERVISOR_INFO_OPTIONS

MODULE = PanelModule(VIRTFUSION, HypervisorInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
