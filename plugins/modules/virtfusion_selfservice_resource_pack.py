#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtfusion_selfservice_resource_pack
short_description: Add, enable, disable or delete a resource pack of a VirtFusion user
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Adds a pack to a user, or changes or deletes one.
  - There are two ids. A pack is made from a template, and then has an id of its own. Everything
    but making it takes the pack's own id.
  - The panel does not list the packs of a user, so the module cannot know that one is there
    already. Without O(pack_id), and with O(create), B(every run adds another pack). Keep
    C(resource_pack.id) and pass it as O(pack_id) from then on.
options:
  state:
    description:
      - V(present) adds a pack, or makes sure that the one with O(pack_id) is there. V(absent)
        deletes the one with O(pack_id).
    type: str
    choices: [present, absent]
    default: present
  pack_id:
    description:
      - Id of the user's pack. Required unless O(create) is set.
      - With O(state=present) the task fails if there is no such pack, since a pack cannot be made
        with an id of choice.
    type: int
  create:
    description:
      - Whether to add a new pack where O(pack_id) is not set. With O(pack_id) it has no effect, so a
        play can set it always and leave out O(pack_id) for the first run only.
    type: bool
    default: false
  ext_relation_id:
    description:
      - External relation id of the user. One of O(ext_relation_id) and O(relation_string) must
        be set to add a pack.
    type: int
  relation_string:
    description:
      - External relation string of the user.
    type: str
  template_id:
    description:
      - Id of the template, the panel's resource limit profile. Required to add a pack.
      - With O(pack_id), the task fails if the pack was made from another one.
    type: int
  enabled:
    description:
      - Whether the pack is enabled. A new one is, unless this is V(false).
      - As far as known, no panel shows it. There, setting this for a pack that is there sends it at
        every run, and reports a change. Leave it out when nothing is to be changed.
    type: bool
  disable_if_in_use:
    description:
      - Whether a pack that has servers, and therefore cannot be deleted, is disabled instead. Without it the
        task fails.
      - C(resource_pack.state) tells which it was.
    type: bool
    default: false
extends_documentation_fragment:
  - vpsfleet.panels.connection
  - vpsfleet.panels.virtfusion
  - vpsfleet.panels.attributes
  - vpsfleet.panels.attributes.virtfusion_group
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - With O(pack_id) it is, but for O(enabled) and O(disable_if_in_use), since panels do not show the former.
      - Adding a pack is not, and cannot be, since the panel does not list them.
seealso:
  - module: vpsfleet.panels.virtfusion_selfservice_resource_pack_info
  - module: vpsfleet.panels.virtfusion_selfservice_resource_pack_servers
"""

EXAMPLES = r"""
- name: Add a pack, unless it was added before
  vpsfleet.panels.virtfusion_selfservice_resource_pack:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
    ext_relation_id: 1042
    template_id: 9
    pack_id: "{{ customer_pack_id | default(omit) }}"
    create: true
  register: pack

- name: Disable it
  vpsfleet.panels.virtfusion_selfservice_resource_pack:
    pack_id: "{{ pack.resource_pack.id }}"
    enabled: false

- name: Delete it, or disable it while it has servers
  vpsfleet.panels.virtfusion_selfservice_resource_pack:
    pack_id: 18
    state: absent
    disable_if_in_use: true
"""

RETURN = r"""
resource_pack:
  description:
    - The pack after the task; in check mode as far as it can be foreseen. What
      C(virtfusion_selfservice_resource_pack_info) returns, and C(state).
    - Where the panel does not show C(enabled), it is what the panel accepted in this task, or null.
  returned: success; of a pack that was added, the id is returned even if the task failed after that
  type: dict
  sample:
    state: present
    id: 18
    template_id: 9
    name: Pack 2
    enabled: true
changes:
  description: One row for each value that was asked for.
  returned: success
  type: list
  elements: dict
  contains:
    field:
      description: The value's name.
      type: str
      returned: always
    unit:
      description: Unit of the values, null where there is none.
      type: str
      returned: always
    before:
      description: Value before the task.
      type: raw
      returned: always
    desired:
      description: Value asked for.
      type: raw
      returned: always
    after:
      description: Value after the task; in check mode the expected one.
      type: raw
      returned: always
    outcome:
      description: V(changed), V(unchanged), or V(refused) for a value that differs and stays so.
      type: str
      returned: always
    message:
      description: What the panel said about it; null where nothing was said.
      type: str
      returned: always
  sample:
    - field: state
      unit: null
      before: absent
      desired: present
      after: present
      outcome: changed
      message: null
refused:
  description: The rows of RV(changes) that differ and stay so, on which the task fails.
  returned: success, and on failure where there are some
  type: list
  elements: dict
  sample: []
api_calls:
  description: What the task cost - requests that read, that write, that were repeats, and seconds waited.
  returned: always, but for a mistake in the options
  type: dict
  sample:
    read: 1
    write: 1
    retried: 0
    waited_s: 0.0
failure:
  description: What went wrong, for workflows. The guide on failures lists the codes.
  returned: failure
  type: dict
  sample:
    code: not_found
    http_status: 404
    operation: get_resource_pack
    message: resource pack not found
    retryable: false
    partial: false
    state: known
"""

from ..module_utils._core.ansible_module import run_module
from ..module_utils._core.panel_module import PanelModule
from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.selfservice_resource_pack import (
    RESOURCE_PACK_OPTIONS,
    ResourcePack,
)

ARGUMENTS = CONNECTION + RESOURCE_PACK_OPTIONS

MODULE = PanelModule(VIRTFUSION, ResourcePack, ARGUMENTS)


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
