# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The list of tasks of VPSs (virtualizor 4.6)."""

from __future__ import annotations

from typing import Any

from .acts import Acts
from .call import Call
from .paging import like, page_of
from .php_output import serialize
from .state import Row, State

acts = Acts()

COMPLETED, UPDATED, RUNNING, FAILED = (
    "Task Completed",
    "Task Updated",
    "Task in progress",
    "Task Errored",
)
RECORDED = {COMPLETED: "1", UPDATED: "1", RUNNING: "0", FAILED: "-1"}
"""Status number of the record by text. 1 for a completed task is OBSERVED, the others are INFERRED."""
FILTERED = {"1": RUNNING, "2": COMPLETED, "3": UPDATED, "-1": FAILED}
"""Text by status number of the filter. The numbers differ from those of the record (OBSERVED)."""


@acts.page("tasks", "Tasks")
def list_tasks(call: Call) -> dict[str, Any]:
    """Return one page, the newest first unless order=ASC."""
    wanted = {name: call.text(name) for name in ("actid", "vpsid", "action")}
    status, user = call.text("status"), call.text("username")
    rows = [
        row
        for row in call.state.tasks.values()
        if all(text in ("", row[name]) for name, text in wanted.items())
        and (not status or row["status_txt"] == FILTERED.get(status))
        and like(row["email"], user)
    ]
    if call.text("order").upper() != "ASC":
        rows.reverse()
    return {"tasks": page_of(call, rows, "actid", dict)}


@acts.read("tasks", "show_logs")
def show_log(call: Call) -> dict[str, Any]:
    """Return the log of one task, as text."""
    row = call.state.tasks.get(call.number("show_logs"))
    return {"logs": f"{row['action']}: {row['status_txt']}" if row else ""}


def note_task(call: Call, vps: Row, action: str) -> None:
    """Record a completed task of a VPS with its posted form (virtualizor 5)."""
    add_task(call.state, vps, action, COMPLETED, call.now(), dict(call.form))


def add_task(state: State, vps: Row, action: str, text: str, at: int, data: Any) -> None:
    """Add one row."""
    number = state.next_id("task")
    ended = at if text in (COMPLETED, FAILED) else 0
    state.tasks[number] = {
        "actid": str(number),
        "uid": vps["uid"],
        "vpsid": vps["vpsid"],
        "serid": vps["serid"],
        "action": action,
        "data": serialize(data),
        "time": str(at),
        "status": RECORDED[text],
        "status_txt": text,
        "progress": "100" if text == COMPLETED else "35",
        "email": state.user_of(vps).get("email", ""),
        "ip": "192.0.2.10",
        "started": str(at),
        "updated": str(at),
        "ended": str(ended),
        "proc_id": str(4000 + number),
        "internal": "0",
        "server_name": state.node_of(vps).get("server_name", ""),
    }
