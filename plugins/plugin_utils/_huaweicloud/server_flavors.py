# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Change the flavor of many cloud phone servers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from ...module_utils._core.argspec import ArgumentSpec, each_once
from ...module_utils._core.changes import FieldOutcome
from ...module_utils._core.converge import View
from ...module_utils._core.errors import Code, PanelError, invalid
from ...module_utils._core.select import exactly_one
from ...module_utils._huaweicloud.client import WORKERS, HuaweiCloud
from ...module_utils._huaweicloud.resources.flavor_order import NotPaid
from ...module_utils._huaweicloud.resources.flavor_rules import STRICT
from ...module_utils._huaweicloud.resources.order import (
    CANCELLED,
    UNKNOWN,
    Order,
    Orders,
    awaits_payment,
    named,
    why_not_shown,
)
from ...module_utils._huaweicloud.resources.order_queue import OrderQueue
from ...module_utils._huaweicloud.resources.server import (
    GONE,
    STATES,
    checked_id,
    may_be_id,
    rows_with_names,
)
from ...module_utils._huaweicloud.resources.server_flavor import (
    FLAVOR,
    ORDERING,
    ServerFlavor,
    check_waiting,
    desired_flavor,
)
from ...module_utils._huaweicloud.resources.server_info import FleetQuery, list_fleet, read_in_full
from ...module_utils._huaweicloud.values import words_of
from .._fleet.change import FleetItem, ItemId, ItemSessions, OpenOrder, Row
from .._fleet.converging import ConvergingChange, ConvergingRollback, RestorePlan, lean
from .._fleet.progress import clean_error, cleaned
from .._fleet.rollback import Reversal, Reversals
from .._fleet.selection import Selection, chosen_way
from .._fleet.settings import ARGUMENTS as FLEET
from .._fleet.settings import target_of

#: The options that select servers.
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

#: The options that define the target. Both are required, except for a rollback.
TARGET = ArgumentSpec(
    {"server_model_name": {"type": "str"}, "phone_model_name": {"type": "str"}},
    required_together=[("server_model_name", "phone_model_name")],
)

#: All options of the action.
OPTIONS = SELECTION + TARGET + target_of("server_model_name") + ORDERING + FLEET

#: The ways to select servers.
_WAYS = (("server_ids",), ("server_names",), ("all",))
#: Options that are compared with a field of a server.
_MATCHED: Mapping[str, str] = {
    "availability_zones": "availability_zone",
    "enterprise_project_ids": "enterprise_project_id",
    "exclude_ids": "id",
    "exclude_names": "name",
}
#: HTTP status of an unknown path.
_NO_SUCH_PATH = 404


#: The fields of a server that a run keeps in memory.
_KEPT = (
    *("id", "name", *FLAVOR, "status", "state", "availability_zone"),
    *("enterprise_project_id", "charging_mode", "network_version"),
)


class _Ordering(ConvergingChange[HuaweiCloud]):
    """A change that orders flavors: the base of a change and of its rollback.

    :ivar queue: the orders of the run.
    """

    panel = "huaweicloud"
    name = "huaweicloud_cph_server_flavors"
    noun = "servers"
    place_noun = "zone"
    details = ("order_id", "order_state", "pending_payment", "pay_until")
    #: Without its state, which passes through others while an order of the run itself takes effect. The fields
    #: of a flavor are compared, so an approval covers them without an entry here.
    approved_fields: ClassVar[tuple[str, ...]] = (
        "name",
        "availability_zone",
        "enterprise_project_id",
        "charging_mode",
    )

    def __init__(
        self,
        sessions: ItemSessions[HuaweiCloud],
        address: str,
        params: Mapping[str, Any],
        *more: Any,
    ) -> None:
        # A server with an open order is reported, and is not a failure.
        super().__init__(sessions, address, {**params, "on_refused": "warn"}, *more)
        self.queue = OrderQueue(self.client, params)
        #: The servers for which an earlier run may have placed an order.
        self.in_doubt: set[ItemId] = set()
        self._orders = Orders(self.client)

    @property
    def address(self) -> str:
        return f"{self._address} project {self.client.project_id()}"

    def describe(self, view: View) -> Mapping[str, Any]:
        # Its ID is a UUID. It belongs to the account, so it has no owner of its own.
        return {
            "id": view["id"],
            "name": view["name"],
            "place": view.get("availability_zone"),
            "uuid": view["id"],
        }

    def compared(self, view: View, kept: Any = None) -> FleetItem:
        item = super().compared(view, kept)
        if item.error is not None and item.error is self.queue.unreadable:
            raise item.error  # not an error of this server, but of the list of orders
        return item

    def flavor_of(self, client: HuaweiCloud, view: View, flavor: Mapping[str, str]) -> ServerFlavor:
        """Return the resource that changes the flavor of one server."""
        return ServerFlavor(
            client,
            {**self.params, **flavor},
            server=view,
            queue=self.queue,
            in_doubt=view["id"] in self.in_doubt,
        )

    def order_now(self, details: Mapping[str, Any]) -> OpenOrder | None:
        order_id = details.get("order_id")
        nothing: Order = {"id": order_id, "state": UNKNOWN, "pay_until": None}
        order = self._orders.find(order_id) or nothing
        if order["state"] == CANCELLED:
            return None
        now = {
            "order_id": order["id"],
            "order_state": order["state"],
            "pending_payment": awaits_payment(order),
            "pay_until": order["pay_until"],
        }
        return OpenOrder(now, why_not_shown(order))

    def know_orders(self, details: Mapping[ItemId, Mapping[str, Any]]) -> None:
        for server_id, row in details.items():
            if row.get("order_id"):
                self.queue.known[row["order_id"]] = str(server_id)

    def stops_run(self, error: PanelError) -> bool:
        return isinstance(error, NotPaid)

    def capacity(self, items: Sequence[FleetItem]) -> list[str]:
        """Return a warning for each zone in which the new flavor of a server is sold out."""
        desired = {
            (row["desired"], item.place)
            for item in items
            for row in item.to_change
            if row["field"] == "server_model_name"
        }
        redact = self.sessions.session.redact
        try:
            offers = self.client.server_model_offerings() if desired else []
        except PanelError as error:
            if error.http_status == _NO_SUCH_PATH:
                return []  # older services have no such list (huaweicloud_cph 3.1)
            message = clean_error(error, redact).msg
            return [f"whether the flavor is sold out is unknown: {message}"]
        found = [
            f"{model} is sold out in {zone}; whether that prevents a change of flavor is not documented"
            for model, zone in sorted(
                (str(offer.get("model_name")), str(offer.get("available_zone")))
                for offer in offers
                if offer.get("sell_status") == "sellout"
            )
            if (model, zone) in desired
        ]
        return [cleaned(warning, redact) for warning in found]


class ServerFlavors(_Ordering):
    """A change of servers to one flavor, each as the single module does it."""

    filter_fields: ClassVar[Mapping[str, str]] = {
        "server_names": "name",
        "states": "state",
        "availability_zones": "availability_zone",
        "enterprise_project_ids": "enterprise_project_id",
        "charging_mode": "charging_mode",
        "network_version": "network_version",
        "exclude_names": "name",
    }

    def __init__(
        self, sessions: ItemSessions[HuaweiCloud], address: str, params: Mapping[str, Any]
    ) -> None:
        if params["server_model_name"] is None:
            raise invalid(
                "server_model_name and phone_model_name must be set",
                "or rollback, which needs neither",
            )
        super().__init__(sessions, address, params)
        self.selection: Selection = Selection(self.noun, params["on_unmatched"], self.shard)
        self._flavor = desired_flavor(params)

    def prepare(self) -> Mapping[str, Any]:
        return {**self._flavor, "auto_pay": self.params["auto_pay"]}

    def resource(self, client: HuaweiCloud, view: View, *, may_restart: bool) -> ServerFlavor:
        return self.flavor_of(client, view, self._flavor)

    def select(self, ids: Sequence[ItemId] | None) -> list[FleetItem]:
        if ids is None:
            views = self._chosen()
        else:
            # In a plan, an unknown name can be an ID.
            asked = [str(item_id) for item_id in ids if may_be_id(str(item_id))]
            found = read_by_id(self.client, asked)
            views = [found[server_id] for server_id in asked if server_id in found]
        return [lean(self.compared(_kept(view))) for view in views]

    def doubts(self, items: Sequence[FleetItem]) -> list[str]:
        """Return nothing: the open orders show whether an order of the run may still take effect."""
        return []

    def look_up(self, item_id: ItemId) -> FleetItem | None:
        self.in_doubt.add(item_id)
        view = read_by_id(self.client, [str(item_id)]).get(str(item_id))
        return None if view is None else self.compared(_kept(view))

    # --- which servers -----------------------------------------------------------------------

    def _chosen(self) -> list[dict[str, Any]]:
        """Read the servers that the options select. :raises PanelError: the options are invalid."""
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
        way = chosen_way(params, _WAYS, self.noun)
        views = self._named(way, query)
        if views:
            self._match_filters(views, complete=way == "all" and not query.asked())
        if views or way == "all":  # the service itself filters by a phone flavor
            self._match_flavors(views)
        self.selection.check()
        return [
            view
            for view in views
            if query.accepts(view)
            and view["id"] not in params["exclude_ids"]
            and view["name"] not in params["exclude_names"]
            and self.selection.takes(view["id"])
        ]

    def _named(self, way: str, query: FleetQuery) -> list[dict[str, Any]]:
        """Return the servers that an option selects, before filters and exclusions."""
        if way == "all":
            listed = query if query.asked() else FleetQuery()
            rows = list_fleet(self.client, listed, workers=WORKERS)
            return sorted(rows, key=lambda row: (row.get("create_time") or "", row["id"]))
        values = self.params[way]
        if way == "server_names":
            names = each_once(way, values, self.noun)
            rows = rows_with_names(self.client, names)
            missing = self.selection.match(way, names, rows, "name", names_items=True)
            return [
                dict(exactly_one(rows, name, what="server", option="server_ids"))
                for name in names
                if name not in missing
            ]
        ids = each_once(way, [checked_id(way, server_id) for server_id in values], self.noun)
        found = read_by_id(self.client, ids)
        self.selection.match(way, ids, found.values(), "id", names_items=True)
        return [found[server_id] for server_id in ids if server_id in found]

    def _match_flavors(self, rows: Sequence[View]) -> None:
        """Report current flavors that do not exist.

        A flavor without servers is not a mistake, since this action may have changed them.
        """
        given = {field: self.params[f"current_{field}s"] or () for field in FLAVOR}
        unseen = [
            field
            for field, names in given.items()
            if not set(names) <= {row.get(field) for row in rows}
        ]
        models = self.client.phone_models() if unseen else []
        for field in unseen:
            known = {name for row in (*rows, *models) if (name := row.get(field))}
            flavors = [{"id": name, field: name} for name in sorted(map(str, known))]
            self.selection.match(f"current_{field}s", given[field], flavors, field)
        has_one = any(
            all(not names or row.get(field) in names for field, names in given.items())
            for row in rows
        )
        if any(given.values()) and not has_one:
            self.selection.may_be_empty(
                "none of the selected servers has one of the current flavors"
            )

    def _match_filters(self, rows: Sequence[View], *, complete: bool) -> None:
        """Report values of filters and exclusions that no server of the project has.

        :param complete: whether these are all servers of the project.
        """
        given = {option: self.params[option] or () for option in _MATCHED}
        shown = {
            option: {row.get(field) for row in rows}.issuperset(given[option])
            for option, field in _MATCHED.items()
        }
        if not complete and not all(shown.values()):
            # The same list may serve other selections, so it is checked against all servers.
            rows = [*rows, *list_fleet(self.client, FleetQuery(), workers=WORKERS)]
        for option, field in _MATCHED.items():
            self.selection.match(option, given[option], rows, field)


class ServerFlavorsBack(_Ordering, ConvergingRollback[HuaweiCloud]):
    """A rollback that orders the earlier flavors."""

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
        # An unchanged name of the flavor stays as it is.
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

    def _item(self, reversal: Reversal, view: View | None) -> FleetItem:
        item = super()._item(reversal, view)
        if not reversal.in_doubt or item.changes or item.error or item.moved:
            return item
        # It has its earlier flavor, and an order of the run may change that later. The order does not name its server.
        # Once this rollback has ordered, it has waited for the orders of others.
        has_waited = bool(self.queue.own) or item.id in self.in_doubt
        found = [] if has_waited else self.queue.open_at_start()
        if not found:
            return item
        why = f"{named(found)} open and may be for this server, and a rollback cancels no order"
        return replace(item, moved=why)

    def look_up(self, item_id: ItemId) -> FleetItem | None:
        self.in_doubt.add(item_id)
        return super().look_up(item_id)

    def restoring(
        self, client: HuaweiCloud, view: View, plan: RestorePlan, *, may_restart: bool
    ) -> ServerFlavor:
        return self.flavor_of(client, view, plan.values)


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
