# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The flavor of cloud phone servers: what they are on, what they are to be on, and the orders between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec, one_of
from ..._core.errors import Code, PanelError, invalid
from ..._core.ranges import check_ranges
from ..._core.runner import Action
from ..client import HuaweiCloud
from .flavor_change import FlavorChange, Stage, follow
from .flavor_rules import FlavorRules
from .order import Orders
from .server import SERVER, checked_id, find_server_id

STRICT, WARN, NONE = "strict", "warn", "none"
PRECHECKS = [STRICT, WARN, NONE]

#: The vendor's limit for the name of a server flavor, in bytes (huaweicloud_cph 2.1).
_LONGEST_NAME = 64


#: How a flavor is ordered, for one server and for many.
ORDERING = ArgumentSpec(
    {
        "auto_pay": {"type": "bool", "default": False},
        "ignore_open_orders": {"type": "bool", "default": False},
        "precheck": {"type": "str", "choices": PRECHECKS, "default": STRICT},
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "int", "default": 900},
        "wait_interval": {"type": "int", "default": 10},
    }
)

#: The options of huaweicloud_cph_server_flavor.
SERVER_FLAVOR_OPTIONS = (
    one_of("server_id", "server_name", "server_ids")
    + ArgumentSpec(
        {
            "server_id": {"type": "str"},
            "server_name": {"type": "str"},
            "server_ids": {"type": "list", "elements": "str"},
            "server_model_name": {"type": "str", "required": True},
            "phone_model_name": {"type": "str", "required": True},
        }
    )
    + ORDERING
)


class ServerFlavor(Action):
    """Servers that are to be on a flavor.

    Everything is read and checked, for all servers, before the first order is placed: an order
    costs money. Then one order is placed after another, and all are waited for together.
    """

    def __init__(self, client: HuaweiCloud, params: Mapping[str, Any]) -> None:
        self._client = client
        self._params = params
        self._wanted = wanted_flavor(params)
        self._orders = Orders(client)
        self._known_orders: set[str] = set()
        self._changes: list[FlavorChange] = []
        self._phone_model: dict[str, Any] | None = None
        self._warnings: list[str] = []

    def predict(self) -> dict[str, Any]:
        self._prepare()
        return self._result(check_mode=True)

    def perform(self) -> dict[str, Any]:
        self._prepare()
        while True:
            self._place()
            follow(self._changes, self._client, self._orders, self._params)
            self._raise_failures()
            # An order whose answer was lost stops the others until the server has shown it.
            if all(change.stage is not Stage.DIFFERS for change in self._changes):
                return self._result()

    # --- before anything is ordered -----------------------------------------------------------

    def _prepare(self) -> None:
        """Read and check all servers. :raises PanelError: nothing was ordered."""
        self._changes = [self._read(server_id) for server_id in self._server_ids()]
        differing = [change for change in self._changes if change.stage is Stage.DIFFERS]
        if not differing:
            return
        self._check(differing)
        self._hold(differing)

    def _server_ids(self) -> list[str]:
        desired = self._params["server_ids"]
        if desired is None:
            return [find_server_id(self._client, self._params)]
        ids = [checked_id("server_ids", server_id) for server_id in desired]
        if not ids:
            raise invalid("server_ids is empty")
        if len(set(ids)) < len(ids):
            raise invalid("server_ids names a server twice", "each would be an order of its own")
        return ids

    def _read(self, server_id: str) -> FlavorChange:
        change = FlavorChange(SERVER.project(self._client.server(server_id)), self._wanted)
        if change.before["state"] == "gone":
            raise PanelError(
                Code.NOT_FOUND,
                "it was given up (status 6)",
                action=f"change the flavor of {change.title}",
            )
        return change

    def _check(self, differing: list[FlavorChange]) -> None:
        """Hold the wish against the vendor's rules. :raises PanelError: where it is to be strict about them."""
        how = self._params["precheck"]
        if how == NONE:
            return
        server_model, phone_model = self._wanted.values()
        rules = FlavorRules(self._client, server_model, phone_model)
        self._phone_model = rules.phone_model
        for change in differing:
            refusal = rules.refusal(change.before, change.title)
            if refusal and how == STRICT:
                raise refusal
            message = [refusal.message] if refusal else []
            message += rules.doubts(change.before)
            self._warnings += [f"{change.title}: {words}" for words in message]

    def _hold(self, differing: list[FlavorChange]) -> None:
        """Keep servers from a second order while an earlier one may be theirs (huaweicloud_cph 2.6)."""
        found = self._orders.open_changes()
        self._known_orders = {order["id"] for order in found}
        if found and not self._params["ignore_open_orders"]:
            # One order cannot be that of several servers.
            follow = self._params["wait"] and len(differing) == 1
            for change in differing:
                change.hold(found, follow=follow)

    # --- orders -------------------------------------------------------------------------------

    def _place(self) -> None:
        """Place the orders, each once. After one that fails, or that nobody knows of, no other is placed."""
        for change in self._changes:
            if change.stage is not Stage.DIFFERS:
                continue
            try:
                change.place(self._client, auto_pay=self._params["auto_pay"])
            except PanelError as error:
                error.partial = any(earlier.sent for earlier in self._changes)
                error.result = self._result()
                raise
            if change.lost:
                self._find_lost(change)
            if change.lost:
                return

    def _find_lost(self, change: FlavorChange) -> None:
        """Look for the order that a lost answer was about: the one that was not there before."""
        mine = {order_id for each in self._changes for order_id in each.order_ids}
        new = [
            order
            for order in self._orders.open_changes()
            if order["id"] not in self._known_orders | mine
        ]
        if len(new) == 1:
            change.adopt(new[0])
            self._warnings.append(
                f"{change.title}: the answer to the order was lost; order {new[0]['id']}, which is new, is taken for it"
            )

    # --- afterwards ---------------------------------------------------------------------------

    def _raise_failures(self) -> None:
        """Fail where a change went wrong, with what became of all of them."""
        failed = [change for change in self._changes if change.stage is Stage.FAILED]
        error = failed[0].error if failed else None
        if error is None:
            return
        for other in failed[1:]:
            error.add_hint(f"so did {other.title}: {other.error.message if other.error else ''}")
        error.partial = any(change.sent for change in self._changes)
        error.result = self._result()
        raise error

    def _result(self, *, check_mode: bool = False) -> dict[str, Any]:
        rows = [
            {**change.to_result(check_mode=check_mode), "phone_model": self._phone_model}
            for change in self._changes
        ]
        diffs = [change.diff(check_mode=check_mode) for change in self._changes]
        reported = filter(None, (change.warning() for change in self._changes))
        warnings = [*self._warnings, *self._orders.warnings, *reported]
        told_of_all = {"orders_readable": self._orders.readable, "warnings": warnings}
        if self._params["server_ids"] is None:
            return {**rows[0], "diff": diffs[0], **told_of_all}
        changed = any(row["changed"] for row in rows)
        return {"changed": changed, "servers": rows, "diff": diffs, **told_of_all}


def wanted_flavor(params: Mapping[str, Any]) -> dict[str, str]:
    """Return both names of the flavor. :raises PanelError: ``validation``, for options that make no sense."""
    check_waiting(params)
    return {
        name: _checked_name(name, params[name])
        for name in ("server_model_name", "phone_model_name")
    }


def check_waiting(params: Mapping[str, Any]) -> None:
    """Refuse waits that make no sense. :raises PanelError: ``validation``."""
    check_ranges(params, {"wait_timeout": (0, None), "wait_interval": (1, None)})


def _checked_name(option: str, value: str) -> str:
    if not value.strip():
        raise invalid(f"{option} is empty")
    if len(value.encode()) > _LONGEST_NAME:
        raise invalid(f"{option} is longer than {_LONGEST_NAME} bytes, which no flavor's name is")
    return value
