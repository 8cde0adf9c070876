# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names for hosts, made of names that the panel's customers may have chosen.

Ansible looks up variables, groups, files and patterns by a host's name. So a name must not be the
path of a file, a pattern, an option of ssh, the name of a group, nor that of the controller; and
no server may pass for another that has the same name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

#: What a name may not hold, and what it may not begin with.
_UNFIT = re.compile(r"[^\w .+@#-]|^[^\w]")
#: What may follow a name that others have too, in turn.
_LAST_TAIL = 3

_DNS_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


@dataclass(frozen=True)
class Candidate:
    """A server that needs a name.

    :param wish: what it should be called.
    :param server_id: its id on its panel.
    :param panel: name of the panel, or ``""``.
    :param number: number of the panel in the source file.
    """

    wish: str
    server_id: Any
    panel: str = ""
    number: int = 1

    def name(self, tail: int) -> str:
        """Return the name with so much behind it that it differs from others of that name."""
        tails = ("", f"_{self.server_id}", f"_{self.panel}", f"_{self.number}")
        return self.wish + "".join(part for part in tails[: tail + 1] if part != "_")


def fit_name(text: str) -> str:
    """Return a text with nothing in it that means something else to Ansible than a name."""
    return _UNFIT.sub("_", text.strip())


def unique_names(candidates: Sequence[Candidate], taken: Collection[str]) -> list[str]:
    """Return a name for each candidate. Of those that wish for the same none gets it.

    :param taken: names that mean something else, such as those of groups.
    """
    tails = [0] * len(candidates)
    while True:
        names = [each.name(tail) for each, tail in zip(candidates, tails, strict=True)]
        count = Counter(names)
        clashing = [
            position
            for position, name in enumerate(names)
            if (count[name] > 1 or name in taken) and tails[position] < _LAST_TAIL
        ]
        if not clashing:
            return names
        for position in clashing:
            tails[position] += 1


def address_of(value: Any) -> str | None:
    """Return a value that is an address to connect to, ``None`` for any other text."""
    text = str(value or "")
    try:
        return str(ip_address(text))
    except ValueError:
        return text if _DNS_NAME.fullmatch(text) else None
