# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The flavor of a cloud phone server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..._core.argspec import ArgumentSpec, check_ranges, one_of, unpadded
from ..._core.changes import Comparison, FieldOutcome, Reply
from ..._core.converge import Converged, Resource, View
from ..._core.errors import Code, PanelError, invalid
from ..._core.fields import Schema
from ..client import HuaweiCloud
from ..dialect import first_text
from .flavor_order import FlavorOrder
from .flavor_rules import NONE, STRICT, WARN
from .order import UNPAID, Order, named, why_not_shown
from .order_queue import OrderQueue
from .server import GONE, NORMAL, SERVER, find_server_id

#: The fields that are compared; also the options that name the flavor.
FLAVOR = Schema(SERVER["server_model_name"], SERVER["phone_model_name"])

#: The vendor's limit for the name of a server flavor, in bytes (huaweicloud_cph 2.1).
_LONGEST_NAME = 64

_SET_BY_ANOTHER = "another order has set it"

#: How to order a flavor, for one server and for many.
ORDERING = ArgumentSpec(
    {
        "auto_pay": {"type": "bool", "default": False},
        "ignore_open_orders": {"type": "bool", "default": False},
        "precheck": {"type": "str", "choices": [STRICT, WARN, NONE], "default": STRICT},
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "int", "default": 900},
        "wait_interval": {"type": "int", "default": 10},
    }
)

#: The options of huaweicloud_cph_server_flavor.
SERVER_FLAVOR_OPTIONS = (
    one_of("server_id", "server_name")
    + ArgumentSpec(
        {
            "server_id": {"type": "str"},
            "server_name": {"type": "str"},
            "server_model_name": {"type": "str", "required": True},
            "phone_model_name": {"type": "str", "required": True},
        }
    )
    + ORDERING
)


class ServerFlavor(Resource):
    """A server and the flavor that it is to have.

    :param params: the options of the single module.
    :param server: the server, if it was read already.
    :param queue: the orders of the task, if it is about several servers.
    :param in_doubt: whether an earlier run may have ordered for the server.
    """

    key = "server"
    schema = FLAVOR

    def __init__(
        self,
        client: HuaweiCloud,
        params: Mapping[str, Any],
        *,
        server: View | None = None,
        queue: OrderQueue | None = None,
        in_doubt: bool = False,
    ) -> None:
        self._desired = desired_flavor(params)
        self._client = client
        self._params = params
        self._queue = queue or OrderQueue(client, params)
        self._in_doubt = in_doubt
        self._server = server
        self._order: FlavorOrder | None = None
        self._held_by: list[Order] = []
        self._phone_model: dict[str, Any] | None = None
        self._warnings: list[str] = []

    def read(self) -> View:
        """Return the server as it was read last."""
        if self._server is None:
            server_id = find_server_id(self._client, self._params)
            server = SERVER.project(self._client.server(server_id))
            if server["state"] == GONE:
                raise PanelError(
                    Code.NOT_FOUND,
                    "it was unsubscribed or deleted (status 6)",
                    action=f"change the flavor of {self.name(server)}",
                )
            self._server = server
        return self._server

    def desired(self) -> Mapping[str, Any]:
        return self._desired

    def predict(self, comparison: Comparison) -> Comparison:
        """Check the vendor's rules and the open orders."""
        self._check_shown()
        if self._in_doubt:
            return comparison  # it may be in the middle of its change; the order is checked in its turn
        comparison = self._checked(comparison)
        self._held_by = self._queue.held_by(self.read()["id"])
        if not self._held_by:
            return comparison
        message = (
            f"{named(self._held_by)} open and may be for this server;"
            " pay or cancel it, or set ignore_open_orders"
        )
        return _with(comparison, message, FieldOutcome.REFUSED)

    def _check_shown(self) -> None:
        """Check that the service shows the flavor. :raises PanelError: an order for it may be carried out already."""
        server = self.read()
        hidden = [name for name in FLAVOR if not server[name]]
        if hidden:
            raise PanelError(
                Code.PROTOCOL,
                f"the service does not show its {' and '.join(hidden)}, so it may have the flavor already",
                action=f"change the flavor of {self.name(server)}",
                hint="check the server in the console",
            )

    def _checked(self, comparison: Comparison) -> Comparison:
        """Return the comparison with the objections to the order. :raises PanelError: they forbid it."""
        rules = self._queue.rules(self._desired)
        if rules is None:
            return comparison
        server = self.read()
        self._phone_model = rules.phone_model
        refusal = rules.refusal(server, self.name(server))
        if refusal and self._params["precheck"] == STRICT:
            refusal.result = {"changes": comparison.rows()}
            raise refusal
        doubts = [*([refusal.message] if refusal else []), *rules.doubts(server)]
        self._warnings += [f"{self.name(server)}: {doubt}" for doubt in doubts]
        return _with(comparison, "; ".join(doubts) or None, FieldOutcome.CHANGED)

    def apply(self, comparison: Comparison) -> Reply:
        order = FlavorOrder(
            self._client, self._queue, self._params, self.read(), in_doubt=self._in_doubt
        )
        self._order = order
        try:
            order.execute(comparison)
        except PanelError as error:
            error.partial = order.sent
            error.result = {**error.result, "changed": order.sent, **self._about_order()}
            raise
        finally:
            self._server = order.server
        if order.shown and (order.sent or self._in_doubt):
            return Reply()
        message = _SET_BY_ANOTHER if order.shown else why_not_shown(order.order)
        return Reply(about=dict.fromkeys(comparison.names(FieldOutcome.CHANGED), message))

    def conclude(self, converged: Converged) -> dict[str, Any]:
        order = self._order
        result = {
            **self._about_order(),
            "phone_model": self._phone_model,
            "ordered": False,
            "warnings": self._all_warnings(converged),
        }
        if order is None or not order.pending:
            waited = self._in_doubt and order is not None and order.shown and not order.sent
            return {**result, "earlier": True} if waited else result
        # An ordered value does not change at once. The panel has not refused it.
        comparison = _with(
            converged.comparison, None, FieldOutcome.UNCHANGED, of=FieldOutcome.REFUSED
        )
        return {
            **result,
            "changed": True,
            "ordered": True,
            "changes": comparison.rows(),
            "refused": [],
        }

    def name(self, view: View) -> str:
        return f"server {view['id']} ({view['name']})"

    def _about_order(self) -> dict[str, Any]:
        """Return the result keys about the order of this task, or about the open one that holds it back."""
        order = self._order
        if order is None:
            held = self._held_by[0] if len(self._held_by) == 1 else {}
            return {
                "order_id": held.get("id"),
                "order_state": held.get("state"),
                "pending_payment": any(each["state"] == UNPAID for each in self._held_by)
                if self._held_by
                else None,
                "pay_until": held.get("pay_until"),
                "open_orders": [each["id"] for each in self._held_by],
                "orders_readable": self._client.knows_orders,
                **_names({}),
            }
        return {
            "order_id": order.order["id"],
            "order_state": order.order["state"] if order.sent else None,
            "pending_payment": order.pending_payment,
            "pay_until": order.order["pay_until"],
            "open_orders": [],
            "orders_readable": order.orders.readable,
            **_names(order.accepted),
        }

    def _all_warnings(self, converged: Converged) -> list[str]:
        order, title = self._order, self.name(converged.before)
        refused = converged.comparison.with_outcome(FieldOutcome.REFUSED)
        warnings = [*self._warnings, *(order.warnings + order.orders.warnings if order else ())]
        if refused:
            warnings.append(f"{title}: {refused[0].message}")
        status, before = converged.after["status"], converged.before["status"]
        if order is not None and order.shown and status not in (NORMAL, before):
            state = converged.after["state"]
            warnings.append(f"{title}: it has the flavor, and is {state} (status {status})")
        return warnings


def desired_flavor(params: Mapping[str, Any]) -> dict[str, str]:
    """Return both names of the flavor. :raises PanelError: ``validation``, for unusable options."""
    check_waiting(params)
    return {name: _checked_name(name, params[name]) for name in FLAVOR}


def check_waiting(params: Mapping[str, Any]) -> None:
    """Check the options about waiting. :raises PanelError: ``validation``."""
    check_ranges(params, {"wait_timeout": (0, None), "wait_interval": (1, None)})


def _checked_name(option: str, value: str) -> str:
    if not value.strip():
        raise invalid(f"{option} is empty")
    if len(value.encode()) > _LONGEST_NAME:
        raise invalid(
            f"{option} is longer than {_LONGEST_NAME} bytes, so it is not the name of a flavor"
        )
    return unpadded(option, value)


def _names(accepted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the IDs in the response to an order; all of them are optional (huaweicloud_cph 2.2)."""
    return {
        "product_id": first_text(accepted, "product_id") or None,
        "request_id": first_text(accepted, "request_id") or None,
        "gateway_request_id": first_text(accepted, "x_request_id") or None,
    }


def _with(
    comparison: Comparison,
    message: str | None,
    outcome: FieldOutcome,
    *,
    of: FieldOutcome = FieldOutcome.CHANGED,
) -> Comparison:
    """Return the comparison with another outcome and message for the changes of one outcome.

    :param message: replaces their message unless it is None.
    """
    return comparison.revised(
        lambda change: (
            replace(
                change,
                after=change.desired if outcome is FieldOutcome.CHANGED else change.before,
                outcome=outcome,
                message=message or change.message,
            )
            if change.outcome is of
            else change
        )
    )
