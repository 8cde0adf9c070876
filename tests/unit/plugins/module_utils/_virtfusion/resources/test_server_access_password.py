# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the reset of the administrator's password."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.server_access import (
    ServerPassword,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtfusion_server_password import (
    ARGUMENTS,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    get,
    interrupted,
    ok,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import fail_task, run_task
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import server

SECRET = "l1LMzm2JGhWYdjjn8JkC"
READ = get("/servers/7", ok(server()))


def reset(*steps: Step, **options):
    return run_task(ServerPassword, ARGUMENTS, *steps, server_id=7, **options)


def fail_to_reset(*steps: Step, **options):
    return fail_task(ServerPassword, ARGUMENTS, *steps, server_id=7, **options)


def post(body=None, reply=None) -> Step:
    answered = ok({"queueId": 176, "expectedPassword": SECRET})
    return Step("POST", "/servers/7/resetPassword", reply or answered, body=body)


def job(*, failed: bool = False, finished: bool = True) -> Step:
    stamp = "2025-02-01T12:00:00+00:00" if finished else None
    raw = {"id": 176, "action": "reset_password", "failed": failed, "progress": 0}
    return get("/queue/176", ok({**raw, "finished": stamp}))


def test_a_password_is_generated_set_and_not_shown():
    steps = (READ, post({"user": "root", "sendMail": True}), job(finished=False), job())
    result = reset(*steps)
    assert result["changed"] is True
    assert result["server"]["id"] == 7
    assert SECRET not in str(result)


def test_the_password_is_shown_on_request():
    body = {"user": "Administrator", "sendMail": False}
    result = reset(
        READ, post(body), job(), user="Administrator", send_mail=False, return_password=True
    )
    assert result["password"] == SECRET


def test_check_mode_reads_the_server_only():
    result = reset(READ, check_mode=True, return_password=True)
    assert result["changed"] is True
    assert result["password"] is None
    assert result["api_calls"]["write"] == 0


def test_without_waiting_the_job_is_not_read():
    assert reset(READ, post(), wait=False)["changed"] is True


def test_a_response_without_a_job_means_that_the_password_is_set():
    reset(READ, post(reply=ok({"queueId": None, "expectedPassword": SECRET})))


@pytest.mark.parametrize("wait", [True, False])
@pytest.mark.parametrize("result", [False, 0, "0", "false", {"success": False}])
def test_a_password_that_the_guest_did_not_take_is_not_returned(result, wait):
    inner = {"system": {"data": {"reset_password": result}}}
    answered = ok({"queueId": 176, "expectedPassword": SECRET, **inner})
    error = fail_to_reset(READ, post(reply=answered), wait=wait, return_password=True)
    assert (error.code.value, error.uncertain, error.partial) == ("job_failed", False, False)
    assert "reset_password: false" in error.msg
    assert "the old password is still valid" in error.msg
    assert SECRET not in str(error.to_result())


def test_a_password_beside_an_error_is_in_doubt():
    both = answer(200, {"data": {"queueId": 176, "expectedPassword": SECRET}, "errors": ["busy"]})
    error = fail_to_reset(READ, post(reply=both), return_password=True)
    assert (error.code.value, error.uncertain) == ("job_failed", True)
    assert "still valid" not in error.msg


def test_a_password_that_the_guest_took_is_returned():
    inner = {"system": {"data": {"reset_password": True}}}
    answered = ok({"queueId": 176, "expectedPassword": SECRET, **inner})
    assert reset(READ, post(reply=answered), job(), return_password=True)["password"] == SECRET


def test_a_failed_job_leaves_the_old_password():
    error = fail_to_reset(READ, post(), job(failed=True), return_password=True)
    assert error.code.value == "job_failed"
    assert error.uncertain is False


def test_after_a_timeout_the_valid_password_is_unknown():
    error = fail_to_reset(READ, post(), job(finished=False), return_password=True, wait_timeout=0)
    assert error.code.value == "wait_timeout"
    assert error.uncertain is True
    assert error.result["password"] == SECRET


def test_a_failure_contains_the_password_only_on_request():
    error = fail_to_reset(READ, post(), job(finished=False), wait_timeout=0)
    assert SECRET not in str(error.to_result())


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(
    ("step", "code"),
    [
        (get("/servers/7", ok(server(built=None))), "refused"),
        (get("/servers/7", answer(404, {"msg": "server not found"})), "not_found"),
    ],
    ids=["unbuilt", "gone"],
)
def test_nothing_is_sent_without_a_guest(step, code, check_mode):
    assert fail_to_reset(step, check_mode=check_mode).code.value == code


@pytest.mark.parametrize("lost", [interrupted(), answer(504), answer(200, "<html>")])
def test_a_reset_is_never_sent_twice(lost):
    assert fail_to_reset(READ, post(reply=lost)).uncertain is True


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"send_mail": False}, "nobody would receive the new password (set send_mail,"),
        ({"wait_timeout": -1}, "wait_timeout must be at least 0, not -1"),
    ],
)
def test_an_invalid_option_sends_nothing(options, words, check_mode):
    error = fail_to_reset(check_mode=check_mode, **options)
    assert error.code.value == "validation"
    assert words in error.msg
