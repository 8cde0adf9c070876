#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: huaweicloud_cph_server_flavors
short_description: Change the flavor of many cloud phone servers of Huawei Cloud
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Changes the server flavor and the phone flavor of many servers of Cloud Phone Host in one task. It orders in
    the same way as M(vpsfleet.panels.huaweicloud_cph_server_flavor). For each server with another flavor
    B(it places an order, which may cost money).
  - An order does not name its server, so an open order may be for any server. Therefore orders are sent one
    after another. Before each one, the open orders and the server are read again. The orders of the run are
    then waited for together, for up to O(workers) servers at a time.
  - If an order is open when the run starts, an order that ends by itself is waited for. Otherwise all servers
    with another flavor become V(refused), and nothing is ordered. If an approved plan predicted their change, they are
    V(failed) instead, so that the run can be resumed.
  - Open orders must be readable if a server has another flavor, unless O(ignore_open_orders) is set. This
    requires O(bss_endpoint) and the permission C(billing:order:view).
  - In check mode nothing is ordered, and O(plan_file) is written unless O(plan_sha256) is set. Without check mode, the
    plan in O(plan_file) is applied. Only its servers are changed, and only those that have not changed since.
  - With O(journal) a run that was killed or stopped can be resumed. For a server that it may have ordered
    for, nothing is ordered before all open orders have ended. If the server then has its old flavor, it is
    ordered. If an order stays open, the server is V(in_doubt). If orders cannot be read, it is never ordered, even
    with O(ignore_open_orders), and fails with V(state=unknown) unless it shows the flavor within O(wait_timeout). A
    server whose placed order is not completed yet stays V(ordered) and is not ordered again, unless that order was
    cancelled.
  - O(rollback) orders the earlier flavor of each server, which is a new order with its own price. A flavor
    that is no longer listed is V(refused). It does not cancel open orders.
  - The task runs on the controller, once for all hosts of the play. The connection and C(become) have no
    effect. C(async) is not supported.
  - C(SIGHUP), C(SIGINT), C(SIGTERM) and the end of C(ansible-playbook) stop it cleanly. No further server is started,
    orders in progress are followed, and the journal and O(results_file) are complete. Ansible itself shows no
    result then.
options:
  server_ids:
    description:
      - Select the servers with these IDs. Exactly one of O(server_ids), O(server_names) and O(all) must be
        set, unless a plan or O(rollback) selects the servers.
      - O(on_unmatched) defines what to do about an ID that does not exist, and about an empty list.
    type: list
    elements: str
  server_names:
    description:
      - Select the servers with these exact names. A name that several servers have fails the task before
        anything is ordered. O(on_unmatched) defines what to do about a name that does not exist.
    type: list
    elements: str
  all:
    description:
      - Whether to select all servers of the project, except those that were unsubscribed or deleted.
    type: bool
    default: false
  current_server_model_names:
    description:
      - Of the selected servers, keep only those with one of these server flavors.
      - A flavor that exists and that no server has any more is a warning and not a failure, so that the task
        can be repeated. See O(on_unmatched) for one that does not exist.
    type: list
    elements: str
  current_phone_model_names:
    description:
      - Of the selected servers, keep only those with one of these phone flavors. See
        O(current_server_model_names) for a flavor that no server has.
    type: list
    elements: str
  states:
    description:
      - Of the selected servers, keep only those in one of these states.
      - V(unknown) is a status that the vendor does not document.
    type: list
    elements: str
    choices: [creating, abnormal, normal, frozen, stopped, stopping, stop_failed, starting, unknown]
  availability_zones:
    description:
      - Of the selected servers, keep only those in one of these availability zones. See O(on_unmatched) for
        a zone without a server.
    type: list
    elements: str
  enterprise_project_ids:
    description:
      - Of the selected servers, keep only those of one of these enterprise projects. V(0) is the default
        project. See O(on_unmatched) for a project without a server.
    type: list
    elements: str
  charging_mode:
    description:
      - Of the selected servers, keep only those with this charging mode.
    type: str
    choices: [yearly_monthly, on_demand]
  network_version:
    description:
      - Of the selected servers, keep only those in a network of the service (V(v1)) or in a network of the
        customer (V(v2)).
    type: str
    choices: [v1, v2]
  exclude_ids:
    description:
      - Exclude the servers with these IDs. See O(on_unmatched) for an ID that does not exist.
    type: list
    elements: str
    default: []
  exclude_names:
    description:
      - Exclude the servers with these exact names. See O(on_unmatched) for a name that does not exist.
    type: list
    elements: str
    default: []
  server_model_name:
    description:
      - The name of the server flavor, such as V(physical.rx1.xlarge.special). Exactly one of
        O(server_model_name) and O(rollback) must be set, unless O(run_dir) has a plan.
      - The vendor changes flavors only within one generation of servers.
    type: str
  phone_model_name:
    description:
      - The name of the phone flavor. It must belong to O(server_model_name), and be for as many phones as
        each server has. Required together with O(server_model_name).
    type: str
  auto_pay:
    description:
      - Whether to pay each order at once, from the balance of the account.
      - B(An unpaid order changes nothing.) If V(false), an upgrade is ordered and waits for its payment in
        the console. Its server becomes V(ordered), with RV(results[].order_id).
      - If V(true) and an order is not paid, for example because the balance does not cover it, its server
        becomes V(failed), and the run stops regardless of O(max_failures). An order counts as not paid if
        three reads in a row, O(wait_interval) apart, show it unpaid, also with O(wait=false).
      - A plan and a journal are valid for one value of this option.
    type: bool
    default: false
  ignore_open_orders:
    description:
      - Whether to order although another order is open that may be for the same server.
      - If V(true), make sure that no order for one of the servers is open, or it is ordered twice.
    type: bool
    default: false
  precheck:
    description:
      - What to do about a server if the vendor's lists contradict the change - the two flavors are not
        listed as a pair, they are for another number of phones, or the server is not in the state
        V(normal).
      - V(strict) fails the server before its order. V(warn) adds a C(message) to RV(results[].changes), warns,
        and leaves the decision to the vendor; use it for private flavors, which are on no list. V(none)
        does not read the lists.
      - Price and the vendor's private rules cannot be checked. The vendor offers no trial run.
    type: str
    choices: [strict, warn, none]
    default: strict
  wait:
    description:
      - Whether to wait until a server shows its flavor. An order that waits for its payment, or may do so,
        is not waited for. A server that does not show its flavor becomes V(ordered).
      - Also whether to wait for other open orders that end by themselves, before an order is placed.
    type: bool
    default: true
  wait_timeout:
    description:
      - Maximum time in seconds to wait for other open orders, and again for the change, for each server.
    type: int
    default: 900
  wait_interval:
    description:
      - Seconds between two reads of a server and its order, at least 1.
    type: int
    default: 10
  workers:
    description:
      - Number of servers whose orders are in progress at a time, from 1 to 100. Orders are still sent one
        after another.
      - After too many failures or a signal, up to this number of servers may still be ordered. Start with one server by
        O(batches).
    type: int
    default: 10
  check_capacity:
    description:
      - Whether to warn if the server flavor is sold out in the availability zone of a server, with one
        more request. Whether that prevents a change of flavor is not documented.
    type: bool
    default: true
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.fleet
  - vpsfleet.panels.huaweicloud
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.huaweicloud_group
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - If a server has the flavor, nothing is ordered. While an order is unpaid the server shows its old
        flavor; the open order then prevents a second one, unless O(ignore_open_orders) is set.
notes:
  - Requires the permission C(cph:servers:changeType), the permissions to read servers, phones and flavors,
    and C(billing:order:view) on the account.
  - The order service lists the orders of the whole account. A run in another region or project delays this
    one, and so does an order in the console.
  - A plan, a journal and the lock belong to the address of the service and the project.
seealso:
  - module: vpsfleet.panels.huaweicloud_cph_server_flavor
  - module: vpsfleet.panels.huaweicloud_cph_phone_model_info
"""

EXAMPLES = r"""
- name: Plan a larger flavor for all servers of a flavor
  vpsfleet.panels.huaweicloud_cph_server_flavors:
    region: cn-north-4
    bss_endpoint: https://bss.myhuaweicloud.com
    access_key: "{{ vault_huaweicloud_access_key }}"
    secret_key: "{{ vault_huaweicloud_secret_key }}"
    all: true
    current_phone_model_names: [rx1.cp.c6.d10.e1v1]
    server_model_name: physical.rx1.xlarge.special
    phone_model_name: rx1.cp.sp.c6.d12.e6v6
    auto_pay: true
    plan_file: /var/lib/fleet/special.plan.json
  check_mode: true
  register: plan

- name: Apply exactly that plan, one server first
  vpsfleet.panels.huaweicloud_cph_server_flavors:
    region: cn-north-4
    bss_endpoint: https://bss.myhuaweicloud.com
    server_model_name: physical.rx1.xlarge.special
    phone_model_name: rx1.cp.sp.c6.d12.e6v6
    auto_pay: true
    plan_file: /var/lib/fleet/special.plan.json
    plan_sha256: "{{ plan.plan_sha256 }}"
    journal: /var/lib/fleet/special.journal
    batches: [1, 100%]
    workers: 5

- name: Check whether the earlier flavors can be ordered
  vpsfleet.panels.huaweicloud_cph_server_flavors:
    region: cn-north-4
    bss_endpoint: https://bss.myhuaweicloud.com
    rollback: /var/lib/fleet/special.journal
  check_mode: true

- name: Order one flavor for the servers that are the hosts of the play
  vpsfleet.panels.huaweicloud_cph_server_flavors:
    region: cn-north-4
    bss_endpoint: https://bss.myhuaweicloud.com
    server_ids: "{{ ansible_play_hosts | map('extract', hostvars, 'huaweicloud_cph_id') }}"
    server_model_name: physical.rx1.xlarge.special
    phone_model_name: rx1.cp.sp.c6.d12.e6v6
"""

RETURN = r"""
summary:
  description: The counts of RV(totals) in words, as in RV(msg) but without the noun in front of them.
  returned: success, and on failure once the servers were read
  type: str
  sample: 41 changed, 19 unchanged
finished:
  description:
    - Whether nothing is left to do. If V(false), run the task again with the same O(journal). Without a journal, make a
      new plan.
      In check mode it is V(true) if nothing would change.
      With O(run_step=drift), it is V(true) if no server has drifted.
    - V(moved) servers do not count as left to do, because neither the plan nor the journal applies to them.
      Neither do V(ordered) servers, because their orders are placed.
  returned: success, and on failure once the servers were read
  type: bool
  sample: true
panel:
  description: Name of the kind of panel.
  returned: success, and on failure once the servers were read
  type: str
  sample: huaweicloud
address:
  description: Address of the panel, as in the plan and in the journal.
  returned: success, and on failure once the servers were read
  type: str
  sample: https://cph.cn-east-3.myhuaweicloud.com project 0c1f2d3e4b5a69788796a5b4c3d2e1f0
action:
  description: Name of this action, without the name of the collection.
  returned: success, and on failure once the servers were read
  type: str
  sample: huaweicloud_cph_server_flavors
totals:
  description:
    - Number of servers selected, and number with each outcome, see RV(results[].outcome).
    - C(partly_refused) is the number of changed servers on which the panel refused some of the values.
    - C(earlier) is the number of servers that an earlier run changed, C(restart_required) of those that
      need a restart, C(differ_again) of those that had other values again at the end of the run, and C(unverified) of
      those that were changed and could not be read again then. Without O(run_dir), nothing is read again at the end,
      so both are 0 and prove nothing.
  returned: success, and on failure once the servers were read
  type: dict
  contains: &totals
    selected: {description: Number of selected servers., type: int, returned: always}
    changed:
      description:
        - Number of changed servers; in check mode, and in a run that O(max_items) refuses, of servers that would
          change.
      type: int
      returned: always
    ordered:
      description: Number of servers with an order that does not show yet.
      type: int
      returned: always
    drifted:
      description: Number of servers that differ in a comparison.
      type: int
      returned: always
    unchanged: {description: Number of servers that had the flavor., type: int, returned: always}
    refused:
      description: Number of servers for which nothing was ordered because of an open order.
      type: int
      returned: always
    failed: {description: Number of servers that failed., type: int, returned: always}
    in_doubt:
      description: Number of servers with a write whose effect is not known.
      type: int
      returned: always
    moved:
      description: Number of servers that do not exist, or that have changed since the plan.
      type: int
      returned: always
    skipped: {description: Number of servers that were not begun., type: int, returned: always}
    partly_refused:
      description: Number of changed servers on which the panel refused some of the values.
      type: int
      returned: always
    earlier:
      description: Number of servers that an earlier run with the same journal finished.
      type: int
      returned: always
    restart_required: {description: Number of servers that wait for a restart., type: int, returned: always}
    differ_again:
      description: Number of changed servers that had other values again at the end of the run.
      type: int
      returned: always
    unverified:
      description:
        - Number of changed servers that could not be compared again at the end of a run with O(run_dir).
          Always 0 without O(run_dir), since nothing is read again at the end of such a run.
      type: int
      returned: always
  sample:
    selected: 60
    changed: 41
    ordered: 0
    drifted: 0
    unchanged: 19
    refused: 0
    failed: 0
    in_doubt: 0
    moved: 0
    skipped: 0
    partly_refused: 0
    earlier: 0
    restart_required: 0
    differ_again: 0
    unverified: 0
msg:
  description: The totals or the error, in one sentence.
  returned: always
  type: str
  sample: "servers: 41 changed, 19 unchanged"
results:
  description: One row for each server, in the order of the selection, at most O(max_results).
  returned: success, and on failure once the servers were read
  type: list
  elements: dict
  contains:
    id:
      description: The ID of the server.
      type: str
      returned: always
    name:
      description: The name of the server.
      type: str
      returned: always
    outcome:
      description:
        - V(changed) if the server shows the flavor. In check mode, if the flavor would be ordered.
        - V(ordered) if the order is placed and the server does not show the flavor - the order waits for its
          payment, or O(wait=false).
        - V(drifted) if it differs in a comparison, see O(run_step).
        - V(unchanged) if the server had the flavor.
        - V(refused) if an open order may be for the server, or if O(rollback) cannot restore its flavor.
        - V(failed) if the change failed; RV(results[].order_id) shows whether an order exists.
        - V(in_doubt) if an order was sent and it is unknown whether it exists or takes effect. It counts as
          a failure. A later run with the same O(journal), or with O(rollback), reads the server first.
        - V(moved) if the server does not exist, or has changed since the plan or since the runs of
          O(rollback).
        - V(skipped) if the run stopped before its turn.
      type: str
      returned: always
    changed:
      description: Whether this run changed the server or placed an order for it.
      type: bool
      returned: always
    changes:
      description:
        - The flavors that changed, were refused, or are ordered. The rows have the keys of
          RV(vpsfleet.panels.huaweicloud_cph_server_flavor#module:changes).
        - Values that an earlier run with the same journal changed are included, if the server still shows them.
        - For a flavor that is ordered, C(message) names the order and its state. In check mode, C(message)
          also holds what speaks against the flavor.
      type: list
      elements: dict
      returned: always
      contains:
        field: {description: V(server_model_name) or V(phone_model_name)., type: str, returned: always}
        unit: {description: Always null., type: str, returned: always}
        before: {description: The flavor before the task., type: str, returned: always}
        desired: {description: The flavor that the task asks for., type: str, returned: always}
        after:
          description: The flavor that the server showed last. In check mode, the expected one.
          type: str
          returned: always
        outcome:
          description: V(changed), V(refused), or V(unchanged) for a flavor that is ordered.
          type: str
          returned: always
        message: {description: 'Why the server does not have the flavor, or null.', type: str, returned: always}
    restart_required:
      description: Always V(false).
      type: bool
      returned: always
    earlier:
      description: Whether an earlier run with the same journal finished it.
      type: bool
      returned: always
    msg:
      description: Why the outcome is neither V(changed) nor V(unchanged). Null otherwise.
      type: str
      returned: always
    verified:
      description: Whether the server still had its new values at the end of the run. Null if it was not
        read again.
      type: bool
      returned: always
    uuid:
      description: Same as C(id), which is a UUID.
      type: str
      returned: always
    owner:
      description: Always null. A server belongs to the account.
      type: str
      returned: always
    place:
      description: Availability zone; null if the service did not show it.
      type: str
      returned: always
    begun:
      description:
        - When the latest write to it began; null if nothing was sent. For a server of an earlier run, the time
          in O(journal).
      type: str
      returned: always
    ended:
      description: When the outcome of that write was known; null if no run recorded it.
      type: str
      returned: always
    failure:
      description: The error. Null unless it failed.
      type: dict
      returned: always
      contains:
        code:
          description: The kind of failure. The guide on failures lists the codes.
          type: str
          returned: always
        http_status:
          description: HTTP status of the response, null if there was none.
          type: int
          returned: always
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
    order_id:
      description: The ID of the order of this run. Null without an order, or if it is unknown.
      type: str
      returned: always
    order_state:
      description:
        - The state of that order when it was read last, see
          RV(vpsfleet.panels.huaweicloud_cph_server_flavor#module:order_state). Null without an order.
      type: str
      returned: always
    pending_payment:
      description: Whether the order waits for its payment. Null without an order, or if it is unknown.
      type: bool
      returned: always
    pay_until:
      description: The deadline of the payment. Null if it is unknown.
      type: str
      returned: always
  sample:
    - id: a176d8625981453bbafbc0a321d8d6a1
      name: phones-0001
      outcome: changed
      changed: true
      changes:
        - field: server_model_name
          unit: null
          before: physical.rx1.xlarge
          desired: physical.rx1.xlarge.special
          after: physical.rx1.xlarge.special
          outcome: changed
          message: null
      restart_required: false
      earlier: false
      msg: null
      failure: null
      verified: true
      uuid: a176d8625981453bbafbc0a321d8d6a1
      owner: null
      place: cn-north-4a
      begun: "2026-01-31T10:05:00.120+00:00"
      ended: "2026-01-31T10:05:01.480+00:00"
      order_id: CS1710111105S8IPB
      order_state: completed
      pending_payment: false
      pay_until: null
results_omitted:
  description: Number of rows beyond O(max_results).
  returned: success, and on failure once the servers were read
  type: int
  sample: 0
stopped:
  description:
    - Why no further server was started. Null if the run reached its end. C(reason) is V(interrupted),
      V(deadline), V(failures), V(health), V(auth), V(payment), V(journal), V(lock), V(files) or V(defect).
  returned: success, and on failure once the servers were read
  type: dict
  contains: &stopped
    reason: {description: 'Why the run stopped, as a word.', type: str, returned: always}
    msg: {description: 'Why the run stopped, as a sentence.', type: str, returned: always}
  sample:
    reason: deadline
    msg: the deadline of 3600 seconds has passed
run_dir:
  description: Absolute path of O(run_dir), null without it.
  returned: success, and on failure once the servers were read
  type: str
  sample: /var/lib/fleet/special
run_state:
  description:
    - State of the run in O(run_dir) after this task, null without it, and if it cannot be read any more.
      V(planned), V(begun) if the run did not record its end, V(stopped) if work remains, V(finished), or
      V(rolled_back).
  returned: success, and on failure once the servers were read
  type: str
  sample: finished
next_command:
  description:
    - Command that approves and applies the plan in O(run_dir), or that continues its run. Null if no
      work remains, or if the plan has nothing to change.
  returned: success, and on failure once the servers were read
  type: str
  sample: ansible-playbook vpsfleet.panels.fleet_resume -e vps_fleet_run_dir=/var/lib/fleet/special
question:
  description: Question for the approver of the plan in O(run_dir). Null if no plan was made.
  returned: success, and on failure once the servers were read
  type: str
  sample: >-
    Change 41 of 60 servers on huaweicloud https://cph.cn-east-3.myhuaweicloud.com project
    0c1f2d3e4b5a69788796a5b4c3d2e1f0 to server_model_name physical.rx1.xlarge.special, phone_model_name
    rx1.cp.sp.c6.d12.e6v6
plan_sha256:
  description: Hash of the plan that was written or applied, null without one.
  returned: success, and on failure once the servers were read
  type: str
  sample: 5dea0e1c3b6339f60f25fc84bfe765f514a2eb00614cb1a08ce4d9bb38e13171
shard:
  description: The part of the items to which the task is limited, as O(shard); null for all.
  returned: success, and on failure once the servers were read
  type: str
  sample: 2/4
run_id:
  description: ID of this run in the journal.
  returned: success, and on failure once the servers were read
  type: str
  sample: 0d08bd8ab5684e0badeb7aa86b494f65
growth:
  description:
    - Always empty, since the capacity of cloud phone servers is not known. Other panels return a row for
      each place.
  returned: success, and on failure once the servers were read
  type: list
  elements: dict
  contains:
    place: {description: ID of the zone; null if the panel does not show it., type: raw, returned: always}
    name: {description: Name of the zone; null if it was not read., type: str, returned: always}
    field: {description: "Name of the resource, as in RV(results[].changes).", type: str, returned: always}
    unit: {description: Unit of the amounts., type: str, returned: always}
    count: {description: Number of servers that change in it., type: int, returned: always}
    before: {description: Sum of these servers before the change., type: float, returned: always}
    after: {description: Sum after the change., type: float, returned: always}
    growth: {description: The difference; negative for a reduction., type: float, returned: always}
    free:
      description: Free capacity of the zone; null if unknown or unlimited.
      type: float
      returned: always
    fits: {description: Whether the free capacity is sufficient; null if unknown., type: bool, returned: always}
  sample: []
duration_s:
  description: Duration of the run in seconds.
  returned: success, and on failure once the servers were read
  type: float
  sample: 655.2
ansible_stats:
  description:
    - RV(totals), RV(plan_sha256), RV(run_id) and RV(stopped) as C(huaweicloud_cph_server_flavors_totals)
      and so on, in the format of M(ansible.builtin.set_stats), for workflows.
  returned: without O(run_dir), on success, and on failure once the servers were read
  type: dict
  contains:
    data:
      description: The statistics, by name.
      type: dict
      returned: always
      contains:
        huaweicloud_cph_server_flavors_totals:
          description: What RV(totals) has.
          type: dict
          returned: always
          contains: *totals
        huaweicloud_cph_server_flavors_plan_sha256:
          description: What RV(plan_sha256) has.
          type: str
          returned: always
        huaweicloud_cph_server_flavors_run_id: {description: What RV(run_id) has., type: str, returned: always}
        huaweicloud_cph_server_flavors_stopped:
          description: What RV(stopped) has.
          type: dict
          returned: always
          contains: *stopped
    per_host: {description: 'V(false) - the statistics are for the whole play.', type: bool, returned: always}
    aggregate: {description: 'V(false) - the values of the last task apply.', type: bool, returned: always}
  sample:
    data:
      huaweicloud_cph_server_flavors_run_id: 0d08bd8ab5684e0badeb7aa86b494f65
    per_host: false
    aggregate: false
api_calls:
  description:
    - Requests that the task sent - reads, writes and retries - and the seconds it waited, summed over
      all servers.
  returned: always, except for a mistake in the options
  type: dict
  contains:
    read: {description: Number of requests that read., type: int, returned: always}
    write: {description: Number of requests that write., type: int, returned: always}
    retried: {description: Number of retried requests., type: int, returned: always}
    waited_s: {description: Seconds spent waiting between requests., type: float, returned: always}
  sample:
    read: 910
    write: 41
    retried: 0
    waited_s: 0.0
failure:
  description:
    - The error, for workflows. The guide on failures lists the codes. If all servers failed for the same
      reason, its code, otherwise V(stopped).
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
    code: stopped
    http_status: null
    operation: null
    message: SIGTERM was received
    retryable: true
    partial: true
    state: known
"""
