# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a list that comes in pages, and notices when the pages do not fit together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any

from .errors import Code, PanelError, unreadable
from .threads import each

#: More pages than any panel has. A list without an end is a fault, not a fleet.
MAX_PAGES = 10_000
#: How often a list is read from the start again because it changed on the way.
WALKS = 3


@dataclass(frozen=True)
class Page:
    """One page: its rows, and how many pages and rows the panel says there are in all."""

    rows: list[Any]
    pages: int
    total: int


def read_all(
    fetch: Callable[[int], Page],
    identify: Callable[[Any], Hashable],
    what: str,
    *,
    workers: int = 1,
    max_pages: int = MAX_PAGES,
) -> list[Any]:
    """Return every row of a paged list, in the panel's order, each once.

    While one page is read, rows may be added or removed on another: a row then shows twice, or
    slips between two pages and is missed. The number of different rows tells: unless it is the
    total that every page named, the list is read again from the start. One row gone and another
    new in the same moment keep the total, and are not noticed.

    :param fetch: returns page ``n``, counted from 1.
    :param identify: returns what makes a row the same row, such as its id.
    :param workers: how many pages may be asked for at a time, once the first has told their number.
    :param what: the rows' name in the error message, such as "servers".
    :raises PanelError: ``protocol`` when the list never holds still.
    """
    for _walk_number in range(WALKS):
        rows = _walk(fetch, identify, what, workers, max_pages)
        if rows is not None:
            return rows
    raise PanelError(
        Code.PROTOCOL,
        f"the list of {what} changed while it was being read, {WALKS} times in a row",
        hint="try again when fewer are being created or deleted",
        retryable=True,
    )


def read_until_short(
    fetch: Callable[[int], list[Any]],
    identify: Callable[[Any], Hashable],
    what: str,
    *,
    size: int,
    max_pages: int = MAX_PAGES,
) -> list[Any]:
    """Return every row of a list that ends with a page that is not full, each row once.

    :param fetch: returns page ``n``, counted from 1.
    :param size: rows of a full page.
    :raises PanelError: ``protocol`` when the pages repeat, which hides what would come after.
    """
    found: dict[Hashable, Any] = {}
    for number in range(1, max_pages + 1):
        rows = fetch(number)
        known = len(found)
        for row in rows:
            found.setdefault(identify(row), row)
        if len(rows) < size:
            return list(found.values())
        if len(found) == known:
            raise unreadable(f"the pages of the list of {what} repeat")
    raise too_many_pages(what, max_pages)


def read_chain(
    fetch: Callable[[str | None], tuple[list[Any], str | None]],
    identify: Callable[[Any], Hashable],
    what: str,
    *,
    max_pages: int = MAX_PAGES,
) -> list[Any]:
    """Return every row of a list whose pages each name the next one, each row once.

    :param fetch: returns the page at a marker (``None``: the first), and the marker of the next.
    :raises PanelError: ``protocol`` when a page leads back to an earlier one.
    """
    found: dict[Hashable, Any] = {}
    seen: set[str] = set()
    marker: str | None = None
    for _page_number in range(max_pages):
        rows, marker = fetch(marker)
        for row in rows:
            found.setdefault(identify(row), row)
        if not marker:
            return list(found.values())
        if marker in seen:
            raise unreadable(f"the pages of the list of {what} go round in a circle")
        seen.add(marker)
    raise too_many_pages(what, max_pages)


def too_many_pages(what: str, max_pages: int) -> PanelError:
    """Return the error for a list that goes on after the last page that may be read."""
    return unreadable(
        f"the list of {what} has more than {max_pages} pages", "raise max_pages if it is that long"
    )


def _walk(
    fetch: Callable[[int], Page],
    identify: Callable[[Any], Hashable],
    what: str,
    workers: int,
    max_pages: int,
) -> list[Any] | None:
    """Read all pages once; ``None`` if they do not fit together."""
    first = fetch(1)
    if first.pages > max_pages:
        raise too_many_pages(what, max_pages)
    pages = [first, *_following(fetch, first, workers)]
    found: dict[Hashable, Any] = {}
    for page in pages:
        for row in page.rows:
            found.setdefault(identify(row), row)
    totals = {page.total for page in pages}
    return list(found.values()) if totals == {len(found)} else None


def _following(fetch: Callable[[int], Page], first: Page, workers: int) -> Iterator[Page]:
    """Yield the pages after the first one. An empty page shows that they do not fit together."""
    numbers = range(2, first.pages + 1) if first.rows else range(0)
    if workers > 1:
        yield from each(fetch, numbers, workers)
        return
    for number in numbers:
        page = fetch(number)
        yield page
        if not page.rows:
            return
