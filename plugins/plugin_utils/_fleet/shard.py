# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Split the items of a panel into shards, so that several runs share one fleet.

The ID of an item alone decides which shard has it. The plan and every later step therefore agree,
whatever happens to the order or the number of the items meanwhile.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from ...module_utils._core.errors import invalid

OPTION = "shard"

#: More shards than this are a typing error.
MOST = 1000

_TEXT = re.compile(r"(\d{1,4})/(\d{1,4})", re.ASCII)


@dataclass(frozen=True)
class Shard:
    """One of several parts of all items of a panel.

    :param number: of the shard, starting at 1.
    :param count: of all shards.
    """

    number: int
    count: int

    @classmethod
    def of(cls, text: str | None) -> Shard | None:
        """Return the shard that an option names, or ``None`` if it is not set.

        :raises PanelError: ``validation``.
        """
        if text is None:
            return None
        match = _TEXT.fullmatch(text.strip())
        if match is None:
            raise invalid(
                f"{OPTION} must be a number of a shard and the number of all shards, not {text!r:.40}",
                "such as 2/4",
            )
        number, count = int(match[1]), int(match[2])
        if not 1 <= count <= MOST:
            raise invalid(f"{OPTION} must be one of 1 to {MOST} shards, and is {text!r}")
        if not 1 <= number <= count:
            raise invalid(
                f"{OPTION} {text!r} does not exist", f"the shards are 1/{count} to {count}/{count}"
            )
        return cls(number, count)

    def has(self, item_id: int | str) -> bool:
        """Return whether an item is in this shard: its number modulo the count, see :func:`number_of`."""
        return number_of(item_id) % self.count == self.number % self.count

    @property
    def slug(self) -> str:
        """The shard in the name of a file or a variable."""
        return f"{self.number}_of_{self.count}"

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


def number_of(item_id: int | str) -> int:
    """Return the number of an item that decides its shard.

    This is the ID itself if it is an integer. If it is a text, such as a UUID, it is the number in the first
    eight hexadecimal digits of its SHA-256, which is the same on every controller.
    """
    if isinstance(item_id, int):
        return item_id
    return int(hashlib.sha256(item_id.encode("utf-8", "surrogatepass")).hexdigest()[:8], 16)
