#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtualizor_vps_plan
short_description: Move a Virtualizor VPS to a VPS plan
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Sets the VPS plan of a VPS, both the label and the values - memory, CPU, disk, network and limits.
  - The label can differ from the values if only the label was changed, or if the plan or the VPS was
    edited later. So the module compares both, and applies the plan again to a VPS with the right label
    and other values.
  - Afterwards it reads the VPS again. A change that the panel does not show then counts as refused.
  - It never sends disks or addresses, since the panel deletes those that are missing in a list.
options:
  vps_id:
    description:
      - ID of the VPS. Exactly one of O(vps_id), O(vps_uuid), O(vps_name) and O(hostname) must be set.
    type: int
  vps_uuid:
    description:
      - UUID of the VPS. The panel cannot search for it, so the list of all VPSs is read.
    type: str
  vps_name:
    description:
      - The panel's own name of the VPS, such as V(v1017), exact and case-sensitive.
    type: str
  hostname:
    description:
      - Host name of the VPS, exact and case-sensitive. The task fails if several VPSs have it.
    type: str
  plan_id:
    description:
      - ID of the plan. Exactly one of O(plan_id) and O(plan_name) must be set.
    type: int
  plan_name:
    description:
      - Exact, case-sensitive name of the plan. The task fails if several plans have it.
    type: str
  apply_plan:
    description:
      - Whether to set the plan's values too. Individual changes to the VPS are then lost, such as
        additional traffic.
      - V(false) only changes the label. If the panel changes values nevertheless, there is a warning, and the
        result contains them.
      - Some panels set the label and ignore this. In this case, apply the plan to the VPS in the panel.
    type: bool
    default: true
  compare:
    description:
      - The values of the plan that decide whether something is sent. If one of them or the label differs, the
        panel applies all values of the plan. The result, also in check mode, then has all values that
        both the plan and the VPS show, and the task fails if memory, disk, cores or bandwidth are not shown.
      - Omit values that your panel does not apply. If an omitted value stays as it is after O(wait_timeout)
        seconds, it is V(unchanged) with a message, and never V(refused).
      - Values that the panel shows only for the plan, or only for the VPS, are neither compared nor listed.
      - Requires O(apply_plan=true).
    type: list
    elements: str
    choices:
      - space
      - ram
      - burst
      - swap
      - cpu
      - cores
      - cpu_percent
      - io
      - bandwidth
      - network_speed
      - upload_speed
      - total_iops_sec
      - read_bytes_sec
      - write_bytes_sec
    default:
      - space
      - ram
      - burst
      - swap
      - cpu
      - cores
      - cpu_percent
      - io
      - bandwidth
      - network_speed
      - upload_speed
      - total_iops_sec
      - read_bytes_sec
      - write_bytes_sec
  on_refused:
    description:
      - What to do about values that the panel refuses to change, such as a disk that would have to
        shrink.
      - V(fail) fails the task. If the refusal is predicted, nothing is sent. If only the second read
        shows it, the other values are already changed, and C(failure.partial) is true.
      - V(warn) adds a warning for each, V(ignore) only lists them in RV(refused). The change is sent
        nevertheless. It is not known whether the panel then applies the other values, or refuses the
        whole change because the disk is too large. In the latter case, the task fails.
    type: str
    choices: [fail, warn, ignore]
    default: fail
  allow_disabled:
    description:
      - Whether a VPS may be moved to a plan that is disabled in the panel.
    type: bool
    default: false
  wait_timeout:
    description:
      - Seconds to keep reading a VPS that does not yet show an accepted change. After that, the change
        counts as refused. V(0) reads once.
    type: int
    default: 10
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtualizor
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.virtualizor_group
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
notes:
  - The task fails before anything is sent if the VPS is locked, or has another virtualization than the
    plan. The module cannot see whether a VPS is in rescue mode; the panel then refuses the change. A
    suspended VPS is changed.
  - The module never starts, stops or restarts a VPS.
seealso:
  - module: vpsfleet.panels.virtualizor_plan_info
  - module: vpsfleet.panels.virtualizor_vps_info
"""

EXAMPLES = r"""
- name: Move a VPS to another plan
  vpsfleet.panels.virtualizor_vps_plan:
    api_url: https://panel.example.com:4085
    api_key: "{{ vault_virtualizor_key }}"
    api_pass: "{{ vault_virtualizor_pass }}"
    vps_id: 17
    plan_name: KVM 4G
  register: move

- name: Show the values that take effect after a restart
  ansible.builtin.debug:
    msg: "{{ move.vps.hostname }} must be stopped and started"
  when: move.restart_required

- name: Move only the label, and keep the values that were agreed upon
  vpsfleet.panels.virtualizor_vps_plan:
    hostname: web01.example.com
    plan_id: 3
    apply_plan: false

- name: Move to a plan with a smaller disk, if the panel agrees to leave the disk as it is
  vpsfleet.panels.virtualizor_vps_plan:
    vps_name: v1017
    plan_name: KVM 2G
    on_refused: warn
"""

RETURN = r"""
vps:
  description:
    - The VPS after the task; in check mode the predicted one. It has the keys of
      M(vpsfleet.panels.virtualizor_vps_info).
  returned: success, and on failure after a change
  type: dict
  contains:
    id: {description: ID of the VPS., type: int, returned: always}
    vps_name: {description: 'The panel''s own name of it, such as V(v1017).', type: str, returned: always}
    uuid: {description: UUID of the VPS., type: str, returned: always}
    hostname: {description: Its host name; not unique., type: str, returned: always}
    plan_id: {description: ID of the VPS plan that it is labelled with; 0 for none., type: int, returned: always}
    user_id: {description: ID of its owner., type: int, returned: always}
    email: {description: E-mail address of its owner., type: str, returned: always}
    server_id: {description: ID of its node; the master is 0., type: int, returned: always}
    server_name: {description: Name of its node., type: str, returned: always}
    virt: {description: Its virtualization., type: str, returned: always}
    os_id: {description: ID of the template of its last build., type: int, returned: always}
    os_name: {description: Name of that template., type: str, returned: always}
    state:
      description:
        - V(on), V(off) or V(suspended); null if unknown.
        - Without O(vpsfleet.panels.virtualizor_vps_info#module:live_state), this is the state in the
          list, which can be outdated.
      type: str
      returned: always
    suspended: {description: Whether it is suspended., type: bool, returned: always}
    suspend_reason: {description: Reason for the suspension., type: str, returned: always}
    locked: {description: 'Whether it is locked against changes.', type: bool, returned: always}
    space: {description: Size of all its disks in GB., type: float, returned: always}
    ram: {description: Memory in MB., type: float, returned: always}
    burst: {description: 'Burst memory in MB, for V(openvz), V(vzo) and V(proxo).', type: float, returned: always}
    swap: {description: 'Swap in MB, for all others.', type: float, returned: always}
    cpu: {description: 'CPU weight, in the panel''s units.', type: int, returned: always}
    cores: {description: CPU cores., type: int, returned: always}
    cpu_percent:
      description: Share in % of each core that may be used; 0 is no limit.
      type: float
      returned: always
    io: {description: Priority of input and output., type: int, returned: always}
    bandwidth: {description: Traffic allowance in GB per month; 0 is unlimited., type: float, returned: always}
    network_speed: {description: Speed in KB/s; 0 is no limit., type: int, returned: always}
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
    used_bandwidth: {description: Traffic of this month in GB., type: float, returned: always}
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
    id: 17
    hostname: web01.example.com
    plan_id: 3
    ram: 4096
    cores: 4
    space: 80
    bandwidth: 4000
plan:
  description: The plan, with the keys of M(vpsfleet.panels.virtualizor_plan_info).
  returned: success
  type: dict
  contains:
    id: {description: ID of the plan., type: int, returned: always}
    plan_name: {description: Name of the plan., type: str, returned: always}
    virt: {description: The virtualization that it is for., type: str, returned: always}
    enabled: {description: Whether it is in use., type: bool, returned: always}
    space: {description: Disk space in GB., type: float, returned: always}
    ram: {description: Memory in MB., type: float, returned: always}
    burst: {description: 'Burst memory in MB, for V(openvz), V(vzo) and V(proxo).', type: float, returned: always}
    swap: {description: 'Swap in MB, for all others.', type: float, returned: always}
    cpu: {description: 'CPU weight, in the panel''s units.', type: int, returned: always}
    cores: {description: CPU cores., type: int, returned: always}
    cpu_percent:
      description: Share in % of each core that may be used; 0 is no limit.
      type: float
      returned: always
    io: {description: Priority of input and output., type: int, returned: always}
    bandwidth: {description: Traffic allowance in GB per month; 0 is unlimited., type: float, returned: always}
    network_speed: {description: Speed in KB/s; 0 is no limit., type: int, returned: always}
    upload_speed:
      description: Upload speed in KB/s; 0 is no limit, -1 the same as C(network_speed).
      type: int
      returned: always
    total_iops_sec: {description: Limit in operations per second; 0 is unlimited., type: int, returned: always}
    read_bytes_sec:
      description: Limit in MB/s; 0 is unlimited.
      type: int
      returned: always
    write_bytes_sec:
      description: Limit in MB/s; 0 is unlimited.
      type: int
      returned: always
    ips: {description: Number of IPv4 addresses that a new VPS gets., type: int, returned: always}
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
    nic_type: {description: Type of the network card., type: str, returned: always}
    virtio: {description: Whether disks use virtio., type: bool, returned: always}
    band_suspend:
      description: Whether a VPS is suspended once it has used up its traffic.
      type: bool
      returned: always
  sample:
    id: 3
    plan_name: KVM 4G
    virt: kvm
    ram: 4096
    cores: 4
    space: 80
    bandwidth: 4000
changes:
  description:
    - One row for the label, C(plan_id), and with O(apply_plan) one for each value of the plan. If nothing is sent,
      a value that differs and is not in O(compare) has no row.
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
      description: The VPS's value before the task.
      type: raw
      returned: always
    desired:
      description: The plan's value.
      type: raw
      returned: always
    after:
      description: The VPS's value after the task; in check mode the predicted one.
      type: raw
      returned: always
    outcome:
      description: V(changed), V(unchanged), or V(refused) if the panel keeps another value.
      type: str
      returned: always
    message:
      description: Why it was not changed. Null otherwise.
      type: str
      returned: always
  sample:
    - field: ram
      unit: MB
      before: 2048
      desired: 4096
      after: 4096
      outcome: changed
      message: null
refused:
  description: The rows of RV(changes) whose outcome is V(refused).
  returned: success, and on failure after a change or a refusal
  type: list
  elements: dict
  contains:
    field: {description: Name of the value., type: str, returned: always}
    unit: {description: 'Unit of the values, null if none.', type: str, returned: always}
    before: {description: The VPS's value before the task., type: raw, returned: always}
    desired: {description: The plan's value., type: raw, returned: always}
    after: {description: The VPS's value after the task; in check mode the predicted one., type: raw, returned: always}
    outcome:
      description: V(changed), V(unchanged), or V(refused) if the panel keeps another value.
      type: str
      returned: always
    message: {description: Why it was not changed. Null otherwise., type: str, returned: always}
  sample: []
restart_required:
  description:
    - Whether the VPS runs and must be stopped and started for its new values to take effect.
    - It is also true if the panel does not show whether the VPS runs.
  returned: success, and on failure if it was changed in part
  type: bool
  sample: true
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
    read: 4
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
    code: locked
    http_status: null
    operation: null
    message: the VPS is locked
    retryable: true
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtualizor.argspec import CONNECTION
from ..module_utils._virtualizor.panel import VIRTUALIZOR
from ..module_utils._virtualizor.resources.vps_plan import VPS_PLAN_OPTIONS, VpsPlan

ARGUMENTS = CONNECTION + VPS_PLAN_OPTIONS

MODULE = PanelModule(VIRTUALIZOR, VpsPlan, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
