# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The flavor of a server: comparison, order, wait and result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.clock import (
    FakeClock,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.flavor_tasks import (
    BLIND,
    BODY,
    LOST,
    NEW_NOW,
    OLD_STILL,
    ORDERED,
    OTHER_ID,
    PAID,
    READ_AND_CHECKED,
    SEEN,
    WISH,
    fail_move,
    move,
    order_read,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    BSS,
    CHANGE,
    NEW,
    OLD,
    SERVER_ID,
    SERVERS,
    SHOW,
    flavors,
    get,
    pair,
    post,
    server,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    answer,
)

# --- the way it should be --------------------------------------------------------------------


def test_a_server_that_has_the_flavor_costs_one_read():
    result = move(NEW_NOW, **PAID)
    assert result["changed"] is False
    assert result["api_calls"] == {"read": 1, "write": 0, "retried": 0, "waited_s": 0.0}
    assert result["diff"]["before"] == result["diff"]["after"] == {}
    assert result["order_id"] is result["order_state"] is None
    assert [row["outcome"] for row in result["changes"]] == ["unchanged"] * 2
    assert [row["message"] for row in result["changes"]] == [None] * 2


def test_a_flavor_is_ordered_once_and_waited_for():
    clock = FakeClock()
    steps = (*BLIND, post(CHANGE, ORDERED, BODY), OLD_STILL, OLD_STILL, NEW_NOW)
    result = move(*steps, clock=clock, **PAID)
    assert result["changed"] is True
    assert result["server"]["phone_model_name"] == NEW[1]
    assert [row["before"] for row in result["changes"]] == list(OLD)
    assert (result["ordered"], result["refused"], result["warnings"]) == (False, [], [])
    assert result["diff"]["before"] == dict(zip(WISH, OLD, strict=True))
    assert result["diff"]["after"] == WISH
    assert (result["order_id"], result["product_id"], result["request_id"]) == ("CS1", "p-9", "r-1")
    assert result["pending_payment"] is False
    assert result["phone_model"]["phone_capacity"] == 60
    assert clock.sleeps == [10.0, 10.0]
    assert result["api_calls"]["write"] == 1


def test_the_gateway_s_name_of_the_request_is_kept():
    steps = (*BLIND, post(CHANGE, answer(201, ORDERED, x_request_id="gw-1")), NEW_NOW)
    assert move(*steps, **PAID)["gateway_request_id"] == "gw-1"


@pytest.mark.parametrize("odd", [{}, [], True, "", None])
def test_odd_names_of_an_accepted_order_are_null(odd):
    accepted = {"order_id": "CS1", "product_id": odd, "request_id": odd}
    result = move(*BLIND, post(CHANGE, accepted), NEW_NOW, **PAID)
    assert (result["order_id"], result["product_id"], result["request_id"]) == ("CS1", None, None)


def test_one_name_that_differs_is_a_change():
    half = (OLD[0], NEW[1])
    steps = (get(SHOW, server(flavor=half)), *flavors(pair(half), pair(NEW)))
    again = get(SHOW, server(flavor=half))
    result = move(*steps, again, post(CHANGE, ORDERED), NEW_NOW, **PAID)
    assert {row["field"]: row["outcome"] for row in result["changes"]} == {
        "server_model_name": "changed",
        "phone_model_name": "unchanged",
    }
    assert result["diff"]["after"] == {"server_model_name": NEW[0]}


def test_both_names_and_a_normal_server_are_waited_for():
    steps = (
        *BLIND,
        post(CHANGE, ORDERED),
        get(SHOW, server(flavor=(NEW[0], OLD[1]))),
        get(SHOW, server(flavor=NEW, status=13)),
        NEW_NOW,
    )
    assert move(*steps, **PAID)["changed"] is True


def test_a_server_that_shows_the_flavor_has_been_paid_for():
    steps = (*BLIND, post(CHANGE, ORDERED), get(SHOW, server(flavor=NEW, status=13)))
    result = move(*steps, NEW_NOW)
    assert (result["changed"], result["pending_payment"]) == (True, False)


def test_a_lost_order_that_shows_is_waited_for():
    starting = get(SHOW, server(flavor=NEW, status=13))
    assert move(*BLIND, LOST, starting, NEW_NOW)["changed"] is True
    error = fail_move(*BLIND, LOST, starting, starting, wait_timeout=10)
    assert (error.code.value, error.uncertain) == ("wait_timeout", False)


def test_a_server_that_was_stopped_before_may_stay_so():
    stopped = {"status": 10}
    read = get(SHOW, server(**stopped))
    steps = (read, *flavors(), read, post(CHANGE, ORDERED))
    result = move(*steps, get(SHOW, server(flavor=NEW, **stopped)), precheck="warn", **PAID)
    assert result["changed"] is True
    (warning,) = result["warnings"]
    assert "the server is stopped" in warning


@pytest.mark.parametrize(("status", "state"), [(8, "frozen"), (10, "stopped")])
@pytest.mark.parametrize("auto_pay", [True, False])
def test_a_completed_change_is_done_although_the_server_is_not_normal(status, state, auto_pay):
    steps = (*BLIND, post(CHANGE, ORDERED), get(SHOW, server(flavor=NEW, status=status)))
    result = move(*steps, auto_pay=auto_pay)
    assert (result["changed"], result["ordered"], result["server"]["state"]) == (True, False, state)
    assert {row["outcome"] for row in result["changes"]} == {"changed"}
    (warning,) = result["warnings"]
    assert f"it has the flavor, and is {state} (status {status})" in warning


@pytest.mark.parametrize("status", [2, 6, 12])
def test_a_server_that_is_broken_after_its_change_is_a_failure_that_does_not_blame_the_flavor(
    status,
):
    steps = (*BLIND, post(CHANGE, ORDERED), get(SHOW, server(flavor=NEW, status=status)))
    error = fail_move(*steps, **PAID)
    assert (error.code.value, error.partial) == ("job_failed", True)
    assert error.result["changed"] is True
    assert [row["after"] for row in error.result["changes"]] == list(NEW)


@pytest.mark.parametrize("status", [0, 4, 11, 13])
def test_a_timeout_never_reports_the_new_flavor_as_the_old_one(status):
    steps = (*BLIND, post(CHANGE, ORDERED), get(SHOW, server(flavor=NEW, status=status)))
    error = fail_move(*steps, wait_timeout=0, **PAID)
    assert error.code.value == "wait_timeout"
    assert "still has" not in error.msg
    assert (
        f"it has the flavor and is {error.result['server']['state']} (status {status})" in error.msg
    )


def test_check_mode_predicts_and_orders_nothing():
    predicted = move(*READ_AND_CHECKED, check_mode=True, **PAID)
    done = move(*BLIND, post(CHANGE, ORDERED), NEW_NOW, **PAID)
    assert predicted["api_calls"]["write"] == 0
    for key in ("changed", "diff", "changes", "server", "phone_model"):
        assert predicted[key] == done[key], key


def test_a_server_is_found_by_its_exact_name():
    rows = [server(OTHER_ID, server_name="phones-07-old"), server()]
    listed = get(
        SERVERS,
        {"count": 2, "servers": rows},
        {"server_name": "phones-07", "offset": 0, "limit": 100},
    )
    result = move(listed, NEW_NOW, server_name="phones-07")
    assert result["server"]["id"] == SERVER_ID


# --- the wait --------------------------------------------------------------------------------


def test_time_runs_out_with_all_that_is_known():
    steps = (*BLIND, post(CHANGE, ORDERED), OLD_STILL, OLD_STILL)
    error = fail_move(*steps, wait_timeout=10, **PAID)
    assert error.code.value == "wait_timeout"
    assert "after 10 s" in error.msg
    assert "order CS1" in error.msg
    result = error.to_result()
    assert (result["changed"], result["order_id"]) == (True, "CS1")
    assert result["diff"]["after"] == {}
    assert result["failure"]["retryable"] is False


@pytest.mark.parametrize(
    ("status", "continues"),
    [
        (3, "the order continues"),
        (5, "the order is completed, and nothing shows that the change continues"),
        (77, "the order may continue"),
    ],
)
def test_only_an_order_that_is_carried_out_is_said_to_continue(status, continues):
    looks = (OLD_STILL, order_read(status)) * 2
    error = fail_move(
        *SEEN, post(CHANGE, ORDERED), *looks, bss_endpoint=BSS, wait_timeout=10, **PAID
    )
    assert error.code.value == "wait_timeout"
    # An approved plan keeps its wait_timeout, so no hint is to raise it.
    assert f"({continues}; wait_timeout limits only the wait; check My Orders" in error.msg


def test_without_waiting_there_is_one_read():
    result = move(*BLIND, post(CHANGE, ORDERED), OLD_STILL, wait=False, **PAID)
    assert (result["changed"], result["ordered"], result["pending_payment"]) == (True, True, None)
    assert "order CS1 is placed" in result["changes"][0]["message"]


def test_without_waiting_a_paid_order_is_ordered_and_not_changed():
    steps = (*SEEN, post(CHANGE, ORDERED), OLD_STILL, order_read(3))
    result = move(*steps, bss_endpoint=BSS, wait=False, **PAID)
    assert (result["ordered"], result["pending_payment"]) == (True, False)
    assert {row["outcome"] for row in result["changes"]} == {"unchanged"}


def test_three_reads_in_a_row_may_fail():
    missing = get(SHOW, answer(404, {"error_code": "CPS.0015", "error_msg": "not found"}))
    steps = (*BLIND, post(CHANGE, ORDERED), missing, missing, missing, NEW_NOW)
    assert move(*steps, **PAID)["changed"] is True


def test_a_fourth_failed_read_in_a_row_is_a_failure():
    missing = get(SHOW, answer(404, {"error_code": "CPS.0015", "error_msg": "not found"}))
    error = fail_move(*BLIND, post(CHANGE, ORDERED), *[missing] * 4, **PAID)
    assert (error.code.value, error.uncertain) == ("not_found", True)
    assert "the flavor was ordered, order CS1" in error.msg


@pytest.mark.parametrize(
    ("read", "count"), [(answer(404, {"error_code": "CPS.0015"}), 4), (server(status=2), 1)]
)
def test_a_lost_order_that_cannot_be_followed_is_not_called_ordered(read, count):
    error = fail_move(*BLIND, LOST, *[get(SHOW, read)] * count, **PAID)
    assert (error.partial, error.to_result()["failure"]["state"]) == (True, "unknown")
    assert "the flavor may have been ordered" in error.msg


@pytest.mark.parametrize("nothing", [None, ""])
@pytest.mark.parametrize("name", list(WISH))
@pytest.mark.parametrize("check_mode", [True, False])
def test_nothing_is_ordered_for_a_server_whose_flavor_is_not_shown(name, nothing, check_mode):
    error = fail_move(get(SHOW, server(**{name: nothing})), check_mode=check_mode, **PAID)
    assert (error.code.value, error.result["api_calls"]["write"]) == ("protocol", 0)
    assert f"the service does not show its {name}" in error.msg


def test_expired_credentials_are_not_a_failed_change():
    expired = get(
        SHOW, answer(401, {"error_code": "APIGW.0301", "error_msg": "decrypt token fail"})
    )
    error = fail_move(*BLIND, post(CHANGE, ORDERED), expired, **PAID)
    assert error.code.value == "auth"
    assert "the credentials expired" in error.msg
    assert "order CS1" in error.msg
    assert (error.partial, error.uncertain) == (True, True)


@pytest.mark.parametrize(("status", "word"), [(2, "abnormal"), (8, "frozen"), (6, "gone")])
def test_a_server_that_breaks_ends_the_wait(status, word):
    steps = (*BLIND, post(CHANGE, ORDERED), get(SHOW, server(status=status)))
    error = fail_move(*steps, **PAID)
    assert error.code.value == "job_failed"
    assert word in error.msg
