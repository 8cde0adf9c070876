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

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import module_loader

from ..module_utils._core.http import REQUESTS_IMPORT_ERROR
from ..module_utils._core.panel_module import PanelModule, address_passwords

#: The variable with which an operator has modules run as modules.
VARIABLE = "vpsfleet_direct"

HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"

#: The verbosity (-vvv) from which Ansible shows a task's options.
_VERBOSE = 3


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
        return self._carry_out(module, name)

    def _module_name(self) -> str:
        """Return the full name of the task's module, also where the task uses another name for it."""
        found = module_loader.find_plugin_with_context(
            self._task.action, collection_list=self._task.collections
        )
        return str(found.resolved_fqcn)

    def _is_here(self, variables: Mapping[str, Any]) -> bool:
        """Whether the module would run in this place, under this user, with this environment."""
        wanted = self._templar.template(variables.get(VARIABLE, True))
        return bool(
            boolean(wanted, strict=False)
            and self._connection.transport == "local"
            and not self._task.async_val
            and not self._connection.become
            and not any(self._task.environment or ())
            and not REQUESTS_IMPORT_ERROR
        )

    def _carry_out(self, module: PanelModule[Any], name: str) -> dict[str, Any]:
        """Check the options as ``AnsibleModule`` does, and return what it would return."""
        options = _plain(self._task.args)
        rules = module.arguments.to_kwargs()
        checked = ArgumentSpecValidator(rules.pop("argument_spec"), **rules).validate(options)
        params = {**options, **checked.validated_parameters}
        secrets = {*_secret(module, params).values(), *address_passwords(params)}
        if checked.error_messages:
            said = checked.errors.msg
            if isinstance(checked.errors[0], UnsupportedError):
                said = f"Unsupported parameters for ({name}) module: {said}"
            result, failed = {"msg": said}, True
        else:
            result, failed = module.carry_out(params, check_mode=self._task.check_mode)
        if failed:
            result["failed"] = True
        if not result.get("warnings", True):
            del result["warnings"]
        shown: dict[str, Any] = remove_values(result, secrets)
        if self._display.verbosity >= _VERBOSE:
            shown["invocation"] = {"module_args": _shown(module, params)}
        return shown


def _place_of(name: str) -> str:
    """Return where Python finds a module of a collection."""
    namespace, collection, module = name.split(".", 2)
    return f"ansible_collections.{namespace}.{collection}.plugins.modules.{module}"


def _plain(value: Any) -> Any:
    """Return a value as JSON would carry it to a module: without Ansible's own kinds of text and numbers."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, bool) or value is None:
        return value
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return str(value)  # a vaulted text of ansible-core before 2.19, a date


def _secret(module: PanelModule[Any], params: Mapping[str, Any]) -> dict[str, str]:
    """Return the options that are set and not to be shown."""
    return {
        option: str(params[option])
        for option, rule in module.arguments.options.items()
        if rule.get("no_log") and params.get(option)
    }


def _shown(module: PanelModule[Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options as they may be shown."""
    hidden = dict.fromkeys(_secret(module, params), HIDDEN)
    shown: dict[str, Any] = remove_values({**params, **hidden}, address_passwords(params))
    return shown
