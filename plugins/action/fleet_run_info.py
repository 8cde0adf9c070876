# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Return the run of a folder as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.plugins.action import ActionBase

from ..module_utils._core.argspec import ArgumentSpec
from ..module_utils._core.errors import PanelError
from ..module_utils._core.waiting import SystemClock
from ..plugin_utils._fleet.run_copies import RunCopies
from ..plugin_utils._fleet.run_folder import RunFolder
from ..plugin_utils._fleet.run_info import STEPS, run_info
from ..plugin_utils._fleet.run_store import ARGUMENTS as RUN_STORE
from ..plugin_utils._fleet.run_store import store_of
from ..plugin_utils._fleet.timestamps import time_text
from ..plugin_utils._task_options import TaskOptions

ARGUMENTS = ArgumentSpec(
    {
        "run_dir": {"type": "path", "required": True},
        "step": {"type": "str", "choices": STEPS},
        **RUN_STORE.options,
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
            if options.params["run_store"] and not self._task.check_mode:
                fetch_run(options.params)
            run = run_info(options.params["run_dir"], options.params["step"])
        except PanelError as error:
            return {"failed": True, **error.to_result()}
        return {"changed": False, "run": run}


def fetch_run(params: Mapping[str, Any]) -> None:
    """Fetch the run from its store if the folder has none. :raises PanelError: that is not possible."""
    clock = SystemClock()
    copies = RunCopies(store_of(params, clock), RunFolder(params["run_dir"]))
    try:
        copies.fetch(time_text(clock.time()))
    finally:
        copies.close()
