# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read paged lists: detect inconsistent pages, and rows with values that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .errors import Code, PanelError, unreadable
from .fields import NOT_SHOWN, Schema
from .threads import each

#: More pages than any panel has, so that a list without an end is an error.
MAX_PAGES = 10_000
#: How often a list is read before its changes during the read are an error.
WALKS = 3


@dataclass(frozen=True)
class Page:
    """A page: its rows, and the reported numbers of all pages and rows."""

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
    """Return all rows of a paged list, in the panel's order, without duplicates.

    Rows may be added or removed during the read. A row then appears on two pages, or on none. If the
    number of different rows is not the total on each page, the list is read again. A row that
    replaces another one at the same moment is not detected.

    :param fetch: returns page ``n``, counted from 1.
    :param identify: returns the identity of a row, such as its ID.
    :param workers: maximum number of pages read at the same time, after the first page.
    :param what: the plural noun for the rows in messages, such as "servers".
    :raises PanelError: ``protocol`` if the list changes during every read.
    """
    return _unchanged(lambda: _walk(fetch, identify, what, workers, max_pages), what)


def read_until_short(
    fetch: Callable[[int], list[Any]],
    identify: Callable[[Any], Hashable],
    what: str,
    *,
    size: int,
    max_pages: int = MAX_PAGES,
) -> list[Any]:
    """Return all rows of a list that ends with a page that is not full, without duplicates.

    If a row is removed during the read, the rows after it move, and one of them is on no page. So each page
    begins with the last row of the page before. If that row is missing, the list is read again.

    :param fetch: returns the page that begins at a row, counted from 0.
    :param size: number of rows of a full page. Pages of one row cannot overlap.
    :raises PanelError: ``protocol`` if the pages repeat, since further rows may be missing, or if the list changes
        during every read.
    """
    return _unchanged(lambda: _overlapping(fetch, identify, what, size, max_pages), what)


def _unchanged(read: Callable[[], list[Any] | None], what: str) -> list[Any]:
    """Read a list until one read shows no change meanwhile.

    :param read: reads the list once. Returns ``None`` if rows may be missing.
    :raises PanelError: ``protocol`` if the list changes during every read.
    """
    for _number in range(WALKS):
        rows = read()
        if rows is not None:
            return rows
    raise always_changed(what)


def _overlapping(
    fetch: Callable[[int], list[Any]],
    identify: Callable[[Any], Hashable],
    what: str,
    size: int,
    max_pages: int,
) -> list[Any] | None:
    """Read the list once. Return the rows, or ``None`` if a row may have moved to a page that was read before."""
    step = max(1, size - 1)
    found: dict[Hashable, Any] = {}
    last: Hashable = None
    for number in range(max_pages):
        rows = fetch(number * step)
        known = len(found)
        keys = _keep(found, rows, identify)
        if number and step < size and last not in keys:
            return None
        if len(rows) < size:
            return list(found.values())
        if len(found) == known:
            raise unreadable(f"the pages of the list of {what} repeat")
        last = keys[-1]
    raise too_many_pages(what, max_pages)


def read_chain(
    fetch: Callable[[str | None], tuple[list[Any], str | None]],
    identify: Callable[[Any], Hashable],
    what: str,
    *,
    max_pages: int = MAX_PAGES,
) -> list[Any]:
    """Return all rows of a list whose pages contain the marker of the next page, without duplicates.

    :param fetch: returns the page at a marker (``None``: the first), and the next marker.
    :raises PanelError: ``protocol`` if a marker repeats.
    """
    found: dict[Hashable, Any] = {}
    seen: set[str] = set()
    marker: str | None = None
    for _number in range(max_pages):
        rows, marker = fetch(marker)
        _keep(found, rows, identify)
        if not marker:
            return list(found.values())
        if marker in seen:
            raise unreadable(f"the pages of the list of {what} form a loop")
        seen.add(marker)
    raise too_many_pages(what, max_pages)


def _keep(
    found: dict[Hashable, Any], rows: Iterable[Any], identify: Callable[[Any], Hashable]
) -> list[Hashable]:
    """Add the rows that are new, and return the key of each row.

    An identity of an odd type, such as an object, is compared as text.
    """
    keys = []
    for row in rows:
        key = identify(row)
        try:
            found.setdefault(key, row)
        except TypeError:
            key = repr(key)
            found.setdefault(key, row)
        keys.append(key)
    return keys


def always_changed(what: str) -> PanelError:
    """Return the error for a list that changed during every read."""
    return PanelError(
        Code.PROTOCOL,
        f"the list of {what} changed while it was being read, {WALKS} times in a row",
        hint="try again when fewer are being created or deleted",
        retryable=True,
    )


def too_many_pages(what: str, max_pages: int) -> PanelError:
    """Return the error for a list with more pages than allowed."""
    return unreadable(
        f"the list of {what} has more than {max_pages} pages",
        "raise max_pages if it is really that long",
    )


def _walk(
    fetch: Callable[[int], Page],
    identify: Callable[[Any], Hashable],
    what: str,
    workers: int,
    max_pages: int,
) -> list[Any] | None:
    """Read all pages once. Return the rows, or ``None`` if the pages are inconsistent."""
    first = fetch(1)
    if first.pages > max_pages:
        raise too_many_pages(what, max_pages)
    pages = [first, *_following(fetch, first, workers)]
    found: dict[Hashable, Any] = {}
    for page in pages:
        _keep(found, page.rows, identify)
    totals = {page.total for page in pages}
    return list(found.values()) if totals == {len(found)} else None


def _following(fetch: Callable[[int], Page], first: Page, workers: int) -> Iterator[Page]:
    """Yield the pages after the first one, up to an empty page."""
    numbers = range(2, first.pages + 1) if first.rows else range(0)
    if workers > 1:
        yield from each(fetch, numbers, workers)
        return
    for number in numbers:
        page = fetch(number)
        yield page
        if not page.rows:
            return


class OddRow(dict[str, Any]):
    """The readable values of an object that has an unreadable one.

    A field that is missing reads as ``None``; ``in`` shows that it is missing.

    :ivar error: names the object and the first value that cannot be read.
    """

    def __init__(self, values: Mapping[str, Any], error: PanelError) -> None:
        super().__init__(values)
        self.error = error

    def __missing__(self, key: str) -> None:
        return None


def read_row(schema: Schema, raw: Any, what: str, *names: str) -> dict[str, Any]:
    """Return the typed values of a row, an :class:`OddRow` if one of them cannot be read.

    :param what: what the row is called in messages, such as "server".
    :param names: the fields that can name it, the best first.
    :raises PanelError: ``protocol``, the row does not even show its ID.
    """
    values: dict[str, Any] = {}
    found: PanelError | None = None
    for field in schema.values():
        try:
            value = field.read(raw)
        except PanelError as error:
            found = found or error
        else:
            if value is not NOT_SHOWN:
                values[field.name] = value
    if values.get("id") is None:
        raise found or unreadable(f"the panel sends a {what} without its ID")
    if found is None:
        return values
    name = next((values[field] for field in names if values.get(field)), None)
    found.action = f"read {what} {values['id']}{f' ({name})' if name else ''}"
    return OddRow(values, found)


def whole(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of which every value could be read. :raises PanelError: it is an :class:`OddRow`."""
    if isinstance(row, OddRow):
        raise row.error
    return row
