# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge to Ansible where a task runs as a module: the only file of ``_core`` that ends one."""

from __future__ import annotations

from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from .http import REQUESTS_IMPORT_ERROR
from .panel_module import PanelModule, address_passwords


def run_module(declared: PanelModule[Any]) -> NoReturn:
    """Read the options from Ansible, carry the module out, and end with a result or one clear sentence.

    The module ends outside any ``except``: there, ansible-core before 2.19 would show a traceback.
    """
    module = AnsibleModule(**declared.arguments.to_kwargs(), supports_check_mode=True)
    # What Ansible shows of the options at -vvv must not hold a password out of an address.
    module.no_log_values.update(address_passwords(module.params))
    if REQUESTS_IMPORT_ERROR:
        module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_IMPORT_ERROR)
    result, failed = declared.execute(module.params, check_mode=module.check_mode)
    for warning in result.pop("warnings", ()):
        module.warn(warning)
    if failed:
        module.fail_json(**result)
    module.exit_json(**result)
