#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_server_packages
short_description: Change the package of many VirtFusion servers
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Gives every selected server the resources of a package, as
    M(vpsfleet.panels.virtfusion_server_package) does for one server, in one task and in parallel.
  - One request reads 200 servers if the panel's list has all values. A server to change costs two more
    requests, for the change and for the read that verifies it. A server that already has the target
    costs no further request.
  - In check mode nothing is changed, and O(plan_file) is written unless O(plan_sha256) is set. Without check mode, the
    plan in O(plan_file) is applied. Only its servers are changed, and only if they have not changed since.
  - With O(journal) a run that was killed or stopped can be resumed. Items that the earlier run finished
    are left alone. An item that it had begun is read again before anything is sent.
  - O(rollback) restores the values from before the changes in a journal. The panel does not show the
    package of a server, so the task searches for a package with the earlier values that changes no other
    value. If no package has all of them, memory, CPU cores, traffic and backup plan are set without a
    package. A smaller disk, and a speed or a disk limit that no package has, cannot be restored.
  - The task runs on the controller, once for all hosts of the play. The connection and C(become) have no
    effect. C(async) is not supported.
  - C(SIGHUP), C(SIGINT), C(SIGTERM) and the end of C(ansible-playbook) stop it cleanly. No further server is begun,
    servers in progress are finished, and the journal and O(results_file) are complete. Ansible itself
    shows no result then.
options:
  server_ids:
    description:
      - Select the servers with these IDs. Exactly one of O(server_ids), O(server_names), O(all), and
        O(hypervisor_ids) or O(owner_ids) must be set, unless a plan or O(rollback) selects the servers.
      - O(on_unmatched) defines what to do about an ID that does not exist, and about an empty list.
    type: list
    elements: int
  server_names:
    description:
      - Select the servers with these exact, case-sensitive names. A name that several servers have fails
        the task before anything is changed. O(on_unmatched) defines what to do about a name that does
        not exist.
    type: list
    elements: str
  hypervisor_ids:
    description:
      - Select the servers on these hypervisors. With O(owner_ids), both must match.
    type: list
    elements: int
  owner_ids:
    description:
      - Select the servers of these users, by numeric ID. With O(hypervisor_ids), both must match.
    type: list
    elements: int
  all:
    description:
      - Select all servers of the panel.
    type: bool
    default: false
  suspended:
    description:
      - Of the selected servers, keep only those that are suspended (V(true)) or not suspended
        (V(false)).
    type: bool
  exclude_ids:
    description:
      - Exclude the servers with these IDs. See O(on_unmatched) for an ID that does not exist.
    type: list
    elements: int
    default: []
  exclude_names:
    description:
      - Exclude the servers with these exact, case-sensitive names. See O(on_unmatched) for a name that
        does not exist.
    type: list
    elements: str
    default: []
  package_id:
    description:
      - ID of the package. Exactly one of O(package_id), O(package_name) and O(rollback) must be set, unless
        O(run_dir) has a plan.
    type: int
  package_name:
    description:
      - Exact, case-sensitive name of the package. The task fails if several packages have it.
    type: str
  aspects:
    description:
      - The values to take from the package. All others are left unchanged.
      - V(cpu) is in cores, V(memory) in MB, V(primary_disk_size) in GB, V(primary_network_traffic)
        in GB per period (0 is unlimited), the network speeds in kB/s, the throughputs in bytes per
        second, the IOPS in operations per second.
      - An additional amount that was bought is lost if its aspect is taken from the package. Omit the
        aspect to keep it.
    type: list
    elements: str
    choices:
      - cpu
      - memory
      - primary_disk_size
      - primary_disk_read_iops
      - primary_disk_write_iops
      - primary_disk_read_throughput
      - primary_disk_write_throughput
      - primary_network_inbound_speed
      - primary_network_outbound_speed
      - primary_network_traffic
      - backup_plan
    default:
      - cpu
      - memory
      - primary_disk_size
      - primary_disk_read_iops
      - primary_disk_write_iops
      - primary_disk_read_throughput
      - primary_disk_write_throughput
      - primary_network_inbound_speed
      - primary_network_outbound_speed
      - primary_network_traffic
      - backup_plan
  on_refused:
    description:
      - What to do about aspects that the panel refuses to change, such as a disk that would have to
        shrink.
      - V(warn) adds a warning for the first few servers, V(ignore) only lists them in RV(results).
      - This applies to predicted refusals. A refusal that shows only after the write is a failure.
      - V(fail) fails the server. If the refusal is predicted, nothing is changed. If only the panel's
        response shows it, the other aspects are already changed.
    type: str
    choices: [fail, warn, ignore]
    default: warn
  allow_disabled:
    description:
      - Whether a server may be moved to a package that is disabled in the panel.
    type: bool
    default: false
  wait_timeout:
    description:
      - Seconds to keep reading a server that does not yet show an accepted change. After that, the
        change counts as refused. V(0) reads once.
    type: int
    default: 10
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.fleet
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.virtfusion_group
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: vpsfleet.panels.virtfusion_server_package
"""

EXAMPLES = r"""
- name: Plan to put all servers of two hypervisors on a package
  vpsfleet.panels.virtfusion_server_packages:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    hypervisor_ids: [2, 3]
    package_name: Cloud 4
    plan_file: /var/lib/fleet/cloud-4.plan.json
  check_mode: true
  register: plan

- name: Apply exactly that plan, one server first, and stop when more than 2 % fail
  vpsfleet.panels.virtfusion_server_packages:
    package_name: Cloud 4
    plan_file: /var/lib/fleet/cloud-4.plan.json
    plan_sha256: "{{ plan.plan_sha256 }}"
    journal: /var/lib/fleet/cloud-4.journal
    batches: [1, 5%, 25%, 100%]
    pause: 60
    max_failures: 2%
    rate_limit: 20

- name: Continue only while the shop responds, and change no further server otherwise
  vpsfleet.panels.virtfusion_server_packages:
    all: true
    package_name: Cloud 4
    journal: /var/lib/fleet/cloud-4.journal
    batches: [1, 10%, 100%]
    pause: 300
    health_check: [curl, --fail, --silent, --show-error, https://shop.example.com/health]

- name: Show which values a rollback would restore, and which it cannot
  vpsfleet.panels.virtfusion_server_packages:
    rollback: /var/lib/fleet/cloud-4.journal
  check_mode: true

- name: Roll back the run
  vpsfleet.panels.virtfusion_server_packages:
    rollback: /var/lib/fleet/cloud-4.journal
    journal: /var/lib/fleet/cloud-4.rollback.journal

- name: Give some servers more memory and CPU, and nothing else
  vpsfleet.panels.virtfusion_server_packages:
    server_names: [web01, web02, web03]
    package_id: 3
    aspects: [cpu, memory]
  register: move

- name: Show which servers need a restart
  ansible.builtin.debug:
    msg: "{{ move.results | selectattr('restart_required') | map(attribute='name') | list }}"

- name: Change the servers that are the hosts of this play
  vpsfleet.panels.virtfusion_server_packages:
    server_ids: "{{ ansible_play_hosts | map('extract', hostvars, 'virtfusion_id') }}"
    package_id: 3
"""

RETURN = r"""
summary:
  description: The counts of RV(totals) in words, as in RV(msg) but without the noun in front of them.
  returned: success, and on failure once the servers were read
  type: str
  sample: 457 changed, 38 unchanged, 5 refused
finished:
  description:
    - Whether nothing is left to do. If V(false), run the task again with the same O(journal). Without a journal, make a
      new plan.
      In check mode it is V(true) if nothing would change.
      With O(run_step=drift), it is V(true) if no server has drifted.
    - V(moved) servers do not count as left to do, because neither the plan nor the journal applies to them.
  returned: success, and on failure once the servers were read
  type: bool
  sample: true
panel:
  description: Name of the kind of panel.
  returned: success, and on failure once the servers were read
  type: str
  sample: virtfusion
address:
  description: Address of the panel, as in the plan and in the journal.
  returned: success, and on failure once the servers were read
  type: str
  sample: https://panel.example.com/api/v1
action:
  description: Name of this action, without the name of the collection.
  returned: success, and on failure once the servers were read
  type: str
  sample: virtfusion_server_packages
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
    ordered: {description: Always 0., type: int, returned: always}
    drifted:
      description: Number of servers that differ in a comparison.
      type: int
      returned: always
    unchanged: {description: Number of servers that already have the target., type: int, returned: always}
    refused:
      description: Number of servers that differ only in values that the panel does not change.
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
    selected: 500
    changed: 457
    ordered: 0
    drifted: 0
    unchanged: 38
    refused: 5
    failed: 0
    in_doubt: 0
    moved: 0
    skipped: 0
    partly_refused: 0
    earlier: 0
    restart_required: 457
    differ_again: 0
    unverified: 0
msg:
  description: The totals or the error, in one sentence.
  returned: always
  type: str
  sample: "servers: 457 changed, 38 unchanged, 5 refused"
results:
  description: One row for each server, in the order of the selection, at most O(max_results).
  returned: success, and on failure once the servers were read
  type: list
  elements: dict
  contains:
    id:
      description: ID of the server.
      type: int
      returned: always
    name:
      description: Name of the server.
      type: str
      returned: always
    outcome:
      description:
        - V(ordered) does not occur.
        - V(changed), in check mode and in a run that O(max_items) refuses if it would change; V(drifted) if it
          differs in a comparison, see O(run_step); V(unchanged); V(refused) if it differs only in values that the
          panel does not change; V(moved) if it does not exist, or has changed since the plan or since the runs of
          O(rollback); V(skipped) if the run stopped before its turn.
        - V(failed) if it was not changed, or changed only in part. A refusal that was not predicted is a
          failure.
        - V(in_doubt) if the effect of a write is not known, such as a change that the panel accepted and
          does not show. It counts as a failure. A later run with the same O(journal), or with
          O(rollback), reads it first.
      type: str
      returned: always
    changed:
      description:
        - Whether this run changed it, at least in part. In check mode, and in a run that O(max_items) refuses,
          whether it would change.
      type: bool
      returned: always
    changes:
      description:
        - The aspects that changed or were refused, as C(virtfusion_server_package) returns them.
        - Values that an earlier run with the same journal changed are included, if the server still shows them.
      type: list
      elements: dict
      returned: always
      contains:
        field: {description: The aspect., type: str, returned: always}
        unit: {description: 'Unit of the values, null if none.', type: str, returned: always}
        before: {description: The server's value before the task; null means no limit., type: int, returned: always}
        desired: {description: The package's value; null means no limit., type: int, returned: always}
        after:
          description: The server's value after the task; in check mode the predicted one.
          type: int
          returned: always
        outcome:
          description: V(changed), V(unchanged), or V(refused) if the panel keeps another value.
          type: str
          returned: always
        message:
          description: The panel's message about it, or the reason for the predicted refusal. Null if the
            panel gave no reason.
          type: str
          returned: always
    restart_required:
      description: Whether it must be restarted for all changes to take effect.
      type: bool
      returned: always
    earlier:
      description: Whether the outcome is of an earlier run with the same journal.
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
      description: UUID of the server; null if the panel did not show it.
      type: str
      returned: always
    owner:
      description: ID of the user to whom the server belongs; null if the panel did not show it.
      type: int
      returned: always
    place:
      description: ID of the hypervisor; null if the panel did not show it.
      type: int
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
      description: The error; null unless it failed.
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
  sample:
    - id: 17
      name: web01
      outcome: changed
      changed: true
      changes:
        - field: memory
          unit: MB
          before: 4096
          desired: 8192
          after: 8192
          outcome: changed
          message: null
      restart_required: true
      earlier: false
      msg: null
      failure: null
      verified: true
      uuid: 0a7b6f0e-6a0c-4f3e-9a35-0d2c8f0f6e11
      owner: 12
      place: 6
      begun: "2026-01-31T10:05:00.120+00:00"
      ended: "2026-01-31T10:05:01.480+00:00"
results_omitted:
  description: Number of rows beyond O(max_results).
  returned: success, and on failure once the servers were read
  type: int
  sample: 0
stopped:
  description:
    - Why no further server was begun. Null if the run reached its end. C(reason) is V(interrupted),
      V(deadline), V(failures), V(health), V(auth), V(journal), V(lock), V(files) or V(defect).
      V(payment) does not occur.
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
  sample: /var/lib/fleet/cloud-4
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
  sample: ansible-playbook vpsfleet.panels.fleet_resume -e vps_fleet_run_dir=/var/lib/fleet/cloud-4
question:
  description: Question for the approver of the plan in O(run_dir). Null if no plan was made.
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
    - Growth of the servers that change, summed up for each hypervisor. If O(check_capacity=true),
      compared with the free resources of the hypervisor.
  returned: success, and on failure once the servers were read
  type: list
  elements: dict
  contains:
    place: {description: ID of the hypervisor; null if the panel does not show it., type: raw, returned: always}
    name: {description: Name of the hypervisor; null if it was not read., type: str, returned: always}
    field: {description: "Name of the resource, as in RV(results[].changes).", type: str, returned: always}
    unit: {description: Unit of the amounts., type: str, returned: always}
    count: {description: Number of servers that change in it., type: int, returned: always}
    before: {description: Sum of these servers before the change., type: float, returned: always}
    after: {description: Sum after the change., type: float, returned: always}
    growth: {description: The difference; negative for a reduction., type: float, returned: always}
    free:
      description: Free capacity of the hypervisor; null if unknown or unlimited.
      type: float
      returned: always
    fits: {description: Whether the free capacity is sufficient; null if unknown., type: bool, returned: always}
  sample:
    - {place: 6, name: hv6, field: memory, unit: MB, count: 12, before: 24576, after: 49152, growth: 24576,
       free: 65536, fits: true}
duration_s:
  description: Duration of the run in seconds.
  returned: success, and on failure once the servers were read
  type: float
  sample: 12.4
ansible_stats:
  description:
    - RV(totals), RV(plan_sha256), RV(run_id) and RV(stopped) as C(virtfusion_server_packages_totals)
      and so on, in the format of M(ansible.builtin.set_stats), for workflows.
  returned: without O(run_dir), on success, and on failure once the servers were read
  type: dict
  contains:
    data:
      description: The statistics, by name.
      type: dict
      returned: always
      contains:
        virtfusion_server_packages_totals:
          description: What RV(totals) has.
          type: dict
          returned: always
          contains: *totals
        virtfusion_server_packages_plan_sha256: {description: What RV(plan_sha256) has., type: str, returned: always}
        virtfusion_server_packages_run_id: {description: What RV(run_id) has., type: str, returned: always}
        virtfusion_server_packages_stopped:
          description: What RV(stopped) has.
          type: dict
          returned: always
          contains: *stopped
    per_host: {description: 'V(false) - the statistics are for the whole play.', type: bool, returned: always}
    aggregate: {description: 'V(false) - the values of the last task apply.', type: bool, returned: always}
  sample:
    data:
      virtfusion_server_packages_run_id: 0d08bd8ab5684e0badeb7aa86b494f65
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
    read: 464
    write: 457
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
