# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order that gives one server another flavor: placed at most once, then followed to its end.

An order does not name its server (huaweicloud_cph 2.6), so an open order may be for any server. Before each
order, no order may be open that this task has not placed, and the server must be as it was read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..._core.changes import Comparison
from ..._core.clock import T, wait_until
from ..._core.converge import View
from ..._core.errors import Code, PanelError
from ..client import MOST_MISSES, PASSING_ERRORS, HuaweiCloud, Raw
from ..dialect import first_text
from .flavor_rules import STRICT
from .order import (
    CANCELLED,
    COMPLETED,
    UNKNOWN,
    UNPAID,
    Order,
    Orders,
    awaits_payment,
    named,
)
from .order_queue import OrderQueue
from .server import NORMAL, SERVER

#: The status of a server at the end of a change; frozen and stopped are ends too (huaweicloud_cph 2.5).
_SETTLED = frozenset({NORMAL, 8, 10})
#: States that no change of flavor leads to, and that end a wait.
_BROKEN = frozenset({"abnormal", "frozen", "gone", "stop_failed"})
#: Reads in a row that must show an order unpaid before it counts as not paid automatically.
_UNPAID_READS = 3

#: Seconds after which a list of orders is old: the read of the server may have to wait at the other service.
_FRESH_S = 1.0
#: Lists of orders that are read for this. A server that is always slow to read leaves the last one old.
_MOST_LISTS = 3

#: Failures of an order that the service did not take.
_NOT_TAKEN = frozenset({Code.RATE_LIMITED, Code.LOCKED, Code.TRANSPORT})

_CHECK_ORDERS = "check My Orders in the console before you run this again, or it may order twice"


class NotPaid(PanelError):
    """An order was to be paid automatically and was not. Further orders would not be paid either."""


class FlavorOrder:
    """The order of one server.

    :param server: the server as it was read.
    :param in_doubt: whether an earlier run may have ordered for the server.
    :ivar server: the server as it was read last.
    :ivar sent: whether an order was sent that the service accepted, or may have accepted.
    :ivar shown: whether the server shows the flavor.
    :ivar done: whether it does, and the change has ended.
    """

    def __init__(
        self,
        client: HuaweiCloud,
        queue: OrderQueue,
        params: Mapping[str, Any],
        server: View,
        *,
        in_doubt: bool,
    ) -> None:
        self._client = client
        self._queue = queue
        self._params = params
        self._before, self._id = server, str(server["id"])
        self._clock = client.session.backoff.clock
        self._interval_s = float(params["wait_interval"])
        self._in_doubt = in_doubt
        self._comparison = Comparison(())
        self._lost: PanelError | None = None
        self._misses = self._unpaid = 0
        self.orders = Orders(client)
        self.server = server
        self.sent = self.shown = self.done = False
        self.order: Order = {"id": None, "state": UNKNOWN, "pay_until": None}
        self.accepted: Raw = {}
        self.warnings: list[str] = []

    @property
    def title(self) -> str:
        """The server's name in messages."""
        return f"server {self._id} ({self._before['name']})"

    def execute(self, comparison: Comparison) -> None:
        """Order what differs, once, and follow the order. Order nothing if the server shows the flavor.

        :raises NotPaid: the order was to be paid automatically and is not.
        :raises PanelError: nothing was ordered; or it was, and it failed or did not end in time.
        """
        self._comparison = comparison
        if self._in_doubt:
            # Before its turn, so that all servers of an earlier run wait together.
            self._wait_out_of_doubt()
        with self._queue.turn:
            attempt = 0
            while self._is_needed():
                known = self._wait_for_others()
                if not self._is_needed() or self._place(known, attempt):
                    break
                attempt += 1
            if self._lost is not None:
                # No other order is placed before the fate of this one is known.
                self._follow()
        if not self.done:
            self._follow()

    def _is_needed(self) -> bool:
        return not self.shown and self._lost is None

    # --- before the order --------------------------------------------------------------------

    def _wait_out_of_doubt(self) -> None:
        """Wait as :meth:`_wait_for_others`. Until that succeeds, an order of an earlier run can take effect."""
        try:
            self._wait_for_others()
        except PanelError as error:
            error.uncertain = True
            error.add_hint("an earlier run may have ordered it")
            raise

    def _wait_for_others(self) -> set[str]:
        """Wait until no other order is open, or until the server shows the flavor without one.

        If an earlier run may have ordered and orders cannot be read, the order counts as lost.

        :returns: the IDs of the orders that were open just before the last read of the server.
        :raises PanelError: another order stays open, orders cannot be read, or the server has changed.
        """
        ignore = self._params["ignore_open_orders"] and not self._in_doubt
        server_id = None if self._in_doubt else self._id
        if self._in_doubt and self.orders.readable and not self._queue.settled:
            # An order sent just before the earlier run died may not be listed yet.
            self._clock.sleep(self._interval_s)
            self._queue.settled = True
        found: list[Order] = []

        def others() -> list[Order]:
            for dummy in range(_MOST_LISTS):
                # In this order: an order that ends between the two reads shows in the second one.
                found[:] = self.orders.open_changes()
                listed_s = self._clock.monotonic()
                self._read_unchanged()
                if self._clock.monotonic() - listed_s <= _FRESH_S:
                    break
            return [each for each in found if self._queue.blocks(each, server_id, ignore=ignore)]

        left, _ended = self._wait(
            others, lambda left: self.shown or not left or not all(map(self._queue.passes, left))
        )
        if self.shown:
            return set()
        if left:
            raise self._conflict(
                f"{named(left)} open and may be for this server",
                "pay it or cancel it, or wait for its end, and run this again",
            )
        if not self.orders.readable and self._in_doubt:
            self._lost = self._conflict(
                "an earlier run may have ordered it, and orders cannot be read",
                "check My Orders in the console; if it has no order, run this with a new journal",
            )
            self._lost.uncertain = True
        elif not self.orders.readable and not ignore:
            raise self.orders.unreadable()
        return {order["id"] for order in found}

    @property
    def _action(self) -> str:
        return f"change the flavor of {self.title}"

    def _conflict(self, message: str, hint: str) -> PanelError:
        return PanelError(Code.CONFLICT, message, action=self._action, hint=hint)

    def _read_unchanged(self) -> None:
        """Read the server. :raises PanelError: it cannot be read, or has a third flavor."""
        self._read()
        names = [change.field.name for change in self._comparison.changes]
        if not self.shown and any(self.server[name] != self._before[name] for name in names):
            raise self._conflict(
                f"its flavor has changed to {self._flavor()} since it was first read",
                "run this again if the change is still desired",
            )

    def _place(self, known: set[str], attempt: int) -> bool:
        """Place the order, once. Return whether it was, so that it is not placed again.

        :param known: IDs of the orders that were open before.
        :param attempt: number of attempts before, none of which reached the service.
        :raises PanelError: it was not ordered. If that is unknown, the order counts as lost instead.
        """
        flavor = {change.field.name: change.desired for change in self._comparison.changes}
        if self._queue.closed:
            raise self._conflict(
                "another order of this task is not paid although auto_pay is set",
                "the balance may not cover it",
            )
        rules = self._queue.rules(flavor)
        refusal = rules.refusal(self.server, self.title) if rules else None
        if refusal is not None and self._params["precheck"] == STRICT:
            raise refusal
        session = self._client.session
        try:
            # In one attempt: during a wait, somebody else may order.
            session.resends = False
            self.accepted = self._client.change_flavor(
                self._id,
                flavor["server_model_name"],
                flavor["phone_model_name"],
                auto_pay=self._params["auto_pay"],
            )
        except PanelError as error:
            error.action = self._action
            if not error.uncertain:
                self._pause_or_raise(error, attempt)
                return False
            self._lost = error
        finally:
            session.resends = True
        self.sent = True
        order_id = first_text(self.accepted, "order_id")
        if order_id:
            self.order = {**self.order, "id": order_id}
        else:
            self._lost = self._lost or PanelError(
                Code.PROTOCOL, "the response names no order", action=self._action, uncertain=True
            )
            self._find(self._lost, known)
        if self.order["id"]:
            self._queue.own.add(self.order["id"])
        return True

    def _pause_or_raise(self, error: PanelError, attempt: int) -> None:
        """Wait before another attempt. :raises PanelError: the service refused the order, or no attempt is left."""
        if error.code not in _NOT_TAKEN:
            raise error
        backoff = self._client.session.backoff
        if error.code is Code.RATE_LIMITED:
            # The next read waits until the service takes requests again.
            ended = backoff.exhausted(attempt)
            if ended is None:
                backoff.repeat()
        else:
            ended = backoff.pause(attempt)
        if ended:
            error.add_hint(ended)
            error.retryable = True
            raise error

    def _find(self, lost: PanelError, known: set[str]) -> None:
        """Find the order whose response was lost or names none: the one that was not open before."""
        old = known | self._queue.own
        new = [order for order in self.orders.open_changes() if order["id"] not in old]
        if len(new) == 1:
            self.order, self._lost = new[0], None
            self.warnings.append(
                f"{self.title}: {lost.message}; order {new[0]['id']} is new, and is assumed to be it"
            )

    # --- after the order ---------------------------------------------------------------------

    def _follow(self) -> None:
        """Read server and order until the change has ended or time is up, and an order to be paid is paid or not."""
        _last, ended = self._wait(self._look, bool)
        while not ended and self._unpaid:
            # One read does not prove that an order is not paid, also at the end of the wait.
            self._clock.sleep(self._interval_s)
            ended = self._look()
        if ended:
            self._lost = None
        elif self._lost is not None:
            raise self._still_lost(self._lost, waited_s=self._timeout_s)
        elif self._params["wait"]:
            raise self._too_late()

    def _look(self) -> bool:
        """Read server and order. Return whether no further read can show more.

        :raises PanelError: the change has failed.
        """
        try:
            self._read()
        except PanelError as error:
            self._tolerate(error)
            return False
        self._misses = 0
        if self.done:
            if self.order["state"] not in (UNKNOWN, COMPLETED):
                # It was read before the server showed the end of its change.
                self._read_order()
            return True
        state = self.server["state"]
        if state in _BROKEN and state != self._before["state"]:
            raise self._failed(f"it is {self._state()}{self._ordered()}", "check it in the console")
        self._read_order()
        if self.shown:
            self._unpaid = 0
            return False
        if self.order["state"] == CANCELLED:
            raise self._failed(
                f"order {self.order['id']} was cancelled", "run this again for a new order"
            )
        if self._params["auto_pay"]:
            self._unpaid = self._unpaid + 1 if self.order["state"] == UNPAID else 0
            if self._unpaid >= _UNPAID_READS:
                raise self._not_paid()
            return False
        if self._lost is not None:
            # An unpaid order shows nothing, however long the wait.
            raise self._still_lost(self._lost)
        return self.order["state"] in (UNPAID, UNKNOWN)

    def _read(self) -> None:
        self.server = SERVER.project(self._client.server(self._id))
        self.shown = self._comparison.settled(self.server, ())
        ends = self.server["status"] in _SETTLED or self.server["status"] == self._before["status"]
        self.done = self.shown and ends
        if self.shown and self._lost is not None:
            # The server proves the change, even if the response was lost.
            if self._lost.http_status is not None and self._lost.code is not Code.PROTOCOL:
                message = (
                    f"it shows the flavor, but the service also reported: {self._lost.message}"
                )
                self.warnings.append(f"{self.title}: {message}")
            self._lost = None

    def _read_order(self) -> None:
        found = self.orders.find(self.order["id"])
        self.order = found or {**self.order, "state": UNKNOWN, "pay_until": None}

    def _tolerate(self, error: PanelError) -> None:
        """Tolerate a few failed reads in a row. :raises PanelError: one too many, or one that lasts."""
        self._misses += 1
        if error.code in PASSING_ERRORS and self._misses <= MOST_MISSES:
            return
        if error.code is Code.AUTH:
            error.message = f"the credentials expired or were revoked: {error.message}"
        if error.operation != "show_server":
            error.message = f"cannot {error.action}: {error.message}"
        error.action = f"follow the order for {self.title}"
        was = "may have been" if self._lost else "was"
        error.add_hint(f"the flavor {was} ordered{self._ordered()}; {_CHECK_ORDERS}")
        # The server may have either flavor.
        error.uncertain = True
        raise error

    def _not_paid(self) -> NotPaid:
        self._queue.closed = True
        return NotPaid(
            Code.JOB_FAILED,
            f"order {self.order['id']} is not paid although auto_pay is set",
            action=self._action,
            hint="the balance may not cover it; pay or cancel the order in the console before you run this again",
        )

    def _still_lost(self, error: PanelError, waited_s: int = 0) -> PanelError:
        after = f" after {waited_s} s" if waited_s else ""
        error.add_hint(f"the server has its old flavor{after}; {_CHECK_ORDERS}")
        return error

    def _too_late(self) -> PanelError:
        has = "it has the flavor and is" if self.shown else f"it still has {self._flavor()}, is"
        state = self.order["state"]
        continues = "the order may continue" if state == UNKNOWN else "the order continues"
        if state == COMPLETED:
            continues = "the order is completed, and nothing shows that the change continues"
        return PanelError(
            Code.WAIT_TIMEOUT,
            f"after {self._timeout_s} s {has} {self._state()}{self._ordered()}, order state {state}",
            action=f"follow the order for {self.title}",
            hint=f"{continues}; wait_timeout limits only the wait; {_CHECK_ORDERS}",
        )

    def _failed(self, message: str, hint: str) -> PanelError:
        action = f"follow the order for {self.title}"
        error = PanelError(Code.JOB_FAILED, message, action=action, hint=hint)
        if self._lost is not None:
            error.uncertain = True
            error.add_hint(f"the flavor may have been ordered; {_CHECK_ORDERS}")
        return error

    def _wait(self, probe: Callable[[], T], done: Callable[[T], bool]) -> tuple[T, bool]:
        """Call ``probe`` until ``done`` accepts its result or time is up."""
        return wait_until(
            probe,
            done,
            timeout_s=self._timeout_s,
            clock=self._clock,
            first_s=self._interval_s,
            longest_s=self._interval_s,
        )

    @property
    def _timeout_s(self) -> int:
        return int(self._params["wait_timeout"]) if self._params["wait"] else 0

    def _flavor(self) -> str:
        return f"{self.server['phone_model_name']} on {self.server['server_model_name']}"

    def _state(self) -> str:
        return f"{self.server['state']} (status {self.server['status']})"

    def _ordered(self) -> str:
        return f", order {self.order['id']}" if self.order["id"] else ""

    # --- the outcome -------------------------------------------------------------------------

    @property
    def pending(self) -> bool:
        """Whether an order is placed that the server does not show."""
        return self.sent and not self.shown

    @property
    def pending_payment(self) -> bool | None:
        """Whether the order waits for its payment, None without an order and if that is unknown."""
        if not self.sent:
            return None
        return False if self.shown else awaits_payment(self.order)
