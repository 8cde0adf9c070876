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
  - Brings a user plan into a state. A user plan is a template of the limits of a user; the plan of a
    VPS is something else.
  - Options that are not set leave their values unchanged. It is unknown whether the panel resets what an
    edit does not mention, so the user plan is read, the options are laid over it, and all of it is sent, with numbers
    of newer panels that this module does not know.
  - After each change the user plan is read again. A value that the panel did not take fails the task,
    and one that moved although nobody asked for it is a warning.
  - Nothing is sent for a value that the panel never shows, as older panels do with newer fields.
    Such a task is refused.
options:
  state:
    description:
      - Whether the user plan is to be there.
    type: str
    choices: [present, absent]
    default: present
  user_plan_id:
    description:
      - ID of the user plan. At least one of O(user_plan_id) and O(plan_name) must be set.
      - With it, O(plan_name) is the name that the user plan is to have.
    type: int
  plan_name:
    description:
      - Exact, case-sensitive name of the user plan. Without O(user_plan_id) it is found by this name, and made
        if there is none.
      - The panel may have several user plans of one name. Then the task fails and names their IDs.
    type: str
  force:
    description:
      - Whether to delete a user plan that users are on. What becomes of their limits is not known.
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
  - A user plan that is not there yet needs O(priority). Of everything else that is not set the panel
    stores 0 or nothing, which is not what its own form suggests. So O(upload_speed) becomes 0, which is
    no limit, and without O(sgs) users can create no VPS.
  - Users who are on the user plan may keep their limits. M(vpsfleet.panels.virtualizor_user) gives
    them those of the user plan.
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

- name: No such plan, even if users are on it
  vpsfleet.panels.virtualizor_user_plan:
    plan_name: Legacy
    state: absent
    force: true
"""

RETURN = r"""
user_plan:
  description:
    - The user plan; in check mode as it is predicted. Besides C(state), its values are those that
      M(vpsfleet.panels.virtualizor_user_plan_info) returns.
  returned: success, and on failure where it was read
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
    max_cost: {description: What one VPS may cost in a month., type: float, returned: always}
    space: {description: Disk space in GB., type: float, returned: always}
    space_per_vm: {description: Disk space in GB of one VPS., type: float, returned: always}
    ram: {description: Memory in MB., type: float, returned: always}
    burst: {description: Burst memory or swap in MB., type: float, returned: always}
    bandwidth: {description: Traffic in GB per month; 0 is unlimited., type: float, returned: always}
    cpu: {description: Default CPU weight., type: int, returned: always}
    cores: {description: CPU cores of one VPS at most., type: int, returned: always}
    cpu_percent: {description: Share in % of each core., type: float, returned: always}
    num_cores: {description: CPU cores of all VPSs together; 0 is unlimited., type: int, returned: always}
    num_ipv4: {description: Number of IPv4 addresses., type: int, returned: always}
    num_ipv6: {description: Number of IPv6 addresses., type: int, returned: always}
    num_ipv6_subnet: {description: Number of IPv6 subnets., type: int, returned: always}
    num_ip_int: {description: Number of internal addresses., type: int, returned: always}
    network_speed: {description: Download speed in KB/s; 0 is no limit., type: int, returned: always}
    upload_speed:
      description: Upload speed in KB/s; 0 is no limit, -1 the value of C(network_speed).
      type: int
      returned: always
    total_iops_sec: {description: Disk operations per second., type: int, returned: always}
    read_bytes_sec: {description: Disk reads in MB/s., type: int, returned: always}
    write_bytes_sec: {description: Disk writes in MB/s., type: int, returned: always}
    band_suspend: {description: Whether VPSs are suspended when the traffic is used up., type: bool, returned: always}
    service_period: {description: Day of the month on which the count of traffic begins., type: int, returned: always}
    allowed_virts: {description: Virtualizations that may be chosen., type: list, elements: str, returned: always}
    sgs:
      description: IDs of the server groups that may be chosen; none means that no VPS can be created.
      type: list
      elements: int
      returned: always
    mgs:
      description: IDs of the media groups that may be chosen; none means all.
      type: list
      elements: int
      returned: always
    date_created: {description: 'When it was made, in seconds since 1970.', type: int, returned: always}
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
  returned: success, and on failure where there are some
  type: list
  elements: dict
  contains:
    field:
      description: The value's name.
      type: str
      returned: always
    unit:
      description: Unit of the values, null if there is none.
      type: str
      returned: always
    before:
      description: Value before the task.
      type: raw
      returned: always
    desired:
      description: Value asked for.
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
      description: What the panel said about it; null if the panel gave no reason.
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
  description: The rows of RV(changes) that differ and stay so, on which the task fails.
  returned: success, and on failure where there are some
  type: list
  elements: dict
  contains:
    field: {description: The value's name., type: str, returned: always}
    unit: {description: 'Unit of the values, null if there is none.', type: str, returned: always}
    before: {description: Value before the task., type: raw, returned: always}
    desired: {description: Value asked for., type: raw, returned: always}
    after: {description: Value after the task; in check mode the predicted one., type: raw, returned: always}
    outcome:
      description: V(changed), V(unchanged), or V(refused) if the panel keeps another value.
      type: str
      returned: always
    message: {description: What the panel said about it; null if the panel gave no reason., type: str, returned: always}
  sample: []
api_calls:
  description: What the task cost - requests that read, that write, that were repeats, and seconds waited.
  returned: always, but for a mistake in the options
  type: dict
  contains:
    read: {description: Number of requests that read., type: int, returned: always}
    write: {description: Number of requests that write., type: int, returned: always}
    retried: {description: Number of requests that were repeated., type: int, returned: always}
    waited_s: {description: Seconds spent waiting between requests., type: float, returned: always}
  sample:
    read: 2
    write: 1
    retried: 0
    waited_s: 0.0
failure:
  description: What went wrong, for workflows. The guide on failures lists the codes.
  returned: failure
  type: dict
  contains:
    code:
      description: What kind of failure it is. The guide on failures lists the codes.
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
from ..module_utils._core.panel_module import PanelModule
from ..module_utils._virtualizor.argspec import CONNECTION
from ..module_utils._virtualizor.panel import VIRTUALIZOR
from ..module_utils._virtualizor.resources.user_plan import USER_PLAN_OPTIONS, UserPlan

ARGUMENTS = CONNECTION + USER_PLAN_OPTIONS

MODULE = PanelModule(VIRTUALIZOR, UserPlan, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
