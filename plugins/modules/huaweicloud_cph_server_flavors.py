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
  - Gives every selected server of Cloud Phone Host a server flavor and the phone flavor that goes with
    it, as M(vpsfleet.panels.huaweicloud_cph_server_flavor) does for one, in one task. For each server
    that differs B(an order is placed, which may cost money).
  - No server is ordered for twice. An order does not name its server, so an open one may be that of
    any. Therefore orders are sent one after another, and before each the open orders and the server are
    read again. What the run has ordered is waited for together, for up to O(workers) servers at a time.
  - An order that is open when the run begins keeps all others back. One that is being carried out is
    waited for. Where one waits for its payment, the servers that differ become V(refused), and nothing
    is ordered.
  - Open orders must be visible, so O(bss_endpoint) and the permission C(billing:order:view) are needed
    where a server differs, unless O(ignore_open_orders) is set.
  - In check mode nothing is ordered, and O(plan_file) is written. Without check mode a O(plan_file) is
    applied - only its servers are changed, and only those that are still as they were.
  - With O(journal) a run that was killed or stopped goes on where it was. For a server that it may have
    ordered for, nothing is ordered before all open orders have ended; if it has its old flavor then, it
    is ordered for. Where orders cannot be read it never is, whatever O(ignore_open_orders) says. It fails
    with V(state=unknown) unless it shows the flavor within O(wait_timeout).
  - O(rollback) orders the earlier flavor of each server back, which is a new order with a price of its
    own. A flavor that is no longer listed is V(refused). An order that was not carried out is not
    cancelled by it.
  - The task runs on the controller, once for all hosts of the play, whatever the connection and
    C(become) are. C(async) is not supported.
  - C(SIGINT) and C(SIGTERM) stop it cleanly, and so does the death of C(ansible-playbook). No further
    server is begun, those under way are ordered for and waited for, and the journal and O(results_file)
    are complete. Ansible itself shows no result then.
options:
  server_ids:
    description:
      - Select the servers with these ids. Exactly one of O(server_ids), O(server_names) and O(all) must be
        set, unless a plan is applied or O(rollback) is set, which say by themselves which servers.
      - An id that does not exist fails the task before anything is ordered. An empty list selects
        nothing, which is no error.
    type: list
    elements: str
  server_names:
    description:
      - Select the servers with these names, to the letter. A name that does not exist, or that several
        servers have, fails the task before anything is ordered.
    type: list
    elements: str
  all:
    description:
      - Select all servers of the project. Those that were given up do not count.
    type: bool
    default: false
  current_server_model_names:
    description:
      - Of the selected servers, keep only those that are on one of these server flavors now.
    type: list
    elements: str
  current_phone_model_names:
    description:
      - Of the selected servers, keep only those that are on one of these phone flavors now.
    type: list
    elements: str
  states:
    description:
      - Of the selected servers, keep only those in one of these states.
      - V(unknown) is a status that no document of the vendor explains.
    type: list
    elements: str
    choices: [creating, abnormal, normal, frozen, stopped, stopping, stop_failed, starting, unknown]
  availability_zones:
    description:
      - Of the selected servers, keep only those in one of these availability zones.
    type: list
    elements: str
  enterprise_project_ids:
    description:
      - Of the selected servers, keep only those of one of these enterprise projects. V(0) is the default
        one.
    type: list
    elements: str
  charging_mode:
    description:
      - Of the selected servers, keep only those that are paid for by the month or year, or only those
        that are paid for by use.
    type: str
    choices: [yearly_monthly, on_demand]
  network_version:
    description:
      - Of the selected servers, keep only those in a network of the service (V(v1)), or only those in one
        of your own (V(v2)).
    type: str
    choices: [v1, v2]
  exclude_ids:
    description:
      - Leave out these servers, whatever selects them.
    type: list
    elements: str
    default: []
  exclude_names:
    description:
      - Leave out the servers with these names, to the letter, whatever selects them.
    type: list
    elements: str
    default: []
  server_model_name:
    description:
      - Name of the server flavor, such as V(physical.rx1.xlarge.special). Exactly one of
        O(server_model_name) and O(rollback) must be set.
      - The vendor changes flavors only within one generation of servers.
    type: str
  phone_model_name:
    description:
      - Name of the phone flavor, which must belong to O(server_model_name) and be for as many phones
        as each server has.
    type: str
  auto_pay:
    description:
      - Whether each order is paid at once, from the balance of the account.
      - B(An order that is not paid changes nothing.) With V(false) the server counts as V(ordered), and
        RV(results[].order_id) names the order, and somebody has to pay it in the
        console. What costs nothing extra needs no payment.
      - A plan and a journal are for one value of it.
    type: bool
    default: false
  ignore_open_orders:
    description:
      - Whether to order although an earlier order is open that may be for the same server.
      - Without O(bss_endpoint) nothing is known of open orders. Do not run the task again then before
        each order has been paid and carried out, or cancelled.
    type: bool
    default: false
  precheck:
    description:
      - What to do about a server when the vendor's lists speak against the change - the two flavors are
        not listed as a pair, they are for another number of phones, or the server is not in the state
        V(normal).
      - V(strict) lets the server fail before anything is ordered for it. V(warn) notes it as C(message) in
        RV(results[].changes), warns, and leaves the decision to the vendor, which is for flavors
        of your own that are on no list. V(none) does not read the lists.
      - Price and the vendor's private rules cannot be checked. There is no trial run.
    type: str
    choices: [strict, warn, none]
    default: strict
  wait:
    description:
      - Whether to wait until a server shows its flavor before it counts as changed.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait for one server, and before its order for other open orders to end.
    type: int
    default: 900
  wait_interval:
    description:
      - Seconds between two looks at a server.
    type: int
    default: 10
  workers:
    description:
      - For how many servers orders are under way at a time, from 1 to 100. Orders are sent one after
        another all the same.
      - Once more than O(max_failures) have failed, and after a signal, so many may still be ordered for.
        Have one server go first with O(batches).
    type: int
    default: 10
  check_capacity:
    description:
      - Whether to read where the vendor sells the server flavor no more, and to warn where servers are
        there. Whether that stops a change of flavor is not published. This costs one request.
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
      - A server that shows the flavor is left alone. While an order is unpaid the server shows its old
        flavor; a second order is kept back then unless O(ignore_open_orders) is set.
notes:
  - The permission C(cph:servers:changeType) is needed, those to read servers and flavors, and
    C(billing:order:view) on the account.
  - Orders are those of the whole account. A run in another region or project holds this one back, and
    so does whoever orders in the console.
  - The panel that a plan, a journal and the lock are for is the address of the service with the project.
seealso:
  - module: vpsfleet.panels.huaweicloud_cph_server_flavor
  - module: vpsfleet.panels.huaweicloud_cph_phone_model_info
"""

EXAMPLES = r"""
- name: Plan to put all servers of a flavor on a larger one
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

- name: See whether the flavors that the servers had can be ordered back
  vpsfleet.panels.huaweicloud_cph_server_flavors:
    region: cn-north-4
    bss_endpoint: https://bss.myhuaweicloud.com
    rollback: /var/lib/fleet/special.journal
  check_mode: true

- name: Order one flavor for the servers that are the hosts of this play
  vpsfleet.panels.huaweicloud_cph_server_flavors:
    region: cn-north-4
    server_ids: "{{ ansible_play_hosts | map('extract', hostvars, 'huaweicloud_cph_id') }}"
    server_model_name: physical.rx1.xlarge.special
    phone_model_name: rx1.cp.sp.c6.d12.e6v6
"""

RETURN = r"""
summary:
  description: The counts of RV(totals) in words, as in RV(msg) but without the noun in front of them.
  returned: success, and on failure once the servers were read
  type: str
  sample: 41 changed, 19 as they should be
finished:
  description:
    - Whether nothing is left to do. If V(false), run the task again with the same O(journal) or O(plan_file).
      In check mode it is V(true) if nothing would change.
    - V(moved) servers do not count as left to do, because neither the plan nor the journal applies to them.
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
    - C(partly_refused) counts those servers among the changed ones that kept something the panel does not change.
    - C(earlier) counts those that an earlier run changed, C(restart_required) those that need a restart, and
      C(differ_again) those that a second look found with other values.
  returned: success, and on failure once the servers were read
  type: dict
  contains:
    selected: {description: Number of selected servers., type: int, returned: always}
    changed:
      description: Number of changed servers; in check mode of those that would change.
      type: int
      returned: always
    ordered:
      description: Number of servers that are ordered for and have not changed yet.
      type: int
      returned: always
    drifted:
      description: Number of servers that differ in a comparison.
      type: int
      returned: always
    unchanged: {description: Number of servers that are as they should be., type: int, returned: always}
    refused:
      description: Number of servers that differ only in what the panel does not change.
      type: int
      returned: always
    failed: {description: Number of servers that failed., type: int, returned: always}
    in_doubt:
      description: Number of servers to which a write was sent whose effect is not known.
      type: int
      returned: always
    moved:
      description: Number of servers that are gone, or changed since the plan was made.
      type: int
      returned: always
    skipped: {description: Number of servers that were not begun., type: int, returned: always}
    partly_refused:
      description: Number of changed servers that kept something the panel does not change.
      type: int
      returned: always
    earlier:
      description: Number of servers that an earlier run with the same journal finished.
      type: int
      returned: always
    restart_required: {description: Number of servers that wait for a restart., type: int, returned: always}
    differ_again:
      description: Number of servers that a second look at the end of the run found with other values.
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
msg:
  description: The totals, or what went wrong, in one sentence.
  returned: always
  type: str
  sample: "servers: 41 changed, 19 as they should be"
results:
  description: One row for each server, in the order of the selection; at most O(max_results).
  returned: success, and on failure once the servers were read
  type: list
  elements: dict
  contains:
    id:
      description: Id of the server.
      type: str
      returned: always
    name:
      description: Name of the server.
      type: str
      returned: always
    outcome:
      description:
        - V(changed) where the server has the flavor; in check mode for what would be ordered.
        - V(ordered) where an order for it is placed, and it does not show the flavor yet, such as an order
          that waits for its payment.
        - V(drifted) where it differs in a comparison, see O(run_step).
        - V(unchanged); V(refused) where nothing was ordered since an order is open that may be for it, or
          where O(rollback) cannot give its flavor back; V(moved) where it is not as it was when the plan
          was made, or as the runs left it that O(rollback) is to undo; V(skipped) where the run stopped
          before its turn.
        - V(failed) where it was not changed, or not all of it. A refusal that the comparison did not
          predict is a failure.
        - V(in_doubt) where a write was sent and whether it took effect is not known, such as a change that
          the panel accepted and does not show. It counts as a failure. A later run with the same
          O(journal), or with O(rollback), looks at it first.
      type: str
      returned: always
    changed:
      description: Whether this run changed it, or ordered for it.
      type: bool
      returned: always
    changes:
      description:
        - The names that changed or were refused. What C(huaweicloud_cph_server_flavor) returns.
        - C(after) of what is ordered and not there yet is the flavor that was ordered, and C(message) names
          the order and its state. What speaks against a flavor is in C(message) too.
      type: list
      elements: dict
      returned: always
      contains:
        field: {description: V(server_model_name) or V(phone_model_name)., type: str, returned: always}
        unit: {description: Always null., type: str, returned: always}
        before: {description: The server's flavor before the task., type: str, returned: always}
        desired: {description: The flavor that is asked for., type: str, returned: always}
        after:
          description: The flavor that the server showed last; in check mode the expected one.
          type: str
          returned: always
        outcome:
          description: V(changed), or V(unchanged) for what was right before or is only ordered.
          type: str
          returned: always
        message: {description: 'Why a value that differs is not there yet, or null.', type: str, returned: always}
    restart_required:
      description: Always V(false).
      type: bool
      returned: always
    earlier:
      description: Whether an earlier run with the same journal did it.
      type: bool
      returned: always
    msg:
      description: Why it is not simply changed or unchanged; null where it is.
      type: str
      returned: always
    verified:
      description: Whether a second look at the end of the run found the new values; null without one.
      type: bool
      returned: always
    failure:
      description: What went wrong; null unless it failed.
      type: dict
      returned: always
      contains:
        code:
          description: What kind of failure it is. The guide on failures lists the codes.
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
      description: Id of the order that was placed; null where none was, or where it is not known.
      type: str
      returned: always
    order_state:
      description:
        - State of that order, such as V(pending_payment), V(processing), V(completed) or V(cancelled);
          V(unknown) where orders cannot be read.
      type: str
      returned: always
    pending_payment:
      description: Whether it waits for its payment; null where nothing was ordered.
      type: bool
      returned: always
    pay_until:
      description: Until when it can be paid; null where that is not known.
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
      order_id: CS1710111105S8IPB
      order_state: completed
      pending_payment: false
      pay_until: null
results_omitted:
  description: How many rows O(max_results) left out.
  returned: success, and on failure once the servers were read
  type: int
  sample: 0
stopped:
  description:
    - Why no further server was begun, null where the run went to its end. C(reason) is V(interrupted),
      V(deadline), V(failures), V(health), V(auth), V(journal), V(lock), V(files) or V(defect).
  returned: success, and on failure once the servers were read
  type: dict
  contains:
    reason: {description: 'Why the run stopped, as a word.', type: str, returned: always}
    msg: {description: 'Why the run stopped, as a sentence.', type: str, returned: always}
  sample:
    reason: deadline
    msg: the deadline of 3600 seconds has passed
run_dir:
  description: Absolute path of O(run_dir), null without it.
  returned: success, and on failure once the servers were read
  type: str
  sample: /var/lib/fleet/cloud-4
run_state:
  description:
    - State of the run in O(run_dir) after this task, null without it. V(planned), V(begun) where it did not
      record its end, V(stopped) where it left something to do, V(finished), or V(rolled_back).
  returned: success, and on failure once the servers were read
  type: str
  sample: finished
next_command:
  description:
    - Command that applies the plan in O(run_dir), which is its approval, or that continues its run; null
      where nothing is left to do.
  returned: success, and on failure once the servers were read
  type: str
  sample: ansible-playbook vpsfleet.panels.fleet_resume -e vps_fleet_run_dir=/var/lib/fleet/cloud-4
question:
  description: Question to whoever approves the plan in O(run_dir), null where no plan was made.
  returned: success, and on failure once the servers were read
  type: str
  sample: >-
    Change 457 of 500 servers on virtfusion https://panel.example.com/api/v1 to package_name Cloud 4;
    457 need a restart afterwards
plan_sha256:
  description: Hash of the plan that was written or applied, null without one.
  returned: success, and on failure once the servers were read
  type: str
  sample: 5dea0e1c3b6339f60f25fc84bfe765f514a2eb00614cb1a08ce4d9bb38e13171
run_id:
  description: What the journal calls this run.
  returned: success, and on failure once the servers were read
  type: str
  sample: 0d08bd8ab5684e0badeb7aa86b494f65
duration_s:
  description: Seconds from beginning to end.
  returned: success, and on failure once the servers were read
  type: float
  sample: 655.2
ansible_stats:
  description:
    - RV(totals), RV(plan_sha256), RV(run_id) and RV(stopped) as C(huaweicloud_cph_server_flavors_totals)
      and so on, the way M(ansible.builtin.set_stats) sets them, for workflows.
  returned: success, and on failure once the servers were read
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
          contains:
            selected: {description: Number of selected servers., type: int, returned: always}
            changed:
              description: Number of changed servers; in check mode of those that would change.
              type: int
              returned: always
            unchanged: {description: Number of servers that are as they should be., type: int, returned: always}
            refused:
              description: Number of servers that differ only in what the panel does not change.
              type: int
              returned: always
            failed: {description: Number of servers that failed., type: int, returned: always}
            moved:
              description: Number of servers that are gone, or changed since the plan was made.
              type: int
              returned: always
            skipped: {description: Number of servers that were not begun., type: int, returned: always}
            earlier:
              description: Number of servers that an earlier run with the same journal finished.
              type: int
              returned: always
            restart_required: {description: Number of servers that wait for a restart., type: int, returned: always}
        huaweicloud_cph_server_flavors_plan_sha256:
          description: What RV(plan_sha256) has.
          type: str
          returned: always
        huaweicloud_cph_server_flavors_run_id: {description: What RV(run_id) has., type: str, returned: always}
        huaweicloud_cph_server_flavors_stopped:
          description: What RV(stopped) has.
          type: dict
          returned: always
          contains:
            reason: {description: 'Why the run stopped, as a word.', type: str, returned: always}
            msg: {description: 'Why the run stopped, as a sentence.', type: str, returned: always}
    per_host: {description: 'V(false), the statistics are about the whole play.', type: bool, returned: always}
    aggregate: {description: 'V(false), the last task counts.', type: bool, returned: always}
  sample:
    data:
      huaweicloud_cph_server_flavors_run_id: 0d08bd8ab5684e0badeb7aa86b494f65
    per_host: false
    aggregate: false
api_calls:
  description:
    - What the task cost - requests that read, that write, that were repeats, and seconds waited, of all
      servers together.
  returned: always, but for a mistake in the options
  type: dict
  contains:
    read: {description: Number of requests that read., type: int, returned: always}
    write: {description: Number of requests that write., type: int, returned: always}
    retried: {description: Number of requests that were repeated., type: int, returned: always}
    waited_s: {description: Seconds spent waiting between requests., type: float, returned: always}
  sample:
    read: 910
    write: 41
    retried: 0
    waited_s: 0.0
failure:
  description:
    - What went wrong, for workflows. The guide on failures lists the codes. Where servers failed for
      one and the same reason, its code, otherwise V(stopped).
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
    code: stopped
    http_status: null
    operation: null
    message: SIGTERM asked for it
    retryable: true
    partial: true
    state: known
"""
