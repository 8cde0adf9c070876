# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs of requests, and the wait for their end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..._core.argspec import ArgumentSpec, check_ranges, one_of
from ..._core.clock import wait_until
from ..._core.errors import Code, PanelError, invalid
from ..._core.fields import Field, Schema, integer, text, text_identifier
from ..._core.runner import Query
from ..client import MOST_MISSES, PASSING_ERRORS, HuaweiCloud, together
from ..values import reported, word_of
from .server import checked_id

#: The meaning of a job's status (huaweicloud_cph 2.7).
JOB_STATES: Mapping[int, str] = {1: "running", 2: "success", -1: "failed"}
_ENDED = frozenset({"success", "failed"})

_WAIT = "wait for the jobs"
_WHERE = "it is in the response to the request"
_NO_JOBS = "not every request starts jobs; a change of flavor has an order instead"
_MOST_LISTED = 5
#: The subjects of jobs.
_SUBJECTS = {"server_id": "server", "phone_id": "phone", "encode_server_id": "encode server"}


job_state = word_of("job_state", JOB_STATES)

#: A job has the ID of one subject. Without an error it has null or an empty text (huaweicloud_cph 3.1).
JOB = Schema(
    Field("id", "job_id", text_identifier, required=True),
    Field("server_id", ("server_id", "node_id"), text),
    Field("phone_id", "phone_id", text),
    Field("encode_server_id", "encode_server_id", text),
    Field("status", "status", integer, required=True),
    Field("state", "status", job_state),
    Field("begin_time", "begin_time", reported, absent=None),
    Field("end_time", "end_time", reported, absent=None),
    Field("error_code", "error_code", reported, absent=None),
    Field("error_msg", "error_msg", reported, absent=None),
    Field("execute_msg", "execute_msg", reported, absent=None),
)

Jobs = list[dict[str, Any]]


#: The options of huaweicloud_cph_job_info.
JOB_INFO_OPTIONS = one_of("request_ids", "job_ids") + ArgumentSpec(
    {
        "request_ids": {"type": "list", "elements": "str", "aliases": ["request_id"]},
        "job_ids": {"type": "list", "elements": "str", "aliases": ["job_id"]},
        "wait": {"type": "bool", "default": False},
        "wait_timeout": {"type": "int", "default": 600},
        "wait_interval": {"type": "int", "default": 5},
    }
)


class JobInfo(Query[HuaweiCloud]):
    """Read jobs, and optionally wait until all of them have ended."""

    def __init__(self, client: HuaweiCloud, params: Mapping[str, Any]) -> None:
        check_ranges(params, {"wait_timeout": (0, None), "wait_interval": (1, None)})
        super().__init__(client, params)
        #: The jobs as they were read last, by request ID or job ID.
        self._seen: dict[str, Jobs] = {}
        self._misses = 0

    def read(self) -> dict[str, Any]:
        option = "job_ids" if self._params["job_ids"] is not None else "request_ids"
        given = self._params[option]
        if not given:
            raise invalid(f"{option} is empty")
        asked = list(dict.fromkeys(checked_id(option, value, _WHERE) for value in given))
        look_up = self._job if option == "job_ids" else self._of_request
        if self._params["wait"]:
            self._wait(asked, look_up)
        else:
            self._look(asked, look_up)
        return {"jobs": self._jobs()}

    # --- reading ------------------------------------------------------------------------------

    def _job(self, job_id: str) -> Jobs:
        return [JOB.project(self._client.job(job_id))]

    def _of_request(self, request_id: str) -> Jobs:
        """Return the jobs of one request. Rows lack the request, so each request is read by itself."""
        action = f"list the jobs of request {request_id}"
        try:
            rows = self._client.jobs(request_id)
        except PanelError as error:
            error.action = action
            if error.absent:
                error.add_hint(_NO_JOBS)
            raise
        if not rows:
            raise PanelError(
                Code.NOT_FOUND,
                "it has no jobs",
                action=action,
                hint=_NO_JOBS,
                operation="list_jobs",
            )
        return [{**JOB.project(raw), "request_id": request_id} for raw in rows]

    def _look(self, asked: Sequence[str], look_up: Callable[[str], Jobs]) -> None:
        """Read the jobs and keep them."""
        self._seen.update(zip(asked, together(look_up, asked), strict=True))

    def _jobs(self) -> Jobs:
        return [job for jobs in self._seen.values() for job in jobs]

    # --- waiting ------------------------------------------------------------------------------

    def _wait(self, asked: Sequence[str], look_up: Callable[[str], Jobs]) -> None:
        """Read the jobs until all have ended. :raises PanelError: ``job_failed``, ``wait_timeout``."""

        def look() -> Jobs:
            left = [key for key in asked if key not in self._seen or _running(self._seen[key])]
            try:
                self._look(left, look_up)
                self._misses = 0
            except PanelError as error:
                self._tolerate(error)
            return _running(self._jobs())

        interval_s = float(self._params["wait_interval"])
        running, ended = wait_until(
            look,
            lambda left: not left,
            timeout_s=self._params["wait_timeout"],
            clock=self._client.session.backoff.clock,
            first_s=interval_s,
            longest_s=interval_s,
        )
        if not ended:
            raise self._not_ended(running)
        failed = [job for job in self._jobs() if job["state"] == "failed"]
        if failed:
            raise self._failed(failed)

    def _tolerate(self, error: PanelError) -> None:
        """Tolerate a few failed reads in a row. :raises PanelError: one too many, or one that lasts."""
        self._misses += 1
        if self._seen and error.code in PASSING_ERRORS and self._misses <= MOST_MISSES:
            return
        if self._seen:
            error.add_hint("the jobs may continue")
            error.result = {"jobs": self._jobs()}
        raise error

    def _not_ended(self, running: Jobs) -> PanelError:
        timeout_s = self._params["wait_timeout"]
        return PanelError(
            Code.WAIT_TIMEOUT,
            self._message(f"had not ended after {timeout_s} s", running),
            action=_WAIT,
            hint="they may continue; raise wait_timeout, or read them again later",
            retryable=True,
            result={"jobs": self._jobs()},
        )

    def _failed(self, failed: Jobs) -> PanelError:
        return PanelError(
            Code.JOB_FAILED,
            self._message("failed", failed),
            action=_WAIT,
            result={"jobs": self._jobs()},
        )

    def _message(self, outcome: str, jobs: Jobs) -> str:
        """Return a message about jobs, without the secrets that the service may repeat in its texts."""
        share = f"{len(jobs)} of {len(self._jobs())} jobs"
        return f"{share} {outcome}: {self._client.session.redact(_listed(jobs))}"


def _running(jobs: Jobs) -> Jobs:
    """Return the jobs that have not ended."""
    return [job for job in jobs if job["state"] not in _ENDED]


def _listed(jobs: Jobs) -> str:
    """Return the first few jobs for a message."""
    more = len(jobs) - _MOST_LISTED
    words = [_described(job) for job in jobs[:_MOST_LISTED]]
    return "; ".join([*words, f"and {more} more"] if more > 0 else words)


def _described(job: Mapping[str, Any]) -> str:
    """Return a job with its subject and its error for a message."""
    about = next((f" ({what} {job[key]})" for key, what in _SUBJECTS.items() if job.get(key)), "")
    code = job["error_code"] and f"[{job['error_code']}]"
    message = " ".join(filter(None, [job["error_msg"], code]))
    return f"job {job['id']}{about}" + (f": {message}" if message else "")
