# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A change that gives items back what they had before the runs of a journal."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..argspec import ArgumentSpec
from ..errors import PanelError, invalid
from .canonical import sha256_of
from .change import FleetChange, FleetItem, ItemId

OPTION = "rollback"

View = Mapping[str, Any]


@dataclass(frozen=True)
class Reversal:
    """One item that the runs of a journal changed, or may have changed.

    :param before: the values that the runs found, of those fields only that they changed.
    :param after: the values that they left, of the same fields; where it is not known whether a
        write took place, those that it was to set.
    """

    id: ItemId
    name: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def strange(self, view: View) -> str | None:
        """Say which value of the item is neither the one before nor the one after.

        :returns: ``None`` where each is one of both: nobody else has been there.
        """
        for field, after in self.after.items():
            now = view.get(field)
            if now not in (after, self.before[field]):
                return f"its {field} is {now} by now, and was left at {after}"
        return None

    def left(self, view: View) -> dict[str, Any]:
        """The values that are still to be given back."""
        return {field: value for field, value in self.before.items() if view.get(field) != value}


class Reversals(Mapping[ItemId, Reversal]):
    """All items that the last runs of a journal changed.

    :param path: of the journal.
    :param panel: that the journal is about.
    :param change: that the journal is about.
    :param runs: the ids of the runs; none where nothing was ever changed.
    """

    def __init__(
        self,
        path: str,
        panel: str | None,
        change: str | None,
        runs: Sequence[str],
        reversals: Sequence[Reversal],
    ) -> None:
        self._path = path
        self._panel = panel
        self._change = change
        self._runs = tuple(runs)
        self._by_id = {reversal.id: reversal for reversal in reversals}

    def __getitem__(self, item_id: ItemId) -> Reversal:
        return self._by_id[item_id]

    def __iter__(self) -> Iterator[ItemId]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def target(self) -> dict[str, Any]:
        """What a plan and a journal of the rollback belong to: these runs, and these values."""
        rows = [
            [reversal.id, dict(reversal.before), dict(reversal.after)] for reversal in self.values()
        ]
        return {"rollback_of": list(self._runs), "rollback_sha256": sha256_of(rows)}

    def check_origin(self, change: FleetChange) -> None:
        """Refuse a journal of something else. One in which nothing ever began is about nothing.

        :raises PanelError: ``validation``.
        """
        if not self._runs:
            return
        if self._panel != change.panel:
            raise journal_unfit(
                self._path, f"it is for the panel {self._panel}, and this is {change.panel}"
            )
        if self._change != change.name:
            raise journal_unfit(
                self._path, f"it is about {self._change}, and this is {change.name}"
            )


def journal_unfit(path: str, said: str) -> PanelError:
    """A journal that cannot be rolled back, for raising."""
    error = invalid(said, f"set {OPTION} to the journal of the runs that are to be undone")
    error.doing = f"roll the journal {path} back"
    return error


def refuse_beside_rollback(params: Mapping[str, Any], *specs: ArgumentSpec) -> None:
    """Refuse options that say what the journal says already.

    :param specs: the options that choose the items and say what they get.
    :raises PanelError: ``validation``, naming those that are set.
    """
    there = [
        option
        for spec in specs
        for option, rule in spec.options.items()
        if params[option] != rule.get("default")
    ]
    if there:
        raise invalid(
            f"{', '.join(there)} must not be set with {OPTION}",
            "the journal says which and what",
        )


class Rollback(FleetChange):
    """Gives each item back what it had. A panel says how it reads items, and what it can give back.

    :param reversals: what to give back to whom.
    """

    none_selected = "the journal tells of no change, so there is nothing to give back"

    def __init__(self, reversals: Reversals) -> None:
        self._reversals = reversals

    @abstractmethod
    def read(self, ids: Sequence[ItemId]) -> Mapping[ItemId, View]:
        """Read items, with as few requests as the panel allows; one that is gone is left out.

        :returns: of each item its ``name`` and its fields, by id.
        """

    @abstractmethod
    def compare(self, reversal: Reversal, view: View) -> FleetItem:
        """Return the item with a row for each value of :meth:`Reversal.left`, at least.

        What the panel cannot give back has the outcome ``refused`` and says why.
        """

    def target(self) -> Mapping[str, Any]:
        return self._reversals.target()

    def select(self, ids: Sequence[ItemId] | None) -> list[FleetItem]:
        there = self._reversals if ids is None else [i for i in ids if i in self._reversals]
        chosen = [self._reversals[item_id] for item_id in there]
        views = self.read([reversal.id for reversal in chosen]) if chosen else {}
        return [self._item(reversal, views.get(reversal.id)) for reversal in chosen]

    def look_up(self, item_id: ItemId) -> FleetItem | None:
        view = self.read([item_id]).get(item_id)
        return None if view is None else self._item(self._reversals[item_id], view)

    def _item(self, reversal: Reversal, view: View | None) -> FleetItem:
        if view is None:
            return FleetItem(reversal.id, reversal.name, (), moved="it is gone")
        strange = reversal.strange(view)
        if strange is not None:
            return FleetItem(reversal.id, str(view["name"]), (), moved=strange)
        if not reversal.left(view):
            return FleetItem(reversal.id, str(view["name"]), ())
        return self.compare(reversal, view)
