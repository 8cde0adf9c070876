#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_selfservice_resource_pack_info
short_description: Read a resource pack of a VirtFusion user
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads one pack, by its id. The panel does not list the packs of a user; the report of the self
    service may hold them.
options:
  pack_id:
    description:
      - Id of the user's pack. This is not the id of the template that it was made from.
    type: int
    required: true
  with_servers:
    description:
      - Whether to read the servers in the pack as well.
    type: bool
    default: false
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.info
  - vpsfleet.panels.attributes.virtfusion_group
seealso:
  - module: vpsfleet.panels.virtfusion_selfservice_resource_pack
  - module: vpsfleet.panels.virtfusion_selfservice_report
"""

EXAMPLES = r"""
- name: Read a pack and its servers
  vpsfleet.panels.virtfusion_selfservice_resource_pack_info:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    pack_id: 18
    with_servers: true
"""

RETURN = r"""
resource_pack:
  description: The pack.
  returned: success
  type: dict
  contains:
    id:
      description: Id of the pack.
      type: int
      returned: always
    template_id:
      description: Id of the template that the pack was made from.
      type: int
      returned: always
    name:
      description: Name of the pack.
      type: str
      returned: always
    label:
      description: Label of the pack.
      type: str
      returned: always
    enabled:
      description: Whether the pack is enabled; null on panels that do not show it, as far as known all.
      type: bool
      returned: always
    limits:
      description:
        - What all servers together may have, in C(total_servers), C(total_memory) (MB),
          C(total_storage) (GB), C(total_cpu) (cores) and C(total_traffic) (GB), and what one may
          have, in C(max_memory) and so on.
      type: dict
      returned: always
    used:
      description: What they have, in C(servers), C(memory) (MB), C(storage) (GB), C(cpu) (cores), C(traffic) (GB).
      type: dict
      returned: always
    usage:
      description: The same with C(total), C(used), C(free), C(percent) and C(limited) for each.
      type: dict
      returned: always
    servers:
      description: The servers in it, each with C(id), and C(uuid), C(name) and C(suspended) where the panel shows them.
      type: list
      elements: dict
      returned: with O(with_servers)
  sample:
    id: 18
    template_id: 9
    name: Pack 2
    label: null
    enabled: null
    used:
      servers: 0
      memory: 0
      storage: 0
      cpu: 0
      traffic: 0
api_calls:
  description: What the task cost - requests that read, that write, that were repeats, and seconds waited.
  returned: always, but for a mistake in the options
  type: dict
  sample:
    read: 1
    write: 0
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
    RESOURCE_PACK_INFO_OPTIONS,
    ResourcePackInfo,
)

ARGUMENTS = CONNECTION + RESOURCE_PACK_INFO_OPTIONS

MODULE = PanelModule(VIRTFUSION, ResourcePackInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
