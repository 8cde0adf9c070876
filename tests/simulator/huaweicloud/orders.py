# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order service (BSS): show, pay and cancel the orders of flavor changes (huaweicloud_cph 2.5)."""

from __future__ import annotations

from typing import Any

from ..exchange import NO_BODY, Reply
from .call import Call, new_routes
from .flavor_change import UNPAID, cancel, count_read, start
from .records import Order
from .refusals import CpsError, Refused, billing

routes = new_routes()

ORDERS = "/v2/orders/customer-orders"
SERVICE_TYPE = "hws.service.type.cph"
LINE_ITEM_SUFFIX = "-000001"
FILTERED = (1, 3, 4, 5, 6, 9)
"""The values of the filter `status` in its description."""


@routes.add("GET", f"{ORDERS}/details/{{order_id}}")
def show_order(call: Call) -> Reply:
    """Return one order with its lines. This counts as a detail read of its change."""
    order = _order(call, call.path["order_id"])
    count_read(call.state, order["server_id"])
    line = {
        "order_line_item_id": f"{order['order_id']}{LINE_ITEM_SUFFIX}",
        "order_id": order["order_id"],
        "service_type_code": SERVICE_TYPE,
        "service_type_name": "Cloud Phone Host",
        "product_id": order["product_id"],
        "product_spec_desc": "simulated server flavor",
        "period_type": 2,
        "period_num": 1,
        "subscription_num": 1,
        "amount_after_discount": order["amount"],
        "official_amount": order["amount"],
        "currency": "CNY",
    }
    return Reply(
        200, {"total_count": 1, "order_info": _view(call, order), "order_line_items": [line]}
    )


@routes.add("GET", ORDERS)
def list_orders(call: Call) -> Reply:
    """Return the orders that pass all filters, newest first."""
    query = call.query
    try:
        status, limit = call.optional_number("status"), call.number("limit", 10, 1, 100)
        offset = call.number("offset", 0, low=0)
    except CpsError:
        raise _invalid("The status, the offset or the limit is invalid.") from None
    described = call.switches.is_set("bss_status_filter", "described")
    if described and status not in (None, *FILTERED):
        raise _invalid("The status is invalid.")
    rows = [
        order
        for order in reversed(call.state.orders.values())
        if query.get("order_id", "") in ("", order["order_id"])
        and query.get("order_type", "") in ("", str(order["order_type"]))
        and query.get("service_type_code", "") in ("", SERVICE_TYPE)
        and status in (None, order["status"])
    ]
    page = [_view(call, order) for order in rows[offset : offset + limit]]
    if call.fault is not None and call.fault.kind == "empty_page":
        page = []
    answer: dict[str, Any] = {"total_count": len(rows), "order_infos": page}
    if not rows and call.switches.is_set("bss_no_orders", "absent"):
        del answer["order_infos"]
    elif not rows and call.switches.is_set("bss_no_orders", "null"):
        answer["order_infos"] = None
    return Reply(200, answer)


@routes.add("POST", "/v3/orders/customer-orders/pay")
def pay_order(call: Call) -> Reply:
    """Pay an order that waits for payment, which starts the change.

    The empty 204 and the code of the refusal for an insufficient balance are INFERRED.
    """
    if any(call.body.get(name) not in ("YES", "NO") for name in ("use_coupon", "use_discount")):
        raise _invalid("use_coupon and use_discount must be YES or NO.")
    order = _unpaid_order(call)
    if not call.state.can_pay(order["amount"]):
        raise _invalid("The account balance is insufficient.")
    start(call.state, order)
    return Reply(204, NO_BODY)


@routes.add("PUT", f"{ORDERS}/cancel")
def cancel_order(call: Call) -> Reply:
    """Cancel an order that waits for payment. The server does not change. The empty 204 is INFERRED."""
    cancel(call.state, _unpaid_order(call))
    return Reply(204, NO_BODY)


def _order(call: Call, order_id: Any) -> Order:
    order = call.state.orders.get(order_id) if isinstance(order_id, str) else None
    if order is None:
        raise _invalid("The order does not exist.")
    return order


def _unpaid_order(call: Call) -> Order:
    order = _order(call, call.body.get("order_id"))
    if order["status"] != UNPAID:
        raise _invalid("The order is not pending payment.")
    return order


def _invalid(text: str) -> Refused:
    """Return a refusal. The code is INFERRED."""
    return billing(400, "CBC.0101", text)


def _view(call: Call, order: Order) -> dict[str, Any]:
    """Return an order as both calls show it."""
    return {
        "order_id": order["order_id"],
        "customer_id": call.state.account.domain_id,
        "service_type_code": SERVICE_TYPE,
        "service_type_name": "Cloud Phone Host",
        "source_type": 2,
        "status": order["status"],
        "order_type": order["order_type"],
        "amount_after_discount": order["amount"],
        "official_amount": order["amount"],
        "measure_id": 1,
        "currency": "CNY",
        "create_time": order["create_time"],
        "payment_time": order["payment_time"],
        "pending_payment_end_time": order["pending_payment_end_time"],
        "contract_id": None,
        "user_name": call.state.account.user,
    }
