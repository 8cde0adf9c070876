#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_server_password
short_description: Reset the password of the administrator of a VirtFusion server
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Lets the panel create a new password for the administrator inside the guest, and waits until it is
    set.
  - The password cannot be chosen, and is shown only once.
options:
  user:
    description:
      - Name of the administrator - V(root), or V(Administrator) in Windows.
    type: str
    choices: [root, Administrator]
    default: root
  send_mail:
    description:
      - Whether the panel mails the password to the owner of the server.
      - O(send_mail) or O(return_password) must be true.
    type: bool
    default: true
  return_password:
    description:
      - Whether to return the password.
      - It is a secret. Set C(no_log) on the task.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait until the password is set in the guest. Otherwise, the task does not show whether it was set.
    type: bool
    default: true
  wait_timeout:
    description:
      - Maximum number of seconds to wait until the password is set. Only used with O(wait=true).
    type: int
    default: 120
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.virtfusion.server
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.virtfusion_group
attributes:
  check_mode:
    support: full
    details: Reads the server, and does not change the password.
  diff_mode:
    support: none
  idempotent:
    support: none
    details: Every run creates a new password, since no read shows the current one.
seealso:
  - module: vpsfleet.panels.virtfusion_server_build
"""

EXAMPLES = r"""
- name: Mail the owner a new password
  vpsfleet.panels.virtfusion_server_password:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    server_id: 17

- name: Take a new password, and mail nobody
  vpsfleet.panels.virtfusion_server_password:
    server_name: web01
    send_mail: false
    return_password: true
  register: access
  no_log: true
"""

RETURN = r"""
server:
  description: The server before the task. The keys are those of C(virtfusion_server_info).
  returned: success
  type: dict
  contains:
    id: {description: ID of the server., type: int, returned: always}
    uuid: {description: UUID of the server., type: str, returned: always}
    name: {description: Name of the server; not unique., type: str, returned: always}
    hostname: {description: Host name given at the last build., type: str, returned: always}
    state:
      description: Its state, such as V(complete), V(queued), V(allocated) or V(failed). Not its power
        state.
      type: str
      returned: always
    commission_status:
      description: V(0) allocated, V(1) queued, V(2) failed or in progress, V(3) complete.
      type: int
      returned: always
    build_failed: {description: Whether the last build failed., type: bool, returned: always}
    suspended: {description: Whether it is suspended., type: bool, returned: always}
    protected: {description: Whether it is protected., type: bool, returned: always}
    owner_id: {description: Numeric ID of its owner., type: int, returned: always}
    hypervisor_id: {description: ID of its hypervisor., type: int, returned: always}
    hypervisor_group_id: {description: ID of its hypervisor's group., type: int, returned: always}
    tasks_active: {description: Whether a task is running on it., type: bool, returned: always}
    pending_tasks:
      description: Tasks that are waiting for it to be started, stopped or restarted.
      type: list
      elements: dict
      returned: always
      contains:
        action: {description: What the task does., type: str, returned: always}
        requires: {description: What the server must do first., type: list, elements: str, returned: always}
    cpu: {description: CPU cores., type: int, returned: always}
    memory: {description: Memory in MB., type: int, returned: always}
    primary_disk_size: {description: Size of the primary disk in GB., type: int, returned: always}
    primary_disk_read_iops:
      description: Limit in operations per second, null if none.
      type: int
      returned: always
    primary_disk_write_iops:
      description: Limit in operations per second, null if none.
      type: int
      returned: always
    primary_disk_read_throughput:
      description: Limit in bytes per second, null if none.
      type: int
      returned: always
    primary_disk_write_throughput:
      description: Limit in bytes per second, null if none.
      type: int
      returned: always
    primary_network_inbound_speed: {description: Speed in kB/s; 0 is no cap., type: int, returned: always}
    primary_network_outbound_speed: {description: Speed in kB/s; 0 is no cap., type: int, returned: always}
    primary_network_traffic:
      description: Traffic allowance per period in GB; 0 is unlimited.
      type: int
      returned: always
    backup_plan: {description: 'ID of the backup plan, null if none.', type: int, returned: always}
    cpu_throttle:
      description: Throttling of the CPU in %.
      type: int
      returned: always
    os_template_id:
      description: ID of the template of its last build, null before the first build.
      type: int
      returned: always
    ipv4_addresses:
      description: Addresses of the primary interface, the primary address first.
      type: list
      elements: str
      returned: always
    built: {description: 'When it was last built, null before the first build.', type: str, returned: always}
    created: {description: When it was created., type: str, returned: always}
    updated: {description: When the panel last changed it., type: str, returned: always}
  sample:
    id: 17
    name: web01
    pending_tasks: []
password:
  description:
    - The new password. A secret.
    - If the task fails with C(wait_timeout), the panel may still set it.
  returned: when O(return_password) is set, and as null in check mode
  type: str
  sample: "********"
job:
  description: The job in the panel's queue that failed or did not end in time.
  returned: on failure of a job
  type: dict
  contains:
    id: {description: ID of the job., type: int, returned: always}
    action: {description: 'Its action, such as V(build_server).', type: str, returned: always}
    server_id: {description: 'ID of the server, null if none.', type: int, returned: always}
    hypervisor_id: {description: 'ID of the hypervisor, null if none.', type: int, returned: always}
    started: {description: When it began., type: str, returned: always}
    updated: {description: When it last changed., type: str, returned: always}
    finished: {description: 'When it ended, null while it runs.', type: str, returned: always}
    failed: {description: Whether it failed., type: bool, returned: always}
    progress: {description: 'Its progress in %.', type: int, returned: always}
    message: {description: 'The panel''s error message, null if none.', type: str, returned: always}
  sample:
    id: 852
    action: build_server
    server_id: 17
    hypervisor_id: 1
    finished: null
    failed: true
    progress: 40
    message: null
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
    read: 3
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
from ..module_utils._virtfusion.resources.server_access import (
    SERVER_PASSWORD_OPTIONS,
    ServerPassword,
)

ARGUMENTS = CONNECTION + SERVER_PASSWORD_OPTIONS

MODULE = PanelModule(VIRTFUSION, ServerPassword, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
