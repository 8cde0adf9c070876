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
  - Brings all servers of a pack into a state with one request. The servers are read before, so
    that nothing is sent where nothing is to be done.
options:
  pack_id:
    description:
      - Id of the user's pack. This is not the id of the template that it was made from.
    type: int
    required: true
  state:
    description:
      - What the servers are to be. V(absent) deletes them, with all their data.
    type: str
    choices: [suspended, unsuspended, absent]
    required: true
  delay:
    description:
      - Minutes to put the deletion off, from 0 to 43800. Only for O(state=absent), where it is V(0) if left out.
      - Servers whose deletion is put off look as before, so until then every run sends the request again
        and reports a change.
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
    details: It is, but for O(delay), since the panel does not show a deletion that is put off.
seealso:
  - module: vpsfleet.panels.virtfusion_selfservice_resource_pack
  - module: vpsfleet.panels.virtfusion_selfservice_resource_pack_info
"""

EXAMPLES = r"""
- name: Suspend the servers of a customer who did not pay
  vpsfleet.panels.virtfusion_selfservice_resource_pack_servers:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    pack_id: 18
    state: suspended

- name: Delete them in a day
  vpsfleet.panels.virtfusion_selfservice_resource_pack_servers:
    pack_id: 18
    state: absent
    delay: 1440
"""

RETURN = r"""
resource_pack:
  description:
    - The pack after the task; in check mode as it is expected to be. What
      C(virtfusion_selfservice_resource_pack_info) returns, and its servers as ids.
  returned: success
  type: dict
  contains:
    server_ids:
      description: Ids of its servers.
      type: list
      elements: int
      returned: always
    suspended_server_ids:
      description: Ids of those that are suspended.
      type: list
      elements: int
      returned: always
    deletion_requested:
      description: Whether this task asked for a deletion that is put off.
      type: bool
      returned: always
  sample:
    id: 18
    template_id: 9
    server_ids: [17, 19]
    suspended_server_ids: [17, 19]
    deletion_requested: false
changes:
  description: One row for each value that was asked for.
  returned: success
  type: list
  elements: dict
  contains:
    field:
      description: The value's name.
      type: str
      returned: always
    unit:
      description: Unit of the values, null where there is none.
      type: str
      returned: always
    before:
      description: Value before the task.
      type: raw
      returned: always
    desired:
      description: Value asked for.
      type: raw
      returned: always
    after:
      description: Value after the task; in check mode the expected one.
      type: raw
      returned: always
    outcome:
      description: V(changed), V(unchanged), or V(refused) for a value that differs and stays so.
      type: str
      returned: always
    message:
      description: What the panel said about it; null where nothing was said.
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
  description: The rows of RV(changes) that differ and stay so, on which the task fails.
  returned: success, and on failure where there are some
  type: list
  elements: dict
  sample: []
api_calls:
  description: What the task cost - requests that read, that write, that were repeats, and seconds waited.
  returned: always, but for a mistake in the options
  type: dict
  sample:
    read: 2
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
    operation: get_resource_pack
    message: resource pack not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.panel_module import PanelModule
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
