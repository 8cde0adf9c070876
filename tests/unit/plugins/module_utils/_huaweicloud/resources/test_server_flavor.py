# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The flavor of a server: what is ordered, what keeps an order back, and what becomes of one."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.clock import (
    FakeClock,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.flavor_tasks import (
    BODY,
    LOST,
    NEW_NOW,
    OLD_STILL,
    ORDERED,
    OTHER_ID,
    PAID,
    READ_AND_CHECKED,
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
    ORDERS,
    SERVER_ID,
    SERVERS,
    SHOW,
    flavors,
    get,
    open_orders,
    order,
    pair,
    post,
    server,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    answer,
    interrupted,
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
    steps = (*READ_AND_CHECKED, post(CHANGE, ORDERED, BODY), OLD_STILL, OLD_STILL, NEW_NOW)
    result = move(*steps, clock=clock, **PAID)
    assert result["changed"] is True
    assert result["server"]["phone_model_name"] == NEW[1]
    assert result["server_before"]["phone_model_name"] == OLD[1]
    assert result["diff"]["before"] == dict(zip(WISH, OLD, strict=True))
    assert result["diff"]["after"] == WISH
    assert (result["order_id"], result["product_id"], result["request_id"]) == ("CS1", "p-9", "r-1")
    assert result["pending_payment"] is False
    assert result["phone_model"]["phone_capacity"] == 60
    assert clock.sleeps == [10.0, 10.0]
    assert result["api_calls"]["write"] == 1


def test_the_gateway_s_name_of_the_request_is_kept():
    steps = (*READ_AND_CHECKED, post(CHANGE, answer(201, ORDERED, x_request_id="gw-1")), NEW_NOW)
    assert move(*steps, **PAID)["gateway_request_id"] == "gw-1"


def test_one_name_that_differs_is_a_change():
    half = (OLD[0], NEW[1])
    steps = (get(SHOW, server(flavor=half)), *flavors(pair(half), pair(NEW)))
    result = move(*steps, post(CHANGE, ORDERED), NEW_NOW, **PAID)
    assert {row["field"]: row["outcome"] for row in result["changes"]} == {
        "server_model_name": "changed",
        "phone_model_name": "unchanged",
    }
    assert result["diff"]["after"] == {"server_model_name": NEW[0]}


def test_both_names_and_a_normal_server_are_waited_for():
    steps = (
        *READ_AND_CHECKED,
        post(CHANGE, ORDERED),
        get(SHOW, server(flavor=(NEW[0], OLD[1]))),
        get(SHOW, server(flavor=NEW, status=13)),
        NEW_NOW,
    )
    assert move(*steps, **PAID)["changed"] is True


def test_a_server_that_shows_the_flavor_has_been_paid_for():
    steps = (*READ_AND_CHECKED, post(CHANGE, ORDERED), get(SHOW, server(flavor=NEW, status=13)))
    result = move(*steps, NEW_NOW)
    assert (result["changed"], result["pending_payment"]) == (True, False)


def test_a_lost_order_that_shows_is_waited_for():
    starting = get(SHOW, server(flavor=NEW, status=13))
    assert move(*READ_AND_CHECKED, LOST, starting, NEW_NOW)["changed"] is True
    error = fail_move(*READ_AND_CHECKED, LOST, starting, starting, wait_timeout=10)
    assert (error.code.value, error.uncertain) == ("wait_timeout", False)


def test_a_server_that_was_stopped_before_may_stay_so():
    stopped = {"status": 10}
    steps = (get(SHOW, server(**stopped)), *flavors(), post(CHANGE, ORDERED))
    result = move(*steps, get(SHOW, server(flavor=NEW, **stopped)), precheck="warn", **PAID)
    assert result["changed"] is True
    assert "the server is stopped" in result["warnings"][0]


def test_check_mode_predicts_and_orders_nothing():
    predicted = move(*READ_AND_CHECKED, check_mode=True, **PAID)
    done = move(*READ_AND_CHECKED, post(CHANGE, ORDERED), NEW_NOW, **PAID)
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


# --- payment ---------------------------------------------------------------------------------


def test_an_order_that_nobody_pays_is_left_pending_by_policy():
    steps = (*READ_AND_CHECKED, post(CHANGE, ORDERED, {**BODY, "extend_param": {"is_auto_pay": 0}}))
    result = move(*steps, OLD_STILL)
    assert (result["changed"], result["pending_payment"]) == (True, True)
    assert (result["order_id"], result["order_state"]) == ("CS1", "unknown")
    assert "most likely waits for its payment" in result["warnings"][0]
    assert {row["outcome"] for row in result["changes"]} == {"unchanged"}
    assert "order CS1" in result["changes"][0]["message"]
    assert result["diff"]["after"] == WISH


def test_an_unpaid_order_is_known_where_orders_can_be_read():
    steps = (*READ_AND_CHECKED, *open_orders(), post(CHANGE, ORDERED), OLD_STILL, order_read(6))
    result = move(*steps, bss_endpoint=BSS)
    assert (result["changed"], result["pending_payment"]) == (True, True)
    assert (result["order_state"], result["pay_until"]) == (
        "pending_payment",
        "2026-01-02T00:00:00Z",
    )
    assert "order CS1 waits for its payment until 2026-01-02T00:00:00Z" in result["warnings"][0]


def test_an_order_that_costs_nothing_is_waited_for_where_orders_can_be_read():
    steps = (*READ_AND_CHECKED, *open_orders(), post(CHANGE, ORDERED))
    result = move(*steps, OLD_STILL, order_read(3), NEW_NOW, bss_endpoint=BSS)
    assert (result["changed"], result["pending_payment"]) == (True, False)


def test_a_cancelled_order_ends_the_wait():
    steps = (*READ_AND_CHECKED, *open_orders(), post(CHANGE, ORDERED), OLD_STILL, order_read(4))
    error = fail_move(*steps, bss_endpoint=BSS, **PAID)
    assert (error.code.value, error.partial) == ("job_failed", True)
    assert "order CS1 was cancelled" in error.msg
    assert error.to_result()["order_id"] == "CS1"


def test_an_order_that_was_to_be_paid_and_is_not_ends_as_pending():
    steps = (*READ_AND_CHECKED, *open_orders(), post(CHANGE, ORDERED))
    looks = (OLD_STILL, order_read(6), OLD_STILL, order_read(6))
    result = move(*steps, *looks, bss_endpoint=BSS, wait_timeout=10, **PAID)
    assert (result["changed"], result["pending_payment"]) == (True, True)


def test_a_refused_look_at_orders_is_a_warning_and_happens_once():
    refused = get(ORDERS, answer(403, {"error_code": "CBC.0150", "error_msg": "denied"}))
    result = move(*READ_AND_CHECKED, refused, post(CHANGE, ORDERED), OLD_STILL, bss_endpoint=BSS)
    assert (result["pending_payment"], result["orders_readable"]) == (True, False)
    assert "orders cannot be read" in result["warnings"][0]
    assert "CBC.0150" in result["warnings"][0]


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize("several", [True, False])
@pytest.mark.parametrize("address", [BSS, None])
def test_whether_orders_can_be_seen_is_told_for_one_server_and_for_several(
    address, several, check_mode
):
    named = {"server_ids": [SERVER_ID]} if several else {}
    looks = open_orders(order("CS0", 6)) if address else ()
    placed = () if address or check_mode else (post(CHANGE, ORDERED), NEW_NOW)
    steps = (*READ_AND_CHECKED, *looks, *placed)
    result = move(*steps, bss_endpoint=address, check_mode=check_mode, **named, **PAID)
    assert result["orders_readable"] is (address is not None)


def test_orders_are_not_asked_for_where_nothing_differs():
    assert move(NEW_NOW, bss_endpoint=BSS)["orders_readable"] is True
    assert move(NEW_NOW)["orders_readable"] is False


# --- an order that is open already ------------------------------------------------------------


@pytest.mark.parametrize("check_mode", [True, False])
def test_an_open_order_keeps_a_second_one_back(check_mode):
    steps = (*READ_AND_CHECKED, *open_orders(order("CS0", 6)))
    result = move(*steps, bss_endpoint=BSS, check_mode=check_mode)
    assert (result["changed"], result["pending_payment"]) == (False, True)
    assert (result["order_id"], result["open_orders"]) == ("CS0", ["CS0"])
    assert "set ignore_open_orders" in result["warnings"][0]
    assert result["api_calls"]["write"] == 0


def test_an_open_order_that_is_carried_out_is_followed():
    order_now = get(f"{ORDERS}/details/CS0", {"order_info": order("CS0", 3)})
    steps = (*READ_AND_CHECKED, *open_orders(order("CS0", 3)), OLD_STILL, order_now, NEW_NOW)
    result = move(*steps, bss_endpoint=BSS)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0


def test_several_open_orders_are_all_named():
    steps = (*READ_AND_CHECKED, *open_orders(order("CS0", 6), order("CS9", 3)))
    result = move(*steps, bss_endpoint=BSS)
    assert result["order_id"] is None
    assert result["open_orders"] == ["CS0", "CS9"]


def test_orders_of_other_services_are_none_of_ours():
    ecs = order("CS0", 6, service_type_code="hws.service.type.ec2")
    steps = (*READ_AND_CHECKED, *open_orders(ecs), post(CHANGE, ORDERED), NEW_NOW)
    assert move(*steps, bss_endpoint=BSS, **PAID)["changed"] is True


def test_an_open_order_can_be_ignored():
    steps = (*READ_AND_CHECKED, *open_orders(order("CS0", 6)), post(CHANGE, ORDERED), NEW_NOW)
    result = move(*steps, bss_endpoint=BSS, ignore_open_orders=True, **PAID)
    assert (result["changed"], result["order_id"]) == (True, "CS1")


# --- never twice -----------------------------------------------------------------------------


def test_a_lost_answer_is_no_second_order():
    result = move(*READ_AND_CHECKED, LOST, OLD_STILL, NEW_NOW, **PAID)
    assert result["changed"] is True
    assert result["order_id"] is None
    assert result["api_calls"]["write"] == 1


@pytest.mark.parametrize(
    "reply",
    [
        interrupted(),
        answer(502, "<html>Bad Gateway</html>"),
        answer(500, {"error_code": "CPS.0003", "error_msg": "internal error"}),
        answer(400, {"error_code": "CPS.0042", "error_msg": "busy"}),
        answer(200, "<html>"),
        answer(200, "[]"),
        answer(204),
    ],
    ids=["timeout", "502", "internal", "busy", "html", "list", "empty"],
)
def test_what_nobody_knows_of_is_said(reply):
    steps = (*READ_AND_CHECKED, post(CHANGE, reply), OLD_STILL, OLD_STILL)
    error = fail_move(*steps, wait_timeout=10, **PAID)
    failure = error.to_result()["failure"]
    assert (failure["state"], failure["partial"], failure["retryable"]) == ("unknown", True, False)
    assert "look at My Orders" in error.msg
    assert error.result["api_calls"]["write"] == 1


def test_a_lost_answer_to_an_unpaid_order_is_not_waited_for():
    error = fail_move(*READ_AND_CHECKED, LOST, OLD_STILL)
    assert error.uncertain
    assert error.result["api_calls"]["waited_s"] == 0.0


def test_a_lost_order_is_found_where_orders_can_be_read():
    steps = (*READ_AND_CHECKED, *open_orders(order("CS0", 3)), LOST)
    found = open_orders(order("CS0", 3), order("CS1", 6))
    result = move(
        *steps, *found, OLD_STILL, order_read(6), bss_endpoint=BSS, ignore_open_orders=True
    )
    assert (result["order_id"], result["pending_payment"]) == ("CS1", True)
    assert "is taken for it" in result["warnings"][0]


def test_a_throttled_order_may_be_sent_again():
    throttled = answer(
        429, {"error_code": "APIGW.0308", "error_msg": "over ratelimit"}, retry_after="1"
    )
    steps = (*READ_AND_CHECKED, post(CHANGE, throttled), post(CHANGE, ORDERED), NEW_NOW)
    assert move(*steps, **PAID)["api_calls"]["retried"] == 1


@pytest.mark.parametrize("status", [200, 400])
def test_an_error_in_the_body_is_a_failure_whatever_the_status(status):
    refused = answer(status, {"error_code": "CPS.0062", "error_msg": "create order failed"})
    error = fail_move(*READ_AND_CHECKED, post(CHANGE, refused), **PAID)
    assert (error.code.value, error.partial, error.uncertain) == ("refused", False, False)
    assert "create order failed [CPS.0062]" in error.msg
    assert f"server {SERVER_ID}" in error.msg
    result = error.to_result()
    assert result["changed"] is False
    assert [row["message"] for row in result["changes"]] == ["it was not ordered"] * 2


# --- the wait --------------------------------------------------------------------------------


def test_time_runs_out_with_all_that_is_known():
    steps = (*READ_AND_CHECKED, post(CHANGE, ORDERED), OLD_STILL, OLD_STILL)
    error = fail_move(*steps, wait_timeout=10, **PAID)
    assert error.code.value == "wait_timeout"
    assert "after 10 s" in error.msg
    assert "order CS1" in error.msg
    result = error.to_result()
    assert (result["changed"], result["order_id"]) == (True, "CS1")
    assert result["diff"]["after"] == {}
    assert result["failure"]["retryable"] is False


def test_without_waiting_there_is_one_look():
    result = move(*READ_AND_CHECKED, post(CHANGE, ORDERED), OLD_STILL, wait=False, **PAID)
    assert (result["changed"], result["pending_payment"]) == (True, False)
    assert "not there yet" in result["changes"][0]["message"]


def test_reads_may_stumble_three_times_in_a_row():
    missing = get(SHOW, answer(404, {"error_code": "CPS.0015", "error_msg": "not found"}))
    steps = (*READ_AND_CHECKED, post(CHANGE, ORDERED), missing, missing, missing, NEW_NOW)
    assert move(*steps, **PAID)["changed"] is True


def test_reads_may_not_stumble_for_ever():
    missing = get(SHOW, answer(404, {"error_code": "CPS.0015", "error_msg": "not found"}))
    error = fail_move(*READ_AND_CHECKED, post(CHANGE, ORDERED), *[missing] * 4, **PAID)
    assert error.code.value == "not_found"
    assert "order CS1" in error.msg


def test_expired_credentials_are_no_failed_change():
    expired = get(
        SHOW, answer(401, {"error_code": "APIGW.0301", "error_msg": "decrypt token fail"})
    )
    error = fail_move(*READ_AND_CHECKED, post(CHANGE, ORDERED), expired, **PAID)
    assert error.code.value == "auth"
    assert "the credentials expired" in error.msg
    assert "order CS1" in error.msg
    assert error.partial


@pytest.mark.parametrize(("status", "word"), [(2, "abnormal"), (8, "frozen"), (6, "gone")])
def test_a_server_that_breaks_ends_the_wait(status, word):
    steps = (*READ_AND_CHECKED, post(CHANGE, ORDERED), get(SHOW, server(status=status)))
    error = fail_move(*steps, **PAID)
    assert error.code.value == "job_failed"
    assert word in error.msg
