# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts about an item that every row shows besides its change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any


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
