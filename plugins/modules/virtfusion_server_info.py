#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_server_info
short_description: Read VirtFusion servers
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads some servers, those of a user, those on some hypervisors, or all of them.
  - A list contains a short row for each server. O(details) reads each server in full, with one more
    request per server. Each part of O(include) also costs one more request per server.
  - An empty list in an option matches no server.
options:
  server_ids:
    description:
      - IDs of the servers to read, in full. The task fails if one does not exist.
      - At most one of O(server_ids), O(server_names) and O(server_uuids) may be set. A named server that
        O(hypervisor_ids), O(owner_ids) or O(suspended) excludes is not returned.
    type: list
    elements: int
    aliases: [server_id]
  server_names:
    description:
      - Names of the servers to read, exact and case-sensitive. The task fails if one does not exist or if
        several servers have it.
    type: list
    elements: str
    aliases: [server_name]
  server_uuids:
    description:
      - UUIDs of the servers to read. The task fails if one does not exist.
    type: list
    elements: str
    aliases: [server_uuid]
    version_added: 0.1.0
  user_id:
    description:
      - Numeric ID of a user whose servers are read. This is the panel's own ID, not the external
        relation ID. Mutually exclusive with O(server_ids).
      - With O(server_names) or O(server_uuids), only the servers of this user are searched.
    type: int
  hypervisor_ids:
    description:
      - Read only servers on these hypervisors.
    type: list
    elements: int
  owner_ids:
    description:
      - Read only servers of these users, by numeric ID.
    type: list
    elements: int
  suspended:
    description:
      - Read only servers that are suspended, or only those that are not.
    type: bool
  details:
    description:
      - Whether to read each server of a list in full.
    type: bool
    default: false
  live_state:
    description:
      - Whether the panel queries the hypervisor for RV(servers[].running), which takes a moment per
        server. Implies O(details).
    type: bool
    default: false
  include:
    description:
      - Further parts of each server to read. Each part costs one more request per server, V(firewall)
        two. Eight requests are sent in parallel.
    type: list
    elements: str
    choices: [traffic, traffic_blocks, firewall, backups, templates]
    default: []
    version_added: 0.1.0
  page_size:
    description:
      - Rows per request when the list of all servers is read, from 1 to 200.
    type: int
    default: 200
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.info
  - vpsfleet.panels.attributes.virtfusion_group
seealso:
  - module: vpsfleet.panels.virtfusion_server_package
"""

EXAMPLES = r"""
- name: Read two servers
  vpsfleet.panels.virtfusion_server_info:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    server_ids: [17, 18]

- name: List the active servers on one hypervisor
  vpsfleet.panels.virtfusion_server_info:
    hypervisor_ids: [6]
    suspended: false
  register: on_hypervisor

- name: Ask whether a server runs
  vpsfleet.panels.virtfusion_server_info:
    server_name: web01
    live_state: true

- name: Read the traffic and the backups of a user's servers
  vpsfleet.panels.virtfusion_server_info:
    user_id: 4
    include: [traffic, backups]
"""

RETURN = r"""
servers:
  description:
    - The servers, in the order of the option that names them, or in the panel's order.
    - A row of a list has only the fields that the panel's list contains.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the server.
      type: int
      returned: always
    uuid:
      description: UUID of the server.
      type: str
      returned: always
    name:
      description: Name of the server; not unique.
      type: str
      returned: always
    hostname:
      description: Host name given at the last build.
      type: str
      returned: in full
    state:
      description: Its state, such as V(complete), V(queued), V(allocated) or V(failed). Not its power
        state.
      type: str
      returned: in full
    commission_status:
      description: V(0) allocated, V(1) queued, V(2) failed or in progress, V(3) complete.
      type: int
      returned: always
    build_failed:
      description: Whether the last build failed.
      type: bool
      returned: in full
    suspended:
      description: Whether it is suspended.
      type: bool
      returned: always
    protected:
      description: Whether it is protected.
      type: bool
      returned: always
    owner_id:
      description: Numeric ID of its owner.
      type: int
      returned: always
    hypervisor_id:
      description: ID of its hypervisor.
      type: int
      returned: always
    hypervisor_group_id:
      description: ID of its hypervisor's group.
      type: int
      returned: in full
    running:
      description: Whether it runs; null if the hypervisor does not respond.
      type: bool
      returned: with O(live_state)
    tasks_active:
      description: Whether a task is running on it.
      type: bool
      returned: in full
    pending_tasks:
      description: Tasks that are waiting for it to be started, stopped or restarted.
      type: list
      elements: dict
      returned: in full
      contains:
        action: {description: What the task does., type: str, returned: always}
        requires: {description: What the server must do first., type: list, elements: str, returned: always}
      sample:
        - action: changeCpu
          requires:
          - shutdown
    cpu:
      description: CPU cores.
      type: int
      returned: in full
    memory:
      description: Memory in MB.
      type: int
      returned: in full
    primary_disk_size:
      description: Size of the primary disk in GB.
      type: int
      returned: in full
    primary_disk_read_iops:
      description: Limit in operations per second, null if none.
      type: int
      returned: in full
    primary_disk_write_iops:
      description: Limit in operations per second, null if none.
      type: int
      returned: in full
    primary_disk_read_throughput:
      description: Limit in bytes per second, null if none.
      type: int
      returned: in full
    primary_disk_write_throughput:
      description: Limit in bytes per second, null if none.
      type: int
      returned: in full
    primary_network_inbound_speed:
      description: Speed in kB/s; 0 is no cap.
      type: int
      returned: in full
    primary_network_outbound_speed:
      description: Speed in kB/s; 0 is no cap.
      type: int
      returned: in full
    primary_network_traffic:
      description: Traffic allowance per period in GB; 0 is unlimited.
      type: int
      returned: in full
    backup_plan:
      description: ID of the backup plan, null if none.
      type: int
      returned: in full
    cpu_throttle:
      description: Throttling of the CPU in %.
      type: int
      returned: in full
    os_template_id:
      description: ID of the template of its last build, null before the first build.
      type: int
      returned: in full
    ipv4_addresses:
      description: Addresses of the primary interface, the primary address first.
      type: list
      elements: str
      returned: in full
    built:
      description: When it was last built, null before the first build.
      type: str
      returned: in full
    created:
      description: When it was created.
      type: str
      returned: always
    updated:
      description: When the panel last changed it.
      type: str
      returned: always
    traffic:
      description: Its traffic by month, the current one first; V(limit) is in GB, the counters are in bytes.
      type: list
      elements: dict
      returned: with O(include)
      contains:
        month: {description: Number of the month., type: int, returned: always}
        start: {description: First second of the month., type: str, returned: always}
        end: {description: Last second of the month., type: str, returned: always}
        received: {description: Received bytes., type: int, returned: always}
        sent: {description: Sent bytes., type: int, returned: always}
        total: {description: Received and sent bytes., type: int, returned: always}
        limit: {description: Limit in GB., type: int, returned: always}
        blocks:
          description: Traffic blocks of the month.
          type: list
          elements: dict
          returned: always
          contains:
            id: {description: ID of the block., type: int, returned: always}
            traffic: {description: Traffic of the block in GB., type: int, returned: always}
      sample:
        - month: 2
          start: "2025-01-06 00:00:00"
          end: "2025-02-05 23:59:59"
          received: 1847110337
          sent: 1270421
          total: 1848380758
          limit: 20000
          blocks: []
    traffic_blocks:
      description: Its traffic blocks, and the months to which blocks can be added.
      type: dict
      returned: with O(include)
      contains:
        blocks:
          description: The blocks of the server.
          type: list
          elements: dict
          returned: always
          contains:
            id: {description: ID of the block., type: int, returned: always}
            month: {description: Number of its month., type: int, returned: always}
            current: {description: Whether its month is the current one., type: bool, returned: always}
            traffic: {description: Traffic of the block in GB., type: int, returned: always}
            start: {description: First second of its month., type: str, returned: always}
            end: {description: Last second of its month., type: str, returned: always}
            added: {description: When it was added., type: str, returned: always}
        current_month: {description: 'Number of the current month, null if unknown.', type: int, returned: always}
        months:
          description: The months to which blocks can be added, by number, as the panel shows them.
          type: raw
          returned: always
      sample:
        blocks:
        - id: 2
          month: 2
          current: false
          traffic: 500
          start: '2025-02-20 00:00:00'
          end: '2025-03-19 23:59:59'
          added: '2025-01-20T15:08:15.000000Z'
        current_month: 1
        months:
          '2':
            month: 2
            start: '2025-02-20 00:00:00'
            end: '2025-03-19 23:59:59'
    firewall:
      description: Its firewall on each interface, null for a missing interface.
      type: dict
      returned: with O(include)
      contains:
        primary:
          description: The firewall of the primary interface.
          type: dict
          returned: always
          contains:
            enabled: {description: Whether the firewall is on., type: bool, returned: always}
            rules: {description: 'Its rules, as the panel shows them.', type: list, elements: raw, returned: always}
        secondary:
          description: The firewall of the secondary interface, null if the server has none.
          type: dict
          returned: always
          contains:
            enabled: {description: Whether the firewall is on., type: bool, returned: always}
            rules: {description: 'Its rules, as the panel shows them.', type: list, elements: raw, returned: always}
      sample:
        primary:
          enabled: true
          rules: []
        secondary: null
    backups:
      description: Its backups. The keys are those of C(virtfusion_server_backup_info).
      type: list
      elements: dict
      returned: with O(include)
      contains:
        id: {description: ID of the backup., type: int, returned: always}
        server_id: {description: ID of the server., type: int, returned: always}
        storage_id: {description: ID of its storage., type: int, returned: always}
        storage_name: {description: Name of that storage., type: str, returned: always}
        storage_enabled: {description: Whether that storage is in use., type: bool, returned: always}
        complete: {description: Whether it is complete., type: bool, returned: always}
        in_progress: {description: Whether it is being made., type: bool, returned: always}
        restoring: {description: Whether it is being restored., type: bool, returned: always}
        deleting: {description: Whether it is being deleted., type: bool, returned: always}
        delete_after: {description: 'The time of its deletion, null if never.', type: str, returned: always}
        created: {description: When it was begun., type: str, returned: always}
        updated: {description: When it last changed., type: str, returned: always}
      sample:
        - id: 42
    templates:
      description: The templates that it can be built with. The keys are those of
        C(virtfusion_template_info).
      type: list
      elements: dict
      returned: with O(include)
      contains:
        id: {description: ID of the template., type: int, returned: always}
        name: {description: Name of the template; not unique., type: str, returned: always}
        version: {description: 'Version, null if none.', type: str, returned: always}
        variant: {description: 'Variant, null if none.', type: str, returned: always}
        short_name: {description: Name and version., type: str, returned: always}
        full_name: {description: 'Name, version and variant.', type: str, returned: always}
        arch: {description: Code of its architecture., type: int, returned: always}
        type: {description: 'Kind of the system, such as V(linux) or V(unix).', type: str, returned: always}
        description: {description: Description., type: str, returned: always}
        deploy_type: {description: Code of how it is deployed., type: int, returned: always}
        vnc: {description: Whether VNC is used with it., type: bool, returned: always}
        eol: {description: Whether its support has ended., type: bool, returned: always}
        eol_date: {description: When its support ends., type: str, returned: always}
        eol_warning: {description: Whether the panel warns about the end of support., type: bool, returned: always}
        group_id: {description: ID of its group; V(0) is the group Other., type: int, returned: always}
        group_name: {description: Name of its group., type: str, returned: always}
      sample:
        - id: 46
          name: Debian
          version: '12'
  sample:
    - id: 17
      uuid: 1fb4b391-b360-40e7-8fe1-5b024c7508ac
      name: web01
      commission_status: 3
      suspended: false
      protected: false
      owner_id: 4
      hypervisor_id: 6
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
    operation: get_server
    message: server not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.server_info import (
    SERVERS_WITH_MORE_OPTIONS,
    ServersWithMore,
)

ARGUMENTS = CONNECTION + SERVERS_WITH_MORE_OPTIONS

MODULE = PanelModule(VIRTFUSION, ServersWithMore, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
