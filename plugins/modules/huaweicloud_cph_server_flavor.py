#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: huaweicloud_cph_server_flavor
short_description: Change the flavor of a cloud phone server of Huawei Cloud
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Changes the server flavor of a server of Cloud Phone Host together with its phone flavor.
  - If the server has another flavor, the module B(places an order, which may cost money). An upgrade
    costs the difference. The vendor refunds a downgrade automatically.
  - An order is sent once. It is never repeated after a lost response, a timeout or an error of the
    service, because a second order may be a second bill.
  - A change takes about two minutes. The module waits until the server shows both flavors.
  - The vendor does not document what a change does to the phones - whether they restart, how long they
    are unavailable, and whether they keep their data. Back up first.
  - To change many servers, use M(vpsfleet.panels.huaweicloud_cph_server_flavors).
options:
  server_id:
    description:
      - The ID of the server. Exactly one of O(server_id) and O(server_name) must be set.
    type: str
  server_name:
    description:
      - The exact name of the server. The task fails if several servers have it.
      - The vendor appends a number to the name given in a purchase.
    type: str
  server_model_name:
    description:
      - The name of the server flavor, such as V(physical.rx1.xlarge.special).
      - The vendor changes flavors only within one generation of servers.
    type: str
    required: true
  phone_model_name:
    description:
      - The name of the phone flavor. It must belong to O(server_model_name), and be for as many phones as
        the server has.
    type: str
    required: true
  auto_pay:
    description:
      - Whether to pay the order at once, from the balance of the account.
      - B(An unpaid order changes nothing.) If V(false), an upgrade is ordered and waits for its payment in
        the console. The task then returns RV(ordered=true), RV(order_id) and RV(pending_payment).
      - If V(true) and the order is not paid, for example because the balance does not cover it, the task
        fails. An order counts as not paid if three reads in a row, O(wait_interval) apart, show it unpaid,
        also with O(wait=false).
    type: bool
    default: false
  ignore_open_orders:
    description:
      - Whether to order although another order is open that may be for the same server.
      - An order does not name its server. Without this option, the module orders nothing while any order
        is open that changes a cloud phone server of the account, or while open orders cannot be read. They
        can be read only if O(bss_endpoint) is set.
      - If V(true), make sure that no order for the server is open, or the server is ordered twice.
    type: bool
    default: false
  precheck:
    description:
      - What to do if the vendor's lists contradict the change - the two flavors are not listed as a
        pair, they are for another number of phones, or the server is not in the state V(normal).
      - V(strict) fails before the order. V(warn) warns and leaves the decision to the vendor; use it for
        private flavors, which are on no list. V(none) does not read the lists.
      - Price, stock and the vendor's private rules cannot be checked. The vendor offers no trial run.
    type: str
    choices: [strict, warn, none]
    default: strict
  wait:
    description:
      - Whether to wait until the server shows its flavor. An order that waits for its payment, or may do
        so, is not waited for.
      - Also whether to wait for other open orders that end by themselves, before the order is placed.
    type: bool
    default: true
  wait_timeout:
    description:
      - Maximum time in seconds to wait for other open orders, and again for the change.
    type: int
    default: 900
  wait_interval:
    description:
      - Seconds between two reads of the server and its order, at least 1.
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
      - If the server has the flavor, nothing is ordered. While an order is unpaid the server shows its old
        flavor; the open order then prevents a second one, unless O(ignore_open_orders) is set.
notes:
  - Requires the permission C(cph:servers:changeType), the permissions to read servers, phones and flavors,
    and C(billing:order:view) on the account to read orders.
seealso:
  - module: vpsfleet.panels.huaweicloud_cph_server_flavors
  - module: vpsfleet.panels.huaweicloud_cph_server_info
  - module: vpsfleet.panels.huaweicloud_cph_phone_model_info
"""

EXAMPLES = r"""
- name: Change the flavor of a server and pay at once
  vpsfleet.panels.huaweicloud_cph_server_flavor:
    region: cn-north-4
    bss_endpoint: https://bss.myhuaweicloud.com
    access_key: "{{ vault_huaweicloud_access_key }}"
    secret_key: "{{ vault_huaweicloud_secret_key }}"
    server_id: 0d35f858c43c5e91ed6433ea0f712cd2
    server_model_name: physical.rx1.xlarge.special
    phone_model_name: rx1.cp.sp.c6.d12.e6v6
    auto_pay: true

- name: Place the order and leave the payment to somebody else
  vpsfleet.panels.huaweicloud_cph_server_flavor:
    region: cn-north-4
    bss_endpoint: https://bss.myhuaweicloud.com
    server_name: phones-0001
    server_model_name: physical.rx1.xlarge.special
    phone_model_name: rx1.cp.sp.c6.d12.e6v6
  register: change

- name: Show the order to pay
  ansible.builtin.debug:
    msg: "Pay order {{ change.order_id }} until {{ change.pay_until }}"
  when: change.ordered and change.pending_payment
"""

RETURN = r"""
server:
  description:
    - The server after the task. In check mode, as expected.
    - It has the keys of RV(vpsfleet.panels.huaweicloud_cph_server_info#module:servers).
  returned: success, and on failure after an order
  type: dict
  contains:
    id: {description: The ID of the server., type: str, returned: always}
    name: {description: The name of the server. Not unique., type: str, returned: always}
    server_model_name: {description: The server flavor., type: str, returned: always}
    phone_model_name: {description: The phone flavor., type: str, returned: always}
    status: {description: The vendor's number of the status., type: int, returned: always}
    state:
      description: The status as a word, see O(vpsfleet.panels.huaweicloud_cph_server_info#module:states).
      type: str
      returned: always
    availability_zone: {description: The availability zone., type: str, returned: if the service sends it}
    keypair_name: {description: The name of the key pair for access., type: str, returned: if the service sends it}
    charging_mode:
      description: V(yearly_monthly), V(on_demand) or V(unknown).
      type: str
      returned: if the service sends it
    order_id: {description: The ID of the purchase order., type: str, returned: if the service sends it}
    product_id: {description: The vendor's ID of the purchased product., type: str, returned: if the service sends it}
    network_version:
      description: V(v1) for a network of the service, V(v2) for a network of the customer.
      type: str
      returned: if the service sends it
    vpc_id:
      description: The ID of the VPC. With V(v1) it is the service's own.
      type: str
      returned: if the service sends it
    vpc_cidr: {description: The CIDR of the VPC., type: str, returned: if the service sends it}
    subnet_id: {description: The ID of the subnet., type: str, returned: if the service sends it}
    subnet_cidr: {description: The CIDR of the subnet., type: str, returned: if the service sends it}
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
    resource_project_id:
      description: The ID of the service's own project, for VPC peering. Not the O(project_id).
      type: str
      returned: if the service sends it
    enterprise_project_id:
      description: The ID of the enterprise project.
      type: str
      returned: if the service sends it
    create_time: {description: 'The time of creation, in UTC.', type: str, returned: if the service sends it}
    update_time: {description: 'The time of the last change, in UTC.', type: str, returned: if the service sends it}
    bandwidths:
      description: The bandwidths. V(size) is in Mbit/s.
      type: list
      elements: dict
      returned: if the server is read in full
      contains:
        id: {description: ID of the bandwidth., type: str, returned: always}
        name: {description: Name of the bandwidth., type: str, returned: always}
        size: {description: Size in Mbit/s., type: int, returned: always}
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
    id: a176d8625981453bbafbc0a321d8d6a1
    name: phones-0001
    server_model_name: physical.rx1.xlarge.special
    phone_model_name: rx1.cp.sp.c105.d8.e5v5
    status: 5
    state: normal
    addresses: []
    bandwidths: []
    volumes: []
phone_model:
  description:
    - The desired pair of flavors, with the keys of
      RV(vpsfleet.panels.huaweicloud_cph_phone_model_info#module:phone_models).
    - Null if the server has the flavor, if the lists were not read, and if the pair is not listed.
  returned: success
  type: dict
  contains:
    server_model_name: {description: Name of the server flavor., type: str, returned: always}
    phone_model_name: {description: Name of the phone flavor., type: str, returned: always}
    phone_capacity: {description: The number of phones on one server., type: int, returned: if the service sends it}
    for_sale:
      description: Whether the pair can be bought. A withdrawn pair cannot.
      type: bool
      returned: if the service sends it
    cpu: {description: CPU cores of a phone., type: int, returned: if the service sends it}
    memory: {description: Memory of a phone in MB., type: int, returned: if the service sends it}
    disk: {description: Storage of a phone in GB., type: int, returned: if the service sends it}
    resolution:
      description: Resolution of the screen, such as V(720x1280).
      type: str
      returned: if the service sends it
    dpi: {description: Dots per inch of the screen., type: int, returned: if the service sends it}
    fps: {description: 'Frames per second, as the vendor writes it.', type: str, returned: if the service sends it}
    render_fps: {description: Rendered frames per second., type: int, returned: if the service sends it}
    stream_fps: {description: Streamed frames per second., type: int, returned: if the service sends it}
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
    spec_code: {description: The vendor's product code., type: str, returned: if the service sends it}
    extend_spec:
      description: Further properties, as the vendor names them.
      type: raw
      returned: if the service sends it
  sample:
    server_model_name: physical.rx1.xlarge.special
    phone_model_name: rx1.cp.sp.c105.d8.e5v5
    phone_capacity: 105
    for_sale: true
changes:
  description: One row for the server flavor and one for the phone flavor.
  returned: success, and on failure after an order, or if O(precheck) refuses it
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
      description: The flavor before the task.
      type: str
      returned: always
    desired:
      description: The flavor that the task asks for.
      type: str
      returned: always
    after:
      description: The flavor that the server showed last. In check mode, the expected one.
      type: str
      returned: always
    outcome:
      description:
        - V(changed), or V(refused) if an open order prevented an order.
        - V(unchanged) if the server had the flavor or got it from another order, or if it is ordered and not
          changed yet.
      type: str
      returned: always
    message:
      description:
        - Why the server does not have the flavor, what speaks against it, or that another order has set it. Null
          otherwise.
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
refused:
  description: The rows of RV(changes) with the outcome V(refused).
  returned: success, and on failure after an order
  type: list
  elements: dict
  contains:
    field: {description: V(server_model_name) or V(phone_model_name)., type: str, returned: always}
    unit: {description: Always null., type: str, returned: always}
    before: {description: The flavor before the task., type: str, returned: always}
    desired: {description: The flavor that the task asks for., type: str, returned: always}
    after: {description: The flavor that the server showed last., type: str, returned: always}
    outcome: {description: V(refused)., type: str, returned: always}
    message: {description: Why nothing was ordered., type: str, returned: always}
  sample: []
ordered:
  description:
    - Whether the task placed an order and the server does not show the flavor - the order waits for its
      payment, or O(wait=false).
    - The task then reports C(changed), because the order exists.
  returned: success
  type: bool
  sample: false
order_id:
  description: The ID of the order that the task placed, or of the one open order that prevented it. Null otherwise.
  returned: success, and on failure after an order
  type: str
  sample: CS1710111105S8IPB
order_state:
  description:
    - The state of that order when it was read last - V(pending_approval), V(pending_refund), V(processing),
      V(cancelled), V(completed), V(pending_payment), V(pending_confirmation) or V(shipping).
    - V(unknown) if the order was not read, or has a status that the vendor does not document. Null without
      an order.
  returned: success, and on failure after an order
  type: str
  sample: processing
pending_payment:
  description: Whether an order waits for its payment. Null without an order, or if orders cannot be read.
  returned: success, and on failure after an order
  type: bool
  sample: false
pay_until:
  description: The deadline of the payment. Null if it is unknown.
  returned: success, and on failure after an order
  type: str
  sample: "2026-01-02T00:00:00Z"
open_orders:
  description: IDs of the open orders that prevented an order, see O(ignore_open_orders).
  returned: success, and on failure after an order
  type: list
  elements: str
  sample: []
orders_readable:
  description:
    - Whether the orders of the account can be read, as far as the task tried. It does not try if the
      server has the flavor.
    - V(false) without O(bss_endpoint), and if the order service refuses or does not respond.
  returned: success, and on failure after an order
  type: bool
  sample: true
product_id:
  description: The vendor's ID of the ordered product. Null without an order.
  returned: success, and on failure after an order
  type: str
  sample: 00301-25217-0--0
request_id:
  description: The service's ID of the request that placed the order, for the vendor's support.
  returned: success, and on failure after an order
  type: str
  sample: 1564567b8bab40f34711234cb80d8574
gateway_request_id:
  description: The gateway's ID of the same request.
  returned: success, and on failure after an order
  type: str
  sample: 0f2d3b5e1c7a4d6f8b9a0c1d2e3f4a5b
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
    read: 8
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
    code: wait_timeout
    http_status: null
    operation: null
    message: after 900 s it still has its old flavor
    retryable: false
    partial: true
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
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
