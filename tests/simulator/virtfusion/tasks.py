# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pending tasks: changes that apply to the running machine at its next power transition (virtfusion 2.3)."""

from __future__ import annotations

from typing import Any

from .call import Call
from .records import Server

TASK_NAMES = {"memory": "Memory Update", "cpuCores": "CPU Update"}
"""The name for memory is OBSERVED, the one for cores INFERRED from it."""


def await_power_transition(call: Call, server: Server, resource: str, value: Any) -> None:
    """Add a pending task for a new size. A later size replaces an earlier one (INFERRED).

    A server that was never built has no pending tasks (INFERRED).
    """
    waits = {"memory_cpu": ("memory", "cpuCores"), "memory": ("memory",), "none": ()}
    if resource not in waits[call.switches.word("resource_tasks")]:
        return
    if not server["commissionStatus"]:
        return
    name = TASK_NAMES[resource]
    server["tasks"] = [task for task in server["tasks"] if task["action"] != name]
    add_task(call, server, name, {resource: value})


def add_task(call: Call, server: Server, action: str, payload: dict[str, Any]) -> None:
    """Add a pending task, shaped as in the published create example."""
    number = call.state.next_id("task")
    server["tasks"].append(
        {"id": number, "action": action, "payload": payload, "created": call.now()}
    )
