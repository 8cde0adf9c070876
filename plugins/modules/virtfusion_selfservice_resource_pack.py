#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_selfservice_resource_pack
short_description: Add, enable, disable or delete a resource pack of a VirtFusion user
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Adds a pack to a user, or changes or deletes a pack.
  - A pack is created from a template, and then has its own ID. All other actions need the ID of the
    pack, not of the template.
  - The panel does not list the packs of a user, so the module cannot find an existing one. Without
    O(pack_id), and with O(create), B(every run adds another pack). Keep C(resource_pack.id) and pass it
    as O(pack_id) from then on.
options:
  state:
    description:
      - V(present) adds a pack, or makes sure that the pack with O(pack_id) exists. V(absent) deletes the
        pack with O(pack_id).
    type: str
    choices: [present, absent]
    default: present
  pack_id:
    description:
      - ID of the user's pack. Required unless O(create) is set.
      - With O(state=present) the task fails if the pack does not exist, since the panel chooses the ID
        of a new pack.
    type: int
  create:
    description:
      - Whether to add a new pack if O(pack_id) is not set. It has no effect with O(pack_id), so a play
        can always set it and omit O(pack_id) for the first run only.
    type: bool
    default: false
  ext_relation_id:
    description:
      - External relation ID of the user. One of O(ext_relation_id) and O(relation_string) must
        be set to add a pack.
    type: int
  relation_string:
    description:
      - External relation string of the user.
    type: str
  template_id:
    description:
      - ID of the template, the panel's resource limit profile. Required to add a pack.
      - With O(pack_id), the task fails if the pack was created from another template.
    type: int
  enabled:
    description:
      - Whether the pack is enabled. A new one is, unless this is V(false).
      - No known panel shows this value. If it is set for an existing pack, every run therefore sends it
        and reports a change.
    type: bool
  disable_if_in_use:
    description:
      - Whether to disable a pack that cannot be deleted because it has servers. Otherwise, the task
        fails.
      - C(resource_pack.state) shows the result.
    type: bool
    default: false
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.virtfusion_group
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - Idempotent with O(pack_id), except for O(enabled) and O(disable_if_in_use), since panels do not
        show whether a pack is enabled.
      - Adding a pack is not idempotent, since the panel does not list packs.
seealso:
  - module: vpsfleet.panels.virtfusion_selfservice_resource_pack_info
  - module: vpsfleet.panels.virtfusion_selfservice_resource_pack_servers
"""

EXAMPLES = r"""
- name: Add a pack, unless it was added before
  vpsfleet.panels.virtfusion_selfservice_resource_pack:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    ext_relation_id: 1042
    template_id: 2
    pack_id: "{{ customer_pack_id | default(omit) }}"
    create: true
  register: pack

- name: Disable it
  vpsfleet.panels.virtfusion_selfservice_resource_pack:
    pack_id: "{{ pack.resource_pack.id }}"
    enabled: false

- name: Delete it, or disable it while it has servers
  vpsfleet.panels.virtfusion_selfservice_resource_pack:
    pack_id: 1
    state: absent
    disable_if_in_use: true
"""

RETURN = r"""
resource_pack:
  description:
    - The pack after the task; in check mode as far as it can be predicted. What
      C(virtfusion_selfservice_resource_pack_info) returns, and C(state).
    - If the panel does not show C(enabled), this is the value that the panel accepted in this task, or
      null.
  returned: success, and on failure after a change or a refusal; the ID of an added pack also on any later failure
  type: dict
  contains:
    state: {description: V(present) or V(absent)., type: str, returned: always}
    id: {description: ID of the pack., type: int, returned: always}
    template_id: {description: ID of the template of the pack., type: int, returned: always}
    name: {description: Name of the pack., type: str, returned: always}
    label: {description: Label of the pack., type: str, returned: always}
    enabled:
      description: Whether the pack is enabled; null if the panel does not show it. No known panel does.
      type: bool
      returned: always
    limits:
      description: Limits of all servers together, in C(total_servers), C(total_memory) (MB),
        C(total_storage) (GB), C(total_cpu) (cores) and C(total_traffic) (GB), and limits of one server, in
        C(max_memory) and so on.
      type: dict
      returned: always
      contains:
        total_servers:
          description: Limit of servers for all servers together, null if none.
          type: int
          returned: always
        total_memory:
          description: Limit of memory for all servers together in MB, null if none.
          type: int
          returned: always
        total_storage:
          description: Limit of storage for all servers together in GB, null if none.
          type: int
          returned: always
        total_cpu:
          description: Limit of CPU cores for all servers together, null if none.
          type: int
          returned: always
        total_traffic:
          description: Limit of traffic for all servers together in GB, null if none.
          type: int
          returned: always
        max_memory:
          description: Limit of memory for one server in MB, null if none.
          type: int
          returned: always
        max_storage:
          description: Limit of storage for one server in GB, null if none.
          type: int
          returned: always
        max_cpu:
          description: Limit of CPU cores for one server, null if none.
          type: int
          returned: always
        max_traffic:
          description: Limit of traffic for one server in GB, null if none.
          type: int
          returned: always
    used:
      description: What all servers of the pack use together.
      type: dict
      returned: always
      contains:
        servers: {description: Used servers., type: int, returned: always}
        memory: {description: Used memory in MB., type: int, returned: always}
        storage: {description: Used storage in GB., type: int, returned: always}
        cpu: {description: Used CPU cores., type: int, returned: always}
        traffic: {description: Used traffic in GB., type: int, returned: always}
    usage:
      description: Each of these amounts with its limit, in C(total), C(used), C(free), C(percent) and C(limited).
      type: dict
      returned: always
      contains:
        servers:
          description: Usage of servers.
          type: dict
          returned: always
          contains:
            total: {description: Limit., type: int, returned: always}
            used: {description: Used part., type: int, returned: always}
            free: {description: Free part., type: int, returned: always}
            percent: {description: Used part in percent., type: float, returned: always}
            limited: {description: Whether there is a limit., type: bool, returned: always}
        memory:
          description: Usage of memory in MB.
          type: dict
          returned: always
          contains:
            total: {description: Limit., type: int, returned: always}
            used: {description: Used part., type: int, returned: always}
            free: {description: Free part., type: int, returned: always}
            percent: {description: Used part in percent., type: float, returned: always}
            limited: {description: Whether there is a limit., type: bool, returned: always}
        storage:
          description: Usage of storage in GB.
          type: dict
          returned: always
          contains:
            total: {description: Limit., type: int, returned: always}
            used: {description: Used part., type: int, returned: always}
            free: {description: Free part., type: int, returned: always}
            percent: {description: Used part in percent., type: float, returned: always}
            limited: {description: Whether there is a limit., type: bool, returned: always}
        cpu:
          description: Usage of CPU cores.
          type: dict
          returned: always
          contains:
            total: {description: Limit., type: int, returned: always}
            used: {description: Used part., type: int, returned: always}
            free: {description: Free part., type: int, returned: always}
            percent: {description: Used part in percent., type: float, returned: always}
            limited: {description: Whether there is a limit., type: bool, returned: always}
        traffic:
          description: Usage of traffic in GB.
          type: dict
          returned: always
          contains:
            total: {description: Limit., type: int, returned: always}
            used: {description: Used part., type: int, returned: always}
            free: {description: Free part., type: int, returned: always}
            percent: {description: Used part in percent., type: float, returned: always}
            limited: {description: Whether there is a limit., type: bool, returned: always}
  sample:
    state: present
    id: 18
    template_id: 9
    name: Pack 2
    enabled: true
    limits: {total_servers: 2, total_memory: 4096, max_memory: 4096}
    used: {servers: 0, memory: 0, storage: 0, cpu: 0, traffic: 0}
    usage:
      servers: {total: 2, used: 0, free: 2, percent: 0.0, limited: true}
      memory: {total: 4096, used: 0, free: 4096, percent: 0.0, limited: true}
      storage: {total: 80, used: 0, free: 80, percent: 0.0, limited: true}
      cpu: {total: 4, used: 0, free: 4, percent: 0.0, limited: true}
      traffic: {total: 1000, used: 0, free: 1000, percent: 0.0, limited: true}
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
    operation: get_resource_pack
    message: resource pack not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.selfservice_resource_pack import (
    RESOURCE_PACK_OPTIONS,
    ResourcePack,
)

ARGUMENTS = CONNECTION + RESOURCE_PACK_OPTIONS

MODULE = PanelModule(VIRTFUSION, ResourcePack, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
