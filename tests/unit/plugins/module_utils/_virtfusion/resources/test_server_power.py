# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test power states: actions, waiting, unknown states."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.server_power import (
    ServerPower,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtfusion_server_power import ARGUMENTS
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    get,
    interrupted,
    ok,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import fail_task, run_task
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import server

PENDING = {
    "active": False,
    "actions": {"pending": [{"action": "Memory Update", "requires": ["boot", "restart"]}]},
}


def power(*steps: Step, **options):
    return run_task(ServerPower, ARGUMENTS, *steps, server_id=7, **options)


def fail_to_power(*steps: Step, **options):
    return fail_task(ServerPower, ARGUMENTS, *steps, server_id=7, **options)


def read(running, **changes) -> Step:
    remote = running if running in (None, []) else {"running": running, "state": "unknown words"}
    state = False if remote is None else remote
    return get("/servers/7", ok(server(remoteState=state, **changes)), {"remoteState": "true"})


@pytest.mark.parametrize(
    ("remote", "changed"),
    [
        ({"state": "running"}, False),
        ({"state": "Powered On"}, False),
        ({"state": "powered off"}, True),
        ({"state": "shutoff"}, True),
        ({"running": 1, "state": "shutoff"}, False),
    ],
)
def test_the_state_word_is_used_if_there_is_no_other_value(remote, changed):
    look = get("/servers/7", ok(server(remoteState=remote)), {"remoteState": "true"})
    assert power(look, state="running", check_mode=True)["changed"] is changed


@pytest.mark.parametrize("remote", [{"state": "dreaming"}, {"state": ""}, {"running": None}, {}])
def test_an_unknown_state_is_not_guessed(remote):
    look = get("/servers/7", ok(server(remoteState=remote)), {"remoteState": "true"})
    assert fail_to_power(look, state="running").code.value == "transport"


def test_a_power_action_that_the_hypervisor_did_not_take_fails():
    inner = {"queueId": None, "system": {"data": {"boot": False}}}
    error = fail_to_power(read(False), act("boot", ok(inner)), state="running")
    assert (error.code.value, error.partial) == ("job_failed", False)


def act(action: str, reply=None) -> Step:
    return Step("POST", f"/servers/7/power/{action}", reply or ok({"queueId": 171}))


def job(*, failed: bool = False, finished: bool = True) -> Step:
    raw = {"id": 171, "action": "power", "failed": failed, "progress": 100 if finished else 40}
    stamp = "2025-02-01T12:00:00+00:00" if finished else None
    return get("/queue/171", ok({**raw, "finished": stamp, "errors": {}}))


@pytest.mark.parametrize(
    ("state", "running", "options", "action"),
    [
        ("running", False, {}, "boot"),
        ("stopped", True, {}, "shutdown"),
        ("stopped", True, {"hard": True}, "poweroff"),
        ("stopped", True, {"escalate": True}, "shutdown"),
        ("restarted", False, {}, "boot"),
    ],
)
def test_a_state_is_reached_and_predicted(state, running, options, action):
    predicted = power(read(running), check_mode=True, state=state, **options)
    real = power(
        read(running),
        act(action),
        job(finished=False),
        job(),
        read(running),
        read(not running),
        read(not running),
        state=state,
        **options,
    )
    for key in ("changed", "diff", "changes"):
        assert predicted[key] == real[key]
    assert real["changed"] is True
    assert real["server"]["running"] is not running
    assert real["server"]["restarted_now"] is False


@pytest.mark.parametrize(("state", "running"), [("running", True), ("stopped", False)])
def test_a_server_in_the_desired_state_is_left_unchanged(state, running):
    result = power(read(running), state=state)
    assert result["changed"] is False
    assert result["api_calls"]["write"] == 0


@pytest.mark.parametrize("tasks", [{}, {"tasks": PENDING}])
def test_a_running_server_is_restarted_at_every_run(tasks):
    predicted = power(read(True, **tasks), check_mode=True, state="restarted")
    real = power(
        read(True, **tasks), act("restart"), job(), read(True), read(True), state="restarted"
    )
    assert predicted["diff"] == real["diff"]
    assert real["diff"]["after"] == {"restarted_now": True}
    assert real["server"]["restarted_now"] is True


@pytest.mark.parametrize(
    ("running", "tasks", "restarted"),
    [
        (True, PENDING, True),
        (True, {"active": False, "actions": {"pending": []}}, False),
        (False, PENDING, False),
    ],
    ids=["waiting", "nothing waits", "stopped"],
)
def test_only_a_running_server_with_a_waiting_task_is_restarted(running, tasks, restarted):
    result = power(
        read(running, tasks=tasks), check_mode=True, state="restarted", only_if_pending=True
    )
    assert result["changed"] is restarted


# --- the live state --------------------------------------------------------------------------


@pytest.mark.parametrize("remote", [None, []])
@pytest.mark.parametrize("state", ["running", "stopped", "restarted"])
def test_the_state_on_a_silent_hypervisor_is_unknown(state, remote):
    error = fail_to_power(read(remote), state=state)
    assert (error.code.value, error.retryable) == ("transport", True)
    assert error.msg.startswith(
        "Cannot read the power state of server 7 (web01): the power state is unknown"
    )


def test_a_temporarily_silent_hypervisor_is_waited_for():
    steps = (read(False), act("boot"), job(), read(None), read(True), read(True))
    assert power(*steps, state="running")["changed"] is True


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_server_that_was_not_built_does_not_start(check_mode):
    unbuilt = {"commissionStatus": 0, "built": None}
    error = fail_to_power(read(False, **unbuilt), check_mode=check_mode, state="running")
    assert error.code.value == "refused"
    assert error.msg.startswith(
        "Cannot change the power state of server 7 (web01): it is not built"
    )
    assert power(read(False, **unbuilt), state="stopped")["changed"] is False


# --- what goes wrong -------------------------------------------------------------------------


def test_a_guest_that_does_not_stop_fails_the_task_with_a_hint():
    still = read(True)
    error = fail_to_power(
        read(True),
        act("shutdown"),
        job(),
        still,
        still,
        still,
        still,
        state="stopped",
        wait_timeout=1,
    )
    assert error.code.value == "wait_timeout"
    assert error.msg.startswith("Cannot stop server 7 (web01): it still runs after 1 s (")
    assert "set escalate to power off" in error.msg
    assert (error.partial, error.uncertain, error.retryable) == (False, True, True)
    result = error.to_result()
    assert (result["changed"], result["server"]["running"]) == (False, True)


@pytest.mark.parametrize(
    "stubborn",
    [
        [job(), read(True), read(True), read(True)],
        [job(failed=True)],
        [job(finished=False)] * 3,
    ],
    ids=["still runs", "the job failed", "the job goes on"],
)
def test_a_guest_that_does_not_stop_is_powered_off_if_allowed(stubborn):
    result = power(
        read(True),
        act("shutdown"),
        *stubborn,
        act("poweroff"),
        job(),
        read(False),
        read(False),
        state="stopped",
        escalate=True,
        wait_timeout=1,
    )
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 2


@pytest.mark.parametrize("escalate", [False, True])
def test_a_refused_shutdown_is_not_followed_by_a_poweroff(escalate):
    refused = act("shutdown", answer(403))
    error = fail_to_power(read(True), refused, state="stopped", escalate=escalate)
    assert (error.code.value, error.partial) == ("forbidden", False)


@pytest.mark.parametrize("runs", [False, True])
def test_a_failed_job_has_changed_what_the_server_shows(runs):
    error = fail_to_power(read(False), act("boot"), job(failed=True), read(runs), state="running")
    assert (error.code.value, error.uncertain) == ("job_failed", False)
    result = error.to_result()
    assert (result["changed"], result["failure"]["partial"]) == (runs, runs)
    assert result["server"]["running"] is runs
    assert result["changes"][0]["outcome"] == ("changed" if runs else "unchanged")
    assert result["job"]["id"] == 171


@pytest.mark.parametrize("runs", [False, True])
def test_no_read_shows_a_restart_whose_job_failed(runs):
    steps = (read(True), act("restart"), job(failed=True), read(runs))
    error = fail_to_power(*steps, state="restarted")
    assert (error.code.value, error.uncertain, error.partial) == ("job_failed", True, not runs)
    result = error.to_result()
    assert (result["server"]["running"], result["server"]["restarted_now"]) == (runs, False)
    assert (result["diff"]["after"]) == ({} if runs else {"running": False})


def test_a_failed_job_of_a_server_that_cannot_be_read_is_in_doubt():
    steps = (read(False), act("boot"), job(failed=True), get("/servers/7", answer(403)))
    error = fail_to_power(*steps, state="running")
    assert (error.code.value, error.uncertain) == ("job_failed", True)


@pytest.mark.parametrize(
    ("looks", "uncertain"), [([job(), read(True)], True), ([job(failed=True)], False)]
)
def test_a_guest_may_still_follow_its_shutdown_after_a_refused_poweroff(looks, uncertain):
    steps = (read(True), act("shutdown"), *looks, act("poweroff", answer(403)), read(True))
    error = fail_to_power(*steps, state="stopped", escalate=True, wait_timeout=0)
    assert (error.code.value, error.uncertain, error.partial) == ("forbidden", uncertain, False)
    assert error.to_result()["server"]["running"] is True


@pytest.mark.parametrize(
    "after",
    [[get("/queue/171", answer(403))], [job(), get("/servers/7", answer(403))]],
    ids=["the job", "the server"],
)
def test_an_accepted_action_that_cannot_be_followed_is_in_doubt(after):
    error = fail_to_power(
        read(False), act("boot"), *after, get("/servers/7", answer(403)), state="running"
    )
    assert (error.code.value, error.partial, error.uncertain) == ("forbidden", True, True)
    assert "the panel has accepted the request" in error.msg


def test_a_lost_boot_is_verified_and_not_repeated_if_it_took_effect():
    result = power(read(False), act("boot", interrupted()), read(True), read(True), state="running")
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 1


def test_a_lost_restart_is_never_sent_again():
    error = fail_to_power(read(True), act("restart", interrupted()), state="restarted")
    assert error.uncertain is True


def test_the_job_and_the_state_share_the_time():
    clock = FakeClock()
    # Half a second and one second pass until the job has ended; half a second is left for the state.
    error = fail_to_power(
        read(False),
        act("boot"),
        job(finished=False),
        job(finished=False),
        job(),
        read(False),
        read(False),
        read(False),
        clock=clock,
        state="running",
        wait_timeout=2,
    )
    assert error.code.value == "wait_timeout"
    assert clock.sleeps == [0.5, 1.0, 0.5]


def test_an_action_without_a_job_is_verified_by_the_state():
    steps = (read(False), act("boot", ok({"queueId": None})), read(True), read(True))
    assert power(*steps, state="running")["changed"] is True


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"state": "running", "hard": True}, "hard is only for state=stopped, not for running"),
        ({"state": "restarted", "escalate": True}, "escalate is only for state=stopped"),
        (
            {"state": "stopped", "only_if_pending": True},
            "only_if_pending is only for state=restarted",
        ),
        (
            {"state": "stopped", "hard": True, "escalate": True},
            "hard and escalate are mutually exclusive",
        ),
        ({"state": "stopped", "wait_timeout": -1}, "wait_timeout must be at least 0, not -1"),
    ],
)
def test_contradictory_options_send_nothing(options, words):
    error = fail_to_power(**options)
    assert error.code.value == "validation"
    assert words in error.msg
