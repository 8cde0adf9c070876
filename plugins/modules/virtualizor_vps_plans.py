#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtualizor_vps_plans
short_description: Move many Virtualizor VPSs to a VPS plan
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Sets the VPS plan of every selected VPS, both the label and the values, as
    M(vpsfleet.panels.virtualizor_vps_plan) does for one VPS, in one task and in parallel.
  - One request reads 500 VPSs, and a few more requests find the end of the list. The form of one VPS of
    each virtualization is compared with the list. If the list lacks values, and for a few O(vps_ids),
    the form of each VPS is read.
  - A VPS to change costs two more requests, for the change and for the read that verifies it. One more
    request for 200 of them reads the states from the nodes. The state of a VPS that did not run is read
    again after its change. A VPS that already has the target costs no further request.
  - In check mode nothing is changed, and O(plan_file) is written unless O(plan_sha256) is set. Without check mode, the
    plan in O(plan_file) is applied. Only its VPSs are changed, and only if they have not changed since.
  - With O(journal) a run that was killed or stopped can be resumed. Items that the earlier run finished
    are left alone. An item that it had begun is read again before anything is sent.
  - O(rollback) restores the plan and the values that the VPSs had before.
  - The task runs on the controller, once for all hosts of the play. The connection and C(become) have no
    effect. C(async) is not supported.
  - C(SIGHUP), C(SIGINT), C(SIGTERM) and the end of C(ansible-playbook) stop it cleanly. No further VPS is begun,
    VPSs in progress are finished, and the journal and O(results_file) are complete. Ansible itself shows
    no result then.
options:
  vps_ids:
    description:
      - Select the VPSs with these IDs. Exactly one of O(vps_ids), O(vps_uuids), O(vps_names),
        O(hostnames), O(all), and the filters O(from_plan_ids), O(user_ids), O(server_ids) and O(virts)
        must be set, unless a plan or O(rollback) selects the VPSs.
      - O(on_unmatched) defines what to do about an ID that does not exist, and about an empty list.
    type: list
    elements: int
  vps_uuids:
    description:
      - Select the VPSs with these UUIDs. O(on_unmatched) defines what to do about one that does not
        exist.
    type: list
    elements: str
  vps_names:
    description:
      - Select the VPSs with these exact names of the panel, such as V(v1017). O(on_unmatched) defines
        what to do about one that does not exist.
    type: list
    elements: str
  hostnames:
    description:
      - Select the VPSs with these exact, case-sensitive host names. A name that several VPSs have fails
        the task before anything is changed. O(on_unmatched) defines what to do about one that does not
        exist.
    type: list
    elements: str
  from_plan_ids:
    description:
      - Select the VPSs that are labelled with these VPS plans; V(0) for VPSs without a plan. If several
        filters are set, all must match.
      - A VPS that was moved has another label, and is no longer selected, not even by a run that
        continues with O(journal). To avoid this, apply a O(plan_file), which names its VPSs.
      - A VPS plan that exists and has no VPS left is a warning and not a failure, so that the task can be
        repeated. See O(on_unmatched) for one that does not exist.
    type: list
    elements: int
  user_ids:
    description:
      - Select the VPSs of these users.
    type: list
    elements: int
  server_ids:
    description:
      - Select the VPSs on these servers of the panel, the nodes. The master is V(0).
    type: list
    elements: int
  virts:
    description:
      - Select the VPSs of these virtualizations. A VPS with another virtualization than the plan cannot
        be moved to it, and counts as failed.
    type: list
    elements: str
    choices: [openvz, xen, xenhvm, kvm, xcp, xcphvm, lxc, proxo, proxk, proxl, vzk, vzo]
  all:
    description:
      - Select all VPSs of the panel.
    type: bool
    default: false
  suspended:
    description:
      - Of the selected VPSs, keep only those that are suspended (V(true)) or not suspended (V(false)).
    type: bool
  exclude_ids:
    description:
      - Exclude the VPSs with these IDs. See O(on_unmatched) for an ID that does not exist.
    type: list
    elements: int
    default: []
  exclude_hostnames:
    description:
      - Exclude the VPSs with these exact, case-sensitive host names. See O(on_unmatched) for a name that
        does not exist.
    type: list
    elements: str
    default: []
  plan_id:
    description:
      - ID of the plan. Exactly one of O(plan_id), O(plan_name) and O(rollback) must be set, unless O(run_dir) has a
        plan.
    type: int
  plan_name:
    description:
      - Exact, case-sensitive name of the plan. The task fails if several plans have it.
    type: str
  apply_plan:
    description:
      - Whether to set the plan's values too. Individual changes to the VPSs are then lost, such as
        additional traffic.
      - V(false) only changes the label. If the panel changes values nevertheless, there is a warning, and the
        result, the journal and a rollback contain them.
    type: bool
    default: true
  compare:
    description:
      - The values of the plan that decide whether something is sent. If one of them or the label differs, the
        panel applies all values of the plan. The plan file, the journal, the result and a rollback then have
        all values that both the plan and the VPS show, and a VPS fails if its memory, disk, cores or bandwidth
        are not shown.
      - Omit values that your panel does not apply. If an omitted value stays as it is after O(wait_timeout)
        seconds, it is not refused, and the VPS is not in doubt. Omitted values are not verified at the end of a
        run.
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
      - V(fail) fails the VPS. If the refusal is predicted, nothing is sent. If only the second read
        shows it, the other values are already changed.
      - V(warn) adds a warning for the first few VPSs, V(ignore) only lists them in RV(results). The
        change is sent nevertheless. It is not known whether the panel then applies the other values, or
        refuses the whole change because the disk is too large. In the latter case, the VPS fails.
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
  - vpsfleet.panels.fleet
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
  - A VPS that is locked, or has another virtualization than the plan, fails before anything is sent. The
    task cannot see whether a VPS is in rescue mode; the panel then refuses the change. A suspended VPS
    is changed.
  - The module never starts, stops or restarts a VPS.
  - O(check_capacity) has no effect, since no documented read shows the free resources of a node. The
    panel refuses a change for which its node has no room.
  - O(rollback) applies the earlier plan if it has exactly the earlier values. Otherwise, such as if the
    plan's disk is smaller than the disk of the VPS, it restores the label, memory, cores and traffic. It
    is not known whether the panel accepts other values without a plan, so these become V(refused). With
    O(on_refused=fail), the default, such a VPS fails before anything is sent.
seealso:
  - module: vpsfleet.panels.virtualizor_vps_plan
  - module: vpsfleet.panels.virtualizor_vps_info
"""

EXAMPLES = r"""
- name: Plan to move all VPSs of an old plan to a new one
  vpsfleet.panels.virtualizor_vps_plans:
    api_url: https://panel.example.com:4085
    api_key: "{{ vault_virtualizor_key }}"
    api_pass: "{{ vault_virtualizor_pass }}"
    from_plan_ids: [2]
    plan_name: KVM 4G
    plan_file: /var/lib/fleet/kvm-4g.plan.json
  check_mode: true
  register: plan

- name: Apply exactly that plan, one VPS first, and stop when more than 2 % fail
  vpsfleet.panels.virtualizor_vps_plans:
    plan_name: KVM 4G
    plan_file: /var/lib/fleet/kvm-4g.plan.json
    plan_sha256: "{{ plan.plan_sha256 }}"
    journal: /var/lib/fleet/kvm-4g.journal
    batches: [1, 5%, 25%, 100%]
    pause: 60
    max_failures: 2%
    workers: 4
  register: move

- name: Show the VPSs that must be stopped and started
  ansible.builtin.debug:
    msg: "{{ move.results | selectattr('restart_required') | map(attribute='name') | list }}"

- name: Roll back the run
  vpsfleet.panels.virtualizor_vps_plans:
    rollback: /var/lib/fleet/kvm-4g.journal
    journal: /var/lib/fleet/kvm-4g-back.journal
    on_refused: warn

- name: Move only the labels of some VPSs, and keep the values that were agreed upon
  vpsfleet.panels.virtualizor_vps_plans:
    hostnames: [web01.example.com, web02.example.com]
    plan_id: 3
    apply_plan: false

- name: Change the VPSs that are the hosts of this play
  vpsfleet.panels.virtualizor_vps_plans:
    vps_ids: "{{ ansible_play_hosts | map('extract', hostvars, 'virtualizor_id') }}"
    plan_id: 3
"""

RETURN = r"""
summary:
  description: The counts of RV(totals) in words, as in RV(msg) but without the noun in front of them.
  returned: success, and on failure once the VPSs were read
  type: str
  sample: 457 changed, 38 unchanged, 5 refused
finished:
  description:
    - Whether nothing is left to do. If V(false), run the task again with the same O(journal). Without a journal, make a
      new plan.
      In check mode it is V(true) if nothing would change.
      With O(run_step=drift), it is V(true) if no VPS has drifted.
    - V(moved) VPSs do not count as left to do, because neither the plan nor the journal applies to them.
  returned: success, and on failure once the VPSs were read
  type: bool
  sample: true
panel:
  description: Name of the kind of panel.
  returned: success, and on failure once the VPSs were read
  type: str
  sample: virtualizor
address:
  description: Address of the panel, as in the plan and in the journal.
  returned: success, and on failure once the VPSs were read
  type: str
  sample: https://panel.example.com:4085
action:
  description: Name of this action, without the name of the collection.
  returned: success, and on failure once the VPSs were read
  type: str
  sample: virtualizor_vps_plans
totals:
  description:
    - Number of VPSs selected, and number with each outcome, see RV(results[].outcome).
    - C(partly_refused) is the number of changed VPSs on which the panel refused some of the values.
    - C(earlier) is the number of VPSs that an earlier run changed, C(restart_required) of those that
      need a restart, C(differ_again) of those that had other values again at the end of the run, and C(unverified) of
      those that were changed and could not be read again then. Without O(run_dir), nothing is read again at the end,
      so both are 0 and prove nothing.
  returned: success, and on failure once the VPSs were read
  type: dict
  contains: &totals
    selected: {description: Number of selected VPSs., type: int, returned: always}
    changed:
      description: Number of changed VPSs; in check mode of VPSs that would change.
      type: int
      returned: always
    ordered: {description: Always 0., type: int, returned: always}
    drifted:
      description: Number of VPSs that differ in a comparison.
      type: int
      returned: always
    unchanged: {description: Number of VPSs that already have the target., type: int, returned: always}
    refused:
      description: Number of VPSs that differ only in values that the panel does not change.
      type: int
      returned: always
    failed: {description: Number of VPSs that failed., type: int, returned: always}
    in_doubt:
      description: Number of VPSs with a write whose effect is not known.
      type: int
      returned: always
    moved:
      description: Number of VPSs that do not exist, or that have changed since the plan.
      type: int
      returned: always
    skipped: {description: Number of VPSs that were not begun., type: int, returned: always}
    partly_refused:
      description: Number of changed VPSs on which the panel refused some of the values.
      type: int
      returned: always
    earlier:
      description: Number of VPSs that an earlier run with the same journal finished.
      type: int
      returned: always
    restart_required: {description: Number of VPSs that wait for a restart., type: int, returned: always}
    differ_again:
      description: Number of changed VPSs that had other values again at the end of the run.
      type: int
      returned: always
    unverified:
      description:
        - Number of changed VPSs that could not be compared again at the end of a run with O(run_dir).
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
  sample: "VPSs: 457 changed, 38 unchanged, 5 refused"
results:
  description: One row for each VPS, in the order of the selection, at most O(max_results).
  returned: success, and on failure once the VPSs were read
  type: list
  elements: dict
  contains:
    id:
      description: ID of the VPS.
      type: int
      returned: always
    name:
      description: Host name of the VPS, or else its name in the panel.
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
        - The label, C(plan_id), and the values that changed or were refused, as
          M(vpsfleet.panels.virtualizor_vps_plan) returns them.
        - Values that an earlier run with the same journal changed are included, if the VPS still shows them.
      type: list
      elements: dict
      returned: always
      contains:
        field: {description: Name of the value., type: str, returned: always}
        unit: {description: 'Unit of the values, null if none.', type: str, returned: always}
        before: {description: The VPS's value before the task., type: raw, returned: always}
        desired: {description: The plan's value., type: raw, returned: always}
        after:
          description: The VPS's value after the task; in check mode the predicted one.
          type: raw
          returned: always
        outcome:
          description: V(changed), V(unchanged), or V(refused) if the panel keeps another value.
          type: str
          returned: always
        message: {description: Why it was not changed. Null otherwise., type: str, returned: always}
    restart_required:
      description:
        - Whether it runs and must be stopped and started for its new values to take effect. It is also
          true if the panel does not show whether it runs.
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
      description: Whether the VPS still had its new values at the end of the run. Null if it was not
        read again.
      type: bool
      returned: always
    uuid:
      description: UUID of the VPS; null if the panel did not show it.
      type: str
      returned: always
    owner:
      description: ID of the user to whom the VPS belongs; null if the panel did not show it.
      type: int
      returned: always
    place:
      description: ID of the node; null if the panel did not show it.
      type: int
      returned: always
    begun:
      description:
        - When the latest write to it began; null if nothing was sent. For a VPS of an earlier run, the time
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
      name: web01.example.com
      outcome: changed
      changed: true
      changes:
        - field: ram
          unit: MB
          before: 2048
          desired: 4096
          after: 4096
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
  returned: success, and on failure once the VPSs were read
  type: int
  sample: 0
stopped:
  description:
    - Why no further VPS was begun. Null if the run reached its end. C(reason) is V(interrupted),
      V(deadline), V(failures), V(health), V(auth), V(journal), V(lock), V(files) or V(defect).
      V(payment) does not occur.
  returned: success, and on failure once the VPSs were read
  type: dict
  contains: &stopped
    reason: {description: 'Why the run stopped, as a word.', type: str, returned: always}
    msg: {description: 'Why the run stopped, as a sentence.', type: str, returned: always}
  sample:
    reason: deadline
    msg: the deadline of 3600 seconds has passed
run_dir:
  description: Absolute path of O(run_dir), null without it.
  returned: success, and on failure once the VPSs were read
  type: str
  sample: /var/lib/fleet/kvm-4g
run_state:
  description:
    - State of the run in O(run_dir) after this task, null without it, and if it cannot be read any more.
      V(planned), V(begun) if the run did not record its end, V(stopped) if work remains, V(finished), or
      V(rolled_back).
  returned: success, and on failure once the VPSs were read
  type: str
  sample: finished
next_command:
  description:
    - Command that approves and applies the plan in O(run_dir), or that continues its run. Null if no
      work remains, or if the plan has nothing to change.
  returned: success, and on failure once the VPSs were read
  type: str
  sample: ansible-playbook vpsfleet.panels.fleet_resume -e vps_fleet_run_dir=/var/lib/fleet/kvm-4g
question:
  description: Question for the approver of the plan in O(run_dir). Null if no plan was made.
  returned: success, and on failure once the VPSs were read
  type: str
  sample: >-
    Change 457 of 500 VPSs on virtualizor https://panel.example.com:4085 to plan_name KVM 4G;
    457 need a restart afterwards
plan_sha256:
  description: Hash of the plan that was written or applied, null without one.
  returned: success, and on failure once the VPSs were read
  type: str
  sample: 5dea0e1c3b6339f60f25fc84bfe765f514a2eb00614cb1a08ce4d9bb38e13171
shard:
  description: The part of the items to which the task is limited, as O(shard); null for all.
  returned: success, and on failure once the VPSs were read
  type: str
  sample: 2/4
run_id:
  description: ID of this run in the journal.
  returned: success, and on failure once the VPSs were read
  type: str
  sample: 0d08bd8ab5684e0badeb7aa86b494f65
growth:
  description:
    - Growth of the VPSs that change, summed up for each node.
    - Not compared with the free resources of the nodes, since no documented read shows them.
  returned: success, and on failure once the VPSs were read
  type: list
  elements: dict
  contains:
    place: {description: ID of the node; null if the panel does not show it., type: raw, returned: always}
    name: {description: Name of the node; null if it was not read., type: str, returned: always}
    field: {description: "Name of the resource, as in RV(results[].changes).", type: str, returned: always}
    unit: {description: Unit of the amounts., type: str, returned: always}
    count: {description: Number of VPSs that change in it., type: int, returned: always}
    before: {description: Sum of these VPSs before the change., type: float, returned: always}
    after: {description: Sum after the change., type: float, returned: always}
    growth: {description: The difference; negative for a reduction., type: float, returned: always}
    free:
      description: Free capacity of the node; null if unknown or unlimited.
      type: float
      returned: always
    fits: {description: Whether the free capacity is sufficient; null if unknown., type: bool, returned: always}
  sample:
    - {place: 1, name: null, field: ram, unit: MB, count: 12, before: 24576, after: 49152, growth: 24576,
       free: null, fits: null}
duration_s:
  description: Duration of the run in seconds.
  returned: success, and on failure once the VPSs were read
  type: float
  sample: 12.4
ansible_stats:
  description:
    - RV(totals), RV(plan_sha256), RV(run_id) and RV(stopped) as C(virtualizor_vps_plans_totals)
      and so on, in the format of M(ansible.builtin.set_stats), for workflows.
  returned: without O(run_dir), on success, and on failure once the VPSs were read
  type: dict
  contains:
    data:
      description: The statistics, by name.
      type: dict
      returned: always
      contains:
        virtualizor_vps_plans_totals:
          description: What RV(totals) has.
          type: dict
          returned: always
          contains: *totals
        virtualizor_vps_plans_plan_sha256: {description: What RV(plan_sha256) has., type: str, returned: always}
        virtualizor_vps_plans_run_id: {description: What RV(run_id) has., type: str, returned: always}
        virtualizor_vps_plans_stopped:
          description: What RV(stopped) has.
          type: dict
          returned: always
          contains: *stopped
    per_host: {description: 'V(false) - the statistics are for the whole play.', type: bool, returned: always}
    aggregate: {description: 'V(false) - the values of the last task apply.', type: bool, returned: always}
  sample:
    data:
      virtualizor_vps_plans_run_id: 0d08bd8ab5684e0badeb7aa86b494f65
    per_host: false
    aggregate: false
api_calls:
  description:
    - Requests that the task sent - reads, writes and retries - and the seconds it waited, summed over
      all VPSs.
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
    - The error, for workflows. The guide on failures lists the codes. If all VPSs failed for the same
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
