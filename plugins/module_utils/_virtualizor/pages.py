# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read a paged list whose total is unknown and whose page parameter may be ignored."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from .._core.errors import unreadable
from .._core.paging import MAX_PAGES, too_many_pages
from .._core.threads import each

#: A record as the panel sent it.
Raw = dict[str, Any]

#: The panel's default page size (virtualizor 2.1). It may be the maximum, too, so only a page with
#: fewer rows than this is certainly the last one.
OWN_ROWS = 50
#: Requested page size.
ROWS = 200
#: The largest page size to try. If a panel ignores the page number, all rows must fit into one page.
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
    """Return every row once.

    Documented page numbers start at 1, but some clients start at 0 (virtualizor 3.4). So the first page
    is requested without a number, and page 1 may be the first or the second page. A later page without a
    new row is past the end, or the panel ignores the number: a larger page size decides.

    :param fetch: returns page ``n`` with a given page size; ``None`` returns the first page.
    :param identify: returns the key that detects a row repeated on another page.
    :param what: name of the rows in error messages, such as "users".
    :param workers: concurrent requests. Some of the last ones may be past the end.
    :raises PanelError: ``protocol`` if the pages repeat, so that the rest of the list is unreachable.
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
    """Add the pages from 1 to the last one, and return the last page's number of rows.

    The number of pages is unknown, so the number of concurrent requests grows gradually.
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
    """Add the new rows of a page, and return its number of rows."""
    for row in rows:
        found.setdefault(identify(row), row)
    return len(rows)
