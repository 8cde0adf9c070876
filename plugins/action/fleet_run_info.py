# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Return the run of a folder as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._core.argspec import ArgumentSpec
from ..module_utils._core.clock import SystemClock
from ..plugin_utils._controller_action import ControllerAction
from ..plugin_utils._fleet.identity import time_text
from ..plugin_utils._fleet.run_copies import RunCopies
from ..plugin_utils._fleet.run_folder import RunFolder
from ..plugin_utils._fleet.run_info import STEPS, run_info
from ..plugin_utils._fleet.run_store import ARGUMENTS as RUN_STORE
from ..plugin_utils._fleet.run_store import store_of

ARGUMENTS = ArgumentSpec(
    {
        "run_dir": {"type": "path", "required": True},
        "step": {"type": "str", "choices": STEPS},
        **RUN_STORE.options,
    }
)


class ActionModule(ControllerAction):
    """The action. It reads files of the controller."""

    ARGUMENTS = ARGUMENTS

    def result(self, params: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return the run."""
        if params["run_store"] and not self._task.check_mode:
            fetch_run(params)
        return {"changed": False, "run": run_info(params["run_dir"], params["step"])}


def fetch_run(params: Mapping[str, Any]) -> None:
    """Fetch the run from its store if the folder has none. :raises PanelError: that is not possible."""
    clock = SystemClock()
    copies = RunCopies(store_of(params, clock), RunFolder(params["run_dir"]))
    try:
        copies.fetch(time_text(clock.time()))
    finally:
        copies.close()
