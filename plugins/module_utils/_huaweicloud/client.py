# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The services of Huawei Cloud as methods, with login, project lookup, paging and checked shapes.

They return the objects of the services. The resources project them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

from .._core.dialect import Operation
from .._core.errors import Code, PanelError
from .._core.fields import Field, integer, text_identifier
from .._core.paging import Page, read_all, read_chain, read_until_short
from .._core.session import Client, Session
from .._core.threads import each
from .credentials import Account, User
from .operations import BSS, CPH, IAM

#: An object as the service sent it.
Raw = dict[str, Any]

#: Rows per page: the most that each of these lists accepts (huaweicloud_cph 3.1b).
PAGE_SIZE = 100

#: Errors of a read that a wait tolerates, and how many of them in a row.
PASSING_ERRORS = frozenset({Code.TRANSPORT, Code.RATE_LIMITED, Code.NOT_FOUND, Code.PROTOCOL})
MOST_MISSES = 3

_UNAUTHORISED = 401

_PROJECT_ID = Field("id", "id", text_identifier, required=True)


class HuaweiCloud(Client):
    """One account in one region, through one session. Several threads may share it.

    :param session: opened by the runner.
    :param account: the credentials and the project; keeps tokens and the project ID once known.
    """

    mismatch = "check region, and the endpoints where they are set"

    def __init__(self, session: Session, account: Account) -> None:
        super().__init__(session)
        self.account = account

    # --- servers, phones, flavors, jobs -------------------------------------------------------

    def server(self, server_id: str) -> Raw:
        """Return one server."""
        return self.one("show_server", path={"server_id": server_id})

    def servers(
        self,
        query: Mapping[str, Any] | None = None,
        *,
        page_size: int = PAGE_SIZE,
        workers: int = 1,
    ) -> list[Raw]:
        """Return the rows of the servers, newest first.

        :param query: filters of the operation. The filter by name is fuzzy (huaweicloud_cph 3.1b).
        :param workers: number of pages to read at a time.
        """
        return self._pages(
            "list_servers", "servers", "server_id", query, page_size=page_size, workers=workers
        )

    def phones(self, query: Mapping[str, Any] | None = None) -> list[Raw]:
        """Return the phones that pass the filters."""
        return self._pages("list_phones", "phones", "phone_id", query)

    def phone(self, phone_id: str) -> Raw:
        """Return one phone."""
        return self.one("show_phone", path={"phone_id": phone_id})

    def phone_models(self, query: Mapping[str, Any] | None = None) -> list[Raw]:
        """Return the pairs of a server flavor and a phone flavor, withdrawn ones included."""
        return self._pages(
            "list_phone_models", "phone_models", ("server_model_name", "phone_model_name"), query
        )

    def server_models(self, query: Mapping[str, Any] | None = None) -> list[Raw]:
        """Return the server flavors. Older services have no paging here (huaweicloud_cph 3.1)."""
        return self._chain(
            "list_server_models", "server_models", ("server_model_name", "product_type"), query
        )

    def server_model_offerings(self) -> list[Raw]:
        """Return the zones that sell each server flavor. Older services lack this list (huaweicloud_cph 3.1)."""
        return self._chain(
            "list_server_model_offerings", "models", ("model_name", "available_zone")
        )

    def jobs(self, request_id: str) -> list[Raw]:
        """Return the jobs of one request."""
        return self._pages("list_jobs", "jobs", "job_id", {"request_ids": request_id})

    def job(self, job_id: str) -> Raw:
        """Return one job."""
        return self.one("show_job", path={"job_id": job_id})

    def change_flavor(
        self, server_id: str, server_model: str, phone_model: str, *, auto_pay: bool
    ) -> Raw:
        """Order another flavor for a server and return the response (huaweicloud_cph 2.2). Never repeated."""
        body = {
            "server_id": server_id,
            "server_model_name": server_model,
            "phone_model_name": phone_model,
            "extend_param": {"is_auto_pay": int(auto_pay)},
        }
        return self.one("change_server_model", body=body)

    # --- orders -------------------------------------------------------------------------------

    @property
    def knows_orders(self) -> bool:
        """Whether the address of the order service is known."""
        return BSS in self.session.base_urls

    def order(self, order_id: str) -> Raw:
        """Return one order."""
        path = {"order_id": order_id}
        found = self.one("show_order", path=path)
        return self.answer(found.get("order_info"), "show_order", path)

    def orders(self, query: Mapping[str, Any]) -> list[Raw]:
        """Return the orders that pass the filters."""
        return self._pages("list_orders", "order_infos", "order_id", query, count_key="total_count")

    # --- any operation ------------------------------------------------------------------------

    def one(self, name: str, **request: Any) -> Raw:
        """Execute an operation that returns one object.

        :param request: ``path`` without the project, ``query`` and ``body`` of :meth:`Session.call`.
        """
        return self.answer(self.call(name, **request), name, request.get("path"))

    def call(
        self,
        name: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        """Execute an operation, with token and project, and return its response.

        An expired token of this client is replaced once, for reads only.
        """
        operation = self.session.dialect.operations[name]
        self._log_in(operation.service)
        parts = dict(path or {})
        if "project_id" in operation.placeholders:
            parts["project_id"] = self.project_id()
        shown = self.account.token_for(operation.service)
        try:
            return self._send(operation, shown, parts, query, body)
        except PanelError:
            if not self._can_log_in_again(operation, shown):
                raise
        self._log_in(operation.service, instead_of=shown)
        shown = self.account.token_for(operation.service)
        return self._send(operation, shown, parts, query, body)

    def _send(
        self,
        operation: Operation,
        shown: str,
        path: Mapping[str, Any],
        query: Mapping[str, Any] | None,
        body: Mapping[str, Any] | None,
    ) -> Any:
        """Execute an operation, unless its service has refused the same credentials before.

        More than 5 refused signatures in a row lock an access key (huaweicloud_cph 1.3), so no other thread of a
        run may repeat the request.

        :param shown: the token, ``""`` for a signature.
        """
        refused = self.account.refused.get((operation.service, shown))
        if refused is not None:
            raise PanelError(
                refused.code,
                refused.message,
                action=self.session.redact(operation.describe(path)),
                hint="it was not sent, since the service has refused the same credentials before",
                operation=operation.name,
            )
        try:
            return self.session.execute(operation, path=path, query=query, body=body)
        except PanelError as error:
            if error.http_status == _UNAUTHORISED:
                self.account.refused[operation.service, shown] = error
            raise

    def project_id(self) -> str:
        """Return the project ID: the given one, or that of the region's project.

        :raises PanelError: ``not_found`` or ``ambiguous`` if the region does not have exactly one.
        """
        with self.account.learning:
            if not self.account.project_id:
                self._log_in(CPH)
            if not self.account.project_id:
                self.account.project_id = self._look_up_project()
            return self.account.project_id

    def _look_up_project(self) -> str:
        region = self.account.region
        rows = self._rows(
            self.call("list_projects", query={"name": region}), "list_projects", "projects"
        )
        ids: list[str] = [_PROJECT_ID.read(row) for row in rows]
        if len(ids) == 1:
            return ids[0]
        code, message = Code.NOT_FOUND, "the account has no project with that name"
        hint = "check region, or set project_id"
        if ids:
            code, message = Code.AMBIGUOUS, f"there are {len(ids)}: {', '.join(ids)}"
            hint = "set project_id"
        raise PanelError(code, message, action=f"find the project of region {region}", hint=hint)

    def _log_in(self, service: str, instead_of: str = "") -> None:
        """Get the token that a service needs, if the credentials are a password.

        :param instead_of: the token that is no longer accepted.
        """
        user = self.account.credentials
        if not isinstance(user, User):
            return
        with self.account.learning:
            if self.account.tokens.get(service, "") != instead_of:
                return  # another thread has replaced it
            scope = "domain" if service == BSS else "project"
            answer = self._send(
                self.session.dialect.operations["create_token"],
                scope,
                {},
                {"nocatalog": "true"},
                {"auth": self._login(user, scope)},
            )
            token = answer.get("x_subject_token") if isinstance(answer, Mapping) else None
            if not token:
                raise self.odd("create_token", None, "the response has no token")
            self.session.hide(token)
            for served in (BSS,) if service == BSS else (CPH, IAM):
                self.account.tokens[served] = token
            self._learn_project(answer)

    def _login(self, user: User, scope: str) -> dict[str, Any]:
        """Return the body of a login (huaweicloud_cph 1.1). The default project has the name of the region."""
        account = self.account
        domain = {"name": user.domain}
        project = {"id": account.project_id} if account.project_id else {"name": account.region}
        who = {"name": user.name, "password": user.password, "domain": domain}
        return {
            "identity": {"methods": ["password"], "password": {"user": who}},
            "scope": {scope: project if scope == "project" else domain},
        }

    def _learn_project(self, answer: Mapping[str, Any]) -> None:
        """Take the project ID from the description of a new token."""
        token = answer.get("token")
        project = token.get("project") if isinstance(token, Mapping) else None
        if not self.account.project_id and isinstance(project, Mapping) and project.get("id"):
            self.account.project_id = str(project["id"])

    def _can_log_in_again(self, operation: Operation, shown: str) -> bool:
        """Return whether a new token may help. A write is not repeated for it.

        :param shown: the token that was to be sent, which may have been refused by an earlier read.
        """
        refused = (operation.service, shown) in self.account.refused
        return refused and operation.reads and operation.service in self.account.tokens

    # --- lists --------------------------------------------------------------------------------

    def _pages(
        self,
        name: str,
        key: str,
        identity: str | tuple[str, ...],
        query: Mapping[str, Any] | None = None,
        *,
        page_size: int = PAGE_SIZE,
        workers: int = 1,
        count_key: str = "",
    ) -> list[Raw]:
        """Return all rows of a list with offset and limit.

        A count in the response is used if no filter is set, or if it has a key of its own. Otherwise a short page
        is the last one, and pages overlap.

        :param count_key: the key of the number of rows that pass the filters, if the list has it.
        """
        desired = dict(query or {})
        identify, what, most = _identify(identity), _noun(key), self.session.max_pages

        def fetch(offset: int) -> tuple[list[Raw], int]:
            try:
                answer = self.one(name, query={**desired, "offset": offset, "limit": page_size})
            except PanelError as error:
                # An offset after the last row was once an error (huaweicloud_cph 3.1b).
                if offset and error.code is Code.VALIDATION:
                    return [], 0
                raise
            # What a count counts under filters is documented for orders only (huaweicloud_cph 2.5, 3.1b).
            count = None if desired and not count_key else _whole(answer.get(count_key or "count"))
            if count == 0 and answer.get(key) is None:
                return [], 0
            rows = self._rows(answer, name, key)
            # Later pages are compared with the count once all of them are read.
            if not offset and len(rows) < min(page_size, count or 0):
                raise self.odd(name, None, f"the list of {what} has fewer rows than it counts")
            return rows, count or 0

        first = [fetch(0)]

        def page(offset: int) -> tuple[list[Raw], int]:
            return fetch(offset) if offset or not first else first.pop()

        rows, total = first[0]
        if not total or len(rows) < page_size:
            return read_until_short(
                lambda offset: page(offset)[0], identify, what, size=page_size, max_pages=most
            )

        def counted(number: int) -> Page:
            rows, total = page((number - 1) * page_size)
            return Page(rows, -(-total // page_size), total)

        return read_all(counted, identify, what, workers=workers, max_pages=most)

    def _chain(
        self,
        name: str,
        key: str,
        identity: str | tuple[str, ...],
        query: Mapping[str, Any] | None = None,
    ) -> list[Raw]:
        """Return all rows of a list whose pages have a marker of the next page."""

        def fetch(marker: str | None) -> tuple[list[Raw], str | None]:
            place = {"marker": marker} if marker else {}
            answer = self.one(name, query={**(query or {}), "limit": PAGE_SIZE, **place})
            rows = self._rows(answer, name, key)
            about = answer.get("page_info")
            following = about.get("next_marker") if isinstance(about, Mapping) else None
            return rows, str(following) if following else None

        what = _noun(key)
        return read_chain(fetch, _identify(identity), what, max_pages=self.session.max_pages)

    def _rows(self, answer: Any, name: str, key: str) -> list[Raw]:
        """Return the list in a response. One table of the vendor names it in the singular (huaweicloud_cph 3.1)."""
        found = answer if isinstance(answer, Mapping) else {}
        rows = found.get(key, found.get(key.removesuffix("s")))
        if not isinstance(rows, list):
            raise self.odd(name, None, f"the response has no list of {_noun(key)}")
        return [self.answer(row, name) for row in rows]


def _noun(key: str) -> str:
    """Return what the rows of a list are called in messages."""
    return key.replace("_infos", "s").replace("_", " ")


def _whole(value: Any) -> int | None:
    """Return a count, or ``None`` for any other value. Pages then end without a count."""
    try:
        number = integer(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return None if number is None or number < 0 else number


def _identify(identity: str | tuple[str, ...]) -> Callable[[Raw], Hashable]:
    names = (identity,) if isinstance(identity, str) else identity
    return lambda row: tuple(row.get(name) for name in names)


Item = TypeVar("Item")
Result = TypeVar("Result")

#: Requests at a time. The HTTP library keeps ten connections open.
WORKERS = 8


def together(
    work: Callable[[Item], Result], items: Iterable[Item], workers: int = WORKERS
) -> list[Result]:
    """Return the result of ``work`` for each item, in order. The first item goes before all others.

    More than 5 refused signatures in a row lock an access key for 5 minutes (huaweicloud_cph 1.3). With
    wrong credentials the first request fails, and the others are not sent.

    :raises Exception: the first exception of an item; the items that have not begun are dropped.
    """
    waiting = list(items)
    return [*map(work, waiting[:1]), *each(work, waiting[1:], workers)]


def still_there(
    read: Callable[[str], Raw], ids: Iterable[str], workers: int = WORKERS
) -> list[Raw]:
    """Return the result of a read for each ID, in order, without the objects that no longer exist."""

    def found(object_id: str) -> Raw | None:
        try:
            return read(object_id)
        except PanelError as error:
            if error.absent:
                return None
            raise

    return [row for row in together(found, ids, workers) if row is not None]
