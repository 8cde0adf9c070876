#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_ssh_key
short_description: Manage SSH keys of a VirtFusion user
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Adds a public key to a user, or removes it.
  - A key is identified by its type and its blob; its comment is ignored.
options:
  state:
    description:
      - Whether the user must have the key.
      - With V(absent), every copy of the key is removed, regardless of its name.
    type: str
    choices: [present, absent]
    default: present
  public_key:
    description:
      - The public key, as in an C(authorized_keys) file. One key, in one line, without options
        before it.
    type: str
    required: true
  name:
    description:
      - Name of the key in the panel. Required if O(state=present).
      - The panel cannot rename a key. An existing key with another name is therefore added with the new
        name, and the old one is removed. The key then has a new ID.
    type: str
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.virtfusion.user_id
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.virtfusion_group
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: vpsfleet.panels.virtfusion_ssh_key_info
"""

EXAMPLES = r"""
- name: Give a user a key
  vpsfleet.panels.virtfusion_ssh_key:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    ext_relation_id: 1042
    name: laptop
    public_key: "{{ lookup('ansible.builtin.file', '~/.ssh/id_ed25519.pub') }}"

- name: Take a key away
  vpsfleet.panels.virtfusion_ssh_key:
    user_id: 3
    public_key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleE
    state: absent
"""

RETURN = r"""
ssh_key:
  description:
    - The key after the task; in check mode as far as it can be predicted. What
      C(virtfusion_ssh_key_info) returns, and C(state).
  returned: success, and on failure after a change or a refusal
  type: dict
  contains:
    state: {description: V(present) or V(absent)., type: str, returned: always}
    id: {description: ID of the key., type: int, returned: always}
    name: {description: Name of the key., type: str, returned: always}
    public_key: {description: The public key. The panel may have dropped its comment., type: str, returned: always}
    type: {description: The panel's name of its format., type: str, returned: always}
    enabled: {description: Whether it is enabled., type: bool, returned: always}
    created: {description: When it was added., type: str, returned: always}
    updated: {description: When the panel last changed it., type: str, returned: always}
  sample:
    state: present
    id: 12
    name: laptop
    public_key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleE
    type: OpenSSH
    enabled: true
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
      description: Desired value.
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
      description: The panel's message about it. Null if the panel gave no reason.
      type: str
      returned: always
  sample:
    - field: state
      unit: null
      before: absent
      desired: present
      after: present
      outcome: changed
      message: null
refused:
  description: The rows of RV(changes) with the outcome V(refused). If there are any, the task fails.
  returned: success, and on failure after a change or a refusal
  type: list
  elements: dict
  contains:
    field: {description: Name of the value., type: str, returned: always}
    unit: {description: 'Unit of the values, null if none.', type: str, returned: always}
    before: {description: Value before the task., type: raw, returned: always}
    desired: {description: Desired value., type: raw, returned: always}
    after: {description: Value after the task; in check mode the predicted one., type: raw, returned: always}
    outcome:
      description: V(changed), V(unchanged), or V(refused) if the panel keeps another value.
      type: str
      returned: always
    message: {description: The panel's message about it. Null if the panel gave no reason., type: str, returned: always}
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
    operation: get_user
    message: ext_relation_id not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.user_access import SSH_KEY_OPTIONS, SshKey

ARGUMENTS = CONNECTION + SSH_KEY_OPTIONS

MODULE = PanelModule(VIRTFUSION, SshKey, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
