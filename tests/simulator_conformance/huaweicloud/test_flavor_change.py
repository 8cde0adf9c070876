# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Flavor changes and their orders (huaweicloud_cph 2)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from .cloud import (
    CHANGE,
    CHEAPER,
    DEARER,
    FEWER_PHONES,
    HIDDEN,
    NO_PAIR,
    OTHER_GENERATION,
    START,
    WITHDRAWN,
    Cloud,
)

PATH = "/servers/change-server-model"
PROCESSING, CANCELLED, COMPLETED, UNPAID = 3, 4, 5, 6
SERVER, ON_DEMAND = 1, 9
DETAILS = "/v2/orders/customer-orders/details"
PAY, CANCEL = "/v3/orders/customer-orders/pay", "/v2/orders/customer-orders/cancel"


def ordered(cloud: Cloud, target: tuple[str, str] = DEARER, auto_pay: int | None = 1) -> str:
    """Order a change and return the ID of the order."""
    response = cloud.change(cloud.id_of(SERVER), target, auto_pay)
    assert response.status_code == 200, response.text
    answer = response.json()
    assert set(answer) == {"request_id", "order_id", "product_id"}
    return str(answer["order_id"])


def test_the_answer(cloud: Cloud) -> None:
    assert re.fullmatch(r"CS\d{10}[0-9A-Z]{7}", ordered(cloud))
    assert cloud.control.counters()["writes_by_server"] == {cloud.id_of(SERVER): 1}


def test_both_names_flip_at_once_after_some_reads(cloud: Cloud) -> None:
    server_id = cloud.id_of(SERVER)
    before = cloud.get(f"/servers/{server_id}")
    order_id = ordered(cloud)
    seen = [cloud.get(f"/servers/{server_id}") for dummy in range(5)]
    flavors = [(s["server_model_name"], s["phone_model_name"]) for s in seen]
    assert flavors == [START, START, START, DEARER, DEARER]
    assert {s["status"] for s in seen} == {5}
    assert cloud.order(order_id)["status"] == COMPLETED
    changed = {key for key in before if before[key] != seen[4][key]}
    assert changed == {"server_model_name", "phone_model_name", "update_time", "request_id"}


def test_or_after_two_minutes(cloud: Cloud) -> None:
    order_id = ordered(cloud)
    cloud.control.advance(118)
    assert cloud.order(order_id)["status"] == PROCESSING
    cloud.control.advance(2)
    assert cloud.order(order_id)["status"] == COMPLETED
    assert cloud.flavor(cloud.id_of(SERVER)) == DEARER


def test_the_phones_follow(cloud: Cloud) -> None:
    server_id = cloud.id_of(SERVER)
    before = cloud.get("/phones", server_id=server_id)["phones"]
    ordered(cloud)
    assert cloud.get("/phones", server_id=server_id)["phones"] == before
    cloud.control.advance(120)
    after = cloud.get("/phones", server_id=server_id)["phones"]
    assert [phone["phone_id"] for phone in after] == [phone["phone_id"] for phone in before]
    assert {phone["phone_model_name"] for phone in after} == {DEARER[1]}


@pytest.mark.parametrize("auto_pay", [0, None])
def test_an_upgrade_that_is_not_paid_never_happens(cloud: Cloud, auto_pay: int | None) -> None:
    order_id = ordered(cloud, auto_pay=auto_pay)
    order = cloud.order(order_id)
    assert (order["status"], order["order_type"]) == (UNPAID, 3)
    assert order["amount_after_discount"] > 0
    assert order["payment_time"] is None
    cloud.control.advance(3600)
    assert [cloud.flavor(cloud.id_of(SERVER)) for dummy in range(6)] == [START] * 6
    cloud.control.advance(24 * 3600)
    assert cloud.order(order_id)["status"] == CANCELLED


def test_paying_later(cloud: Cloud) -> None:
    order_id = ordered(cloud, auto_pay=0)
    body = {"order_id": order_id, "use_coupon": "NO", "use_discount": "NO"}
    assert cloud.bss("POST", PAY, body).status_code == 204
    assert cloud.order(order_id)["status"] == PROCESSING
    assert cloud.order(order_id)["pending_payment_end_time"] is None
    cloud.control.advance(120)
    assert cloud.flavor(cloud.id_of(SERVER)) == DEARER
    assert cloud.bss("POST", PAY, body).json()["error_code"] == "CBC.0101"


def test_cancelling(cloud: Cloud) -> None:
    order_id = ordered(cloud, auto_pay=0)
    assert cloud.bss("PUT", CANCEL, {"order_id": order_id}).status_code == 204
    assert cloud.order(order_id)["status"] == CANCELLED
    cloud.control.advance(3600)
    assert cloud.flavor(cloud.id_of(SERVER)) == START
    assert ordered(cloud) != order_id
    assert cloud.bss("PUT", CANCEL, {"order_id": order_id}).json()["error_code"] == "CBC.0101"


def test_a_downgrade_needs_no_payment(cloud: Cloud) -> None:
    order_id = ordered(cloud, CHEAPER, auto_pay=0)
    order = cloud.order(order_id)
    assert order["status"] == PROCESSING
    assert order["amount_after_discount"] < 0
    cloud.control.advance(120)
    assert cloud.flavor(cloud.id_of(SERVER)) == CHEAPER


def test_a_server_on_demand_needs_no_payment(cloud: Cloud) -> None:
    server_id = cloud.id_of(ON_DEMAND)
    assert cloud.get(f"/servers/{server_id}")["metadata"]["charging_mode"] == 1
    assert cloud.flavor(server_id) == START
    order_id = cloud.change(server_id, DEARER, 0).json()["order_id"]
    assert cloud.order(order_id)["status"] == PROCESSING


def test_reads_of_the_order_count_too(cloud: Cloud) -> None:
    order_id = ordered(cloud)
    seen = [cloud.bss("GET", f"{DETAILS}/{order_id}").json() for dummy in range(4)]
    assert [answer["order_info"]["status"] for answer in seen] == [3, 3, 3, 5]
    assert seen[0]["order_line_items"][0]["product_id"] == "00301-25217-0--0"


def test_a_slow_change(cloud: Cloud) -> None:
    cloud.control.fault("slow_apply", operation=CHANGE, reads=6)
    ordered(cloud)
    seen = [cloud.flavor(cloud.id_of(SERVER)) for dummy in range(8)]
    assert seen == [START] * 6 + [DEARER] * 2


def test_a_change_that_fails_in_the_end(cloud: Cloud) -> None:
    cloud.control.fault("fail_job", operation=CHANGE)
    order_id = ordered(cloud)
    assert cloud.order(order_id)["status"] == PROCESSING
    cloud.control.advance(120)
    assert cloud.order(order_id)["status"] == CANCELLED
    assert cloud.flavor(cloud.id_of(SERVER)) == START
    assert ordered(cloud)


def test_only_the_phone_flavor_may_change(cloud: Cloud) -> None:
    ordered(cloud, WITHDRAWN)
    cloud.control.advance(120)
    assert cloud.flavor(cloud.id_of(SERVER)) == WITHDRAWN


def test_a_private_flavor_can_be_had_though_no_list_shows_it(cloud: Cloud) -> None:
    ordered(cloud, HIDDEN)
    cloud.control.advance(120)
    assert cloud.flavor(cloud.id_of(SERVER)) == HIDDEN


def names_of(target: tuple[str, str]) -> dict[str, str]:
    return {"server_model_name": target[0], "phone_model_name": target[1]}


def body_with(cloud: Cloud, **changes: Any) -> dict[str, Any]:
    body = {
        "server_id": cloud.id_of(SERVER),
        **names_of(DEARER),
        **changes,
    }
    return {key: value for key, value in body.items() if value is not None}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"server_id": None}, (400, "CPS.0016")),
        ({"server_id": "x" * 33}, (400, "CPS.0016")),
        ({"server_id": "0" * 32}, (404, "CPS.0015")),
        ({"server_model_name": None}, (400, "CPS.0088")),
        ({"server_model_name": "x" * 65}, (400, "CPS.0089")),
        ({"server_model_name": "physical.unknown"}, (400, "CPS.0089")),
        ({"phone_model_name": ""}, (400, "CPS.0027")),
        ({"phone_model_name": 5}, (400, "CPS.0028")),
        ({"phone_model_name": "unknown"}, (400, "CPS.0028")),
        ({"extend_param": "1"}, (400, "CPS.0055")),
        ({"extend_param": {"is_auto_pay": 2}}, (400, "CPS.0060")),
        ({"extend_param": {"is_auto_pay": True}}, (400, "CPS.0060")),
        (names_of(NO_PAIR), (400, "CPS.0157")),
        (names_of(FEWER_PHONES), (400, "CPS.0157")),
        (names_of(OTHER_GENERATION), (400, "CPS.0089")),
    ],
)
def test_what_is_refused(cloud: Cloud, changes: dict[str, Any], expected: tuple[int, str]) -> None:
    start = cloud.control.digest()
    assert cloud.refused("POST", PATH, body_with(cloud, **changes)) == expected
    assert cloud.control.digest() == start


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (5, (400, "CPS.0099")),
        (6, (400, "CPS.1028")),
        (7, (400, "CPS.0099")),
        (8, (400, "CPS.0099")),
        (10, (404, "CPS.0015")),
    ],
)
def test_servers_that_are_not_normal(cloud: Cloud, number: int, expected: tuple[int, str]) -> None:
    body = body_with(cloud, server_id=cloud.id_of(number))
    assert cloud.refused("POST", PATH, body) == expected


@pytest.mark.parametrize("auto_pay", [0, 1])
def test_a_second_change_while_one_is_open(cloud: Cloud, auto_pay: int) -> None:
    ordered(cloud, auto_pay=auto_pay)
    assert cloud.refused("POST", PATH, body_with(cloud)) == (400, "CPS.0062")
    assert cloud.bss("GET", "/v2/orders/customer-orders").json()["total_count"] == 1


def test_a_change_to_the_current_flavor_is_refused_with_status_200(cloud: Cloud) -> None:
    start = cloud.control.digest()
    response = cloud.change(cloud.id_of(SERVER), START)
    assert response.status_code == 200
    assert set(response.json()) == {"request_id", "error_code", "error_msg"}
    assert cloud.control.digest() == start
    assert cloud.control.counters()["applied"] == 0


def test_the_control_path_can_cancel_an_order(cloud: Cloud) -> None:
    order_id = ordered(cloud)
    cloud.control.patch("bss_orders", order_id, {"status": CANCELLED})
    cloud.control.advance(3600)
    assert cloud.flavor(cloud.id_of(SERVER)) == START
    assert cloud.order(order_id)["status"] == CANCELLED


# The list of orders


def test_the_list_of_orders(cloud: Cloud) -> None:
    unpaid = ordered(cloud, auto_pay=0)
    paid = cloud.change(cloud.id_of(ON_DEMAND), DEARER).json()["order_id"]

    def listed(**query: Any) -> list[str]:
        answer = cloud.bss("GET", "/v2/orders/customer-orders", **query).json()
        assert set(answer) == {"total_count", "order_infos"}
        return [order["order_id"] for order in answer["order_infos"]]

    assert listed() == [paid, unpaid]
    assert listed(status=UNPAID, order_type=3) == [unpaid]
    assert listed(status=COMPLETED) == listed(order_type=1) == []
    assert listed(limit=1, offset=1) == [unpaid]
    response = cloud.bss("GET", "/v2/orders/customer-orders", limit=0)
    assert response.json()["error_code"] == "CBC.0101"
    assert cloud.bss("GET", f"{DETAILS}/CS1").json()["error_code"] == "CBC.0101"


def test_orders_are_not_for_project_tokens(cloud: Cloud) -> None:
    response = cloud.call("GET", "/v2/orders/customer-orders")
    assert response.status_code == 403
    assert response.json()["error_code"] == "CBC.0150"
    assert response.headers["X-Request-Id"]
