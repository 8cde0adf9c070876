#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_user
short_description: Create, change or delete a VirtFusion user
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Creates, changes or deletes a user. The user is selected by the external relation, an ID or a string
    that you chose. The panel can neither find a user otherwise nor change the relation.
  - Options that are not set leave their values unchanged.
  - The task fails if the e-mail address belongs to a user with another relation or without one. Such a
    user is never changed.
options:
  state:
    description:
      - Whether the user must exist.
    type: str
    choices: [present, absent]
    default: present
  name:
    description:
      - Full name. Required if the user does not exist.
    type: str
  email:
    description:
      - E-mail address. Required if the user does not exist.
    type: str
  enabled:
    description:
      - Whether the user is enabled. V(false) suspends the user.
      - The panel writes C(enabled) and reads C(suspended). It is not documented that these are
        opposites. If they are not, the task fails.
    type: bool
  self_service:
    description:
      - Level of self service.
    type: str
    choices: [disabled, hourly, resource_packs, both]
  hourly_group_profiles:
    description:
      - IDs of all hourly group profiles that the user must have, in any order; V([]) for none.
      - The task fails if the panel drops an unknown one.
    type: list
    elements: int
  resource_group_profiles:
    description:
      - IDs of all resource group profiles that the user must have, in any order; V([]) for none.
      - The task fails if the panel drops an unknown one.
    type: list
    elements: int
  hourly_resource_pack:
    description:
      - ID of the hourly resource pack. No way to remove it is known.
    type: int
  hourly_credit:
    description:
      - Whether hourly self service is paid from a credit balance.
      - No read shows this value, so it cannot be compared. It is sent when the user is created or
        changed, and is not a change by itself.
    type: bool
  send_mail:
    description:
      - Whether the panel mails the login credentials to a user who is created by this task.
    type: bool
    default: false
  return_password:
    description:
      - Whether to return the password of a user who is created by this task. The panel never shows it
        again, but C(virtfusion_user_password) creates a new one.
      - It is a secret. Set C(no_log) on the task.
    type: bool
    default: false
  force:
    description:
      - Whether to delete a user who owns servers. It is not known what the panel does with the servers.
    type: bool
    default: false
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.virtfusion.user
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.virtfusion_group
attributes:
  check_mode:
    support: full
    details: Check mode cannot check whether the e-mail address belongs to another user.
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: vpsfleet.panels.virtfusion_user_info
  - module: vpsfleet.panels.virtfusion_user_password
  - module: vpsfleet.panels.virtfusion_user_login
  - module: vpsfleet.panels.virtfusion_selfservice_profile
"""

EXAMPLES = r"""
- name: Make sure that a customer has an account
  vpsfleet.panels.virtfusion_user:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    ext_relation_id: 1044
    name: Mary Fairfax
    email: mary.fairfax@example.com
    self_service: hourly
    hourly_group_profiles: [1, 2]
    send_mail: true

- name: Suspend a customer
  vpsfleet.panels.virtfusion_user:
    relation_string: customer-1042
    enabled: false

- name: Delete a customer who has no servers any more
  vpsfleet.panels.virtfusion_user:
    ext_relation_id: 1044
    state: absent
"""

RETURN = r"""
user:
  description:
    - The user after the task; in check mode as far as it can be predicted. What
      C(virtfusion_user_info) returns, and C(state).
  returned: success, and on failure after a change or a refusal
  type: dict
  contains:
    state: {description: V(present) or V(absent)., type: str, returned: always}
    id: {description: The panel's own ID of the user., type: int, returned: always}
    ext_relation_id:
      description: External relation ID; null, or V(0) on some panels, for a user who has only a relation string.
      type: int
      returned: always
    name: {description: Full name., type: str, returned: always}
    email: {description: E-mail address., type: str, returned: always}
    enabled:
      description: Whether the user is enabled, which is the opposite of suspended.
      type: bool
      returned: always
    admin: {description: Whether the user is an administrator., type: bool, returned: always}
    two_factor_auth: {description: Whether the user logs in with a second factor., type: bool, returned: always}
    timezone: {description: Time zone., type: str, returned: always}
    self_service: {description: 'V(disabled), V(hourly), V(resource_packs) or V(both).', type: str, returned: always}
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
    created: {description: When the user was created., type: str, returned: always}
    updated: {description: When the panel last changed the user., type: str, returned: always}
  sample:
    state: present
    id: 3
    ext_relation_id: 1042
    name: Ada Byron
    email: ada@example.com
    enabled: true
    self_service: hourly
    hourly_group_profiles: [1, 2]
password:
  description: Password of the new user, null if the panel did not return it. A secret.
  returned: with O(return_password), when the user was created, also if the task failed later; in check mode as null
  type: str
  sample: made-by-the-panel
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
    - field: self_service
      unit: null
      before: disabled
      desired: hourly
      after: hourly
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
    read: 2
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
    code: conflict
    http_status: 409
    operation: create_user
    message: user with specified email already exists
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.user import USER_OPTIONS, User

ARGUMENTS = CONNECTION + USER_OPTIONS

MODULE = PanelModule(VIRTFUSION, User, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
