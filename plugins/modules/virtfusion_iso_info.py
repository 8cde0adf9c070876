#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_iso_info
short_description: Read a VirtFusion ISO image
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Reads an ISO image from which servers can boot.
  - The panel's API has no list of ISO images.
options:
  iso_id:
    description:
      - ID of the image. The task fails if it does not exist.
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
- name: Read an ISO image
  vpsfleet.panels.virtfusion_iso_info:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    iso_id: 1
"""

RETURN = r"""
iso:
  description: The image.
  returned: success
  type: dict
  contains:
    id:
      description: ID of the image.
      type: int
      returned: always
    name:
      description: Name of the image.
      type: str
      returned: always
    description:
      description: Description, null if none.
      type: str
      returned: always
    arch:
      description: Code of its architecture.
      type: int
      returned: always
    url:
      description: Its source address.
      type: str
      returned: always
    filename:
      description: Name of its file.
      type: str
      returned: always
    enabled:
      description: Whether it is in use.
      type: bool
      returned: always
    global:
      description: Whether all users may use it.
      type: bool
      returned: always
    download:
      description: Whether hypervisors download it.
      type: bool
      returned: always
    users:
      description: IDs of the users who may use it.
      type: list
      elements: int
      returned: always
    config:
      description: Its settings, decoded from the JSON text of the panel.
      type: raw
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
    id: 1
    name: Rescue
    arch: 1
    filename: rescue
    enabled: true
    global: true
    config: []
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
    operation: get_iso
    message: iso not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.runner import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.panel_info import ISO_INFO_OPTIONS, IsoInfo

ARGUMENTS = CONNECTION + ISO_INFO_OPTIONS

MODULE = PanelModule(VIRTFUSION, IsoInfo, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
