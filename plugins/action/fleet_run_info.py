# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Return the run of a folder as data."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from ..module_utils._core.argspec import ArgumentSpec
from ..module_utils._core.errors import PanelError
from ..plugin_utils._fleet.run_info import STEPS, run_info
from ..plugin_utils._task_options import TaskOptions

ARGUMENTS = ArgumentSpec(
    {
        "run_dir": {"type": "path", "required": True},
        "step": {"type": "str", "choices": STEPS},
    }
)


class ActionModule(ActionBase):
    """The action. It reads files of the controller, once for all hosts."""

    BYPASS_HOST_LOOP = True
    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the run."""
        super().run(tmp, task_vars)
        options = TaskOptions(ARGUMENTS, self._task.args, self._task.action)
        if options.mistake:
            return {"failed": True, **options.refusal()}
        try:
            run = run_info(options.params["run_dir"], options.params["step"])
        except PanelError as error:
            return {"failed": True, **error.to_result()}
        return {"changed": False, "run": run}
