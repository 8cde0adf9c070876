# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge to Ansible where a module runs inside Ansible's own process.

Most of the cost of a module is its transfer and the start of an interpreter. Direct execution saves
both. Where it cannot give the same result, the module runs as any other module does: on another host,
with ``become``, ``async`` or an ``environment``, or in a fork that must not ask macOS for its proxies.

Each module has an action of its own name. Ansible then imports the action, and with it the module and
the HTTP library, once in its main process before it forks. A common action that the modules are
redirected to would do so too, but ``module_defaults`` find a task by the name of its action: the
defaults of one module would reach all others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

from ..module_utils._core import system_settings
from ..module_utils._core.http import REQUESTS_IMPORT_ERROR
from ..module_utils._core.runner import PanelModule
from ._fleet.stop import ProcessStop, task_timeout
from ._task_options import TaskOptions

#: The variable that turns direct execution off.
VARIABLE = "vpsfleet_direct"


class DirectAction(ActionBase):
    """An action that runs its module directly where it can."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = True

    #: The module.
    MODULE: ClassVar[PanelModule[Any]]

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the result of the module."""
        variables = task_vars or {}
        super().run(tmp, variables)
        if not self._is_here(variables):
            result: dict[str, Any] = self._execute_module(
                task_vars=variables, wrap_async=self._task.async_val
            )
            return result
        return self._run_directly(variables)

    @classmethod
    def module_name(cls) -> str:
        """Return the full name of the module, which is the action's own."""
        _top, namespace, collection, *_folders, name = cls.__module__.split(".")
        return f"{namespace}.{collection}.{name}"

    def _is_here(self, variables: Mapping[str, Any]) -> bool:
        """Return whether the module would run in this place, as this user, with this environment."""
        enabled = self._templar.template(variables.get(VARIABLE, True))
        return bool(
            boolean(enabled, strict=False)
            and self._connection.transport == "local"
            and not self._task.async_val
            and not self._connection.become
            and not any(self._task.environment or ())
            and not REQUESTS_IMPORT_ERROR
            and system_settings.known()
        )

    def _run_directly(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Check the options as ``AnsibleModule`` does, and return what it would return."""
        rules, predict = self.MODULE.prediction(self._task.args, check_mode=self._task.check_mode)
        options = TaskOptions(rules, self._task.args, self.module_name())
        failed = True
        if options.mistake:
            result = options.refusal()
        elif predict:
            result, failed = predict(options.params), False
        else:
            result, failed = self._execute_within_timeout(
                options.beside(self._loader.get_basedir())
            )
        if failed:
            result["failed"] = True
        if not result.get("warnings", True):
            del result["warnings"]
        return options.shown_with(result, variables)

    def _execute_within_timeout(self, params: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
        """Execute the module. If the task's timeout passes, end it with the result that it has.

        Ansible's own handler raises an exception wherever the module is, and the result is lost although
        the panel may have made the change. The module also ends if ``ansible-playbook`` was killed: the
        next run may already do the same.
        """
        stop = ProcessStop()
        with task_timeout(self._task.timeout) as passed:

            def ending() -> bool:
                return stop.asked or (passed is not None and passed())

            result, failed = self.MODULE.execute(
                params, check_mode=self._task.check_mode, ending=ending
            )
        if failed and passed is not None and passed():
            seconds = self._task.timeout
            result["msg"] += f" (the timeout of the task, {seconds} seconds, has passed)"
        return result, failed
