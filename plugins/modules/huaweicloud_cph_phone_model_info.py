#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: huaweicloud_cph_phone_model_info
short_description: Read the phone flavors of Huawei Cloud Phone Host
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads the phone flavors of a region, each with its server flavor. One row is one pair of flavors for
    M(vpsfleet.panels.huaweicloud_cph_server_flavor).
  - Private flavors may be missing from the vendor's list.
options:
  server_model_names:
    description:
      - Read only pairs with these server flavors. An unlisted flavor is not an error.
    type: list
    elements: str
    aliases: [server_model_name]
  phone_model_names:
    description:
      - Read only pairs with these phone flavors. An unlisted flavor is not an error.
    type: list
    elements: str
    aliases: [phone_model_name]
  phone_capacities:
    description:
      - Read only pairs with these numbers of phones on a server. A change of flavor keeps the number.
    type: list
    elements: int
    aliases: [phone_capacity]
  product_type:
    description:
      - Read only flavors with this purpose, cloud phones or cloud gaming.
    type: str
    choices: [phone, gaming]
  for_sale:
    description:
      - Whether to read only pairs that can be bought, or only those that were withdrawn.
    type: bool
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.huaweicloud
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.info
  - vpsfleet.panels.attributes.huaweicloud_group
seealso:
  - module: vpsfleet.panels.huaweicloud_cph_server_flavor
  - module: vpsfleet.panels.huaweicloud_cph_server_model_info
"""

EXAMPLES = r"""
- name: Read the pairs of flavors that can be bought
  vpsfleet.panels.huaweicloud_cph_phone_model_info:
    region: cn-north-4
    access_key: "{{ vault_huaweicloud_access_key }}"
    secret_key: "{{ vault_huaweicloud_secret_key }}"
    for_sale: true
  register: catalogue

- name: Read the pairs for a server with 6 phones
  vpsfleet.panels.huaweicloud_cph_phone_model_info:
    region: cn-north-4
    server_model_name: physical.rx1.xlarge.special
    phone_capacity: 6
"""

RETURN = r"""
phone_models:
  description: The pairs of a server flavor and a phone flavor, in the order of the service.
  returned: success
  type: list
  elements: dict
  contains:
    server_model_name:
      description: The name of the server flavor.
      type: str
      returned: always
    phone_model_name:
      description: The name of the phone flavor.
      type: str
      returned: always
    phone_capacity:
      description: The number of phones on one server.
      type: int
      returned: if the service sends it
    for_sale:
      description: Whether the pair can be bought. A withdrawn pair cannot.
      type: bool
      returned: if the service sends it
    cpu:
      description: CPU cores of a phone.
      type: int
      returned: if the service sends it
    memory:
      description: Memory of a phone in MB.
      type: int
      returned: if the service sends it
    disk:
      description: Storage of a phone in GB.
      type: int
      returned: if the service sends it
    resolution:
      description: Resolution of the screen, such as V(720x1280).
      type: str
      returned: if the service sends it
    dpi:
      description: Dots per inch of the screen.
      type: int
      returned: if the service sends it
    fps:
      description: 'Frames per second, as the vendor writes it.'
      type: str
      returned: if the service sends it
    render_fps:
      description: Rendered frames per second.
      type: int
      returned: if the service sends it
    stream_fps:
      description: Streamed frames per second.
      type: int
      returned: if the service sends it
    image_label:
      description: The label of suitable images, such as V(cloud_phone).
      type: str
      returned: if the service sends it
    product_type:
      description: The purpose - V(phone), V(gaming) or V(unknown).
      type: str
      returned: if the service sends it
    phone_model_version:
      description: The vendor's number of the version.
      type: int
      returned: if the service sends it
    volume_mode:
      description: The vendor's number for shared or separate storage.
      type: int
      returned: if the service sends it
    spec_code:
      description: The vendor's product code.
      type: str
      returned: if the service sends it
    extend_spec:
      description: Further properties, as the vendor names them.
      type: raw
      returned: if the service sends it
  sample:
    - server_model_name: physical.rx1.xlarge
      phone_model_name: rx1.cp.c60.d10.e1v1
      phone_capacity: 60
      for_sale: true
      cpu: 2
      memory: 3584
      disk: 10
      product_type: phone
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
    operation: list_phone_models
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
    PHONE_MODEL_INFO_OPTIONS,
    PhoneModelInfo,
)

ARGUMENTS = CONNECTION + PHONE_MODEL_INFO_OPTIONS

MODULE = PanelModule(HUAWEICLOUD, PhoneModelInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
