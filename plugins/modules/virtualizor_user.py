#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtualizor_user
short_description: Assign a user plan and limits to a Virtualizor user
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Assigns a user plan to an existing user, and sets the user's own limits. It neither creates nor
    deletes users, and it never sends a password.
  - Options that are not set leave their values unchanged. It is unknown whether the panel resets values
    that a request omits. So the module reads the user, applies the options, and sends all values.
  - After each change the user is read again. The task fails if the panel did not accept a value, and
    warns if the panel changed another value.
options:
  user_id:
    description:
      - ID of the user. Exactly one of O(user_id) and O(email) must be set.
    type: int
  email:
    description:
      - E-mail address of the user, exact and case-sensitive.
    type: str
  user_plan_id:
    description:
      - ID of the user plan to assign; V(0) for none. Left unchanged if neither this nor O(user_plan_name) is set.
      - At most one of O(user_plan_id) and O(user_plan_name) may be set.
    type: int
  user_plan_name:
    description:
      - Exact, case-sensitive name of the user plan to assign. The task fails if several user plans have
        it.
    type: str
  apply_plan:
    description:
      - Whether to set the limits of the user plan too, except for limits that are set as options. Only
        used with a user plan.
      - A user has limits of its own besides the user plan. It is not known whether the panel copies them from
        the user plan. With V(true) both are equal, also if the user plan was changed later.
      - V(false) only sets the user plan, and the limits that are set as options.
    type: bool
    default: true
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
  - A user plan for users of another O(priority) is refused unless O(priority) is set too, so that a user
    plan never turns a user into an administrator.
seealso:
  - module: vpsfleet.panels.virtualizor_user_info
  - module: vpsfleet.panels.virtualizor_user_plan
"""

EXAMPLES = r"""
- name: Put a user on a user plan, with its limits
  vpsfleet.panels.virtualizor_user:
    api_url: https://panel.example.com:4085
    api_key: "{{ vault_virtualizor_key }}"
    api_pass: "{{ vault_virtualizor_pass }}"
    email: ada.byron@example.com
    user_plan_name: Reseller M

- name: The same, with more VPSs than the user plan has
  vpsfleet.panels.virtualizor_user:
    email: ada.byron@example.com
    user_plan_name: Reseller M
    num_vs: 50

- name: Remove the user plan from a user, and keep the limits
  vpsfleet.panels.virtualizor_user:
    user_id: 3
    user_plan_id: 0
"""

RETURN = r"""
user:
  description:
    - The user after the task; in check mode the predicted one. It has the keys of
      M(vpsfleet.panels.virtualizor_user_info).
  returned: success, and on failure after a change or a refusal
  type: dict
  contains:
    id: {description: ID of the user., type: int, returned: always}
    email: {description: E-mail address., type: str, returned: always}
    user_plan_id: {description: 'ID of the user plan, 0 if none.', type: int, returned: always}
    priority:
      description: Kind of user - 0 a normal user, 1 an administrator, 2 a cloud user.
      type: int
      returned: always
    dnsplan_id: {description: 'ID of the DNS plan, 0 if none.', type: int, returned: always}
    acl_id: {description: 'ID of the administrator ACL, 0 if none.', type: int, returned: always}
    num_vs: {description: Number of VPSs; 0 is unlimited., type: int, returned: always}
    num_users: {description: Number of users; 0 is unlimited., type: int, returned: always}
    inhouse_billing: {description: Whether the panel writes invoices., type: bool, returned: always}
    max_cost: {description: Maximum monthly cost of one VPS., type: float, returned: always}
    space: {description: Disk space in GB., type: float, returned: always}
    space_per_vm:
      description: Disk space in GB of one VPS.
      type: float
      returned: when the panel shows it
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
    num_ip_int:
      description: Number of internal addresses.
      type: int
      returned: when the panel shows it
    network_speed: {description: Download speed in KB/s; 0 is no limit., type: int, returned: always}
    upload_speed:
      description: Upload speed in KB/s; 0 is no limit, -1 the value of C(network_speed).
      type: int
      returned: always
    total_iops_sec:
      description: Disk operations per second.
      type: int
      returned: when the panel shows it
    read_bytes_sec:
      description: Disk reads in MB/s.
      type: int
      returned: when the panel shows it
    write_bytes_sec:
      description: Disk writes in MB/s.
      type: int
      returned: when the panel shows it
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
    balance: {description: 'Credit, in the panel''s currency.', type: float, returned: always}
    suspended:
      description: Whether the user is suspended.
      type: bool
      returned: when the panel shows it
    date_created: {description: 'The time of creation, in seconds since 1970.', type: int, returned: always}
  sample:
    id: 12
    email: ada@example.com
    user_plan_id: 5
    priority: 2
    num_vs: 20
    ram: 16384
    allowed_virts: [kvm]
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
    read: 3
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
    operation: edit_user
    message: The DNS plan is not valid
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtualizor.argspec import CONNECTION
from ..module_utils._virtualizor.panel import VIRTUALIZOR
from ..module_utils._virtualizor.resources.user import USER_OPTIONS, User

ARGUMENTS = CONNECTION + USER_OPTIONS

MODULE = PanelModule(VIRTUALIZOR, User, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
