#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_ssh_key_info
short_description: Read the SSH keys of a VirtFusion user
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads all public keys of a user.
options: {}
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.virtfusion.user_id
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.info
  - vpsfleet.panels.attributes.virtfusion_group
seealso:
  - module: vpsfleet.panels.virtfusion_ssh_key
"""

EXAMPLES = r"""
- name: Read the keys of a user
  vpsfleet.panels.virtfusion_ssh_key_info:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    relation_string: customer-1042
  register: keys

- name: Show the ids that a build takes
  ansible.builtin.debug:
    msg: "{{ keys.ssh_keys | selectattr('enabled') | map(attribute='id') | list }}"
"""

RETURN = r"""
ssh_keys:
  description: The keys, in the panel's order.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the key.
      type: int
      returned: always
    name:
      description: Name of the key.
      type: str
      returned: always
    public_key:
      description: The public key. The panel may have dropped its comment.
      type: str
      returned: always
    type:
      description: The panel's name of its format.
      type: str
      returned: always
    enabled:
      description: Whether it is enabled.
      type: bool
      returned: always
    created:
      description: When it was added.
      type: str
      returned: always
    updated:
      description: When the panel last changed it.
      type: str
      returned: always
  sample:
    - id: 12
      name: laptop
      public_key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleE
      type: OpenSSH
      enabled: true
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
    operation: get_user
    message: ext_relation_id not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION, FIND_USER_BY_ID
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.user_access import SshKeyInfo

ARGUMENTS = CONNECTION + FIND_USER_BY_ID

MODULE = PanelModule(VIRTFUSION, SshKeyInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
