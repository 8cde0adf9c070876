#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_server_backup_access
short_description: Set what the owner of a VirtFusion server may do with its backups
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Sets the access that a server's owner has to the backup manager.
  - No read shows the access, so the module cannot compare it. It sets the access and reports a change
    each time, unless O(known_access) is set.
options:
  access:
    description:
      - The access, in the panel's words.
    type: str
    required: true
    choices: [inherit, disabled, scheduled, view_restore, full, manual]
  known_access:
    description:
      - The current access of the server, such as from your own records.
      - If it equals O(access), nothing is sent. The module cannot verify it.
    type: str
    choices: [inherit, disabled, scheduled, view_restore, full, manual]
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.virtfusion.server
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.virtfusion_group
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: none
    details: The access cannot be read. With O(known_access) a second run can change nothing.
seealso:
  - module: vpsfleet.panels.virtfusion_server_backup_info
"""

EXAMPLES = r"""
- name: Let the owner see and restore backups
  vpsfleet.panels.virtfusion_server_backup_access:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    server_id: 17
    access: view_restore

- name: Set the access unless your records already show it
  vpsfleet.panels.virtfusion_server_backup_access:
    server_id: 17
    access: full
    known_access: "{{ books_backup_access | default(omit) }}"
"""

RETURN = r"""
backup_access:
  description: The access after the task; in check mode the predicted one.
  returned: success, and on failure after a change or a refusal
  type: dict
  contains:
    server_id:
      description: ID of the server.
      type: int
      returned: always
    access:
      description: The access.
      type: str
      returned: always
  sample:
    server_id: 17
    access: view_restore
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
      description: The desired value.
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
      description: Why the panel keeps the value. Null otherwise.
      type: str
      returned: always
  sample:
    - field: access
      unit: null
      before: null
      desired: view_restore
      after: view_restore
      outcome: changed
      message: null
refused:
  description: The rows of RV(changes) with the outcome V(refused). Empty unless the task failed.
  returned: success, and on failure after a change or a refusal
  type: list
  elements: dict
  contains:
    field: {description: Name of the value., type: str, returned: always}
    unit: {description: 'Unit of the values, null if none.', type: str, returned: always}
    before: {description: Value before the task., type: raw, returned: always}
    desired: {description: The desired value., type: raw, returned: always}
    after: {description: Value after the task; in check mode the predicted one., type: raw, returned: always}
    outcome:
      description: V(changed), V(unchanged), or V(refused) if the panel keeps another value.
      type: str
      returned: always
    message: {description: 'Why the panel keeps the value. Null otherwise.', type: str, returned: always}
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
    read: 2
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
    code: not_found
    http_status: 404
    operation: get_server
    message: server not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.server_parts import BACKUP_ACCESS_OPTIONS, BackupAccess

ARGUMENTS = CONNECTION + BACKUP_ACCESS_OPTIONS

MODULE = PanelModule(VIRTFUSION, BackupAccess, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
