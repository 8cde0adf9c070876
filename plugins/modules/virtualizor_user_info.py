#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtualizor_user_info
short_description: Read Virtualizor users
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads one user, those on one user plan, or all of them.
  - Passwords, their hashes and activation codes are never returned.
options:
  user_id:
    description:
      - ID of the user to read. The task fails if it does not exist.
      - At most one of O(user_id) and O(email) may be set.
    type: int
  email:
    description:
      - E-mail address of the user to read, exact and case-sensitive. The task fails if no user has it.
    type: str
  user_plan_id:
    description:
      - Read only users with this user plan; V(0) for users without one.
    type: int
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtualizor
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.info
  - vpsfleet.panels.attributes.virtualizor_group
seealso:
  - module: vpsfleet.panels.virtualizor_user
"""

EXAMPLES = r"""
- name: Read all users
  vpsfleet.panels.virtualizor_user_info:
    api_url: https://panel.example.com:4085
    api_key: "{{ vault_virtualizor_key }}"
    api_pass: "{{ vault_virtualizor_pass }}"
  register: everybody

- name: Read who is on user plan 5
  vpsfleet.panels.virtualizor_user_info:
    user_plan_id: 5
"""

RETURN = r"""
users:
  description: The users, in the panel's order.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the user.
      type: int
      returned: always
    email:
      description: E-mail address.
      type: str
      returned: always
    user_plan_id:
      description: ID of the user plan, 0 if none.
      type: int
      returned: always
    priority:
      description: Kind of user - 0 a normal user, 1 an administrator, 2 a cloud user.
      type: int
      returned: always
    dnsplan_id:
      description: ID of the DNS plan, 0 if none.
      type: int
      returned: always
    acl_id:
      description: ID of the administrator ACL, 0 if none.
      type: int
      returned: always
    num_vs:
      description: Number of VPSs; 0 is unlimited.
      type: int
      returned: always
    num_users:
      description: Number of users; 0 is unlimited.
      type: int
      returned: always
    inhouse_billing:
      description: Whether the panel writes invoices.
      type: bool
      returned: always
    max_cost:
      description: Maximum monthly cost of one VPS.
      type: float
      returned: when the panel shows it
    space:
      description: Disk space in GB.
      type: float
      returned: always
    space_per_vm:
      description: Disk space in GB of one VPS.
      type: float
      returned: when the panel shows it
    ram:
      description: Memory in MB.
      type: float
      returned: always
    burst:
      description: Burst memory or swap in MB.
      type: float
      returned: always
    bandwidth:
      description: Traffic in GB per month; 0 is unlimited.
      type: float
      returned: always
    cpu:
      description: Default CPU weight.
      type: int
      returned: always
    cores:
      description: Maximum number of CPU cores of one VPS.
      type: int
      returned: always
    cpu_percent:
      description: Share in % of each core.
      type: float
      returned: always
    num_cores:
      description: CPU cores of all VPSs together; 0 is unlimited.
      type: int
      returned: always
    num_ipv4:
      description: Number of IPv4 addresses.
      type: int
      returned: always
    num_ipv6:
      description: Number of IPv6 addresses.
      type: int
      returned: always
    num_ipv6_subnet:
      description: Number of IPv6 subnets.
      type: int
      returned: always
    num_ip_int:
      description: Number of internal addresses.
      type: int
      returned: when the panel shows it
    network_speed:
      description: Download speed in KB/s; 0 is no limit.
      type: int
      returned: always
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
    band_suspend:
      description: Whether VPSs are suspended when the traffic is used up.
      type: bool
      returned: always
    service_period:
      description: Day of the month on which the traffic counter restarts.
      type: int
      returned: always
    allowed_virts:
      description: Virtualizations that may be chosen.
      type: list
      elements: str
      returned: always
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
    balance:
      description: Credit, in the panel's currency.
      type: float
      returned: when the panel shows it
    suspended:
      description: Whether the user is suspended.
      type: bool
      returned: when the panel shows it
    date_created:
      description: The time of creation, in seconds since 1970.
      type: int
      returned: when the panel shows it
  sample:
    - id: 12
      email: ada@example.com
      user_plan_id: 5
      priority: 2
      num_vs: 20
      ram: 16384
      allowed_virts: [kvm]
      sgs: [0, 2]
      mgs: []
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
    message: there is no such user
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtualizor.argspec import CONNECTION
from ..module_utils._virtualizor.panel import VIRTUALIZOR
from ..module_utils._virtualizor.resources.user import USER_INFO_OPTIONS, UserInfo

ARGUMENTS = CONNECTION + USER_INFO_OPTIONS

MODULE = PanelModule(VIRTUALIZOR, UserInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
