# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The records of the state, which the control path shows and changes.

Times are `YYYY-MM-DDTHH:MM:SSZ` by the virtual clock unless noted otherwise. Values that no answer shows are marked
*internal*.
"""

from __future__ import annotations

from typing import Any, TypedDict


class Server(TypedDict):
    """`cph_servers`, by server id."""

    server_id: str
    server_name: str
    project_id: str
    """Internal: the project that owns it."""
    availability_zone: str
    server_model_name: str
    phone_model_name: str
    keypair_name: str
    status: int
    """5 normal; 0, 1, 3, 4 creating; 2 abnormal; 6 gone; 8 frozen; 10 to 13 stopped and so on (huaweicloud_cph 2.7)."""
    network_version: str
    vpc_id: str
    cidr: str
    vpc_cidr: str
    subnet_id: str
    subnet_cidr: str
    addresses: list[dict[str, str]]
    resource_project_id: str
    metadata: dict[str, Any]
    """`order_id`, `product_id`, `charging_mode` (0 yearly/monthly, 1 on demand)."""
    enterprise_project_id: str
    band_widths: list[dict[str, Any]]
    volumes: list[dict[str, Any]]
    share_volume_info: dict[str, Any]
    security_groups: list[str]
    tags: dict[str, str]
    """Internal: shown by the tag calls only."""
    create_time: str
    update_time: str


class Phone(TypedDict):
    """`cph_phones`, by phone id."""

    phone_id: str
    phone_name: str
    server_id: str
    phone_model_name: str
    image_id: str
    image_version: str
    status: int
    imei: str
    custom_property: dict[str, str]
    """Internal: shown in the detail only (huaweicloud_cph 3.1)."""
    phone_data_volume: dict[str, Any] | None
    """Internal: shown in the detail only; None without a volume of its own."""
    create_time: str
    update_time: str


class ServerModel(TypedDict):
    """`cph_server_models`, by name: the server flavors."""

    server_model_name: str
    server_type: str
    generation: str
    """Internal: no field of the API states it (huaweicloud_cph 2.4)."""
    cpu: int
    memory: int
    """GB."""
    disk: str
    disk_max_num: int
    product_type: int
    """0 cloud phone, 1 cloud gaming."""
    free_size: int
    listed: bool
    """Internal: False for a private flavor."""


class PhoneModel(TypedDict):
    """`cph_phone_models`, by `<server model>:<phone model>`: the valid pairs of flavors."""

    server_model_name: str
    phone_model_name: str
    status: int
    """1 on sale, 0 withdrawn."""
    cpu: int
    memory: int
    """MB."""
    disk: int
    """GiB."""
    phone_capacity: int
    product_type: int
    listed: bool
    """Internal: False for a private flavor."""
    monthly_price: float
    """Internal: price of a whole server, which decides between upgrade and downgrade."""


class Job(TypedDict):
    """`cph_jobs`, by job id."""

    job_id: str
    request_id: str
    """ID of the request that started the job."""
    server_id: str
    begin_time: str
    end_time: str | None
    status: int
    """1 running, 2 success, -1 failed."""
    error_code: str | None
    error_msg: str | None
    reads_left: int
    """Internal: reads that still show the job running."""
    fails: bool
    """Internal: whether it will fail."""


class Order(TypedDict):
    """`bss_orders`, by order id."""

    order_id: str
    order_type: int
    """3: change."""
    status: int
    """3 processing, 4 cancelled, 5 completed, 6 pending payment (huaweicloud_cph 2.5)."""
    server_id: str
    """Internal."""
    product_id: str
    amount: float
    """The amount due. Negative for a refund."""
    create_time: str
    payment_time: str | None
    pending_payment_end_time: str | None


class Balance(TypedDict):
    """`bss_accounts`, by domain id: what the customer can pay."""

    domain_id: str
    balance: float | None
    """What is left; None for an account whose balance never ends."""


class FlavorChange(TypedDict):
    """`cph_flavor_changes`, by order ID: the changes that are in progress or wait for payment."""

    order_id: str
    server_id: str
    server_model_name: str
    phone_model_name: str
    reads_left: int
    """Further detail reads of the server or the order that show the old flavor."""
    due: str | None
    """Virtual time at which it completes without reads. None while it waits for payment."""
    delay_s: float | None
    """Virtual seconds from the payment to the new flavor; None for no end."""
    final_status: int
    """The server's status afterwards."""
    fails: bool
    """Whether it ends with a cancelled order and an unchanged server."""


class Token(TypedDict):
    """`iam_tokens`, by the token itself."""

    methods: list[str]
    scope: str
    """`project`, `domain` or `none`."""
    project_id: str | None
    issued_at: str
    """The panel's wall clock, with microseconds."""
    expires_at: str
    """The panel's wall clock, with microseconds. Clients compare it with their own clock."""
    expires: str | None
    """Internal: the expiry by the virtual clock, which decides. None for never."""
    revoked: bool


class AccessKey(TypedDict):
    """`iam_access_keys`, by access key."""

    secret_key: str
    security_token: str | None
    """Of a temporary pair."""
    expires: str | None
    """Internal: by the virtual clock; None for never."""
    failures: int
    """Failed signatures in a row."""
    locked_until: str | None
    """By the virtual clock."""


class Project(TypedDict):
    """`iam_projects`, by id."""

    id: str
    name: str
    description: str
    enabled: bool
