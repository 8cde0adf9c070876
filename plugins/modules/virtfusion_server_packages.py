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
  - Gives every selected server what a package gives, as M(vpsfleet.panels.virtfusion_server_package)
    does for one, in one task and many at a time.
  - All servers are read with one request for 200 of them where the panel's list tells enough. A server
    that is to be changed costs two more requests, the change and the read that proves it; a server that
    is as it should be costs none.
  - In check mode nothing is changed, and O(plan_file) is written. Without check mode a O(plan_file) is
    applied - only its servers are changed, and only those that are still as they were.
  - With O(journal) a run that was killed or stopped goes on where it was. What an earlier run finished
    is left alone; what it had begun is read again before anything is sent.
  - O(rollback) undoes what such a journal tells of. The panel shows no server's package, so a package is
    looked for that gives a server what it had, in what is to be given back and nothing else; where none
    gives all of it, memory, CPU cores, traffic and backup plan are set without one. A smaller disk, and a
    speed or a limit of the disk that no package gives, cannot be given back.
  - The task runs on the controller, once for all hosts of the play, whatever the connection and
    C(become) are. C(async) is not supported.
  - C(SIGINT) and C(SIGTERM) stop it cleanly, and so does the death of C(ansible-playbook). No further
    server is begun, those under way are finished, and the journal and O(results_file) are complete.
    Ansible itself shows no result then.
options:
  server_ids:
    description:
      - Select the servers with these ids. Exactly one of O(server_ids), O(server_names), O(all), and
        O(hypervisor_ids) or O(owner_ids) must be set, unless a plan is applied or O(rollback) is set,
        which say by themselves which servers.
      - O(on_unmatched) says what becomes of an ID that does not exist, and of an empty list.
    type: list
    elements: int
  server_names:
    description:
      - Select the servers with these names. Letter case matters. A name that several servers have fails
        the task before anything is changed. O(on_unmatched) says what becomes of a name that does not exist.
    type: list
    elements: str
  hypervisor_ids:
    description:
      - Select the servers on these hypervisors; together with O(owner_ids) those that match both.
    type: list
    elements: int
  owner_ids:
    description:
      - Select the servers of these users, by numeric id; together with O(hypervisor_ids) those that
        match both.
    type: list
    elements: int
  all:
    description:
      - Select all servers of the panel.
    type: bool
    default: false
  suspended:
    description:
      - Of the selected servers, keep only those that are suspended (V(true)) or are not (V(false)).
    type: bool
  exclude_ids:
    description:
      - Leave out the servers with these IDs, whatever selects them. See O(on_unmatched) for an ID that
        does not exist.
    type: list
    elements: int
    default: []
  exclude_names:
    description:
      - Leave out the servers with these names, whatever selects them. Letter case matters. See
        O(on_unmatched) for a name that does not exist.
    type: list
    elements: str
    default: []
  package_id:
    description:
      - Id of the package. Exactly one of O(package_id), O(package_name) and O(rollback) must be set.
    type: int
  package_name:
    description:
      - Name of the package, to the letter. The task fails if several packages have it.
    type: str
  aspects:
    description:
      - What is to follow the package. Everything else stays as it is on the server.
      - V(cpu) is in cores, V(memory) in MB, V(primary_disk_size) in GB, V(primary_network_traffic)
        in GB per period (0 is unlimited), the network speeds in kB/s, the throughputs in bytes per
        second, the IOPS in operations per second.
      - An increase that was bought on top of the package is lost when its aspect follows the
        package. Leave the aspect out to keep it.
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
      - What to do about aspects that differ and stay so, such as a disk that would have to shrink.
      - V(warn) adds a warning for the first few servers, V(ignore) only lists them in RV(results).
      - This is about refusals that a plan predicts. One that shows only after the write is a failure.
      - V(fail) lets the server fail. Where the refusal can be foreseen, nothing of it is changed;
        where only the panel's answer shows it, the other aspects are changed already.
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
      - Seconds to keep reading a server that does not yet show a change which the panel accepted
        without a word. After that the change counts as refused. V(0) reads once.
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

- name: Go on only while the shop answers, and leave the rest alone otherwise
  vpsfleet.panels.virtfusion_server_packages:
    all: true
    package_name: Cloud 4
    journal: /var/lib/fleet/cloud-4.journal
    batches: [1, 10%, 100%]
    pause: 300
    health_check: [curl, --fail, --silent, --show-error, https://shop.example.com/health]

- name: See what undoing it would give back, and what it cannot
  vpsfleet.panels.virtfusion_server_packages:
    rollback: /var/lib/fleet/cloud-4.journal
  check_mode: true

- name: Undo it
  vpsfleet.panels.virtfusion_server_packages:
    rollback: /var/lib/fleet/cloud-4.journal
    journal: /var/lib/fleet/cloud-4.rollback.journal

- name: Give some servers more memory and CPU, and nothing else
  vpsfleet.panels.virtfusion_server_packages:
    server_names: [web01, web02, web03]
    package_id: 3
    aspects: [cpu, memory]
  register: move

- name: Say which of them wait for a restart
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
  sample: 457 changed, 38 as they should be, 5 refused
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
    ordered: {description: Always 0., type: int, returned: always}
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
msg:
  description: The totals, or what went wrong, in one sentence.
  returned: always
  type: str
  sample: "servers: 457 changed, 38 as they should be, 5 refused"
results:
  description: One row for each server, in the order of the selection; at most O(max_results).
  returned: success, and on failure once the servers were read
  type: list
  elements: dict
  contains:
    id:
      description: Id of the server.
      type: int
      returned: always
    name:
      description: Name of the server.
      type: str
      returned: always
    outcome:
      description:
        - V(ordered) does not occur.
        - V(changed), in check mode for what would change; V(drifted) where it differs in a comparison, see
          O(run_step); V(unchanged); V(refused) where it
          differs only in what the panel is known not to change; V(moved) where it is gone, not as
          it was when the plan was made, or not as the runs left it that O(rollback) is to undo;
          V(skipped) where the run stopped before its turn.
        - V(failed) where it was not changed, or not all of it. A refusal that the comparison did not
          predict is a failure.
        - V(in_doubt) where a write was sent and whether it took effect is not known, such as a change that
          the panel accepted and does not show. It counts as a failure. A later run with the same
          O(journal), or with O(rollback), looks at it first.
      type: str
      returned: always
    changed:
      description: Whether this run changed something of it.
      type: bool
      returned: always
    changes:
      description: The aspects that changed or were refused. What C(virtfusion_server_package) returns.
      type: list
      elements: dict
      returned: always
      contains:
        field: {description: The aspect., type: str, returned: always}
        unit: {description: 'Unit of the values, null where there is none.', type: str, returned: always}
        before: {description: The server's value before the task; null means no limit., type: int, returned: always}
        desired: {description: The package's value; null means no limit., type: int, returned: always}
        after:
          description: The server's value after the task; in check mode the expected one.
          type: int
          returned: always
        outcome:
          description: V(changed), V(unchanged), or V(refused) for a value that differs and stays so.
          type: str
          returned: always
        message:
          description: What the panel said about it, or why it is known to refuse; null where nothing was said.
          type: str
          returned: always
    restart_required:
      description: Whether it must be restarted before its guest sees everything.
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
results_omitted:
  description: How many rows O(max_results) left out.
  returned: success, and on failure once the servers were read
  type: int
  sample: 0
stopped:
  description:
    - Why no further server was begun, null where the run went to its end. C(reason) is V(interrupted),
      V(deadline), V(failures), V(health), V(auth), V(journal), V(lock), V(files) or V(defect). V(payment)
      does not occur.
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
shard:
  description: The part of the items that the task is about, as O(shard); null for all.
  returned: success, and on failure once the servers were read
  type: str
  sample: 2/4
run_id:
  description: What the journal calls this run.
  returned: success, and on failure once the servers were read
  type: str
  sample: 0d08bd8ab5684e0badeb7aa86b494f65
growth:
  description:
    - What the servers that change take on each hypervisor, in sum. If O(check_capacity=true), compared with
      what the hypervisor has left.
  returned: success, and on failure once the servers were read
  type: list
  elements: dict
  contains:
    group: {description: ID of the hypervisor; null if the panel does not show it., type: raw, returned: always}
    name: {description: Name of the hypervisor; null if it was not read., type: str, returned: always}
    field: {description: "Name of the resource, as in RV(results[].changes).", type: str, returned: always}
    unit: {description: Unit of the amounts., type: str, returned: always}
    count: {description: Number of servers that change in it., type: int, returned: always}
    before: {description: What these servers have together., type: float, returned: always}
    after: {description: What they are to have together., type: float, returned: always}
    growth: {description: The difference; negative if they get less., type: float, returned: always}
    free:
      description: What the hypervisor has left; null if that is not known or has no limit.
      type: float
      returned: always
    fits: {description: Whether it has room for that; null if that is not known., type: bool, returned: always}
  sample:
    - {group: 6, name: hv6, field: memory, unit: MB, count: 12, before: 24576, after: 49152, growth: 24576,
       free: 65536, fits: true}
duration_s:
  description: Seconds from beginning to end.
  returned: success, and on failure once the servers were read
  type: float
  sample: 12.4
ansible_stats:
  description:
    - RV(totals), RV(plan_sha256), RV(run_id) and RV(stopped) as C(virtfusion_server_packages_totals)
      and so on, the way M(ansible.builtin.set_stats) sets them, for workflows.
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
          contains:
            selected: {description: Number of selected servers., type: int, returned: always}
            changed:
              description: Number of changed servers; in check mode of those that would change.
              type: int
              returned: always
            ordered: {description: Always 0., type: int, returned: always}
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
        virtfusion_server_packages_plan_sha256: {description: What RV(plan_sha256) has., type: str, returned: always}
        virtfusion_server_packages_run_id: {description: What RV(run_id) has., type: str, returned: always}
        virtfusion_server_packages_stopped:
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
      virtfusion_server_packages_run_id: 0d08bd8ab5684e0badeb7aa86b494f65
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
    read: 464
    write: 457
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
