# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Roll back the package change of many VirtFusion servers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...module_utils._core.changes import Comparison, FieldOutcome, Reply
from ...module_utils._core.converge import Converged, Resource, View, apply_each, refuse
from ...module_utils._core.errors import PanelError
from ...module_utils._virtfusion.client import VirtFusion
from ...module_utils._virtfusion.resources.package import (
    ASPECTS,
    PACKAGE,
    SERVER_ASPECTS,
    read_info,
    size_writers,
)
from ...module_utils._virtfusion.resources.server_package import (
    PACKAGE_TARGET,
    about_unknown_lines,
)
from ...module_utils._virtfusion.resources.server_view import SERVER, restart_needs
from .._fleet.change import FleetItem, ItemId
from .._fleet.converging import ConvergingRollback
from .._fleet.growth import Capacity
from .._fleet.rollback import Reversal
from .._fleet.selection import numeric
from .inventory import read_servers_by_id
from .restore_plan import PackageRestorePlan, find_restore_plan
from .server_packages import SELECTION, UNITS, ServerPackages, as_item, capacity_of


class ServerRollback(ConvergingRollback[VirtFusion]):
    """A rollback that restores the values in a journal of package changes."""

    panel = ServerPackages.panel
    name = ServerPackages.name
    noun = ServerPackages.noun
    place_noun = ServerPackages.place_noun
    units = UNITS
    approved_fields = ServerPackages.approved_fields
    beside = (SELECTION, PACKAGE_TARGET)

    #: The panel's packages, after :meth:`prepare`.
    _packages: Sequence[View]

    def prepare(self) -> Mapping[str, Any]:
        packages = self.client.packages() if self.reversals else []
        self._packages = [PACKAGE.project(raw) for raw in packages]
        return super().prepare()

    def read(self, ids: Sequence[ItemId]) -> Mapping[ItemId, View]:
        views = read_servers_by_id(self.client, numeric(ids), self.workers)
        return {view["id"]: view for view in views}

    def plan_restore(self, reversal: Reversal, view: View) -> PackageRestorePlan:
        return find_restore_plan(
            reversal.left(view),
            view,
            {**view, **reversal.before},
            self._packages,
            allow_disabled=self.params["allow_disabled"],
        )

    def restoring(
        self, client: VirtFusion, view: View, plan: Any, *, may_restart: bool
    ) -> _RestoredServer:
        return _RestoredServer(client, self.params, view, plan)

    def describe(self, view: View) -> Mapping[str, Any]:
        return as_item(view)

    def capacity(self, items: Sequence[FleetItem]) -> Capacity:
        return capacity_of(self.client, items, [item.view[0] for item in items], self.workers)


class _RestoredServer(Resource):
    """One server whose earlier values are restored.

    :param server: the server as it was just read.
    :param restore: the values to restore, and the calls that set them.
    """

    key = "server"
    schema = SERVER_ASPECTS

    def __init__(
        self,
        client: VirtFusion,
        params: Mapping[str, Any],
        server: View,
        restore: PackageRestorePlan,
    ) -> None:
        self._client = client
        self._params = params
        self._id = int(server["id"])
        self._seen: View | None = server
        self._restore = restore
        self.settle_s = float(params["wait_timeout"])

    def read(self) -> View:
        seen, self._seen = self._seen, None
        return seen or SERVER.project(self._client.server(self._id))

    def desired(self) -> Mapping[str, Any]:
        return self._restore.values

    def apply(self, comparison: Comparison) -> Reply:
        moved = comparison.names(FieldOutcome.CHANGED)
        by_package = moved & self._restore.by_package
        reply = Reply()
        if by_package and self._restore.package is not None:
            # All flags are sent, since an omitted flag is true to the panel (virtfusion 2.1).
            flags = {aspect.flag: aspect.name in by_package for aspect in ASPECTS}
            reply = read_info(
                self._client.change_package(self._id, self._restore.package["id"], flags)
            )
        singly = {
            field: write
            for field, write in size_writers(self._client, self._id).items()
            if field not in by_package
        }
        try:
            apply_each(comparison, singly)
        except PanelError as error:
            error.partial = error.partial or bool(by_package)
            raise
        return reply

    def conclude(self, converged: Converged) -> dict[str, Any]:
        if self._params["on_refused"] == "fail":
            refuse(
                converged.comparison, f"restore the earlier values of {self.name(converged.before)}"
            )
        return {"warnings": about_unknown_lines(self.name(converged.before), converged.reply)}

    def aftermath(self, converged: Converged) -> dict[str, Any]:
        return restart_needs(converged)
