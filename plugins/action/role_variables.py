# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check the variables of the task's role, and return the ones that are set."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..module_utils._core.argspec import ArgumentSpec
from ..plugin_utils._controller_action import ControllerAction
from ..plugin_utils._fleet.identity import login_name
from ..plugin_utils._role_variables import Mistake, check_known, check_used, checked

ARGUMENTS = ArgumentSpec(
    {
        "entry_point": {"type": "str", "default": "main"},
        "hidden": {"type": "list", "elements": "str", "default": []},
        "known": {"type": "list", "elements": "str", "default": []},
        "unused": {"type": "list", "elements": "str", "default": []},
        "unused_reason": {"type": "str", "default": "it would have no effect"},
    }
)


class ActionModule(ControllerAction):
    """The action."""

    ARGUMENTS = ARGUMENTS

    def result(self, params: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return the variables of the role without its prefix."""
        role = self._task._role
        if role is None:
            return {"failed": True, "msg": "role_variables is for tasks of a role"}
        try:
            found = self._checked(role, params, variables)
        except Mistake as mistake:
            return {"failed": True, "msg": str(mistake)}
        return {
            "changed": False,
            "variables": found,
            "login": login_name(os.environ),
            # In a run with --check, a role with check_mode: false writes nothing either.
            "check_mode": bool(self._task.check_mode or variables.get("ansible_check_mode")),
        }

    def _checked(
        self, role: Any, params: Mapping[str, Any], variables: Mapping[str, Any]
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
