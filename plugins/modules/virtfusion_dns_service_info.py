#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_dns_service_info
short_description: Read a VirtFusion DNS service
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads a DNS service that the panel uses for reverse DNS.
  - The account at the provider is never returned.
  - The panel's API has no list of DNS services.
options:
  dns_service_id:
    description:
      - ID of the service. The task fails if it does not exist.
    type: int
    required: true
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.info
  - vpsfleet.panels.attributes.virtfusion_group
"""

EXAMPLES = r"""
- name: Read a DNS service
  vpsfleet.panels.virtfusion_dns_service_info:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    dns_service_id: 1
"""

RETURN = r"""
dns_service:
  description: The service.
  returned: success
  type: dict
  contains:
    id:
      description: ID of the service.
      type: int
      returned: always
    name:
      description: Name of the service.
      type: str
      returned: always
    type:
      description: Code of its type.
      type: int
      returned: always
    url:
      description: Address of its API.
      type: str
      returned: always
    ip:
      description: Its IP address, null if none.
      type: str
      returned: always
    port:
      description: Its port.
      type: int
      returned: always
    sub_account:
      description: Whether the account is a sub-account.
      type: bool
      returned: always
    capabilities:
      description: Code of what it can do.
      type: int
      returned: always
    enabled:
      description: Whether it is in use.
      type: bool
      returned: always
    created:
      description: When it was created.
      type: str
      returned: always
    updated:
      description: When it last changed.
      type: str
      returned: always
  sample:
    id: 4
    name: Example DNS
    type: 1
    url: https://api.dns.example.com
    port: 443
    enabled: true
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
    operation: get_dns_service
    message: dns service not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.panel_info import (
    DNS_SERVICE_INFO_OPTIONS,
    DnsServiceInfo,
)

ARGUMENTS = CONNECTION + DNS_SERVICE_INFO_OPTIONS

MODULE = PanelModule(VIRTFUSION, DnsServiceInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
