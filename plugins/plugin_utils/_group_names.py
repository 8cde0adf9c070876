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
class Trait:
    """The common property of the servers in a ready-made group, such as a hypervisor.

    :param kind: its name in ``group_by``.
    :param label: its name on the panel.
    :param own_id: its ID on the panel. A trait without an ID is the same on all panels.
    :param panel: name of the panel as a part of a group's name, or ``""``.
    :param number: number of the panel in the source file.
    :param local: whether traits of several panels differ even if they have the same name.
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

    def candidate(self, desired: str) -> Candidate:
        """Return the group as one of several that want the same name."""
        if self.own_id is None:
            digest = hashlib.sha256(self.label.encode(errors="replace")).hexdigest()
            return Candidate(desired, digest[:8])
        return Candidate(desired, self.own_id, "" if self.local else self.panel, self.number)


def group_names(
    traits: Iterable[Trait], name_of: Callable[[str], str], taken: Collection[str]
) -> tuple[dict[Trait, str], list[tuple[str, str]]]:
    """Return the name of each trait's group, and the pairs of desired and actual names that differ.

    Traits of several panels share a group if they have the same name and no other trait has it. If
    different traits have the same desired name, none of them gets it.

    :param name_of: creates the name of a group from words.
    :param taken: names of hosts of other sources.
    """
    by_name: dict[str, list[Trait]] = defaultdict(list)
    for trait in dict.fromkeys(traits):
        by_name[name_of(trait.words())].append(trait)
    names: dict[Trait, str] = {}
    apart: list[tuple[Trait, str]] = []
    for desired, alike in by_name.items():
        if _is_one(alike) and desired not in taken:
            names.update(dict.fromkeys(alike, desired))
        else:
            apart += [(trait, desired) for trait in alike]
    candidates = [trait.candidate(desired) for trait, desired in apart]
    found = unique_names(candidates, {*taken, *by_name})
    names.update((trait, name) for (trait, dummy), name in zip(apart, found, strict=True))
    return names, [(trait.words(), names[trait]) for trait, dummy in apart]


def _is_one(traits: Collection[Trait]) -> bool:
    """Return whether traits with the same desired name may share a group."""
    words = {(trait.kind, trait.label, trait.local and trait.panel) for trait in traits}
    panels = {trait.number for trait in traits}
    return len(words) == 1 and len(panels) == len(traits)
