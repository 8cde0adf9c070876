#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: huaweicloud_cph_server_info
short_description: Read cloud phone servers of Huawei Cloud
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads servers of Cloud Phone Host, selected or all of a region and project.
  - The list lacks bandwidths, volumes and security groups, and the addresses of servers in a network of
    the customer. O(details) reads each server in full, with one more request per server and eight
    requests at a time.
  - The service may still list servers that were unsubscribed or deleted. They are returned only if
    O(server_ids) names them or O(states) contains V(gone).
  - An empty list in an option matches no server.
options:
  server_ids:
    description:
      - IDs of the servers to read in full. The task fails if one does not exist.
      - At most one of O(server_ids) and O(server_names) may be set. A named server that another option excludes is
        not returned.
    type: list
    elements: str
    aliases: [server_id]
  server_names:
    description:
      - Exact names of the servers to read. The task fails if one does not exist or if several servers
        have it.
    type: list
    elements: str
    aliases: [server_name]
  states:
    description:
      - Read only servers in these states.
      - V(unknown) is a status that the vendor does not document.
    type: list
    elements: str
    choices: [creating, abnormal, normal, gone, frozen, stopped, stopping, stop_failed, starting, unknown]
  server_model_names:
    description:
      - Read only servers of these server flavors.
    type: list
    elements: str
  phone_model_names:
    description:
      - Read only servers with these phone flavors.
    type: list
    elements: str
  availability_zones:
    description:
      - Read only servers in these availability zones.
    type: list
    elements: str
  enterprise_project_ids:
    description:
      - Read only servers of these enterprise projects. V(0) is the default project.
    type: list
    elements: str
  charging_mode:
    description:
      - Read only servers with this charging mode.
    type: str
    choices: [yearly_monthly, on_demand]
  network_version:
    description:
      - Read only servers in a network of the service (V(v1)) or in a network of the customer (V(v2)).
    type: str
    choices: [v1, v2]
  details:
    description:
      - Whether to read each listed server in full.
    type: bool
    default: false
  page_size:
    description:
      - Rows per request when the list is read, from 1 to 100.
    type: int
    default: 100
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.huaweicloud
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.info
  - vpsfleet.panels.attributes.huaweicloud_group
seealso:
  - module: vpsfleet.panels.huaweicloud_cph_server_flavor
  - module: vpsfleet.panels.huaweicloud_cph_phone_info
"""

EXAMPLES = r"""
- name: Read all cloud phone servers of a region
  vpsfleet.panels.huaweicloud_cph_server_info:
    region: cn-north-4
    access_key: "{{ vault_huaweicloud_access_key }}"
    secret_key: "{{ vault_huaweicloud_secret_key }}"
  register: fleet

- name: Read one server by name, with its addresses and volumes
  vpsfleet.panels.huaweicloud_cph_server_info:
    region: cn-north-4
    server_name: phones-0001
    details: true

- name: Read the normal servers with the old flavor
  vpsfleet.panels.huaweicloud_cph_server_info:
    region: cn-north-4
    states: [normal]
    server_model_names: [physical.rx1.xlarge]
  register: to_change
"""

RETURN = r"""
servers:
  description:
    - The servers, in the order of the option that names them, or the newest first.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The ID of the server.
      type: str
      returned: always
    name:
      description: The name of the server. Not unique.
      type: str
      returned: always
    server_model_name:
      description: The server flavor.
      type: str
      returned: always
    phone_model_name:
      description: The phone flavor.
      type: str
      returned: always
    status:
      description: The vendor's number of the status.
      type: int
      returned: always
    state:
      description: The status as a word, see O(states).
      type: str
      returned: always
    availability_zone:
      description: The availability zone.
      type: str
      returned: if the service sends it
    keypair_name:
      description: The name of the key pair for access.
      type: str
      returned: if the service sends it
    charging_mode:
      description: V(yearly_monthly), V(on_demand) or V(unknown).
      type: str
      returned: if the service sends it
    order_id:
      description: The ID of the purchase order.
      type: str
      returned: if the service sends it
    product_id:
      description: The vendor's ID of the purchased product.
      type: str
      returned: if the service sends it
    network_version:
      description: V(v1) for a network of the service, V(v2) for a network of the customer.
      type: str
      returned: if the service sends it
    vpc_id:
      description: The ID of the VPC. With V(v1) it is the service's own.
      type: str
      returned: if the service sends it
    vpc_cidr:
      description: The CIDR of the VPC.
      type: str
      returned: if the service sends it
    subnet_id:
      description: The ID of the subnet.
      type: str
      returned: if the service sends it
    subnet_cidr:
      description: The CIDR of the subnet.
      type: str
      returned: if the service sends it
    addresses:
      description:
        - The addresses.
        - Empty for a server in a network of the customer, unless the server is read in full.
      type: list
      elements: dict
      returned: if the service sends it
      contains:
        server_ip: {description: The private address., type: str, returned: always}
        public_ip: {description: 'The public address, or null.', type: str, returned: always}
      sample:
        - server_ip: 192.0.2.7
          public_ip: 198.51.100.7
    resource_project_id:
      description: The ID of the service's own project, for VPC peering. Not the O(project_id).
      type: str
      returned: if the service sends it
    enterprise_project_id:
      description: The ID of the enterprise project.
      type: str
      returned: if the service sends it
    create_time:
      description: The time of creation, in UTC.
      type: str
      returned: if the service sends it
    update_time:
      description: The time of the last change, in UTC.
      type: str
      returned: if the service sends it
    bandwidths:
      description: The bandwidths. V(size) is in Mbit/s.
      type: list
      elements: dict
      returned: if the server is read in full
      contains:
        id: {description: ID of the bandwidth., type: str, returned: always}
        name: {description: Name of the bandwidth., type: str, returned: always}
        size: {description: Size in Mbit/s., type: int, returned: always}
      sample:
        - id: 5ba3a9a4-4bbb-4e52-8d0e-3a5a37ea1e26
          name: bandwidth-1
          size: 300
    volumes:
      description: The volumes. V(size) is in GB.
      type: list
      elements: dict
      returned: if the server is read in full
      contains:
        id: {description: ID of the volume., type: str, returned: always}
        name: {description: Name of the volume., type: str, returned: always}
        type: {description: Type of the volume., type: str, returned: always}
        size: {description: Size in GB., type: int, returned: always}
      sample:
        - id: 7c8d5f0e-9d8b-4f0c-8f1c-1f2d3c4b5a69
          name: volume-1
          type: GPSSD
          size: 220
    share_volume_type:
      description: The type of the volume that the phones share.
      type: str
      returned: if the server is read in full
    share_volume_size:
      description: The size of the volume that the phones share, in GB.
      type: int
      returned: if the server is read in full
    security_groups:
      description: IDs of the security groups.
      type: list
      elements: str
      returned: if the server is read in full
  sample:
    - id: a176d8625981453bbafbc0a321d8d6a1
      name: phones-0001
      server_model_name: physical.rx1.xlarge
      phone_model_name: rx1.cp.c60.d10.e1v1
      status: 5
      state: normal
      availability_zone: cn-north-4a
      charging_mode: yearly_monthly
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
    operation: show_server
    message: The server does not exist. [CPS.0015]
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._huaweicloud.argspec import CONNECTION
from ..module_utils._huaweicloud.panel import HUAWEICLOUD
from ..module_utils._huaweicloud.resources.server_info import SERVER_INFO_OPTIONS, ServerInfo

ARGUMENTS = CONNECTION + SERVER_INFO_OPTIONS

MODULE = PanelModule(HUAWEICLOUD, ServerInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
