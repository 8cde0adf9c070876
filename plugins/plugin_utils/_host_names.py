# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Create names for hosts and groups from text that the customers of a panel may have chosen.

Ansible uses the name of a host as a pattern, as a key and as part of the names of files. A name must
therefore contain no separator or special character of a pattern, a path, a template or an option, and
no two servers may have the same one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

#: Letters and digits of all scripts, and the punctuation that host names have. White space, commas
#: and colons separate patterns; ``! & ~ * ? [ ] @`` and a leading ``-`` mean something in them.
_UNFIT = re.compile(r"[^\w.+-]|^\W")

#: In bytes. File systems allow 255 for a file's name, and caches, ``host_vars`` and the ID behind a name
#: need some of them.
_LONGEST = 128

#: The suffixes of a name: its ID, then its panel, then the panel's number, then a counter.
_TAILS = 3


@dataclass(frozen=True)
class Candidate:
    """A server or a group that needs a name.

    :param desired: the desired name.
    :param own_id: its ID among the others on its panel.
    :param panel: name of the panel, or ``""``.
    :param number: number of the panel in the source file.
    :param unfit: whether the desired name has another meaning for Ansible.
    """

    desired: str
    own_id: Any
    panel: str = ""
    number: int = 1
    unfit: bool = False

    def name(self, tail: int, position: int) -> str:
        """Return the name followed by the given number of distinguishing parts."""
        tails = (f"_{self.own_id}", f"_{self.panel}", f"_{self.number}")
        last = f"_{position + tail - _TAILS}" if tail > _TAILS else ""
        return self.desired + "".join(part for part in tails[:tail] if part != "_") + last


def fit_name(text: str) -> str:
    """Return the text without characters that are special for Ansible or for file systems."""
    name = _UNFIT.sub("_", unicodedata.normalize("NFC", text).strip())
    return name.encode()[:_LONGEST].decode(errors="ignore")


def unique_names(candidates: Sequence[Candidate], taken: Collection[str]) -> list[str]:
    """Return a unique name for each candidate. If several want the same name, none of them gets it.

    :param taken: names in use for something else, such as groups.
    """
    tails = [int(each.unfit) for each in candidates]
    while True:
        names = [each.name(tails[place], place) for place, each in enumerate(candidates)]
        count = Counter(names)
        conflicting = [
            place for place, name in enumerate(names) if count[name] > 1 or name in taken
        ]
        if not conflicting:
            return names
        for place in conflicting:
            tails[place] += 1
