# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The VirtFusion panel as methods: envelopes opened, pages walked, shapes checked.

What comes back is the panel's own object; projecting it is the resources' work.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from .._core.errors import PanelError, unreadable
from .._core.fields import Answer, anything, integer
from .._core.paging import Page, read_all
from .._core.session import Session

#: An object as the panel sent it, an :class:`Answer` where it comes from here.
Raw = dict[str, Any]

#: Rows per page; the panel takes 1 to 200 (virtfusion 4).
PAGE_SIZE = 200


class VirtFusion:
    """One panel, through one session.

    :param session: opened by the runner; also answers questions about redaction and cost.
    """

    def __init__(self, session: Session) -> None:
        self.session = session

    def connect(self) -> None:
        """Prove that the address and the token are right. Any JSON counts: the panel sends ``[]`` (virtfusion 1.1)."""
        self.session.call("connect")

    def server(self, server_id: int, *, live: bool = False) -> Raw:
        """Return one server. With ``live`` the panel asks the hypervisor for its power state (virtfusion 3.4)."""
        query = {"remoteState": "true"} if live else {}
        return self.one("get_server", path={"server_id": server_id}, query=query)

    def servers(
        self, hypervisor_ids: Iterable[int] = (), *, page_size: int = PAGE_SIZE
    ) -> list[Raw]:
        """Return the short row of every server, or of those on some hypervisors."""
        hypervisors = list(hypervisor_ids)
        query: dict[str, Any] = {"type": "simple", "results": page_size}
        if hypervisors:
            query["hypervisorId[]"] = hypervisors
        return self.pages("list_servers", "servers", query)

    def user_servers(self, user_id: int) -> list[Raw]:
        """Return the servers that a user owns, in the panel's third shape (virtfusion 4)."""
        return self.rows("list_user_servers", path={"user_id": user_id})

    def packages(self) -> list[Raw]:
        """Return all packages; the panel does not page them."""
        return self.rows("list_packages")

    def package(self, package_id: int) -> Raw:
        """Return one package."""
        return self.one("get_package", path={"package_id": package_id})

    def change_package(
        self, server_id: int, package_id: int, flags: Mapping[str, bool]
    ) -> list[str]:
        """Move a server to a package and return the panel's info lines, none for an empty answer (virtfusion 2.1)."""
        answer = self.session.call(
            "change_server_package",
            path={"server_id": server_id, "package_id": package_id},
            body=flags,
        )
        lines = answer.get("info") if isinstance(answer, Mapping) else None
        if isinstance(lines, Mapping):  # PHP's list with a gap
            lines = list(lines.values())
        if isinstance(lines, str):
            return [lines]
        return [str(line) for line in lines] if isinstance(lines, list) else []

    def send(self, name: str, **request: Any) -> Any:
        """Execute an operation whose answer does not matter, or has a shape of its own."""
        return self.session.call(name, **request)

    def probe(self, operation: str) -> PanelError | None:
        """Execute a cheap read and return why it failed, or None."""
        declared = self.session.dialect.operations[operation].query
        try:
            self.session.call(operation, query={"results": 1} if "results" in declared else {})
        except PanelError as error:
            return error
        return None

    def _data(self, name: str, kind: type, **request: Any) -> Any:
        """Return what is in the ``data`` envelope of an answer."""
        answer = self.session.call(name, **request)
        data = answer.get("data") if isinstance(answer, Mapping) else None
        if not isinstance(data, kind):
            raise self._odd(
                name,
                request.get("path"),
                f"the panel sends {_shape(data)} where {_SHAPES[kind]} is expected",
            )
        return data

    def one(self, name: str, **request: Any) -> Raw:
        """Execute an operation that answers with one object.

        :param request: ``path``, ``query`` and ``body``, as :meth:`Session.call` takes them.
        """
        return self._answer(self._data(name, dict, **request), name, request.get("path"))

    def find(self, name: str, **request: Any) -> Raw | None:
        """Execute an operation that answers with one object, which need not be there."""
        try:
            return self.one(name, **request)
        except PanelError as error:
            if error.absent:
                return None
            raise

    def rows(self, name: str, **request: Any) -> list[Raw]:
        """Execute an operation that answers with a list in one piece."""
        rows = self._data(name, list, **request)
        return [self._answer(row, name, request.get("path")) for row in rows]

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
        """Return all rows of a paged list. Pages are asked for by number: the panel's links name its own host.

        :param identify: returns what makes a row the same row on another page, from its shape.
        :param shape: makes of each row what is kept of it; of a fleet, the whole rows are a lot.
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
                raise self._odd(name, path, f"the list of {what} comes without its pages")
            return Page([shape(self._answer(row, name, path)) for row in rows], pages, total)

        return read_all(fetch, identify, what, workers=workers, max_pages=self.session.max_pages)

    def _answer(self, raw: Any, name: str, path: Mapping[str, Any] | None) -> Raw:
        """Let an object of an answer remember what it answers."""
        if not isinstance(raw, Mapping):
            raise self._odd(
                name, path, f"the panel sends {_shape(raw)} where an object is expected"
            )
        operation = self.session.dialect.operations[name]
        return Answer(raw, operation.describe(path or {}), name)

    def _odd(self, name: str, path: Mapping[str, Any] | None, message: str) -> PanelError:
        """An answer that the API does not promise, for raising."""
        error = unreadable(message, "check that api_url is a VirtFusion panel, and its version")
        operation = self.session.dialect.operations[name]
        error.action, error.operation = operation.describe(path or {}), name
        error.uncertain = not operation.reads
        return error


_SHAPES: Mapping[type, str] = {dict: "an object", list: "a list"}


def _shape(value: Any) -> str:
    return _SHAPES.get(
        type(value), "nothing" if value is None else f"the {type(value).__name__} {value!r:.40}"
    )
