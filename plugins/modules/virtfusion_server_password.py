#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_server_password
short_description: Give the administrator of a VirtFusion server a new password
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Lets the panel make a new password for the administrator inside the guest, and waits until it is set.
  - Nobody can choose the password, and nothing shows it a second time.
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
      - Whether to wait until the password is set in the guest.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait for that.
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
    details: Reads the server, and leaves the password.
  diff_mode:
    support: none
  idempotent:
    support: none
    details: Every run makes a new password. Nothing tells what it was, so only the caller can know when to run it.
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
  description: The server before the task. What C(virtfusion_server_info) returns.
  returned: success
  type: dict
  sample:
    id: 17
    name: web01
password:
  description:
    - The new password. A secret.
    - If the task fails with C(wait_timeout), the panel may still set it.
  returned: when O(return_password) is set, not in check mode
  type: str
  sample: "********"
api_calls:
  description: What the task cost - requests that read, that write, that were repeats, and seconds waited.
  returned: always, but for a mistake in the options
  type: dict
  sample:
    read: 3
    write: 1
    retried: 0
    waited_s: 0.0
failure:
  description: What went wrong, for workflows. The guide on failures lists the codes.
  returned: failure
  type: dict
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
from ..module_utils._core.panel_module import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.server_password import (
    SERVER_PASSWORD_OPTIONS,
    ServerPassword,
)

ARGUMENTS = CONNECTION + SERVER_PASSWORD_OPTIONS

MODULE = PanelModule(VIRTFUSION, ServerPassword, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
