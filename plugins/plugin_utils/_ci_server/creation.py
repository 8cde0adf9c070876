# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Create the servers that a pipeline lacks, within the quota, and take over those of a killed run.

On one controller, a lock allows one pipeline of an owner at a time to create. So a server without a name that is
there under the lock belongs to no process that is still running here. Between controllers nothing is locked. There
the list of the panel decides after the creation: of two servers with one number, and of two pipelines that together
exceed the quota, the later one is given back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from ...module_utils._core.errors import Code, PanelError
from ...module_utils._core.threads import each
from .._fleet.wording import are, counted
from .ci_journal import CiJournal, CiRecords
from .ci_panel import CiRow, CiSight
from .names import lease_end
from .owned import Owned
from .removal import remove_server
from .run import WORKERS, CiRun, renamed

#: Seconds between two looks for room.
_ROOM_PAUSE_S = 5.0
#: Seconds for giving back what was created in excess.
_GIVE_BACK_S = 300.0

#: What the panel refuses a create with when it has no room, or a quota is used up.
_REFUSALS = (Code.VALIDATION, Code.CONFLICT, Code.REFUSED)


@dataclass(frozen=True)
class Desired:
    """The desired servers of a pipeline.

    :param count: their number.
    :param lease_s: seconds for which each is leased.
    :param most: the number of servers that the owner may have, ``None`` for any.
    :param wait_for_room_s: seconds to wait for room.
    """

    pipeline: str
    code: str
    count: int
    lease_s: int
    most: int | None
    wait_for_room_s: int

    @property
    def numbers(self) -> range:
        """The numbers of the servers."""
        return range(1, self.count + 1)


def owned_by(run: CiRun, owner_id: int, records: CiRecords | None = None) -> Owned:
    """Return the servers of the owner, with those of the records that the list lacks."""
    return _owned(run, run.panel.own_servers(), owner_id, records)


def read_owned(run: CiRun, owner_id: int, records: CiRecords | None = None) -> Owned:
    """Read all servers of the panel, and check the owner and the prefix.

    :raises PanelError: ``refused``, or any failure of the read. A failed read is never an empty list.
    """
    owned = _owned(run, run.panel.servers(), owner_id, records)
    owned.check()
    return owned


def _owned(run: CiRun, rows: Sequence[CiRow], owner_id: int, records: CiRecords | None) -> Owned:
    """Add the servers of a pipeline that a list lacks, or shows without a name. It may be older than the last write."""
    listed = {row.id for row in rows if row.name}
    made = records.made.values() if records else ()
    unlisted = [server_id for server_id in made if server_id not in listed]
    found = each(run.panel.server, unlisted, WORKERS)
    added = [sight for sight in found if sight is not None]
    return Owned([*rows, *added], owner_id, run.names)


def nameless_of(
    run: CiRun, owned: Owned, records: CiRecords
) -> tuple[Owned, dict[int, CiRow] | None]:
    """Return the servers of the owner, and those without a name that are of this pipeline, by number.

    Nothing is written. The second value is ``None`` if more servers are possible than creates are open.
    """
    if not records.knows_any(owned.nameless):
        return owned, {}
    if records.intents and owned.nameless:
        # Only the list of all servers shows when a server was created.
        owned = _owned(run, run.panel.servers(), owned.owner_id, records)
    return owned, records.open_for(owned.nameless)


class Creation:
    """The creation of a pipeline's servers.

    :param owner_id: the owner of all CI servers.
    """

    def __init__(self, run: CiRun, desired: Desired, owner_id: int, journal: CiJournal) -> None:
        self._run = run
        self._panel = run.panel
        self._desired = desired
        self._owner_id = owner_id
        self._journal = journal
        #: The servers that this execution has created, and not given back.
        self.created: set[int] = set()
        #: The servers of a killed run that it has taken over.
        self.taken_over: set[int] = set()
        #: The names of the pipeline's servers by ID, as far as they are known. A server may not have its name yet.
        self.known: dict[int, str] = {}

    def complete(self, before: Callable[[], object]) -> Owned:
        """Create what is missing, after waiting for room. Return the servers of the owner.

        :param before: called before the first create, when there is room.
        :raises PanelError: ``refused``, there is no room; ``not_found``, one of the servers is gone again.
        """
        run, desired = self._run, self._desired
        what = f"create servers for pipeline {desired.pipeline}"
        clock = run.clock
        until = clock.monotonic() + desired.wait_for_room_s
        while True:
            # The holder creates for some seconds only, and does not wait for room.
            with run.locked(f"owner-{self._owner_id}", what, clock.monotonic() + _GIVE_BACK_S):
                owned = self._recovered()
                missing = self._missing(owned)
                reason = None
                if missing:
                    reason = self._no_room(owned, len(missing))
                    if reason is None:
                        before()
                        reason = self._create(missing, owned)
                if reason is None:
                    return self._complete() if missing else owned
            if clock.monotonic() >= until:
                raise self._full(reason, what)
            run.progress.say(f"waiting for room: {reason}")
            run.pause(_ROOM_PAUSE_S, until)

    def recover(self) -> Owned:
        """Take over the servers of a killed run, and return the servers of the owner."""
        what = f"look for servers of pipeline {self._desired.pipeline}"
        until = self._run.clock.monotonic() + _GIVE_BACK_S
        with self._run.locked(f"owner-{self._owner_id}", what, until):
            return self._recovered()

    def _missing(self, owned: Owned) -> list[int]:
        present = owned.of(self._desired.code)
        return [number for number in self._desired.numbers if number not in present]

    def _complete(self) -> Owned:
        """Return the servers of the owner. :raises PanelError: ``not_found``, one of the pipeline's is missing."""
        owned = self._owned()
        missing = self._missing(owned)
        if missing:
            count = self._desired.count
            raise PanelError(
                Code.NOT_FOUND,
                f"{len(missing)} of {counted(count, 'server')} {are(len(missing))} gone just after the creation, so"
                " another client has deleted, renamed or moved what was created",
                action=f"create servers for pipeline {self._desired.pipeline}",
                hint="run the task again",
                retryable=True,
            )
        return owned

    def _owned(self) -> Owned:
        owned = owned_by(self._run, self._owner_id, self._journal)
        self.known = {
            **{row.id: "" for row in owned.nameless if row.id in self.created},
            **{row.id: row.name for row, _mark in owned.all_of(self._desired.code)},
        }
        return owned

    def _recovered(self) -> Owned:
        """Give the servers of a killed run their names, and return the servers of the owner."""
        owned, found = nameless_of(self._run, self._owned(), self._journal)
        if found is None:
            self._run.progress.say(
                "there are more servers without a name than this pipeline can have created: the janitor deletes them"
            )
            found = {}
        for number, row in found.items():
            self._journal.created(number, row.id)
            if self._name(number, row.id):
                self.taken_over.add(row.id)
        for number in list(self._journal.intents):
            self._journal.not_created(number)
        return self._owned() if found else owned

    def _no_room(self, owned: Owned, missing: int) -> str | None:
        most = self._desired.most
        if most is not None and owned.count + missing > most:
            return (
                f"the CI owner has {counted(owned.count, 'server')}, and max_servers allows {most}:"
                f" there is no room for {missing} more"
            )
        return self._panel.no_room(missing)

    def _create(self, numbers: Collection[int], owned: Owned) -> str | None:
        """Create servers, all at the same time. Return why there was no room after all, or ``None``."""
        run = self._run
        highest = max((row.id for row in owned.rows), default=0)
        failures = each(lambda number: self._create_one(number, highest), numbers, WORKERS)
        errors = [error for error in failures if error is not None]
        if any(error.uncertain for error in errors):
            before = set(self.taken_over)
            with run.settling():
                self._recovered()
            # A create without a response has made what was found now.
            run.wrote = run.wrote or self.taken_over != before
            left = self._missing(self._owned())
            errors = [
                error
                for number, error in zip(numbers, failures, strict=True)
                if error is not None and number in left
            ]
        hard = [error for error in errors if error.code not in _REFUSALS or error.uncertain]
        if hard:
            raise hard[0]
        if errors:
            self._give_back(self.created)
            return errors[0].message
        return self._settle()

    def _create_one(self, number: int, highest: int) -> PanelError | None:
        """Create one server and name it. Return the error of a create that failed."""
        self._run.go_on()
        self._journal.intend(number, highest, self._panel.time.at_least())
        try:
            server_id = self._run.create()
        except PanelError as error:
            if not error.uncertain:
                self._journal.not_created(number)
            return error
        self._journal.created(number, server_id)
        self.created.add(server_id)
        self.known[server_id] = ""
        if not self._name(number, server_id):
            self._journal.gone(server_id)
            self.created.discard(server_id)
        return None

    def _name(self, number: int, server_id: int) -> bool:
        """Name a server. Return whether it exists."""
        end = lease_end(self._panel.time.at_most(), self._desired.lease_s)
        name = self._run.names.name(self._desired.code, number, end)

        def due(sight: CiSight) -> bool:
            mark = self._run.names.mark(sight.name)
            if mark is not None and (mark.code, mark.number) == (self._desired.code, number):
                return False  # its lease was renewed meanwhile
            if sight.name:
                raise renamed(sight.name, f"name server {server_id} {name}")
            return True

        there = self._run.rename(server_id, name, due)
        if there:
            self.known[server_id] = name
        else:
            self.known.pop(server_id, None)
        return there

    def check_alone(self) -> None:
        """Check that no other controller has created the same servers meanwhile.

        :raises PanelError: ``conflict``, after giving back those of this controller.
        """
        twice = self._twice(self._owned())
        if not twice:
            return
        self._give_back(twice)
        raise PanelError(
            Code.CONFLICT,
            "another controller, which does not share state_dir, provides it at the same time",
            action=f"provision pipeline {self._desired.pipeline}",
            hint="run the task again: it takes over the servers of the other one",
            retryable=True,
        )

    def _twice(self, owned: Owned) -> list[int]:
        """Return the servers of this execution whose number an older server has, too."""
        kept = {row.id for row in owned.of(self._desired.code).values()}
        return [
            row.id
            for row, _mark in owned.all_of(self._desired.code)
            if row.id not in kept and row.id in self.created
        ]

    def _settle(self) -> str | None:
        """Delete servers that another controller has created too. Return why there is no room, or ``None``."""
        owned = self._owned()
        self._give_back(self._twice(owned))
        most = self._desired.most
        if most is None or owned.within(most, self._desired.code):
            return None
        self._give_back(self.created)
        return f"another pipeline has taken the room that max_servers={most} leaves"

    def _give_back(self, server_ids: Iterable[int]) -> None:
        ids = list(server_ids)
        until = self._run.clock.monotonic() + _GIVE_BACK_S

        def stays(sight: CiSight) -> str | None:
            """Return why another client keeps a server that it has taken meanwhile."""
            mark = self._run.names.mark(sight.name)
            ours = not sight.name or (mark is not None and mark.code == self._desired.code)
            return None if ours and sight.owner_id == self._owner_id else "another client has it"

        def delete(server_id: int) -> None:
            remove_server(self._run, server_id, stays, until)
            self._journal.gone(server_id)
            self.known.pop(server_id, None)

        each(delete, ids, WORKERS)
        self.created.difference_update(ids)

    def _full(self, reason: str | None, what: str) -> PanelError:
        waited = self._desired.wait_for_room_s
        return PanelError(
            Code.REFUSED,
            f"{reason}{f', after {waited} s' if waited else ''}",
            action=what,
            hint="delete servers, or wait longer with wait_for_room",
            retryable=True,
        )
