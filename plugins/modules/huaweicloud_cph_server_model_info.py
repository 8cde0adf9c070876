#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: huaweicloud_cph_server_model_info
short_description: Read the server flavors of Huawei Cloud Phone Host
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads the server flavors of a region.
  - Private flavors may be missing from the vendor's list.
  - A server can change its flavor within one generation, which no field states. The closest one is
    RV(server_models[].server_type).
options:
  server_model_names:
    description:
      - Read only the flavors with these exact names. An unlisted flavor is not an error.
    type: list
    elements: str
    aliases: [server_model_name]
  product_type:
    description:
      - Read only flavors with this purpose, cloud phones or cloud gaming.
    type: str
    choices: [phone, gaming]
  server_type:
    description:
      - Read only flavors of this machine type, such as V(Hi1616).
    type: str
  zones:
    description:
      - Whether to read the availability zones in which each flavor is sold, with further requests. With
        older releases of the service the task fails.
    type: bool
    default: false
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.huaweicloud
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.info
  - vpsfleet.panels.attributes.huaweicloud_group
seealso:
  - module: vpsfleet.panels.huaweicloud_cph_phone_model_info
"""

EXAMPLES = r"""
- name: Read the server flavors for cloud phones
  vpsfleet.panels.huaweicloud_cph_server_model_info:
    region: cn-north-4
    access_key: "{{ vault_huaweicloud_access_key }}"
    secret_key: "{{ vault_huaweicloud_secret_key }}"
    product_type: phone
  register: catalogue

- name: Read the availability zones of one flavor
  vpsfleet.panels.huaweicloud_cph_server_model_info:
    region: cn-north-4
    server_model_name: physical.rx1.xlarge.special
    zones: true
"""

RETURN = r"""
server_models:
  description: The server flavors, in the order of the service.
  returned: success
  type: list
  elements: dict
  contains:
    server_model_name:
      description: The name of the server flavor.
      type: str
      returned: always
    server_type:
      description: The machine type, such as V(Hi1616).
      type: str
      returned: if the service sends it
    product_type:
      description: The purpose - V(phone), V(gaming) or V(unknown).
      type: str
      returned: if the service sends it
    cpu:
      description: CPU cores.
      type: int
      returned: if the service sends it
    memory:
      description: Memory in GB.
      type: int
      returned: if the service sends it
    disk_max_num:
      description: The number of disks that can be added. V(0) stands for local disks.
      type: int
      returned: if the service sends it
    free_size:
      description: The number of servers in stock.
      type: int
      returned: if the service sends it
    extend_spec:
      description: Further properties, as the vendor names them.
      type: raw
      returned: if the service sends it
    zones:
      description: The availability zones that sell it.
      type: list
      elements: dict
      returned: with O(zones)
      contains:
        availability_zone: {description: The name of the availability zone., type: str, returned: always}
        available: {description: Whether the flavor can be bought there., type: bool, returned: always}
      sample:
        - availability_zone: cn-north-4a
          available: true
  sample:
    - server_model_name: physical.rx1.xlarge
      server_type: Hi1616
      product_type: phone
      cpu: 64
      memory: 256
      disk_max_num: 0
      free_size: 20
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
    code: forbidden
    http_status: 403
    operation: list_server_models
    message: No permission. [CPS.0001]
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._huaweicloud.argspec import CONNECTION
from ..module_utils._huaweicloud.panel import HUAWEICLOUD
from ..module_utils._huaweicloud.resources.models import (
    SERVER_MODEL_INFO_OPTIONS,
    ServerModelInfo,
)

ARGUMENTS = CONNECTION + SERVER_MODEL_INFO_OPTIONS

MODULE = PanelModule(HUAWEICLOUD, ServerModelInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
