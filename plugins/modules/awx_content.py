#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: awx_content
short_description: Import or remove the AWX content of the role awx_content
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - The role P(vpsfleet.panels.awx_content#role) uses it. It is of no use elsewhere.
  - It checks the settings, the rights of the user and what AWX contains before it changes anything. Then it creates and
    updates the objects with the modules of C(awx.awx) or C(ansible.controller), whichever is installed.
  - An object that does not have the label is never changed or removed.
  - The task runs on the controller, once for all hosts of the play.
options:
  step:
    description:
      - Whether to import or to remove the content.
    type: str
    choices: [import, remove]
    default: import
  settings:
    description:
      - The variables of the role without its prefix.
    type: dict
    required: true
  panels:
    description:
      - The panels, as in the variable C(awx_content_panels) of the role. Not used by O(step=remove).
    type: list
    elements: dict
  notifications:
    description:
      - Ways to reach the approvers, as in the variable C(awx_content_notifications) of the role.
    type: list
    elements: dict
    default: []
  connection:
    description:
      - Address and token of AWX, as options of its modules. Defaults to the environment, such as E(CONTROLLER_HOST) and
        E(CONTROLLER_OAUTH_TOKEN).
    type: dict
    default: {}
  definitions:
    description:
      - The data of the role about credential types, questions, templates, workflows and messages.
    type: dict
    required: true
extends_documentation_fragment:
  - vpsfleet.panels.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: partial
    details:
      - With O(step=remove), a second run fails if the first one removed the organization, too.
"""

EXAMPLES = r"""
- name: Show what would be removed
  vpsfleet.panels.awx_content:
    step: remove
    settings: {organization: Hosting, label: vpsfleet, dry_run: true}
    definitions: {}
  register: content
"""

RETURN = r"""
collection:
  description: The collection whose modules were used, V(awx.awx) or V(ansible.controller).
  returned: if one is installed
  type: str
  sample: awx.awx
created:
  description: The created objects, or those that would be created.
  returned: unless the settings are wrong
  type: list
  elements: str
  sample: [team vpsfleet approvers, job template vpsfleet berlin plan]
updated:
  description: The updated objects. In a dry run, with the options that differ.
  returned: unless the settings are wrong
  type: list
  elements: str
  sample: [workflow vpsfleet berlin change]
removed:
  description: The removed objects, and the revoked permissions of the teams, or those that would be removed.
  returned: unless the settings are wrong
  type: list
  elements: str
  sample: [node plan-berlin-3-of-4 of the workflow vpsfleet all panels change]
left_over:
  description: Objects with the label that are no longer desired, and that the import leaves.
  returned: unless the settings are wrong
  type: list
  elements: str
  sample: []
notes:
  description:
    - What the operator has to check or do in AWX, because no module sets it, and the objects that are left because an
      object without the label uses them.
  returned: unless the settings are wrong
  type: list
  elements: str
  sample: []
dry_run:
  description: Whether nothing was changed, because of check mode or C(dry_run).
  returned: unless the import failed
  type: bool
  sample: false
problems:
  description: One sentence for each reason why nothing was changed, or for the object that AWX refused.
  returned: failure
  type: list
  elements: str
  sample: ["The panel berlin is listed twice."]
"""
