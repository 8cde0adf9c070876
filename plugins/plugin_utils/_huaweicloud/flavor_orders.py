# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The orders of a run over many cloud phone servers: never two for one server.

An order names no server (huaweicloud_cph 2.6), so an open one may be that of any. Three rules follow:

- Orders are sent one after another. Before each, whatever is open that this run has not placed
  must have ended. What is waited for together are the orders that the run has placed.
- Nothing is ordered for a server that differs from what was read.
- Nothing is ordered where an earlier run may have ordered, until no order is open any more.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...module_utils._core.changes import FieldOutcome
from ...module_utils._core.converge import View
from ...module_utils._core.errors import Code, PanelError, invalid
from ...module_utils._core.waiting import wait_until
from ...module_utils._huaweicloud.client import HuaweiCloud
from ...module_utils._huaweicloud.resources.flavor_change import FlavorChange, Stage, follow
from ...module_utils._huaweicloud.resources.flavor_rules import FlavorLists, FlavorRules
from ...module_utils._huaweicloud.resources.order import CANCELLED, PROCESSING, Orders
from ...module_utils._huaweicloud.resources.server_flavor import NONE, STRICT
from .._fleet.change import FleetItem, ItemId
from .._fleet.item_sessions import ItemSessions

_CONSOLE = "look at My Orders in the console"
#: What is kept of a server.
_KEPT = ("id", "name", "server_model_name", "phone_model_name", "status", "state")


@dataclass(frozen=True)
class Wish:
    """A server, projected, and the names of both flavors that it is to have."""

    server: View
    flavor: Mapping[str, str]


class FlavorOrders:
    """Compares servers with flavors, and orders what differs. Several threads may order at a time.

    :param params: the options of the single module, but for those that name servers and flavors.
    """

    def __init__(self, sessions: ItemSessions[HuaweiCloud], params: Mapping[str, Any]) -> None:
        self._sessions = sessions
        self._params = params
        self._lists: FlavorLists | None = None
        self._reading = threading.RLock()
        self._held: str | None = None
        self._asked = False
        #: Servers that an earlier run may have ordered for.
        self._in_doubt: set[ItemId] = set()
        #: Orders that this run has placed.
        self._own: set[str] = set()
        self._turn = threading.Lock()
        self._settled = False

    # --- what is to be done ------------------------------------------------------------------

    def compare(self, wish: Wish) -> FleetItem:
        """Compare a server with its flavor. For the first that differs the lists and the open orders are read.

        A server that an open order holds back is refused; one that breaks a rule has an error.

        :raises PanelError: open orders cannot be read, and are not to be ignored.
        """
        change, item = self._compared(wish)
        if not item.to_change:
            return item
        refusal, doubts = self._objection(change)
        if refusal is not None:
            return _item(change, wish, item.changes, error=refusal)
        held = self._open_before()
        if held:
            return _item(change, wish, refused(item.changes, held))
        message = "; ".join(doubts) or None
        return _item(change, wish, tuple({**row, "message": message} for row in item.changes))

    def compare_again(self, wish: Wish) -> FleetItem:
        """Compare a server that an earlier run may have ordered for; :meth:`order` then waits first."""
        self._in_doubt.add(wish.server["id"])
        return self._compared(wish)[1]

    def rows(self, wish: Wish) -> tuple[dict[str, Any], ...]:
        """Return the rows of a server's two flavors, whatever stands in the way."""
        return tuple(self._compared(wish)[0].comparison.rows())

    @staticmethod
    def _compared(wish: Wish) -> tuple[FlavorChange, FleetItem]:
        change = FlavorChange({name: wish.server[name] for name in _KEPT}, wish.flavor)
        return change, _item(change, wish, tuple(change.comparison.rows()))

    def objections(self, wish: Wish) -> list[str]:
        """Return what the vendor's lists say against a flavor for a server, whatever state it is in."""
        if self._params["precheck"] != STRICT:
            return []
        found = self._rules(wish.flavor).objections(wish.server)
        return [objection.message for objection in found if objection.code is Code.VALIDATION]

    def _objection(self, change: FlavorChange) -> tuple[PanelError | None, list[str]]:
        """Return what forbids to order for a server, and what speaks against it."""
        how = self._params["precheck"]
        if how == NONE:
            return None, []
        rules = self._rules(change.flavor)
        refusal = rules.refusal(change.after, change.title)
        if refusal and how == STRICT:
            return refusal, []
        return None, [*([refusal.message] if refusal else []), *rules.doubts(change.after)]

    def _rules(self, flavor: Mapping[str, str]) -> FlavorRules:
        client = self._sessions.client
        with self._reading:
            self._lists = self._lists or FlavorLists(client)
        return FlavorRules(
            client, flavor["server_model_name"], flavor["phone_model_name"], self._lists
        )

    def _open_before(self) -> str | None:
        """Return why open orders keep all others back, ``None`` where none does. Reads them once.

        Orders that are being carried out are no reason where the run may wait: they will have ended.
        """
        with self._reading:
            if self._asked or self._params["ignore_open_orders"]:
                return self._held
            orders = Orders(self._sessions.client)
            found = orders.open_changes()
            if not orders.readable:
                raise _unreadable(orders)
            if any(not self._passes(order) for order in found):
                self._held = (
                    f"{_named(found)} open and may be for this server;"
                    " pay or cancel, or set ignore_open_orders"
                )
            self._asked = True
            return self._held

    def _passes(self, order: Mapping[str, Any]) -> bool:
        """Whether waiting is enough for an open order to end."""
        return bool(self._params["wait"]) and order["state"] == PROCESSING

    def sold_out(self, items: Sequence[FleetItem]) -> list[str]:
        """Return a warning for each zone in which the vendor sells the servers' new flavor no more."""
        desired = {
            (item.view.flavor["server_model_name"], item.group)
            for item in items
            if any(row["field"] == "server_model_name" for row in item.to_change)
        }
        try:
            offers = self._sessions.client.server_model_offerings() if desired else []
        except PanelError:
            return []  # older services do not tell (huaweicloud_cph 3.1)
        return [
            f"{model} is sold out in {zone}; whether that stops a change of flavor is not published"
            for model, zone in sorted(
                (str(offer.get("model_name")), str(offer.get("available_zone")))
                for offer in offers
                if offer.get("sell_status") == "sellout"
            )
            if (model, zone) in desired
        ]

    # --- doing it ----------------------------------------------------------------------------

    def order(self, item: FleetItem) -> dict[str, Any]:
        """Order an item's flavor once and see it through, as the single module does; return its result.

        :raises PanelError: as the single module would.
        """
        change = self._compared(item.view)[0]
        with self._sessions.for_item() as (client, dummy):
            orders = Orders(client)
            warnings = self._place(change, client, orders, in_doubt=item.id in self._in_doubt)
            follow([change], client, orders, self._params)
        rows = _rows(change)
        # An order that is not paid, or not carried out yet, changes nothing.
        ordered = change.sent and change.stage is not Stage.DONE
        reported = {**change.to_result(check_mode=False), "changes": rows, "ordered": ordered}
        if change.stage is Stage.FAILED and change.error is not None:
            change.error.partial = change.sent
            change.error.result = reported
            raise change.error
        warning = change.warning()
        return {**reported, "warnings": [*warnings, *([warning] if warning else [])]}

    def _place(
        self, change: FlavorChange, client: HuaweiCloud, orders: Orders, *, in_doubt: bool
    ) -> list[str]:
        """Place the order when its turn has come, unless the server needs none any more; return warnings."""
        if in_doubt:
            # Before its turn: all servers of an earlier run are looked at together.
            self._wait_for_others(change, client, orders, in_doubt=True)
            if change.stage is not Stage.DIFFERS:
                return []
        with self._turn:
            known, left = self._wait_for_others(change, client, orders, in_doubt=in_doubt)
            if change.stage is not Stage.DIFFERS:
                return []
            if left:
                raise PanelError(
                    Code.CONFLICT,
                    f"{_named(left)} open and may be for this server",
                    action=f"change the flavor of {change.title}",
                    hint="pay or cancel, or wait until it is carried out, and run this again",
                )
            refusal, doubts = self._objection(change)
            if refusal is not None:
                raise refusal
            change.place(client, auto_pay=self._params["auto_pay"])
            if not change.order_ids:
                doubts += self._find(change, orders, known)
            self._own.update(change.order_ids)
            if change.lost:
                # Nobody else orders before it is known whether there is an order.
                follow([change], client, orders, self._params)
        return [f"{change.title}: {words}" for words in doubts]

    def _wait_for_others(
        self, change: FlavorChange, client: HuaweiCloud, orders: Orders, *, in_doubt: bool
    ) -> tuple[set[str], list[dict[str, Any]]]:
        """Wait until no order is open that may be the server's, or until it shows the flavor without one.

        Where an earlier run may have ordered and nobody can tell, the change is ``LOST`` afterwards.

        :returns: the ids of the orders that are open just before the server's last read, and those orders
            that may be the server's, and do not end by waiting, or did not in time.
        :raises PanelError: open orders cannot be read, or the server is not as it was read.
        """
        ignore = self._params["ignore_open_orders"] and not in_doubt
        interval_s = float(self._params["wait_interval"])
        clock = client.session.backoff.clock
        if in_doubt and orders.readable and not self._settled:
            # What was sent a moment before the earlier run died may not be listed at once.
            clock.sleep(interval_s)
            self._settled = True
        found: list[dict[str, Any]] = []

        def others() -> list[dict[str, Any]]:
            # In this order: what ends between the two reads shows in the second one.
            found[:] = orders.open_changes()
            change.look_before(client)
            return [] if ignore else [order for order in found if order["id"] not in self._own]

        def settled(left: list[dict[str, Any]]) -> bool:
            return not left or change.stage is not Stage.DIFFERS or not all(map(self._passes, left))

        left, _ended = wait_until(
            others,
            settled,
            timeout_s=self._params["wait_timeout"] if self._params["wait"] else 0,
            clock=clock,
            first_s=interval_s,
            longest_s=interval_s,
        )
        if change.stage is Stage.DIFFERS and not orders.readable:
            if in_doubt:
                change.doubt(_in_doubt(change))
            elif not ignore:
                raise _unreadable(orders)
        return {order["id"] for order in found}, left

    def _find(self, change: FlavorChange, orders: Orders, known: set[str]) -> list[str]:
        """Look for the order of an answer that was lost, or that named none: the one that was not there before."""
        lost = change.lost
        new = [
            order
            for order in orders.open_changes()
            if order["id"] not in known and order["id"] not in self._own
        ]
        if len(new) != 1:
            return []
        change.adopt(new[0])
        if not lost:
            return []
        return [
            f"the answer to the order was lost; order {new[0]['id']}, which is new, is taken for it"
        ]


def refused(rows: Sequence[Mapping[str, Any]], message: str) -> tuple[dict[str, Any], ...]:
    """Return rows of which those that were to change stay as they are, and why."""
    return tuple(
        {**row, "after": row["before"], "outcome": FieldOutcome.REFUSED.value, "message": message}
        if row["outcome"] == FieldOutcome.CHANGED.value
        else dict(row)
        for row in rows
    )


def _item(
    change: FlavorChange,
    wish: Wish,
    rows: tuple[Mapping[str, Any], ...],
    error: PanelError | None = None,
) -> FleetItem:
    server = wish.server
    place = {"id": server["id"], "name": server["name"]}
    if change.stage is Stage.EQUAL:
        return FleetItem(**place, changes=())
    kept = {name: server[name] for name in _KEPT}
    return FleetItem(
        **place,
        changes=rows,
        group=server.get("availability_zone"),
        error=error,
        view=Wish(kept, wish.flavor),
    )


def _rows(change: FlavorChange) -> list[dict[str, Any]]:
    """The rows of a change as it ended. What is ordered counts as changed, and says what it waits for."""
    rows: list[dict[str, Any]] = change.to_result(check_mode=False)["changes"]
    if not change.sent or change.stage is Stage.DONE or change.order_state == CANCELLED:
        return rows
    return [
        {**row, "after": row["desired"], "outcome": FieldOutcome.CHANGED.value}
        if row["before"] != row["desired"]
        else row
        for row in rows
    ]


def _named(orders: Sequence[Mapping[str, Any]]) -> str:
    names = ", ".join(f"{order['id']} ({order['state']})" for order in orders[:5])
    more = f" and {len(orders) - 5} more" if len(orders) > 5 else ""
    return f"order {names} is" if len(orders) == 1 else f"orders {names}{more} are"


def _unreadable(orders: Orders) -> PanelError:
    error = orders.refusal
    if error is None:
        return invalid(
            "open orders cannot be seen, and a server could be ordered for twice",
            "set bss_endpoint; or set ignore_open_orders if you know that none is open",
        )
    error.add_hint("or set ignore_open_orders if you know that none is open")
    return error


def _in_doubt(change: FlavorChange) -> PanelError:
    return PanelError(
        Code.CONFLICT,
        "an earlier run has ordered it, or was about to, and orders cannot be read",
        action=f"change the flavor of {change.title}",
        hint=f"{_CONSOLE}; if there is no order for it, run this with a new journal",
        uncertain=True,
    )
