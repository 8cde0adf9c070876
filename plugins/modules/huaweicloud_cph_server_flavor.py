#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: huaweicloud_cph_server_flavor
short_description: Change the flavor of cloud phone servers of Huawei Cloud
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Gives a server of Cloud Phone Host another server flavor and the phone flavor that goes with it.
  - A server that has both is left alone. For one that has not, B(an order is placed, which may cost
    money). An upgrade costs extra; a downgrade is refunded by the vendor without further ado.
  - An order is sent once. It is never repeated after an answer that was lost, a timeout or an error
    of the service, since a second order could be a second bill.
  - The vendor takes about two minutes. The module waits until the server shows both flavors and is
    normal.
  - What a change does to the phones - their data, a restart, the time they are away - is not
    documented by the vendor. Back up what matters before.
options:
  server_id:
    description:
      - Id of the server. Exactly one of O(server_id), O(server_name) and O(server_ids) must be set.
    type: str
  server_name:
    description:
      - Name of the server, to the letter. The task fails if several servers have it.
      - The vendor adds a number to the name that a server is bought by.
    type: str
  server_ids:
    description:
      - Ids of several servers that are all to be on the flavor.
      - All are read and checked before the first order is placed. Then each that differs gets an
        order of its own, one after another, and all are waited for together. An order that fails
        is the last one; RV(servers) tells how far each server came.
    type: list
    elements: str
  server_model_name:
    description:
      - Name of the server flavor, such as V(physical.rx1.xlarge.special).
      - The vendor changes flavors only within one generation of servers.
    type: str
    required: true
  phone_model_name:
    description:
      - Name of the phone flavor, which must belong to O(server_model_name) and be for as many phones
        as the server has.
    type: str
    required: true
  auto_pay:
    description:
      - Whether an order is paid at once, from the balance of the account.
      - B(An order that is not paid changes nothing.) With V(false) the module places it and returns
        RV(order_id) with RV(pending_payment); somebody has to pay in the console before the server
        gets its flavor. What costs nothing extra needs no payment.
    type: bool
    default: false
  ignore_open_orders:
    description:
      - Whether to place an order although an earlier one is open that may be for the same server.
      - With O(bss_endpoint) the module reads the orders that change cloud phone servers and are not
        yet carried out. An order does not tell its server, so any of them keeps the module from
        placing another one. Without O(bss_endpoint) nothing is known of open orders. Do not run the
        task again then before an unpaid order has been paid and carried out, or cancelled.
    type: bool
    default: false
  precheck:
    description:
      - What to do when the vendor's lists speak against the change - the two flavors are not listed
        as a pair, they are for another number of phones, or the server is not in the state V(normal).
      - V(strict) fails before anything is ordered. V(warn) warns and leaves the decision to the
        vendor, which is for flavors of your own that are on no list. V(none) does not read the lists.
      - Price, stock, and the vendor's private rules cannot be checked. There is no trial run.
    type: str
    choices: [strict, warn, none]
    default: strict
  wait:
    description:
      - Whether to wait until the servers show their flavor.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait, for all servers together.
    type: int
    default: 900
  wait_interval:
    description:
      - Seconds between two looks at a server.
    type: int
    default: 10
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.huaweicloud
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.huaweicloud_group
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - A server that shows the flavor is left alone. While an order is unpaid the server shows its
        old flavor; only with O(bss_endpoint) is a second order kept back then.
notes:
  - The permission C(cph:servers:changeType) is needed, and those to read servers, phones and flavors.
    Reading orders needs C(billing:order:view) on the account.
seealso:
  - module: vpsfleet.panels.huaweicloud_cph_server_info
  - module: vpsfleet.panels.huaweicloud_cph_phone_model_info
"""

EXAMPLES = r"""
- name: Change the flavor of a server and pay at once
  vpsfleet.panels.huaweicloud_cph_server_flavor:
    region: cn-north-4
    access_key: "{{ vault_huaweicloud_access_key }}"
    secret_key: "{{ vault_huaweicloud_secret_key }}"
    server_id: 0d35f858c43c5e91ed6433ea0f712cd2
    server_model_name: physical.rx1.xlarge.special
    phone_model_name: rx1.cp.sp.c6.d12.e6v6
    auto_pay: true

- name: Place the order, and leave the payment to somebody else
  vpsfleet.panels.huaweicloud_cph_server_flavor:
    region: cn-north-4
    bss_endpoint: https://bss.myhuaweicloud.com
    server_name: phones-0001
    server_model_name: physical.rx1.xlarge.special
    phone_model_name: rx1.cp.sp.c6.d12.e6v6
  register: change

- name: Say what has to be paid
  ansible.builtin.debug:
    msg: "Please pay order {{ change.order_id }} until {{ change.pay_until }}"
  when: change.pending_payment

- name: Change several servers, and wait for all of them together
  vpsfleet.panels.huaweicloud_cph_server_flavor:
    region: cn-north-4
    server_ids: "{{ phone_servers | map(attribute='id') }}"
    server_model_name: physical.rx1.xlarge.special
    phone_model_name: rx1.cp.sp.c6.d12.e6v6
    auto_pay: true
    wait_timeout: 1800
"""

RETURN = r"""
server:
  description:
    - The server after the task; in check mode as it is expected to be.
    - What C(huaweicloud_cph_server_info) returns.
  returned: with O(server_id) or O(server_name)
  type: dict
  contains:
    id: {description: Id of the server., type: str, returned: always}
    name: {description: Name of the server; not unique., type: str, returned: always}
    server_model_name: {description: Its server flavor., type: str, returned: always}
    phone_model_name: {description: The flavor of its phones., type: str, returned: always}
    status: {description: Its status as the vendor numbers it., type: int, returned: always}
    state:
      description: The status in a word, see O(vpsfleet.panels.huaweicloud_cph_server_info#module:states).
      type: str
      returned: always
    availability_zone: {description: Its availability zone., type: str, returned: where the service tells}
    keypair_name: {description: Name of the key pair that opens it., type: str, returned: where the service tells}
    charging_mode:
      description: V(yearly_monthly), V(on_demand) or V(unknown).
      type: str
      returned: where the service tells
    order_id: {description: Id of the order that it was bought with., type: str, returned: where the service tells}
    product_id: {description: The vendor's id of what was bought., type: str, returned: where the service tells}
    network_version:
      description: V(v1) for a network of the service, V(v2) for one of your own.
      type: str
      returned: where the service tells
    vpc_id:
      description: Id of its VPC - the service's with V(v1), yours with V(v2).
      type: str
      returned: where the service tells
    vpc_cidr: {description: Addresses of the VPC., type: str, returned: where the service tells}
    subnet_id: {description: Id of its subnet., type: str, returned: where the service tells}
    subnet_cidr: {description: Addresses of the subnet., type: str, returned: where the service tells}
    addresses:
      description:
        - Its addresses, V(server_ip) and V(public_ip) of each.
        - For a server in a network of your own the list is empty, unless it is read in full.
      type: list
      elements: dict
      returned: where the service tells
      contains:
        server_ip: {description: Address inside of the network., type: str, returned: always}
        public_ip: {description: 'Public address, null if there is none.', type: str, returned: always}
    resource_project_id:
      description: Id of the service's own project. Only of use for VPC peering; not the O(project_id).
      type: str
      returned: where the service tells
    enterprise_project_id: {description: Id of its enterprise project., type: str, returned: where the service tells}
    create_time: {description: 'When it was created, in UTC.', type: str, returned: where the service tells}
    update_time: {description: 'When it was last changed, in UTC.', type: str, returned: where the service tells}
    bandwidths:
      description: Its bandwidths; V(size) is in Mbit/s.
      type: list
      elements: dict
      returned: in full
      contains:
        id: {description: ID of the bandwidth., type: str, returned: always}
        name: {description: Name of the bandwidth., type: str, returned: always}
        size: {description: Size in Mbit/s., type: int, returned: always}
    volumes:
      description: Its volumes; V(size) is in GB.
      type: list
      elements: dict
      returned: in full
      contains:
        id: {description: ID of the volume., type: str, returned: always}
        name: {description: Name of the volume., type: str, returned: always}
        type: {description: Type of the volume., type: str, returned: always}
        size: {description: Size in GB., type: int, returned: always}
    share_volume_type: {description: Type of the volume that its phones share., type: str, returned: in full}
    share_volume_size: {description: 'Size of the volume that its phones share, in GB.', type: int, returned: in full}
    security_groups: {description: Ids of its security groups., type: list, elements: str, returned: in full}
  sample:
    id: a176d8625981453bbafbc0a321d8d6a1
    name: phones-0001
    server_model_name: physical.rx1.xlarge.special
    phone_model_name: rx1.cp.sp.c105.d8.e5v5
    status: 5
    state: normal
    addresses: []
    bandwidths: []
    volumes: []
server_before:
  description: The server before the task.
  returned: with O(server_id) or O(server_name)
  type: dict
  contains:
    id: {description: Id of the server., type: str, returned: always}
    name: {description: Name of the server; not unique., type: str, returned: always}
    server_model_name: {description: Its server flavor., type: str, returned: always}
    phone_model_name: {description: The flavor of its phones., type: str, returned: always}
    status: {description: Its status as the vendor numbers it., type: int, returned: always}
    state:
      description: The status in a word, see O(vpsfleet.panels.huaweicloud_cph_server_info#module:states).
      type: str
      returned: always
    availability_zone: {description: Its availability zone., type: str, returned: where the service tells}
    keypair_name: {description: Name of the key pair that opens it., type: str, returned: where the service tells}
    charging_mode:
      description: V(yearly_monthly), V(on_demand) or V(unknown).
      type: str
      returned: where the service tells
    order_id: {description: Id of the order that it was bought with., type: str, returned: where the service tells}
    product_id: {description: The vendor's id of what was bought., type: str, returned: where the service tells}
    network_version:
      description: V(v1) for a network of the service, V(v2) for one of your own.
      type: str
      returned: where the service tells
    vpc_id:
      description: Id of its VPC - the service's with V(v1), yours with V(v2).
      type: str
      returned: where the service tells
    vpc_cidr: {description: Addresses of the VPC., type: str, returned: where the service tells}
    subnet_id: {description: Id of its subnet., type: str, returned: where the service tells}
    subnet_cidr: {description: Addresses of the subnet., type: str, returned: where the service tells}
    addresses:
      description:
        - Its addresses, V(server_ip) and V(public_ip) of each.
        - For a server in a network of your own the list is empty, unless it is read in full.
      type: list
      elements: dict
      returned: where the service tells
      contains:
        server_ip: {description: Address inside of the network., type: str, returned: always}
        public_ip: {description: 'Public address, null if there is none.', type: str, returned: always}
    resource_project_id:
      description: Id of the service's own project. Only of use for VPC peering; not the O(project_id).
      type: str
      returned: where the service tells
    enterprise_project_id: {description: Id of its enterprise project., type: str, returned: where the service tells}
    create_time: {description: 'When it was created, in UTC.', type: str, returned: where the service tells}
    update_time: {description: 'When it was last changed, in UTC.', type: str, returned: where the service tells}
    bandwidths:
      description: Its bandwidths; V(size) is in Mbit/s.
      type: list
      elements: dict
      returned: in full
      contains:
        id: {description: ID of the bandwidth., type: str, returned: always}
        name: {description: Name of the bandwidth., type: str, returned: always}
        size: {description: Size in Mbit/s., type: int, returned: always}
    volumes:
      description: Its volumes; V(size) is in GB.
      type: list
      elements: dict
      returned: in full
      contains:
        id: {description: ID of the volume., type: str, returned: always}
        name: {description: Name of the volume., type: str, returned: always}
        type: {description: Type of the volume., type: str, returned: always}
        size: {description: Size in GB., type: int, returned: always}
    share_volume_type: {description: Type of the volume that its phones share., type: str, returned: in full}
    share_volume_size: {description: 'Size of the volume that its phones share, in GB.', type: int, returned: in full}
    security_groups: {description: Ids of its security groups., type: list, elements: str, returned: in full}
  sample:
    id: a176d8625981453bbafbc0a321d8d6a1
    name: phones-0001
    server_model_name: physical.rx1.xlarge
    phone_model_name: rx1.cp.c105.d8.e5v5
    status: 5
    state: normal
    addresses: []
    bandwidths: []
    volumes: []
phone_model:
  description:
    - The wanted pair of flavors, with what each phone then has and how many there are. What
      C(huaweicloud_cph_phone_model_info) returns.
    - Null where nothing differs, where the lists were not read, and for a pair that is not listed.
  returned: with O(server_id) or O(server_name)
  type: dict
  contains:
    server_model_name: {description: Name of the server flavor., type: str, returned: always}
    phone_model_name: {description: Name of the phone flavor., type: str, returned: always}
    phone_capacity: {description: How many phones are on one server., type: int, returned: where the service tells}
    for_sale:
      description: Whether the pair can be bought; a withdrawn one cannot.
      type: bool
      returned: where the service tells
    cpu: {description: CPU cores of a phone., type: int, returned: where the service tells}
    memory: {description: Memory of a phone in MB., type: int, returned: where the service tells}
    disk: {description: Storage of a phone in GB., type: int, returned: where the service tells}
    resolution:
      description: Resolution of the screen, such as V(720x1280).
      type: str
      returned: where the service tells
    dpi: {description: Dots per inch of the screen., type: int, returned: where the service tells}
    fps: {description: 'Frames per second, as the vendor writes them.', type: str, returned: where the service tells}
    render_fps: {description: Frames per second that are drawn., type: int, returned: where the service tells}
    stream_fps: {description: Frames per second that are sent., type: int, returned: where the service tells}
    image_label:
      description: The images that fit, such as V(cloud_phone).
      type: str
      returned: where the service tells
    product_type:
      description: What it is for - V(phone), V(gaming) or V(unknown).
      type: str
      returned: where the service tells
    phone_model_version:
      description: Version of the flavor, as the vendor numbers it.
      type: int
      returned: where the service tells
    volume_mode:
      description: Whether the storage is shared or each phone's own, as the vendor numbers it.
      type: int
      returned: where the service tells
    spec_code: {description: The vendor's code of what is bought., type: str, returned: where the service tells}
    extend_spec:
      description: Further properties, in the vendor's words.
      type: raw
      returned: where the service tells
  sample:
    server_model_name: physical.rx1.xlarge.special
    phone_model_name: rx1.cp.sp.c105.d8.e5v5
    phone_capacity: 105
    for_sale: true
changes:
  description: One row for the server flavor and one for the phone flavor.
  returned: with O(server_id) or O(server_name)
  type: list
  elements: dict
  contains:
    field:
      description: V(server_model_name) or V(phone_model_name).
      type: str
      returned: always
    unit:
      description: Always null.
      type: str
      returned: always
    before:
      description: The server's flavor before the task.
      type: str
      returned: always
    desired:
      description: The flavor that is asked for.
      type: str
      returned: always
    after:
      description: The flavor that the server showed last; in check mode the expected one.
      type: str
      returned: always
    outcome:
      description: V(changed), or V(unchanged) for what was right before or is only ordered.
      type: str
      returned: always
    message:
      description: Why a value that differs is not there yet, null otherwise.
      type: str
      returned: always
  sample:
    - field: server_model_name
      unit: null
      before: physical.rx1.xlarge
      desired: physical.rx1.xlarge.special
      after: physical.rx1.xlarge.special
      outcome: changed
      message: null
order_id:
  description:
    - Id of the order that was placed, or of the one that is open; null where there is none, or where
      there are several.
  returned: with O(server_id) or O(server_name)
  type: str
  sample: CS1710111105S8IPB
order_state:
  description:
    - State of the order, such as V(pending_payment), V(processing), V(completed) or V(cancelled).
    - V(unknown) where orders cannot be read, null where there is none.
  returned: with O(server_id) or O(server_name)
  type: str
  sample: completed
pending_payment:
  description:
    - Whether an order waits for its payment.
    - Where orders cannot be read it is V(true) after every order with O(auto_pay=false) that the server
      does not show at once.
  returned: with O(server_id) or O(server_name)
  type: bool
  sample: false
pay_until:
  description: Until when the order can be paid; null where that is not known.
  returned: with O(server_id) or O(server_name)
  type: str
  sample: "2026-01-02T00:00:00Z"
open_orders:
  description: Orders that kept the module from placing one, see O(ignore_open_orders).
  returned: with O(server_id) or O(server_name)
  type: list
  elements: str
  sample: []
orders_readable:
  description:
    - Whether the orders of the account can be read, as far as the task has tried. It does not try
      where nothing differs.
    - V(false) without O(bss_endpoint), and where the service refuses or does not answer. Then an
      order that waits for its payment is not seen, and the next run would place another one.
  returned: always, but for a mistake in the options
  type: bool
  sample: true
product_id:
  description: The vendor's id of what was ordered; null where nothing was.
  returned: with O(server_id) or O(server_name)
  type: str
  sample: 00301-25217-0--0
request_id:
  description: The service's id of the request that placed the order, for the vendor's support.
  returned: with O(server_id) or O(server_name)
  type: str
  sample: 1564567b8bab40f34711234cb80d8574
gateway_request_id:
  description: The gateway's id of the same request.
  returned: with O(server_id) or O(server_name)
  type: str
  sample: 0f2d3b5e1c7a4d6f8b9a0c1d2e3f4a5b
servers:
  description:
    - One result per server, in the order of O(server_ids), with the keys above and C(changed).
    - After a failure too, so that no order is forgotten.
  returned: with O(server_ids)
  type: list
  elements: dict
  contains:
    changed: {description: Whether the task changed the server., type: bool, returned: always}
    order_id: {description: 'ID of the order, null if none was placed.', type: str, returned: always}
    pending_payment: {description: Whether the order waits for its payment., type: bool, returned: always}
  sample:
    - changed: true
      order_id: CS1710111105S8IPB
      pending_payment: false
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
    read: 8
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
    code: wait_timeout
    http_status: null
    operation: null
    message: after 900 s it still has its old flavor
    retryable: false
    partial: true
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.panel_module import PanelModule
from ..module_utils._huaweicloud.argspec import CONNECTION
from ..module_utils._huaweicloud.panel import HUAWEICLOUD
from ..module_utils._huaweicloud.resources.server_flavor import (
    SERVER_FLAVOR_OPTIONS,
    ServerFlavor,
)

ARGUMENTS = CONNECTION + SERVER_FLAVOR_OPTIONS

MODULE = PanelModule(HUAWEICLOUD, ServerFlavor, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
