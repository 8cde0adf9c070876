# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The orders of one task, placed one at a time, and the orders that keep them from being placed."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from ..._core.errors import PanelError
from ..client import HuaweiCloud
from .flavor_rules import NONE, FlavorLists, FlavorRules
from .order import PASSING, UNPAID, Order, Orders


class OrderQueue:
    """The orders of one task, placed one at a time. Several threads may share it.

    :param client: reads the data that all servers share.
    :param params: the options of the single module for the order.
    """

    def __init__(self, client: HuaweiCloud, params: Mapping[str, Any]) -> None:
        self._client = client
        self._params = params
        self._reading = threading.RLock()
        self._lists: FlavorLists | None = None
        self._open_at_start: list[Order] | None = None
        #: Why the open orders cannot be read.
        self.unreadable: PanelError | None = None
        #: Held from the last read of the open orders until the order is placed.
        self.turn = threading.Lock()
        #: IDs of the orders that this task has placed.
        self.own: set[str] = set()
        #: The ID of the server of each order that an earlier run has placed, by the ID of the order.
        self.known: dict[str, str] = {}
        #: Whether an order of this task was not paid: no other one is placed.
        self.closed = False
        #: Whether the task has waited for the list of orders to catch up.
        self.settled = False

    def rules(self, flavor: Mapping[str, str]) -> FlavorRules | None:
        """Return the vendor's rules for a flavor, or None with ``precheck=none``."""
        if self._params["precheck"] == NONE:
            return None
        with self._reading:
            self._lists = self._lists or FlavorLists(self._client)
        return FlavorRules(
            self._client, flavor["server_model_name"], flavor["phone_model_name"], self._lists
        )

    def open_at_start(self) -> list[Order]:
        """Return the orders that were open before the first one of this task. Read once.

        :raises PanelError: open orders cannot be read, and must not be ignored.
        """
        if self._params["ignore_open_orders"]:
            return []
        with self._reading:
            if self._open_at_start is None:
                orders = Orders(self._client)
                found = orders.open_changes()
                if not orders.readable:
                    self.unreadable = orders.unreadable()
                    raise self.unreadable
                self._open_at_start = found
            return self._open_at_start

    def held_by(self, server_id: str) -> list[Order]:
        """Return the orders that hold the one of a server back.

        Orders that end by waiting do not count if the task waits.

        :raises PanelError: as :meth:`open_at_start`.
        """
        found = [each for each in self.open_at_start() if self.blocks(each, server_id)]
        return [] if all(map(self.passes, found)) else found

    def passes(self, order: Order) -> bool:
        """Return whether an open order ends by waiting, and the task waits."""
        return bool(self._params["wait"]) and (
            order["state"] in PASSING or (order["id"] in self.own and not self.closed)
        )

    def blocks(self, order: Order, server_id: str | None, *, ignore: bool = False) -> bool:
        """Return whether an open order keeps the one of a server from being placed.

        :param server_id: ``None`` if an earlier run may have ordered for it: it may have assumed a wrong server.
        :param ignore: whether orders that may be for the server are ignored.
        """
        known = self.known.get(order["id"]) if server_id else None
        if order["id"] not in self.own and known in (None, server_id):
            return not ignore
        # It should have been paid at once: the balance may not cover any other order.
        return bool(self._params["auto_pay"]) and order["state"] == UNPAID
