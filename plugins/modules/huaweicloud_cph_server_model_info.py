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
  - Reads the server flavors of a region, all or some.
  - Flavors that the vendor has made for one customer may be missing from its list.
  - No field tells the generation within which a server can change its flavor. RV(server_models[].server_type)
    is the nearest to it.
options:
  server_model_names:
    description:
      - Read only these flavors, by name, to the letter. One that is not listed is left out.
    type: list
    elements: str
    aliases: [server_model_name]
  product_type:
    description:
      - Read only flavors for cloud phones, or only those for cloud gaming.
    type: str
    choices: [phone, gaming]
  server_type:
    description:
      - Read only flavors of this type of machine, such as V(Hi1616).
    type: str
  zones:
    description:
      - Whether to read as well in which availability zones a flavor is sold, with further requests.
        Older releases of the service do not tell, and the task fails.
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

- name: Read where one of them is sold
  vpsfleet.panels.huaweicloud_cph_server_model_info:
    region: cn-north-4
    server_model_name: physical.rx1.xlarge.special
    zones: true
"""

RETURN = r"""
server_models:
  description: The server flavors, in the service's order.
  returned: success
  type: list
  elements: dict
  contains:
    server_model_name:
      description: Name of the server flavor.
      type: str
      returned: always
    server_type:
      description: Type of the machine, such as V(Hi1616).
      type: str
      returned: where the service tells
    product_type:
      description: What it is for - V(phone), V(gaming) or V(unknown).
      type: str
      returned: where the service tells
    cpu:
      description: CPU cores.
      type: int
      returned: where the service tells
    memory:
      description: Memory in GB.
      type: int
      returned: where the service tells
    disk_max_num:
      description: How many disks can be added; V(0) is for local disks.
      type: int
      returned: where the service tells
    free_size:
      description: How many servers the vendor has in stock.
      type: int
      returned: where the service tells
    extend_spec:
      description: Further properties, in the vendor's words.
      type: raw
      returned: where the service tells
    zones:
      description: In which availability zones it is sold, and whether there are any left.
      type: list
      elements: dict
      returned: with O(zones)
      contains:
        availability_zone: {description: Name of the availability zone., type: str, returned: always}
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
  description: What the task cost - requests that read, that write, that were repeats, and seconds waited.
  returned: always, but for a mistake in the options
  type: dict
  contains:
    read: {description: Number of requests that read., type: int, returned: always}
    write: {description: Number of requests that write., type: int, returned: always}
    retried: {description: Number of requests that were repeated., type: int, returned: always}
    waited_s: {description: Seconds spent waiting between requests., type: float, returned: always}
  sample:
    read: 1
    write: 0
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
    code: forbidden
    http_status: 403
    operation: list_server_models
    message: No permission. [CPS.0001]
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.panel_module import PanelModule
from ..module_utils._huaweicloud.argspec import CONNECTION
from ..module_utils._huaweicloud.panel import HUAWEICLOUD
from ..module_utils._huaweicloud.resources.server_model import (
    SERVER_MODEL_INFO_OPTIONS,
    ServerModelInfo,
)

ARGUMENTS = CONNECTION + SERVER_MODEL_INFO_OPTIONS

MODULE = PanelModule(HUAWEICLOUD, ServerModelInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
