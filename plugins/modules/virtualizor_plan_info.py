#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtualizor_plan_info
short_description: Read Virtualizor VPS plans
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads one VPS plan, or all of them. User plans, which limit users, are read by
    M(vpsfleet.panels.virtualizor_user_plan_info).
options:
  plan_id:
    description:
      - ID of the plan to read. The task fails if it does not exist.
      - At most one of O(plan_id) and O(plan_name) may be set.
    type: int
  plan_name:
    description:
      - Exact, case-sensitive name of the plan to read. The task fails if it does not exist or if several
        plans have it.
    type: str
  virt:
    description:
      - Read only plans of this virtualization.
    type: str
    choices: [openvz, xen, xenhvm, kvm, xcp, xcphvm, lxc, proxo, proxk, proxl, vzk, vzo]
  enabled:
    description:
      - Read only plans that are enabled, or only those that are not.
    type: bool
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtualizor
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.info
  - vpsfleet.panels.attributes.virtualizor_group
seealso:
  - module: vpsfleet.panels.virtualizor_vps_plan
  - module: vpsfleet.panels.virtualizor_vps_info
"""

EXAMPLES = r"""
- name: Read all KVM plans that VPSs can be moved to
  vpsfleet.panels.virtualizor_plan_info:
    api_url: https://panel.example.com:4085
    api_key: "{{ vault_virtualizor_key }}"
    api_pass: "{{ vault_virtualizor_pass }}"
    virt: kvm
    enabled: true
  register: catalogue

- name: Read one plan by name
  vpsfleet.panels.virtualizor_plan_info:
    plan_name: KVM 4G
"""

RETURN = r"""
plans:
  description:
    - The plans, in the panel's order.
    - A plan has only the values that the panel's version shows.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the plan.
      type: int
      returned: always
    plan_name:
      description: Name of the plan.
      type: str
      returned: always
    virt:
      description: The virtualization that it is for.
      type: str
      returned: always
    enabled:
      description: Whether it is in use.
      type: bool
      returned: always
    space:
      description: Disk space in GB.
      type: float
      returned: always
    ram:
      description: Memory in MB.
      type: float
      returned: always
    burst:
      description: Burst memory in MB, for V(openvz), V(vzo) and V(proxo).
      type: float
      returned: always
    swap:
      description: Swap in MB, for all others.
      type: float
      returned: always
    cpu:
      description: CPU weight, in the panel's units.
      type: int
      returned: always
    cores:
      description: CPU cores.
      type: int
      returned: always
    cpu_percent:
      description: Share in % of each core that may be used; 0 is no limit.
      type: float
      returned: always
    io:
      description: Priority of input and output.
      type: int
      returned: always
    bandwidth:
      description: Traffic allowance in GB per month; 0 is unlimited.
      type: float
      returned: always
    network_speed:
      description: Speed in KB/s; 0 is no limit.
      type: int
      returned: always
    upload_speed:
      description: Upload speed in KB/s; 0 is no limit, -1 the same as C(network_speed).
      type: int
      returned: always
    total_iops_sec:
      description: Limit in operations per second; 0 is unlimited.
      type: int
      returned: always
    read_bytes_sec:
      description: Limit in MB/s; 0 is unlimited.
      type: int
      returned: always
    write_bytes_sec:
      description: Limit in MB/s; 0 is unlimited.
      type: int
      returned: always
    ips:
      description: Number of IPv4 addresses that a new VPS gets.
      type: int
      returned: always
    ips6:
      description: Number of IPv6 addresses that a new VPS gets.
      type: int
      returned: always
    ips6_subnet:
      description: Number of IPv6 subnets that a new VPS gets.
      type: int
      returned: always
    ips_int:
      description: Number of internal addresses that a new VPS gets.
      type: int
      returned: always
    inodes:
      description: Limit of inodes, for containers; 0 is unlimited.
      type: int
      returned: always
    nic_type:
      description: Type of the network card.
      type: str
      returned: always
    virtio:
      description: Whether disks use virtio.
      type: bool
      returned: always
    band_suspend:
      description: Whether a VPS is suspended once it has used up its traffic.
      type: bool
      returned: always
  sample:
    - id: 3
      plan_name: KVM 4G
      virt: kvm
      enabled: true
      space: 80
      ram: 4096
      swap: 1024
      cores: 4
      cpu_percent: 100.0
      bandwidth: 4000
      network_speed: 12500
      upload_speed: -1
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
    code: auth
    http_status: 302
    operation: list_plans
    message: the panel does not accept the credentials
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtualizor.argspec import CONNECTION
from ..module_utils._virtualizor.panel import VIRTUALIZOR
from ..module_utils._virtualizor.resources.plan import PLAN_INFO_OPTIONS, PlanInfo

ARGUMENTS = CONNECTION + PLAN_INFO_OPTIONS

MODULE = PanelModule(VIRTUALIZOR, PlanInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
