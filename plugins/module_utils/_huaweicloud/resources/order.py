# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An order of the account. The order service is another one, and needs a permission of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.errors import PanelError
from ..._core.fields import Field, Schema, integer, text
from ..client import HuaweiCloud

#: What the service's numbers mean (huaweicloud_cph 2.5).
STATES: Mapping[int, str] = {
    1: "pending_approval",
    2: "pending_refund",
    3: "processing",
    4: "cancelled",
    5: "completed",
    6: "pending_payment",
    9: "pending_confirmation",
}
UNPAID = "pending_payment"
CANCELLED = "cancelled"
PROCESSING = "processing"
UNKNOWN = "unknown"

#: ``order_type`` of an order that changes what was bought.
_CHANGE = 3
#: The states, as numbers, of an order that may still be carried out.
_OPEN = (6, 3, 1)


def order_state(value: Any) -> str:
    """The meaning of an order's status; ``unknown`` for a number that is in no document."""
    status = integer(value)
    return UNKNOWN if status is None else STATES.get(status, UNKNOWN)


ORDER = Schema(
    Field("id", "order_id", text, required=True),
    Field("state", "status", order_state, required=True),
    Field("pay_until", "pending_payment_end_time", text, absent=None),
)


class Orders:
    """The orders of the account, as far as they may be read.

    After the first refusal the service is left alone: orders are a help, not a need.

    :ivar refusal: why the service was left alone.
    """

    def __init__(self, client: HuaweiCloud) -> None:
        self._client = client
        self.readable = client.knows_orders
        self.refusal: PanelError | None = None
        self.warnings: list[str] = []

    def find(self, order_id: str | None) -> dict[str, Any] | None:
        """Return an order, ``None`` where it cannot be known."""
        if order_id is None or not self.readable:
            return None
        try:
            return ORDER.project(self._client.order(order_id))
        except PanelError as error:
            self._give_up(error)
            return None

    def open_changes(self) -> list[dict[str, Any]]:
        """Return the orders that change a cloud phone server and may still be carried out.

        An order does not name its server. That the code or the name of the service tells orders of
        cloud phones from others is INFERRED; an order that says neither may be one.
        """
        if not self.readable:
            return []
        try:
            raws = [
                raw
                for status in _OPEN
                for raw in self._client.orders({"order_type": _CHANGE, "status": status})
            ]
            return [ORDER.project(raw) for raw in raws if _may_be_of_phones(raw)]
        except PanelError as error:
            self._give_up(error)
            return []

    def _give_up(self, error: PanelError) -> None:
        self.readable, self.refusal = False, error
        self.warnings.append(f"orders cannot be read, going on without them: {error.msg}")


def _may_be_of_phones(raw: Mapping[str, Any]) -> bool:
    reported = [
        str(raw.get(name) or "").lower() for name in ("service_type_code", "service_type_name")
    ]
    return not any(reported) or "cph" in reported[0] or "phone" in reported[1]
