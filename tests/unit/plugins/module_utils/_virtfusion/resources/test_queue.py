# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test jobs: read once or waited for, and never with their details."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.queue import (
    QueueInfo,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtfusion_queue_info import ARGUMENTS
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    get,
    ok,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import fail_task, run_task
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import TOKEN

NO_ERROR = {"stringable": False, "errors": [], "type": None, "trace": None, "message": None}
END = "2025-01-15T15:00:49+00:00"


def _job(finished: str | None = None, failed: bool = False, **changes: Any) -> Step:
    raw = {
        "id": 852,
        "jobId": "852",
        "job": "App\\Jobs\\Server\\KVM\\Build",
        "hypervisorId": 1,
        "serverId": 7,
        "action": "build_server",
        "started": "2025-01-15T15:00:26+00:00",
        "updated": END,
        "finished": finished,
        "failed": failed,
        "progress": 100 if finished else 40,
        "errors": {"exception": NO_ERROR},
        "primaryActions": [{"data": {"hashed_passwd": "SECRET", "success": False}}],
        "subActions": [],
        **changes,
    }
    return get("/queue/852", ok(raw))


def _run(*steps: Step, **options: Any) -> dict[str, Any]:
    return run_task(QueueInfo, ARGUMENTS, *steps, queue_id=852, **options)


def test_a_job_is_read_at_once_and_without_its_details():
    result = _run(_job())
    assert result["job"]["finished"] is None
    assert result["job"]["progress"] == 40
    assert result["changed"] is False
    assert "SECRET" not in repr(result)


def test_a_failed_job_can_be_read():
    assert _run(_job(END, failed=True))["job"]["failed"] is True


def test_a_job_is_waited_for_and_nested_failures_are_ignored():
    clock = FakeClock()
    result = _run(_job(), _job(), _job(END), wait=True, clock=clock)
    assert result["job"]["finished"] == END
    assert len(clock.sleeps) == 2


def test_a_job_that_fails_ends_the_wait():
    exception = {**NO_ERROR, "message": "no space left"}
    steps = (_job(), _job(failed=True, errors={"exception": exception}))
    error = fail_task(QueueInfo, ARGUMENTS, *steps, queue_id=852, wait=True)
    assert error.code.value == "job_failed"
    assert error.msg.startswith("Cannot wait for job 852 (build_server): no space left")
    assert error.to_result()["job"]["failed"] is True


def test_the_message_of_a_job_is_masked_and_short():
    exception = {**NO_ERROR, "message": f"no space left for {TOKEN}\n" + "x" * 5000}
    steps = (_job(), _job(failed=True, errors={"exception": exception}))
    error = fail_task(QueueInfo, ARGUMENTS, *steps, queue_id=852, wait=True)
    assert "no space left" in error.msg
    assert TOKEN not in error.msg
    assert len(error.msg) < 1000
    assert "\n" not in error.msg


@pytest.mark.parametrize("errors", [[], {}, None, {"exception": []}])
def test_a_failure_can_have_no_message(errors):
    step = _job(END, failed=True, errors=errors)
    error = fail_task(QueueInfo, ARGUMENTS, step, queue_id=852, wait=True)
    assert error.code.value == "job_failed"
    assert "the panel reports that it failed" in error.msg


def test_a_job_that_takes_too_long():
    error = fail_task(QueueInfo, ARGUMENTS, _job(), queue_id=852, wait=True, wait_timeout=0)
    assert error.code.value == "wait_timeout"
    assert error.retryable


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"queue_id": 0}, "validation", "queue_id must be a positive number, not 0"),
        ({"queue_id": 852, "wait_timeout": -1}, "validation", "wait_timeout must be at least 0"),
    ],
)
def test_an_invalid_option_sends_nothing(options, code, words):
    error = fail_task(QueueInfo, ARGUMENTS, **options)
    assert error.code.value == code
    assert words in error.msg


@pytest.mark.parametrize(
    ("reply", "code"), [(answer(404), "not_found"), (ok({"id": 852}), "protocol")]
)
def test_an_invalid_job_fails(reply, code):
    error = fail_task(QueueInfo, ARGUMENTS, get("/queue/852", reply), queue_id=852)
    assert error.code.value == code
