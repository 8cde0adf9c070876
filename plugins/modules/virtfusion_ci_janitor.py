#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_ci_janitor
short_description: Delete servers of CI pipelines that have ended
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Deletes the servers that M(vpsfleet.panels.virtfusion_ci_server) made and whose lease has ended, the orphans
    of killed creates, and the SSH keys of pipelines without a server.
  - By default, it only reports. Set O(dry_run=false) to delete.
  - A server is deleted only if it belongs to the owner, its name has the O(prefix) and an end of the lease that
    has passed, and it is older than O(min_age). A server of the owner without a name is the orphan of a create
    that was killed. It is deleted after O(grace_time).
  - Each server is read again just before its delete. If its lease was renewed meanwhile, it stays. A delete
    counts only if the panel then reports that the server does not exist.
  - A read that fails ends the task before anything is deleted. If the owner has a server that is not of CI, or
    another user has a server with the prefix, nothing is deleted either.
  - All times are on the panel's clock, the C(Date) header of its responses.
  - The task runs on the controller, once for all hosts of the play. Run it from a schedule.
options:
  dry_run:
    description:
      - Whether to report only. Nothing is deleted unless this is V(false).
    type: bool
    default: true
  grace_time:
    description:
      - Seconds that a server without a name may exist, at least 60, before it is deleted as the orphan of a killed
        create. The same for an SSH key whose pipeline has no server, and for the files of such a pipeline in
        O(state_dir).
    type: int
    default: 1800
  min_age:
    description:
      - Minimum age in seconds of a server to delete, whatever its name.
    type: int
    default: 300
  max_deletes:
    description:
      - Maximum number of servers that one run deletes, those that are overdue longest first. The others are
        reported as V(postponed).
    type: int
    default: 10
  wait_timeout:
    description:
      - Seconds to wait until a deleted server is gone.
    type: int
    default: 300
  report_json:
    description:
      - File for the report as JSON.
    type: path
  report_text:
    description:
      - File for the report as text.
    type: path
  metrics_file:
    description:
      - File for the metrics, for the textfile collector of the node exporter of Prometheus. Its name must end
        with C(.prom).
      - It is replaced atomically, and everyone can read it. A run that fails before it has read everything
        keeps the old file, whose timestamp then shows that it is stale.
    type: path
  prefix:
    description:
      - >-
        What the names of the servers begin with. 2 to 16 characters: lower-case letters, digits and dashes.
      - The task is refused if a server of another user has a name that begins with it and a dot.
    type: str
    default: ci
  ext_relation_id:
    description:
      - External relation ID of the user who owns the servers. Exactly one of O(ext_relation_id) and
        O(relation_string) must be set.
      - The user must own CI servers of this O(prefix) only. The task is refused if the user owns anything else,
        or is an administrator.
    type: int
  relation_string:
    description:
      - External relation string of the user who owns the servers.
    type: str
  state_dir:
    description:
      - Folder for the locks and the journals of the pipelines, as in M(vpsfleet.panels.virtfusion_ci_server).
      - If pipelines of this controller have had no server for O(grace_time), their files in it are removed, and
        the private keys that they have made.
    type: path
    default: ~/.ansible/vpsfleet_panels
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.virtfusion_group
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: full
notes:
  - A relative path of a file or folder starts at the folder in which Ansible was started, except for O(ca_path).
seealso:
  - module: vpsfleet.panels.virtfusion_ci_server
  - module: vpsfleet.panels.virtfusion_ci_renew
"""

EXAMPLES = r"""
- name: Show the servers that are due
  vpsfleet.panels.virtfusion_ci_janitor:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    relation_string: ci

- name: Delete them, and leave a report
  vpsfleet.panels.virtfusion_ci_janitor:
    relation_string: ci
    dry_run: false
    report_json: /var/reports/ci-janitor.json
    metrics_file: /var/reports/ci-janitor.prom
"""

RETURN = r"""
servers:
  description: All servers of the owner.
  returned: success, and on failure as far as they were read
  type: list
  elements: dict
  contains:
    id:
      description:
        - ID of the server.
      type: int
      returned: always
    name:
      description:
        - Name of the server, empty for an orphan.
      type: str
      returned: always
    pipeline:
      description:
        - The pipeline as it is in the name.
      type: str
      returned: always
    lease_end:
      description:
        - End of the lease, in UTC.
      type: str
      returned: always
    created:
      description:
        - When it was created, in UTC.
      type: str
      returned: always
    age_s:
      description:
        - Age in seconds.
      type: int
      returned: always
    due_s:
      description:
        - Seconds since it is due, null if it is not.
      type: int
      returned: always
    outcome:
      description:
        - V(kept), V(would_delete), V(deleted), V(postponed) or V(failed).
      type: str
      returned: always
    reason:
      description:
        - The reason in words.
      type: str
      returned: always
  sample:
    - id: 61
      name: ci.4711.1.1769853600
      pipeline: "4711"
      lease_end: "2026-01-31T10:00:00Z"
      created: "2026-01-31T09:00:00Z"
      age_s: 4200
      due_s: 600
      outcome: deleted
      reason: its lease ends at 2026-01-31T10:00:00Z
ssh_keys:
  description: The SSH keys of pipelines.
  returned: success, and on failure as far as they were read
  type: list
  elements: dict
  contains:
    id:
      description:
        - ID of the key.
      type: int
      returned: always
    name:
      description:
        - Name of the key.
      type: str
      returned: always
    pipeline:
      description:
        - The pipeline as it is in the name.
      type: str
      returned: always
    outcome:
      description:
        - V(kept), V(would_delete), V(deleted) or V(failed).
      type: str
      returned: always
    reason:
      description:
        - The reason in words.
      type: str
      returned: always
  sample:
    - id: 12
      name: ci.4711
      pipeline: "4711"
      outcome: deleted
      reason: ""
totals:
  description: Numbers of servers by outcome.
  returned: success, and on failure as far as they were read
  type: dict
  contains:
    kept:
      description:
        - Number of servers with this outcome.
      type: int
      returned: always
    deleted:
      description:
        - Number of servers with this outcome.
      type: int
      returned: always
    would_delete:
      description:
        - Number of servers with this outcome.
      type: int
      returned: always
    postponed:
      description:
        - Number of servers with this outcome.
      type: int
      returned: always
    failed:
      description:
        - Number of servers with this outcome.
      type: int
      returned: always
    ssh_keys:
      description:
        - Number of SSH keys that were, or would be, deleted.
      type: int
      returned: always
  sample:
    kept: 4
    deleted: 1
    would_delete: 0
    postponed: 0
    failed: 0
    ssh_keys: 1
forgotten:
  description:
    - The pipelines, as they are in names, whose files in O(state_dir) were removed. With O(dry_run) and in check
      mode, those whose files would be.
  returned: success, and on failure as far as they were read
  type: list
  elements: str
  sample: ["4709"]
dry_run:
  description: Whether nothing was to be deleted.
  returned: success
  type: bool
  sample: false
time:
  description: When the servers were read, in UTC, on the panel's clock.
  returned: success
  type: str
  sample: "2026-01-31T10:10:00Z"
time_s:
  description: When the servers were read, in seconds since 1970.
  returned: success
  type: int
  sample: 1769854200
owner_id:
  description: The panel's own ID of the owner.
  returned: success
  type: int
  sample: 7
prefix:
  description: What the names of the servers begin with.
  returned: success
  type: str
  sample: ci
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
    read: 14
    write: 5
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
    http_status: 404
    operation: get_user
    message: ext_relation_id not found
    retryable: false
    partial: false
    state: known
"""
