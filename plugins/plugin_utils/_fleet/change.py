# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the bulk engine must know of a change: which items, what each is to get, how one is carried out.

The engine knows no panel. A panel derives from :class:`FleetChange` and hands its items over as
:class:`FleetItem`, compared by the same schema and loop as in its single module.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

from ...module_utils._core.changes import FieldOutcome
from ...module_utils._core.errors import PanelError, invalid
from ...module_utils._core.plain_text import plain
from .identity import sha256_of
from .selection import Selection

#: What a panel calls an item by; JSON keeps its type.
ItemId: TypeAlias = "int | str"


def checked_item_id(value: Any) -> ItemId:
    """Return an item's ID as a file has it. :raises ValueError: it is none."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise ValueError(f"{value!r:.20} is no ID")
    return value


#: A row of ``changes``, as every write module returns it.
Row: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class FleetItem:
    """One object of the fleet, as it was read, compared with what it is to be.

    :param changes: the rows of everything that was compared, in the panel's order.
    :param group: where it stands, for the capacity check; such as a hypervisor's id.
    :param restart_required: whether it must be restarted once it is changed.
    :param error: why it cannot be changed, as far as that shows without writing.
    :param moved: why it is to be left alone: it is not in the state that the change starts from.
    :param view: what :meth:`FleetChange.apply` needs of the read, so that it need not read again.
    :param facts: the values by which options can select an item, by field.
    :param selected_by: the fields of them that an approval covers.
    """

    id: ItemId
    name: str
    changes: tuple[Row, ...]
    group: ItemId | None = None
    restart_required: bool = False
    error: PanelError | None = None
    moved: str | None = None
    view: Any = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    selected_by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Make the texts of a panel printable, for every file, table and message."""
        object.__setattr__(self, "name", plain(self.name))
        if self.moved is not None:
            object.__setattr__(self, "moved", plain(self.moved))

    @property
    def fingerprint(self) -> str:
        """A hash of the values that are compared, as they were read."""
        return sha256_of({row["field"]: row["before"] for row in self.changes})

    @property
    def to_change(self) -> tuple[Row, ...]:
        """The rows that a write is to change."""
        return rows_with(self.changes, FieldOutcome.CHANGED)

    @property
    def refused(self) -> tuple[Row, ...]:
        """The rows that are known to stay as they are."""
        return rows_with(self.changes, FieldOutcome.REFUSED)


def rows_with(rows: Sequence[Row], *outcomes: FieldOutcome) -> tuple[Row, ...]:
    """Return the rows with one of these outcomes."""
    desired = {outcome.value for outcome in outcomes}
    return tuple(row for row in rows if row["outcome"] in desired)


class FleetChange(ABC):
    """One change that many items of one panel are to get.

    The engine calls :meth:`prepare` once and first, then :meth:`select`, then :meth:`capacity` and
    :meth:`apply`. What is read once for all items is read in :meth:`prepare`; what concerns one
    item travels in its :class:`FleetItem`.

    :cvar panel: the panel's name, such as ``toys``.
    :cvar name: the action's name, such as ``toy_sizes``.
    :cvar noun: what the items are called in messages, in the plural.
    :cvar place: what :attr:`FleetItem.group` is called in messages.
    """

    panel: str
    name: str
    noun: str
    place: str = "group"
    #: The fields that take room where an item is, each with its unit.
    units: ClassVar[Mapping[str, str]] = {}
    #: Checks the options that select items; None where a journal selects them.
    selection: Selection | None = None
    #: What else of the single module's result an item's row keeps, by key.
    details: tuple[str, ...] = ()
    #: The hashes of the plans whose runs it undoes.
    undoes: tuple[str, ...] = ()
    #: Whether what the panel is known not to change is worth a warning.
    warns_of_refusals: bool = False
    #: What to say where no item is selected.
    none_selected: str = "none is selected, so there is nothing to do"

    @property
    @abstractmethod
    def address(self) -> str:
        """The panel's address, without secrets."""

    @abstractmethod
    def prepare(self) -> Mapping[str, Any]:
        """Check the options, read what all items share, and return the target.

        The target is what every item is to get, as plain data without secrets.

        A plan and a journal belong to one target: where it differs, they are refused.

        :raises PanelError: for a mistake in the options.
        """

    @abstractmethod
    def select(self, ids: Sequence[ItemId] | None) -> list[FleetItem]:
        """Read and compare the items, with as few requests as the panel allows.

        :param ids: the items of a plan, of which some may be gone and are then left out; ``None``
            for those that the options choose.
        :raises PanelError: for a choice that does not fit the panel, such as an unknown name.
        """

    @abstractmethod
    def look_up(self, item_id: ItemId) -> FleetItem | None:
        """Read and compare one item anew; ``None`` where it is gone."""

    @abstractmethod
    def apply(self, item: FleetItem) -> dict[str, Any]:
        """Change the item as the single module does, and return that module's result.

        Several threads call it at a time, each with an item of its own. The key ``unconfirmed``
        names the fields of an accepted write that the panel neither shows nor reports as refused.

        :raises PanelError: as the single module would.
        """

    def begin(self, run: str, at: str) -> None:  # noqa: B027 - most changes have nothing to record
        """Record that a run begins, before its first write.

        :param run: the ID of the run.
        :param at: the time as text.
        :raises PanelError: it cannot be recorded; nothing is then written.
        """

    def end(self, run: str, at: str, *, complete: bool) -> None:  # noqa: B027 - see begin
        """Record that a run ends.

        :param complete: whether nothing is left to do.
        :raises PanelError: it cannot be recorded.
        """

    def stops_run(self, error: PanelError) -> bool:
        """Return whether no other item may begin after the error of one."""
        return False

    @abstractmethod
    def capacity(self, items: Sequence[FleetItem]) -> list[str]:
        """Return a warning for each place in which the items' growth does not fit. May read.

        A :class:`~.growth.Capacity` has the sums besides.
        """

    @abstractmethod
    def api_calls(self) -> dict[str, Any]:
        """What all of it has cost so far, as in every module's result."""


def check_unique(items: Sequence[FleetItem], noun: str) -> None:
    """Refuse a selection that has an item twice: two threads would change it at a time.

    :raises PanelError: ``validation``, with the ids.
    """
    counted = Counter(item.id for item in items)
    twice = [str(item_id) for item_id, times in counted.items() if times > 1]
    if twice:
        raise invalid(f"{noun} are selected twice: {', '.join(twice[:10])}")
