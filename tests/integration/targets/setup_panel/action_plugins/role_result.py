# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Collect what a run of a role has left, in one task instead of four.

Options:

- ``error``: the message of the failure, empty if the role succeeded.
- ``report``, ``plan``: paths of the files that the run may have written.

Returns ``error``; ``report`` and ``plan``, the content of the files, each empty if there is no file; and
``requests`` and ``writes``, what the panel received since the last call, both empty for a real panel.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    _supports_check_mode = True
    _requires_connection = False

    def run(self, tmp: Any = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        requests = self._take_requests(task_vars or {})
        args = self._task.args
        return {
            **result,
            "changed": False,
            "error": args["error"],
            "report": content(Path(args["report"])),
            "plan": content(Path(args["plan"])) if "plan" in args else {},
            "requests": requests,
            "writes": [request for request in requests if request["write"]],
            # The log is long, and a request may contain the token.
            "_ansible_no_log": True,
        }

    def _take_requests(self, variables: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the request log of the simulator and clear it; the faults stay."""
        if not variables["vpsfleet_simulator"]:
            return []
        simulator = self._shared_loader_obj.action_loader.get("simulator", class_only=True)
        control = sys.modules[simulator.__module__].Control(
            variables["vpsfleet_control_url"], variables["vpsfleet_ca_path"]
        )
        requests = control.call("GET", "log")
        control.call("DELETE", "log")
        return requests


def content(path: Path) -> Any:
    """Return the content of a JSON file, an empty object if there is none."""
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}
