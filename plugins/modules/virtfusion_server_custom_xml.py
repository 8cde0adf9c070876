#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_server_custom_xml
short_description: Set the custom XML of a VirtFusion server
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Sets the custom sections of the libvirt definition of a server's virtual machine.
  - A change takes effect at the next start of the server.
  - XML is compared without surrounding white space. It must be well-formed; its content is not checked.
  - It is not known how the panel treats sections that a request omits. The module therefore reads all
    sections, and sends the others unchanged.
  - XML may contain secrets. Results and diffs show the sections in the options; set C(no_log) to hide
    them.
  - At least one option of a section must be set.
options:
  domain:
    description:
      - XML at the top of the definition. An empty text removes it. Left unchanged if not set.
    type: str
  domain_enabled:
    description:
      - Whether O(domain) is used. Left unchanged if not set.
    type: bool
  os:
    description:
      - XML in its C(os) element. An empty text removes it. Left unchanged if not set.
    type: str
  os_enabled:
    description:
      - Whether O(os) is used. Left unchanged if not set.
    type: bool
  devices:
    description:
      - XML in its C(devices) element. An empty text removes it. Left unchanged if not set.
    type: str
  devices_enabled:
    description:
      - Whether O(devices) is used. Left unchanged if not set.
    type: bool
  features:
    description:
      - XML in its C(features) element. An empty text removes it. Left unchanged if not set.
    type: str
  features_enabled:
    description:
      - Whether O(features) is used. Left unchanged if not set.
    type: bool
  clock:
    description:
      - XML in its C(clock) element. An empty text removes it. Left unchanged if not set.
    type: str
  clock_enabled:
    description:
      - Whether O(clock) is used. Left unchanged if not set.
    type: bool
  cpu_tune:
    description:
      - XML in its C(cputune) element. An empty text removes it. Left unchanged if not set.
    type: str
  cpu_tune_enabled:
    description:
      - Whether O(cpu_tune) is used. Left unchanged if not set.
    type: bool
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.virtfusion.server
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.virtfusion_group
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
"""

EXAMPLES = r"""
- name: Give a server a watchdog
  vpsfleet.panels.virtfusion_server_custom_xml:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    server_id: 17
    devices: <watchdog model="i6300esb" action="reset"/>
    devices_enabled: true

- name: Switch a section off, and keep its text
  vpsfleet.panels.virtfusion_server_custom_xml:
    server_id: 17
    devices_enabled: false
"""

RETURN = r"""
custom_xml:
  description: The sections in the options, after the task; in check mode the predicted ones.
  returned: success, and on failure after a change or a refusal
  type: dict
  contains:
    server_id:
      description: ID of the server.
      type: int
      returned: always
    domain:
      description: XML at the top of the definition.
      type: str
      returned: where an option names the section
    domain_enabled:
      description: Whether it is used.
      type: bool
      returned: where an option names the section
    os:
      description: XML in its C(os) element.
      type: str
      returned: where an option names the section
    os_enabled:
      description: Whether it is used.
      type: bool
      returned: where an option names the section
    devices:
      description: XML in its C(devices) element.
      type: str
      returned: where an option names the section
    devices_enabled:
      description: Whether it is used.
      type: bool
      returned: where an option names the section
    features:
      description: XML in its C(features) element.
      type: str
      returned: where an option names the section
    features_enabled:
      description: Whether it is used.
      type: bool
      returned: where an option names the section
    clock:
      description: XML in its C(clock) element.
      type: str
      returned: where an option names the section
    clock_enabled:
      description: Whether it is used.
      type: bool
      returned: where an option names the section
    cpu_tune:
      description: XML in its C(cputune) element.
      type: str
      returned: where an option names the section
    cpu_tune_enabled:
      description: Whether it is used.
      type: bool
      returned: where an option names the section
  sample:
    server_id: 17
    devices: <watchdog model="i6300esb" action="reset"/>
    devices_enabled: true
restart_required:
  description:
    - Whether the task has changed something, which takes effect at the next start.
    - The module never restarts a server.
  returned: success, and on failure if it was changed in part
  type: bool
  sample: true
changes:
  description: One row for each desired value.
  returned: success, and on failure after a change or a refusal
  type: list
  elements: dict
  contains:
    field:
      description: Name of the value.
      type: str
      returned: always
    unit:
      description: Unit of the values, null if none.
      type: str
      returned: always
    before:
      description: Value before the task.
      type: raw
      returned: always
    desired:
      description: The desired value.
      type: raw
      returned: always
    after:
      description: Value after the task; in check mode the predicted one.
      type: raw
      returned: always
    outcome:
      description: V(changed), V(unchanged), or V(refused) if the panel keeps another value.
      type: str
      returned: always
    message:
      description: Why the panel keeps the value. Null otherwise.
      type: str
      returned: always
  sample:
    - field: devices_enabled
      unit: null
      before: false
      desired: true
      after: true
      outcome: changed
      message: null
refused:
  description: The rows of RV(changes) with the outcome V(refused). Empty unless the task failed.
  returned: success, and on failure after a change or a refusal
  type: list
  elements: dict
  contains:
    field: {description: Name of the value., type: str, returned: always}
    unit: {description: 'Unit of the values, null if none.', type: str, returned: always}
    before: {description: Value before the task., type: raw, returned: always}
    desired: {description: The desired value., type: raw, returned: always}
    after: {description: Value after the task; in check mode the predicted one., type: raw, returned: always}
    outcome:
      description: V(changed), V(unchanged), or V(refused) if the panel keeps another value.
      type: str
      returned: always
    message: {description: 'Why the panel keeps the value. Null otherwise.', type: str, returned: always}
  sample: []
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
    read: 2
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
    code: not_found
    http_status: 404
    operation: get_server
    message: server not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.server_parts import (
    SERVER_CUSTOM_XML_OPTIONS,
    ServerCustomXml,
)

ARGUMENTS = CONNECTION + SERVER_CUSTOM_XML_OPTIONS

MODULE = PanelModule(VIRTFUSION, ServerCustomXml, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
