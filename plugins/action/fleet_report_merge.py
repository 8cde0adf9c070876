# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Merge the reports of several fleet runs into one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._core.argspec import ArgumentSpec
from ..module_utils._core.waiting import SystemClock
from ..plugin_utils._controller_action import ControllerAction
from ..plugin_utils._fleet.report_merge import merge_reports
from ..plugin_utils._fleet.run_store import ARGUMENTS as RUN_STORE
from ..plugin_utils._fleet.run_store import store_of

ARGUMENTS = ArgumentSpec(
    {
        "reports": {"type": "list", "elements": "str", "required": True},
        "dest": {"type": "path", "required": True},
        "expected": {"type": "int"},
        "max_failures": {"type": "str", "default": "0"},
        **RUN_STORE.options,
    }
)


class ActionModule(ControllerAction):
    """The action. It reads and writes files of the controller."""

    ARGUMENTS = ARGUMENTS

    def result(self, params: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return the totals of the merged report."""
        store = store_of(params, SystemClock()) if params["run_store"] else None
        return merge_reports(params, store, check_mode=self._task.check_mode)
