# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a list of which no answer tells the length, from a panel that may not turn pages as it says."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from .._core.errors import unreadable
from .._core.paging import MAX_PAGES, too_many_pages
from .._core.threads import each

#: A record as the panel sent it.
Raw = dict[str, Any]

#: Rows that the panel shows when it is not asked for a number of them (virtualizor 2.1). It may show no more
#: than these whatever it is asked, so a shorter page is the last one, and a longer one need not be.
OWN_ROWS = 50
#: Rows to ask for.
ROWS = 200
#: Where a panel ignores the number of the page, all rows must fit into one; more than these do not.
MOST_ROWS = 51_200


def read_pages(
    fetch: Callable[[int | None, int], list[Raw]],
    identify: Callable[[Raw], Hashable],
    what: str,
    *,
    size: int = ROWS,
    workers: int = 1,
    max_pages: int = MAX_PAGES,
) -> list[Raw]:
    """Return every row, each once.

    The pages count from 1 by the documentation, and from 0 for some clients (virtualizor 3.4). So the first
    one is asked for without a number, and page 1 may be the first again or the second. A later page
    without a new row is the end, or shows that the panel ignores the number: longer pages tell.

    :param fetch: returns page ``n`` of so many rows; ``None`` asks for the first one.
    :param identify: returns what makes a row the same row on another page.
    :param what: the rows' name in the error message, such as "users".
    :param workers: how many pages may be asked for at a time. Some of the last ones are then in vain.
    :raises PanelError: ``protocol`` when the pages repeat, which hides what would come after.
    """
    while size <= MOST_ROWS:
        found: dict[Hashable, Raw] = {}
        first = _gather(found, fetch(None, size), identify)
        last = (
            first
            if first < OWN_ROWS
            else _turn(found, fetch, identify, size, what, workers, max_pages)
        )
        if last < OWN_ROWS or len(found) > first or OWN_ROWS != first < size:
            return list(found.values())
        size *= 4
    raise unreadable(f"the pages of the list of {what} repeat, so it cannot be read to its end")


def _turn(
    found: dict[Hashable, Raw],
    fetch: Callable[[int | None, int], list[Raw]],
    identify: Callable[[Raw], Hashable],
    size: int,
    what: str,
    workers: int,
    max_pages: int,
) -> int:
    """Add the pages from 1 on until one ends the list, and return its number of rows.

    Nobody knows how many there are, so the number of those that are asked for at a time grows slowly.
    """
    first, some = 1, 1
    while first < max_pages:
        numbers = range(first, first + some)
        pages = each(lambda number: fetch(number, size), numbers, min(some, workers))
        for number, rows in zip(numbers, pages, strict=True):
            known = len(found)
            length = _gather(found, rows, identify)
            if length < OWN_ROWS or (number > 1 and len(found) == known):
                return length
        first, some = first + some, min(some * 2, workers)
    raise too_many_pages(what, max_pages)


def _gather(
    found: dict[Hashable, Raw], rows: list[Raw], identify: Callable[[Raw], Hashable]
) -> int:
    """Add what is new, and return how many rows the page has."""
    for row in rows:
        found.setdefault(identify(row), row)
    return len(rows)
