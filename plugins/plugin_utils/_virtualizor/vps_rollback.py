# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Roll back the change of the VPS plan of many Virtualizor VPSs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...module_utils._core.changes import Comparison, Reply
from ...module_utils._core.converge import Converged, View, refuse
from ...module_utils._core.paging import OddRow
from ...module_utils._virtualizor.client import Virtualizor
from ...module_utils._virtualizor.resources.plan import VALUES, in_terms_of, read_plans
from ...module_utils._virtualizor.resources.vps import read_vps
from ...module_utils._virtualizor.resources.vps_plan import PLAN_TARGET, VpsChange, refuse_locked
from .._fleet.change import FleetItem, ItemId
from .._fleet.converging import ConvergingRollback
from .._fleet.rollback import Reversal
from .restore_plan import VpsRestorePlan, find_restore_plan
from .vps_bulk import VpsBulk, called
from .vps_plans import SELECTION, VpsPlans


class VpsRollback(VpsBulk, ConvergingRollback[Virtualizor]):
    """A rollback that restores the plan and the values in a journal of plan changes."""

    name = VpsPlans.name
    beside = (SELECTION, PLAN_TARGET)

    #: The panel's plans by ID, after :meth:`prepare`.
    _plans: Mapping[int, View]

    def prepare(self) -> Mapping[str, Any]:
        plans = read_plans(self.client) if self.reversals else []
        self._plans = {plan["id"]: plan for plan in plans}
        return super().prepare()

    def select(self, ids: Sequence[ItemId] | None) -> list[FleetItem]:
        return self.with_restarts(super().select(ids))

    def look_up(self, item_id: ItemId) -> FleetItem | None:
        item = super().look_up(item_id)
        had_values = not VALUES.keys().isdisjoint(self.reversals[item_id].before)
        return item and self.looked_up(item, had_values=had_values)

    def read(self, ids: Sequence[ItemId]) -> Mapping[ItemId, View]:
        fields = {field for item_id in ids for field in self.reversals[item_id].before}
        views = self.views(map(int, ids), fields & VALUES.keys())
        return {
            vps_id: view
            if isinstance(view, OddRow)
            else {**_spelt(self.reversals[vps_id], view), "name": called(view)}
            for vps_id, view in views.items()
        }

    def plan_restore(self, reversal: Reversal, view: View) -> VpsRestorePlan:
        allow_disabled = self.params["allow_disabled"]
        return find_restore_plan(
            reversal.left(view), view, self._plans, allow_disabled=allow_disabled
        )

    def restoring(
        self, client: Virtualizor, view: View, plan: Any, *, may_restart: bool
    ) -> _RestoredVps:
        return _RestoredVps(client, self.params, view, plan, may_run=may_restart)


class _RestoredVps(VpsChange):
    """One VPS whose earlier values are restored.

    :param vps: the VPS as it was just read.
    :param restore: the values to restore, and how.
    """

    def __init__(
        self,
        client: Virtualizor,
        params: Mapping[str, Any],
        vps: View,
        restore: VpsRestorePlan,
        *,
        may_run: bool,
    ) -> None:
        super().__init__(client, may_run=may_run, settle_s=float(params["wait_timeout"]))
        self._on_refused = params["on_refused"]
        self._id = int(vps["id"])
        self._given: View | None = vps
        self._restore = restore
        self._seen = vps

    def read(self) -> View:
        given, self._given = self._given, None
        view = given or read_vps(self.client, self._id)
        self._seen = in_terms_of({**view, **self._restore.values}, view)
        return self._seen

    def desired(self) -> Mapping[str, Any]:
        return self._restore.values

    def permit(self, comparison: Comparison) -> None:
        refuse_locked(self._seen, self._doing())

    def apply(self, comparison: Comparison) -> Reply:
        self.send(self._id, self._restore.plan_id, self._restore.sent)
        return Reply()

    def conclude(self, converged: Converged) -> dict[str, Any]:
        if self._on_refused == "fail":
            refuse(converged.comparison, self._doing())
        return {}

    def _doing(self) -> str:
        return f"restore the earlier values of {self.name(self._seen)}"


def _spelt(reversal: Reversal, view: View) -> View:
    """Return a VPS with its upload speed in the journal's notation, if both mean the same."""
    for values in reversal.before, reversal.after:
        view = in_terms_of({**view, **values}, view)
    return view
