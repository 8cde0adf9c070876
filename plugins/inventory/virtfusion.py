# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: virtfusion
short_description: Servers of VirtFusion panels
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Makes a host of each server of one or more VirtFusion panels.
  - The source is a YAML file whose name ends in C(virtfusion.yml) or C(virtfusion.yaml).
  - The token must be allowed to read servers and packages.
extends_documentation_fragment:
  - constructed
  - inventory_cache
  - vpsfleet.panels.inventory
notes:
  - If customers may rename their servers, set O(hostnames) to V(uuid), which nobody can choose.
options:
  plugin:
    description: The name of this plugin, V(vpsfleet.panels.virtfusion).
    type: str
    required: true
    choices: [vpsfleet.panels.virtfusion]
  api_url:
    description:
      - Address of the panel, such as V(https://panel.example.com).
      - V(/api/v1) is added to an address without a path.
    type: str
    env:
      - name: VIRTFUSION_API_URL
  api_token:
    description:
      - API token. Create one in the panel under Configuration, API.
    type: str
    env:
      - name: VIRTFUSION_API_TOKEN
  # The fragment vpsfleet.panels.inventory documents the rest of these options.
  validate_certs:
    env:
      - name: VIRTFUSION_VALIDATE_CERTS
  ca_path:
    env:
      - name: VIRTFUSION_CA_PATH
  timeout:
    env:
      - name: VIRTFUSION_TIMEOUT
  total_timeout:
    env:
      - name: VIRTFUSION_TOTAL_TIMEOUT
  max_response_size:
    env:
      - name: VIRTFUSION_MAX_RESPONSE_SIZE
  max_pages:
    env:
      - name: VIRTFUSION_MAX_PAGES
  retries:
    env:
      - name: VIRTFUSION_RETRIES
  retry_budget:
    env:
      - name: VIRTFUSION_RETRY_BUDGET
  rate_limit:
    env:
      - name: VIRTFUSION_RATE_LIMIT
  panels:
    description:
      - Several panels, instead of O(api_url) and O(api_token). An entry takes the other options that
        it does not set from the file.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the panel, one word. It becomes the host variable C(panel).
        type: str
        required: true
      api_url:
        description: Address of the panel.
        type: str
        required: true
      api_token:
        description: API token.
        type: str
        required: true
      validate_certs:
        description: Whether to validate the TLS certificate of the panel.
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
  hypervisor_ids:
    description:
      - Only servers on these hypervisors. The panel filters by them.
    type: list
    elements: int
  hypervisor_group_ids:
    description:
      - Only servers whose hypervisor is in one of these groups.
    type: list
    elements: int
  owner_ids:
    description:
      - Only servers of these users, by the IDs of the panel.
    type: list
    elements: int
  states:
    description:
      - Only servers in these states, such as V(complete).
    type: list
    elements: str
  suspended:
    description:
      - Only servers that are suspended, or only those that are not.
    type: bool
  names:
    description:
      - Only servers whose name on the panel matches one of these shell patterns, such as V(web*).
    type: list
    elements: str
  exclude_names:
    description:
      - No servers whose name on the panel matches one of these shell patterns.
    type: list
    elements: str
  hostnames:
    description:
      - What to name a host by. The first of these that the server has is used, or its ID.
    type: list
    elements: str
    choices: [name, hostname, uuid, id, ipv4_addresses]
    default: [name]
  connect_with:
    description:
      - What to set C(ansible_host) to. See O(no_address) for servers that do not have it.
      - Customers may choose the V(hostname) of their servers, but not the addresses. Use V(hostname)
        only if plays may connect to whatever host a customer names.
    type: str
    choices: [ipv4_addresses, hostname, none]
    default: ipv4_addresses
  hostvars_prefix:
    default: virtfusion_
  group_by:
    description:
      - Ready-made groups, which need no templates.
      - V(package) is a package whose resources the server has. The panel does not show the package
        that it was created with. A server may fit several packages, or none.
      - V(panel) is the C(name) in O(panels). With O(panels) it is also part of the names of the
        groups by V(hypervisor), V(hypervisor_group) and V(owner).
      - Servers that are not suspended are in no group by V(suspended).
    type: list
    elements: str
    choices: [state, hypervisor, hypervisor_group, owner, package, suspended, panel]
    default: []
  group_prefix:
    default: virtfusion_
"""

EXAMPLES = r"""
# Servers of one panel; address and token come from the environment.
plugin: vpsfleet.panels.virtfusion
group_by: [state, hypervisor_group, package]

---
# Two panels in one file. Production web servers only.
plugin: vpsfleet.panels.virtfusion
panels:
  - name: ams
    api_url: https://ams.example.com
    api_token: "{{ lookup('ansible.builtin.env', 'AMS_TOKEN') }}"
  - name: fra
    api_url: https://fra.example.com
    api_token: "{{ lookup('ansible.builtin.env', 'FRA_TOKEN') }}"
    rate_limit: 5
suspended: false
names: ["web*"]
hostnames: [hostname, name]
keyed_groups:
  - key: virtfusion_panel
    prefix: site
groups:
  big: virtfusion_memory >= 16384
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/virtfusion_inventory
stale_on_error: true
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..module_utils._core.argspec import positive
from ..module_utils._virtfusion.client import VirtFusion
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..plugin_utils._panel_inventory import PanelInventory
from ..plugin_utils._server_cache import Host
from ..plugin_utils._virtfusion.inventory import FLEET_SERVER, FleetQuery, list_servers, read_fleet

IDS = ("hypervisor_ids", "hypervisor_group_ids", "owner_ids")
OTHER_FILTERS = ("states", "suspended", "names", "exclude_names")

#: Where a ready-made group gets its value from, in the order of preference.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "hypervisor": ("hypervisor_name", "hypervisor_id"),
    "hypervisor_group": ("hypervisor_group_name", "hypervisor_group_id"),
    "owner": ("owner_id",),
}

#: The filters that name objects of the panel, with the field each looks at.
NAMING_FILTERS: Mapping[str, str] = {
    "hypervisor_ids": "hypervisor_id",
    "hypervisor_group_ids": "hypervisor_group_id",
    "owner_ids": "owner_id",
    "names": "name",
    "exclude_names": "name",
}


class InventoryModule(PanelInventory):
    """Servers of VirtFusion panels."""

    NAME = "vpsfleet.panels.virtfusion"
    panel = VIRTFUSION
    file_names = ("virtfusion.yml", "virtfusion.yaml")
    own = ("api_url", "api_token")
    needed = own
    small = (
        "id",
        "uuid",
        "name",
        "hostname",
        "state",
        "suspended",
        "owner_id",
        "hypervisor_id",
        "hypervisor_name",
        "hypervisor_group_id",
        "hypervisor_group_name",
        "cpu",
        "memory",
        "primary_disk_size",
        "primary_network_traffic",
        "packages",
        "ipv4_addresses",
    )
    address_fields = ("ipv4_addresses",)
    local_groups = frozenset({"hypervisor", "hypervisor_group", "owner"})
    naming_filters = NAMING_FILTERS

    def query(self) -> Mapping[str, Any]:
        filters = {name: self.get_option(name) for name in IDS + OTHER_FILTERS}
        for name in IDS:
            for number in filters[name] or ():
                positive(name, number)
        return asdict(FleetQuery(**filters))

    def fetch(
        self, client: VirtFusion, query: Mapping[str, Any], workers: int, seen: list[Host]
    ) -> list[Host]:
        return read_fleet(client, FleetQuery(**query), workers, seen)

    def everything(
        self, client: VirtFusion, query: Mapping[str, Any], workers: int
    ) -> Sequence[Host] | None:
        return list_servers(client, workers) if query["hypervisor_ids"] else None

    def shape(self) -> Sequence[str]:
        return [*FLEET_SERVER, "packages", "package_ids"]

    def ready_groups(self, host: Host) -> Iterator[tuple[str, Any, Any]]:
        if host.get("state"):
            yield "state", host["state"], None
        for kind, fields in GROUPS.items():
            label = next((host[field] for field in fields if host.get(field)), None)
            if label is not None:
                yield kind, label, host.get(fields[-1]) or label
        if host.get("suspended"):
            yield "suspended", "", None
        for package, package_id in zip(host["packages"], host["package_ids"], strict=True):
            yield "package", package, package_id
