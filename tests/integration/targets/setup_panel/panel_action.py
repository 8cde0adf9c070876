# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the actions that run other actions share.

One action with many runs takes much less time than a task for each run, since Ansible starts a process
for each task.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase

# Ansible's main process imports the actions, and each task inherits what they import.
import_module("ansible_collections.vpsfleet.panels.plugins.plugin_utils._direct_action")

Result = dict[str, Any]

#: What is compared, the expected value, and the value found.
Claim = tuple[str, Any, Any]


class Deviation(Exception):
    """A result that is not as expected."""


def expect(step: str, *claims: Claim) -> None:
    """Compare values.

    :raises Deviation: some are not as expected.
    """
    wrong = [
        f"{what}: {found!r:.500} instead of {expected!r:.500}"
        for what, expected, found in claims
        if found != expected
    ]
    if wrong:
        raise Deviation(f"{step}: {'; '.join(wrong)}")


class PanelAction(ActionBase):
    """An action that runs modules, and controls the simulated panel."""

    TRANSFERS_FILES = False
    _supports_check_mode = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> Result:
        """Keep the variables of the task."""
        self._variables = task_vars or {}
        result: Result = super().run(tmp, self._variables)
        return result

    def call(self, module: str, args: Mapping[str, Any], **keywords: bool) -> Result:
        """Run a module with the panel's connection."""
        options = {**self.variable("panel_connection"), **args}
        try:
            return self._run_action(module, options, **keywords)
        except AnsibleError as error:
            return {"changed": False, "failed": True, "msg": str(error)}

    def simulator(self, **options: Any) -> Result | None:
        """Run the action ``simulator``. Return ``None`` if the panel is a real one."""
        if not boolean(self.variable("vpsfleet_simulator")):
            return None
        return self._run_action("simulator", options)

    def variable(self, name: str) -> Any:
        """Return the value of a variable."""
        return self._templar.template(self._variables[name])

    def _run_action(self, name: str, args: Mapping[str, Any], **keywords: bool) -> Result:
        """Run an action as a task of its own would, and return what that would register.

        :param keywords: keywords of that task.
        """
        task = self._task.copy()
        task.action = name
        task.args = dict(args)
        for keyword, value in keywords.items():
            setattr(task, keyword, value)
        loader = self._shared_loader_obj.action_loader
        handler = loader.get(
            name if loader.has_plugin(name) else "ansible.legacy.normal",
            task=task,
            connection=self._connection,
            play_context=self._play_context,
            loader=self._loader,
            templar=self._templar,
            shared_loader_obj=self._shared_loader_obj,
        )
        try:
            result = handler.run(task_vars=self._variables)
        finally:
            handler.cleanup()
        kept = {key: value for key, value in result.items() if not key.startswith("_ansible_")}
        return {"changed": False, "failed": False, **kept}
