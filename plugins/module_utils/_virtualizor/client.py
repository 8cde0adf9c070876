# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Client for a Virtualizor panel: unwraps responses, reads all pages, checks submissions.

Methods return the panel's raw records; the resources project them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from .._core.dialect import Effect
from .._core.errors import Code, PanelError
from .._core.session import Client
from .._core.threads import each
from .dialect import remark
from .operations import SUBMIT_FLAGS
from .pages import ROWS, Raw, read_pages
from .values import form_fields, is_done, is_whole, rows_of, whole_number

#: VPSs per request for live states: their IDs are part of the URL, whose length is limited.
_STATES = 200

_MAY_NOT = (
    "check api_key, api_pass, the IP addresses allowed to use them, and the permissions of their "
    "administrator ACL"
)


class Virtualizor(Client):
    """Client for one panel."""

    mismatch = f"this version of the panel may not support the act; or {_MAY_NOT}"

    @property
    def address(self) -> str:
        """Return the host and port of the panel."""
        return urlsplit(self.session.base_urls[""]).netloc

    def user_plans(self) -> list[Raw]:
        """Return all user plans. Their key is ``plans``, like that of VPS plans (virtualizor 2.1)."""
        return self.pages("list_user_plans", "plans", "uplid", "user plans")

    def user_plan_form(self, user_plan_id: int) -> Raw:
        """Return the user plan shown in its form, or an empty object if there is none.

        There an empty list looks like the ID 0; use the lists of :meth:`user_plans` (virtualizor 2.4).
        """
        answer = self.session.call("get_user_plan_form", path={"user_plan_id": user_plan_id})
        record = answer.get("user_plans") if isinstance(answer, Mapping) else None
        own = isinstance(record, Mapping) and str(record.get("uplid")) == str(user_plan_id)
        return dict(record) if own and isinstance(record, Mapping) else {}

    def users(self, **filters: Any) -> list[Raw]:
        """Return all users.

        :param filters: ``uid`` or ``email``; the panel may ignore it or match substrings (virtualizor 3.6).
        """
        return self.pages("list_users", "users", "uid", "users", filters)

    def plans(self, **filters: Any) -> list[Raw]:
        """Return all VPS plans.

        :param filters: ``planname``, which may match substrings, or ``ptype`` (virtualizor 3.1).
        """
        return self.pages("list_plans", "plans", "plid", "VPS plans", filters)

    def servers(self, *, rows: int = ROWS, workers: int = 1, **filters: Any) -> list[Raw]:
        """Return the record of every VPS.

        :param rows: rows per page.
        :param workers: concurrent requests.
        :param filters: parameters of the panel's search (virtualizor 3.4).
        """
        query = {**({"search": 1} if filters else {}), **filters}
        return self.pages("list_vps", "vs", "vpsid", "VPSs", query, rows=rows, workers=workers)

    def server(self, vps_id: int) -> Raw | None:
        """Return the VPS shown in its form, or None (virtualizor 3.5)."""
        record = self.opened("get_vps", "vps", path={"vps_id": vps_id})
        return self.answer(record, "get_vps", {"vps_id": vps_id}) if record else None

    def server_states(self, vps_ids: Sequence[int], *, workers: int = 1) -> dict[int, int]:
        """Return live states by VPS ID: 0 off, 1 on, 2 suspended (virtualizor 3.4). Some may be missing."""
        starts = range(0, len(vps_ids), _STATES)
        portions = [",".join(map(str, vps_ids[start : start + _STATES])) for start in starts]
        return {key: value for part in each(self._states, portions, workers) for key, value in part}

    def _states(self, vps_ids: str) -> list[tuple[int, int]]:
        shown = self.opened("get_vps_status", "status", path={"vps_ids": vps_ids})
        # PHP sends an empty map as an empty list (virtualizor 4.4).
        rows = shown.items() if isinstance(shown, Mapping) else ()
        pairs = [(key, row.get("status") if isinstance(row, Mapping) else row) for key, row in rows]
        return [
            (whole_number(key), whole_number(value))
            for key, value in pairs
            if is_whole(key) and is_whole(value)
        ]

    def pages(
        self,
        name: str,
        key: str,
        id_key: str,
        what: str,
        query: Mapping[str, Any] | None = None,
        *,
        rows: int = ROWS,
        workers: int = 1,
    ) -> list[Raw]:
        """Return all records of a list.

        :param key: key of the list in the response.
        :param id_key: key of the ID in a record.
        :param what: name of the records in messages.
        :param rows: rows per page.
        :param workers: concurrent requests.
        """

        def fetch(page: int | None, size: int) -> list[Raw]:
            asked = {**(query or {}), **({} if page is None else {"page": page}), "reslen": size}
            value = self.opened(name, key, query=asked)
            records = rows_of(value, id_key)
            if records is None:
                raise self.odd(name, None, f"the list of {what} has an unexpected format")
            return [self.answer(record, name) for record in records]

        return read_pages(
            fetch,
            lambda row: str(row.get(id_key)),
            what,
            size=rows,
            workers=workers,
            max_pages=self.session.max_pages,
        )

    def opened(self, name: str, key: str, **request: Any) -> Any:
        """Execute a read and return the value of a key in its response.

        If the act is unknown to this version or forbidden for the credentials, the panel sends
        another of its pages, with HTTP 200 (virtualizor 4.1).

        :param request: ``path`` and ``query``, as for :meth:`Session.call`.
        """
        try:
            answer = self.session.call(name, **request)
        except PanelError as error:
            if error.code is Code.REFUSED:
                error.add_hint(_MAY_NOT)
            raise
        if isinstance(answer, Mapping) and key in answer:
            return answer[key]
        title = answer.get("title") if isinstance(answer, Mapping) else None
        shown = f"its page {self.session.redact(title)!r:.60}" if isinstance(title, str) else ""
        raise self.odd(
            name, request.get("path"), f"the panel responds with {shown or 'unexpected content'}"
        )

    def send(
        self,
        name: str,
        *,
        path: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        """Submit a form and return the value of ``done``.

        :param body: typed values by request parameter; a list is sent under ``name[]``.
        :raises PanelError: ``protocol``, with an unknown state, if the panel neither accepts nor
            refuses the submission. Deletions are exempt: the panel reports nothing if the object
            is already gone (virtualizor 2.7), so the next read decides.
        """
        flag = SUBMIT_FLAGS.get(name)
        fields = form_fields({**({flag: 1} if flag else {}), **(body or {})})
        answer = self.session.call(name, path=path, body=fields)
        given = answer if isinstance(answer, Mapping) else {}
        done = given.get("done")
        gone = self.session.dialect.operations[name].effect is Effect.DESTROY
        if not (gone or is_done(done) or given.get("done_msg")):
            words = self.session.message(remark(given))
            ignored = "the panel ignored the submission: it reports neither success nor an error"
            raise self.odd(name, path, f"{ignored} ({words})" if words else ignored)
        return done

    def no_object(self, raw: Any) -> str:
        return "the panel sends a value where a record is expected"
