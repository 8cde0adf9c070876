# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Gives VirtFusion servers back what they had before their package was changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...module_utils._core.changes import Outcome, Plan, Reply
from ...module_utils._core.converge import Converged, Resource, View, apply_each, converge, refuse
from ...module_utils._core.errors import Code, PanelError
from ...module_utils._core.ranges import check_ranges
from ...module_utils._virtfusion.client import VirtFusion
from ...module_utils._virtfusion.messages import read_info
from ...module_utils._virtfusion.resources.aspects import ASPECTS, NEED_RESTART, SERVER_ASPECTS
from ...module_utils._virtfusion.resources.fleet import read_servers_by_id
from ...module_utils._virtfusion.resources.package import PACKAGE
from ...module_utils._virtfusion.resources.server import SERVER, waits_for_restart
from ...module_utils._virtfusion.resources.server_package import PACKAGE_TARGET, about_unknown_lines
from ...module_utils._virtfusion.resources.server_sizes import size_writers
from .._fleet.change import FleetItem, ItemId
from .._fleet.item_sessions import ItemSessions
from .._fleet.rollback import Reversal, Reversals, Rollback, refuse_beside_rollback
from .restore_plan import WayBack, find_way_back
from .server_packages import SELECTION, ServerPackages, groups_of, too_little_room


class ServerRollback(Rollback):
    """Servers that are to have again what a journal of package changes says they had."""

    name = ServerPackages.name
    noun = ServerPackages.noun

    def __init__(
        self,
        sessions: ItemSessions[VirtFusion],
        address: str,
        params: Mapping[str, Any],
        reversals: Reversals,
    ) -> None:
        super().__init__(reversals)
        refuse_beside_rollback(params, SELECTION, PACKAGE_TARGET)
        check_ranges(params, {"wait_timeout": (0, None)})
        self._sessions = sessions
        self._client = sessions.client
        self._address = address
        self._params = params
        self._packages: Sequence[View] = ()
        self._groups: Mapping[ItemId, int] = {}
        self.warns_of_refusals = params["on_refused"] == "warn"

    @property
    def panel(self) -> str:
        return self._address

    def select(self, ids: Sequence[ItemId] | None) -> list[FleetItem]:
        if self._reversals:
            self._packages = [PACKAGE.project(raw) for raw in self._client.packages()]
        return super().select(ids)

    def read(self, ids: Sequence[ItemId]) -> Mapping[ItemId, View]:
        wanted = [int(item_id) for item_id in ids]
        views = read_servers_by_id(self._client, wanted, self._params["workers"])
        self._groups = {**self._groups, **groups_of(views)}
        return {view["id"]: view for view in views}

    def compare(self, reversal: Reversal, view: View) -> FleetItem:
        way = find_way_back(
            reversal.left(view),
            view,
            {**view, **reversal.before},
            self._packages,
            allow_disabled=self._params["allow_disabled"],
        )
        back = _GivenBack(self._client, self._params, view, way)
        found = converge(back, check_mode=True, patience=self._sessions.session.patience)
        rows = (*found["changes"], *_staying(way))
        error = None
        if way.stays and self._params["on_refused"] == "fail":
            error = PanelError(
                Code.REFUSED,
                "; ".join(change.refusal() for change in way.stays),
                doing=f"give {back.name(view)} back what it had",
                hint="set on_refused to warn to have the rest given back",
                result={"changes": rows},
            )
        return FleetItem(
            view["id"],
            view["name"],
            rows,
            group=view.get("hypervisor_id"),
            restart_required=found["restart_required"],
            error=error,
            view=(view, way),
        )

    def apply(self, item: FleetItem) -> dict[str, Any]:
        view, way = item.view
        with self._sessions.for_item() as (client, session):
            back = _GivenBack(client, self._params, view, way)
            result = converge(back, check_mode=False, patience=session.patience)
        return {**result, "changes": [*result["changes"], *_staying(way)]}

    def capacity(self, items: Sequence[FleetItem]) -> list[str]:
        return too_little_room(self._client, items, self._groups, self._params["workers"])

    def api_calls(self) -> dict[str, Any]:
        return self._sessions.api_calls()


class _GivenBack(Resource):
    """One server that is to have again what it had.

    :param server: as it was read just now.
    :param way: which calls give it what.
    """

    key = "server"
    schema = SERVER_ASPECTS

    def __init__(
        self, client: VirtFusion, params: Mapping[str, Any], server: View, way: WayBack
    ) -> None:
        self._client = client
        self._params = params
        self._id = int(server["id"])
        self._seen: View | None = server
        self._way = way
        self.settle_s = float(params["wait_timeout"])

    def read(self) -> View:
        seen, self._seen = self._seen, None
        return seen or SERVER.project(self._client.server(self._id))

    def wanted(self) -> Mapping[str, Any]:
        return self._way.wanted

    def apply(self, plan: Plan) -> Reply:
        moved = plan.names(Outcome.CHANGED)
        by_package = moved & self._way.by_package
        reply = Reply()
        if by_package and self._way.package is not None:
            # All flags, always: the panel takes one that is left out for true (virtfusion 2.1).
            flags = {aspect.flag: aspect.name in by_package for aspect in ASPECTS}
            reply = read_info(self._client.change_package(self._id, self._way.package["id"], flags))
        singly = {
            field: write
            for field, write in size_writers(self._client, self._id).items()
            if field not in by_package
        }
        try:
            apply_each(plan, singly)
        except PanelError as error:
            error.partial = error.partial or bool(by_package)
            raise
        return reply

    def conclude(self, converged: Converged) -> dict[str, Any]:
        if self._params["on_refused"] == "fail":
            refuse(converged.plan, f"give {self.name(converged.before)} back what it had")
        moved = converged.plan.names(Outcome.CHANGED)
        return {
            "restart_required": bool(moved & NEED_RESTART) or waits_for_restart(converged.after),
            "warnings": about_unknown_lines(self.name(converged.before), converged.reply),
        }


def _staying(way: WayBack) -> list[dict[str, Any]]:
    """The rows of what cannot be given back."""
    return [change.to_result() for change in way.stays]
