#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_selfservice_hourly_resource_pack
short_description: Set the hourly resource pack of a VirtFusion user
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Sets the pack that limits a user's hourly orders.
  - No way to remove it is known; another pack can be set.
options:
  hourly_resource_pack:
    description:
      - ID of the pack, as in the panel's web interface.
    type: int
    required: true
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.virtfusion.user
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
  - module: vpsfleet.panels.virtfusion_user
  - module: vpsfleet.panels.virtfusion_selfservice_resource_pack
"""

EXAMPLES = r"""
- name: Limit what a user may order by the hour
  vpsfleet.panels.virtfusion_selfservice_hourly_resource_pack:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    ext_relation_id: 1042
    hourly_resource_pack: 1
"""

RETURN = r"""
user:
  description:
    - The user after the task; in check mode the predicted one.
    - The keys are those of C(virtfusion_user_info).
  returned: success, and on failure after a change or a refusal
  type: dict
  contains:
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
    id: 3
    ext_relation_id: 1042
    name: Ada Byron
    self_service: hourly
    hourly_group_profiles: [1, 2]
    resource_group_profiles: []
    hourly_resource_pack: 1
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
    - field: hourly_resource_pack
      unit: null
      before: null
      desired: 1
      after: 1
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
from ..module_utils._virtfusion.resources.selfservice_user import (
    SELFSERVICE_HOURLY_RESOURCE_PACK_OPTIONS,
    SelfserviceHourlyResourcePack,
)

ARGUMENTS = CONNECTION + SELFSERVICE_HOURLY_RESOURCE_PACK_OPTIONS

MODULE = PanelModule(VIRTFUSION, SelfserviceHourlyResourcePack, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
