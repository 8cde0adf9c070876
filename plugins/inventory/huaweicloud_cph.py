# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: huaweicloud_cph
short_description: Cloud phone servers of Huawei Cloud
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Makes a host of each server of Cloud Phone Host, in one or more regions and accounts of Huawei Cloud.
  - The source is a YAML file whose name ends in C(huaweicloud_cph.yml) or C(huaweicloud_cph.yaml).
  - The service still lists released servers. They are left out unless O(states) contains V(gone).
  - The user must be allowed to read cloud phone servers.
extends_documentation_fragment:
  - constructed
  - inventory_cache
  - vpsfleet.panels.inventory
notes:
  - Exactly one kind of credentials must be set - O(access_key) with O(secret_key), O(auth_token), or
    O(user_name) with O(password) and O(domain_name). Credentials in the file take precedence over
    those in the environment.
  - The list of the service does not contain the addresses of servers in a network of your own. Set
    O(details) to read them, which costs one more request per server.
options:
  plugin:
    description: The name of this plugin, V(vpsfleet.panels.huaweicloud_cph).
    type: str
    required: true
    choices: [vpsfleet.panels.huaweicloud_cph]
  # Of several environment variables the last that is set counts.
  region:
    description:
      - Name of the region, such as V(cn-north-4).
    type: str
    env:
      - name: OS_REGION_NAME
      - name: HW_REGION_NAME
  project_id:
    description:
      - ID of the project. Defaults to the account's project with the name of the region.
    type: str
    env:
      - name: HUAWEICLOUD_SDK_PROJECT_ID
      - name: OS_TENANT_ID
      - name: OS_PROJECT_ID
      - name: HW_PROJECT_ID
  access_key:
    description:
      - Access key ID (AK). Requests are signed; the secret key is never sent.
    type: str
    env:
      - name: HUAWEICLOUD_SDK_AK
      - name: OS_ACCESS_KEY
      - name: HW_ACCESS_KEY
  secret_key:
    description:
      - Secret access key (SK) of O(access_key).
    type: str
    env:
      - name: HUAWEICLOUD_SDK_SK
      - name: OS_SECRET_KEY
      - name: HW_SECRET_KEY
  security_token:
    description:
      - Security token of a temporary O(access_key).
    type: str
    env:
      - name: HUAWEICLOUD_SDK_SECURITY_TOKEN
      - name: HW_SECURITY_TOKEN
  auth_token:
    description:
      - Token from IAM, scoped to the project of the region.
    type: str
    env:
      - name: OS_AUTH_TOKEN
      - name: HW_AUTH_TOKEN
  user_name:
    description:
      - Name of an IAM user, who gets a token with O(password).
    type: str
    env:
      - name: OS_USERNAME
      - name: HW_USER_NAME
  password:
    description:
      - Password of O(user_name).
    type: str
    env:
      - name: OS_PASSWORD
      - name: HW_USER_PASSWORD
  domain_name:
    description:
      - Name of the account that O(user_name) belongs to.
    type: str
    env:
      - name: OS_DOMAIN_NAME
      - name: OS_USER_DOMAIN_NAME
      - name: HW_DOMAIN_NAME
  cph_endpoint:
    description:
      - Address of Cloud Phone Host, if it is not the region's public one.
    type: str
    env:
      - name: HUAWEICLOUD_CPH_ENDPOINT
  iam_endpoint:
    description:
      - Address of IAM, if it is not the region's public one.
    type: str
    env:
      - name: HUAWEICLOUD_SDK_IAM_ENDPOINT
      - name: HUAWEICLOUD_IAM_ENDPOINT
  # The fragment vpsfleet.panels.inventory documents the rest of these options.
  validate_certs:
    description:
      - Whether to validate the TLS certificates of the services.
    env:
      - name: HUAWEICLOUD_VALIDATE_CERTS
  ca_path:
    env:
      - name: HUAWEICLOUD_CA_PATH
  timeout:
    env:
      - name: HUAWEICLOUD_TIMEOUT
  total_timeout:
    env:
      - name: HUAWEICLOUD_TOTAL_TIMEOUT
  max_response_size:
    env:
      - name: HUAWEICLOUD_MAX_RESPONSE_SIZE
  max_pages:
    env:
      - name: HUAWEICLOUD_MAX_PAGES
  retries:
    env:
      - name: HUAWEICLOUD_RETRIES
  retry_budget:
    description:
      - Maximum number of seconds to wait before retries, in total, for each entry of O(panels).
    env:
      - name: HUAWEICLOUD_RETRY_BUDGET
  rate_limit:
    description:
      - Maximum number of requests per second, for each entry of O(panels); V(0) means no limit.
    env:
      - name: HUAWEICLOUD_RATE_LIMIT
  panels:
    description:
      - Several regions or accounts, instead of O(region) and its credentials. An entry takes the
        timeouts and limits that it does not set from the file, but no credentials.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the entry, one word. It becomes the host variable C(panel).
        type: str
        required: true
      region:
        description: Name of the region.
        type: str
        required: true
      project_id:
        description: ID of the project.
        type: str
      access_key:
        description: Access key ID (AK).
        type: str
      secret_key:
        description: Secret access key (SK).
        type: str
      security_token:
        description: Security token of a temporary pair of keys.
        type: str
      auth_token:
        description: Token from IAM.
        type: str
      user_name:
        description: Name of an IAM user.
        type: str
      password:
        description: Password of that user.
        type: str
      domain_name:
        description: Name of the account that the user belongs to.
        type: str
      cph_endpoint:
        description: Address of Cloud Phone Host.
        type: str
      iam_endpoint:
        description: Address of IAM.
        type: str
      validate_certs:
        description: Whether to validate the TLS certificates.
        type: bool
      ca_path:
        description: File with the certificate authorities to trust.
        type: path
      timeout:
        description: Seconds to wait for the response to a request.
        type: int
      total_timeout:
        description: Seconds that one request may take in all.
        type: int
      max_response_size:
        description: Largest response to read, in MiB.
        type: int
      max_pages:
        description: Most pages to read of one list.
        type: int
      retries:
        description: Maximum number of retries of a request.
        type: int
      retry_budget:
        description: Maximum number of seconds to wait before retries, in total.
        type: int
      rate_limit:
        description: Maximum number of requests per second.
        type: float
  states:
    description:
      - Only servers in these states.
    type: list
    elements: str
    choices: [creating, abnormal, normal, gone, frozen, stopped, stopping, stop_failed, starting, unknown]
  server_model_names:
    description:
      - Only servers of these server flavors.
    type: list
    elements: str
  phone_model_names:
    description:
      - Only servers with these phone flavors.
    type: list
    elements: str
  availability_zones:
    description:
      - Only servers in these availability zones.
    type: list
    elements: str
  enterprise_project_ids:
    description:
      - Only servers of these enterprise projects. V(0) is the default one.
    type: list
    elements: str
  charging_mode:
    description:
      - Only servers that are billed monthly or yearly, or only those that are billed by use.
    type: str
    choices: [yearly_monthly, on_demand]
  network_version:
    description:
      - Only servers in a network of the service (V(v1)), or only those in one of your own (V(v2)).
    type: str
    choices: [v1, v2]
  names:
    description:
      - Only servers whose name matches one of these shell patterns, such as V(farm-*).
    type: list
    elements: str
  exclude_names:
    description:
      - No servers whose name matches one of these shell patterns.
    type: list
    elements: str
  details:
    description:
      - Whether to read each server with a request of its own, for its bandwidths, volumes and security
        groups, and for addresses in a network of your own.
    type: bool
    default: false
  hostnames:
    description:
      - What to name a host by. The first of these that the server has is used, or its ID.
    type: list
    elements: str
    choices: [name, id, public_ips, server_ips]
    default: [name]
  connect_with:
    description:
      - What to set C(ansible_host) to. See O(no_address) for servers that do not have it.
      - Modules that change a server send requests to the cloud, not to the server. Run them with
        C(delegate_to), or with C(connection=local) for the play.
    type: str
    choices: [public_ips, server_ips, none]
    default: public_ips
  hostvars_prefix:
    default: huaweicloud_cph_
  group_by:
    description:
      - Ready-made groups, which need no templates.
      - V(panel) is the C(name) in O(panels). With O(panels) it is also part of the names of the
        groups by V(enterprise_project), whose IDs are those of one account.
    type: list
    elements: str
    choices: [state, server_model, phone_model, availability_zone, enterprise_project, charging_mode, region, panel]
    default: []
  group_prefix:
    default: huaweicloud_cph_
"""

EXAMPLES = r"""
# Servers of one region; the credentials come from the environment.
plugin: vpsfleet.panels.huaweicloud_cph
region: cn-north-4
group_by: [state, server_model, phone_model]

---
# Two regions in one file. Normal servers of one farm only.
plugin: vpsfleet.panels.huaweicloud_cph
panels:
  - name: north
    region: cn-north-4
    access_key: "{{ lookup('ansible.builtin.env', 'NORTH_ACCESS_KEY') }}"
    secret_key: "{{ lookup('ansible.builtin.env', 'NORTH_SECRET_KEY') }}"
  - name: singapore
    region: ap-southeast-3
    access_key: "{{ lookup('ansible.builtin.env', 'SINGAPORE_ACCESS_KEY') }}"
    secret_key: "{{ lookup('ansible.builtin.env', 'SINGAPORE_SECRET_KEY') }}"
    rate_limit: 5
states: [normal]
names: ["farm-*"]
keyed_groups:
  - key: huaweicloud_cph_panel
    prefix: site
groups:
  monthly: huaweicloud_cph_charging_mode == 'yearly_monthly'
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/huaweicloud_cph_inventory
stale_on_error: true

# A play on these hosts names the server by its variables:
#
# - name: Change the flavor of every server of the farm
#   hosts: huaweicloud_cph_state_normal
#   connection: local
#   gather_facts: false
#   tasks:
#     - vpsfleet.panels.huaweicloud_cph_server_flavor:
#         region: "{{ huaweicloud_cph_region }}"
#         server_id: "{{ huaweicloud_cph_id }}"
#         server_model_name: physical.rx1.xlarge.special
#         phone_model_name: rx1.cp.sp.c6.d12.e6v6
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..module_utils._huaweicloud.client import HuaweiCloud
from ..module_utils._huaweicloud.credentials import VARIABLES
from ..module_utils._huaweicloud.panel import HUAWEICLOUD
from ..module_utils._huaweicloud.resources.server import SERVER
from ..module_utils._huaweicloud.resources.server_info import FleetQuery, list_fleet
from ..plugin_utils._huaweicloud.inventory import ADDRESSES, PLACE, read_fleet
from ..plugin_utils._panel_inventory import PanelInventory
from ..plugin_utils._server_cache import Host

FILTERS = (
    "states",
    "server_model_names",
    "phone_model_names",
    "availability_zones",
    "enterprise_project_ids",
    "charging_mode",
    "network_version",
    "names",
    "exclude_names",
)

#: Where a ready-made group gets its value from.
GROUPS: Mapping[str, str] = {
    "state": "state",
    "server_model": "server_model_name",
    "phone_model": "phone_model_name",
    "availability_zone": "availability_zone",
    "enterprise_project": "enterprise_project_id",
    "charging_mode": "charging_mode",
    "region": "region",
}

#: The filters that name objects of the panel, with the field each looks at.
NAMING_FILTERS: Mapping[str, str] = {
    "server_model_names": "server_model_name",
    "phone_model_names": "phone_model_name",
    "availability_zones": "availability_zone",
    "enterprise_project_ids": "enterprise_project_id",
    "names": "name",
    "exclude_names": "name",
}


class InventoryModule(PanelInventory):
    """Cloud phone servers of Huawei Cloud."""

    NAME = "vpsfleet.panels.huaweicloud_cph"
    panel = HUAWEICLOUD
    file_names = ("huaweicloud_cph.yml", "huaweicloud_cph.yaml")
    own = ("region", "project_id", *VARIABLES, "cph_endpoint", "iam_endpoint")
    needed = ("region",)
    small = (
        "id",
        "name",
        "state",
        "server_model_name",
        "phone_model_name",
        "availability_zone",
        "charging_mode",
        "enterprise_project_id",
        "network_version",
        *PLACE,
        *ADDRESSES,
    )
    address_fields = ADDRESSES
    local_groups = frozenset({"enterprise_project"})
    naming_filters = NAMING_FILTERS
    identity = "id"

    def query(self) -> Mapping[str, Any]:
        filters = {name: self.get_option(name) for name in FILTERS}
        return {**asdict(FleetQuery(**filters)), "details": self.get_option("details")}

    def fetch(
        self, client: HuaweiCloud, query: Mapping[str, Any], workers: int, seen: list[Host]
    ) -> list[Host]:
        filters = FleetQuery(**{name: query[name] for name in FILTERS})
        details = query["details"]
        return read_fleet(client, filters, details=details, workers=workers, seen=seen)

    def everything(
        self, client: HuaweiCloud, query: Mapping[str, Any], workers: int
    ) -> Sequence[Host] | None:
        asked = FleetQuery(**{name: query[name] for name in FILTERS}).asked()
        everything: list[Host] = []
        if asked:
            list_fleet(client, FleetQuery(), workers=workers, seen=everything)
        return everything if asked else None

    def scope(self, options: Mapping[str, Any]) -> Sequence[Any]:
        return [options[name] for name in ("region", "project_id", "user_name", "domain_name")]

    def shape(self) -> Sequence[str]:
        return [*SERVER, *PLACE, *ADDRESSES]

    def ready_groups(self, host: Host) -> Iterator[tuple[str, Any, Any]]:
        for kind, field in GROUPS.items():
            if host.get(field):
                yield kind, host[field], host[field] if kind in self.local_groups else None
