# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge to Ansible: the only file of ``_core`` that ends a module."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar
from urllib.parse import urlsplit

from ansible.module_utils.basic import missing_required_lib

from .errors import Code, PanelError
from .http import REQUESTS_IMPORT_ERROR
from .runner import Panel, Task, run

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

ClientT = TypeVar("ClientT")


def run_module(
    module: AnsibleModule,
    panel: Panel[ClientT],
    work: Callable[[ClientT, Any], Task],
) -> NoReturn:
    """Run the task and end the module, with a result or with one clear sentence.

    :param work: the class of the resource to converge, the query to answer, or the action to do.
    """
    # What Ansible shows of the options at -vvv must not hold a password out of an address.
    module.no_log_values.update(_passwords(module.params["api_url"]))
    if REQUESTS_IMPORT_ERROR:
        module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_IMPORT_ERROR)
    result, failed = _carry_out(module, panel, work)
    for warning in result.pop("warnings", ()):
        module.warn(warning)
    if failed:
        module.fail_json(**result)
    module.exit_json(**result)


def _carry_out(
    module: AnsibleModule,
    panel: Panel[ClientT],
    work: Callable[[ClientT, Any], Task],
) -> tuple[dict[str, Any], bool]:
    """Return the result, and whether it is a failure.

    The module ends outside any ``except``: there, ansible-core before 2.19 would show a traceback.
    """
    try:
        return run(panel, work, module.params, check_mode=module.check_mode), False
    except PanelError as error:
        return error.to_result(), True
    except Exception as error:  # noqa: BLE001 - no traceback ever reaches an operator
        defect = PanelError(
            Code.INTERNAL,
            f"{type(error).__name__}: {error}",
            doing="go on after a defect in vpsfleet.panels",
            hint="please report it",
        )
        return defect.to_result(), True


def _passwords(address: str) -> set[str]:
    """Return the password that somebody put into an address, as it is written there."""
    try:
        password = urlsplit(address).password
    except ValueError:
        return set()
    return {password} if password else set()
