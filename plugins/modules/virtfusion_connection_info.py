#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_connection_info
short_description: Check the connection to a VirtFusion panel
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Proves that the panel can be reached and accepts the token.
  - An accepted token may still lack permissions. O(permissions) tests one cheap read for each kind of
    object.
options:
  permissions:
    description:
      - The kinds of objects to try to read.
    type: list
    elements: str
    choices: [servers, packages, hypervisors, hypervisor_groups, ip_blocks, self_service]
    default: []
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.info
  - vpsfleet.panels.attributes.virtfusion_group
"""

EXAMPLES = r"""
- name: Check the connection, and that the token may read what a package change needs
  vpsfleet.panels.virtfusion_connection_info:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    permissions: [servers, packages]
  register: panel

- name: Stop early if it may not
  ansible.builtin.assert:
    that: panel.connection.permissions.values() is all
"""

RETURN = r"""
connection:
  description: The connection.
  returned: success
  type: dict
  contains:
    authenticated:
      description: Whether the panel accepted the token. If it does not, the task fails.
      type: bool
      returned: always
    permissions:
      description: For each of O(permissions), whether the token may read it.
      type: dict
      returned: always
      contains:
        servers: {description: Whether the token may read servers., type: bool, returned: if asked for}
        packages: {description: Whether the token may read packages., type: bool, returned: if asked for}
        hypervisors: {description: Whether the token may read hypervisors., type: bool, returned: if asked for}
        hypervisor_groups:
          description: Whether the token may read groups of hypervisors.
          type: bool
          returned: if asked for
        ip_blocks: {description: Whether the token may read IP blocks., type: bool, returned: if asked for}
        self_service: {description: Whether the token may read self service., type: bool, returned: if asked for}
  sample:
    authenticated: true
    permissions:
      servers: true
      packages: false
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
    code: auth
    http_status: 401
    operation: connect
    message: 401 Unauthorized
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.panel_info import (
    CONNECTION_INFO_OPTIONS,
    ConnectionInfo,
)

ARGUMENTS = CONNECTION + CONNECTION_INFO_OPTIONS

MODULE = PanelModule(VIRTFUSION, ConnectionInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
