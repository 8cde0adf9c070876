# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A job in a VirtFusion panel's queue, and the wait for its end."""

from __future__ import annotations

from typing import Any

from ..._core.argspec import ArgumentSpec, check_ranges, positive
from ..._core.clock import wait_until
from ..._core.errors import Code, PanelError
from ..._core.fields import Field, Schema, boolean, identifier, integer, text
from ..._core.runner import Query
from ..client import VirtFusion

#: The ID of a job, in the response to the request that started it (virtfusion 3.1).
QUEUE_ID = Field("queue_id", "queueId", integer, absent=None)

#: Without a job's details, which hold passwords and command lines (virtfusion 9).
JOB = Schema(
    Field("id", "id", identifier, required=True),
    Field("action", "action", text, absent=None),
    Field("server_id", "serverId", integer),
    Field("hypervisor_id", "hypervisorId", integer),
    Field("started", "started", text),
    Field("updated", "updated", text),
    Field("finished", "finished", text, absent=None),
    Field("failed", "failed", boolean, required=True),
    Field("progress", "progress", integer, "%", absent=None),
    Field("message", "errors.exception.message", text, absent=None),
)


def read_job(client: VirtFusion, queue_id: int) -> dict[str, Any]:
    """Return one job."""
    return JOB.project(client.one("get_queue_item", path={"queue_id": queue_id}))


def wait_for_job(client: VirtFusion, queue_id: int, timeout_s: float) -> dict[str, Any]:
    """Wait until a job succeeds and return it: finished is set, failed is not (virtfusion 3.2).

    :raises PanelError: ``job_failed``, or ``wait_timeout`` if it is still running.
    """
    job, ended = wait_until(
        lambda: read_job(client, queue_id),
        lambda seen: seen["finished"] is not None or seen["failed"],
        timeout_s=timeout_s,
        clock=client.session.backoff.clock,
    )
    action = f"wait for job {queue_id} ({job['action']})"
    if job["failed"]:
        said = client.session.message(job["message"] or "")
        raise PanelError(
            Code.JOB_FAILED,
            said or "the panel reports that it failed",
            action=action,
            hint="check it in the panel",
            result={"job": job},
        )
    if not ended:
        message = f"it is still running after {timeout_s:.0f} s, at {job['progress']} %"
        raise PanelError(
            Code.WAIT_TIMEOUT,
            message,
            action=action,
            hint="it continues in the panel; raise wait_timeout, or check it with virtfusion_queue_info",
            retryable=True,
            result={"job": job},
        )
    return job


#: The options of virtfusion_queue_info.
QUEUE_INFO_OPTIONS = ArgumentSpec(
    {
        "queue_id": {"type": "int", "required": True},
        "wait": {"type": "bool", "default": False},
        "wait_timeout": {"type": "int", "default": 300},
    }
)


class QueueInfo(Query[VirtFusion]):
    """One job, read at once or after it ends."""

    def read(self) -> dict[str, Any]:
        check_ranges(self._params, {"wait_timeout": (0, None)})
        queue_id = positive("queue_id", self._params["queue_id"])
        if not self._params["wait"]:
            return {"job": read_job(self._client, queue_id)}
        return {"job": wait_for_job(self._client, queue_id, self._params["wait_timeout"])}
