# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the package of a server with faults of the panel or a gateway."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    HTML,
    answer,
    get,
    interrupted,
    never_sent,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import (
    CHANGE,
    EMPTY,
    SERVER,
    again,
    change,
    fail_move,
    info,
    move,
    outcomes,
    reads,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import package, server

READS = reads(server(), package(memory=4096))
MOVED = server(memory=4096)
LOCKED = answer(423, {"msg": "pending tasks in queue"})

# --- answers that end the task ---------------------------------------------------------------


@pytest.mark.parametrize("body", [None, "401 Unauthorized"], ids=["empty", "text"])
def test_401_is_never_retried(body, clock: FakeClock):
    error = fail_move(get(SERVER, answer(401, body)), clock=clock)
    assert (error.code.value, error.http_status, error.retryable) == ("auth", 401, False)
    assert "token" in error.msg
    assert clock.sleeps == []


def test_403_names_the_missing_permission(clock: FakeClock):
    error = fail_move(*READS, change(answer(403, {"errors": ["no permission"]})), clock=clock)
    assert (error.code.value, error.message) == ("forbidden", "no permission")
    assert error.operation == "change_server_package"
    assert error.partial is False
    assert error.uncertain is False


def test_404_of_the_server():
    error = fail_move(get(SERVER, answer(404, {"msg": "server not found"})))
    assert error.code.value == "not_found"
    assert error.msg == "Cannot read server 7: server not found"


def test_404_of_the_package():
    error = fail_move(READS[0], get("/packages/3", answer(404, {"msg": "package not found"})))
    assert error.code.value == "not_found"
    assert error.msg.startswith("Cannot read package 3: package not found")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"errors": ["not enough cores"]}, "not enough cores"),
        ({"errors": {"cpu": ["is too big", "is odd"]}}, "cpu: is too big; cpu: is odd"),
        ({"msg": "not enough cores"}, "not enough cores"),
    ],
    ids=["errors list", "errors map", "msg"],
)
def test_422_reports_the_panels_message(body, message):
    error = fail_move(*READS, change(answer(422, body)), again(server()))
    assert (error.code.value, error.message) == ("validation", message)


def test_a_redirect_is_not_followed():
    location = "https://login.example.net/?next=%2Fapi"
    error = fail_move(get(SERVER, answer(302, location=location)))
    assert error.code.value == "protocol"
    assert "https://login.example.net" in error.msg
    assert "next" not in error.msg


@pytest.mark.parametrize(
    "reply",
    [answer(200, []), answer(200, {"data": []}), answer(200, {}), answer(204), answer(200, "[1]")],
    ids=["list", "list in data", "no data", "empty", "other JSON"],
)
def test_an_invalid_object_is_a_protocol_error(reply):
    error = fail_move(get(SERVER, reply))
    assert error.code.value == "protocol"
    assert error.msg.startswith("Cannot read server 7: the panel sends")
    assert error.operation == "get_server"


def test_html_instead_of_an_object_is_reported():
    error = fail_move(get(SERVER, answer(200, HTML)))
    assert error.code.value == "protocol"
    assert "an HTML page" in error.msg


# --- transient responses ---------------------------------------------------------------------


def test_a_temporary_423_is_waited_for(clock: FakeClock):
    result = move(*READS, change(LOCKED), change(LOCKED), change(info()), again(MOVED), clock=clock)
    assert result["changed"] is True
    assert result["api_calls"]["retried"] == len(clock.sleeps) == 2
    assert result["api_calls"]["write"] == 3


def test_a_permanent_423_is_locked():
    error = fail_move(*READS, *[change(LOCKED)] * 3, retries=2)
    assert (error.code.value, error.http_status, error.retryable) == ("locked", 423, True)
    assert error.partial is False
    assert error.uncertain is False
    assert "pending tasks in queue" in error.msg
    assert "retries=2" in error.msg


def test_429_waits_for_retry_after(clock: FakeClock):
    move(
        READS[0],
        get("/packages/3", answer(429, retry_after="17")),
        READS[1],
        change(info()),
        again(MOVED),
        clock=clock,
    )
    assert clock.sleeps == [17.0]


def test_429_without_retry_after_backs_off(clock: FakeClock):
    limited = get(SERVER, answer(429))
    move(limited, limited, *READS, change(info()), again(MOVED), clock=clock)
    first, second = clock.sleeps
    assert 0.25 <= first <= 0.5
    assert 0.5 <= second <= 1.0


def test_a_retry_after_over_the_budget_ends_the_task_at_once(clock: FakeClock):
    error = fail_move(get(SERVER, answer(429, retry_after="3600")), clock=clock)
    assert error.code.value == "rate_limited"
    assert "3600 s" in error.msg
    assert "retry_budget=120" in error.msg
    assert clock.sleeps == []


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_read_is_repeated_after_a_5xx(status):
    result = move(get(SERVER, answer(status, HTML)), *READS, change(info()), again(MOVED))
    assert result["changed"] is True
    assert result["api_calls"]["retried"] == 1


# --- writes whose effect is not known --------------------------------------------------------

LOST = [
    pytest.param(answer(500, HTML), id="500"),
    pytest.param(answer(502, HTML), id="502"),
    pytest.param(answer(503, {"message": "Service Unavailable"}), id="503"),
    pytest.param(answer(504), id="504"),
    pytest.param(interrupted(), id="timeout"),
    pytest.param(answer(200, HTML), id="HTML"),
    pytest.param(answer(200, '{"info": ["cut'), id="cut"),
]


@pytest.mark.parametrize("lost", LOST)
def test_a_write_that_was_lost_after_its_effect_is_not_repeated(lost):
    result = move(*READS, change(lost), again(MOVED), again(MOVED))
    assert result["changed"] is True
    assert outcomes(result)["memory"] == "changed"
    assert result["api_calls"]["write"] == 1


@pytest.mark.parametrize("lost", LOST)
def test_a_write_that_was_lost_before_its_effect_is_repeated(lost):
    result = move(*READS, change(lost), again(server()), change(EMPTY), again(MOVED))
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 2


def test_a_write_that_never_left_is_repeated_without_a_read():
    result = move(*READS, change(never_sent()), change(info()), again(MOVED))
    assert result["changed"] is True


def test_a_partial_effect_of_a_lost_write_counts_as_a_change():
    # The first request changed half of the values. The second response calls that half a match.
    result = move(
        *reads(server(), package(memory=4096, cpu=4)),
        change(answer(502)),
        again(server(memory=4096)),
        change(info("memory not updated. It matches the current value")),
        again(server(memory=4096, cpu=4)),
    )
    assert outcomes(result)["memory"] == outcomes(result)["cpu"] == "changed"
    assert result["diff"]["before"] == {"cpu": 2, "memory": 2048}


def test_a_delayed_effect_of_a_lost_write_counts_as_a_change():
    result = move(
        *READS,
        change(answer(502)),
        again(server()),
        change(info("memory not updated. It matches the current value")),
        again(MOVED),
    )
    assert result["changed"] is True
    assert result["diff"] == {
        "before": {"memory": 2048},
        "after": {"memory": 4096},
        "before_header": "server 7 (web01)",
        "after_header": "server 7 (web01)",
    }


def test_a_write_without_effect_after_all_retries_is_in_doubt(clock: FakeClock):
    lost = (change(answer(502, HTML)), again(server()))
    error = fail_move(*READS, *lost, *lost, *lost, retries=2, clock=clock)
    assert (error.code.value, error.http_status) == ("transport", 502)
    # The last read shows no change, but the panel may still apply the last write.
    assert error.uncertain is True
    assert error.partial is False
    assert error.retryable is True
    assert error.msg.startswith("Cannot change server 7 to package 3")
    assert len(clock.sleeps) == 2


def test_a_lost_write_with_a_part_of_its_effect_is_partial():
    error = fail_move(
        *reads(server(), package(memory=4096, cpu=4)),
        change(answer(502)),
        again(server(memory=4096)),
        retries=0,
    )
    assert error.partial is True
    assert error.to_result()["changed"] is True


def test_a_lost_write_whose_object_cannot_be_read_is_uncertain():
    error = fail_move(*READS, change(interrupted()), get(SERVER, answer(401)))
    assert error.uncertain is True
    assert error.failure()["state"] == "unknown"
    assert "the second read failed too" in error.msg


def test_503_on_a_write_waits_for_retry_after(clock: FakeClock):
    move(
        *READS,
        change(answer(503, retry_after="7")),
        again(server()),
        change(info()),
        again(MOVED),
        clock=clock,
    )
    assert clock.sleeps == [7.0]


def test_an_unverifiable_change_is_partial_and_uncertain():
    error = fail_move(*READS, change(info()), get(SERVER, answer(403)))
    failure = error.failure()
    assert (failure["partial"], failure["state"]) == (True, "unknown")
    assert error.to_result()["changed"] is True
    assert "the panel accepted the change" in error.msg


# --- every failure ---------------------------------------------------------------------------


def test_every_failure_counts_its_calls():
    error = fail_move(*READS, change(answer(409, {"msg": "suspended"})), again(server()))
    assert error.to_result()["api_calls"] == {
        "read": 3,
        "write": 1,
        "retried": 0,
        "waited_s": 0.0,
    }
    assert error.code.value == "conflict"


def test_check_mode_never_writes_even_if_the_panel_fails():
    error = fail_move(READS[0], get("/packages/3", answer(404)), check_mode=True)
    assert error.result["api_calls"]["write"] == 0


@pytest.mark.parametrize(
    ("raw", "who"),
    [
        (server(cpu="many"), "server 7"),
        (server(network={"interfaces": [{"inAverage": 0, "outAverage": 0, "ipv4": [{}]}]}), "7"),
        (server(tasks={"actions": {"pending": ["Memory Update"]}}), "7"),
    ],
    ids=["no number", "no address", "no task"],
)
def test_a_server_of_an_odd_shape_is_a_protocol_error_that_names_it(raw, who):
    error = fail_move(get(SERVER, answer(200, {"data": raw})))
    assert error.code.value == "protocol"
    assert who in error.msg


@pytest.mark.parametrize("raw", [{}, package(primary_disk_size=None)], ids=["empty", "no disk"])
def test_a_package_of_an_odd_shape_is_a_protocol_failure(raw):
    error = fail_move(READS[0], get("/packages/3", answer(200, {"data": raw})))
    assert error.code.value == "protocol"


def test_the_change_goes_to_the_ids_of_the_objects():
    step = change(EMPTY)
    assert step.path == CHANGE
    move(*READS, step, again(MOVED))
