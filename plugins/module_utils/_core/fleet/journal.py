# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run was about to do and what became of it, on the disk before and after each item's write.

One line of JSON for each event: ``begin`` of a run, ``intent`` before an item is written to,
``outcome`` after it, ``end`` of a run. Whoever reads it after a crash knows of each item whether it
is done, was never begun, or has to be looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..errors import PanelError
from .canonical import canonical
from .change import FleetItem
from .durable_file import AppendFile, Held, cannot
from .identity import Identity
from .item_result import ItemResult
from .journal_reading import SCHEMA, Past, journal_refused, read_journal

OPTION = "journal"


class JournalBroken(Exception):
    """The journal cannot be written: nothing may be begun that it would not know of.

    :param said: why, for a message.
    """

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


class Journal:
    """A journal that one run has open.

    :param path: of the file, which may be there from earlier runs of the same change.
    :param now: returns the time as text.
    :raises PanelError: ``validation`` where it cannot be opened, is damaged, is another change's,
        or is in use.
    """

    def __init__(self, path: str, identity: Identity, now: Callable[[], str]) -> None:
        self._path = path
        self._identity = identity
        self._now = now
        try:
            self._file = AppendFile(path)
        except Held:
            raise journal_refused(path, "another run is using it") from None
        except OSError as error:
            raise cannot(f"open the journal {path}", OPTION, error) from error
        try:
            self.past: Past = read_journal(path, self._file.content, identity)
            self._file.cut(self.past.size)
        except PanelError:
            self._file.close()
            raise

    def begin(self, run: str, plan_sha256: str | None) -> None:
        """Say that a run begins. :raises PanelError: ``validation``, it cannot be written."""
        try:
            self._append(
                "begin",
                schema=SCHEMA,
                **self._identity.to_plain(),
                run=run,
                plan_sha256=plan_sha256,
            )
        except JournalBroken as broken:
            raise journal_refused(self._path, broken.said) from broken

    def intent(self, item: FleetItem) -> None:
        """Say that an item is about to be written to. :raises JournalBroken: then it must not be."""
        rows = item.to_change
        self._append(
            "intent",
            id=item.id,
            name=item.name,
            before={row["field"]: row["before"] for row in rows},
            wanted={row["field"]: row["wanted"] for row in rows},
        )

    def outcome(self, result: ItemResult) -> None:
        """Say what became of an item. :raises JournalBroken: a later run will have to look."""
        self._append("outcome", **result.to_result())

    def end(self, *, complete: bool, stopped: str | None, totals: Mapping[str, int]) -> None:
        """Say that a run ends.

        :param complete: whether nothing is left to do; the next run then begins anew.
        :raises JournalBroken: it cannot be written.
        """
        self._append("end", complete=complete, stopped=stopped, totals=dict(totals))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _append(self, event: str, **facts: Any) -> None:
        try:
            self._file.append(canonical({"event": event, "at": self._now(), **facts}))
        except OSError as error:
            said = error.strerror or str(error)
            raise JournalBroken(f"the journal {self._path} cannot be written: {said}") from error
