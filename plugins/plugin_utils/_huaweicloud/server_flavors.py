# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The flavor of many cloud phone servers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...module_utils._core.argspec import ArgumentSpec
from ...module_utils._core.converge import View
from ...module_utils._core.errors import Code, PanelError, invalid
from ...module_utils._core.select import each_once
from ...module_utils._huaweicloud.client import HuaweiCloud
from ...module_utils._huaweicloud.filters import words_of
from ...module_utils._huaweicloud.resources.inventory import FleetQuery, list_fleet, read_in_full
from ...module_utils._huaweicloud.resources.server import GONE, STATES, checked_id, named_servers
from ...module_utils._huaweicloud.resources.server_flavor import (
    ORDERING,
    check_waiting,
    wanted_flavor,
)
from ...module_utils._huaweicloud.together import WORKERS
from .._fleet.change import FleetChange, FleetItem, ItemId, unknown_item
from .._fleet.item_sessions import ItemSessions
from .._fleet.rollback import Reversal, Reversals, Rollback, refuse_beside_rollback
from .._fleet.settings import ARGUMENTS as FLEET
from .flavor_orders import FlavorOrders, Wish, refused

#: Which servers.
SELECTION = ArgumentSpec(
    {
        "server_ids": {"type": "list", "elements": "str"},
        "server_names": {"type": "list", "elements": "str"},
        "all": {"type": "bool", "default": False},
        "current_server_model_names": {"type": "list", "elements": "str"},
        "current_phone_model_names": {"type": "list", "elements": "str"},
        "states": {
            "type": "list",
            "elements": "str",
            "choices": [word for word in words_of(STATES) if word != GONE],
        },
        "availability_zones": {"type": "list", "elements": "str"},
        "enterprise_project_ids": {"type": "list", "elements": "str"},
        "charging_mode": {"type": "str", "choices": ["yearly_monthly", "on_demand"]},
        "network_version": {"type": "str", "choices": ["v1", "v2"]},
        "exclude_ids": {"type": "list", "elements": "str", "default": []},
        "exclude_names": {"type": "list", "elements": "str", "default": []},
    },
)

#: Which flavor. Both names are needed, but for a rollback.
FLAVOR = ArgumentSpec(
    {"server_model_name": {"type": "str"}, "phone_model_name": {"type": "str"}},
    required_together=[("server_model_name", "phone_model_name")],
    required_one_of=[("server_model_name", "rollback")],
)

#: Which change of which servers, and how the run goes.
OPTIONS = SELECTION + FLAVOR + ORDERING + FLEET

_WAYS = ("server_ids", "server_names")


class _Ordering(FleetChange):
    """What a change and its rollback share: orders are how it is done."""

    panel = "huaweicloud"
    name = "huaweicloud_cph_server_flavors"
    noun = "servers"
    details = ("order_id", "order_state", "pending_payment", "pay_until")
    warns_of_refusals = True

    _sessions: ItemSessions[HuaweiCloud]
    _address: str
    _orders: FlavorOrders

    @property
    def address(self) -> str:
        return f"{self._address} project {self._sessions.client.project_id()}"

    def apply(self, item: FleetItem) -> dict[str, Any]:
        return self._orders.order(item)

    def capacity(self, items: Sequence[FleetItem]) -> list[str]:
        return self._orders.sold_out(items)

    def api_calls(self) -> dict[str, Any]:
        return self._sessions.api_calls()


class ServerFlavors(_Ordering):
    """Servers that are to be on one flavor, each as with the single module."""

    def __init__(
        self, sessions: ItemSessions[HuaweiCloud], address: str, params: Mapping[str, Any]
    ) -> None:
        if params["server_model_name"] is None:
            raise invalid(
                "server_model_name and phone_model_name must be set",
                "or rollback, which needs none",
            )
        self._sessions = sessions
        self._client = sessions.client
        self._address = address
        self._params = params
        self._flavor = wanted_flavor(params)
        self._orders = FlavorOrders(sessions, params)

    def prepare(self) -> Mapping[str, Any]:
        return {**self._flavor, "auto_pay": self._params["auto_pay"]}

    def select(self, ids: Sequence[ItemId] | None) -> list[FleetItem]:
        if ids is not None:
            found = read_by_id(self._client, [str(item_id) for item_id in ids])
            views: list[dict[str, Any] | FleetItem] = [
                found[str(item_id)] for item_id in ids if str(item_id) in found
            ]
        else:
            views = self._chosen()
        return [
            view if isinstance(view, FleetItem) else self._orders.compare(Wish(view, self._flavor))
            for view in views
        ]

    def look_up(self, item_id: ItemId) -> FleetItem | None:
        view = read_by_id(self._client, [str(item_id)]).get(str(item_id))
        return None if view is None else self._orders.compare_again(Wish(view, self._flavor))

    # --- which servers -----------------------------------------------------------------------

    def _chosen(self) -> list[dict[str, Any] | FleetItem]:
        """Return the selected servers; one that is named and cannot be found is an item that failed."""
        params = self._params
        query = FleetQuery(
            states=params["states"],
            server_model_names=params["current_server_model_names"],
            phone_model_names=params["current_phone_model_names"],
            availability_zones=params["availability_zones"],
            enterprise_project_ids=params["enterprise_project_ids"],
            charging_mode=params["charging_mode"],
            network_version=params["network_version"],
        )
        excluded = {"id": params["exclude_ids"], "name": params["exclude_names"]}

        def desired(view: Mapping[str, Any]) -> bool:
            spared = any(view[field] in values for field, values in excluded.items())
            return query.wants(view) and not spared

        found = self._named(query)
        return [view for view in found if isinstance(view, FleetItem) or desired(view)]

    def _named(self, query: FleetQuery) -> list[dict[str, Any] | FleetItem]:
        params = self._params
        if sum([params["all"], *(params[way] is not None for way in _WAYS)]) != 1:
            raise invalid(
                f"exactly one of {', '.join(_WAYS)} and all must say which servers",
                "the other options take from what it selects",
            )
        if params["all"]:
            rows = list_fleet(self._client, query, workers=WORKERS)
            return [*sorted(rows, key=lambda row: (row.get("create_time") or "", row["id"]))]
        if params["server_names"] is not None:
            names = each_once("server_names", params["server_names"], self.noun)
            return self._of_names(names)
        asked = [checked_id("server_ids", server_id) for server_id in params["server_ids"]]
        found = read_by_id(self._client, each_once("server_ids", asked, self.noun))
        return [found.get(server_id) or _unknown(server_id) for server_id in asked]

    def _of_names(self, names: Sequence[str]) -> list[dict[str, Any] | FleetItem]:
        """Return the servers with these names, in that order."""

        def one(name: str) -> dict[str, Any] | FleetItem:
            try:
                return named_servers(self._client, [name], option="server_ids")[0]
            except PanelError as error:
                if error.code not in (Code.NOT_FOUND, Code.AMBIGUOUS):
                    raise
                return unknown_item(name, error)

        try:
            return [*named_servers(self._client, names, option="server_ids")]
        except PanelError as error:
            if error.code not in (Code.NOT_FOUND, Code.AMBIGUOUS):
                raise
            if len(names) == 1:
                return [unknown_item(names[0], error)]
            # Each is asked for alone, so that the one does not void the others.
            return [one(name) for name in names]


class ServerFlavorsBack(_Ordering, Rollback):
    """Servers that are to be on the flavor that they had: what differs is ordered back."""

    def __init__(
        self,
        sessions: ItemSessions[HuaweiCloud],
        address: str,
        params: Mapping[str, Any],
        reversals: Reversals,
    ) -> None:
        refuse_beside_rollback(params, SELECTION, FLAVOR)
        check_waiting(params)
        super().__init__(reversals)
        self._sessions = sessions
        self._client = sessions.client
        self._address = address
        self._orders = FlavorOrders(sessions, params)
        self._auto_pay = params["auto_pay"]

    def prepare(self) -> Mapping[str, Any]:
        return {**super().prepare(), "auto_pay": self._auto_pay}

    def read(self, ids: Sequence[ItemId]) -> Mapping[ItemId, View]:
        return dict(read_by_id(self._client, [str(item_id) for item_id in ids]))

    def compare(self, reversal: Reversal, view: View) -> FleetItem:
        wish = _former(reversal, view)
        objections = self._orders.objections(wish)
        if not objections:
            return self._orders.compare(wish)
        # What is wrong with the former flavor itself is refused; a server's state may pass, and is an error.
        rows = refused(self._orders.rows(wish), "; ".join(objections))
        return FleetItem(view["id"], view["name"], rows)

    def look_up(self, item_id: ItemId) -> FleetItem | None:
        view = self.read([item_id]).get(item_id)
        if view is None:
            return None
        reversal = self.reversals[item_id]
        if reversal.strange(view) or not reversal.left(view):
            return self._item(reversal, view)
        return self._orders.compare_again(_former(reversal, view))


def _unknown(server_id: str) -> FleetItem:
    error = PanelError(
        Code.NOT_FOUND,
        f"there is no server with the id {server_id}",
        action="select the server",
        hint="correct server_ids; a server that was given up no longer exists",
    )
    return unknown_item(server_id, error)


def read_by_id(client: HuaweiCloud, ids: Sequence[str]) -> dict[ItemId, dict[str, Any]]:
    """Return the servers with these ids, by id; one that does not exist, or was given up, is left out.

    Few are read one by one, all at once; many by the list, of which 100 rows cost as much as one.
    """
    if len(ids) <= WORKERS:
        views = read_in_full(client, [{"id": server_id} for server_id in ids], workers=WORKERS)
    else:
        views = list_fleet(client, FleetQuery(), workers=WORKERS)
    desired = set(ids)
    return {view["id"]: view for view in views if view["id"] in desired and view["state"] != GONE}


def _former(reversal: Reversal, view: View) -> Wish:
    """The flavor that a server had: a name that did not change stays as it is."""
    names = ("server_model_name", "phone_model_name")
    return Wish(view, {name: reversal.before.get(name, view[name]) for name in names})
