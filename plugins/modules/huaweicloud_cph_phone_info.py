#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: huaweicloud_cph_phone_info
short_description: Read cloud phones of Huawei Cloud
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads some cloud phones, those on some servers, or all of a region and project.
  - The list leaves out where a phone can be reached. O(details) reads each phone by itself, which
    costs one request more per phone. Eight of them are under way at a time.
  - Numbers that identify the user of a phone are not returned, unless O(include_identifiers) says so.
options:
  phone_ids:
    description:
      - Ids of the phones to read, in full. The task fails if one does not exist.
    type: list
    elements: str
    aliases: [phone_id]
  phone_names:
    description:
      - Names of the phones to read, to the letter. The task fails if one does not exist or if
        several phones have it.
    type: list
    elements: str
    aliases: [phone_name]
  server_ids:
    description:
      - Read only phones on these servers, by id. Each costs a request.
    type: list
    elements: str
    aliases: [server_id]
  server_names:
    description:
      - Read only phones on these servers, by name, to the letter. The task fails if a server does
        not exist or if several servers have its name.
    type: list
    elements: str
    aliases: [server_name]
  states:
    description:
      - Read only phones in these states.
      - V(unknown) is a status that no document of the vendor explains.
    type: list
    elements: str
    choices:
      - creating
      - running
      - resetting
      - restarting
      - frozen
      - stopping
      - stopped
      - reset_failed
      - restart_failed
      - abnormal
      - create_failed
      - stop_failed
      - unknown
  phone_model_names:
    description:
      - Read only phones of these flavors.
    type: list
    elements: str
  details:
    description:
      - Whether to read each phone of a list in full.
    type: bool
    default: false
  include_identifiers:
    description:
      - Whether to return RV(phones[].imei), and in full also RV(phones[].properties), which hold
        the numbers of the equipment and of the SIM card. Where they belong to somebody they are
        personal data, and results end up in logs; C(no_log) keeps them out.
    type: bool
    default: false
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.huaweicloud
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.info
  - vpsfleet.panels.attributes.huaweicloud_group
seealso:
  - module: vpsfleet.panels.huaweicloud_cph_server_info
"""

EXAMPLES = r"""
- name: Read the phones of one server
  vpsfleet.panels.huaweicloud_cph_phone_info:
    region: cn-north-4
    access_key: "{{ vault_huaweicloud_access_key }}"
    secret_key: "{{ vault_huaweicloud_secret_key }}"
    server_names: [phones-0001]
  register: found

- name: Find the phones that do not work
  vpsfleet.panels.huaweicloud_cph_phone_info:
    region: cn-north-4
    states: [abnormal, reset_failed, restart_failed, create_failed, stop_failed]

- name: Read where one phone can be reached
  vpsfleet.panels.huaweicloud_cph_phone_info:
    region: cn-north-4
    phone_id: 109979e817996696299080da536806b3
"""

RETURN = r"""
phones:
  description:
    - The phones, in the order asked for, or in the service's.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id of the phone.
      type: str
      returned: always
    name:
      description: Name of the phone.
      type: str
      returned: always
    server_id:
      description: Id of the server that it is on.
      type: str
      returned: where the service tells
    phone_model_name:
      description: Its flavor.
      type: str
      returned: where the service tells
    status:
      description: Its status as the vendor numbers it.
      type: int
      returned: always
    state:
      description: The status in a word, see O(states).
      type: str
      returned: always
    type:
      description: Its kind, as the vendor numbers it.
      type: int
      returned: where the service tells
    image_id:
      description: Id of its image.
      type: str
      returned: where the service tells
    image_version:
      description: Version of its image.
      type: str
      returned: where the service tells
    vnc_enabled:
      description: Whether it can be seen over VNC.
      type: bool
      returned: where the service tells
    traffic_type:
      description: How it is reached, such as V(direct) or V(routing).
      type: str
      returned: where the service tells
    volume_mode:
      description: Whether its storage is shared or its own, as the vendor numbers it.
      type: int
      returned: where the service tells
    encrypted:
      description: Whether its storage is encrypted.
      type: bool
      returned: where the service tells
    availability_zone:
      description: Its availability zone.
      type: str
      returned: where the service tells
    order_id:
      description: Id of the order that its server was bought with.
      type: str
      returned: where the service tells
    product_id:
      description: The vendor's id of what was bought.
      type: str
      returned: where the service tells
    create_time:
      description: When it was created, in UTC.
      type: str
      returned: where the service tells
    update_time:
      description: When it was last changed, in UTC.
      type: str
      returned: where the service tells
    access_infos:
      description: Where it can be reached, one entry for each way of access.
      type: list
      elements: dict
      returned: in full
      contains:
        type: {description: 'Way of access, such as V(ADB).', type: str, returned: always}
        device_ip: {description: Address of the device., type: str, returned: always}
        phone_ip: {description: Address of the phone., type: str, returned: always}
        server_ip: {description: Address of the server., type: str, returned: always}
        listen_port: {description: Port that the phone listens on., type: int, returned: always}
        access_port: {description: Port to connect to., type: int, returned: always}
        public_ip: {description: Public address to connect to., type: str, returned: always}
        intranet_ip: {description: Address to connect to inside of the network., type: str, returned: always}
      sample:
        - type: ADB
          device_ip: 192.0.2.10
          phone_ip: 10.237.0.62
          server_ip: 10.237.0.61
          listen_port: 5555
          access_port: 15555
          public_ip: 198.51.100.10
          intranet_ip: 10.237.0.61
    imei:
      description: Its equipment number.
      type: str
      returned: with O(include_identifiers)
    properties:
      description: Its properties, such as the number of its SIM card. What is no JSON object is in V(raw), as it came.
      type: raw
      returned: with O(include_identifiers), in full
  sample:
    - id: 1678567b8bab40f93711234cb80d0123
      name: phones-0001-00001
      server_id: a176d8625981453bbafbc0a321d8d6a1
      phone_model_name: rx1.cp.c60.d10.e1v1
      status: 2
      state: running
      vnc_enabled: true
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
    code: not_found
    http_status: 404
    operation: show_phone
    message: The phone does not exist. [CPS.0005]
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.panel_module import PanelModule
from ..module_utils._huaweicloud.argspec import CONNECTION
from ..module_utils._huaweicloud.panel import HUAWEICLOUD
from ..module_utils._huaweicloud.resources.phone import PHONE_INFO_OPTIONS, PhoneInfo

ARGUMENTS = CONNECTION + PHONE_INFO_OPTIONS

MODULE = PanelModule(HUAWEICLOUD, PhoneInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
