#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_user_password
short_description: Reset the password of a VirtFusion user
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Lets the panel create a new password for a user, and returns it. It cannot be chosen, and is shown
    only once.
  - The password is a secret. Set C(no_log) on the task.
options: {}
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.virtfusion.user
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.virtfusion_group
attributes:
  check_mode:
    support: full
    details: Reads the user, and does not change the password.
  diff_mode:
    support: none
  idempotent:
    support: none
    details: Every run creates a new password, since no read shows the current one.
seealso:
  - module: vpsfleet.panels.virtfusion_user
"""

EXAMPLES = r"""
- name: Give a user a new password
  vpsfleet.panels.virtfusion_user_password:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    ext_relation_id: 1042
  register: access
  no_log: true
"""

RETURN = r"""
credentials:
  description: The login credentials of the user.
  returned: success; in check mode all values are null
  type: dict
  contains:
    email:
      description: E-mail address of the user.
      type: str
      returned: always
    password:
      description: The new password. A secret.
      type: str
      returned: always
  sample:
    email: ada@example.com
    password: Kp3nW8xVq2
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
    operation: get_user
    message: ext_relation_id not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION, FIND_USER
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.user_access import UserPassword

ARGUMENTS = CONNECTION + FIND_USER

MODULE = PanelModule(VIRTFUSION, UserPassword, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
