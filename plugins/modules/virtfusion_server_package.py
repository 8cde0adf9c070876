#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_server_package
short_description: Change the package of a VirtFusion server
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Gives a server the resources of a package - CPU, memory, disk, network, limits and backup plan.
  - The panel does not show the package of a server. The module therefore compares the server's resources
    with the package's, and changes the package only if some differ.
  - Afterwards it reads the server again. Whether something changed is determined by that read together
    with the panel's own C(not updated) messages.
options:
  package_id:
    description:
      - ID of the package. Exactly one of O(package_id) and O(package_name) must be set.
    type: int
  package_name:
    description:
      - Exact, case-sensitive name of the package. The task fails if several packages have it.
    type: str
  aspects:
    description:
      - The values to take from the package. All others are left unchanged.
      - V(cpu) is in cores, V(memory) in MB, V(primary_disk_size) in GB, V(primary_network_traffic)
        in GB per period (0 is unlimited), the network speeds in kB/s, the throughputs in bytes per
        second, the IOPS in operations per second.
      - An additional amount that was bought is lost if its aspect is taken from the package. Omit the
        aspect to keep it.
    type: list
    elements: str
    choices:
      - cpu
      - memory
      - primary_disk_size
      - primary_disk_read_iops
      - primary_disk_write_iops
      - primary_disk_read_throughput
      - primary_disk_write_throughput
      - primary_network_inbound_speed
      - primary_network_outbound_speed
      - primary_network_traffic
      - backup_plan
    default:
      - cpu
      - memory
      - primary_disk_size
      - primary_disk_read_iops
      - primary_disk_write_iops
      - primary_disk_read_throughput
      - primary_disk_write_throughput
      - primary_network_inbound_speed
      - primary_network_outbound_speed
      - primary_network_traffic
      - backup_plan
  on_refused:
    description:
      - What to do about aspects that the panel refuses to change, such as a disk that would have to shrink.
      - V(warn) adds a warning for each, V(ignore) only lists them in RV(refused).
      - V(fail) fails the task. If the refusal is predicted, nothing is changed. If only the panel's
        response shows it, the other aspects are already changed, and C(failure.partial) is true.
    type: str
    choices: [fail, warn, ignore]
    default: warn
  allow_disabled:
    description:
      - Whether a server may be moved to a package that is disabled in the panel.
    type: bool
    default: false
  wait_timeout:
    description:
      - Seconds to keep reading a server that does not yet show an accepted change. After that, the
        change counts as refused. V(0) reads once.
    type: int
    default: 10
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.virtfusion.server
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
  - module: vpsfleet.panels.virtfusion_package_info
  - module: vpsfleet.panels.virtfusion_server_info
"""

EXAMPLES = r"""
- name: Move a server to another package
  vpsfleet.panels.virtfusion_server_package:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    server_id: 17
    package_name: Cloud 4

- name: Move a server by name, but keep its traffic allowance and its disk
  vpsfleet.panels.virtfusion_server_package:
    server_name: web01
    package_id: 3
    aspects: [cpu, memory, primary_network_inbound_speed, primary_network_outbound_speed]

- name: Fail unless the server gets everything that the package gives
  vpsfleet.panels.virtfusion_server_package:
    server_id: 17
    package_name: Cloud 4
    on_refused: fail
  register: move

- name: Show the values that take effect after a restart
  ansible.builtin.debug:
    msg: "{{ move.server.name }} needs a restart"
  when: move.restart_required
"""

RETURN = r"""
server:
  description:
    - The server after the task; in check mode the predicted one.
    - The keys are those of C(virtfusion_server_info).
  returned: success, and on failure after a change
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
  sample:
    id: 17
    name: web01
    suspended: false
    cpu: 4
    memory: 8192
    primary_disk_size: 80
    pending_tasks: []
package:
  description: The package. The keys are those of C(virtfusion_package_info).
  returned: success
  type: dict
  contains:
    id: {description: ID of the package., type: int, returned: always}
    name: {description: Name of the package; not unique., type: str, returned: always}
    description: {description: Its description., type: str, returned: always}
    enabled: {description: Whether it is in use., type: bool, returned: always}
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
    primary_disk_type:
      description: Type of the primary disk, such as V(inherit) or V(qcow2).
      type: str
      returned: always
    primary_storage_profile: {description: Code of the storage type., type: int, returned: always}
    primary_network_profile: {description: ID of the network profile., type: int, returned: always}
    created: {description: When it was created., type: str, returned: always}
  sample:
    id: 3
    name: Cloud 4
    enabled: true
    cpu: 4
    memory: 8192
    primary_disk_size: 80
changes:
  description: One row for each aspect.
  returned: success, and on failure after a change or a refusal
  type: list
  elements: dict
  contains:
    field:
      description: The aspect.
      type: str
      returned: always
    unit:
      description: Unit of the values, null if none.
      type: str
      returned: always
    before:
      description: The server's value before the task; null means no limit.
      type: int
      returned: always
    desired:
      description: The package's value; null means no limit.
      type: int
      returned: always
    after:
      description: The server's value after the task; in check mode the predicted one.
      type: int
      returned: always
    outcome:
      description: V(changed), V(unchanged), or V(refused) if the panel keeps another value.
      type: str
      returned: always
    message:
      description: The panel's message about it, or the reason for the predicted refusal. Null if the
        panel gave no reason.
      type: str
      returned: always
  sample:
    - field: memory
      unit: MB
      before: 4096
      desired: 8192
      after: 8192
      outcome: changed
      message: null
refused:
  description: The rows of RV(changes) whose outcome is V(refused).
  returned: success, and on failure after a change or a refusal
  type: list
  elements: dict
  contains:
    field: {description: The aspect., type: str, returned: always}
    unit: {description: 'Unit of the values, null if none.', type: str, returned: always}
    before: {description: The server's value before the task; null means no limit., type: int, returned: always}
    desired: {description: The package's value; null means no limit., type: int, returned: always}
    after:
      description: The server's value after the task; in check mode the predicted one.
      type: int
      returned: always
    outcome:
      description: V(changed), V(unchanged), or V(refused) if the panel keeps another value.
      type: str
      returned: always
    message:
      description: The panel's message about it, or the reason for the predicted refusal. Null if the
        panel gave no reason.
      type: str
      returned: always
  sample: []
restart_required:
  description:
    - Whether the server must be restarted for all changes to take effect. This is the case for CPU and
      memory.
    - The module never restarts a server.
  returned: success, and on failure if it was changed in part
  type: bool
  sample: true
info:
  description: The panel's own lines about values that it did not update; empty if nothing was sent.
  returned: success
  type: list
  elements: str
  sample:
    - traffic not updated. It matches the current value
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
    code: locked
    http_status: 423
    operation: change_server_package
    message: pending tasks in queue
    retryable: true
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION, FIND_SERVER
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.server_package import PACKAGE_CHANGE, ServerPackage

ARGUMENTS = CONNECTION + FIND_SERVER + PACKAGE_CHANGE

MODULE = PanelModule(VIRTFUSION, ServerPackage, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
