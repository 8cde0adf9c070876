#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_server_build
short_description: Build a VirtFusion server from an operating system template
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Puts an operating system on a server that has none, and waits until that is done.
  - A server that was built once is built again only where O(rebuild) says so, since that wipes it.
  - The panel gives no job for a build. Its end is told by the server, and a failed one fails the task
    with C(failure.code=job_failed).
options:
  template_id:
    description:
      - Id of the template. Exactly one of O(template_id) and O(template_name) must be set.
    type: int
  template_name:
    description:
      - Name, version and variant of the template, such as V(Debian 12 (Bookworm) Minimal), to the letter.
        The variant may be left out where there is only one.
      - The task fails if several templates have that name, and lists their ids.
    type: str
  rebuild:
    description:
      - When a server that was built may be built again, which wipes it.
      - V(never) fails where the server has another template, or where its last build failed after an
        earlier one had been good.
      - V(if_different) builds it again in these two cases.
      - V(always) builds it again at every run.
      - A server whose first build failed is built again with any of them.
    type: str
    choices: [never, if_different, always]
    default: never
  hostname:
    description:
      - Host name that the build gives the server, with its domain. Left out, it stays as it is.
      - It counts only when the server is built. One that differs is no reason to build.
    type: str
  ssh_key_ids:
    description:
      - Ids of the SSH keys that the build puts on the server. The task fails if one does not exist or is disabled.
    type: list
    elements: int
  swap:
    description:
      - Size of the swap space in MB.
    type: int
    choices: [256, 512, 768, 1024, 1536, 2048, 3072, 4096, 5120, 6144, 8192]
  vnc:
    description:
      - Whether VNC is on during the build.
    type: bool
  ipv6:
    description:
      - Whether the server gets an IPv6 subnet. The panel assigns it some time after the build has begun.
    type: bool
  send_mail:
    description:
      - Whether the panel mails the owner when the server is built.
    type: bool
  return_password:
    description:
      - Whether to return the password that the build gave the administrator of the guest.
      - It is a secret. Set C(no_log) on the task. The panel shows it only here.
    type: bool
    default: false
  allow_protected:
    description:
      - Whether a server that is protected in the panel may be built again.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait for the end of the build.
      - Without it the task does not know whether the build is good. Run it again with O(wait=true) to
        wait for builds that were all begun before.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait for the end of the build, and for the end of one that is running already.
    type: int
    default: 600
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.virtfusion.server
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.virtfusion_group
attributes:
  check_mode:
    support: full
    details: Waits for a build that is running already, as the real run does.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details: With O(rebuild=always) every run builds the server.
seealso:
  - module: vpsfleet.panels.virtfusion_server
  - module: vpsfleet.panels.virtfusion_template_info
  - module: vpsfleet.panels.virtfusion_ssh_key_info
"""

EXAMPLES = r"""
- name: Install an operating system on a new server
  vpsfleet.panels.virtfusion_server_build:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    server_name: web01
    template_name: Debian 12 (Bookworm) Minimal
    hostname: web01.example.com
    ssh_key_ids: [3]

- name: Have a server on another operating system, whatever is on it now
  vpsfleet.panels.virtfusion_server_build:
    server_id: 17
    template_id: 46
    rebuild: if_different

- name: Begin many builds
  vpsfleet.panels.virtfusion_server_build:
    server_id: "{{ item }}"
    template_id: 46
    wait: false
  loop: [17, 18, 19]

- name: Wait for all of them
  vpsfleet.panels.virtfusion_server_build:
    server_id: "{{ item }}"
    template_id: 46
  loop: [17, 18, 19]
"""

RETURN = r"""
server:
  description:
    - The server after the task; in check mode as it is expected to be.
    - What C(virtfusion_server_info) returns, and whether this task has built it.
  returned: success, and on failure after the build had begun
  type: dict
  sample:
    id: 17
    name: web01
    state: complete
    os_template_id: 46
    built_now: true
template:
  description: The template. What C(virtfusion_template_info) returns.
  returned: success
  type: dict
  sample:
    id: 46
    full_name: Debian 12 (Bookworm) Minimal
password:
  description: The password of the guest's administrator. A secret.
  returned: when the server was built and O(return_password) is set
  type: str
  sample: "********"
changes:
  description: One row for the template, and one for the build itself where there is one.
  returned: success, and on failure after the build had begun
  type: list
  elements: dict
  contains:
    field:
      description: V(os_template_id), or V(built_now) for the build itself.
      type: str
      returned: always
    unit:
      description: Null; these values have none.
      type: str
      returned: always
    before:
      description: The value before the task; null where there is none.
      type: raw
      returned: always
    desired:
      description: The value that was asked for.
      type: raw
      returned: always
    after:
      description: The value after the task; in check mode the expected one.
      type: raw
      returned: always
    outcome:
      description: V(changed), V(unchanged), or V(refused) for a value that differs and stays so.
      type: str
      returned: always
    message:
      description: What is known about a value that stays; null where nothing is.
      type: str
      returned: always
  sample:
    - field: os_template_id
      unit: null
      before: null
      desired: 46
      after: 46
      outcome: changed
      message: null
refused:
  description: The rows of RV(changes) whose outcome is V(refused). If there are any, the task fails.
  returned: success, and on failure after the build had begun
  type: list
  elements: dict
  sample: []
api_calls:
  description: What the task cost - requests that read, that write, that were repeats, and seconds waited.
  returned: always, but for a mistake in the options
  type: dict
  sample:
    read: 5
    write: 1
    retried: 0
    waited_s: 0.0
failure:
  description: What went wrong, for workflows. The guide on failures lists the codes.
  returned: failure
  type: dict
  sample:
    code: job_failed
    http_status: null
    operation: null
    message: the panel says that the build failed
    retryable: false
    partial: true
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.panel_module import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.server_build import (
    SERVER_BUILD_OPTIONS,
    ServerBuild,
)

ARGUMENTS = CONNECTION + SERVER_BUILD_OPTIONS

MODULE = PanelModule(VIRTFUSION, ServerBuild, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
