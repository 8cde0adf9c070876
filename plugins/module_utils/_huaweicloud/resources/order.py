# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Orders of the account. The order service is separate and needs its own permission (huaweicloud_cph 2.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._core.errors import Code, PanelError, invalid
from ..._core.fields import Field, Schema, integer, text, text_identifier
from ..client import HuaweiCloud, Raw

UNPAID = "pending_payment"
CANCELLED = "cancelled"
COMPLETED = "completed"
UNKNOWN = "unknown"
#: The meaning of an order's status (huaweicloud_cph 2.5).
STATES: Mapping[int, str] = {
    1: "pending_approval",
    2: "pending_refund",
    3: "processing",
    4: CANCELLED,
    5: COMPLETED,
    6: UNPAID,
    9: "pending_confirmation",
    **dict.fromkeys((10, 11, 12, 13), "shipping"),
}
#: States that end without an action. A downgrade is refunded automatically (huaweicloud_cph 2.5).
PASSING = frozenset({"processing", "pending_refund"})

#: ``order_type`` of an order that changes a purchase.
_CHANGE = 3
#: The status numbers of an order that can still take effect, in the order in which it has them: one that goes on
#: while they are read is in one of the lists at least. 10-13 are about goods that are shipped.
_OPEN = (9, 1, 6, 3, 2)
_OPEN_STATES = frozenset(STATES[status] for status in _OPEN)
#: An order can have this status, but no document has it as a filter (huaweicloud_cph 2.5).
_REFUND = 2
_MOST_NAMED = 5


def order_state(value: Any) -> str:
    """Return the meaning of an order's status, ``unknown`` for an undocumented number."""
    status = integer(value)
    return UNKNOWN if status is None else STATES.get(status, UNKNOWN)


ORDER = Schema(
    Field("id", "order_id", text_identifier, required=True),
    Field("state", "status", order_state, required=True),
    Field("pay_until", "pending_payment_end_time", text, absent=None),
)

Order = Mapping[str, Any]


class Orders:
    """The orders of the account, if they can be read.

    After the first refusal the order service is not asked again.

    :ivar readable: whether orders can be read, as far as it was tried.
    """

    def __init__(self, client: HuaweiCloud) -> None:
        self._client = client
        self.readable = client.knows_orders
        self._refusal: PanelError | None = None

    def find(self, order_id: str | None) -> Order | None:
        """Return an order, or None if it cannot be read."""
        if order_id is None or not self.readable:
            return None
        try:
            return ORDER.project(self._client.order(order_id))
        except PanelError as error:
            self._give_up(error)
            return None

    def open_changes(self) -> list[Order]:
        """Return the open orders that change a cloud phone server. Empty if orders cannot be read.

        That the code or the name of the service identifies orders of cloud phones is INFERRED (huaweicloud_cph
        2.5). An order with neither counts as one of cloud phones.
        """
        if not self.readable:
            return []
        try:
            raws = [raw for status in _OPEN for raw in self._listed(status)]
            found = [ORDER.project(raw) for raw in raws if _may_be_of_phones(raw)]
            # An order that goes on while the lists are read is in two of them. The later state counts.
            return list({order["id"]: order for order in found}.values())
        except PanelError as error:
            self._give_up(error)
            return []

    def _listed(self, status: int) -> list[Raw]:
        """Return the change orders with a status. If it is refused as a filter, return all open change orders."""
        query = {"order_type": _CHANGE, "status": status}
        try:
            return self._client.orders(query)
        except PanelError as error:
            if status != _REFUND or error.code is not Code.VALIDATION:
                raise
            rows = self._client.orders({"order_type": _CHANGE})
            return [raw for raw in rows if ORDER.project(raw)["state"] in _OPEN_STATES]

    @property
    def warnings(self) -> list[str]:
        """Return why orders cannot be read, as warnings."""
        return [f"orders cannot be read: {self._refusal.msg}"] if self._refusal else []

    def unreadable(self) -> PanelError:
        """Return the error of a task that must see open orders and cannot."""
        error = self._refusal
        if error is None:
            return invalid(
                "open orders cannot be read, and a second order for the same server may be a second bill",
                "set bss_endpoint, or set ignore_open_orders if no order is open",
            )
        error.add_hint("or set ignore_open_orders if no order is open")
        return error

    def _give_up(self, error: PanelError) -> None:
        self.readable, self._refusal = False, error


def awaits_payment(order: Order) -> bool | None:
    """Return whether an order waits for its payment, None if that is unknown."""
    return None if order["state"] == UNKNOWN else order["state"] == UNPAID


def why_not_shown(order: Order) -> str:
    """Return why a server does not show the ordered flavor yet."""
    order_id = order["id"] or "without an ID"
    until = f" until {order['pay_until']}" if order["pay_until"] else ""
    if order["state"] == UNPAID:
        return (
            f"order {order_id} waits for its payment{until};"
            " the flavor does not change before it is paid"
        )
    if order["state"] == UNKNOWN:
        return f"order {order_id} is placed; whether it waits for its payment is unknown"
    return f"order {order_id} is placed, order state {order['state']}"


def named(orders: Sequence[Order]) -> str:
    """Return the orders with their states, followed by the verb: ``order CS1 (processing) is``."""
    names = ", ".join(f"{order['id']} ({order['state']})" for order in orders[:_MOST_NAMED])
    more = f" and {len(orders) - _MOST_NAMED} more" if len(orders) > _MOST_NAMED else ""
    return f"order {names} is" if len(orders) == 1 else f"orders {names}{more} are"


def _may_be_of_phones(raw: Mapping[str, Any]) -> bool:
    service = [
        str(raw.get(name) or "").lower() for name in ("service_type_code", "service_type_name")
    ]
    return not any(service) or "cph" in service[0] or "phone" in service[1]
