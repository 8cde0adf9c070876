# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Queue items. There is no list of them, and a server does not name its items (virtfusion 3.2)."""

from __future__ import annotations

from typing import Any

from ..exchange import Reply
from .call import Call, data, new_routes
from .jobs import JOB_CLASSES
from .records import Job
from .times import offset

routes = new_routes()

STEPS = {
    "build_server": ("server.get.status", "server.os.template.exists", "server.disk.create.os"),
    "boot_server": ("server.boot",),
}
"""Types of the actions inside an item. These are DOCUMENTED. Other jobs show the first one."""


@routes.add("GET", "/queue/{queueId}")
def read_queue_item(call: Call) -> Reply:
    """Return one item. It runs until `finished` is set, and has succeeded if `failed` is false then."""
    job = call.record(call.state.jobs, "queueId", "queue item")
    call.jobs.poll(job["serverId"])
    return data(_view(job))


def _view(job: Job) -> dict[str, Any]:
    done = job["finished"] is not None
    polled = job["totalPolls"] - max(0, job["polls"])
    return {
        "id": job["id"],
        "jobId": str(job["jobId"]),
        "job": f"App\\Jobs\\Server\\KVM\\{JOB_CLASSES[job['action']]}",
        "hypervisorId": job["hypervisorId"],
        "serverId": job["serverId"],
        "action": job["action"],
        "queue": "default",
        "started": offset(job["started"]),
        "updated": offset(job["updated"]),
        "finished": offset(job["finished"]) if job["finished"] else None,
        "failed": job["failed"],
        "progress": 100 if done else 100 * polled // max(1, job["totalPolls"]),
        "errors": {"exception": _exception(job["failed"])},
        "primaryActions": [
            _action(step, job) for step in STEPS.get(job["action"], ("server.get.status",))
        ],
        "subActions": [],
    }


def _exception(failed: bool) -> dict[str, Any]:
    """Return the exception of an item. The keys are DOCUMENTED for a success; the values of a failure are INFERRED."""
    return {
        "stringable": failed,
        "errors": ["The simulated job failed on request"] if failed else [],
        "type": "Exception" if failed else None,
        "trace": None,
        "message": "The simulated job failed on request" if failed else None,
    }


def _action(step: str, job: Job) -> dict[str, Any]:
    """Return one action. Its `success` may be false in an item that has succeeded."""
    return {
        "type": step,
        "dataType": "object",
        "data": {"success": step != "server.os.template.exists"},
        "created": offset(job["started"]),
        "updated": offset(job["updated"]),
    }
