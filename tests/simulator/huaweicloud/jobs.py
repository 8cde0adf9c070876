# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restarting servers, and the jobs that result (huaweicloud_cph 3.1)."""

from __future__ import annotations

from typing import Any

from ..exchange import Reply
from .call import Call, new_routes
from .records import Job
from .refusals import SENTENCES, CpsError
from .state import State, stamp

routes = new_routes()

CPH = "/v1/{project_id}/cloud-phone"
RUNNING, SUCCESS, FAILED = 1, 2, -1
NORMAL, FROZEN = 5, 8
MOST_SERVERS = 100
MOST_REQUEST_IDS = 20
JOB_S = 30


@routes.add("POST", f"{CPH}/servers/batch-restart")
def restart_servers(call: Call) -> Reply:
    """Restart up to 100 servers. An error of one server is in its row of a 200 answer."""
    wanted = call.body.get("server_ids")
    if not isinstance(wanted, list) or not 0 < len(wanted) <= MOST_SERVERS:
        raise CpsError("CPS.0002", "The server_ids are invalid.")
    call.refuse_if_restricted()
    rows = [_restart(call, str(server_id)) for server_id in wanted]
    return Reply(200, {"jobs": rows}, refused=all("job_id" not in row for row in rows))


@routes.add("GET", f"{CPH}/jobs")
def list_jobs(call: Call) -> Reply:
    """Return the jobs that some requests started."""
    several = [part for part in call.query.get("request_ids", "").split(",") if part]
    wanted = several or [call.query.get("request_id", "")]
    if wanted == [""] or len(wanted) > MOST_REQUEST_IDS:
        raise CpsError("CPS.0002", "The request_id is invalid.")
    rows = [job for job in call.state.jobs.values() if job["request_id"] in wanted]
    if not rows:
        raise CpsError("CPS.0050")
    return Reply(200, {"jobs": [_seen(call, job) for job in call.offset_page(rows)]})


@routes.add("GET", f"{CPH}/jobs/{{job_id}}")
def show_job(call: Call) -> Reply:
    """Return one job, flat beside the request id."""
    job = call.state.jobs.get(call.path["job_id"])
    if job is None:
        raise CpsError("CPS.0050")
    return Reply(200, _seen(call, job))


def end_due_jobs(state: State) -> None:
    """End the jobs that are due."""
    latest = stamp(state.clock, -JOB_S)
    for job in state.jobs.values():
        if job["status"] == RUNNING:
            if job["begin_time"] <= latest:
                _end(state, job)
            else:
                state.wake_at(stamp(state.clock, 1))


def _restart(call: Call, server_id: str) -> dict[str, Any]:
    server = call.find_server(server_id)
    if server is None:
        # OBSERVED inside jobs of a 200 (huaweicloud_cph 2.8). For a frozen server and one that is not ready, INFERRED.
        return _refused(server_id, "CPS.0097", "The server_id is invalid.")
    if server["status"] == FROZEN:
        return _refused(server_id, "CPS.1028")
    if server["status"] != NORMAL:
        return _refused(server_id, "CPS.0099")
    fault = call.fault
    if fault and fault.kind == "inner_failure":
        return _refused(server_id, "CPS.0042")
    reads = call.switches.number("job_reads")
    job: Job = {
        "job_id": call.state.new_id("job"),
        "request_id": call.request_id,
        "server_id": server_id,
        "begin_time": call.state.now(),
        "end_time": None,
        "status": RUNNING,
        "error_code": None,
        "error_msg": None,
        "reads_left": fault.params["polls"] if fault and fault.kind == "slow_job" else reads,
        "fails": fault is not None and fault.kind == "fail_job",
    }
    call.state.jobs[job["job_id"]] = job
    call.state.wake_at(stamp(call.state.clock, JOB_S))
    nothing = _no_error(call)
    return {
        "server_id": server_id,
        "job_id": job["job_id"],
        "error_code": nothing,
        "error_msg": nothing,
    }


def _refused(server_id: str, code: str, text: str | None = None) -> dict[str, Any]:
    """Return a row without a job (huaweicloud_cph 3.1b)."""
    return {"server_id": server_id, "error_code": code, "error_msg": text or SENTENCES[code]}


def _seen(call: Call, job: Job) -> dict[str, Any]:
    """Count a read of a job and return the job. Enough reads end it."""
    if job["status"] == RUNNING:
        if job["reads_left"] <= 0:
            _end(call.state, job)
        job["reads_left"] -= 1
    nothing = _no_error(call)
    failed = job["error_code"] is not None
    return {
        "job_id": job["job_id"],
        "server_id": job["server_id"],
        "begin_time": job["begin_time"],
        "end_time": job["end_time"],
        "status": job["status"],
        "error_code": job["error_code"] if failed else nothing,
        "error_msg": job["error_msg"] if failed else nothing,
        "execute_msg": "",
    }


def _end(state: State, job: Job) -> None:
    job["status"], job["end_time"] = (FAILED if job["fails"] else SUCCESS), state.now()
    if job["fails"]:
        job["error_code"], job["error_msg"] = "CPS.0099", SENTENCES["CPS.0099"]


def _no_error(call: Call) -> str | None:
    return None if call.switches.is_set("job_no_error", "null") else ""
