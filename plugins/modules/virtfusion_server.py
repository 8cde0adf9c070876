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
  - Creates a server, changes the name, the owner, the suspension, the size, the CPU throttle and the
    backup plan of one that is there, or deletes it.
  - A new server is only allocated. M(vpsfleet.panels.virtfusion_server_build) puts an operating
    system on it, M(vpsfleet.panels.virtfusion_server_package) moves it to another package.
  - Exactly one of O(server_id), O(server_uuid) and O(server_name) must be set. Only O(server_name)
    can create a server, since the next run finds it by its name.
  - The panel gives a new server no name, so it is renamed at once. Should that fail, the task fails
    with the ID in RV(server) and with C(failure.partial), and goes on from there with O(server_id).
  - The request that creates a server is never repeated once it may have reached the panel. After such
    a failure look for a server without a name before you run the task again.
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
      - If no server has it, one is created, for which a package, a user and O(hypervisor_group_id) must be set.
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
      - New name of a server that is found by O(server_id) or O(server_uuid), at most 63 characters.
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
      - Whether the server is to be suspended.
      - Suspending a server locks it for its owner. It does not stop a running server, see O(power_off).
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
      - Memory in MB, at least 256. A running server needs a restart for it.
      - A new server has what its package gives, unless it is set.
    type: int
  cpu:
    description:
      - CPU cores, from 1 to 600. A running server needs a restart for it.
      - A new server has what its package gives, unless it is set.
    type: int
  primary_network_traffic:
    description:
      - Traffic allowance in GB per period, from 0 to 999999999; V(0) is unlimited.
      - A new server has what its package gives, unless it is set.
    type: int
    aliases: [traffic]
  cpu_throttle:
    description:
      - By how many percent the CPU is throttled, from 0 to 99.
    type: int
  cpu_throttle_sync:
    description:
      - Whether a changed O(cpu_throttle) is applied to the running server at once.
    type: bool
    default: true
  backup_plan:
    description:
      - ID of the backup plan; V(0) is none.
      - The panel has no list of plans, so check mode cannot know whether there is such a plan.
    type: int
  package_id:
    description:
      - ID of the package for a new server. At most one of O(package_id) and
        O(package_name) may be set.
      - It changes nothing on an existing server.
    type: int
  package_name:
    description:
      - Exact, case-sensitive name of the package for a new server.
      - It changes nothing on an existing server.
    type: str
  hypervisor_group_id:
    description:
      - ID of the hypervisor group that a new server is put into; the panel chooses the hypervisor.
      - It changes nothing on an existing server.
    type: int
  ipv4_count:
    description:
      - How many IPv4 addresses a new server gets.
      - It changes nothing on an existing server.
    type: int
    default: 1
  primary_disk_size:
    description:
      - Size of the primary disk of a new server in GB, instead of what the package gives.
      - It changes nothing on an existing server.
    type: int
  primary_network_inbound_speed:
    description:
      - Inbound speed of a new server in kB/s, instead of what the package gives; V(0) is no cap.
      - It changes nothing on an existing server.
    type: int
  primary_network_outbound_speed:
    description:
      - Outbound speed of a new server in kB/s, instead of what the package gives; V(0) is no cap.
      - It changes nothing on an existing server.
    type: int
  primary_storage_profile:
    description:
      - Code of the storage type of a new server's primary disk, instead of the package's.
      - It changes nothing on an existing server.
    type: int
  primary_network_profile:
    description:
      - ID of the network profile of a new server, instead of the package's.
      - It changes nothing on an existing server.
    type: int
  additional_storages:
    description:
      - Disks that a new server gets besides the primary one, at most two; an empty list is none.
        Left out, they are as the package says.
      - It changes nothing on an existing server.
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
      - IDs of the firewall rulesets of a new server, instead of the package's; an empty list is none.
      - It changes nothing on an existing server, see M(vpsfleet.panels.virtfusion_server_firewall).
    type: list
    elements: int
  hypervisor_asset_groups:
    description:
      - IDs of the hypervisor asset groups of a new server, instead of the package's; an empty list is none.
      - It changes nothing on an existing server.
    type: list
    elements: int
  delay:
    description:
      - Minutes that the panel waits before it deletes the server, from 0 to 43799.
      - The panel does not show that a server waits for its deletion. With a delay the task reports
        the server as absent once the panel has accepted, and every run until then does so again.
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
        and until it accepts that a suspension is lifted which it has just begun.
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
    details: Where a server would be made, the panel is asked with C(dryRun) whether it would do it.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details: A deletion with O(delay) is accepted again at every run, until the server is gone.
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

- name: Suspend a server, which goes on running
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
    - The server after the task; in check mode as it is predicted.
    - The keys are those of C(virtfusion_server_info), and whether it is there.
  returned: success, and on failure after a change
  type: dict
  contains:
    id: {description: ID of the server., type: int, returned: always}
    uuid: {description: UUID of the server., type: str, returned: always}
    name: {description: Name of the server; not unique., type: str, returned: always}
    hostname: {description: Host name given at the last build., type: str, returned: always}
    state:
      description: State of its life, such as V(complete), V(queued), V(allocated) or V(failed). Not its power state.
      type: str
      returned: always
    commission_status:
      description: V(0) allocated, V(1) queued, V(2) failed or in progress, V(3) complete.
      type: int
      returned: always
    build_failed: {description: Whether the last build failed., type: bool, returned: always}
    suspended: {description: Whether it is suspended., type: bool, returned: always}
    protected: {description: Whether it is protected., type: bool, returned: always}
    owner_id: {description: Numeric id of its owner., type: int, returned: always}
    hypervisor_id: {description: ID of its hypervisor., type: int, returned: always}
    hypervisor_group_id: {description: ID of its hypervisor's group., type: int, returned: always}
    running:
      description: Whether it runs; null if the hypervisor does not answer.
      type: bool
      returned: with O(power_off)
    tasks_active: {description: Whether a task is running on it., type: bool, returned: always}
    pending_tasks:
      description: Tasks that wait for it to be started, stopped or restarted.
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
      description: By how many % the CPU is throttled.
      type: int
      returned: always
    os_template_id:
      description: ID of the template that it was last built from, null before the first build.
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
  returned: success, and on failure after a change
  type: list
  elements: dict
  contains:
    field:
      description: What is compared, as in RV(server).
      type: str
      returned: always
    unit:
      description: Unit of the values, null if there is none.
      type: str
      returned: always
    before:
      description: The value before the task; null if there is none.
      type: raw
      returned: always
    desired:
      description: The value that was asked for.
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
      description: What is known about a value that stays; null where nothing is.
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
  returned: success, and on failure after a change
  type: list
  elements: dict
  contains:
    field: {description: 'What is compared, as in RV(server).', type: str, returned: always}
    unit: {description: 'Unit of the values, null if there is none.', type: str, returned: always}
    before: {description: The value before the task; null if there is none., type: raw, returned: always}
    desired: {description: The value that was asked for., type: raw, returned: always}
    after: {description: The value after the task; in check mode the predicted one., type: raw, returned: always}
    outcome:
      description: V(changed), V(unchanged), or V(refused) if the panel keeps another value.
      type: str
      returned: always
    message: {description: What is known about a value that stays; null where nothing is., type: str, returned: always}
  sample: []
restart_required:
  description:
    - Whether the server must be restarted before its guest sees everything. Memory and CPU wait for it.
    - The module never restarts a server.
  returned: success
  type: bool
  sample: false
api_calls:
  description: What the task cost - requests that read, that write, that were repeats, and seconds waited.
  returned: always, but for a mistake in the options
  type: dict
  contains:
    read: {description: Number of requests that read., type: int, returned: always}
    write: {description: Number of requests that write., type: int, returned: always}
    retried: {description: Number of requests that were repeated., type: int, returned: always}
    waited_s: {description: Seconds spent waiting between requests., type: float, returned: always}
  sample:
    read: 3
    write: 1
    retried: 0
    waited_s: 0.0
failure:
  description: What went wrong, for workflows. The guide on failures lists the codes.
  returned: failure
  type: dict
  contains:
    code:
      description: What kind of failure it is. The guide on failures lists the codes.
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
from ..module_utils._core.panel_module import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.server import SERVER_OPTIONS, Server

ARGUMENTS = CONNECTION + SERVER_OPTIONS

MODULE = PanelModule(VIRTFUSION, Server, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
