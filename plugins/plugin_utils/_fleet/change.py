# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Define what the bulk engine needs from a change: its items, their target, and how to write one of them.

The engine is independent of panels. A panel derives from :class:`FleetChange`. Its items are
:class:`FleetItem` objects, compared by the same schema and loop as in its single module. Each item is
changed in a session of its own.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar

from ...module_utils._core.changes import FieldOutcome
from ...module_utils._core.errors import PanelError, invalid
from ...module_utils._core.safe_text import plain
from ...module_utils._core.session import Session
from .identity import Identity, sha256_of
from .selection import Selection, Shard
from .wording import counted


@dataclass(frozen=True)
class Evidence:
    """Owner and place of an item, and the time of the latest write to it.

    :param uuid: the unique ID that the panel shows, ``None`` if it shows none.
    :param owner: the ID of the user to whom the item belongs.
    :param place: the ID of the hypervisor, node or zone.
    :param begun: when the latest write began; ``None`` if no write was begun.
    :param ended: when the outcome of that write was recorded.
    """

    uuid: str | None = None
    owner: int | str | None = None
    place: int | str | None = None
    begun: str | None = None
    ended: str | None = None

    def over(self, earlier: Evidence) -> Evidence:
        """Return these facts, with earlier ones for those that are not known."""
        when = self if self.begun is not None else earlier
        return Evidence(
            earlier.uuid if self.uuid is None else self.uuid,
            earlier.owner if self.owner is None else self.owner,
            earlier.place if self.place is None else self.place,
            when.begun,
            when.ended,
        )

    def is_of_another(self, earlier: Evidence) -> bool:
        """Whether another item has the ID by now: both unique IDs are known, and they differ."""
        return None not in (self.uuid, earlier.uuid) and self.uuid != earlier.uuid

    def written(self, begun: str | None, ended: str | None = None) -> Evidence:
        """Return the facts with other times."""
        return replace(self, begun=begun, ended=ended)

    def to_plain(self) -> dict[str, Any]:
        """Return the facts as plain data, with null for each unknown one."""
        return asdict(self)

    def identity(self) -> dict[str, Any]:
        """Return the facts without the times."""
        return {name: getattr(self, name) for name in IDENTITY}


#: No facts.
UNKNOWN = Evidence()

#: The facts that the panel shows.
IDENTITY = ("uuid", "owner", "place")


def evidence_in(row: Mapping[str, Any]) -> Evidence:
    """Return the facts in a row of a file, which may be without some."""
    return Evidence(**{name: row.get(name) for name in Evidence.__dataclass_fields__})


#: Why an item is left alone whose ID another one has.
REPLACED = "it is gone, and another server has its ID"

#: The ID of an item on its panel. JSON preserves the type.
ItemId: TypeAlias = "int | str"


def checked_item_id(value: Any) -> ItemId:
    """Return an item's ID that was read from a file. :raises ValueError: it is not an ID."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise ValueError(f"{value!r:.20} is not an ID")
    return value


#: A row of ``changes`` in the result of a write module.
Row: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class FleetItem:
    """One object of the fleet as it was read, compared with its target.

    :param changes: a row for each compared field, in the panel's order.
    :param place: the ID of its place for the capacity check, such as a hypervisor.
    :param restart_required: whether the change takes effect only after a restart.
    :param waits_for_restart: whether it waits for a restart now, ``None`` where the panel does not show that.
    :param error: the predicted error of the change.
    :param moved: the reason to leave it alone: its state is not the state that the change starts from.
    :param gone: whether it is moved because the panel does not have it any more.
    :param view: the values that :meth:`FleetChange.apply` needs, so that it does not read again.
    :param uuid: its unique ID, ``None`` where the panel shows none.
    :param owner: the ID of the user to whom it belongs, ``None`` where the panel shows none.
    :param facts: the values by which options can select an item, by field.
    :param selected_by: the fields of ``facts`` that an approval covers.
    :param shown: the fields that the panel showed and that were compared. ``None`` if it showed all of them.
    """

    id: ItemId
    name: str
    changes: tuple[Row, ...]
    place: ItemId | None = None
    restart_required: bool = False
    error: PanelError | None = None
    moved: str | None = None
    view: Any = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    selected_by: tuple[str, ...] = ()
    uuid: str | None = None
    owner: ItemId | None = None
    gone: bool = False
    waits_for_restart: bool | None = None
    shown: frozenset[str] | None = None

    def __post_init__(self) -> None:
        """Make the panel's texts printable, for files, tables and messages."""
        object.__setattr__(self, "name", plain(self.name))
        if self.moved is not None:
            object.__setattr__(self, "moved", plain(self.moved))

    def shows(self, field: str) -> bool:
        """Whether the panel showed the value of a field. A value without a row is then the desired one."""
        return self.shown is None or field in self.shown

    @property
    def fingerprint(self) -> str:
        """A hash of the compared values as they were read."""
        return sha256_of({row["field"]: row["before"] for row in self.changes})

    @property
    def evidence(self) -> Evidence:
        """The facts about it that every row shows."""
        return Evidence(self.uuid, self.owner, self.place)

    @property
    def to_change(self) -> tuple[Row, ...]:
        """The rows that a write must change."""
        return rows_with(self.changes, FieldOutcome.CHANGED)

    @property
    def refused(self) -> tuple[Row, ...]:
        """The rows that the panel will not change."""
        return rows_with(self.changes, FieldOutcome.REFUSED)


@dataclass(frozen=True)
class OpenOrder:
    """An order that an earlier run placed and that can still take effect, or has taken effect.

    :param details: the keys of its row, see :attr:`FleetChange.details`.
    :param message: why the item does not show the change yet; empty if that is not known.
    """

    details: Mapping[str, Any]
    message: str = ""


def rows_with(rows: Sequence[Row], *outcomes: FieldOutcome) -> tuple[Row, ...]:
    """Return the rows with one of these outcomes."""
    desired = {outcome.value for outcome in outcomes}
    return tuple(row for row in rows if row["outcome"] in desired)


class FleetChange(ABC):
    """One change of many items of one panel.

    The engine first calls :meth:`prepare` once, then :meth:`select`, then :meth:`capacity` and
    :meth:`apply`. Data for all items is read in :meth:`prepare`. Data of one item is in its
    :class:`FleetItem`.

    :cvar panel: the panel's name, such as ``toys``.
    :cvar name: the action's name, such as ``toy_sizes``.
    :cvar noun: the plural noun for the items in messages.
    :cvar place_noun: the noun for :attr:`FleetItem.place` in messages.
    """

    panel: str
    name: str
    noun: str
    place_noun: str = "place"
    #: The fields that use capacity of a place, with their units.
    units: ClassVar[Mapping[str, str]] = {}
    #: Checks the options that select items. None if a journal selects them.
    selection: Selection | None = None
    #: More keys of the single module's result to keep in an item's row.
    details: tuple[str, ...] = ()
    #: The part of the items that the change is about. None for all items.
    shard: Shard | None = None
    #: The hashes of the plans whose runs this change rolls back.
    undoes: tuple[str, ...] = ()
    #: Whether to warn about predicted refusals.
    warns_of_refusals: bool = False
    #: The message if no item is selected.
    none_selected: str = "none is selected, so there is nothing to do"

    @property
    @abstractmethod
    def address(self) -> str:
        """The panel's address, without secrets."""

    def counted(self, number: int) -> str:
        """Return a number of items, such as ``1 server`` or ``2 servers``."""
        return counted(number, self.noun.removesuffix("s"), self.noun)

    def identity(self) -> Identity:
        """Prepare the change, and return what its plans, journals and locks belong to.

        :raises PanelError: as :meth:`prepare`.
        """
        return self._identity(self.prepare())

    def check_origin(self, recorded: Mapping[str, Any], action: str) -> None:
        """Refuse to compare items with a run of another panel, action or shard, where an ID is another item.

        :param recorded: what the plan or the journal of the run states.
        :param action: what is refused.
        :raises PanelError: ``validation``.
        """
        if (elsewhere := self._identity({}).elsewhere(recorded)) is not None:
            error = invalid(elsewhere, "set the connection to the panel of the run")
            error.action = action
            raise error

    def _identity(self, target: Mapping[str, Any]) -> Identity:
        shard = str(self.shard) if self.shard else None
        return Identity(self.panel, self.address, self.name, target, shard)

    @abstractmethod
    def prepare(self) -> Mapping[str, Any]:
        """Check the options, read the data that all items share, and return the target.

        The target is plain data without secrets. A plan or a journal of another target is refused.

        :raises PanelError: an option is invalid.
        """

    @abstractmethod
    def select(self, ids: Sequence[ItemId] | None) -> list[FleetItem]:
        """Read and compare the items, with as few requests as the panel allows.

        :param ids: the items of a plan; items that no longer exist are omitted. ``None`` to use the
            options.
        :raises PanelError: the options do not fit the panel, such as an unknown name.
        """

    @abstractmethod
    def look_up(self, item_id: ItemId) -> FleetItem | None:
        """Read and compare one item again. Return ``None`` if it no longer exists."""

    @abstractmethod
    def apply(self, item: FleetItem) -> dict[str, Any]:
        """Change the item as the single module does, and return that module's result.

        Several threads call it at the same time, each with another item. The key ``unconfirmed``
        names the fields of an accepted write that the panel neither shows nor reports as refused.

        :raises PanelError: as the single module would.
        """

    def order_now(self, details: Mapping[str, Any]) -> OpenOrder | None:
        """Return an order of an earlier run as it is now, ``None`` if it was cancelled. May read.

        :param details: the details of the row that the earlier run recorded.
        """
        return OpenOrder(details)

    def know_orders(self, details: Mapping[ItemId, Mapping[str, Any]]) -> None:  # noqa: B027 - most changes order nothing
        """Take the orders of earlier runs, before the items are read.

        :param details: the details of the rows that earlier runs recorded, by item.
        """

    def doubts(self, items: Sequence[FleetItem]) -> list[str]:
        """Return a warning if selected items may still change without a write of this run."""
        return []

    def begin(self, run: str, at: str) -> None:  # noqa: B027 - most changes have nothing to record
        """Record the start of a run, before its first write.

        :param run: the ID of the run.
        :param at: the time as text.
        :raises PanelError: it cannot be recorded. The run then writes nothing.
        """

    def end(self, run: str, at: str, *, complete: bool) -> None:  # noqa: B027 - see begin
        """Record the end of a run.

        :param complete: whether no work remains.
        :raises PanelError: it cannot be recorded.
        """

    def stops_run(self, error: PanelError) -> bool:
        """Return whether this error of one item must stop the run."""
        return False

    @abstractmethod
    def capacity(self, items: Sequence[FleetItem]) -> list[str]:
        """Return a warning for each place without room for the items' growth. May read.

        A :class:`~.growth.Capacity` also has the sums.
        """

    @abstractmethod
    def api_calls(self) -> dict[str, Any]:
        """The requests and waits so far, as in the result of a module."""


def check_unique(items: Sequence[FleetItem], noun: str) -> None:
    """Refuse a selection that contains an item twice, since two threads would change it at the same time.

    :raises PanelError: ``validation``, with the IDs.
    """
    counted = Counter(item.id for item in items)
    twice = [str(item_id) for item_id, times in counted.items() if times > 1]
    if twice:
        raise invalid(f"{noun} are selected twice: {', '.join(twice[:10])}")


ClientT = TypeVar("ClientT")


class ItemSessions(Generic[ClientT]):
    """A factory of sessions for items. Several threads may share it.

    Each item has the ``retries`` and the ``retry_budget`` of a task, so that one busy server does not
    use up those of the others.

    :param client: creates the panel's client from a session.
    :param session: the session for reads of all items.
    """

    def __init__(self, client: Callable[[Session], ClientT], session: Session) -> None:
        self.client = client(session)
        self.session = session
        self._make = client
        self._spent: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def for_item(self) -> Iterator[tuple[ClientT, Session]]:
        """Yield a client with a session for one item."""
        session = self.session.sibling()
        try:
            yield self._make(session), session
        finally:
            with self._lock:
                self._spent.update(session.api_calls())

    def api_calls(self) -> dict[str, Any]:
        """Return the sums of all sessions. The seconds waited are a sum over all items."""
        with self._lock:
            spent = self._spent + Counter(self.session.api_calls())
        return {
            "read": int(spent["read"]),
            "write": int(spent["write"]),
            "retried": int(spent["retried"]),
            "waited_s": round(float(spent["waited_s"]), 3),
        }
