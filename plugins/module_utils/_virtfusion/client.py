# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Client for a VirtFusion panel: unwraps envelopes, reads all pages, checks response shapes.

Methods return the panel's raw objects; the resources project them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from .._core.errors import PanelError
from .._core.fields import anything, integer
from .._core.paging import Page, read_all
from .._core.session import Client, UncertainWrite

#: An object as the panel sent it.
Raw = dict[str, Any]

#: Rows per page; the panel accepts 1 to 200 (virtfusion 4).
PAGE_SIZE = 200


class VirtFusion(Client):
    """Client for one panel."""

    mismatch = "check that api_url is a VirtFusion panel, and its version"

    def connect(self) -> None:
        """Verify the address and the token. Any JSON is accepted: the panel sends ``[]`` (virtfusion 1.1)."""
        self.session.call("connect")

    def server(self, server_id: int, *, live: bool = False) -> Raw:
        """Return one server. With ``live`` the panel reads its power state from the hypervisor (virtfusion 3.4)."""
        query = {"remoteState": "true"} if live else {}
        return self.one("get_server", path={"server_id": server_id}, query=query)

    def servers(
        self, hypervisor_ids: Iterable[int] = (), *, page_size: int = PAGE_SIZE
    ) -> list[Raw]:
        """Return the short row of every server, or of the servers on the given hypervisors."""
        hypervisors = list(hypervisor_ids)
        query: dict[str, Any] = {"type": "simple", "results": page_size}
        if hypervisors:
            query["hypervisorId[]"] = hypervisors
        return self.pages("list_servers", "servers", query)

    def user_servers(self, user_id: int) -> list[Raw]:
        """Return the servers of a user, in the third of the panel's server shapes (virtfusion 4)."""
        return self.rows("list_user_servers", path={"user_id": user_id})

    def packages(self) -> list[Raw]:
        """Return all packages; the list is not paged."""
        return self.rows("list_packages")

    def package(self, package_id: int) -> Raw:
        """Return one package."""
        return self.one("get_package", path={"package_id": package_id})

    def change_package(
        self, server_id: int, package_id: int, flags: Mapping[str, bool]
    ) -> list[str]:
        """Move a server to a package and return the panel's info lines (virtfusion 2.1).

        An empty response has no lines.
        """
        answer = self.session.call(
            "change_server_package",
            path={"server_id": server_id, "package_id": package_id},
            body=flags,
        )
        lines = answer.get("info") if isinstance(answer, Mapping) else None
        if isinstance(lines, Mapping):  # PHP encodes a list with gaps as an object
            lines = list(lines.values())
        if isinstance(lines, str):
            return [lines]
        return [str(line) for line in lines] if isinstance(lines, list) else []

    def send(self, name: str, **request: Any) -> Any:
        """Execute an operation and return its response unchecked."""
        return self.session.call(name, **request)

    def delete(self, name: str, delay_min: int, **path: Any) -> None:
        """Request a deletion, at once or after a delay.

        :raises UncertainWrite: the response was lost. A delayed deletion is not requested again: no read
            shows whether it is scheduled, and the effect of another request is unknown (virtfusion 3.5).
        """
        try:
            self.send(name, path=path, query={"delay": delay_min})
        except UncertainWrite as error:
            error.resend = error.resend and not delay_min
            raise

    def probe(self, operation: str) -> PanelError | None:
        """Execute a cheap read. Return its error, or None."""
        declared = self.session.dialect.operations[operation].query
        try:
            self.session.call(operation, query={"results": 1} if "results" in declared else {})
        except PanelError as error:
            return error
        return None

    def _data(self, name: str, kind: type, **request: Any) -> Any:
        """Execute an operation and return the content of its ``data`` envelope."""
        answer = self.session.call(name, **request)
        data = answer.get("data") if isinstance(answer, Mapping) else None
        if not isinstance(data, kind):
            raise self.odd(
                name,
                request.get("path"),
                f"the panel sends {_shape(data)} where {_SHAPES[kind]} is expected",
            )
        return data

    def one(self, name: str, **request: Any) -> Raw:
        """Execute an operation and return the one object in its response.

        :param request: ``path``, ``query`` and ``body``, as for :meth:`Session.call`.
        """
        return self.answer(self._data(name, dict, **request), name, request.get("path"))

    def find(self, name: str, **request: Any) -> Raw | None:
        """Execute an operation that returns one object. Return None if the object does not exist."""
        try:
            return self.one(name, **request)
        except PanelError as error:
            if error.absent:
                return None
            raise

    def rows(self, name: str, **request: Any) -> list[Raw]:
        """Execute an operation and return the unpaged list in its response."""
        rows = self._data(name, list, **request)
        return [self.answer(row, name, request.get("path")) for row in rows]

    def pages(
        self,
        name: str,
        what: str,
        query: Mapping[str, Any] | None = None,
        path: Mapping[str, Any] | None = None,
        workers: int = 1,
        identify: Callable[[Any], Hashable] = lambda row: row.get("id"),
        shape: Callable[[Raw], Any] = anything,
    ) -> list[Any]:
        """Return all rows of a paged list. Pages are requested by number: the panel's links name its own host.

        :param identify: returns the key that detects a shaped row repeated on another page.
        :param shape: reduces each row to the part to keep; whole rows of a fleet need much memory.
        """

        def fetch(number: int) -> Page:
            asked = {"results": PAGE_SIZE, **(query or {}), "page": number}
            answer = self.session.call(name, path=path, query=asked)
            try:
                rows = answer["data"]
                pages, total = integer(answer["last_page"]), integer(answer["total"])
            except (TypeError, KeyError, ValueError):
                rows = pages = total = None
            if not isinstance(rows, list) or pages is None or total is None:
                raise self.odd(name, path, f"the list of {what} has no page information")
            return Page([shape(self.answer(row, name, path)) for row in rows], pages, total)

        return read_all(fetch, identify, what, workers=workers, max_pages=self.session.max_pages)

    def no_object(self, raw: Any) -> str:
        return f"the panel sends {_shape(raw)} where an object is expected"


_SHAPES: Mapping[type, str] = {dict: "an object", list: "a list"}


def _shape(value: Any) -> str:
    return _SHAPES.get(
        type(value), "nothing" if value is None else f"the {type(value).__name__} {value!r:.40}"
    )
