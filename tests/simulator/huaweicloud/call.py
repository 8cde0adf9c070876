# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One call of a service as its handler sees it: caller, path, query and body."""

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
    """The request with the state it works on."""

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
        """Of the answer's body; jobs are found by it."""

    @cached_property
    def caller(self) -> Caller:
        """Who is calling; raises `Unauthenticated`."""
        return authenticate(self.state, self.request)

    @property
    def project_id(self) -> str:
        """The project in the path."""
        return self.path["project_id"]

    # Records

    def servers(self) -> list[Server]:
        """The servers of the project in the path, newest first (huaweicloud_cph 3.1)."""
        mine = [s for s in self.state.servers.values() if s["project_id"] == self.project_id]
        return sorted(mine, key=lambda server: server["create_time"], reverse=True)

    def find_server(self, server_id: str) -> Server | None:
        """A server of the project in the path; one that is gone only where the switch shows it."""
        server = self.state.servers.get(server_id)
        if server is None or server["project_id"] != self.project_id:
            return None
        if server["status"] == GONE and self.switches.is_set("gone_servers", "hidden"):
            return None
        return server

    def server(self) -> Server:
        """The server in the path, or CPS.0015."""
        server = self.find_server(self.path["server_id"])
        if server is None:
            raise CpsError("CPS.0015")
        return server

    def refuse_if_restricted(self) -> None:
        """Refuse to operate for an account that is not in good standing (huaweicloud_cph 2.8)."""
        code = {"arrears": "CPS.0006", "frozen": "CPS.0007", "unverified": "CPS.0008"}.get(
            self.switches.word("account_state")
        )
        if code is not None:
            raise CpsError(code)

    # Query

    def number(self, name: str, default: int, low: int, high: int | None = None) -> int:
        """A whole number of the query within a range, else CPS.0002 (huaweicloud_cph 3.1b)."""
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
        """A whole number of the query; None if it is not there."""
        return self.number(name, 0, low=-(10**MOST_DIGITS)) if self.query.get(name) else None

    # Pages

    def offset_page(self, rows: Sequence[Row], most: int = 100) -> list[Row]:
        """One page by offset and limit."""
        offset = self.number("offset", 0, low=0)
        limit = self.number("limit", min(100, most), low=1, high=most)
        if offset and offset >= len(rows) and self.switches.is_set("past_the_end", "refuse"):
            raise CpsError("CPS.0002", "The offset is invalid.")
        start = max(0, offset - (self.fault.rows_inserted if self.fault else 0))
        return self._unless_emptied(rows[start : start + limit])

    def marker_page(
        self, rows: Sequence[Row], key: Callable[[Row], str], most: int
    ) -> tuple[list[Row], dict[str, Any]]:
        """One page by marker and limit, with its `page_info`. The marker is the last key of a page (INFERRED)."""
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
    """An empty route table of this panel."""
    return Routes()
