#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: role_variables
short_description: Check the variables of the roles of this collection
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - The roles of this collection use it as their first task. It has no other purpose.
  - It fails if a variable with the role's prefix is set that the role does not have, and suggests a
    similar name. A mistyped C(vps_fleet_dryrun) would otherwise be ignored, and servers changed.
  - It checks the types of the others, and returns them. A variable that is null or an empty text, such
    as an empty field of a survey, counts as not set.
  - The task runs on the controller, once for all hosts of the play.
options:
  entry_point:
    description:
      - Entry point of the role whose variables are returned.
    type: str
    default: main
  hidden:
    description:
      - Variables that are checked and not returned, since they may hold secrets.
    type: list
    elements: str
    default: []
  known:
    description:
      - Further variables with the role's prefix, which a playbook passes on to those of the role.
    type: list
    elements: str
    default: []
  unused:
    description:
      - Variables that must not be set for this entry point.
    type: list
    elements: str
    default: []
  unused_reason:
    description:
      - Why O(unused) must not be set.
    type: str
    default: it would have no effect
extends_documentation_fragment:
  - vpsfleet.panels.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: full
"""

EXAMPLES = r"""
- name: Check the variables
  vpsfleet.panels.role_variables:
    entry_point: resume
    unused: [vps_fleet_servers]
    unused_reason: the run in vps_fleet_run_dir states its servers
  register: vps_fleet__asked
"""

RETURN = r"""
variables:
  description: The variables that are set, and the defaults of the others, by their names without the prefix.
  returned: success
  type: dict
  sample:
    dry_run: false
    run_dir: /var/lib/fleet/cloud-4
login:
  description: Login name of the user who runs Ansible, also after C(sudo).
  returned: success
  type: str
  sample: alice
check_mode:
  description:
    - Whether the role is in check mode, since this task is, or since C(--check) is given. C(ansible_check_mode) shows
      only the latter.
  returned: success
  type: bool
  sample: false
"""
