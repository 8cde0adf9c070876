# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Merge the reports of several fleet runs into one, or add up their summaries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._core.argspec import ArgumentSpec
from ..module_utils._core.clock import SystemClock
from ..plugin_utils._controller_action import ControllerAction
from ..plugin_utils._fleet.report_merge import merge_reports
from ..plugin_utils._fleet.run_store import ARGUMENTS as RUN_STORE
from ..plugin_utils._fleet.run_store import store_of
from ..plugin_utils._fleet.run_sum import sum_runs

ARGUMENTS = ArgumentSpec(
    {
        "reports": {"type": "list", "elements": "str"},
        "summaries": {"type": "dict"},
        "dest": {"type": "path"},
        "expected": {"type": "int"},
        "max_failures": {"type": "str", "default": "0"},
        **RUN_STORE.options,
    },
    mutually_exclusive=[("reports", "summaries"), ("dest", "summaries")],
    required_one_of=[("reports", "summaries")],
    required_by={"reports": ["dest"]},
)


class ActionModule(ControllerAction):
    """The action. It reads and writes files of the controller."""

    ARGUMENTS = ARGUMENTS

    def result(self, params: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return the totals of the merged report, or of the summaries."""
        if params["summaries"] is not None:
            return sum_runs(params)
        store = store_of(params, SystemClock()) if params["run_store"] else None
        return merge_reports(params, store, check_mode=self._task.check_mode)
