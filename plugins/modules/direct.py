#!/usr/bin/python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: direct
short_description: How the modules of this collection are run
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - This is no module to be called. It is the action that carries out every module of the
    collection, and this page says what it does.
  - A task that runs on the controller, such as on C(localhost) or with C(connection=local), is carried
    out inside of Ansible's own process. That saves the module's transfer and the start of a Python
    interpreter, which is most of what a short task costs.
  - The module is run as any other where the task is for another host, has C(become), C(async) or an
    C(environment), or where Ansible's own Python lacks C(requests).
  - Results are the same either way.
  - Set the variable C(vpsfleet_direct) to V(false) to have modules run as modules everywhere, for
    example because the Python of C(ansible_python_interpreter) is the one with the right C(requests).
extends_documentation_fragment:
  - vpsfleet.panels.attributes
attributes:
  check_mode:
    support: full
    details: As the module that is carried out.
  diff_mode:
    support: full
    details: As the module that is carried out.
  idempotent:
    support: full
    details: As the module that is carried out.
"""

EXAMPLES = r"""
- name: Run one task as an ordinary module
  vpsfleet.panels.virtfusion_package_info:
    api_url: https://panel.example.com
    api_token: "{{ vault_virtfusion_token }}"
  vars:
    vpsfleet_direct: false
"""
