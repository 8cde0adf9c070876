# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs: read at once, or waited for."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.resources.job import (
    JobInfo,
    job_state,
)
from ansible_collections.vpsfleet.panels.plugins.modules.huaweicloud_cph_job_info import ARGUMENTS
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    SERVER_ID,
    fail_task,
    get,
    run_task,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud_phones import (
    FIRST,
    JOB_ID,
    JOBS,
    PHONE_ID,
    REQUEST_ID,
    job,
    jobs_of,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Reply,
    Step,
    answer,
    interrupted,
)

OTHER = "a0000000000000000000000000000002"
UNKNOWN = answer(400, {"error_code": "CPS.0050", "error_msg": "none", "request_id": "r9"})
EXPIRED = answer(401, {"error_code": "APIGW.0301", "error_msg": "decrypt token fail"})
WAIT = {"request_ids": [REQUEST_ID], "wait": True, "retries": 0}
FAILED = {"status": -1, "error_code": "CPS.0099", "error_msg": "The server is not ready."}


def _run(*steps: Step, **options: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = run_task(JobInfo, ARGUMENTS, *steps, **options)["jobs"]
    return rows


def _fail(*steps: Step, **options: Any) -> Any:
    return fail_task(JobInfo, ARGUMENTS, *steps, **options)


def _failing(reply: Reply) -> Step:
    return get(JOBS, reply, {"request_ids": REQUEST_ID, **FIRST})


# --- at once ---------------------------------------------------------------------------------


def test_the_jobs_of_requests_say_which_request_they_are_of():
    steps = [jobs_of(REQUEST_ID, job(1, 1), job(2)), jobs_of(OTHER, job(3))]
    rows = _run(*steps, request_ids=[REQUEST_ID, OTHER, REQUEST_ID])
    assert [row["request_id"] for row in rows] == [REQUEST_ID, REQUEST_ID, OTHER]
    assert rows[0] == {
        "id": JOB_ID,
        "request_id": REQUEST_ID,
        "server_id": SERVER_ID,
        "status": 1,
        "state": "running",
        "begin_time": "2026-01-15T15:00:26Z",
        "end_time": None,
        "error_code": None,
        "error_msg": None,
        "execute_msg": None,
    }


@pytest.mark.parametrize("nothing", [None, ""])
@pytest.mark.parametrize(
    ("subject", "field"),
    [("phone_id", "phone_id"), ("encode_server_id", "encode_server_id"), ("node_id", "server_id")],
)
def test_a_job_by_its_id_is_about_one_thing(subject, field, nothing):
    raw = job(error_code=nothing, error_msg=nothing)
    del raw["server_id"], raw["execute_msg"]
    (row,) = _run(get(f"{JOBS}/{JOB_ID}", {**raw, subject: PHONE_ID}), job_ids=[JOB_ID])
    assert row[field] == PHONE_ID
    assert (row["error_code"], row["error_msg"], row["execute_msg"]) == (None, None, None)
    assert "request_id" not in row
    assert len({"server_id", "phone_id", "encode_server_id"} & set(row)) == 1


def test_a_failed_job_can_be_read():
    (row,) = _run(get(f"{JOBS}/{JOB_ID}", job(**FAILED)), job_ids=[JOB_ID])
    assert (row["state"], row["error_code"]) == ("failed", "CPS.0099")


@pytest.mark.parametrize(
    ("status", "word"),
    [(1, "running"), (2, "success"), (-1, "failed"), (7, "unknown"), (None, None)],
)
def test_each_status_has_a_word(status, word):
    assert job_state(status) == word


@pytest.mark.parametrize("reply", [UNKNOWN, answer(200, {"jobs": []})], ids=["refused", "empty"])
def test_a_request_without_jobs_fails(reply):
    error = _fail(_failing(reply), request_ids=[REQUEST_ID])
    assert error.code.value == "not_found"
    assert error.msg.startswith(f"Cannot list the jobs of request {REQUEST_ID}: ")
    assert "a change of flavor has an order instead" in error.msg


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"request_ids": []}, "request_ids is empty"),
        ({"job_ids": []}, "job_ids is empty"),
        ({"job_ids": ["../servers"]}, "job_ids must be an ID, not '../servers' (it is in the resp"),
        ({"request_ids": ["a,b"]}, "request_ids must be an ID, not 'a,b'"),
        ({"job_ids": ["a"], "wait_timeout": -1}, "wait_timeout must be at least 0, not -1"),
        ({"job_ids": ["a"], "wait_interval": 0}, "wait_interval must be at least 1, not 0"),
    ],
)
def test_a_mistake_is_found_before_anything_is_sent(options, words):
    error = _fail(**options)
    assert error.code.value == "validation"
    assert error.msg.startswith(words)


# --- waiting ---------------------------------------------------------------------------------


def test_all_jobs_are_waited_for_and_those_that_ended_are_not_read_again():
    clock = FakeClock()
    steps = [
        jobs_of(REQUEST_ID, job(1, 1), job(2)),
        jobs_of(OTHER, job(3)),
        jobs_of(REQUEST_ID, job(1, 1), job(2)),
        jobs_of(REQUEST_ID, job(1), job(2)),
    ]
    rows = _run(*steps, request_ids=[REQUEST_ID, OTHER], wait=True, clock=clock)
    assert [row["state"] for row in rows] == ["success"] * 3
    assert clock.sleeps == [5, 5]


def test_an_undocumented_status_is_not_an_end():
    clock = FakeClock()
    assert (
        len(_run(jobs_of(REQUEST_ID, job(1, 7)), jobs_of(REQUEST_ID, job()), clock=clock, **WAIT))
        == 1
    )
    assert len(clock.sleeps) == 1


def test_a_failed_job_is_reported_when_all_have_ended():
    steps = [
        jobs_of(REQUEST_ID, job(1, **FAILED), job(2, 1)),
        jobs_of(REQUEST_ID, job(1, **FAILED), job(2)),
    ]
    error = _fail(*steps, **WAIT)
    assert error.code.value == "job_failed"
    assert error.msg == (
        f"Cannot wait for the jobs: 1 of 2 jobs failed: job {JOB_ID} (server {SERVER_ID}): "
        "The server is not ready. [CPS.0099]"
    )
    assert [row["state"] for row in error.to_result()["jobs"]] == ["failed", "success"]


def test_only_the_first_of_many_failures_are_listed():
    rows = [job(number, -1) for number in range(1, 8)]
    error = _fail(jobs_of(REQUEST_ID, *rows), **WAIT)
    assert "7 of 7 jobs failed: " in error.msg
    assert error.msg.endswith("and 2 more")


def test_time_runs_out():
    steps = [jobs_of(REQUEST_ID, job(1, 1), job(2))] * 3
    error = _fail(*steps, wait_timeout=8, **WAIT)
    assert error.code.value == "wait_timeout"
    assert error.retryable
    assert f"1 of 2 jobs had not ended after 8 s: job {JOB_ID}" in error.msg
    assert len(error.to_result()["jobs"]) == 2


def test_a_few_reads_in_a_row_may_fail():
    bad = [_failing(interrupted()), _failing(UNKNOWN), _failing(answer(502, "<html>"))]
    running = jobs_of(REQUEST_ID, job(1, 1))
    steps = [running, *bad, running, *bad, jobs_of(REQUEST_ID, job())]
    assert _run(*steps, **WAIT)[0]["state"] == "success"


def test_more_of_them_end_the_wait():
    steps = [jobs_of(REQUEST_ID, job(1, 1)), *[_failing(interrupted())] * 4]
    error = _fail(*steps, **WAIT)
    assert error.code.value == "transport"
    assert error.msg.endswith("the jobs may continue)")
    assert error.to_result()["jobs"][0]["state"] == "running"


def test_credentials_that_expire_end_the_wait_at_once():
    error = _fail(jobs_of(REQUEST_ID, job(1, 1)), _failing(EXPIRED), **WAIT)
    assert error.code.value == "auth"
    assert error.msg.endswith("the jobs may continue)")


def test_a_server_that_does_not_exist_is_not_waited_for():
    error = _fail(_failing(UNKNOWN), **WAIT)
    assert error.code.value == "not_found"
    assert "go on" not in error.msg
