#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_selfservice_resource_pack_servers
short_description: Suspend, unsuspend or delete all servers of a VirtFusion resource pack
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Brings all servers of a pack into a state with one request. The servers are read first, so that
    nothing is sent if nothing would change.
options:
  pack_id:
    description:
      - ID of the user's pack. This is not the ID of its template.
    type: int
    required: true
  state:
    description:
      - Desired state of the servers. V(absent) deletes them with all their data.
    type: str
    choices: [suspended, unsuspended, absent]
    required: true
  delay:
    description:
      - Minutes until the deletion, from 0 to 43800. Only for O(state=absent), where it defaults to V(0).
      - It is not known how the panel shows a delayed deletion. So until then, every run sends the request again and
        reports a change.
    type: int
  wait_timeout:
    description:
      - Seconds to keep reading servers that do not yet show the change, since the panel may put it
        into its queue. After that the task fails. V(0) reads once.
    type: int
    default: 60
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
    details: Idempotent, except for O(delay), since it is not known how the panel shows a delayed deletion.
seealso:
  - module: vpsfleet.panels.virtfusion_selfservice_resource_pack
  - module: vpsfleet.panels.virtfusion_selfservice_resource_pack_info
"""

EXAMPLES = r"""
- name: Suspend the servers of a customer who did not pay
  vpsfleet.panels.virtfusion_selfservice_resource_pack_servers:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    pack_id: 1
    state: suspended

- name: Delete them in a day
  vpsfleet.panels.virtfusion_selfservice_resource_pack_servers:
    pack_id: 1
    state: absent
    delay: 1440
"""

RETURN = r"""
resource_pack:
  description:
    - The pack after the task; in check mode the predicted one. What
      C(virtfusion_selfservice_resource_pack_info) returns, and its servers as IDs.
  returned: success, and on failure after a change or a refusal
  type: dict
  contains:
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
    server_ids:
      description: IDs of its servers.
      type: list
      elements: int
      returned: always
    suspended_server_ids:
      description: IDs of its suspended servers.
      type: list
      elements: int
      returned: always
    deletion_requested:
      description: Whether this task requested a delayed deletion.
      type: bool
      returned: always
  sample:
    id: 18
    template_id: 9
    server_ids: [17, 19]
    suspended_server_ids: [17, 19]
    deletion_requested: false
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
    - field: suspended_server_ids
      unit: null
      before: []
      desired: [17, 19]
      after: [17, 19]
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
    RESOURCE_PACK_SERVERS_OPTIONS,
    ResourcePackServers,
)

ARGUMENTS = CONNECTION + RESOURCE_PACK_SERVERS_OPTIONS

MODULE = PanelModule(VIRTFUSION, ResourcePackServers, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
