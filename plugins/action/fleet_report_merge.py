# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Merges the reports of several fleet runs into one."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from ..module_utils._core.argspec import ArgumentSpec
from ..module_utils._core.errors import PanelError
from ..module_utils._core.waiting import SystemClock
from ..plugin_utils._fleet.report_merge import merge_reports
from ..plugin_utils._fleet.run_store import ARGUMENTS as RUN_STORE
from ..plugin_utils._fleet.run_store import store_of
from ..plugin_utils._task_options import TaskOptions

ARGUMENTS = ArgumentSpec(
    {
        "reports": {"type": "list", "elements": "str", "required": True},
        "dest": {"type": "path", "required": True},
        "expected": {"type": "int"},
        "max_failures": {"type": "str", "default": "0"},
        **RUN_STORE.options,
    }
)


class ActionModule(ActionBase):
    """The action. It reads and writes files of the controller, once for all hosts."""

    BYPASS_HOST_LOOP = True
    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the totals of the merged report."""
        super().run(tmp, task_vars)
        options = TaskOptions(ARGUMENTS, self._task.args, self._task.action)
        if options.mistake:
            return {"failed": True, **options.refusal()}
        try:
            store = store_of(options.params, SystemClock()) if options.params["run_store"] else None
            result = merge_reports(options.params, store, check_mode=self._task.check_mode)
        except PanelError as error:
            return options.without_secrets({"failed": True, **error.to_result()})
        return options.without_secrets(result)
