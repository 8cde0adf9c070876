# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The flavor of many cloud phone servers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...module_utils._core.argspec import ArgumentSpec
from ...module_utils._core.changes import FieldOutcome
from ...module_utils._core.converge import View
from ...module_utils._core.errors import Code, PanelError, invalid
from ...module_utils._core.select import each_once
from ...module_utils._huaweicloud.client import HuaweiCloud
from ...module_utils._huaweicloud.filters import words_of
from ...module_utils._huaweicloud.resources.flavor_order import NotPaid, OrderQueue
from ...module_utils._huaweicloud.resources.flavor_rules import STRICT
from ...module_utils._huaweicloud.resources.inventory import FleetQuery, list_fleet, read_in_full
from ...module_utils._huaweicloud.resources.server import GONE, STATES, checked_id, named_servers
from ...module_utils._huaweicloud.resources.server_flavor import (
    FLAVOR,
    ORDERING,
    ServerFlavor,
    check_waiting,
    desired_flavor,
)
from ...module_utils._huaweicloud.together import WORKERS
from .._fleet.change import FleetItem, ItemId, Row, unknown_item
from .._fleet.converging import ConvergingChange, ConvergingRollback, RestorePlan, lean
from .._fleet.item_sessions import ItemSessions
from .._fleet.rollback import Reversal, Reversals
from .._fleet.settings import ARGUMENTS as FLEET
from .._fleet.settings import target_of

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
TARGET = ArgumentSpec(
    {"server_model_name": {"type": "str"}, "phone_model_name": {"type": "str"}},
    required_together=[("server_model_name", "phone_model_name")],
)

#: Which change of which servers, and how the run goes.
OPTIONS = SELECTION + TARGET + target_of("server_model_name") + ORDERING + FLEET

_NAMING = ("server_ids", "server_names")
#: HTTP status of a path that the service does not have.
_NO_SUCH_PATH = 404


#: The fields of a server that a run keeps.
_KEPT = ("id", "name", *FLAVOR, "status", "state", "availability_zone")


class _Ordering(ConvergingChange[HuaweiCloud]):
    """What a change and its rollback share: they order flavors.

    :ivar queue: the orders of the run.
    """

    panel = "huaweicloud"
    name = "huaweicloud_cph_server_flavors"
    noun = "servers"
    place = "zone"
    details = ("order_id", "order_state", "pending_payment", "pay_until")

    def __init__(
        self,
        sessions: ItemSessions[HuaweiCloud],
        address: str,
        params: Mapping[str, Any],
        *more: Any,
    ) -> None:
        # A server that an open order holds back is reported, and fails nothing.
        super().__init__(sessions, address, {**params, "on_refused": "warn"}, *more)
        self.queue = OrderQueue(self.client, params)
        #: Servers that an earlier run may have ordered for.
        self.in_doubt: set[ItemId] = set()

    @property
    def address(self) -> str:
        return f"{self._address} project {self.client.project_id()}"

    def describe(self, view: View) -> Mapping[str, Any]:
        return {"id": view["id"], "name": view["name"], "group": view.get("availability_zone")}

    def compared(self, view: View, kept: Any = None) -> FleetItem:
        item = super().compared(view, kept)
        if item.error is not None and item.error is self.queue.unreadable:
            raise item.error  # it is no fault of the server
        return item

    def flavor_of(self, client: HuaweiCloud, view: View, flavor: Mapping[str, str]) -> ServerFlavor:
        """Return the resource that gives one server a flavor."""
        return ServerFlavor(
            client,
            {**self.params, **flavor},
            server=view,
            queue=self.queue,
            in_doubt=view["id"] in self.in_doubt,
        )

    def stops_run(self, error: PanelError) -> bool:
        return isinstance(error, NotPaid)

    def capacity(self, items: Sequence[FleetItem]) -> list[str]:
        """Return a warning for each zone in which the new flavor of a server is sold out."""
        desired = {
            (row["desired"], item.group)
            for item in items
            for row in item.to_change
            if row["field"] == "server_model_name"
        }
        try:
            offers = self.client.server_model_offerings() if desired else []
        except PanelError as error:
            if error.http_status == _NO_SUCH_PATH:
                return []  # older services have no such list (huaweicloud_cph 3.1)
            return [f"whether the flavor is sold out is unknown: {error.msg}"]
        return [
            f"{model} is sold out in {zone}; whether that prevents a change of flavor is not documented"
            for model, zone in sorted(
                (str(offer.get("model_name")), str(offer.get("available_zone")))
                for offer in offers
                if offer.get("sell_status") == "sellout"
            )
            if (model, zone) in desired
        ]


class ServerFlavors(_Ordering):
    """Servers that are to have one flavor, each as with the single module."""

    def __init__(
        self, sessions: ItemSessions[HuaweiCloud], address: str, params: Mapping[str, Any]
    ) -> None:
        if params["server_model_name"] is None:
            raise invalid(
                "server_model_name and phone_model_name must be set",
                "or rollback, which needs neither",
            )
        super().__init__(sessions, address, params)
        self._flavor = desired_flavor(params)

    def prepare(self) -> Mapping[str, Any]:
        return {**self._flavor, "auto_pay": self.params["auto_pay"]}

    def resource(self, client: HuaweiCloud, view: View, *, may_restart: bool) -> ServerFlavor:
        return self.flavor_of(client, view, self._flavor)

    def select(self, ids: Sequence[ItemId] | None) -> list[FleetItem]:
        if ids is not None:
            found = read_by_id(self.client, [str(item_id) for item_id in ids])
            views: list[dict[str, Any] | FleetItem] = [
                found[str(item_id)] for item_id in ids if str(item_id) in found
            ]
        else:
            views = self._chosen()
        return [
            view if isinstance(view, FleetItem) else lean(self.compared(_kept(view)))
            for view in views
        ]

    def look_up(self, item_id: ItemId) -> FleetItem | None:
        self.in_doubt.add(item_id)
        view = read_by_id(self.client, [str(item_id)]).get(str(item_id))
        return None if view is None else self.compared(_kept(view))

    # --- which servers -----------------------------------------------------------------------

    def _chosen(self) -> list[dict[str, Any] | FleetItem]:
        """Return the selected servers; one that is named and cannot be found is an item that failed."""
        params = self.params
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
        params = self.params
        if sum([params["all"], *(params[way] is not None for way in _NAMING)]) != 1:
            raise invalid(
                f"exactly one of {', '.join(_NAMING)} and all must be set",
                "the other options narrow what it selects",
            )
        if params["all"]:
            rows = list_fleet(self.client, query, workers=WORKERS)
            return [*sorted(rows, key=lambda row: (row.get("create_time") or "", row["id"]))]
        if params["server_names"] is not None:
            names = each_once("server_names", params["server_names"], self.noun)
            return self._of_names(names)
        asked = [checked_id("server_ids", server_id) for server_id in params["server_ids"]]
        found = read_by_id(self.client, each_once("server_ids", asked, self.noun))
        return [found.get(server_id) or _unknown(server_id) for server_id in asked]

    def _of_names(self, names: Sequence[str]) -> list[dict[str, Any] | FleetItem]:
        """Return the servers with these names, in that order."""

        def one(name: str) -> dict[str, Any] | FleetItem:
            try:
                return named_servers(self.client, [name], option="server_ids")[0]
            except PanelError as error:
                if error.code not in (Code.NOT_FOUND, Code.AMBIGUOUS):
                    raise
                return unknown_item(name, error)

        try:
            return [*named_servers(self.client, names, option="server_ids")]
        except PanelError as error:
            if error.code not in (Code.NOT_FOUND, Code.AMBIGUOUS):
                raise
            if len(names) == 1:
                return [unknown_item(names[0], error)]
            # Each is asked for alone, so that the one does not void the others.
            return [one(name) for name in names]


class ServerFlavorsBack(_Ordering, ConvergingRollback[HuaweiCloud]):
    """Servers that are to have their earlier flavor: what differs is ordered."""

    beside = (SELECTION, TARGET)

    def __init__(
        self,
        sessions: ItemSessions[HuaweiCloud],
        address: str,
        params: Mapping[str, Any],
        reversals: Reversals,
    ) -> None:
        super().__init__(sessions, address, params, reversals)
        check_waiting(params)

    def prepare(self) -> Mapping[str, Any]:
        return {**self.reversals.target(), "auto_pay": self.params["auto_pay"]}

    def read(self, ids: Sequence[ItemId]) -> Mapping[ItemId, View]:
        found = read_by_id(self.client, [str(item_id) for item_id in ids])
        return {item_id: _kept(view) for item_id, view in found.items()}

    def plan_restore(self, reversal: Reversal, view: View) -> RestorePlan:
        # A name that did not change stays as it is.
        return RestorePlan(values={name: reversal.before.get(name, view[name]) for name in FLAVOR})

    def compare(self, reversal: Reversal, view: View) -> FleetItem:
        item = super().compare(reversal, view)
        rules = None
        if item.error is not None and self.params["precheck"] == STRICT:
            rules = self.queue.rules(self.plan_restore(reversal, view).values)
        if rules is None:
            return item
        # An unusable flavor is refused. An unsuitable state of the server can pass, and is an error.
        found = [each for each in rules.objections(view) if each.code is Code.VALIDATION]
        if not found:
            return item
        message = "; ".join(objection.message for objection in found)
        return replace(item, changes=_refused(item.changes, message), error=None)

    def look_up(self, item_id: ItemId) -> FleetItem | None:
        self.in_doubt.add(item_id)
        return super().look_up(item_id)

    def restoring(
        self, client: HuaweiCloud, view: View, plan: RestorePlan, *, may_restart: bool
    ) -> ServerFlavor:
        return self.flavor_of(client, view, plan.values)


def _unknown(server_id: str) -> FleetItem:
    error = PanelError(
        Code.NOT_FOUND,
        f"there is no server with the id {server_id}",
        action="select the server",
        hint="correct server_ids; a server that was given up no longer exists",
    )
    return unknown_item(server_id, error)


def read_by_id(client: HuaweiCloud, ids: Sequence[str]) -> dict[ItemId, dict[str, Any]]:
    """Return the servers with these IDs, by ID, without those that were unsubscribed or deleted.

    Few are read one by one, in parallel. Many are read from the list, 100 with each request.
    """
    if len(ids) <= WORKERS:
        views = read_in_full(client, [{"id": server_id} for server_id in ids], workers=WORKERS)
    else:
        views = list_fleet(client, FleetQuery(), workers=WORKERS)
    desired = set(ids)
    return {view["id"]: view for view in views if view["id"] in desired and view["state"] != GONE}


def _refused(rows: Sequence[Row], message: str) -> tuple[Row, ...]:
    """Return the rows with each change refused."""
    refused = {"outcome": FieldOutcome.REFUSED.value, "message": message}
    return tuple(
        {**row, **refused, "after": row["before"]}
        if row["outcome"] == FieldOutcome.CHANGED.value
        else row
        for row in rows
    )


def _kept(view: View) -> dict[str, Any]:
    return {name: view.get(name) for name in _KEPT}
