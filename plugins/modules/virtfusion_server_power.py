#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_server_power
short_description: Start, stop or restart a VirtFusion server
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Starts, stops or restarts a server and waits until it is done.
  - The panel queries the hypervisor for the power state. If the hypervisor does not respond, the task
    fails.
  - If the panel accepts an action and the task fails, the power state decides whether something was
    changed. RV(failure.state) is V(unknown) if the action may still take effect, and after a failed
    restart, which no power state shows.
options:
  state:
    description:
      - V(running) starts a stopped server, V(stopped) stops a running server.
      - V(restarted) restarts a running server in every run, and starts a stopped server. See
        O(only_if_pending).
    type: str
    choices: [running, stopped, restarted]
    required: true
  hard:
    description:
      - With O(state=stopped), whether to cut the power at once instead of asking the guest to stop.
    type: bool
    default: false
  escalate:
    description:
      - With O(state=stopped), whether to cut the power if the guest has not shut down within
        O(wait_timeout).
    type: bool
    default: false
  only_if_pending:
    description:
      - With O(state=restarted), whether to restart only a server that runs and has a task waiting for
        a restart, such as a change of its memory.
    type: bool
    default: false
  wait_timeout:
    description:
      - Seconds to wait for the state. With O(escalate), the wait is repeated after the power was cut.
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
  diff_mode:
    support: full
  idempotent:
    support: partial
    details: With O(state=restarted) and without O(only_if_pending) every run restarts the server.
seealso:
  - module: vpsfleet.panels.virtfusion_server
  - module: vpsfleet.panels.virtfusion_server_package
"""

EXAMPLES = r"""
- name: Make sure that a server runs
  vpsfleet.panels.virtfusion_server_power:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    server_id: 17
    state: running

- name: Stop a server, by cutting its power if it has not stopped after three minutes
  vpsfleet.panels.virtfusion_server_power:
    server_name: web01
    state: stopped
    escalate: true
    wait_timeout: 180

- name: Restart a server if its new memory waits for that
  vpsfleet.panels.virtfusion_server_power:
    server_id: 17
    state: restarted
    only_if_pending: true
"""

RETURN = r"""
server:
  description:
    - The server after the task; in check mode the predicted one.
    - The keys of C(virtfusion_server_info) with
      O(vpsfleet.panels.virtfusion_server_info#module:live_state), and C(restarted_now).
  returned: success, and on failure after the panel has accepted an action
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
    running:
      description: Whether the server runs, null if the hypervisor does not respond.
      type: bool
      returned: always
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
    restarted_now: {description: Whether this task has restarted it., type: bool, returned: always}
  sample:
    id: 17
    name: web01
    running: true
    restarted_now: false
    pending_tasks: []
changes:
  description: One row for C(running), and one for C(restarted_now) if the server must be restarted.
  returned: success, and on failure after the panel has accepted an action
  type: list
  elements: dict
  contains:
    field:
      description: V(running) or V(restarted_now).
      type: str
      returned: always
    unit:
      description: Null; these values have none.
      type: str
      returned: always
    before:
      description: The value before the task.
      type: bool
      returned: always
    desired:
      description: The desired value.
      type: bool
      returned: always
    after:
      description: The value after the task; in check mode the predicted one.
      type: bool
      returned: always
    outcome:
      description: V(changed), V(unchanged), or V(refused) if the panel keeps another value.
      type: str
      returned: always
    message:
      description: Why a value was not changed, if known. Null otherwise.
      type: str
      returned: always
  sample:
    - field: running
      unit: null
      before: false
      desired: true
      after: true
      outcome: changed
      message: null
refused:
  description: The rows of RV(changes) whose outcome is V(refused). If there are any, the task fails.
  returned: success, and on failure after the panel has accepted an action
  type: list
  elements: dict
  contains:
    field: {description: V(running) or V(restarted_now)., type: str, returned: always}
    unit: {description: Null; these values have none., type: str, returned: always}
    before: {description: The value before the task., type: bool, returned: always}
    desired: {description: The desired value., type: bool, returned: always}
    after: {description: The value after the task; in check mode the predicted one., type: bool, returned: always}
    outcome:
      description: V(changed), V(unchanged), or V(refused) if the panel keeps another value.
      type: str
      returned: always
    message: {description: 'Why a value was not changed, if known. Null otherwise.', type: str, returned: always}
  sample: []
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
    read: 4
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
    code: wait_timeout
    http_status: null
    operation: null
    message: it still runs after 120 s
    retryable: true
    partial: false
    state: unknown
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.server_power import (
    SERVER_POWER_OPTIONS,
    ServerPower,
)

ARGUMENTS = CONNECTION + SERVER_POWER_OPTIONS

MODULE = PanelModule(VIRTFUSION, ServerPower, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
