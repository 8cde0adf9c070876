#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtualizor_user_plans
short_description: Manage the user plans of a Virtualizor panel from a list
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Creates, changes and deletes user plans, as M(vpsfleet.panels.virtualizor_user_plan) does for one, in one task.
  - Reads the user plans once, and plans each entry of the list. If one entry cannot be applied, such as the deletion of
    a user plan that users have, nothing is changed, and the task fails with the outcome of each entry.
  - Only what an entry names is compared and changed. A second run changes nothing.
  - Each user plan is read again just before its change. If its change is no longer the planned one, it is left alone,
    and it counts as failed with the code V(conflict). If it is already as desired, it is unchanged.
  - A failed change does not stop the others, unless the panel refuses the credentials.
  - The task runs on the controller, once for all hosts of the play. The connection and C(become) have no effect.
    C(async) is not supported.
  - C(SIGHUP), C(SIGINT), C(SIGTERM) and the end of C(ansible-playbook) stop it cleanly. A change that was sent is
    finished, and no further one is sent. Ansible itself shows no result then.
options:
  user_plans:
    description:
      - The user plans, in the order in which they are applied. Values that an entry does not name stay unchanged.
      - Two entries must not name the same user plan.
    type: list
    elements: dict
    required: true
    suboptions:
      user_plan_id:
        type: int
        description:
          - The ID of the user plan. Each entry must have this or O(user_plans[].plan_name).
          - With it, O(user_plans[].plan_name) is the new name of the user plan.
      plan_name:
        type: str
        description:
          - Exact, case-sensitive name of the user plan. Without O(user_plans[].user_plan_id),
            the user plan is found by this name, and created if it does not exist. No other
            entry may have this name then.
          - Quote a name that looks like a number, such as V("1.10").
      state:
        type: str
        choices: [present, absent]
        default: present
        description:
          - Whether the user plan must exist.
      force:
        type: bool
        description:
          - Whether to delete this user plan even if users have it. Defaults to O(force).
      priority:
        type: int
        choices: [0, 1, 2]
        description:
          - Type of the user. V(0) is a normal user, V(1) an administrator, V(2) a cloud user.
      dnsplan_id:
        type: int
        description:
          - ID of the DNS plan; V(0) for none.
      acl_id:
        type: int
        description:
          - ID of the administrator ACL; V(0) for none. Only relevant if O(user_plans[].priority=1).
      num_vs:
        type: int
        description:
          - Number of VPSs that the user can create; V(0) is unlimited.
      num_users:
        type: int
        description:
          - Number of users that the user can create; V(0) is unlimited.
      inhouse_billing:
        type: bool
        description:
          - Whether the panel meters usage and creates invoices.
      max_cost:
        type: float
        description:
          - Maximum monthly cost of one VPS, in the panel's currency. The panel's form has this field, but the
            vendor's API documentation does not.
      space:
        type: int
        description:
          - Disk space of all VPSs in total, in GB.
      space_per_vm:
        type: int
        description:
          - Disk space of one VPS, in GB; not more than O(user_plans[].space). Newer panels only.
      ram:
        type: int
        description:
          - Memory of all VPSs in total, in MB.
      burst:
        type: int
        description:
          - Burst memory for OpenVZ, swap for other virtualizations, in MB.
      bandwidth:
        type: int
        description:
          - Traffic in GB per month; V(0) is unlimited. The vendor does not document the unit.
      cpu:
        type: int
        description:
          - Default CPU weight.
      cores:
        type: int
        description:
          - Maximum number of CPU cores of one VPS.
      cpu_percent:
        type: float
        description:
          - Percentage of each core that a VPS may use.
      num_cores:
        type: int
        description:
          - Number of CPU cores of all VPSs in total; V(0) is unlimited.
      num_ipv4:
        type: int
        description:
          - Number of IPv4 addresses.
      num_ipv6:
        type: int
        description:
          - Number of IPv6 addresses.
      num_ipv6_subnet:
        type: int
        description:
          - Number of IPv6 subnets.
      num_ip_int:
        type: int
        description:
          - Number of internal addresses. Newer panels only.
      network_speed:
        type: int
        description:
          - Download speed in KB/s; V(0) is unlimited.
      upload_speed:
        type: int
        description:
          - Upload speed in KB/s; V(0) is unlimited, V(-1) is the value of O(user_plans[].network_speed).
      total_iops_sec:
        type: int
        description:
          - Disk operations per second. Newer panels only.
      read_bytes_sec:
        type: int
        description:
          - Disk reads in MB/s. Newer panels only.
      write_bytes_sec:
        type: int
        description:
          - Disk writes in MB/s. Newer panels only.
      band_suspend:
        type: bool
        description:
          - Whether to suspend all VPSs of a cloud user when O(user_plans[].bandwidth) is used up.
      service_period:
        type: int
        description:
          - Day of the month, from 0 to 31, on which the traffic counter restarts.
      allowed_virts:
        type: list
        elements: str
        choices: [openvz, xen, xenhvm, kvm, xcp, xcphvm, lxc, proxo, proxk, proxl, vzk, vzo]
        description:
          - All virtualizations that the user may choose, in any order; V([]) for none.
      sgs:
        type: list
        elements: int
        description:
          - IDs of all server groups that the user may choose, in any order. V(0) is the default group.
          - With V([]), the user cannot create a VPS. This is not the same as V([0]).
      mgs:
        type: list
        elements: int
        description:
          - IDs of all media groups that the user may choose, in any order; V([]) allows all media.
  delete_others:
    description:
      - Whether to delete all user plans that no entry names. If set to V(true), the list must not be empty.
    type: bool
    default: false
  force:
    description:
      - Whether to delete user plans that users have. The effect on the limits of these users is not known.
    type: bool
    default: false
  max_items:
    description:
      - Change nothing if more user plans than this would be created, changed or deleted. The task then fails, in check
        mode too.
    type: int
  plan_sha256:
    description:
      - Change nothing unless the plan has this hash, which is RV(plan_sha256) of the task in check mode. The task then
        fails, in check mode too.
      - The hash covers the address of the panel, and the values before and after each change.
    type: str
  report_dir:
    description:
      - Folder on the controller for C(report.json), which has RV(totals) and RV(results), also if the task fails. In
        check mode it has what would change.
      - It is created if it does not exist. An existing report is replaced, except if this task was stopped and another
        one has begun since.
      - A relative path starts at the folder in which Ansible was started.
    type: path
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
  - The plan and the outcomes are shown on the screen, with one line for each user plan that changes.
  - The role P(vpsfleet.panels.virtualizor_user_plans#role) asks for an approval between plan and change.
seealso:
  - module: vpsfleet.panels.virtualizor_user_plan
  - module: vpsfleet.panels.virtualizor_user_plan_info
"""

EXAMPLES = r"""
- name: Plan to have these user plans and no others
  vpsfleet.panels.virtualizor_user_plans:
    api_url: https://panel.example.com:4085
    api_key: "{{ vault_virtualizor_key }}"
    api_pass: "{{ vault_virtualizor_pass }}"
    delete_others: true
    force: true
    user_plans: &user_plans
      - {plan_name: Cloud S, priority: 2, num_vs: 1, ram: 2048, sgs: [0]}
      - {plan_name: Cloud M, priority: 2, num_vs: 5, ram: 8192, sgs: [0]}
  check_mode: true
  register: plan

- name: Apply exactly that plan
  vpsfleet.panels.virtualizor_user_plans:
    delete_others: true
    force: true
    user_plans: *user_plans
    plan_sha256: "{{ plan.plan_sha256 }}"

- name: Change two user plans, and no more
  vpsfleet.panels.virtualizor_user_plans:
    max_items: 2
    user_plans:
      - plan_name: Cloud S
        ram: 4096
      - plan_name: Cloud M
        state: absent
        force: true
"""

RETURN = r"""
panel:
  description: Host and port of the panel.
  returned: success, and on failure once the user plans were read
  type: str
  sample: panel.example.com:4085
results:
  description: One row for each entry, in the order of the list, and then for each other user plan to delete.
  returned: success, and on failure once the user plans were read
  type: list
  elements: dict
  contains:
    id:
      description: The ID of the user plan, null if it does not exist yet.
      type: int
      returned: always
    name:
      description: Name of the user plan, before a change of its name. Empty if it is not known.
      type: str
      returned: always
    outcome:
      description:
        - V(created), V(changed), V(deleted), V(unchanged), V(failed), or V(skipped) if it was not applied because of
          another failure, or because the plan was not approved. In check mode, the predicted one.
      type: str
      returned: always
    changed:
      description: Whether the user plan changed, also if only in part. In check mode, whether it would change.
      type: bool
      returned: always
    changed_fields:
      description: Names of the values that changed, without the name of a new user plan.
      type: list
      elements: str
      returned: always
    changes:
      description:
        - The rows of C(changes) of M(vpsfleet.panels.virtualizor_user_plan) that are not V(unchanged). The outcome of
          a change that was not made is V(skipped).
      type: list
      elements: dict
      returned: always
      contains:
        field: {description: Name of the value., type: str, returned: always}
        unit: {description: 'Unit of the values, null if none.', type: str, returned: always}
        before: {description: Value before the task., type: raw, returned: always}
        desired: {description: Desired value., type: raw, returned: always}
        after: {description: Value after the task; in check mode the predicted one., type: raw, returned: always}
        outcome:
          description: 'V(changed), V(skipped), or V(refused) if the panel keeps another value.'
          type: str
          returned: always
        message:
          description: The panel's message about it. Null if the panel gave no reason.
          type: str
          returned: always
    failure:
      description: The error, null if nothing failed.
      type: dict
      returned: always
      contains:
        code: {description: The kind of failure. The guide on failures lists the codes., type: str, returned: always}
        http_status: {description: 'HTTP status of the response, null if there was none.', type: int, returned: always}
        operation:
          description: 'Operation of the panel that failed, null if no request was sent.'
          type: str
          returned: always
        message: {description: 'The error message, without the secrets in it.', type: str, returned: always}
        retryable:
          description: Whether the same task can succeed later without a change of its options.
          type: bool
          returned: always
        partial: {description: Whether the user plan had been changed before the failure., type: bool, returned: always}
        state:
          description: V(unknown) if a write may have been executed although it failed, V(known) otherwise.
          type: str
          returned: always
    msg:
      description: The error message. Empty if nothing failed.
      type: str
      returned: always
  sample:
    - id: 5
      name: Reseller M
      outcome: changed
      changed: true
      changed_fields: [ram]
      changes:
        - {field: ram, unit: MB, before: 8192, desired: 16384, after: 16384, outcome: changed, message: null}
      failure: null
      msg: ""
totals:
  description: Number of rows, and number with each outcome, see RV(results[].outcome).
  returned: success, and on failure once the user plans were read
  type: dict
  contains:
    plans: {description: Number of rows., type: int, returned: always}
    created: {description: Number of user plans that were created., type: int, returned: always}
    changed: {description: Number of user plans that were changed., type: int, returned: always}
    deleted: {description: Number of user plans that were deleted., type: int, returned: always}
    unchanged: {description: Number of user plans that are as desired., type: int, returned: always}
    failed: {description: Number of user plans that failed., type: int, returned: always}
    skipped: {description: Number of user plans to which a change was not applied., type: int, returned: always}
  sample:
    plans: 4
    created: 1
    changed: 1
    deleted: 1
    unchanged: 1
    failed: 0
    skipped: 0
summary:
  description: The counts of RV(totals) in words.
  returned: success, and on failure once the user plans were read
  type: str
  sample: 1 created, 1 changed, 1 deleted, 1 unchanged, 0 failed, 0 skipped
plan_sha256:
  description: Hash of the plan that this task has made.
  returned: success, and on failure once the user plans were read
  type: str
  sample: 5dea0e1c3b6339f60f25fc84bfe765f514a2eb00614cb1a08ce4d9bb38e13171
question:
  description: Question for the approver of the plan.
  returned: success, and on failure once the user plans were read
  type: str
  sample: On panel.example.com:4085, create 1, change 1 and delete 1 user plans
report_file:
  description: Path of the report. Null without O(report_dir).
  returned: success, and on failure once the user plans were read
  type: str
  sample: /var/reports/user-plans/report.json
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
    read: 7
    write: 3
    retried: 0
    waited_s: 0.0
failure:
  description:
    - The error, for workflows. The guide on failures lists the codes. If all failed user plans have the same code, this
      code, otherwise V(stopped).
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
    http_status: null
    operation: null
    message: 3 user plans would change, and max_items allows 2
    retryable: false
    partial: false
    state: known
"""
