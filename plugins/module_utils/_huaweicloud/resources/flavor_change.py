# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The change of one cloud phone server to another flavor, from the first look to the last."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..._core.changes import Comparison, FieldOutcome, Reply
from ..._core.converge import View
from ..._core.errors import Code, PanelError
from ..._core.fields import Schema
from ..._core.waiting import wait_until
from ..client import HuaweiCloud, Raw
from .order import CANCELLED, PROCESSING, UNKNOWN, UNPAID, Orders
from .server import NORMAL, SERVER

#: What is compared.
FLAVOR = Schema(SERVER["server_model_name"], SERVER["phone_model_name"])

#: States that no flavor change leads through, and that none leads out of.
_BROKEN = frozenset({"abnormal", "frozen", "gone", "stop_failed"})
#: What a read may stumble over while the cloud changes a server, and how often in a row.
_PASSING = frozenset({Code.TRANSPORT, Code.RATE_LIMITED, Code.NOT_FOUND, Code.PROTOCOL})
_MOST_MISSES = 3

_LOOK = "look at My Orders in the console before you run this again: it might order a second time"


class Stage(enum.Enum):
    """How far a change has come."""

    #: Nothing differs.
    EQUAL = "equal"
    #: It differs, and nothing is ordered yet.
    DIFFERS = "differs"
    #: It differs, and an earlier order may be for this server: no other one is placed.
    HELD = "held"
    #: Ordered, and not there yet.
    ORDERED = "ordered"
    #: Sent, but the answer was lost: nobody knows whether there is an order.
    LOST = "lost"
    #: An order waits for its payment.
    UNPAID = "unpaid"
    #: The server has the flavor.
    DONE = "done"
    #: It went wrong.
    FAILED = "failed"


class FlavorChange:
    """What becomes of one server.

    :param server: the server as it is, projected.
    :param desired: both names.
    """

    def __init__(self, server: View, desired: Mapping[str, str]) -> None:
        self.before = server
        self.after = server
        self.comparison = Comparison.between(FLAVOR, server, desired)
        self.stage = Stage.DIFFERS if self.comparison.changed else Stage.EQUAL
        #: Whether this task has sent an order that the service took, or may have taken.
        self.sent = False
        self.error: PanelError | None = None
        #: Orders that may be this server's; this task's own is the only one.
        self.order_ids: list[str] = []
        self.order_state = UNKNOWN
        self._ids: dict[str, Any] = dict.fromkeys(
            ("product_id", "request_id", "gateway_request_id", "pay_until")
        )
        self._misses = 0

    @property
    def title(self) -> str:
        """The server's name in messages."""
        return f"server {self.before['id']} ({self.before['name']})"

    @property
    def flavor(self) -> dict[str, str]:
        """Both names that the server is to have."""
        return {change.field.name: change.desired for change in self.comparison.changes}

    @property
    def lost(self) -> bool:
        """Whether nobody knows if the order was placed."""
        return self.stage is Stage.LOST

    @property
    def under_way(self) -> bool:
        """Whether a further look may show something new."""
        return self.stage in (Stage.ORDERED, Stage.LOST)

    # --- steps --------------------------------------------------------------------------------

    def hold(self, orders: list[dict[str, Any]], *, follow: bool) -> None:
        """Take orders that are open already for this server's, and order nothing.

        :param follow: whether to look after one that is being carried out.
        """
        self.order_ids = [order["id"] for order in orders]
        self.order_state = orders[0]["state"] if len(orders) == 1 else UNKNOWN
        self._ids["pay_until"] = orders[0]["pay_until"] if len(orders) == 1 else None
        executed = follow and self.order_state == PROCESSING
        self.stage = Stage.ORDERED if executed else Stage.HELD

    def place(self, client: HuaweiCloud, *, auto_pay: bool) -> None:
        """Order the flavor, once.

        :raises PanelError: it was not ordered. Where nobody knows, the change is ``LOST`` instead.
        """
        desired = self.flavor
        try:
            answer = client.change_flavor(
                self.before["id"],
                desired["server_model_name"],
                desired["phone_model_name"],
                auto_pay=auto_pay,
            )
        except PanelError as error:
            error.action = f"change the flavor of {self.title}"
            if not error.uncertain:
                raise
            self.sent, self.stage, self.error = True, Stage.LOST, error
            return
        self.sent, self.stage = True, Stage.ORDERED
        self._note(answer)

    def doubt(self, error: PanelError) -> None:
        """Take it that an earlier task may have sent the order, and order nothing.

        :param error: what to fail with unless the server shows the flavor.
        """
        self.stage, self.error = Stage.LOST, error

    def adopt(self, order: Mapping[str, Any]) -> None:
        """Take the order that a lost answer must have told of."""
        self.stage, self.error = Stage.ORDERED, None
        self.order_ids = [order["id"]]

    def look_before(self, client: HuaweiCloud) -> None:
        """Read the server once more before the order: it may have got the flavor since, or another one.

        :raises PanelError: it cannot be read, is gone, or has a third flavor by now.
        """
        self.after = SERVER.project(client.server(self.before["id"]))
        if self._shown():
            return
        names = [change.field.name for change in self.comparison.changes]
        if any(self.after[name] != self.before[name] for name in names):
            flavor = " on ".join(str(self.after[name]) for name in reversed(names))
            raise PanelError(
                Code.CONFLICT,
                f"it has {flavor} by now",
                action=f"change the flavor of {self.title}",
                hint="somebody else has changed it since it was read",
            )

    def look(self, client: HuaweiCloud, orders: Orders, *, auto_pay: bool) -> None:
        """Read the server, and its order if that may be read, and tell how far it is."""
        try:
            self.after = SERVER.project(client.server(self.before["id"]))
        except PanelError as error:
            self._stumble(error)
            return
        self._misses = 0
        shown = self._shown()
        if self.stage is Stage.DONE:
            return
        if self.after["state"] in _BROKEN and self.after["state"] != self.before["state"]:
            message = (
                f"it is {self.after['state']} (status {self.after['status']}){self._ordered()}"
            )
            self._fail(PanelError(Code.JOB_FAILED, message, hint="look at it in the console"))
            return
        self._ask(orders)
        if shown:
            return
        if self.order_state == CANCELLED:
            message = f"order {self.order_ids[0]} was cancelled"
            self._fail(PanelError(Code.JOB_FAILED, message, hint="run this again for a new order"))
        elif not auto_pay and self.lost:
            self.run_out(0)  # an order that nobody pays shows nothing, however long one waits
        elif not auto_pay and self.order_state in (UNPAID, UNKNOWN):
            self.stage = Stage.UNPAID

    def run_out(self, timeout_s: int) -> None:
        """End a change that did not show in time."""
        if self.order_state == UNPAID:
            self.stage = Stage.UNPAID
        elif self.stage is Stage.LOST and self.error:
            later = f" after {timeout_s} s" if timeout_s else ""
            self.error.add_hint(f"the server still had its old flavor{later}; {_LOOK}")
            self.stage = Stage.FAILED
        else:
            names = " on ".join(
                str(self.after[name]) for name in ("phone_model_name", "server_model_name")
            )
            message = (
                f"after {timeout_s} s it still has {names}, in the state {self.after['state']}"
                f"{self._ordered()}, order state {self.order_state}"
            )
            hint = f"the order goes on; raise wait_timeout, and {_LOOK}"
            self._fail(PanelError(Code.WAIT_TIMEOUT, message, hint=hint))

    # --- what came of it ----------------------------------------------------------------------

    def changed(self, *, check_mode: bool) -> bool:
        """Whether the server has, or has been ordered, another flavor; in check mode whether it would."""
        if check_mode:
            return self.stage in (Stage.DIFFERS, Stage.ORDERED)
        return self.sent or self.stage is Stage.DONE

    @property
    def unpaid(self) -> bool:
        """Whether an order waits for payment, as far as that can be known."""
        return self.stage is Stage.UNPAID or (
            self.stage is Stage.HELD and self.order_state in (UNPAID, UNKNOWN)
        )

    def warning(self) -> str | None:
        """What the operator has to do now."""
        orders = " or ".join(self.order_ids)
        if self.stage is Stage.HELD:
            return (
                f"{self.title}: nothing was ordered, since order {orders} ({self.order_state}) is open and"
                " may be for this server; pay or cancel it, or set ignore_open_orders"
            )
        if self.stage is not Stage.UNPAID:
            return None
        until = f" until {self._ids['pay_until']}" if self._ids["pay_until"] else ""
        sure = "waits" if self.order_state == UNPAID else "most likely waits"
        return (
            f"{self.title}: order {orders or 'without an id'} {sure} for its payment{until};"
            " the flavor does not change before it is paid"
        )

    def to_result(self, *, check_mode: bool) -> dict[str, Any]:
        """The result keys of one server."""
        changed = self.changed(check_mode=check_mode)
        expected = check_mode and changed
        return {
            "changed": changed,
            "server": {**self.after, **self.flavor} if expected else dict(self.after),
            "server_before": dict(self.before),
            "changes": self.comparison.rows() if expected else self._judged().rows(),
            "order_id": self.order_ids[0] if len(self.order_ids) == 1 else None,
            "order_state": self.order_state if self.order_ids or self.sent else None,
            "pending_payment": self.unpaid,
            "open_orders": list(self.order_ids) if self.stage is Stage.HELD else [],
            **self._ids,
        }

    def diff(self, *, check_mode: bool) -> dict[str, Any]:
        """What is changed, or ordered, for ``--diff``."""
        settled = self.stage is Stage.FAILED or not self.changed(check_mode=check_mode)
        comparison = self._judged() if settled else self.comparison
        return {**comparison.diff(), "before_header": self.title, "after_header": self.title}

    def _judged(self) -> Comparison:
        """Return the comparison with the last read. An order that is still open says so."""
        if self.stage is Stage.DONE:
            return self.comparison.judged(self.after, Reply())
        seen = self.comparison.stopped(self.after)
        if self.stage is Stage.EQUAL:
            return seen
        message = f"not there yet{self._ordered()}, order state {self.order_state}"
        if not self.sent and not self.order_ids:
            message = "it was not ordered"
        return Comparison(
            tuple(
                replace(change, message=message)
                if change.outcome is FieldOutcome.UNCHANGED and change.after != change.desired
                else change
                for change in seen.changes
            )
        )

    def _shown(self) -> bool:
        """Whether the last read shows the flavor; then it goes on from there."""
        shown = self.comparison.settled(self.after, ())
        if shown:
            # Whatever became of the answer, and of the payment: the order was carried out.
            ready = self.after["status"] in (NORMAL, self.before["status"])
            self.stage, self.error = Stage.DONE if ready else Stage.ORDERED, None
        return shown

    def _note(self, answer: Raw) -> None:
        """Keep the names of the order; all of them are optional (huaweicloud_cph 2.2)."""
        self.order_ids = [str(answer["order_id"])] if answer.get("order_id") else []
        for name, key in (
            ("product_id", "product_id"),
            ("request_id", "request_id"),
            ("gateway_request_id", "x_request_id"),
        ):
            self._ids[name] = answer.get(key)

    def _ask(self, orders: Orders) -> None:
        order = orders.find(self.order_ids[0]) if len(self.order_ids) == 1 else None
        self.order_state = order["state"] if order else UNKNOWN
        self._ids["pay_until"] = order["pay_until"] if order else None

    def _stumble(self, error: PanelError) -> None:
        """Bear with a read that fails, but not for ever, and not where it cannot pass."""
        self._misses += 1
        if error.code in _PASSING and self._misses <= _MOST_MISSES:
            return
        if error.code is Code.AUTH:
            error.message = (
                f"the credentials expired, or were withdrawn, during the wait: {error.message}"
            )
        error.add_hint(f"the flavor was ordered before{self._ordered()}; {_LOOK}")
        self._fail(error)

    def _fail(self, error: PanelError) -> None:
        error.action = f"see the new flavor of {self.title} through"
        self.stage, self.error = Stage.FAILED, error

    def _ordered(self) -> str:
        return f", order {self.order_ids[0]}" if self.order_ids else ""


def follow(
    changes: Sequence[FlavorChange],
    client: HuaweiCloud,
    orders: Orders,
    params: Mapping[str, Any],
) -> None:
    """Look after orders until each has ended or time is up; just once without ``wait``.

    :param params: the options ``wait``, ``wait_timeout``, ``wait_interval`` and ``auto_pay``.
    """
    timeout_s = params["wait_timeout"] if params["wait"] else 0
    interval_s = float(params["wait_interval"])

    def look() -> list[FlavorChange]:
        for change in filter(lambda each: each.under_way, changes):
            change.look(client, orders, auto_pay=params["auto_pay"])
        return [change for change in changes if change.under_way]

    left, _ended = wait_until(
        look,
        lambda left: not left,
        timeout_s=timeout_s,
        clock=client.session.backoff.clock,
        first_s=interval_s,
        longest_s=interval_s,
    )
    for change in left:
        if params["wait"] or change.lost:
            change.run_out(timeout_s)
