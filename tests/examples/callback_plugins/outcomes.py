# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes down what became of each example: one line of JSON for each result of a task."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: outcomes
type: aggregate
short_description: Record the outcome of each example
description: Appends to the file that VPSFLEET_EXAMPLES_RECORD names.
"""


class CallbackModule(CallbackBase):
    """Record the results of tasks below a block with the variable `vpsfleet_example`."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "outcomes"

    def v2_runner_on_ok(self, result: Any) -> None:
        self._record("ok", result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._record("skipped", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._record("failed", result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._record("failed", result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        for host in {**stats.failures, **stats.dark}:
            self._write({"event": "stopped", "host": host})

    def _record(self, event: str, result: Any) -> None:
        task, content = result._task, result._result
        example = task.get_vars().get("vpsfleet_example")
        messages = [content.get("msg")] + [
            item.get("msg") for item in content.get("results") or () if item.get("failed")
        ]
        if content.get("censored"):
            messages = [content["censored"]]
        self._write(
            {
                "event": event,
                "example": example,
                "host": result._host.get_name(),
                "task": task.get_name(),
                "message": "; ".join(str(message) for message in messages if message),
            }
        )

    def _write(self, row: dict[str, Any]) -> None:
        with open(os.environ["VPSFLEET_EXAMPLES_RECORD"], "a", encoding="utf-8") as record:
            record.write(json.dumps(row) + "\n")
