# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The servers of the CI owner: which are a pipeline's, and which have no name yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...module_utils._core.errors import Code, PanelError
from .ci_panel import CiRow
from .names import Mark, Names

#: Names of servers that an error lists.
_SHOWN = 3


class Owned:
    """The servers of the owner, read at one moment.

    :param rows: servers of any owner. A server that a list shows twice counts once.
    """

    def __init__(self, rows: Iterable[CiRow], owner_id: int, names: Names) -> None:
        self.owner_id = owner_id
        self._names = names
        self._others = []
        #: The servers whose names are marks of pipelines, each with its mark.
        self.marked: list[tuple[CiRow, Mark]] = []
        #: The servers without a name: orphans, or just created.
        self.nameless: list[CiRow] = []
        #: Servers of the owner that are neither.
        self.foreign: list[CiRow] = []
        for row in {row.id: row for row in rows}.values():
            if row.owner_id != owner_id:
                self._others.append(row)
            elif not row.name:
                self.nameless.append(row)
            elif mark := names.mark(row.name):
                self.marked.append((row, mark))
            else:
                self.foreign.append(row)

    @property
    def rows(self) -> list[CiRow]:
        """All servers of the owner."""
        return [*(row for row, _mark in self.marked), *self.nameless, *self.foreign]

    @property
    def count(self) -> int:
        """The number of the owner's servers."""
        return len(self.rows)

    def of(self, code: str) -> dict[int, CiRow]:
        """Return the servers of a pipeline by their number. The oldest of several with one number counts."""
        found: dict[int, CiRow] = {}
        for row, mark in sorted(self.marked, key=lambda pair: pair[0].id):
            if mark.code == code:
                found.setdefault(mark.number, row)
        return found

    def all_of(self, code: str) -> list[tuple[CiRow, Mark]]:
        """Return every server of a pipeline."""
        return sorted(
            ((row, mark) for row, mark in self.marked if mark.code == code),
            key=lambda pair: (pair[1].number, pair[0].id),
        )

    def within(self, most: int, code: str) -> bool:
        """Return whether the servers of a pipeline are among the first ``most``.

        Pipelines count in the order in which they had all of their servers. So of two that create at the same
        time, on different controllers, the later one gives way.
        """
        last: dict[str, int] = {}
        size: dict[str, int] = {}
        for row, mark in self.marked:
            last[mark.code] = max(row.id, last.get(mark.code, 0))
            size[mark.code] = size.get(mark.code, 0) + 1
        before = [each for each in last if last[each] <= last.get(code, 0)]
        return sum(size[each] for each in before) <= most

    def check(self) -> None:
        """Refuse an owner of foreign servers, and a prefix that others use.

        :raises PanelError: ``refused``.
        """
        if self.foreign:
            raise PanelError(
                Code.REFUSED,
                f"user {self.owner_id} owns {_listed(self.foreign)}, which no pipeline with the prefix"
                f" {self._names.prefix} has made",
                action="use the owner of the CI servers",
                hint="make a user of the panel that owns CI servers of this prefix only",
            )
        alike = [row for row in self._others if row.name.startswith(self._names.begin)]
        if alike:
            raise PanelError(
                Code.REFUSED,
                f"servers of other users have names like it: {_listed(alike)}",
                action=f"use the prefix {self._names.prefix}",
                hint="choose another prefix",
            )


def _listed(rows: Sequence[CiRow]) -> str:
    shown = ", ".join(
        f"{row.name or 'a server without a name'} ({row.id})" for row in rows[:_SHOWN]
    )
    more = len(rows) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
