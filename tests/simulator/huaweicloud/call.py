# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A call of a service as handlers read it: caller, path, query and body."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, TypeVar

from ..exchange import Reply, Request
from ..faults import Fault
from ..json_call import JsonCall
from ..routing import Route, Routes
from ..switches import Switches
from .access import Caller, authenticate
from .records import Server
from .refusals import CpsError
from .state import State

GONE = 6
MOST_DIGITS = 9

Row = TypeVar("Row")


class Call(JsonCall):
    """A request with the state of the services."""

    def __init__(
        self,
        request: Request,
        route: Route[Handler],
        state: State,
        switches: Switches,
        request_id: str,
        fault: Fault | None,
    ) -> None:
        super().__init__(request, route, fault)
        self.state = state
        self.switches = switches
        self.request_id = request_id
        """The ID in the answer's body, by which jobs are found."""

    @cached_property
    def caller(self) -> Caller:
        """Return the caller, or raise `Unauthenticated`."""
        return authenticate(self.state, self.request)

    @property
    def project_id(self) -> str:
        """Return the project in the path."""
        return self.path["project_id"]

    # Records

    def servers(self) -> list[Server]:
        """Return the servers of the project in the path, newest first (huaweicloud_cph 3.1)."""
        mine = [s for s in self.state.servers.values() if s["project_id"] == self.project_id]
        return sorted(mine, key=lambda server: server["create_time"], reverse=True)

    def find_server(self, server_id: str) -> Server | None:
        """Find a server of the project in the path. A switch decides about servers that are gone."""
        server = self.state.servers.get(server_id)
        if server is None or server["project_id"] != self.project_id:
            return None
        if server["status"] == GONE and self.switches.is_set("gone_servers", "hidden"):
            return None
        return server

    def server(self) -> Server:
        """Return the server in the path, or refuse with CPS.0015."""
        server = self.find_server(self.path["server_id"])
        if server is None:
            raise CpsError("CPS.0015")
        return server

    def refuse_if_restricted(self) -> None:
        """Refuse operations of a restricted account (huaweicloud_cph 2.8)."""
        code = {"arrears": "CPS.0006", "frozen": "CPS.0007", "unverified": "CPS.0008"}.get(
            self.switches.word("account_state")
        )
        if code is not None:
            raise CpsError(code)

    # Query

    def number(self, name: str, default: int, low: int, high: int | None = None) -> int:
        """Return a whole number of the query within a range, or refuse with CPS.0002 (huaweicloud_cph 3.1b)."""
        text = self.query.get(name, "")
        if text == "":
            return default
        sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
        if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS):
            raise CpsError("CPS.0002", f"The {name} is invalid.")
        value = sign * int(digits)
        if value < low or (high is not None and value > high):
            raise CpsError("CPS.0002", f"The {name} is invalid.")
        return value

    def optional_number(self, name: str) -> int | None:
        """Return a whole number of the query, or None."""
        return self.number(name, 0, low=-(10**MOST_DIGITS)) if self.query.get(name) else None

    # Pages

    def offset_page(self, rows: Sequence[Row], most: int = 100) -> list[Row]:
        """Return one page by offset and limit."""
        offset = self.number("offset", 0, low=0)
        limit = self.number("limit", min(100, most), low=1, high=most)
        if offset and offset >= len(rows) and self.switches.is_set("past_the_end", "refuse"):
            raise CpsError("CPS.0002", "The offset is invalid.")
        start = max(0, offset - (self.fault.rows_inserted if self.fault else 0))
        return self._unless_emptied(rows[start : start + limit])

    def marker_page(
        self, rows: Sequence[Row], key: Callable[[Row], str], most: int
    ) -> tuple[list[Row], dict[str, Any]]:
        """Return one page by marker and limit, with its `page_info`. The marker is a page's last key (INFERRED)."""
        limit = self.number("limit", min(100, most), low=1, high=most)
        start, marker = 0, self.query.get("marker")
        if marker:
            keys = [key(row) for row in rows]
            if marker not in keys:
                raise CpsError("CPS.0002", "The marker is invalid.")
            start = keys.index(marker) + 1
        page = list(rows[start : start + limit])
        info: dict[str, Any] = {}
        if start + limit < len(rows):
            info["next_marker"] = key(page[-1])
        elif not self.switches.is_set("last_page_marker", "absent"):
            info["next_marker"] = None if self.switches.is_set("last_page_marker", "null") else ""
        return self._unless_emptied(page), info

    def _unless_emptied(self, page: Sequence[Row]) -> list[Row]:
        emptied = self.fault is not None and self.fault.kind == "empty_page"
        return [] if emptied else list(page)


Handler = Callable[[Call], Reply]


def new_routes() -> Routes[Handler]:
    """Return an empty route table of this panel."""
    return Routes()
