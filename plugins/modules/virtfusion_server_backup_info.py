#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_server_backup_info
short_description: Read the backups of a VirtFusion server
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads the backups that a server has.
  - The panel's API neither makes nor restores backups.
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.virtfusion.server
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.info
  - vpsfleet.panels.attributes.virtfusion_group
seealso:
  - module: vpsfleet.panels.virtfusion_server_backup_access
"""

EXAMPLES = r"""
- name: Read the backups of a server
  vpsfleet.panels.virtfusion_server_backup_info:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    server_id: 17
  register: server

- name: Show when the last successful backup was made
  ansible.builtin.debug:
    msg: "{{ server.backups | selectattr('complete') | map(attribute='created') | max }}"
  when: server.backups | selectattr('complete') | length > 0
"""

RETURN = r"""
backups:
  description: The backups, in the panel's order.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the backup.
      type: int
      returned: always
    server_id:
      description: ID of the server.
      type: int
      returned: always
    storage_id:
      description: ID of its storage.
      type: int
      returned: always
    storage_name:
      description: Name of that storage.
      type: str
      returned: always
    storage_enabled:
      description: Whether that storage is in use.
      type: bool
      returned: always
    complete:
      description: Whether it is complete.
      type: bool
      returned: always
    in_progress:
      description: Whether it is being made.
      type: bool
      returned: always
    restoring:
      description: Whether it is being restored.
      type: bool
      returned: always
    deleting:
      description: Whether it is being deleted.
      type: bool
      returned: always
    delete_after:
      description: The time of its deletion, null if never.
      type: str
      returned: always
    created:
      description: When it was begun.
      type: str
      returned: always
    updated:
      description: When it last changed.
      type: str
      returned: always
  sample:
    - id: 42
      server_id: 17
      storage_name: Backup Server 1
      complete: true
      in_progress: false
      created: "2025-03-03T20:25:01+00:00"
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
    http_status: 404
    operation: list_server_backups
    message: server not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION, FIND_SERVER
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.server_parts import BackupInfo

ARGUMENTS = CONNECTION + FIND_SERVER

MODULE = PanelModule(VIRTFUSION, BackupInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
