# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test changes of an existing server, their order, and its deletion."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.server import (
    CHANGEABLE,
    Server,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtfusion_server import ARGUMENTS
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    get,
    interrupted,
    ok,
    put,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import known
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import (
    fail_task,
    outcomes,
    run_task,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import page, row, server

GONE = get("/servers/7", answer(404, {"msg": "server not found"}))
USER_5 = get("/servers/user/5", ok([]))
SUSPEND = Step("POST", "/servers/7/suspend", answer(204))
UNSUSPEND = Step("POST", "/servers/7/unsuspend", answer(204))
#: The option, its value, the request it makes, and where the panel then shows it.
WRITES = [
    ("name", "web02", put("/servers/7/modify/name", answer(201), {"name": "web02"}), "name"),
    ("memory", 4096, put("/servers/7/modify/memory", answer(201), {"memory": 4096}), "memory"),
    ("cpu", 4, put("/servers/7/modify/cpuCores", answer(201), {"cores": 4}), "cpu"),
    (
        "primary_network_traffic",
        0,
        put("/servers/7/modify/traffic", answer(201), {"traffic": 0}),
        "primary_network_traffic",
    ),
    (
        "cpu_throttle",
        50,
        Step(
            "PUT", "/servers/7/modify/cpuThrottle", answer(201), {"sync": "true"}, {"percent": 50}
        ),
        "cpu.throttle",
    ),
    ("backup_plan", 2, put("/servers/7/backups/plan/2", answer(201)), "backup_plan"),
    ("user_id", 5, put("/servers/7/owner/5", answer(201)), "ownerId"),
    ("suspended", True, SUSPEND, "suspended"),
]


def read(**changes) -> Step:
    return get("/servers/7", ok(server(**{"cpu.throttle": 0, **changes})))


def delete(reply, delay: int = 0) -> Step:
    return Step("DELETE", "/servers/7", reply, {"delay": delay})


def change(*steps: Step, **options):
    key = {} if {"server_name", "server_uuid"} & set(options) else {"server_id": 7}
    return run_task(Server, ARGUMENTS, *steps, **key, **options)


def fail_to_change(*steps: Step, **options):
    key = {} if {"server_name", "server_uuid"} & set(options) else {"server_id": 7}
    return fail_task(Server, ARGUMENTS, *steps, **key, **options)


# --- values ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("option", "value", "write", "place"), WRITES)
def test_each_value_is_written_if_it_differs_and_check_mode_predicts_it(
    option, value, write, place
):
    before = [read(), *([USER_5] if option == "user_id" else [])]
    predicted = change(*before, check_mode=True, **{option: value})
    real = change(*before, write, read(**{place: value}), **{option: value})
    for key in ("changed", "diff", "changes", "restart_required"):
        assert predicted[key] == real[key]
    assert real["changed"] is True
    assert real["restart_required"] is (option in {"memory", "cpu"})


@pytest.mark.parametrize(("option", "value", "write", "place"), WRITES)
def test_nothing_is_written_where_nothing_differs(option, value, write, place):
    assert change(read(**{place: value}), **{option: value})["changed"] is False


def test_values_that_are_not_set_are_not_compared():
    assert outcomes(change(read())) == {"present": "unchanged"}


def test_no_backup_plan_is_written_as_plan_0():
    steps = (read(backup_plan=2), put("/servers/7/backups/plan/0", answer(201)), read())
    result = change(*steps, backup_plan=0)
    assert result["diff"]["before"] == {"backup_plan": 2}
    assert result["server"]["backup_plan"] is None


def test_without_sync_the_throttle_waits():
    write = Step("PUT", "/servers/7/modify/cpuThrottle", answer(201), {}, {"percent": 50})
    change(read(), write, read(**{"cpu.throttle": 50}), cpu_throttle=50, cpu_throttle_sync=False)


@pytest.mark.parametrize(
    ("suspended", "order"),
    [
        (True, ["name", "memory", "owner", "suspend"]),
        (False, ["unsuspend", "name", "memory", "owner"]),
    ],
)
def test_a_server_is_changed_while_it_is_not_suspended(suspended, order):
    writes = {
        "name": WRITES[0][2],
        "memory": WRITES[1][2],
        "owner": WRITES[6][2],
        "suspend": SUSPEND,
        "unsuspend": UNSUSPEND,
    }
    change(
        read(suspended=not suspended),
        USER_5,
        *(writes[name] for name in order),
        read(name="web02", memory=4096, ownerId=5, suspended=suspended),
        name="web02",
        memory=4096,
        user_id=5,
        suspended=suspended,
    )


def test_a_failure_reports_the_earlier_writes():
    error = fail_to_change(
        read(),
        WRITES[1][2],
        put("/servers/7/modify/cpuCores", answer(422, {"errors": ["not enough free CPU cores"]})),
        read(memory=4096),
        memory=4096,
        cpu=600,
    )
    assert error.msg == "Cannot change the CPU cores of server 7: not enough free CPU cores"
    result = error.to_result()
    assert result["failure"]["partial"] is True
    assert outcomes(result) == {"present": "unchanged", "memory": "changed", "cpu": "unchanged"}
    assert result["server"]["memory"] == 4096
    assert result["restart_required"] is True


def test_a_value_that_the_panel_takes_and_does_not_show_fails_the_task():
    error = fail_to_change(read(), WRITES[1][2], read(), memory=4096, wait_timeout=0)
    assert error.code.value == "refused"
    assert "memory stays at 2048 MB instead of 4096 MB" in error.msg


def test_the_server_may_be_found_by_name_or_by_uuid():
    listed = get("/servers", answer(200, page(row(7, "web01"), row(8, "web02"))))
    uuid = "00000000-0000-4000-8000-000000000007"
    assert change(listed, read(), server_name="web01")["server"]["id"] == 7
    assert change(listed, read(), server_uuid=uuid)["server"]["id"] == 7


# --- owner -----------------------------------------------------------------------------------


def test_an_owner_that_another_client_has_set_meanwhile_is_not_a_failure():
    same = answer(422, {"errors": ["The new owner is the same as the existing owner"]})
    new = read(ownerId=5)
    result = change(read(), USER_5, put("/servers/7/owner/5", same), new, new, user_id=5)
    assert (result["changed"], result["server"]["owner_id"]) == (False, 5)


@pytest.mark.parametrize("check_mode", [False, True])
def test_an_owner_who_does_not_exist(check_mode):
    unknown = get("/servers/user/5", answer(404, {"msg": "user not found"}))
    error = fail_to_change(read(), unknown, check_mode=check_mode, user_id=5)
    assert (error.code.value, error.partial) == ("not_found", False)
    assert "check user_id" in error.msg


def test_another_refusal_of_an_owner_is_one():
    no = answer(422, {"errors": ["The user is suspended"]})
    error = fail_to_change(read(), USER_5, put("/servers/7/owner/5", no), read(), user_id=5)
    assert error.msg == "Cannot give server 7 to user 5: The user is suspended"


def test_a_transfer_that_failed_at_a_gateway_is_read_again():
    result = change(
        read(),
        USER_5,
        put("/servers/7/owner/5", answer(502, "<html>")),
        read(ownerId=5),
        read(ownerId=5),
        user_id=5,
    )
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 1


# --- suspension ------------------------------------------------------------------------------

CONFLICT = Step(
    "POST",
    "/servers/7/unsuspend",
    answer(409, {"msg": "suspend action is currently scheduled or failed"}),
)


ACTIVE = {"active": True, "actions": {"pending": []}}


def test_a_suspension_that_is_still_in_the_queue_is_lifted_when_it_is_through():
    clock = FakeClock()
    busy = read(suspended=True, tasks=ACTIVE)
    result = change(
        read(suspended=True),
        *(CONFLICT, busy, busy, read(suspended=True)),
        *(UNSUSPEND, read()),
        clock=clock,
        suspended=False,
    )
    assert result["changed"] is True
    assert clock.sleeps == [0.5, 1.0]


def test_a_server_that_another_client_has_unsuspended_is_not_changed():
    result = change(read(suspended=True), CONFLICT, read(), read(), read(), suspended=False)
    assert result["changed"] is False
    assert outcomes(result)["suspended"] == "unchanged"


def test_what_was_written_before_counts_as_changed_and_what_was_so_does_not():
    already = answer(409, {"msg": "server is suspended"})
    there = read(memory=4096, suspended=True)
    result = change(
        read(),
        WRITES[1][2],
        Step("POST", "/servers/7/suspend", already),
        *(there, there),
        memory=4096,
        suspended=True,
    )
    assert result["changed"] is True
    assert (outcomes(result)["memory"], outcomes(result)["suspended"]) == ("changed", "unchanged")


def test_a_suspension_that_outlasts_the_waiting_is_sent_no_second_time():
    busy = read(suspended=True, tasks=ACTIVE)
    error = fail_to_change(
        read(suspended=True), CONFLICT, busy, busy, busy, busy, suspended=False, wait_timeout=1
    )
    assert error.code.value == "conflict"


def test_a_suspension_that_has_failed_for_good_ends_the_waiting():
    still = read(suspended=True)
    error = fail_to_change(still, CONFLICT, still, CONFLICT, still, suspended=False, wait_timeout=1)
    assert error.code.value == "conflict"
    assert error.msg == (
        "Cannot unsuspend server 7: suspend action is currently scheduled or failed"
    )


def test_a_queued_suspension_is_waited_for():
    result = change(read(), SUSPEND, read(), read(), read(suspended=True), suspended=True)
    assert result["server"]["suspended"] is True


def test_another_refusal_to_unsuspend_is_not_tried_again():
    no = Step("POST", "/servers/7/unsuspend", answer(403))
    error = fail_to_change(read(suspended=True), no, suspended=False)
    assert error.code.value == "forbidden"


# --- suspension of a running server ------------------------------------------------------------

POWER_OFF = Step("POST", "/servers/7/power/poweroff", ok({"queueId": 5}))


def live(running: bool, **changes) -> Step:
    raw = server(remoteState={"running": running}, **{"cpu.throttle": 0, **changes})
    return get("/servers/7", ok(raw), {"remoteState": "true"})


def test_suspending_alone_asks_for_no_power_state():
    result = change(read(), SUSPEND, read(suspended=True), suspended=True)
    assert "running" not in outcomes(result)


def test_the_power_is_cut_before_the_suspension():
    off = live(False, suspended=True)
    result = change(live(True), POWER_OFF, SUSPEND, off, suspended=True, power_off=True)
    assert (outcomes(result)["running"], outcomes(result)["suspended"]) == ("changed", "changed")


def test_a_suspended_server_that_runs_is_switched_off():
    steps = (live(True, suspended=True), POWER_OFF, live(False, suspended=True))
    assert change(*steps, suspended=True, power_off=True)["changed"] is True


def test_a_suspended_server_that_is_off_is_unchanged():
    off = live(False, suspended=True)
    assert change(off, suspended=True, power_off=True)["changed"] is False


def test_a_server_that_was_never_built_has_no_power_to_cut():
    new = live(False, built=None, suspended=True)
    assert change(new, suspended=True, power_off=True)["changed"] is False


def test_the_power_state_is_not_guessed():
    unknown = get("/servers/7", ok(server(remoteState=False)), {"remoteState": "true"})
    error = fail_to_change(unknown, suspended=True, power_off=True)
    assert error.code.value == "transport"


@pytest.mark.parametrize("suspended", [None, False])
def test_power_is_only_cut_for_a_suspension(suspended):
    error = fail_to_change(suspended=suspended, power_off=True)
    assert "power_off needs suspended=true" in error.msg


# --- restart ---------------------------------------------------------------------------------


PENDING = {"active": False, "actions": {"pending": [{"action": "x", "requires": ["restart"]}]}}


@pytest.mark.parametrize(
    ("changes", "needed"),
    [({}, False), ({"tasks": PENDING}, True), ({"tasks": PENDING, "built": None}, False)],
)
def test_a_restart_is_needed_where_a_task_waits_for_one_in_a_guest(changes, needed):
    assert change(read(**changes))["restart_required"] is needed


# --- deletion --------------------------------------------------------------------------------


def test_a_server_is_deleted_and_the_deletion_is_seen():
    predicted = change(read(), check_mode=True, state="absent")
    real = change(read(), delete(answer(204)), read(), GONE, state="absent")
    for key in ("changed", "diff", "changes", "restart_required", "server"):
        assert predicted[key] == real[key]
    assert real["diff"]["after"] == {"present": False}
    assert known(real["server"]) == {"present": False}


def test_a_server_that_is_gone_is_not_deleted_again():
    assert change(GONE, state="absent")["changed"] is False
    listed = get("/servers", answer(200, page(row(8, "web02"))))
    assert change(listed, server_name="web01", state="absent")["changed"] is False


def test_a_server_is_not_gone_because_its_uuid_is_in_capitals():
    listed = get(
        "/servers", answer(200, page(row(7, "web01", uuid="0000000a-0000-4000-8000-00000000000b")))
    )
    upper = "0000000A-0000-4000-8000-00000000000B"
    result = change(listed, read(), check_mode=True, server_uuid=upper, state="absent")
    assert result["changed"] is True


def test_a_name_that_two_servers_have_deletes_none():
    listed = get("/servers", answer(200, page(row(7, "web01"), row(8, "web01"))))
    error = fail_to_change(listed, server_name="web01", state="absent")
    assert error.code.value == "ambiguous"


@pytest.mark.parametrize(
    "reply", [answer(404, "<html>"), answer(404), answer(404, {"message": ""})]
)
def test_a_404_that_is_not_in_the_panels_words_does_not_mean_that_the_server_is_gone(reply):
    error = fail_to_change(get("/servers/7", reply), state="absent")
    assert error.code.value == "not_found"
    assert "check api_url" in error.msg


def test_a_list_that_is_not_there_does_not_mean_that_the_server_is_gone():
    error = fail_to_change(get("/servers", answer(404)), server_name="web01", state="absent")
    assert "check api_url" in error.msg


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_protected_server_is_not_deleted(check_mode):
    error = fail_to_change(read(protected=True), check_mode=check_mode, state="absent")
    assert error.code.value == "refused"
    assert error.msg.startswith("Cannot delete server 7 (web01): it is protected (")


def test_a_protected_server_is_deleted_where_that_is_allowed():
    change(read(protected=True), delete(answer(204)), GONE, state="absent", allow_protected=True)


def test_a_deletion_with_a_delay_is_done_when_the_panel_has_accepted_it():
    # The panel still shows the server, and does not show the delayed deletion (virtfusion 3.5).
    result = change(read(), delete(answer(204), delay=30), state="absent", delay=30)
    assert result["changed"] is True
    assert known(result["server"]) == {"present": False}


@pytest.mark.parametrize("lost", [interrupted(), answer(504), answer(503)])
def test_a_lost_deletion_with_a_delay_is_not_requested_again(lost):
    error = fail_to_change(read(), delete(lost, delay=30), read(), state="absent", delay=30)
    assert (error.uncertain, error.partial) == (True, False)
    assert "check the panel before you run this again" in error.msg


def test_a_lost_deletion_with_a_delay_is_seen_if_the_server_is_gone():
    result = change(read(), delete(interrupted(), 30), GONE, GONE, state="absent", delay=30)
    assert (result["changed"], known(result["server"])) == (True, {"present": False})


def test_a_deletion_that_the_panel_refuses_because_one_is_waiting():
    waits = answer(409, {"msg": "delete action is currently scheduled"})
    error = fail_to_change(read(), delete(waits), read(), state="absent")
    assert error.code.value == "conflict"
    assert error.msg == "Cannot delete server 7: delete action is currently scheduled"


def test_a_deletion_that_never_shows_fails_the_task():
    error = fail_to_change(
        read(), delete(answer(204)), read(), read(), read(), state="absent", wait_timeout=1
    )
    assert error.code.value == "refused"
    assert error.partial is False


def test_a_deletion_with_a_lost_response_is_read_again():
    result = change(read(), delete(interrupted()), GONE, GONE, state="absent")
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 1


def test_a_disturbance_that_is_not_allowed_is_a_lock():
    locked = delete(answer(423, {"msg": "do not disturb mode is active"}))
    error = fail_to_change(read(), locked, state="absent", retries=0)
    assert error.code.value == "locked"
    assert error.failure()["retryable"] is True


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"delay": 43800}, "delay must be from 0 to 43799, not 43800"),
        ({"delay": -1}, "delay must be from 0 to 43799, not -1"),
        ({"delay": 60}, "delay is only for state=absent"),
        ({"cpu_throttle": 100}, "cpu_throttle must be from 0 to 99, not 100"),
        ({"backup_plan": -1}, "backup_plan must be at least 0, not -1"),
        ({"name": " "}, "name must have 1 to 63 characters"),
        ({"name": "web01\n"}, "name must not begin or end with white space: 'web01\\n'"),
        ({"wait_timeout": -1}, "wait_timeout must be at least 0, not -1"),
    ],
    ids=str,
)
def test_what_no_panel_takes_is_refused_before_anything_is_sent(wrong, words):
    error = fail_to_change(**wrong)
    assert (error.code.value, error.msg) == ("validation", words)


def test_everything_that_can_be_changed_is_tested_here():
    names = {"owner_id" if option == "user_id" else option for option, *_rest in WRITES}
    assert names == set(CHANGEABLE)
