#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_hypervisor_group_info
short_description: Read VirtFusion hypervisor groups
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads one hypervisor group, or all of them, optionally with the free resources of their hypervisors.
  - Servers are created in a group; the panel then chooses the hypervisor.
options:
  hypervisor_group_id:
    description:
      - ID of the group to read. The task fails if it does not exist.
      - At most one of O(hypervisor_group_id) and O(hypervisor_group_name) may be set.
    type: int
  hypervisor_group_name:
    description:
      - Exact, case-sensitive name of the group to read. The task fails if it does not exist or if several groups
        have it.
    type: str
  enabled:
    description:
      - Read only groups that are enabled, or only those that are not.
    type: bool
  resources:
    description:
      - Whether to read the resources of the hypervisors of each group, with one more list for each
        group.
    type: bool
    default: false
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.info
  - vpsfleet.panels.attributes.virtfusion_group
seealso:
  - module: vpsfleet.panels.virtfusion_hypervisor_info
"""

EXAMPLES = r"""
- name: Read what a group has left
  vpsfleet.panels.virtfusion_hypervisor_group_info:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    hypervisor_group_name: Amsterdam
    resources: true
  register: compute

- name: Show the hypervisors with room for 8 GB of memory
  ansible.builtin.debug:
    msg: "{{ roomy | map(attribute='hypervisor_name') }}"
  vars:
    roomy: "{{ compute.hypervisor_groups[0].resources | selectattr('memory.free', 'ge', 8192) }}"
"""

RETURN = r"""
hypervisor_groups:
  description: The groups, in the panel's order.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the group.
      type: int
      returned: always
    name:
      description: Name of the group; not unique.
      type: str
      returned: always
    label:
      description: Label, null if none.
      type: str
      returned: always
    description:
      description: Description, null if none.
      type: str
      returned: always
    enabled:
      description: Whether it is in use.
      type: bool
      returned: always
    default:
      description: Whether it is the default.
      type: bool
      returned: always
    distribution_type:
      description: Code of the distribution of servers to its hypervisors.
      type: int
      returned: always
    created:
      description: When it was created.
      type: str
      returned: always
    updated:
      description: When it last changed.
      type: str
      returned: always
    resources:
      description: The resources of its hypervisors, one row for each.
      type: list
      elements: dict
      returned: where O(resources=true)
      contains:
        hypervisor_id:
          description: ID of the hypervisor.
          type: int
          returned: always
        hypervisor_name:
          description: Name of the hypervisor.
          type: str
          returned: always
        enabled:
          description: Whether it is in use.
          type: bool
          returned: always
        prohibit:
          description: The panel's flag of that name.
          type: bool
          returned: always
        accept:
          description: The panel's flag of that name.
          type: bool
          returned: always
        commissioned:
          description: Whether it is set up.
          type: bool
          returned: always
        servers:
          description: Servers.
          type: dict
          returned: always
          contains:
            max:
              description: Limit in servers, null if none.
              type: int
              returned: always
            allocated:
              description: Used by servers, in servers.
              type: int
              returned: always
            free:
              description: Free, in servers, null without a limit; negative if servers use more than the
                limit.
              type: int
              returned: always
            percent:
              description: Share of the limit that servers use, null if none.
              type: float
              returned: always
        memory:
          description: Memory in MB.
          type: dict
          returned: always
          contains:
            max:
              description: Limit in MB, null if none.
              type: int
              returned: always
            allocated:
              description: Used by servers, in MB.
              type: int
              returned: always
            free:
              description: Free, in MB, null without a limit; negative if servers use more than the
                limit.
              type: int
              returned: always
            percent:
              description: Share of the limit that servers use, null if none.
              type: float
              returned: always
        cpu:
          description: CPU cores.
          type: dict
          returned: always
          contains:
            max:
              description: Limit in cores, null if none.
              type: int
              returned: always
            allocated:
              description: Used by servers, in cores.
              type: int
              returned: always
            free:
              description: Free, in cores, null without a limit; negative if servers use more than the
                limit.
              type: int
              returned: always
            percent:
              description: Share of the limit that servers use, null if none.
              type: float
              returned: always
        local_storage:
          description: Local storage, in GB.
          type: dict
          returned: always
          contains:
            name:
              description: Name of the storage.
              type: str
              returned: always
            enabled:
              description: Whether it is in use.
              type: bool
              returned: always
            type:
              description: Code of the storage type.
              type: int
              returned: always
            max:
              description: Limit in GB, null if none.
              type: int
              returned: always
            allocated:
              description: Used by servers, in GB.
              type: int
              returned: always
            free:
              description: Free, in GB, null without a limit.
              type: int
              returned: always
            percent:
              description: Share of the limit that servers use, null if none.
              type: float
              returned: always
        other_storage:
          description: Other storages, in GB.
          type: list
          elements: dict
          returned: always
          contains:
            id:
              description: ID of the storage.
              type: int
              returned: always
            name:
              description: Name of the storage.
              type: str
              returned: always
            enabled:
              description: Whether it is in use.
              type: bool
              returned: always
            type:
              description: Code of the storage type.
              type: int
              returned: always
            path:
              description: Its path, null if none.
              type: str
              returned: always
            datastore:
              description: Whether it is a datastore.
              type: bool
              returned: always
            max:
              description: Limit in GB, null if none.
              type: int
              returned: always
            allocated:
              description: Used by servers, in GB.
              type: int
              returned: always
            free:
              description: Free, in GB, null without a limit.
              type: int
              returned: always
            percent:
              description: Share of the limit that servers use, null if none.
              type: float
              returned: always
        ipv4_free:
          description: Number of free IPv4 addresses.
          type: int
          returned: always
  sample:
    - id: 2
      name: Amsterdam
      enabled: true
      default: false
      resources:
        - hypervisor_id: 5
          hypervisor_name: HV 5
          enabled: true
          memory:
            max: 262144
            allocated: 98304
            free: 163840
            percent: 37.5
          servers: {max: 100, allocated: 25, free: 75, percent: 25.0}
          cpu: {max: 64, allocated: 32, free: 32, percent: 50.0}
          local_storage: {max: 2000, allocated: 500, free: 1500, percent: 25.0}
          other_storage: []
          ipv4_free: 232
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
    operation: get_hypervisor_group
    message: hypervisor group not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.infrastructure import (
    HYPERVISOR_GROUP_INFO_OPTIONS,
    HypervisorGroupInfo,
)

ARGUMENTS = CONNECTION + HYPERVISOR_GROUP_INFO_OPTIONS

MODULE = PanelModule(VIRTFUSION, HypervisorGroupInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
