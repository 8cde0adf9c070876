#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtualizor_vps_info
short_description: Read Virtualizor VPSs
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads some VPSs, or all of them, from the panel's list.
  - Filters are sent to the panel if its search supports them, and applied again to its response.
  - An empty list in an option matches no VPS.
options:
  vps_ids:
    description:
      - IDs of the VPSs to read. The task fails if one does not exist.
      - At most one of O(vps_ids), O(vps_uuids), O(vps_names) and O(hostnames) may be set. A named VPS that another
        option excludes is not returned.
    type: list
    elements: int
    aliases: [vps_id]
  vps_uuids:
    description:
      - UUIDs of the VPSs to read. The task fails if one does not exist.
    type: list
    elements: str
    aliases: [vps_uuid]
  vps_names:
    description:
      - The panel's own names of the VPSs to read, such as V(v1017), exact and case-sensitive. The task fails if
        one does not exist.
    type: list
    elements: str
    aliases: [vps_name]
  hostnames:
    description:
      - Host names of the VPSs to read, exact and case-sensitive. The task fails if one does not exist or if
        several VPSs have it.
    type: list
    elements: str
    aliases: [hostname]
  plan_ids:
    description:
      - Read only VPSs that are labelled with one of these VPS plans; V(0) for VPSs without a plan.
    type: list
    elements: int
  user_ids:
    description:
      - Read only VPSs of these users.
    type: list
    elements: int
  server_ids:
    description:
      - Read only VPSs on these servers of the panel, the nodes. The master is V(0).
    type: list
    elements: int
  virts:
    description:
      - Read only VPSs of these virtualizations.
    type: list
    elements: str
    choices: [openvz, xen, xenhvm, kvm, xcp, xcphvm, lxc, proxo, proxk, proxl, vzk, vzo]
    aliases: [virt]
  suspended:
    description:
      - Read only VPSs that are suspended, or only those that are not.
    type: bool
  live_state:
    description:
      - Whether the panel queries the nodes for RV(vps[].state), with one more request for 200 VPSs. The
        state in its list can be outdated.
    type: bool
    default: false
  compare_with_plan:
    description:
      - Whether to read the VPS plans too, for RV(vps[].plan_name) and RV(vps[].off_plan).
    type: bool
    default: false
  page_size:
    description:
      - Rows per request when the list of all VPSs is read, from 50 to 1000.
    type: int
    default: 200
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtualizor
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.info
  - vpsfleet.panels.attributes.virtualizor_group
seealso:
  - module: vpsfleet.panels.virtualizor_vps_plan
  - module: vpsfleet.panels.virtualizor_plan_info
"""

EXAMPLES = r"""
- name: Read two VPSs
  vpsfleet.panels.virtualizor_vps_info:
    api_url: https://panel.example.com:4085
    api_key: "{{ vault_virtualizor_key }}"
    api_pass: "{{ vault_virtualizor_pass }}"
    vps_ids: [17, 18]

- name: Read all VPSs with their plans
  vpsfleet.panels.virtualizor_vps_info:
    compare_with_plan: true
  register: fleet

- name: Show the VPSs that differ from their plan
  ansible.builtin.debug:
    msg: "{{ fleet.vps | selectattr('off_plan') | map(attribute='hostname') }}"

- name: Show whether a VPS runs
  vpsfleet.panels.virtualizor_vps_info:
    hostname: web01.example.com
    live_state: true
"""

RETURN = r"""
vps:
  description:
    - The VPSs, in the order of the option that names them, or in the panel's order.
    - A VPS has only the values that the panel's version shows. Passwords are never returned.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the VPS.
      type: int
      returned: always
    vps_name:
      description: The panel's own name of it, such as V(v1017).
      type: str
      returned: always
    uuid:
      description: UUID of the VPS.
      type: str
      returned: always
    hostname:
      description: Its host name; not unique.
      type: str
      returned: always
    plan_id:
      description: ID of the VPS plan that it is labelled with; 0 for none.
      type: int
      returned: always
    plan_name:
      description: Name of that plan, null if none.
      type: str
      returned: with O(compare_with_plan)
    off_plan:
      description: The values that differ from the plan, such as V(ram).
      type: list
      elements: str
      returned: with O(compare_with_plan)
    user_id:
      description: ID of its owner.
      type: int
      returned: always
    email:
      description: E-mail address of its owner.
      type: str
      returned: always
    server_id:
      description: ID of its node; the master is 0.
      type: int
      returned: always
    server_name:
      description: Name of its node.
      type: str
      returned: always
    virt:
      description: Its virtualization.
      type: str
      returned: always
    os_id:
      description: ID of the template of its last build.
      type: int
      returned: always
    os_name:
      description: Name of that template.
      type: str
      returned: always
    state:
      description:
        - V(on), V(off) or V(suspended); null if unknown.
        - Without O(live_state), this is the state in the list, which can be outdated.
      type: str
      returned: always
    suspended:
      description: Whether it is suspended.
      type: bool
      returned: always
    suspend_reason:
      description: Reason for the suspension.
      type: str
      returned: always
    locked:
      description: Whether it is locked against changes.
      type: bool
      returned: always
    space:
      description: Size of all its disks in GB.
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
      returned: when the panel shows it
    read_bytes_sec:
      description: Limit in MB/s; 0 is unlimited.
      type: int
      returned: when the panel shows it
    write_bytes_sec:
      description: Limit in MB/s; 0 is unlimited.
      type: int
      returned: when the panel shows it
    used_bandwidth:
      description: Traffic of this month in GB.
      type: float
      returned: always
    ipv4_addresses:
      description: Its IPv4 addresses, in the panel's order.
      type: list
      elements: str
      returned: always
    ipv6_addresses:
      description: Its IPv6 addresses, in the panel's order.
      type: list
      elements: str
      returned: always
    ipv6_subnets:
      description: Its IPv6 subnets, as the panel shows them.
      type: list
      elements: str
      returned: if the panel shows them
    internal_addresses:
      description: Its addresses in internal networks.
      type: list
      elements: str
      returned: if the panel shows them
  sample:
    - id: 17
      vps_name: v1017
      uuid: 6a2f41a3-c54c-4c86-9fb1-0a1b2c3d4e5f
      hostname: web01.example.com
      plan_id: 3
      user_id: 12
      server_id: 1
      server_name: ams-1
      virt: kvm
      state: "on"
      suspended: false
      space: 80
      ram: 4096
      cores: 4
      bandwidth: 4000
      ipv4_addresses: [192.0.2.17]
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
    http_status: null
    operation: null
    message: there is no such VPS
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtualizor.argspec import CONNECTION
from ..module_utils._virtualizor.panel import VIRTUALIZOR
from ..module_utils._virtualizor.resources.vps import VPS_INFO_OPTIONS, VpsInfo

ARGUMENTS = CONNECTION + VPS_INFO_OPTIONS

MODULE = PanelModule(VIRTUALIZOR, VpsInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
