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
  - Has a server run or not run, or restarts it, and waits until that is so.
  - The panel asks the hypervisor whether the server runs. Where the hypervisor does not answer, the
    task fails rather than guess.
options:
  state:
    description:
      - V(running) starts a server that does not run, V(stopped) stops one that does.
      - V(restarted) restarts a server at every run, and starts one that does not run. See O(only_if_pending).
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
      - With O(state=stopped), whether to cut the power when the guest was asked and has not stopped
        within O(wait_timeout).
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
      - Seconds to wait until the server is in the state. With O(escalate), once for the guest and once
        more after the power was cut.
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
- name: Have a server run
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
    - The server after the task; in check mode as it is expected to be.
    - What C(virtfusion_server_info) returns with O(vpsfleet.panels.virtfusion_server_info#module:live_state),
      and whether this task has restarted it.
  returned: success, and on failure after the panel has accepted an action
  type: dict
  sample:
    id: 17
    name: web01
    running: true
    restarted_now: false
changes:
  description: One row for C(running), and one for C(restarted_now) where the server is to be restarted.
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
      description: The value that was asked for.
      type: bool
      returned: always
    after:
      description: The value after the task; in check mode the expected one.
      type: bool
      returned: always
    outcome:
      description: V(changed), V(unchanged), or V(refused) for a value that differs and stays so.
      type: str
      returned: always
    message:
      description: What is known about a value that stays; null where nothing is.
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
  sample: []
api_calls:
  description: What the task cost - requests that read, that write, that were repeats, and seconds waited.
  returned: always, but for a mistake in the options
  type: dict
  sample:
    read: 4
    write: 1
    retried: 0
    waited_s: 0.0
failure:
  description: What went wrong, for workflows. The guide on failures lists the codes.
  returned: failure
  type: dict
  sample:
    code: wait_timeout
    http_status: null
    operation: null
    message: it still runs after 120 s
    retryable: true
    partial: true
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.panel_module import PanelModule
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
