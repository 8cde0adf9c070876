# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The framework's paginator, with exactly its keys (virtfusion 4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

from ..exchange import Reply
from . import refusals
from .call import Call

ORIGIN = "https://192.0.2.11/api/v1"
"""The panel's own address in links. It differs from the host that the client called (DOCUMENTED)."""

DEFAULT_RESULTS, MOST_RESULTS = 20, 200
EACH_SIDE = 3
"""Number of page links on each side of the current page."""

Row = TypeVar("Row")


def paginated(call: Call, path: str, rows: Sequence[Row], render: Callable[[Row], Any]) -> Reply:
    """Return one page of a list. Only the rows of the page are rendered."""
    per_page = _per_page(call)
    page = _page(call)
    start, total = (page - 1) * per_page, len(rows)
    fault = call.fault
    if fault is not None:
        start, total = max(0, start - fault.rows_inserted), total + fault.rows_inserted
    shown = [render(row) for row in rows[start : start + per_page]]
    if fault is not None and fault.kind == "empty_page":
        shown = []
    last = max(1, -(-total // per_page))
    first_row = (page - 1) * per_page + 1 if shown else None

    def url(number: int | None) -> str | None:
        return None if number is None else f"{ORIGIN}{path}?{_query(call)}page={number}"

    previous = page - 1 if page > 1 else None
    following = page + 1 if page < last else None
    return Reply(
        200,
        {
            "current_page": page,
            "data": shown,
            "first_page_url": url(1),
            "from": first_row,
            "last_page": last,
            "last_page_url": url(last),
            "links": [
                {"url": url(previous), "label": "&laquo; Previous", "active": False},
                *(_link(number, page, url) for number in _window(page, last)),
                {"url": url(following), "label": "Next &raquo;", "active": False},
            ],
            "next_page_url": url(following),
            "path": f"{ORIGIN}{path}",
            "per_page": per_page,
            "prev_page_url": url(previous),
            "to": first_row + len(shown) - 1 if first_row else None,
            "total": total,
        },
    )


def _per_page(call: Call) -> int:
    text = call.query.get("results", "")
    if not text.lstrip("-").isdigit():
        return DEFAULT_RESULTS
    wanted = int(text)
    if 1 <= wanted <= MOST_RESULTS:
        return wanted
    if call.switches.is_set("results_out_of_range", "refuse"):
        raise refusals.errors(422, f"The results must be between 1 and {MOST_RESULTS}.")
    return min(max(wanted, 1), MOST_RESULTS)


def _page(call: Call) -> int:
    text = call.query.get("page", "")
    return max(1, int(text)) if text.isdigit() else 1


def _query(call: Call) -> str:
    """Return the query of the request for the links. `results` is DOCUMENTED there, the others are INFERRED."""
    return "".join(
        f"{quote(name)}={quote(value)}&" for name, value in call.request.query if name != "page"
    )


def _link(number: int | None, page: int, url: Callable[[int | None], str | None]) -> dict[str, Any]:
    label = "..." if number is None else str(number)
    return {"url": url(number), "label": label, "active": number == page}


def _window(page: int, last: int) -> list[int | None]:
    """Return the page numbers of the links. None stands for a gap."""
    if last < EACH_SIDE * 2 + 8:
        return list(range(1, last + 1))
    reach = EACH_SIDE + 4
    if page <= reach:
        return [*range(1, reach + EACH_SIDE + 1), None, last - 1, last]
    if page > last - reach:
        return [1, 2, None, *range(last - reach - EACH_SIDE + 1, last + 1)]
    return [1, 2, None, *range(page - EACH_SIDE, page + EACH_SIDE + 1), None, last - 1, last]
