#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_template_info
short_description: Read the operating system templates of a VirtFusion panel
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads the templates that a server can be built with, or those for a package.
  - The templates of a package are for all architectures, the templates of a server only for its own.
options:
  server_id:
    description:
      - ID of the server. Exactly one of O(server_id), O(server_uuid), O(server_name), O(package_id) and
        O(package_name) must be set.
    type: int
  server_uuid:
    description:
      - UUID of the server.
    type: str
  server_name:
    description:
      - Exact, case-sensitive name of the server. The task fails if several servers have it.
    type: str
  package_id:
    description:
      - ID of the package.
    type: int
  package_name:
    description:
      - Exact, case-sensitive name of the package. The task fails if several packages have it.
    type: str
  template_name:
    description:
      - Read only templates of this name, exact and case-sensitive. It may be the RV(templates[].name) alone, the
        RV(templates[].short_name), or the RV(templates[].full_name).
    type: str
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.info
  - vpsfleet.panels.attributes.virtfusion_group
seealso:
  - module: vpsfleet.panels.virtfusion_package_info
  - module: vpsfleet.panels.virtfusion_server_info
"""

EXAMPLES = r"""
- name: Read all templates for a package
  vpsfleet.panels.virtfusion_template_info:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    package_name: Cloud 4

- name: Find the template for a server
  vpsfleet.panels.virtfusion_template_info:
    server_id: 17
    template_name: Debian 12 (Bookworm) Minimal
  register: system
"""

RETURN = r"""
templates:
  description: The templates of all groups, in the panel's order.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: ID of the template.
      type: int
      returned: always
    name:
      description: Name of the template; not unique.
      type: str
      returned: always
    version:
      description: Version, null if none.
      type: str
      returned: always
    variant:
      description: Variant, null if none.
      type: str
      returned: always
    short_name:
      description: Name and version.
      type: str
      returned: always
    full_name:
      description: Name, version and variant.
      type: str
      returned: always
    arch:
      description: Code of its architecture.
      type: int
      returned: always
    type:
      description: Kind of the system, such as V(linux) or V(unix).
      type: str
      returned: always
    description:
      description: Description.
      type: str
      returned: always
    deploy_type:
      description: Code of how it is deployed.
      type: int
      returned: always
    vnc:
      description: Whether VNC is used with it.
      type: bool
      returned: always
    eol:
      description: Whether its support has ended.
      type: bool
      returned: always
    eol_date:
      description: When its support ends.
      type: str
      returned: always
    eol_warning:
      description: Whether the panel warns about the end of support.
      type: bool
      returned: always
    group_id:
      description: ID of its group; V(0) is the group Other.
      type: int
      returned: always
    group_name:
      description: Name of its group.
      type: str
      returned: always
  sample:
    - id: 46
      name: Debian
      version: 12 (Bookworm)
      variant: Minimal
      short_name: Debian 12 (Bookworm)
      full_name: Debian 12 (Bookworm) Minimal
      arch: 1
      type: linux
      group_id: 1
      group_name: Debian
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
    operation: list_server_templates
    message: server not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.template import TEMPLATE_INFO_OPTIONS, TemplateInfo

ARGUMENTS = CONNECTION + TEMPLATE_INFO_OPTIONS

MODULE = PanelModule(VIRTFUSION, TemplateInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
