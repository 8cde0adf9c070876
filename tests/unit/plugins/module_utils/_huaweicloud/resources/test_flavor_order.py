# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Orders of a flavor: their payment, other open orders, and that none is placed twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import TransportFailure
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.resources.order import (
    Orders,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.resources.order_queue import (
    OrderQueue,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.resources.server_flavor import (
    ServerFlavor,
)
from ansible_collections.vpsfleet.panels.plugins.modules.huaweicloud_cph_server_flavor import (
    ARGUMENTS,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.flavor_tasks import (
    BLIND,
    BODY,
    LOST,
    NEW_NOW,
    OLD_STILL,
    ORDERED,
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
    ORDERS,
    SERVER_ID,
    SHOW,
    fail_task,
    get,
    open_orders,
    order,
    post,
    server,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    answer,
    interrupted,
)

# --- payment ---------------------------------------------------------------------------------


def test_an_order_is_not_called_unpaid_where_orders_cannot_be_read():
    # It may be a downgrade, which needs no payment.
    steps = (*BLIND, post(CHANGE, ORDERED, {**BODY, "extend_param": {"is_auto_pay": 0}}))
    result = move(*steps, OLD_STILL)
    assert (result["changed"], result["ordered"], result["pending_payment"]) == (True, True, None)
    assert (result["order_id"], result["order_state"]) == ("CS1", "unknown")
    assert "whether it waits for its payment is unknown" in result["warnings"][0]
    assert {row["outcome"] for row in result["changes"]} == {"unchanged"}
    assert "order CS1" in result["changes"][0]["message"]
    assert (result["refused"], result["diff"]["after"]) == ([], {})


def test_an_unpaid_order_is_known_where_orders_can_be_read():
    steps = (*SEEN, post(CHANGE, ORDERED), OLD_STILL, order_read(6))
    result = move(*steps, bss_endpoint=BSS)
    assert (result["changed"], result["ordered"], result["pending_payment"]) == (True, True, True)
    assert (result["order_state"], result["pay_until"]) == (
        "pending_payment",
        "2026-01-02T00:00:00Z",
    )
    assert "order CS1 waits for its payment until 2026-01-02T00:00:00Z" in result["warnings"][0]


def test_an_order_that_costs_nothing_is_waited_for_where_orders_can_be_read():
    steps = (*SEEN, post(CHANGE, ORDERED))
    # The order is read once more, so that its state is not that before the end of the change.
    looks = (OLD_STILL, order_read(3), NEW_NOW, order_read(5))
    result = move(*steps, *looks, bss_endpoint=BSS)
    assert (result["changed"], result["pending_payment"]) == (True, False)
    assert result["order_state"] == "completed"


def test_a_cancelled_order_ends_the_wait():
    steps = (*SEEN, post(CHANGE, ORDERED), OLD_STILL, order_read(4))
    error = fail_move(*steps, bss_endpoint=BSS, **PAID)
    assert (error.code.value, error.partial) == ("job_failed", True)
    assert "order CS1 was cancelled" in error.msg
    assert error.to_result()["order_id"] == "CS1"


UNPAID_LOOK = (OLD_STILL, order_read(6))


@pytest.mark.parametrize(
    ("looks", "options"),
    [
        (UNPAID_LOOK * 3, {}),
        (UNPAID_LOOK * 3, {"wait_timeout": 10}),
        (UNPAID_LOOK * 3, {"wait": False}),
        ((*UNPAID_LOOK, OLD_STILL, order_read(3), *UNPAID_LOOK * 3), {}),
    ],
)
def test_an_order_that_should_have_paid_itself_and_did_not_is_a_failure(looks, options):
    error = fail_move(*SEEN, post(CHANGE, ORDERED), *looks, bss_endpoint=BSS, **PAID, **options)
    assert (error.code.value, error.partial, error.uncertain) == ("job_failed", True, False)
    assert "order CS1 is not paid although auto_pay is set" in error.msg
    result = error.to_result()
    assert (result["order_id"], result["order_state"]) == ("CS1", "pending_payment")
    assert (result["changed"], result["pending_payment"]) == (True, True)


@pytest.mark.parametrize("unpaid", [1, 2])
def test_an_order_whose_payment_shows_late_is_not_called_unpaid(unpaid):
    looks = (*UNPAID_LOOK * unpaid, OLD_STILL, order_read(3))
    result = move(*SEEN, post(CHANGE, ORDERED), *looks, bss_endpoint=BSS, **PAID, wait=False)
    assert (result["ordered"], result["pending_payment"]) == (True, False)
    assert result["order_state"] == "processing"


def test_a_server_that_shows_the_flavor_is_paid_although_its_order_was_unpaid():
    starting = get(SHOW, server(flavor=NEW, status=13))
    looks = (*UNPAID_LOOK, starting, order_read(3))
    result = move(*SEEN, post(CHANGE, ORDERED), *looks, bss_endpoint=BSS, **PAID, wait=False)
    assert (result["ordered"], result["pending_payment"]) == (False, False)


class AfterAnUnpaidOrder(ServerFlavor):
    """A task in which another order was not paid."""

    def __init__(self, client, params):
        queue = OrderQueue(client, params)
        queue.own, queue.closed = {"CS9"}, True
        super().__init__(client, params, queue=queue)


@pytest.mark.parametrize("ignore", [True, False])
@pytest.mark.parametrize("orders", [(order("CS9", 6),), ()], ids=["listed", "not listed"])
def test_after_an_order_that_was_not_paid_no_other_is_placed(orders, ignore):
    given = {"bss_endpoint": BSS, "server_id": SERVER_ID, "ignore_open_orders": ignore}
    before = () if ignore else open_orders()
    steps = (*READ_AND_CHECKED, *before, *open_orders(*orders), OLD_STILL)
    error = fail_task(AfterAnUnpaidOrder, ARGUMENTS, *steps, **given, **WISH, **PAID)
    assert (error.code.value, error.result["api_calls"]["write"]) == ("conflict", 0)


def test_an_order_that_is_paid_after_a_while_is_not_a_failure():
    looks = (*UNPAID_LOOK * 2, OLD_STILL, order_read(3), NEW_NOW, order_read(5))
    assert move(*SEEN, post(CHANGE, ORDERED), *looks, bss_endpoint=BSS, **PAID)["changed"]


DENIED = get(ORDERS, answer(403, {"error_code": "CBC.0150", "error_msg": "denied"}))
SEE = {"bss_endpoint": BSS}


@pytest.mark.parametrize("check_mode", [True, False])
def test_nothing_is_ordered_where_open_orders_cannot_be_read(check_mode):
    blind = {"bss_endpoint": None, "check_mode": check_mode}
    error = fail_move(*READ_AND_CHECKED, **blind, **PAID)
    assert (error.code.value, error.partial) == ("validation", False)
    assert "set bss_endpoint, or set ignore_open_orders" in error.msg
    denied = fail_move(*READ_AND_CHECKED, DENIED, check_mode=check_mode, **SEE, **PAID)
    assert (denied.code.value, denied.result["api_calls"]["write"]) == ("forbidden", 0)


def test_nothing_is_ordered_once_open_orders_become_unreadable():
    error = fail_move(*READ_AND_CHECKED, *open_orders(), DENIED, OLD_STILL, **SEE, **PAID)
    assert (error.code.value, error.result["api_calls"]["write"]) == ("forbidden", 0)


def test_orders_that_cannot_be_read_are_a_warning_and_read_once():
    steps = (*READ_AND_CHECKED, DENIED, OLD_STILL, post(CHANGE, ORDERED), OLD_STILL)
    result = move(*steps, ignore_open_orders=True, **SEE)
    assert (result["pending_payment"], result["orders_readable"]) == (None, False)
    assert "orders cannot be read" in result["warnings"][0]
    assert "CBC.0150" in result["warnings"][0]


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize("address", [BSS, None])
def test_the_result_shows_whether_orders_can_be_read(address, check_mode):
    looks = open_orders(order("CS0", 6)) if address else ()
    placed = () if address or check_mode else (OLD_STILL, post(CHANGE, ORDERED), NEW_NOW)
    given = {"bss_endpoint": address, "ignore_open_orders": address is None}
    result = move(*READ_AND_CHECKED, *looks, *placed, check_mode=check_mode, **given, **PAID)
    assert result["orders_readable"] is (address is not None)


def test_orders_are_not_read_if_nothing_differs():
    result = move(NEW_NOW, bss_endpoint=BSS)
    # Without an order, nothing waits for a payment or does not.
    assert (result["orders_readable"], result["pending_payment"]) == (True, None)
    assert move(NEW_NOW)["orders_readable"] is False


# --- an order that is open already ------------------------------------------------------------


@pytest.mark.parametrize("check_mode", [True, False])
def test_an_open_order_keeps_a_second_one_back(check_mode):
    steps = (*READ_AND_CHECKED, *open_orders(order("CS0", 6)))
    result = move(*steps, bss_endpoint=BSS, check_mode=check_mode)
    assert (result["changed"], result["pending_payment"]) == (False, True)
    assert (result["order_id"], result["open_orders"]) == ("CS0", ["CS0"])
    assert "set ignore_open_orders" in result["warnings"][0]
    assert {row["outcome"] for row in result["changes"]} == {"refused"}
    assert (result["refused"], result["diff"]["after"]) == (result["changes"], {})
    assert result["api_calls"]["write"] == 0


@pytest.mark.parametrize("status", [1, 2, 3, 6, 9])
def test_every_open_state_holds_an_order_back(status):
    steps = (*READ_AND_CHECKED, *open_orders(order("CS0", status)))
    result = move(*steps, bss_endpoint=BSS, wait=False)
    assert (result["changed"], result["open_orders"]) == (False, ["CS0"])


@pytest.mark.parametrize(
    ("status", "open_now"), [(2, ["CS0"]), (6, ["CS0"]), (4, []), (5, []), (11, [])]
)
def test_orders_are_read_without_a_filter_if_it_is_refused(status, open_now):
    invalid = answer(400, {"error_code": "CBC.0101", "error_msg": "The status is invalid."})
    everything = {"order_infos": [order("CS0", status)], "total_count": 1}
    steps = (
        *READ_AND_CHECKED,
        *open_orders()[:-1],
        get(ORDERS, invalid, {"order_type": 3, "status": 2, "offset": 0, "limit": 100}),
        get(ORDERS, everything, {"order_type": 3, "offset": 0, "limit": 100}),
    )
    result = move(*steps, bss_endpoint=BSS, wait=False, check_mode=True)
    assert (result["orders_readable"], result["open_orders"]) == (True, open_now)


def test_a_listed_order_with_an_unknown_status_holds_an_order_back():
    listed = list(open_orders())
    listed[2] = get(ORDERS, {"order_infos": [order("CS0", 77)]}, listed[2].query)
    result = move(*READ_AND_CHECKED, *listed, bss_endpoint=BSS)
    assert (result["changed"], result["open_orders"]) == (False, ["CS0"])


def test_an_order_that_appears_between_the_two_reads_prevents_the_order():
    late = (*READ_AND_CHECKED, *open_orders(), *open_orders(order("CS9", 6)), OLD_STILL)
    error = fail_move(*late, bss_endpoint=BSS, **PAID)
    assert (error.code.value, error.result["api_calls"]["write"]) == ("conflict", 0)
    assert "order CS9 (pending_payment) is open and may be for this server" in error.msg


@pytest.mark.parametrize("status", [3, 2])
def test_an_open_order_that_ends_by_itself_is_waited_for(status):
    look = (*open_orders(order("CS0", status)), OLD_STILL)
    steps = (*READ_AND_CHECKED, *look[:-1], *look)
    result = move(*steps, *open_orders(), NEW_NOW, bss_endpoint=BSS)
    assert (result["changed"], result["api_calls"]["write"]) == (False, 0)
    assert {(row["outcome"], row["message"]) for row in result["changes"]} == {
        ("unchanged", "another order has set it")
    }
    assert (result["order_id"], result["order_state"]) == (None, None)
    ordered = move(*steps, *SEEN[-6:], post(CHANGE, ORDERED), NEW_NOW, bss_endpoint=BSS)
    assert (ordered["changed"], ordered["order_id"]) == (True, "CS1")


@pytest.mark.parametrize("rows", [[], [order("CS0", 6)]])
def test_nothing_is_ordered_if_the_list_of_orders_has_fewer_rows_than_it_counts(rows):
    short = get(ORDERS, {"order_infos": rows, "total_count": 2})
    error = fail_move(*READ_AND_CHECKED, short, bss_endpoint=BSS)
    assert (error.code.value, error.result["api_calls"]["write"]) == ("protocol", 0)
    assert "the list of orders has fewer rows than it counts" in error.msg


def test_each_page_of_the_list_of_orders_is_counted():
    full = [order(f"CS{number}", 6) for number in range(100)]
    first = get(ORDERS, {"order_infos": full, "total_count": 102})
    second = get(ORDERS, {"order_infos": [order("CS100", 6)], "total_count": 102})
    steps = (first, second) * 3
    error = fail_move(*READ_AND_CHECKED, *steps, bss_endpoint=BSS)
    assert (error.code.value, error.result["api_calls"]["write"]) == ("protocol", 0)
    assert "the list of orders changed while it was being read" in error.msg


def test_a_list_of_orders_that_moved_is_read_again():
    # The first order ends between the pages: the last one moves to the first page and is on none of those read.
    full = [order(f"CS{number}", 9) for number in range(101)]
    moved = (
        get(ORDERS, {"order_infos": full[:100], "total_count": 101}),
        get(ORDERS, {"order_infos": [], "total_count": 100}),
    )
    again = get(ORDERS, {"order_infos": full[1:], "total_count": 100})
    result = move(*READ_AND_CHECKED, *moved, again, *open_orders()[1:], bss_endpoint=BSS)
    assert (result["changed"], "CS100" in result["open_orders"]) == (False, True)


@pytest.mark.parametrize("path", [(1, 6), (1, 3), (9, 6), (9, 3), (6, 3), (3, 2)])
@pytest.mark.parametrize("reads", range(6))
def test_an_order_that_goes_on_while_the_lists_are_read_is_seen_once(path, reads):
    class Moving:
        knows_orders = True
        lists = 0

        def orders(self, query):
            now = path[self.lists >= reads]
            self.lists += 1
            return [order("CS0", now)] if query["status"] == now else []

    assert [found["id"] for found in Orders(Moving()).open_changes()] == ["CS0"]


@pytest.mark.parametrize("count", [0, "0"])
def test_a_list_of_orders_that_counts_none_may_have_no_rows(count):
    none = tuple(replace(step, reply=answer(200, {"total_count": count})) for step in open_orders())
    steps = (*READ_AND_CHECKED, *none, *none, OLD_STILL, post(CHANGE, ORDERED), NEW_NOW)
    assert move(*steps, bss_endpoint=BSS)["order_id"] == "CS1"


def test_several_open_orders_are_all_named():
    steps = (*READ_AND_CHECKED, *open_orders(order("CS0", 6), order("CS9", 3)))
    result = move(*steps, bss_endpoint=BSS)
    assert result["order_id"] is None
    assert result["open_orders"] == ["CS0", "CS9"]


def test_orders_of_other_services_do_not_count():
    ecs = order("CS0", 6, service_type_code="hws.service.type.ec2")
    looks = (*open_orders(ecs), *open_orders(ecs), OLD_STILL)
    steps = (*READ_AND_CHECKED, *looks, post(CHANGE, ORDERED), NEW_NOW)
    assert move(*steps, bss_endpoint=BSS, **PAID)["changed"] is True


def test_an_open_order_can_be_ignored():
    looks = (*open_orders(order("CS0", 6)), OLD_STILL)
    steps = (*READ_AND_CHECKED, *looks, post(CHANGE, ORDERED), NEW_NOW)
    result = move(*steps, bss_endpoint=BSS, ignore_open_orders=True, **PAID)
    assert (result["changed"], result["order_id"]) == (True, "CS1")


# --- never twice -----------------------------------------------------------------------------


def test_a_lost_response_causes_no_second_order():
    result = move(*BLIND, LOST, OLD_STILL, NEW_NOW, **PAID)
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
        answer(200, {}),
        answer(200, {"request_id": "r-1", "order_id": None}),
        answer(200, {"request_id": "r-1", "order_id": {}}),
        answer(200, {"request_id": "r-1", "order_id": ["CS1"]}),
        answer(200, {"order_id": "CS1", "error_code": "CPS.0099", "error_msg": "not ready"}),
    ],
    ids=[
        "timeout",
        "502",
        "internal",
        "busy",
        "html",
        "list",
        "empty",
        "fields",
        "null",
        "object",
        "list of IDs",
        "both",
    ],
)
def test_an_uncertain_order_is_reported_as_unknown(reply):
    steps = (*BLIND, post(CHANGE, reply), OLD_STILL, OLD_STILL)
    error = fail_move(*steps, wait_timeout=10, **PAID)
    failure = error.to_result()["failure"]
    assert (failure["state"], failure["partial"], failure["retryable"]) == ("unknown", True, False)
    assert "check My Orders" in error.msg
    assert error.result["api_calls"]["write"] == 1


def test_an_order_beside_an_error_is_named():
    both = answer(
        200, {"order_id": "CS1", "error_code": "CPS.0062", "error_msg": "create order failed"}
    )
    error = fail_move(*BLIND, post(CHANGE, both), OLD_STILL)
    assert "create order failed [CPS.0062, order CS1]" in error.msg


def test_an_order_beside_an_error_that_shows_is_a_change_with_a_warning():
    both = answer(200, {"order_id": "CS1", "error_code": "CPS.0099", "error_msg": "not ready"})
    result = move(*BLIND, post(CHANGE, both), NEW_NOW, **PAID)
    (warning,) = result["warnings"]
    assert (
        result["changed"],
        "the service also reported: not ready [CPS.0099, order CS1]" in warning,
    ) == (True, True)
    steps = (*SEEN, post(CHANGE, both), *open_orders(order("CS1", 3)), NEW_NOW, order_read(5))
    found = move(*steps, bss_endpoint=BSS, **PAID)
    assert "not ready [CPS.0099, order CS1]; order CS1 is new" in found["warnings"][0]


def test_a_lost_answer_to_an_unpaid_order_is_not_waited_for():
    error = fail_move(*BLIND, LOST, OLD_STILL)
    assert error.uncertain
    assert error.result["api_calls"]["waited_s"] == 0.0
    assert "the server has its old flavor; check My Orders" in error.msg


def test_a_lost_order_is_found_where_orders_can_be_read():
    steps = (*READ_AND_CHECKED, *open_orders(order("CS0", 3)), OLD_STILL, LOST)
    found = open_orders(order("CS0", 3), order("CS1", 6))
    result = move(
        *steps, *found, OLD_STILL, order_read(6), bss_endpoint=BSS, ignore_open_orders=True
    )
    assert (result["order_id"], result["pending_payment"]) == ("CS1", True)
    assert (
        "no response within the timeout; order CS1 is new, and is assumed to be it"
        in result["warnings"][0]
    )


def test_a_lost_order_that_is_listed_in_two_states_is_one_order():
    listed = open_orders(order("CS1", 6), order("CS1", 3))
    looks = (OLD_STILL, order_read(3), NEW_NOW, order_read(5))
    result = move(*SEEN, LOST, *listed, *looks, bss_endpoint=BSS)
    assert result["order_id"] == "CS1"


def test_a_throttled_order_may_be_sent_again():
    throttled = answer(
        429, {"error_code": "APIGW.0308", "error_msg": "over ratelimit"}, retry_after="1"
    )
    steps = (*BLIND, post(CHANGE, throttled), OLD_STILL, post(CHANGE, ORDERED), NEW_NOW)
    assert move(*steps, **PAID)["api_calls"]["retried"] == 1


THROTTLED = post(CHANGE, answer(429, {"error_code": "APIGW.0308"}))
NEVER_SENT = post(CHANGE, TransportFailure("no route", sent=False))


@pytest.mark.parametrize("refused", [THROTTLED, NEVER_SENT], ids=["throttled", "not sent"])
def test_an_order_that_another_client_places_during_a_pause_is_seen(refused):
    late = (*open_orders(order("CS9", 6)), OLD_STILL)
    error = fail_move(*SEEN, refused, *late, bss_endpoint=BSS, **PAID)
    assert (error.code.value, error.partial, error.uncertain) == ("conflict", False, False)
    assert error.result["api_calls"]["write"] == 1
    result = move(*SEEN, refused, *open_orders(), NEW_NOW, bss_endpoint=BSS, **PAID)
    assert (result["changed"], result["api_calls"]["write"]) == (False, 1)


def test_open_orders_are_read_again_after_a_pause_of_the_other_service():
    # The order service takes requests at once. The server is read 20 seconds later.
    throttled = post(CHANGE, answer(429, {"error_code": "APIGW.0308"}, retry_after="20"))
    late = (*open_orders(order("CS9", 6)), OLD_STILL)
    steps = (*SEEN, throttled, *open_orders(), OLD_STILL, *late)
    error = fail_move(*steps, bss_endpoint=BSS, **PAID)
    assert (error.code.value, error.result["api_calls"]["write"]) == ("conflict", 1)


@pytest.mark.parametrize("refused", [THROTTLED, NEVER_SENT], ids=["throttled", "not sent"])
def test_the_attempts_of_an_order_are_limited(refused):
    steps = (*BLIND, refused, OLD_STILL, refused)
    error = fail_move(*steps, retries=1, **PAID)
    assert (error.partial, error.uncertain, error.retryable) == (False, False, True)
    assert "2 attempts were made" in error.msg


@pytest.mark.parametrize("status", [200, 400])
def test_an_error_in_the_body_is_a_failure_whatever_the_status(status):
    refused = answer(status, {"error_code": "CPS.0062", "error_msg": "create order failed"})
    error = fail_move(*BLIND, post(CHANGE, refused), **PAID)
    assert (error.code.value, error.partial, error.uncertain) == ("refused", False, False)
    assert "create order failed [CPS.0062]" in error.msg
    assert f"server {SERVER_ID}" in error.msg
    assert (error.to_result()["changed"], error.result["order_id"]) == (False, None)
