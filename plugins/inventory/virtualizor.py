# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: virtualizor
short_description: VPSs of Virtualizor panels
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Makes a host of each VPS of one or more Virtualizor panels.
  - The source is a YAML file whose name ends in C(virtualizor.yml) or C(virtualizor.yaml).
  - Compares each VPS with the VPS plan that it is labelled with.
  - The credentials must be allowed to list VPSs and VPS plans.
extends_documentation_fragment:
  - constructed
  - inventory_cache
  - vpsfleet.panels.inventory
notes:
  - If customers may rename their VPSs, set O(hostnames) to V(uuid) or V(vps_name), which they cannot
    choose.
  - The panel is installed with a self-signed certificate. Save that certificate and set O(ca_path) to it, instead of
    disabling O(validate_certs).
options:
  plugin:
    description: The name of this plugin, V(vpsfleet.panels.virtualizor).
    type: str
    required: true
    choices: [vpsfleet.panels.virtualizor]
  api_url:
    description:
      - Address of the admin panel of the master, such as V(https://panel.example.com:4085).
      - The default port is 4085 for https and 4084 for http, as on the panel. For a proxy on the
        standard port, set the port, as in V(https://panel.example.com:443).
    type: str
    env:
      - name: VIRTUALIZOR_API_URL
  api_key:
    description:
      - Key of a pair of API credentials. Create one in the admin panel under API Credentials.
      - Required unless O(api_auth=hash).
    type: str
    env:
      - name: VIRTUALIZOR_API_KEY
  api_pass:
    description:
      - Pass of the pair.
    type: str
    env:
      - name: VIRTUALIZOR_API_PASS
  api_auth:
    description:
      - How the credentials are sent. V(pair) sends key and pass. V(hash) sends only a salted hash of
        the pass, which names no key and works for the master's own pass on older panels. V(both)
        sends all three, as the vendor's newer clients do.
    type: str
    choices: [pair, hash, both]
    default: pair
    env:
      - name: VIRTUALIZOR_API_AUTH
  # The fragment vpsfleet.panels.inventory documents the rest of these options.
  validate_certs:
    env:
      - name: VIRTUALIZOR_VALIDATE_CERTS
  ca_path:
    env:
      - name: VIRTUALIZOR_CA_PATH
  timeout:
    default: 60
    env:
      - name: VIRTUALIZOR_TIMEOUT
  total_timeout:
    env:
      - name: VIRTUALIZOR_TOTAL_TIMEOUT
  max_response_size:
    env:
      - name: VIRTUALIZOR_MAX_RESPONSE_SIZE
  max_pages:
    env:
      - name: VIRTUALIZOR_MAX_PAGES
  retries:
    env:
      - name: VIRTUALIZOR_RETRIES
  retry_budget:
    env:
      - name: VIRTUALIZOR_RETRY_BUDGET
  rate_limit:
    env:
      - name: VIRTUALIZOR_RATE_LIMIT
  panels:
    description:
      - Several panels, instead of O(api_url), O(api_key) and O(api_pass). An entry takes the other
        options that it does not set from the file.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the panel, one word. It becomes the host variable C(panel).
        type: str
        required: true
      api_url:
        description: Address of the admin panel.
        type: str
        required: true
      api_key:
        description: Key of a pair of API credentials.
        type: str
      api_pass:
        description: Pass of the pair.
        type: str
        required: true
      api_auth:
        description: How the credentials are sent.
        type: str
        choices: [pair, hash, both]
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
  plan_ids:
    description:
      - Only VPSs that are labelled with one of these VPS plans; V(0) stands for no plan. The panel
        filters by a single plan.
    type: list
    elements: int
  server_ids:
    description:
      - Only VPSs on these servers of the panel, the nodes. The master is V(0).
    type: list
    elements: int
  user_ids:
    description:
      - Only VPSs of these users.
    type: list
    elements: int
  virts:
    description:
      - Only VPSs of these virtualizations.
    type: list
    elements: str
    choices: [openvz, xen, xenhvm, kvm, xcp, xcphvm, lxc, proxo, proxk, proxl, vzk, vzo]
  suspended:
    description:
      - Only VPSs that are suspended, or only those that are not.
    type: bool
  names:
    description:
      - Only VPSs whose host name on the panel matches one of these shell patterns, such as V(web*).
    type: list
    elements: str
  exclude_names:
    description:
      - No VPSs whose host name on the panel matches one of these shell patterns.
    type: list
    elements: str
  live_state:
    description:
      - Whether the panel queries the nodes for the states, which costs one more request for 200 VPSs.
        The states in its list can be outdated.
    type: bool
    default: false
  hostnames:
    description:
      - What to name a host by. The first of these that the VPS has is used, or its ID. V(vps_name) is
        the internal name on the panel, such as V(v1017).
    type: list
    elements: str
    choices: [hostname, vps_name, uuid, id, ipv4_addresses, ipv6_addresses, internal_addresses]
    default: [hostname]
  connect_with:
    description:
      - What to set C(ansible_host) to. See O(no_address) for VPSs that do not have it.
      - V(internal_addresses) and V(ipv6_subnets) are there if the panel shows them. Of a subnet, the
        address before the slash is used.
      - Customers may choose the V(hostname) of their VPSs, but not the addresses. Use V(hostname) only
        if plays may connect to whatever host a customer names.
    type: str
    choices: [ipv4_addresses, ipv6_addresses, ipv6_subnets, internal_addresses, hostname, none]
    default: ipv4_addresses
  hostvars_prefix:
    default: virtualizor_
  group_by:
    description:
      - Ready-made groups, which need no templates.
      - V(state) is V(on), V(off) or V(suspended), see O(live_state). V(server) is the node.
      - V(plan) is the VPS plan that a VPS is labelled with. VPSs whose resources differ from their plan
        are in the group by V(off_plan), too; the host variable C(off_plan) lists the values that differ.
      - V(panel) is the C(name) in O(panels). With O(panels) it is also part of the names of the
        groups by V(server) and V(owner).
      - VPSs that are not suspended are in no group by V(suspended).
    type: list
    elements: str
    choices: [state, server, owner, virt, os, plan, off_plan, suspended, panel]
    default: []
  group_prefix:
    default: virtualizor_
"""

EXAMPLES = r"""
# VPSs of one panel; address and credentials come from the environment.
plugin: vpsfleet.panels.virtualizor
group_by: [state, server, plan, off_plan]

---
# Two panels in one file. Web servers that are not suspended only.
plugin: vpsfleet.panels.virtualizor
panels:
  - name: ams
    api_url: https://ams.example.com:4085
    api_key: "{{ lookup('ansible.builtin.env', 'AMS_KEY') }}"
    api_pass: "{{ lookup('ansible.builtin.env', 'AMS_PASS') }}"
  - name: fra
    api_url: https://fra.example.com:4085
    api_key: "{{ lookup('ansible.builtin.env', 'FRA_KEY') }}"
    api_pass: "{{ lookup('ansible.builtin.env', 'FRA_PASS') }}"
    rate_limit: 5
suspended: false
names: ["web*"]
hostnames: [hostname, vps_name]
keyed_groups:
  - key: virtualizor_panel
    prefix: site
groups:
  big: virtualizor_ram >= 16384
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/virtualizor_inventory
stale_on_error: true
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..module_utils._virtualizor.client import Virtualizor
from ..module_utils._virtualizor.panel import VIRTUALIZOR
from ..plugin_utils._panel_inventory import PanelInventory
from ..plugin_utils._server_cache import Host
from ..plugin_utils._virtualizor.inventory import FLEET_VPS, FleetQuery, list_fleet, read_fleet

FILTERS = (
    *("plan_ids", "user_ids", "server_ids", "virts", "suspended"),
    *("names", "exclude_names", "live_state"),
)

#: The fields that name a ready-made group, in the order of preference, and the ID that distinguishes groups
#: of the same name. A system has a template, and so an ID, for each virtualization. Its name alone counts.
GROUPS: Mapping[str, tuple[tuple[str, ...], str | None]] = {
    "state": (("state",), None),
    "server": (("server_name", "server_id"), "server_id"),
    "owner": (("user_id",), "user_id"),
    "virt": (("virt",), None),
    "os": (("os_name", "os_id"), None),
    "plan": (("plan_name",), "plan_id"),
}

#: The filters that name objects of the panel, with the field each looks at.
NAMING_FILTERS: Mapping[str, str] = {
    "plan_ids": "plan_id",
    "user_ids": "user_id",
    "server_ids": "server_id",
    "names": "hostname",
    "exclude_names": "hostname",
}


class InventoryModule(PanelInventory):
    """VPSs of Virtualizor panels."""

    NAME = "vpsfleet.panels.virtualizor"
    panel = VIRTUALIZOR
    file_names = ("virtualizor.yml", "virtualizor.yaml")
    own = ("api_url", "api_key", "api_pass")
    needed = ("api_url", "api_pass")
    shared = ("api_auth",)
    small = (
        "id",
        "vps_name",
        "uuid",
        "hostname",
        "state",
        "suspended",
        "user_id",
        "server_id",
        "server_name",
        "virt",
        "os_name",
        "plan_id",
        "plan_name",
        "off_plan",
        "cores",
        "ram",
        "space",
        "bandwidth",
        "ipv4_addresses",
        "ipv6_addresses",
        "ipv6_subnets",
        "internal_addresses",
    )
    address_fields = ("ipv4_addresses", "ipv6_addresses", "ipv6_subnets", "internal_addresses")
    local_groups = frozenset({"server", "owner"})
    naming_filters = NAMING_FILTERS

    def query(self) -> Mapping[str, Any]:
        return asdict(FleetQuery(**{name: self.get_option(name) for name in FILTERS}))

    def fetch(
        self, client: Virtualizor, query: Mapping[str, Any], workers: int, seen: list[Host]
    ) -> list[Host]:
        return read_fleet(client, FleetQuery(**query), workers, seen)

    def everything(
        self, client: Virtualizor, query: Mapping[str, Any], workers: int
    ) -> Sequence[Host] | None:
        asked = FleetQuery(**query).search()
        return list_fleet(client, FleetQuery(), workers, odd_rows=True) if asked else None

    def shape(self) -> Sequence[str]:
        return list(FLEET_VPS)

    def ready_groups(self, host: Host) -> Iterator[tuple[str, Any, Any]]:
        for kind, (fields, id_field) in GROUPS.items():
            values = (host.get(field) for field in fields)
            label = next((found for found in values if found not in (None, "")), None)
            if label is not None:
                yield kind, label, host.get(id_field, label) if id_field else None
        if host.get("suspended"):
            yield "suspended", "", None
        if host["off_plan"]:
            yield "off_plan", "", None
