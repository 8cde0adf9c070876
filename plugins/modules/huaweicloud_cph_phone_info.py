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
  - Reads cloud phones, by phone, by server, or all of a region and project.
  - The list lacks the addresses and the data volume of a phone. O(details) reads each phone in full, with
    one more request per phone and eight requests at a time.
  - Properties that identify the user of a phone are returned only with O(include_identifiers).
  - An empty list in an option matches no phone.
options:
  phone_ids:
    description:
      - IDs of the phones to read in full. The task fails if one does not exist.
      - At most one of O(phone_ids) and O(phone_names) may be set. O(phone_ids) is also mutually exclusive with
        O(server_ids) and O(server_names).
    type: list
    elements: str
    aliases: [phone_id]
  phone_names:
    description:
      - Exact names of the phones to read. The task fails if one does not exist or if several phones
        have it. With O(server_ids) or O(server_names), only the phones on these servers are searched.
    type: list
    elements: str
    aliases: [phone_name]
  server_ids:
    description:
      - Read only phones on the servers with these IDs. Each server costs a request.
      - At most one of O(server_ids) and O(server_names) may be set.
    type: list
    elements: str
    aliases: [server_id]
  server_names:
    description:
      - Read only phones on the servers with these exact names. The task fails if a server does not
        exist or if several servers have its name.
    type: list
    elements: str
    aliases: [server_name]
  states:
    description:
      - Read only phones in these states.
      - V(unknown) is a status that the vendor does not document.
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
      - Whether to read each listed phone in full.
    type: bool
    default: false
  include_identifiers:
    description:
      - Whether to return RV(phones[].imei), RV(phones[].custom_property) and RV(phones[].properties).
        They can hold the numbers of the device and of the SIM card, and a phone number.
      - If they belong to a person, they are personal data. Set C(no_log) to keep them out of logs.
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

- name: Find the phones that failed
  vpsfleet.panels.huaweicloud_cph_phone_info:
    region: cn-north-4
    states: [abnormal, reset_failed, restart_failed, create_failed, stop_failed]

- name: Read the addresses of one phone
  vpsfleet.panels.huaweicloud_cph_phone_info:
    region: cn-north-4
    phone_id: 109979e817996696299080da536806b3
"""

RETURN = r"""
phones:
  description:
    - The phones, in the order of the option that names them, or in the order of the service.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The ID of the phone.
      type: str
      returned: always
    name:
      description: The name of the phone.
      type: str
      returned: always
    server_id:
      description: The ID of the server of the phone.
      type: str
      returned: if the service sends it
    phone_model_name:
      description: The phone flavor.
      type: str
      returned: if the service sends it
    status:
      description: The vendor's number of the status.
      type: int
      returned: always
    state:
      description: The status as a word, see O(states).
      type: str
      returned: always
    type:
      description: The vendor's number of the type.
      type: int
      returned: if the service sends it
    image_id:
      description: The ID of the image.
      type: str
      returned: if the service sends it
    image_version:
      description: The version of the image.
      type: str
      returned: if the service sends it
    vnc_enabled:
      description: Whether VNC is enabled.
      type: bool
      returned: if the service sends it
    traffic_type:
      description: The type of network traffic, such as V(direct) or V(routing).
      type: str
      returned: if the service sends it
    volume_mode:
      description: The vendor's number for shared or separate storage.
      type: int
      returned: if the service sends it
    encrypted:
      description: Whether the storage is encrypted.
      type: bool
      returned: if the service sends it
    availability_zone:
      description: The availability zone.
      type: str
      returned: if the service sends it
    order_id:
      description: The ID of the purchase order of the server.
      type: str
      returned: if the service sends it
    product_id:
      description: The vendor's ID of the purchased product.
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
    access_infos:
      description: The addresses of the phone, one entry for each way of access.
      type: list
      elements: dict
      returned: if the phone is read in full
      contains:
        type: {description: 'The way of access, such as V(ADB).', type: str, returned: always}
        device_ip: {description: The address of the device. Deprecated by the vendor., type: str, returned: always}
        phone_ip: {description: The address of the phone., type: str, returned: always}
        server_ip: {description: The address of the server., type: str, returned: always}
        listen_port: {description: The port on which the phone listens., type: int, returned: always}
        access_port: {description: The port to connect to., type: int, returned: always}
        public_ip: {description: The public address to connect to., type: str, returned: always}
        access_ip: {description: The former public address. Deprecated by the vendor., type: str, returned: always}
        intranet_ip: {description: The former private address. Deprecated by the vendor., type: str, returned: always}
      sample:
        - type: ADB
          device_ip: 192.0.2.10
          phone_ip: 10.237.0.62
          server_ip: 10.237.0.61
          listen_port: 5555
          access_port: 15555
          public_ip: 198.51.100.10
          access_ip: 198.51.100.10
          intranet_ip: 10.237.0.61
    data_volume:
      description: The data volume of the phone. Null if it has none.
      type: dict
      returned: if the phone is read in full
      contains:
        type: {description: The type of the volume., type: str, returned: always}
        size: {description: The size in GB., type: int, returned: always}
      sample:
        type: GPSSD
        size: 10
    imei:
      description: The equipment number (IMEI).
      type: str
      returned: with O(include_identifiers)
    custom_property:
      description: The custom properties. Text that is not a JSON object is under V(raw).
      type: raw
      returned: with O(include_identifiers), if the service sends it
    properties:
      description: The properties, such as the number of the SIM card. Text that is not a JSON object is under V(raw).
      type: raw
      returned: with O(include_identifiers), if the phone is read in full
  sample:
    - id: 1678567b8bab40f93711234cb80d0123
      name: phones-0001-00001
      server_id: a176d8625981453bbafbc0a321d8d6a1
      phone_model_name: rx1.cp.c60.d10.e1v1
      status: 2
      state: running
      vnc_enabled: true
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
    operation: show_phone
    message: The phone does not exist. [CPS.0005]
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._huaweicloud.argspec import CONNECTION
from ..module_utils._huaweicloud.panel import HUAWEICLOUD
from ..module_utils._huaweicloud.resources.phone import PHONE_INFO_OPTIONS, PhoneInfo

ARGUMENTS = CONNECTION + PHONE_INFO_OPTIONS

MODULE = PanelModule(HUAWEICLOUD, PhoneInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
