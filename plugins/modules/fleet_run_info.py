#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: fleet_run_info
short_description: Read the state of a fleet run from its folder
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Returns the target, the panel, the bulk action and the state of the run in a folder, and the possible
    next steps.
  - The folder is the O(ignore:run_dir) of a bulk action such as M(vpsfleet.panels.virtfusion_server_packages).
  - The task runs on the controller, once for all hosts of the play. No panel is contacted.
options:
  run_dir:
    description:
      - Folder of the run.
    type: path
    required: true
  step:
    description:
      - >-
        Fail unless this step is possible. The message gives the reason and, if there is one, the command to use
        instead.
    type: str
    choices: [resume, rollback, drift]
  run_store:
    description:
      - The store of the run, as the option of a bulk action. If O(run_dir) does not exist, or if the copy in the store
        is newer, the run is fetched first, unless another task on this machine uses it. Nothing is stored.
        Check mode does not fetch.
    type: str
  run_store_token:
    description:
      - Bearer token for O(run_store).
    type: str
notes:
  - A relative path of a file or folder starts at the folder in which Ansible was started.
  - O(run_store) and O(run_store_token) can also be set in the environment of the controller, with
    C(VPSFLEET_RUN_STORE) and C(VPSFLEET_RUN_STORE_TOKEN).
extends_documentation_fragment:
  - vpsfleet.panels.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: full
seealso:
  - module: vpsfleet.panels.virtfusion_server_packages
  - module: vpsfleet.panels.virtualizor_vps_plans
  - module: vpsfleet.panels.huaweicloud_cph_server_flavors
"""

EXAMPLES = r"""
- name: Read the state of a run
  vpsfleet.panels.fleet_run_info:
    run_dir: /var/lib/fleet/cloud-4
  register: fleet

- name: Show what to do next
  ansible.builtin.debug:
    msg: "The run is {{ fleet.run.state }}. Continue it with: {{ fleet.run.next_command }}"
"""

RETURN = r"""
run:
  description: The run.
  returned: success
  type: dict
  contains:
    run_dir:
      description: Absolute path of the folder.
      type: str
      returned: always
    panel:
      description: Name of the kind of panel.
      type: str
      returned: always
    address:
      description: Address of the panel.
      type: str
      returned: always
    action:
      description: Name of the bulk action, without the name of the collection.
      type: str
      returned: always
    shard:
      description: The part of the servers to which the run is limited, such as V(2/4); null for all.
      type: str
      returned: always
    kind:
      description: V(change) or V(rollback).
      type: str
      returned: always
    title:
      description: The target of the servers, in words.
      type: str
      returned: always
    target:
      description: Options of the bulk action that define the target of the servers.
      type: dict
      returned: always
    servers:
      description: Options of the bulk action that select the servers.
      type: dict
      returned: always
    options:
      description: Options of the bulk action that define how each server is changed.
      type: dict
      returned: always
    pace:
      description: Options of the bulk action that define the pace of the run and its limits.
      type: dict
      returned: always
    state:
      description:
        - V(planned), V(begun) if a run did not record its end, V(stopped) if work remains, V(finished),
          or V(rolled_back) if a rollback has begun.
      type: str
      returned: always
    reported:
      description:
        - Whether the report of the latest run is written. If V(false) and the run was finished, V(resume) writes it,
          also if RV(run.state=rolled_back). A run that was rolled back before it was finished gets no report.
      type: bool
      returned: always
    in_use:
      description: Whether another process is using the folder.
      type: bool
      returned: always
    possible:
      description: The steps that are possible. V(plan), V(apply), V(resume), V(rollback), V(drift).
      type: list
      elements: str
      returned: always
    plan_sha256:
      description: Hash of the plan.
      type: str
      returned: always
    planned:
      description: When the plan was made.
      type: str
      returned: always
    planned_totals:
      description: Number of servers with each outcome in the plan.
      type: dict
      returned: always
    totals:
      description: Number of servers with each outcome at the end of the latest run. Null without a run.
      type: dict
      returned: always
    restart_required:
      description:
        - The servers that the run has changed, at least in part, and whose change takes effect only after a restart,
          in the order of the plan. Restarts after the run are not recorded.
      type: list
      elements: dict
      returned: always
      contains:
        id: {description: ID of the server., type: raw, returned: always}
        name: {description: Name of the server., type: str, returned: always}
        uuid: {description: 'UUID of the server, null if the panel shows none.', type: str, returned: always}
    windows:
      description:
        - Each execution of the run, with its begin, its end and its batches, who started it, and who approved it.
      type: list
      elements: dict
      returned: always
    journal:
      description: Path of the journal.
      type: str
      returned: always
    rollback_dir:
      description: Folder for the next rollback of the run.
      type: str
      returned: always
    next_command:
      description: Command that begins or resumes the run. Null if no work remains or the plan has nothing to change.
      type: str
      returned: always
  sample:
    run_dir: /var/lib/fleet/cloud-4
    panel: virtfusion
    address: https://panel.example.com/api/v1
    action: virtfusion_server_packages
    shard: null
    kind: change
    title: package_name Cloud 4
    target:
      package_name: Cloud 4
    servers:
      hypervisor_ids: [6, 7]
    options:
      on_refused: warn
    pace:
      batches: ["1", "10%", "100%"]
    state: stopped
    reported: true
    in_use: false
    possible: [resume, rollback, drift]
    plan_sha256: 5dea0e1c3b6339f60f25fc84bfe765f514a2eb00614cb1a08ce4d9bb38e13171
    planned: "2026-01-31T10:00:00.000+00:00"
    planned_totals:
      selected: 500
      changed: 457
    totals:
      selected: 457
      changed: 46
      skipped: 411
    restart_required:
      - id: 17
        name: web01
        uuid: c8d3fe71-9b1a-4b2f-a7b2-0a2f1f1c2f70
    windows:
      - run_id: 0d08bd8ab5684e0badeb7aa86b494f65
        begun: "2026-01-31T10:05:00.000+00:00"
        ended: "2026-01-31T11:05:00.000+00:00"
        last: "2026-01-31T11:05:00.000+00:00"
        stopped: deadline
        complete: false
        batches:
          - number: 1
            size: 46
            begun: "2026-01-31T10:05:00.120+00:00"
            ended: "2026-01-31T11:04:58.310+00:00"
            failed: 0
        started_by: alice
        job: AWX 4711
        ticket: CHG0031337
        approved_by: bob
        approved_at: "2026-01-31T10:05:00.000+00:00"
    journal: /var/lib/fleet/cloud-4/journal
    rollback_dir: /var/lib/fleet/cloud-4/rollback
    next_command: ansible-playbook vpsfleet.panels.fleet_resume -e vps_fleet_run_dir=/var/lib/fleet/cloud-4
failure:
  description: The error, for workflows. The guide on failures lists the codes.
  returned: failure
  type: dict
  sample:
    code: validation
    http_status: null
    operation: null
    message: it holds no run
    retryable: false
    partial: false
    state: known
"""
