#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_user_login
short_description: Create a login link for a VirtFusion user
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Creates a link that logs a user in without a password, once, within a minute.
  - The link is a secret. Set C(no_log) on the task, and pass the link on at once.
  - The panel needs a commercial licence for it.
options:
  server_id:
    description:
      - ID of a server to which the link leads.
    type: int
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.virtfusion.user
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.virtfusion_group
attributes:
  check_mode:
    support: full
    details: Reads the user, and the server if there is one, and creates no link.
  diff_mode:
    support: none
  idempotent:
    support: none
    details: Every run creates a new link.
seealso:
  - module: vpsfleet.panels.virtfusion_user
"""

EXAMPLES = r"""
- name: Make a link to a server
  vpsfleet.panels.virtfusion_user_login:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    ext_relation_id: 1042
    server_id: 17
  register: link
  no_log: true
"""

RETURN = r"""
login:
  description: The link.
  returned: success; in check mode all values are null
  type: dict
  contains:
    url:
      description: The link, with the host of O(api_url). A secret.
      type: str
      returned: always
    path:
      description: Path of the link, for users who reach the panel under another host. A secret.
      type: str
      returned: always
    expires:
      description: The time at which it expires, null if the panel does not show it.
      type: str
      returned: always
    ttl:
      description: Seconds until then, null if the panel does not show it.
      type: int
      returned: always
  sample:
    url: https://panel.example.com/token_authenticate/?1=a&2=b
    path: /token_authenticate/?1=a&2=b
    expires: '2025-01-20T12:49:20.000000Z'
    ttl: 60
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
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.user_access import USER_LOGIN_OPTIONS, UserLogin

ARGUMENTS = CONNECTION + USER_LOGIN_OPTIONS

MODULE = PanelModule(VIRTFUSION, UserLogin, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
