#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_user_info
short_description: Read a VirtFusion user
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads the user with an external relation. The task fails if the user does not exist.
  - The panel can neither list users nor find one by another key.
options: {}
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.virtfusion.user
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.info
  - vpsfleet.panels.attributes.virtfusion_group
seealso:
  - module: vpsfleet.panels.virtfusion_user
"""

EXAMPLES = r"""
- name: Read a user
  vpsfleet.panels.virtfusion_user_info:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    ext_relation_id: 1042
  register: customer

- name: Read the servers of that user
  vpsfleet.panels.virtfusion_server_info:
    user_id: "{{ customer.user.id }}"
"""

RETURN = r"""
user:
  description: The user.
  returned: success
  type: dict
  contains:
    id:
      description: The panel's own ID of the user.
      type: int
      returned: always
    ext_relation_id:
      description: External relation ID; null, or V(0) on some panels, for a user who has only a relation string.
      type: int
      returned: always
    name:
      description: Full name.
      type: str
      returned: always
    email:
      description: E-mail address.
      type: str
      returned: always
    enabled:
      description: Whether the user is enabled, which is the opposite of suspended.
      type: bool
      returned: always
    admin:
      description: Whether the user is an administrator.
      type: bool
      returned: always
    two_factor_auth:
      description: Whether the user logs in with a second factor.
      type: bool
      returned: always
    timezone:
      description: Time zone.
      type: str
      returned: always
    self_service:
      description: V(disabled), V(hourly), V(resource_packs) or V(both).
      type: str
      returned: always
    hourly_group_profiles:
      description: IDs of the hourly group profiles.
      type: list
      elements: int
      returned: always
    resource_group_profiles:
      description: IDs of the resource group profiles.
      type: list
      elements: int
      returned: always
    hourly_resource_pack:
      description: ID of the hourly resource pack, null if none.
      type: int
      returned: always
    created:
      description: When the user was created.
      type: str
      returned: always
    updated:
      description: When the panel last changed the user.
      type: str
      returned: always
  sample:
    id: 3
    ext_relation_id: 1042
    name: Ada Byron
    email: ada@example.com
    enabled: true
    admin: false
    two_factor_auth: false
    timezone: Europe/London
    self_service: hourly
    hourly_group_profiles: [1, 2]
    resource_group_profiles: []
    hourly_resource_pack: null
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
from ..module_utils._virtfusion.resources.user import UserInfo

ARGUMENTS = CONNECTION + FIND_USER

MODULE = PanelModule(VIRTFUSION, UserInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
