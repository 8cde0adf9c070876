# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read a paged list whose total is unknown and whose page parameter may be ignored."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from itertools import count, islice
from typing import Any, TypeAlias

from .._core.errors import unreadable
from .._core.paging import MAX_PAGES, WALKS, always_changed, too_many_pages
from .._core.threads import each

#: A record as the panel sent it.
Raw = dict[str, Any]
Fetch: TypeAlias = "Callable[[int | None, int], list[Raw]]"
Identify = Callable[[Raw], Hashable]

#: The panel's default page size (virtualizor 2.1). It may be the maximum, too, so only a page with
#: fewer rows than this and than requested is certainly the last one.
OWN_ROWS = 50
#: Requested page size.
ROWS = 200
#: The largest page size to try. If a panel ignores the page number, all rows must fit into one page.
MOST_ROWS = 51_200


def read_pages(
    fetch: Fetch,
    identify: Identify,
    what: str,
    *,
    size: int = ROWS,
    workers: int = 1,
    max_pages: int = MAX_PAGES,
) -> list[Raw]:
    """Return every row once.

    If a row is deleted during the read, the rows after it move, and one of them is on no page. So each
    page begins with a row of the page before. If it does not, a row may be missing, and the list is read
    again. A panel that ignores the page size has no such pages. There, two reads must have the same rows.

    :param fetch: returns page ``n`` with a given page size; ``None`` returns the first page.
    :param identify: returns the key that detects a row repeated on another page.
    :param what: name of the rows in error messages, such as "users".
    :param workers: concurrent requests. Some of the last ones may be past the end.
    :raises PanelError: ``protocol`` if the pages repeat, so that the rest of the list is unreachable, or
        if the list changes during every read.
    """
    before: set[Hashable] | None = None
    for _number in range(WALKS):
        walk = _walk(fetch, identify, what, size, workers, max_pages)
        keys = set(walk.found)
        if walk.certain or keys == before:
            return list(walk.found.values())
        before = keys
    raise always_changed(what)


class _Walk:
    """One read of a list, from its first page to its last.

    :ivar found: the rows by their keys.
    :ivar certain: whether no row can be missing that was there all the time.
    :ivar turned: whether a page was mostly new. On a panel that ignores the page number, a row that was added
        or deleted during the read can make a few rows new.
    """

    def __init__(self, identify: Identify) -> None:
        self.found: dict[Hashable, Raw] = {}
        self.certain = True
        self.turned = False
        self._identify = identify
        self._last: set[Hashable] | None = None
        self._full = False
        self._sized = False

    def add(self, rows: list[Raw], size: int) -> bool:
        """Add a page, and return whether it has new rows.

        :param size: the requested page size.
        """
        page = {self._identify(row): row for row in rows}
        added = len(page.keys() - self.found.keys())
        new = added > 0
        # A page that was not full is the end of the list, so nothing need follow it.
        if self._last is not None and self._last.isdisjoint(page) and (new or self._full):
            self.certain = False
        self.turned = self.turned or (self._last is not None and 2 * added > len(page))
        self._sized = self._sized or len(rows) >= size
        if new:
            # A panel that has never sent so many rows may limit the page size, to a round number.
            limited = not self._sized and len(rows) % OWN_ROWS == 0
            self._last, self._full = set(page), len(rows) >= size or limited
        for key, row in page.items():
            self.found.setdefault(key, row)
        return new


def _walk(
    fetch: Fetch, identify: Identify, what: str, size: int, workers: int, max_pages: int
) -> _Walk:
    """Read the list once.

    Documented page numbers start at 1, but some clients start at 0 (virtualizor 3.4). So the first page
    is requested without a number, and page 1 may be the first or the second page. A later page without a
    new row is past the end, or the panel ignores the number: a larger page size decides.
    """
    while size <= MOST_ROWS:
        walk = _Walk(identify)
        first = fetch(None, size)
        walk.add(first, size)
        ended = _is_short(first, size) or _turn(
            walk, fetch, len(first) == size, size, what, workers, max_pages
        )
        if ended or walk.turned or OWN_ROWS != len(first) < size:
            return walk
        size *= 4
    raise unreadable(f"the pages of the list of {what} repeat, so it cannot be read to its end")


def _turn(
    walk: _Walk,
    fetch: Fetch,
    sized: bool,
    size: int,
    what: str,
    workers: int,
    max_pages: int,
) -> bool:
    """Add the pages from 1 to the last one, and return whether the last one is certainly the last.

    The number of pages is unknown, so the number of concurrent requests grows gradually.

    :param sized: whether the panel has sent a page of the requested size.
    """
    rows = size - 1 if sized else size
    page = fetch(1, rows)
    second = walk.add(page, rows)
    if _is_short(page, rows):
        return True
    overlapping = _overlapping(size, 2 * rows, 0) if second else _overlapping(size, size, 1)
    following = (
        overlapping if sized and len(page) <= rows else ((number, size) for number in count(2))
    )
    read, some = 1, min(2, workers)
    while read < max_pages:
        windows = list(islice(following, some))
        pages = each(lambda window: fetch(*window), windows, min(some, workers))
        for (_number, rows), page in zip(windows, pages, strict=True):
            if not walk.add(page, rows) or _is_short(page, rows):
                return _is_short(page, rows)
        read, some = read + some, min(some * 2, workers)
    raise too_many_pages(what, max_pages)


def _is_short(page: list[Raw], size: int) -> bool:
    return len(page) < min(OWN_ROWS, size)


def _overlapping(size: int, end: int, first: int) -> Iterator[tuple[int, int]]:
    """Yield numbers and sizes of pages, each of which begins with at least one row of the page before.

    Page ``n`` begins at ``n`` times its size. So among the sizes that are a little smaller than the
    largest one, the size whose page adds most rows is used.

    :param size: the largest page size.
    :param end: the number of rows before the end of the last page.
    :param first: the number of the first page, 0 or 1.
    """
    while True:
        sizes = range(size - size // 10, size + 1)
        rows = max(sizes, key=lambda rows: rows - (end - 1) % rows)
        number = (end - 1) // rows
        yield number + first, rows
        end = (number + 1) * rows
