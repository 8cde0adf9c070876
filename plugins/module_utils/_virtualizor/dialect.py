# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The protocol of a Virtualizor panel: credentials in the query, forms, JSON, errors with HTTP 200.

The URL contains the credentials, so it is never shown and redirects are never followed.
"""

from __future__ import annotations

import hashlib
import secrets
import string
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .._core.dialect import Dialect, Rejection, rejection_by_status
from .._core.errors import Code
from .._core.http import Request, Response
from .._core.operations import Operation
from .._core.retry import Fault
from .errors import code_of, hint_for, is_login_page, is_page, plain_text, read_document, refusal
from .operations import OPERATIONS
from .values import is_done

#: Ports of the admin panel (virtualizor 1.1).
PORTS: Mapping[str, int] = {"https": 4085, "http": 4084}

_SALT_LETTERS = string.ascii_lowercase + string.digits
_SALT_LENGTH = 8

_CREDENTIALS = (
    "check api_key, api_pass and api_auth, the IP addresses allowed to use the credentials, and "
    "their permissions"
)


def salted_hash(password: str, salt: str) -> str:
    """Return the ``apikey`` of older masters: the salt, then the MD5 of pass and salt (virtualizor 1.2)."""
    digest = hashlib.md5((password + salt).encode(), usedforsecurity=False)
    return salt + digest.hexdigest()


class VirtualizorDialect(Dialect):
    """Dialect of the panel's admin API.

    :param key: key of a pair of API credentials; ``""`` if only the hash is sent.
    :param password: the pair's pass.
    :param auth: the credentials to send: ``pair``, ``hash`` or ``both``.
    """

    panel = "Virtualizor"
    operations = OPERATIONS
    sends_forms = True

    def __init__(self, key: str, password: str, auth: str) -> None:
        self._key = key
        self._password = password
        self._auth = auth
        #: The last response parsed by this thread, so that ``reject`` and ``decode`` parse it once.
        self._read = threading.local()

    def secrets(self) -> tuple[str, ...]:
        return (self._key, self._password)

    def authorise(self, request: Request) -> Request:
        """Return the request with ``api=json`` and the credentials in its query; the panel reads no others."""
        extra = {"api": "json"}
        if self._auth != "hash":
            extra.update(adminapikey=self._key, adminapipass=self._password)
        if self._auth != "pair":
            salt = "".join(secrets.choice(_SALT_LETTERS) for dummy in range(_SALT_LENGTH))
            extra["apikey"] = salted_hash(self._password, salt)
        return replace(request, query={**request.query, **extra})

    def message(self, response: Response) -> str:
        try:
            return refusal(self.decode(response))
        except ValueError:
            return plain_text(response)

    def reject(self, response: Response) -> Rejection | None:
        """Return the rejection found in the body: HTTP 200 can mean anything (virtualizor 4.1, 6.8)."""
        if 300 <= response.status < 400 or (response.ok and not response.content.strip()):
            return _redirect(response) if not response.ok else _NOTHING
        if not response.ok:
            rejection = rejection_by_status(response, self.message(response))
            credentials = rejection.code in (Code.AUTH, Code.FORBIDDEN)
            return replace(rejection, hint=_CREDENTIALS) if credentials else rejection
        try:
            body = self.decode(response)
        except ValueError:
            return _page(response) if is_page(response) else None
        message = refusal(body)
        if not message:
            return None
        code = code_of(body)
        if is_done(body.get("done")) or body.get("done_msg"):
            # The master saved the change, but its node did not respond (virtualizor 3.5, 4.2).
            return Rejection(code, message, Fault.HALF_DONE)
        hint = _HINTS.get(code) or hint_for(body)
        return Rejection(code, message, Fault.LOCKED if code is Code.LOCKED else None, hint)

    def says_absent(self, operation: Operation, response: Response) -> bool:
        return False  # the panel has one URL and reports everything with HTTP 200 (virtualizor 4.1)

    def decode(self, response: Response) -> Any:
        if getattr(self._read, "response", None) is not response:
            self._read.body = read_document(response)
            self._read.response = response
        return self._read.body


_HINTS: Mapping[Code, str] = {
    Code.AUTH: _CREDENTIALS,
    Code.FORBIDDEN: "call the master, and check the permissions of the credentials",
    Code.LOCKED: "wait for the running task, or raise retries and retry_budget",
}

_NOTHING = Rejection(
    Code.PROTOCOL,
    "the panel sent an empty response (HTTP 200)",
    Fault.UNREADABLE,
    "PHP may have run out of time or memory: look at the panel's log",
)


def _redirect(response: Response) -> Rejection:
    """Return the rejection for a redirect. One to the login page means invalid credentials (virtualizor 1.5)."""
    if "login" not in response.headers.get("location", "").lower():
        return rejection_by_status(response, "")
    return Rejection(
        Code.AUTH,
        f"the panel does not accept the credentials: it redirects the request (HTTP {response.status})",
        hint=_CREDENTIALS,
    )


def _page(response: Response) -> Rejection:
    """Return the rejection for an HTML page: the panel's login page, or another server's page."""
    if is_login_page(response):
        return Rejection(
            Code.AUTH,
            "the panel does not accept the credentials: it answers with its login page",
            hint=_CREDENTIALS,
        )
    return Rejection(
        Code.PROTOCOL,
        f"the response is not JSON but an HTML page (HTTP {response.status})",
        Fault.UNREADABLE,
        f"check that api_url is the admin panel, most often on port {PORTS['https']}; {_CREDENTIALS}",
    )
