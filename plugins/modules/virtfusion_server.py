#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_server
short_description: Create, change or delete a VirtFusion server
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Creates a server, deletes it, or changes its name, owner, suspension, size, CPU throttle and backup
    plan.
  - A new server is only allocated. M(vpsfleet.panels.virtfusion_server_build) installs an operating
    system, M(vpsfleet.panels.virtfusion_server_package) changes the package.
  - Exactly one of O(server_id), O(server_uuid) and O(server_name) must be set. A server is only created
    with O(server_name), since the next run finds it by its name.
  - The panel creates servers without a name, so a new server is renamed at once. If that fails, the task
    fails with the ID in RV(server) and with C(failure.partial). Run it again with O(server_id).
  - The request that creates a server is never retried once it may have reached the panel. After such a
    failure, look for a server without a name before you run the task again.
options:
  state:
    description:
      - Whether the server must exist.
    type: str
    choices: [present, absent]
    default: present
  server_name:
    description:
      - Exact, case-sensitive name of the server, at most 63 characters. The task fails if several servers have it.
      - If no server has it, the server is created. This requires a package, a user and
        O(hypervisor_group_id).
      - Finding a name reads the list of all servers; O(server_id) is quicker.
    type: str
  server_id:
    description:
      - ID of the server. With O(state=present) the task fails if it does not exist.
    type: int
  server_uuid:
    description:
      - UUID of the server. With O(state=present) the task fails if it does not exist.
      - Finding a UUID reads the list of all servers; O(server_id) is quicker.
    type: str
  name:
    description:
      - New name of a server that is found by O(server_id) or O(server_uuid), at most 63 characters. Mutually
        exclusive with O(server_name).
    type: str
  user_id:
    description:
      - The user who owns the server, by the panel's own ID. At most one of O(user_id),
        O(ext_relation_id) and O(relation_string) may be set.
    type: int
    aliases: [owner_id]
  ext_relation_id:
    description:
      - The user who owns the server, by external relation ID.
    type: int
  relation_string:
    description:
      - The user who owns the server, by external relation string.
    type: str
  suspended:
    description:
      - Whether the server must be suspended.
      - Suspending a server does not stop it if it is running, see O(power_off).
    type: bool
  power_off:
    description:
      - Whether to cut the power of a running server before it is suspended. Requires O(suspended=true).
      - The guest is not asked to shut down. To shut it down gracefully, run
        M(vpsfleet.panels.virtfusion_server_power) with C(state=stopped) first.
    type: bool
    default: false
  memory:
    description:
      - Memory in MB, at least 256. A change takes effect after a restart of the server.
      - Defaults to the value of the package for a new server.
    type: int
  cpu:
    description:
      - CPU cores, from 1 to 600. A change takes effect after a restart of the server.
      - Defaults to the value of the package for a new server.
    type: int
  primary_network_traffic:
    description:
      - Traffic allowance in GB per period, from 0 to 999999999; V(0) is unlimited.
      - Defaults to the value of the package for a new server.
    type: int
    aliases: [traffic]
  cpu_throttle:
    description:
      - Throttling of the CPU in %, from 0 to 99.
    type: int
  cpu_throttle_sync:
    description:
      - Whether a changed O(cpu_throttle) is applied to the running server at once.
    type: bool
    default: true
  backup_plan:
    description:
      - ID of the backup plan; V(0) for none.
      - The panel has no list of plans, so check mode cannot check whether the plan exists.
    type: int
  package_id:
    description:
      - ID of the package for a new server. At most one of O(package_id) and
        O(package_name) may be set.
      - It has no effect on an existing server.
    type: int
  package_name:
    description:
      - Exact, case-sensitive name of the package for a new server.
      - It has no effect on an existing server.
    type: str
  hypervisor_group_id:
    description:
      - ID of the hypervisor group for a new server; the panel chooses the hypervisor.
      - It has no effect on an existing server.
    type: int
  ipv4_count:
    description:
      - Number of IPv4 addresses of a new server.
      - It has no effect on an existing server.
    type: int
    default: 1
  primary_disk_size:
    description:
      - Size of the primary disk of a new server in GB, instead of the package's.
      - It has no effect on an existing server.
    type: int
  primary_network_inbound_speed:
    description:
      - Inbound speed of a new server in kB/s, instead of the package's; V(0) is unlimited.
      - It has no effect on an existing server.
    type: int
  primary_network_outbound_speed:
    description:
      - Outbound speed of a new server in kB/s, instead of the package's; V(0) is unlimited.
      - It has no effect on an existing server.
    type: int
  primary_storage_profile:
    description:
      - Code of the storage type of a new server's primary disk, instead of the package's.
      - It has no effect on an existing server.
    type: int
  primary_network_profile:
    description:
      - ID of the network profile of a new server, instead of the package's.
      - It has no effect on an existing server.
    type: int
  additional_storages:
    description:
      - Additional disks of a new server, at most two; an empty list for none. Defaults to the disks of
        the package.
      - It has no effect on an existing server.
    type: list
    elements: dict
    suboptions:
      capacity:
        description:
          - Size in GB.
        type: int
        required: true
      profile:
        description:
          - Code of the storage type.
        type: int
  firewall_rulesets:
    description:
      - IDs of the firewall rulesets of a new server, instead of the package's; an empty list for none.
      - It has no effect on an existing server, see M(vpsfleet.panels.virtfusion_server_firewall).
    type: list
    elements: int
  hypervisor_asset_groups:
    description:
      - IDs of the hypervisor asset groups of a new server, instead of the package's; an empty list for
        none.
      - It has no effect on an existing server.
    type: list
    elements: int
  delay:
    description:
      - Minutes until the panel deletes the server, from 0 to 43799. Only for O(state=absent).
      - It is not known how the panel shows a delayed deletion. The task reports the server as absent once the panel
        has accepted the request, and so does every run until the deletion.
    type: int
    default: 0
  allow_protected:
    description:
      - Whether a server that is protected in the panel may be deleted.
    type: bool
    default: false
  wait_timeout:
    description:
      - Seconds to wait until the panel shows what it accepted, such as a deletion or a suspension,
        and until it accepts the end of a suspension that has just begun.
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
    details: If a server would be created, the panel checks the request with C(dryRun).
  diff_mode:
    support: full
  idempotent:
    support: partial
    details: A deletion with O(delay) is sent in every run until the server is deleted.
seealso:
  - module: vpsfleet.panels.virtfusion_server_info
  - module: vpsfleet.panels.virtfusion_server_build
  - module: vpsfleet.panels.virtfusion_server_package
  - module: vpsfleet.panels.virtfusion_server_power
"""

EXAMPLES = r"""
- name: Have a server
  vpsfleet.panels.virtfusion_server:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    server_name: web01
    package_name: Cloud 2
    ext_relation_id: 1042
    hypervisor_group_id: 1

- name: Have a database server with more memory, a second disk and no firewall rules
  vpsfleet.panels.virtfusion_server:
    server_name: db01
    package_id: 5
    user_id: 4
    hypervisor_group_id: 1
    memory: 16384
    additional_storages:
      - capacity: 200
    firewall_rulesets: []

- name: Suspend a server, which keeps running
  vpsfleet.panels.virtfusion_server:
    server_id: 17
    suspended: true

- name: Cut the power of a server and suspend it
  vpsfleet.panels.virtfusion_server:
    server_id: 17
    suspended: true
    power_off: true

- name: Rename a server and give it to somebody else
  vpsfleet.panels.virtfusion_server:
    server_id: 17
    name: web02
    ext_relation_id: 1043

- name: Delete a server now
  vpsfleet.panels.virtfusion_server:
    server_name: web01
    state: absent
"""

RETURN = r"""
server:
  description:
    - The server after the task; in check mode the predicted one.
    - The keys of C(virtfusion_server_info), and C(state).
  returned: success, and on failure after a change or a refusal
  type: dict
  contains:
    id: {description: ID of the server., type: int, returned: always}
    uuid: {description: UUID of the server., type: str, returned: always}
    name: {description: Name of the server; not unique., type: str, returned: always}
    hostname: {description: Host name given at the last build., type: str, returned: always}
    state:
      description: Its state, such as V(complete), V(queued), V(allocated) or V(failed). Not its power
        state.
      type: str
      returned: always
    commission_status:
      description: V(0) allocated, V(1) queued, V(2) failed or in progress, V(3) complete.
      type: int
      returned: always
    build_failed: {description: Whether the last build failed., type: bool, returned: always}
    suspended: {description: Whether it is suspended., type: bool, returned: always}
    protected: {description: Whether it is protected., type: bool, returned: always}
    owner_id: {description: Numeric ID of its owner., type: int, returned: always}
    hypervisor_id: {description: ID of its hypervisor., type: int, returned: always}
    hypervisor_group_id: {description: ID of its hypervisor's group., type: int, returned: always}
    running:
      description: Whether it runs; null if the hypervisor does not respond.
      type: bool
      returned: with O(power_off)
    tasks_active: {description: Whether a task is running on it., type: bool, returned: always}
    pending_tasks:
      description: Tasks that are waiting for it to be started, stopped or restarted.
      type: list
      elements: dict
      returned: always
      contains:
        action: {description: What the task does., type: str, returned: always}
        requires: {description: What the server must do first., type: list, elements: str, returned: always}
    cpu: {description: CPU cores., type: int, returned: always}
    memory: {description: Memory in MB., type: int, returned: always}
    primary_disk_size: {description: Size of the primary disk in GB., type: int, returned: always}
    primary_disk_read_iops:
      description: Limit in operations per second, null if none.
      type: int
      returned: always
    primary_disk_write_iops:
      description: Limit in operations per second, null if none.
      type: int
      returned: always
    primary_disk_read_throughput:
      description: Limit in bytes per second, null if none.
      type: int
      returned: always
    primary_disk_write_throughput:
      description: Limit in bytes per second, null if none.
      type: int
      returned: always
    primary_network_inbound_speed: {description: Speed in kB/s; 0 is no cap., type: int, returned: always}
    primary_network_outbound_speed: {description: Speed in kB/s; 0 is no cap., type: int, returned: always}
    primary_network_traffic:
      description: Traffic allowance per period in GB; 0 is unlimited.
      type: int
      returned: always
    backup_plan: {description: 'ID of the backup plan, null if none.', type: int, returned: always}
    cpu_throttle:
      description: Throttling of the CPU in %.
      type: int
      returned: always
    os_template_id:
      description: ID of the template of its last build, null before the first build.
      type: int
      returned: always
    ipv4_addresses:
      description: Addresses of the primary interface, the primary address first.
      type: list
      elements: str
      returned: always
    built: {description: 'When it was last built, null before the first build.', type: str, returned: always}
    created: {description: When it was created., type: str, returned: always}
    updated: {description: When the panel last changed it., type: str, returned: always}
    present: {description: Whether the server exists., type: bool, returned: always}
  sample:
    present: true
    id: 70
    name: web01
    state: allocated
    suspended: false
    owner_id: 4
    memory: 2048
    pending_tasks: []
changes:
  description: One row for each desired value.
  returned: success, and on failure after a change or a refusal
  type: list
  elements: dict
  contains:
    field:
      description: Name of the value, as in RV(server).
      type: str
      returned: always
    unit:
      description: Unit of the values, null if none.
      type: str
      returned: always
    before:
      description: The value before the task; null if none.
      type: raw
      returned: always
    desired:
      description: The desired value.
      type: raw
      returned: always
    after:
      description: The value after the task; in check mode the predicted one.
      type: raw
      returned: always
    outcome:
      description: V(changed), V(unchanged), or V(refused) if the panel keeps another value.
      type: str
      returned: always
    message:
      description: Why a value was not changed, if known. Null otherwise.
      type: str
      returned: always
  sample:
    - field: suspended
      unit: null
      before: false
      desired: true
      after: true
      outcome: changed
      message: null
refused:
  description: The rows of RV(changes) whose outcome is V(refused). If there are any, the task fails.
  returned: success, and on failure after a change or a refusal
  type: list
  elements: dict
  contains:
    field: {description: 'Name of the value, as in RV(server).', type: str, returned: always}
    unit: {description: 'Unit of the values, null if none.', type: str, returned: always}
    before: {description: The value before the task; null if none., type: raw, returned: always}
    desired: {description: The desired value., type: raw, returned: always}
    after: {description: The value after the task; in check mode the predicted one., type: raw, returned: always}
    outcome:
      description: V(changed), V(unchanged), or V(refused) if the panel keeps another value.
      type: str
      returned: always
    message: {description: 'Why a value was not changed, if known. Null otherwise.', type: str, returned: always}
  sample: []
restart_required:
  description:
    - Whether the server must be restarted for all changes to take effect. This is the case for memory
      and CPU.
    - The module never restarts a server.
  returned: success, and on failure if it was changed in part
  type: bool
  sample: false
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
    read: 3
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
from ..module_utils._virtfusion.resources.server import SERVER_OPTIONS, Server

ARGUMENTS = CONNECTION + SERVER_OPTIONS

MODULE = PanelModule(VIRTFUSION, Server, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
