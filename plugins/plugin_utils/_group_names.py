# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Create names for the ready-made groups: each object on the panel has its own group."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from ._host_names import Candidate, unique_names


@dataclass(frozen=True)
class Thing:
    """The common property of the servers in a ready-made group, such as a hypervisor.

    :param kind: its name in ``group_by``.
    :param label: its name on the panel.
    :param own_id: its ID on the panel. A thing without an ID is the same on all panels.
    :param panel: name of the panel as a part of a group's name, or ``""``.
    :param number: number of the panel in the source file.
    :param local: whether things of several panels differ even if they have the same name.
    """

    kind: str
    label: str
    own_id: Any = None
    panel: str = ""
    number: int = 1
    local: bool = False

    def words(self) -> str:
        """Return the desired name of the group, without a prefix."""
        panel = self.panel if self.local else ""
        return "_".join(part for part in (self.kind, panel, self.label) if part)

    def candidate(self, wish: str) -> Candidate:
        """Return the group as one of several that want the same name."""
        if self.own_id is None:
            digest = hashlib.sha256(self.label.encode(errors="replace")).hexdigest()
            return Candidate(wish, digest[:8])
        return Candidate(wish, self.own_id, "" if self.local else self.panel, self.number)


def group_names(
    things: Iterable[Thing], name_of: Callable[[str], str], taken: Collection[str]
) -> tuple[dict[Thing, str], list[tuple[str, str]]]:
    """Return the name of each thing's group, and the pairs of desired and actual names that differ.

    Things of several panels share a group if they have the same name and no other thing has it. If
    different things have the same desired name, none of them gets it.

    :param name_of: creates the name of a group from words.
    :param taken: names of hosts of other sources.
    """
    by_wish: dict[str, list[Thing]] = defaultdict(list)
    for thing in dict.fromkeys(things):
        by_wish[name_of(thing.words())].append(thing)
    names: dict[Thing, str] = {}
    apart: list[tuple[Thing, str]] = []
    for wish, alike in by_wish.items():
        if _is_one(alike) and wish not in taken:
            names.update(dict.fromkeys(alike, wish))
        else:
            apart += [(thing, wish) for thing in alike]
    candidates = [thing.candidate(wish) for thing, wish in apart]
    found = unique_names(candidates, {*taken, *by_wish})
    names.update((thing, name) for (thing, dummy), name in zip(apart, found, strict=True))
    return names, [(thing.words(), names[thing]) for thing, dummy in apart]


def _is_one(things: Collection[Thing]) -> bool:
    """Return whether things with the same desired name may share a group."""
    words = {(thing.kind, thing.label, thing.local and thing.panel) for thing in things}
    panels = {thing.number for thing in things}
    return len(words) == 1 and len(panels) == len(things)
