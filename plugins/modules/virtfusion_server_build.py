#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_server_build
short_description: Build a VirtFusion server from an operating system template
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Installs an operating system on a server without one, and waits for the end of the build.
  - A server that was built before is built again only if O(rebuild) allows it, since that deletes its
    data.
  - The panel has no job for a build, so the module reads the server until the end. If the build fails,
    the task fails with C(failure.code=job_failed).
options:
  template_id:
    description:
      - ID of the template. Exactly one of O(template_id) and O(template_name) must be set.
    type: int
  template_name:
    description:
      - Name, version and variant of the template, such as V(Debian 12 (Bookworm) Minimal), exact and case-sensitive.
        The variant may be omitted if there is only one.
      - The task fails if several templates have that name, and lists their IDs.
    type: str
  rebuild:
    description:
      - When a server that was built before may be built again, which deletes its data.
      - V(never) fails if the server has another template, or if its last build failed after an earlier
        one had succeeded.
      - V(if_different) builds it again in these two cases.
      - V(always) builds it again in every run.
      - A server whose first build failed is built again with any of them.
    type: str
    choices: [never, if_different, always]
    default: never
  hostname:
    description:
      - Host name to set in the build, with its domain. Defaults to the current one.
      - Only used in a build. Another host name alone does not cause a build.
    type: str
  ssh_key_ids:
    description:
      - IDs of the SSH keys to install on the server. The task fails if one does not exist or is
        disabled.
    type: list
    elements: int
  swap:
    description:
      - Size of the swap space in MB. If not set, the panel decides.
    type: int
    choices: [256, 512, 768, 1024, 1536, 2048, 3072, 4096, 5120, 6144, 8192]
  vnc:
    description:
      - Whether VNC is on during the build. If not set, the panel decides.
    type: bool
  ipv6:
    description:
      - Whether the server gets an IPv6 subnet. The panel assigns it some time after the build has begun. If not
        set, the panel decides.
    type: bool
  send_mail:
    description:
      - Whether the panel mails the owner when the server is built. If not set, the panel decides.
    type: bool
  return_password:
    description:
      - Whether to return the administrator's password that the build has set in the guest.
      - It is a secret. Set C(no_log) on the task. The panel shows it only in this response.
    type: bool
    default: false
  allow_protected:
    description:
      - Whether a server that is protected in the panel may be built again.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait for the end of the build.
      - Otherwise, the task cannot report whether the build succeeded. Run it again with O(wait=true) to
        wait for several builds that run in parallel.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait for the end of the build, and for the end of one that is running already.
    type: int
    default: 600
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.virtfusion.server
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.virtfusion_group
attributes:
  check_mode:
    support: full
    details: Waits for a build that is already running, as without check mode.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details: With O(rebuild=always) every run builds the server.
seealso:
  - module: vpsfleet.panels.virtfusion_server
  - module: vpsfleet.panels.virtfusion_template_info
  - module: vpsfleet.panels.virtfusion_ssh_key_info
"""

EXAMPLES = r"""
- name: Install an operating system on a new server
  vpsfleet.panels.virtfusion_server_build:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    server_name: db02
    template_name: Debian 12 (Bookworm) Minimal
    hostname: db02.example.com
    ssh_key_ids: [3]

- name: Have a server on another operating system, whatever is on it now
  vpsfleet.panels.virtfusion_server_build:
    server_id: 17
    template_id: 46
    rebuild: if_different

- name: Begin many builds
  vpsfleet.panels.virtfusion_server_build:
    server_id: "{{ item }}"
    template_id: 46
    rebuild: if_different
    wait: false
  loop: [17, 18, 19]

- name: Wait for all of them
  vpsfleet.panels.virtfusion_server_build:
    server_id: "{{ item }}"
    template_id: 46
    rebuild: if_different
  loop: [17, 18, 19]
"""

RETURN = r"""
server:
  description:
    - The server after the task; in check mode the predicted one.
    - The keys of C(virtfusion_server_info), and C(built_now).
  returned: success, and on failure after the build had begun
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
    built_now: {description: Whether this task has built it., type: bool, returned: always}
  sample:
    id: 17
    name: web01
    state: complete
    os_template_id: 46
    built_now: true
    pending_tasks: []
template:
  description: The template. The keys are those of C(virtfusion_template_info).
  returned: success
  type: dict
  contains:
    id: {description: ID of the template., type: int, returned: always}
    name: {description: Name of the template; not unique., type: str, returned: always}
    version: {description: 'Version, null if none.', type: str, returned: always}
    variant: {description: 'Variant, null if none.', type: str, returned: always}
    short_name: {description: Name and version., type: str, returned: always}
    full_name: {description: 'Name, version and variant.', type: str, returned: always}
    arch:
      description: Code of its architecture.
      type: int
      returned: always
    type:
      description: Kind of the system, such as V(linux) or V(unix).
      type: str
      returned: always
    description:
      description: Description.
      type: str
      returned: always
    deploy_type:
      description: Code of how it is deployed.
      type: int
      returned: always
    vnc:
      description: Whether VNC is used with it.
      type: bool
      returned: always
    eol:
      description: Whether its support has ended.
      type: bool
      returned: always
    eol_date:
      description: When its support ends.
      type: str
      returned: always
    eol_warning:
      description: Whether the panel warns about the end of support.
      type: bool
      returned: always
    group_id: {description: ID of its group; V(0) is the group Other., type: int, returned: always}
    group_name:
      description: Name of its group.
      type: str
      returned: always
  sample:
    id: 46
    full_name: Debian 12 (Bookworm) Minimal
password:
  description: The password of the guest's administrator. A secret.
  returned: when the server was built and O(return_password) is set, and as null in check mode
  type: str
  sample: "********"
changes:
  description: One row for the template, and one for the build itself if there is one.
  returned: success, and on failure after the build had begun
  type: list
  elements: dict
  contains:
    field:
      description: V(os_template_id), or V(built_now) for the build itself.
      type: str
      returned: always
    unit:
      description: Null; these values have none.
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
    - field: os_template_id
      unit: null
      before: null
      desired: 46
      after: 46
      outcome: changed
      message: null
refused:
  description: The rows of RV(changes) whose outcome is V(refused). If there are any, the task fails.
  returned: success, and on failure after the build had begun
  type: list
  elements: dict
  contains:
    field: {description: 'V(os_template_id), or V(built_now) for the build itself.', type: str, returned: always}
    unit: {description: Null; these values have none., type: str, returned: always}
    before: {description: The value before the task; null if none., type: raw, returned: always}
    desired: {description: The desired value., type: raw, returned: always}
    after: {description: The value after the task; in check mode the predicted one., type: raw, returned: always}
    outcome:
      description: V(changed), V(unchanged), or V(refused) if the panel keeps another value.
      type: str
      returned: always
    message: {description: 'Why a value was not changed, if known. Null otherwise.', type: str, returned: always}
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
    read: 5
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
    code: job_failed
    http_status: null
    operation: null
    message: the panel reports that the build failed
    retryable: false
    partial: true
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.server_build import (
    SERVER_BUILD_OPTIONS,
    ServerBuild,
)

ARGUMENTS = CONNECTION + SERVER_BUILD_OPTIONS

MODULE = PanelModule(VIRTFUSION, ServerBuild, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
