# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The results of a run while they come in, from several threads."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping

from .change import ItemId
from .item_result import Became, ItemResult


class Tally:
    """Collects results and counts them as they come."""

    def __init__(self) -> None:
        self._results: dict[ItemId, ItemResult] = {}
        self._counts: Counter[Became] = Counter()
        self._earlier = 0
        self._lock = threading.Lock()

    def add(self, result: ItemResult) -> None:
        """Take the result of an item."""
        with self._lock:
            self._results[result.id] = result
            self._counts[result.became] += 1
            self._earlier += result.earlier

    def get(self, item_id: ItemId) -> ItemResult | None:
        """Return the result of an item, ``None`` while there is none."""
        return self._results.get(item_id)

    def in_order(self, ids: Iterable[ItemId]) -> list[ItemResult]:
        """Return the results there are, in the order of the ids."""
        return [self._results[item_id] for item_id in ids if item_id in self._results]

    @property
    def count(self) -> int:
        """How many results there are."""
        return len(self._results)

    @property
    def failures(self) -> int:
        """How many items failed."""
        return self._counts[Became.FAILED]

    def sentence(self, changed: str = "changed") -> str:
        """The counts as words, such as ``118 changed, 2 failed``."""
        counts = {became.value: self._counts[became] for became in Became}
        return counted({**counts, "earlier": self._earlier}, changed)


#: What those that change are called before they do.
TO_CHANGE = "to change"

#: How an outcome is called where it counts items.
_WORDS = {"unchanged": "as they should be", "moved": "moved meanwhile"}


def counted(totals: Mapping[str, int], changed: str = "changed") -> str:
    """Say how many items became what; what none became is not mentioned.

    :param changed: what those that changed are called.
    """
    words = {**_WORDS, "changed": changed}
    named = [
        f"{totals[became.value]} {words.get(became.value, became.value)}"
        for became in Became
        if totals.get(became.value)
    ]
    earlier = f" ({totals['earlier']} by an earlier run)" if totals.get("earlier") else ""
    return (", ".join(named) or "nothing") + earlier
