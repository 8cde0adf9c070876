# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes that compare and write each item with the resource and the loop of the single module."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar, Generic, TypeVar

from ...module_utils._core.argspec import ArgumentSpec, check_ranges
from ...module_utils._core.changes import Change
from ...module_utils._core.converge import Resource, View, conclude, converge, execute
from ...module_utils._core.errors import Code, PanelError
from ...module_utils._core.paging import OddRow
from .change import FleetChange, FleetItem, ItemSessions
from .progress import clean_error, cleaned
from .rollback import Reversal, Reversals, Rollback, refuse_beside_rollback
from .selection import Shard

ClientT = TypeVar("ClientT")


class ConvergingChange(FleetChange, Generic[ClientT]):
    """A change that brings each item into its target state by converging one resource.

    :param sessions: opens a session for each write; its own session serves all reads.
    :param address: of the panel.
    :param params: the options after argument validation.
    """

    def __init__(
        self, sessions: ItemSessions[ClientT], address: str, params: Mapping[str, Any]
    ) -> None:
        self.sessions = sessions
        self.client = sessions.client
        self.params = params
        self.workers: int = params["workers"]
        self.warns_of_refusals = params["on_refused"] == "warn"
        self._address = address
        self.shard = Shard.of(params["shard"])
        used = [
            field
            for option, field in self.filter_fields.items()
            if params.get(option) not in (None, [])
        ]
        self._selected_by = tuple(dict.fromkeys((*self.approved_fields, *used)))

    @property
    def address(self) -> str:
        return self._address

    def api_calls(self) -> dict[str, Any]:
        return self.sessions.api_calls()

    @abstractmethod
    def resource(self, client: ClientT, view: Any, *, may_restart: bool) -> Resource:
        """Return the resource that brings one item into its target state.

        :param view: :attr:`FleetItem.view`.
        :param may_restart: whether the item may need a restart: true in a comparison, and in a
            write what the comparison found.
        """

    @abstractmethod
    def describe(self, view: View) -> Mapping[str, Any]:
        """Return the keys of an item that :class:`FleetItem` has and that need no comparison."""

    #: The field that each option that selects or excludes items looks at.
    filter_fields: ClassVar[Mapping[str, str]] = {}
    #: The fields that an approval covers, whatever option selects the items.
    approved_fields: ClassVar[tuple[str, ...]] = ()

    def compared(self, view: View, kept: Any = None) -> FleetItem:
        """Compare an item that was just read, as the single module does in check mode.

        :param kept: the data for :meth:`resource`, if it needs more than the view.
        """
        kept = view if kept is None else kept
        redact = self.sessions.session.redact
        place = {
            **cleaned(self.describe(view), redact),
            "facts": cleaned(self._facts(view), redact),
            "selected_by": self._selected_by,
        }
        if isinstance(view, OddRow):
            return FleetItem(**place, changes=(), error=clean_error(view.error, redact))
        try:
            found = converge(
                self.resource(self.client, kept, may_restart=True),
                check_mode=True,
                backoff=self.sessions.session.backoff,
            )
        except PanelError as error:
            error = clean_error(error, redact)
            rows = tuple(error.result.get("changes", ()))
            return FleetItem(**place, changes=rows, error=error)
        return FleetItem(
            **place,
            changes=tuple(found["changes"]),
            shown=_names(tuple(row["field"] for row in found["changes"])),
            restart_required=found.get("restart_required", False),
            view=kept,
        )

    def _facts(self, view: View) -> dict[str, Any]:
        fields = (*self.approved_fields, *self.filter_fields.values())
        return {field: view.get(field) for field in fields}

    def apply(self, item: FleetItem) -> dict[str, Any]:
        with self.sessions.for_item() as (client, session):
            resource = self.resource(client, item.view, may_restart=item.restart_required)
            converged = execute(resource, check_mode=False, backoff=session.backoff)
            result = conclude(resource, converged, check_mode=False)
        # The journal keeps them.
        texts = {key: result[key] for key in ("changes", "warnings") if key in result}
        clean = cleaned(texts, session.redact)
        return {**result, **clean, "unconfirmed": converged.unconfirmed}


@cache
def _names(fields: tuple[str, ...]) -> frozenset[str]:
    """Return names of fields as one object for all items that show the same."""
    return frozenset(fields)


def lean(item: FleetItem) -> FleetItem:
    """Drop the details of an item without changes, which most items of a fleet are."""
    if item.to_change or item.refused or item.error:
        return item
    return replace(item, changes=(), view=None)


def params_of_one(params: Mapping[str, Any], naming: Iterable[str]) -> dict[str, Any]:
    """Return the options of the single module for one item of a fleet.

    Refusals give one warning for the fleet, so the single module gives none.

    :param naming: the options by which the single module finds its object.
    """
    quiet = "ignore" if params["on_refused"] == "warn" else params["on_refused"]
    return {**params, **dict.fromkeys(naming), "on_refused": quiet}


@dataclass(frozen=True, kw_only=True)
class RestorePlan:
    """How to restore earlier values of one item. A panel adds the calls.

    :param values: the values to restore, by field.
    :param impossible: the changes that are known to be impossible, with the reason.
    """

    values: Mapping[str, Any]
    impossible: tuple[Change, ...] = ()

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of the values that cannot be restored."""
        return [change.to_result() for change in self.impossible]


class ConvergingRollback(ConvergingChange[ClientT], Rollback):
    """A rollback that restores each item by converging one resource.

    :cvar beside: the options that select items and state their target; a rollback refuses them.
    """

    beside: ClassVar[tuple[ArgumentSpec, ...]]

    def __init__(
        self,
        sessions: ItemSessions[ClientT],
        address: str,
        params: Mapping[str, Any],
        reversals: Reversals,
    ) -> None:
        refuse_beside_rollback(params, *self.beside)
        check_ranges(params, {"wait_timeout": (0, None)})
        ConvergingChange.__init__(self, sessions, address, params)
        Rollback.__init__(self, reversals)

    @abstractmethod
    def plan_restore(self, reversal: Reversal, view: View) -> RestorePlan:
        """Determine which values can be restored, and by which calls. Must not read."""

    @abstractmethod
    def restoring(self, client: ClientT, view: View, plan: Any, *, may_restart: bool) -> Resource:
        """Return the resource that carries out a restore plan; see :meth:`resource`."""

    def facts(self, view: View) -> Mapping[str, Any]:
        shown = cleaned(self.describe(view), self.sessions.session.redact)
        names = ("place", "uuid", "owner", "waits_for_restart")
        return {name: shown.get(name) for name in names}

    def _item(self, reversal: Reversal, view: View | None) -> FleetItem:
        redact = self.sessions.session.redact
        if isinstance(view, OddRow):
            error = clean_error(view.error, redact)
            return FleetItem(reversal.id, reversal.name, (), error=error)
        if view is not None:
            view = {**view, "name": cleaned(view["name"], redact)}
        return super()._item(reversal, view)

    def resource(self, client: ClientT, view: Any, *, may_restart: bool) -> Resource:
        seen, plan = view
        return self.restoring(client, seen, plan, may_restart=may_restart)

    def compare(self, reversal: Reversal, view: View) -> FleetItem:
        plan = self.plan_restore(reversal, view)
        item = self.compared(view, (view, plan))
        rows = (*item.changes, *plan.rows())
        error = item.error
        if error is None and plan.impossible and self.params["on_refused"] == "fail":
            name = self.restoring(self.client, view, plan, may_restart=True).name(view)
            error = PanelError(
                Code.REFUSED,
                "; ".join(change.refusal() for change in plan.impossible),
                action=f"restore the earlier values of {name}",
                hint="set on_refused to warn to restore the others",
                result={"changes": rows},
            )
        # Values that are already restored have no row.
        return replace(item, changes=rows, error=error, shown=None)

    def apply(self, item: FleetItem) -> dict[str, Any]:
        result = super().apply(item)
        plan: RestorePlan = item.view[1]
        return {**result, "changes": [*result["changes"], *plan.rows()]}
