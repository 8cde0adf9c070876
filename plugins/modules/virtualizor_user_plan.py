#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtualizor_user_plan
short_description: Create, change or delete a Virtualizor user plan
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Creates, changes or deletes a user plan. A user plan is a template for the limits of a user, and is
    not a VPS plan.
  - Options that are not set leave their values unchanged. It is unknown whether the panel resets values
    that a request omits. So the module reads the user plan, applies the options, and sends all values,
    including unknown numbers of newer panels.
  - After each change the user plan is read again. The task fails if the panel did not accept a value,
    and warns if the panel changed another value.
  - The task fails before anything is sent if the panel does not show one of the values, such as a newer
    field on an older panel.
options:
  state:
    description:
      - Whether the user plan must exist.
    type: str
    choices: [present, absent]
    default: present
  user_plan_id:
    description:
      - ID of the user plan. At least one of O(user_plan_id) and O(plan_name) must be set.
      - With it, O(plan_name) is the desired name of the user plan. With O(state=absent), only one of them may be set.
    type: int
  plan_name:
    description:
      - Exact, case-sensitive name of the user plan. Without O(user_plan_id), the user plan is found by
        this name, and created if it does not exist.
      - If several user plans have this name, the task fails with their IDs.
    type: str
  force:
    description:
      - Whether to delete a user plan that is assigned to users. It is not known what the panel does with
        their limits.
    type: bool
    default: false
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtualizor
  - vpsfleet.panels.virtualizor.limits
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
  - A new user plan needs O(priority). The panel probably stores 0 or nothing for all other options that are not
    set, and not the defaults of its own form. So O(upload_speed) becomes 0, which is unlimited, and
    users cannot create a VPS without O(sgs).
  - Users with the user plan may keep their limits. M(vpsfleet.panels.virtualizor_user) sets them to the
    limits of the user plan.
seealso:
  - module: vpsfleet.panels.virtualizor_user_plan_info
  - module: vpsfleet.panels.virtualizor_user
"""

EXAMPLES = r"""
- name: A plan for resellers
  vpsfleet.panels.virtualizor_user_plan:
    api_url: https://panel.example.com:4085
    api_key: "{{ vault_virtualizor_key }}"
    api_pass: "{{ vault_virtualizor_pass }}"
    plan_name: Reseller M
    priority: 2
    num_vs: 20
    space: 500
    ram: 16384
    bandwidth: 4000
    cores: 4
    network_speed: 12800
    upload_speed: -1
    allowed_virts: [kvm, lxc]
    sgs: [0, 2]

- name: The same plan under another name
  vpsfleet.panels.virtualizor_user_plan:
    user_plan_id: 5
    plan_name: Reseller Medium

- name: Offer all media again
  vpsfleet.panels.virtualizor_user_plan:
    plan_name: Reseller Medium
    mgs: []

- name: Delete a user plan, even if users have it
  vpsfleet.panels.virtualizor_user_plan:
    plan_name: Legacy
    state: absent
    force: true
"""

RETURN = r"""
user_plan:
  description:
    - The user plan after the task; in check mode the predicted one. It has C(state) and the keys of
      M(vpsfleet.panels.virtualizor_user_plan_info).
  returned: success, and on failure after a change or a refusal
  type: dict
  contains:
    state: {description: V(present) or V(absent)., type: str, returned: always}
    id: {description: ID of the user plan., type: int, returned: always}
    plan_name: {description: Its name., type: str, returned: always}
    priority:
      description: Kind of user - 0 a normal user, 1 an administrator, 2 a cloud user.
      type: int
      returned: always
    dnsplan_id: {description: 'ID of the DNS plan, 0 if none.', type: int, returned: always}
    acl_id: {description: 'ID of the administrator ACL, 0 if none.', type: int, returned: always}
    num_vs: {description: Number of VPSs; 0 is unlimited., type: int, returned: always}
    num_users: {description: Number of users; 0 is unlimited., type: int, returned: always}
    inhouse_billing: {description: Whether the panel writes invoices., type: bool, returned: always}
    max_cost: {description: Maximum monthly cost of one VPS., type: float, returned: when the panel shows it}
    space: {description: Disk space in GB., type: float, returned: always}
    space_per_vm: {description: Disk space in GB of one VPS., type: float, returned: when the panel shows it}
    ram: {description: Memory in MB., type: float, returned: always}
    burst: {description: Burst memory or swap in MB., type: float, returned: always}
    bandwidth: {description: Traffic in GB per month; 0 is unlimited., type: float, returned: always}
    cpu: {description: Default CPU weight., type: int, returned: always}
    cores: {description: Maximum number of CPU cores of one VPS., type: int, returned: always}
    cpu_percent: {description: Share in % of each core., type: float, returned: always}
    num_cores: {description: CPU cores of all VPSs together; 0 is unlimited., type: int, returned: always}
    num_ipv4: {description: Number of IPv4 addresses., type: int, returned: always}
    num_ipv6: {description: Number of IPv6 addresses., type: int, returned: always}
    num_ipv6_subnet: {description: Number of IPv6 subnets., type: int, returned: always}
    num_ip_int: {description: Number of internal addresses., type: int, returned: when the panel shows it}
    network_speed: {description: Download speed in KB/s; 0 is no limit., type: int, returned: always}
    upload_speed:
      description: Upload speed in KB/s; 0 is no limit, -1 the value of C(network_speed).
      type: int
      returned: always
    total_iops_sec: {description: Disk operations per second., type: int, returned: when the panel shows it}
    read_bytes_sec: {description: Disk reads in MB/s., type: int, returned: when the panel shows it}
    write_bytes_sec: {description: Disk writes in MB/s., type: int, returned: when the panel shows it}
    band_suspend: {description: Whether VPSs are suspended when the traffic is used up., type: bool, returned: always}
    service_period: {description: Day of the month on which the traffic counter restarts., type: int, returned: always}
    allowed_virts: {description: Virtualizations that may be chosen., type: list, elements: str, returned: always}
    sgs:
      description: IDs of the server groups that may be chosen; with an empty list, no VPS can be
        created.
      type: list
      elements: int
      returned: always
    mgs:
      description: IDs of the media groups that may be chosen; empty for all.
      type: list
      elements: int
      returned: always
    date_created:
      description: The time of creation, in seconds since 1970.
      type: int
      returned: when the panel shows it
  sample:
    state: present
    id: 5
    plan_name: Reseller M
    priority: 2
    num_vs: 20
    ram: 16384
    upload_speed: -1
    allowed_virts: [kvm, lxc]
    sgs: [0, 2]
    mgs: []
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
      description: Desired value.
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
      description: The panel's message about it. Null if the panel gave no reason.
      type: str
      returned: always
  sample:
    - field: ram
      unit: MB
      before: 8192
      desired: 16384
      after: 16384
      outcome: changed
      message: null
refused:
  description: The rows of RV(changes) with the outcome V(refused). If there are any, the task fails.
  returned: success, and on failure after a change or a refusal
  type: list
  elements: dict
  contains:
    field: {description: Name of the value., type: str, returned: always}
    unit: {description: 'Unit of the values, null if none.', type: str, returned: always}
    before: {description: Value before the task., type: raw, returned: always}
    desired: {description: Desired value., type: raw, returned: always}
    after: {description: Value after the task; in check mode the predicted one., type: raw, returned: always}
    outcome:
      description: V(changed), V(unchanged), or V(refused) if the panel keeps another value.
      type: str
      returned: always
    message: {description: The panel's message about it. Null if the panel gave no reason., type: str, returned: always}
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
    code: refused
    http_status: 200
    operation: edit_user_plan
    message: The disk space was not specified
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtualizor.argspec import CONNECTION
from ..module_utils._virtualizor.panel import VIRTUALIZOR
from ..module_utils._virtualizor.resources.user import USER_PLAN_OPTIONS, UserPlan

ARGUMENTS = CONNECTION + USER_PLAN_OPTIONS

MODULE = PanelModule(VIRTUALIZOR, UserPlan, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
