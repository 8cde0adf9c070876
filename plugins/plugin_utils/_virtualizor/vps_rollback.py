# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Gives Virtualizor VPSs back what they had before they were moved to another plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...module_utils._core.changes import Plan, Reply
from ...module_utils._core.converge import Converged, View, converge, refuse
from ...module_utils._core.errors import Code, PanelError
from ...module_utils._core.ranges import check_ranges
from ...module_utils._virtualizor.client import Virtualizor
from ...module_utils._virtualizor.resources.plan import read_plans
from ...module_utils._virtualizor.resources.plan_values import VALUES, in_terms_of
from ...module_utils._virtualizor.resources.vps import read_vps
from ...module_utils._virtualizor.resources.vps_change import VpsChange, refuse_locked
from ...module_utils._virtualizor.resources.vps_plan import PLAN_TARGET
from .._fleet.change import FleetItem, ItemId
from .._fleet.item_sessions import ItemSessions
from .._fleet.rollback import Reversal, Reversals, Rollback, refuse_beside_rollback
from .restore_plan import WayBack, find_way_back
from .vps_bulk import VpsBulk, called
from .vps_plans import SELECTION, VpsPlans


class VpsRollback(Rollback, VpsBulk):
    """VPSs that are to have again what a journal of moves says they had."""

    name = VpsPlans.name

    def __init__(
        self,
        sessions: ItemSessions[Virtualizor],
        address: str,
        params: Mapping[str, Any],
        reversals: Reversals,
    ) -> None:
        Rollback.__init__(self, reversals)
        VpsBulk.__init__(self, sessions, address, params["workers"])
        refuse_beside_rollback(params, SELECTION, PLAN_TARGET)
        check_ranges(params, {"wait_timeout": (0, None)})
        self._params = params
        self._plans: Mapping[int, View] = {}
        self.warns_of_refusals = params["on_refused"] == "warn"

    def select(self, ids: Sequence[ItemId] | None) -> list[FleetItem]:
        if self._reversals:
            self._plans = {plan["id"]: plan for plan in read_plans(self.client)}
        return self.with_restarts(super().select(ids))

    def look_up(self, item_id: ItemId) -> FleetItem | None:
        item = super().look_up(item_id)
        had_values = not VALUES.keys().isdisjoint(self._reversals[item_id].before)
        return item and self.looked_up(item, had_values=had_values)

    def read(self, ids: Sequence[ItemId]) -> Mapping[ItemId, View]:
        fields = {field for item_id in ids for field in self._reversals[item_id].before}
        views = self.views(map(int, ids), fields & VALUES.keys())
        return {
            vps_id: {**_spelt(self._reversals[vps_id], view), "name": called(view)}
            for vps_id, view in views.items()
        }

    def compare(self, reversal: Reversal, view: View) -> FleetItem:
        allow_disabled = self._params["allow_disabled"]
        left = reversal.left(view)
        way = find_way_back(left, view, self._plans, allow_disabled=allow_disabled)
        item = self.compared(view, lambda: self._back(self.client, view, way, may_run=True))
        rows = (*item.changes, *_staying(way))
        error = item.error
        if way.stays and self._params["on_refused"] == "fail":
            error = error or PanelError(
                Code.REFUSED,
                "; ".join(change.refusal() for change in way.stays),
                doing=f"give VPS {view['id']} ({view['name']}) back what it had",
                hint="set on_refused to warn to have the rest given back",
                result={"changes": rows},
            )
        return replace(item, changes=rows, error=error, view=(view, way))

    def apply(self, item: FleetItem) -> dict[str, Any]:
        view, way = item.view
        with self.sessions.for_item() as (client, session):
            back = self._back(client, view, way, may_run=item.restart_required)
            result = converge(back, check_mode=False, patience=session.patience)
        return {**result, "changes": [*result["changes"], *_staying(way)]}

    def _back(self, client: Virtualizor, view: View, way: WayBack, *, may_run: bool) -> _GivenBack:
        return _GivenBack(client, self._params, view, way, may_run=may_run)


class _GivenBack(VpsChange):
    """One VPS that is to have again what it had.

    :param vps: as it was read just now.
    :param way: what it gets back, and how.
    """

    def __init__(
        self,
        client: Virtualizor,
        params: Mapping[str, Any],
        vps: View,
        way: WayBack,
        *,
        may_run: bool,
    ) -> None:
        super().__init__(client, may_run=may_run, settle_s=float(params["wait_timeout"]))
        self._on_refused = params["on_refused"]
        self._id = int(vps["id"])
        self._given: View | None = vps
        self._way = way
        self._seen = vps

    def read(self) -> View:
        given, self._given = self._given, None
        view = given or read_vps(self.client, self._id)
        self._seen = in_terms_of({**view, **self._way.wanted}, view)
        return self._seen

    def wanted(self) -> Mapping[str, Any]:
        return self._way.wanted

    def permit(self, plan: Plan) -> None:
        refuse_locked(self._seen, self._doing())

    def apply(self, plan: Plan) -> Reply:
        self.send(self._id, self._way.plan_id, self._way.sent)
        return Reply()

    def conclude(self, converged: Converged) -> dict[str, Any]:
        if self._on_refused == "fail":
            refuse(converged.plan, self._doing())
        return {"restart_required": self.restart_required(converged.before, converged.after)}

    def _doing(self) -> str:
        return f"give {self.name(self._seen)} back what it had"


def _spelt(reversal: Reversal, view: View) -> View:
    """Return a VPS with its upload speed spelt as the journal does, where it means the same."""
    for values in reversal.before, reversal.after:
        view = in_terms_of({**view, **values}, view)
    return view


def _staying(way: WayBack) -> list[dict[str, Any]]:
    """The rows of what cannot be given back."""
    return [change.to_result() for change in way.stays]
