#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_server_vnc
short_description: Switch the VNC console of a VirtFusion server, or read how to connect to it
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Switches the console on or off. The panel does not show whether it is on. So every run switches it,
    and each time the console gets a new password and a new token.
  - Without O(enabled), the connection details are only read.
options:
  enabled:
    description:
      - Whether the console must be on. Left unchanged if not set.
    type: bool
  return_credentials:
    description:
      - Whether RV(vnc) contains the password and the path of the websocket.
      - They are secrets. Set C(no_log) on the task.
      - O(enabled) or O(return_credentials) must be set.
    type: bool
    default: false
  wait_timeout:
    description:
      - Seconds to wait for the switch, on panels that queue it.
    type: int
    default: 60
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.virtfusion.server
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.virtfusion_group
attributes:
  check_mode:
    support: full
    details: Reads the server, and does not switch the console.
  diff_mode:
    support: none
  idempotent:
    support: partial
    details: >-
      With O(enabled) every run switches the console and gives it new credentials, since the panel
      does not show whether it is on. Without O(enabled) nothing is changed.
notes:
  - Versions of the panel use different keys in the request. The module sends both.
seealso:
  - module: vpsfleet.panels.virtfusion_server_info
"""

EXAMPLES = r"""
- name: Switch the console off
  vpsfleet.panels.virtfusion_server_vnc:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    server_id: 17
    enabled: false

- name: Switch the console on, and take its credentials
  vpsfleet.panels.virtfusion_server_vnc:
    server_id: 17
    enabled: true
    return_credentials: true
  register: console
  no_log: true

- name: Read the credentials as they are
  vpsfleet.panels.virtfusion_server_vnc:
    server_id: 17
    return_credentials: true
  register: console
  no_log: true
"""

RETURN = r"""
vnc:
  description: How to connect to the console.
  returned: success; in check mode with O(enabled) all values are null
  type: dict
  contains:
    ip:
      description: Address.
      type: str
      returned: always
    hostname:
      description: Name of the host, null if it has none.
      type: str
      returned: always
    port:
      description: Port.
      type: int
      returned: always
    password:
      description: Password. A secret.
      type: str
      returned: when O(return_credentials) is set, and as null in check mode
    websocket_path:
      description: Path of the websocket, below the address of the panel; null if none. A secret.
      type: str
      returned: when O(return_credentials) is set, and as null in check mode
  sample:
    ip: 192.0.2.10
    hostname: null
    port: 5903
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
    read: 1
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
from ..module_utils._virtfusion.resources.server_access import SERVER_VNC_OPTIONS, ServerVnc

ARGUMENTS = CONNECTION + SERVER_VNC_OPTIONS

MODULE = PanelModule(VIRTFUSION, ServerVnc, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
