# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check the variables of the task's role, and return the ones that are set."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase

from ..module_utils._core.argspec import ArgumentSpec
from ..plugin_utils._fleet.attribution import login_name
from ..plugin_utils._role_variables import Mistake, check_known, check_used, checked
from ..plugin_utils._task_options import TaskOptions

ARGUMENTS = ArgumentSpec(
    {
        "entry_point": {"type": "str", "default": "main"},
        "hidden": {"type": "list", "elements": "str", "default": []},
        "known": {"type": "list", "elements": "str", "default": []},
        "unused": {"type": "list", "elements": "str", "default": []},
        "unused_reason": {"type": "str", "default": "it would have no effect"},
    }
)


class ActionModule(ActionBase):
    """The action. It runs on the controller, once for all hosts."""

    BYPASS_HOST_LOOP = True
    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the variables of the role without its prefix."""
        variables = task_vars or {}
        super().run(tmp, variables)
        options = TaskOptions(ARGUMENTS, self._task.args, self._task.action)
        if options.mistake:
            return {"failed": True, "msg": options.mistake}
        role = self._task._role
        if role is None:
            return {"failed": True, "msg": "role_variables is for tasks of a role"}
        try:
            found = self._checked(role, options.params, variables)
        except Mistake as mistake:
            return {"failed": True, "msg": str(mistake)}
        return {"changed": False, "variables": found, "login": login_name(os.environ)}

    def _checked(
        self, role: Any, params: dict[str, Any], variables: dict[str, Any]
    ) -> dict[str, Any]:
        name = str(role.get_name(include_role_fqcn=False))
        path = Path(role._role_path) / "meta" / "argument_specs.yml"
        specs = self._loader.load_from_file(str(path))["argument_specs"]
        entry = specs[params["entry_point"]]["options"]
        known = {option for spec in specs.values() for option in spec["options"]}
        known |= set(params["known"])
        check_known(name, variables, known, {*role._role_vars, *role._default_vars})
        mine = [*entry, *params["unused"]]
        values = {key: self._templar.template(variables[key]) for key in mine if key in variables}
        check_used(values, params["unused"], params["unused_reason"])
        prefix = f"{name}_"
        return {
            key.removeprefix(prefix): each
            for key, each in checked(entry, values).items()
            if key not in params["hidden"]
        }
