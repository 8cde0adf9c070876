#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_package_info
short_description: Read VirtFusion packages
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads one package, or all of them.
options:
  package_id:
    description:
      - ID of the package to read. The task fails if it does not exist.
      - At most one of O(package_id) and O(package_name) may be set.
    type: int
  package_name:
    description:
      - Exact, case-sensitive name of the package to read. The task fails if it does not exist or if
        several packages have it.
    type: str
  enabled:
    description:
      - Read only packages that are enabled, or only those that are not.
    type: bool
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
- name: Read all packages that servers can be moved to
  vpsfleet.panels.virtfusion_package_info:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    enabled: true
  register: catalogue

- name: Read one package by name
  vpsfleet.panels.virtfusion_package_info:
    package_name: Cloud 4
"""

RETURN = r"""
packages:
  description: The packages, in the panel's order.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the package.
      type: int
      returned: always
    name:
      description: Name of the package; not unique.
      type: str
      returned: always
    description:
      description: Its description.
      type: str
      returned: always
    enabled:
      description: Whether it is in use.
      type: bool
      returned: always
    cpu:
      description: CPU cores.
      type: int
      returned: always
    memory:
      description: Memory in MB.
      type: int
      returned: always
    primary_disk_size:
      description: Size of the primary disk in GB.
      type: int
      returned: always
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
    primary_network_inbound_speed:
      description: Speed in kB/s; 0 is no cap.
      type: int
      returned: always
    primary_network_outbound_speed:
      description: Speed in kB/s; 0 is no cap.
      type: int
      returned: always
    primary_network_traffic:
      description: Traffic allowance per period in GB; 0 is unlimited.
      type: int
      returned: always
    backup_plan:
      description: ID of the backup plan, null if none.
      type: int
      returned: always
    primary_disk_type:
      description: Type of the primary disk, such as V(inherit) or V(qcow2).
      type: str
      returned: always
    primary_storage_profile:
      description: Code of the storage type.
      type: int
      returned: always
    primary_network_profile:
      description: ID of the network profile.
      type: int
      returned: always
    created:
      description: When it was created.
      type: str
      returned: always
  sample:
    - id: 3
      name: Cloud 4
      enabled: true
      cpu: 4
      memory: 8192
      primary_disk_size: 80
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
    operation: get_package
    message: package not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.package import PACKAGE_INFO_OPTIONS, PackageInfo

ARGUMENTS = CONNECTION + PACKAGE_INFO_OPTIONS

MODULE = PanelModule(VIRTFUSION, PackageInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
