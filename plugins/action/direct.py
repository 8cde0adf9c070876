# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Carries a module out inside of Ansible's own process, where the task runs on the controller.

``meta/runtime.yml`` names this action for every module. What a module costs in the first place is
its transfer and the start of an interpreter; here it costs neither. Wherever the same could not be
had, the module is run as any other: on another host, with ``become``, ``async`` or an ``environment``.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import module_loader

from ..module_utils._core.http import REQUESTS_IMPORT_ERROR
from ..module_utils._core.panel_module import PanelModule
from ..plugin_utils._task_options import VERBOSE, TaskOptions

#: The variable with which an operator has modules run as modules.
VARIABLE = "vpsfleet_direct"


class ActionModule(ActionBase):
    """One action for all modules of the collection."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = True

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the result of the task's module."""
        variables = task_vars or {}
        super().run(tmp, variables)
        if not self._is_here(variables):
            result: dict[str, Any] = self._execute_module(
                task_vars=variables, wrap_async=self._task.async_val
            )
            return result
        name = self._module_name()
        module = importlib.import_module(_place_of(name)).MODULE
        return self._execute(module, name)

    def _module_name(self) -> str:
        """Return the full name of the task's module, also where the task uses another name for it."""
        found = module_loader.find_plugin_with_context(
            self._task.action, collection_list=self._task.collections
        )
        return str(found.resolved_fqcn)

    def _is_here(self, variables: Mapping[str, Any]) -> bool:
        """Whether the module would run in this place, under this user, with this environment."""
        desired = self._templar.template(variables.get(VARIABLE, True))
        return bool(
            boolean(desired, strict=False)
            and self._connection.transport == "local"
            and not self._task.async_val
            and not self._connection.become
            and not any(self._task.environment or ())
            and not REQUESTS_IMPORT_ERROR
        )

    def _execute(self, module: PanelModule[Any], name: str) -> dict[str, Any]:
        """Check the options as ``AnsibleModule`` does, and return what it would return."""
        options = TaskOptions(module.arguments, self._task.args, name)
        if options.mistake:
            result, failed = {"msg": options.mistake}, True
        else:
            result, failed = module.execute(options.params, check_mode=self._task.check_mode)
        if failed:
            result["failed"] = True
        if not result.get("warnings", True):
            del result["warnings"]
        shown = options.without_secrets(result)
        if self._display.verbosity >= VERBOSE:
            shown["invocation"] = {"module_args": options.shown()}
        return shown


def _place_of(name: str) -> str:
    """Return where Python finds a module of a collection."""
    namespace, collection, module = name.split(".", 2)
    return f"ansible_collections.{namespace}.{collection}.plugins.modules.{module}"
