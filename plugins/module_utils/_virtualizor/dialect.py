# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The protocol of a Virtualizor panel: credentials in the query, forms, JSON, errors with HTTP 200.

The URL contains the credentials, so it is never shown and redirects are never followed.

Errors are ``error`` as a list, an object or a text, ``fatal_error_heading`` and ``fatal_error_text``,
and the like (virtualizor 4.1, 4.2). For invalid credentials the panel sends its login page or a
redirect to it (virtualizor 1.5).
"""

from __future__ import annotations

import hashlib
import html
import itertools
import json
import re
import secrets
import string
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .._core.dialect import Dialect, Operation, Rejection, rejection_by_status
from .._core.errors import Code, Fault
from .._core.http import Request, Response
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
            # A page in HTML is no message.
            return "" if is_page(response) else _one_line(response.text)

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
        if is_done(body.get("done")) or body.get("done_msg") or _ONLY_ON_MASTER in _names(body):
            # The master saved the change, but its node did not respond (virtualizor 3.5, 4.2).
            return Rejection(code, message, Fault.HALF_DONE)
        hint = _HINTS_BY_CODE.get(code) or hint_for(body)
        return Rejection(code, message, Fault.LOCKED if code is Code.LOCKED else None, hint)

    def says_absent(self, operation: Operation, response: Response) -> bool:
        return False  # the panel has one URL and reports everything with HTTP 200 (virtualizor 4.1)

    def decode(self, response: Response) -> Any:
        if getattr(self._read, "response", None) is not response:
            self._read.body = read_document(response)
            self._read.response = response
        return self._read.body


_HINTS_BY_CODE: Mapping[Code, str] = {
    Code.AUTH: _CREDENTIALS,
    Code.FORBIDDEN: "set api_url to the master, and check the permissions of the credentials",
    Code.LOCKED: "wait for the running task, or raise retries and retry_budget",
}

_NOTHING = Rejection(
    Code.PROTOCOL,
    "the panel sent an empty response (HTTP 200)",
    Fault.UNREADABLE,
    "PHP may have run out of time or memory: check the log of the panel",
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
            "the panel does not accept the credentials: it responds with its login page",
            hint=_CREDENTIALS,
        )
    return Rejection(
        Code.PROTOCOL,
        f"the response is not JSON but an HTML page (HTTP {response.status})",
        Fault.UNREADABLE,
        f"check that api_url is the admin panel, most often on port {PORTS['https']}; {_CREDENTIALS}",
    )


#: Failure codes by error name, from the vendor's language files. A panel translates the texts of errors
#: but not their names (virtualizor 1.4, 1.5, 2.8, 3.2 to 3.6).
CODE_BY_NAME: Mapping[str, Code] = {
    **dict.fromkeys(("ath_fail", "ip_fail", "inv_ip"), Code.AUTH),
    **dict.fromkeys(("slave_cant", "slave_cant_exp"), Code.FORBIDDEN),
    **dict.fromkeys(("plannameexist", "vps_use_error", "plid_inhouse_billing"), Code.CONFLICT),
    **dict.fromkeys(("emailexist", "email_exist", "rescue_edit_no_allowed"), Code.CONFLICT),
    **dict.fromkeys(("err_locked_vps", "err_vps_locked"), Code.LOCKED),
    **dict.fromkeys(
        ("no_plan_name", "nousertype", "invalid_date", "invalid_email"), Code.VALIDATION
    ),
    **dict.fromkeys(
        ("space_per_vm_err", "invalid_user_plan", "invalid_dnsplan_id"), Code.VALIDATION
    ),
}

#: The error of a change that the master has saved, and its node has not (virtualizor 3.5).
_ONLY_ON_MASTER = "err_save_slave"

#: Each task that locks a VPS has its own error name (virtualizor 3.5).
_LOCKED_BY = "vm_locked_"

#: Hints for errors with an unknown name, by a word in the name or the text.
_HINTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(words, re.IGNORECASE), hint)
    for words, hint in (
        (r"(?<!b)lock", "it may be locked: wait for the panel's task, or unlock it there"),
        ("suspend", "it may be suspended: unsuspend it in the panel"),
        ("rescue", "it may be in rescue mode: end that in the panel"),
    )
)

_JSON = json.JSONDecoder()
#: Braces to try as the start of the JSON document: PHP's notices are few and short.
_BRACES = 100
_TAG = re.compile(r"<[^<>]*>")
_LOGIN = re.compile(r"""type\s*=\s*["']?password|act=login|window\.location""", re.IGNORECASE)
#: Credentials in a URL, in case the panel repeats the request's URL in a message.
_CREDENTIAL = re.compile(r"\b(adminapikey|adminapipass|apikey)=[^&\s\"'<>]*", re.IGNORECASE)
#: A salted hash of the pass: 8 characters of salt and 32 hexadecimal digits (virtualizor 1.2).
_HASH = re.compile(r"(?<![0-9a-z])[0-9a-z]{8}[0-9a-f]{32}(?![0-9a-z])")


def read_document(response: Response) -> Any:
    """Return the JSON of a response, also if PHP printed notices before it (virtualizor 4.4).

    :raises ValueError: if there is no JSON.
    """
    try:
        return response.json()
    except ValueError:
        text = response.text.rstrip()
    # A notice may contain braces; only the document extends to the end of the response.
    for brace in itertools.islice(re.finditer(r"{", text), _BRACES):
        try:
            document, end = _JSON.raw_decode(text, brace.start())
        except ValueError:
            continue
        if end == len(text):
            return document
    raise ValueError("no JSON")


def is_page(response: Response) -> bool:
    """Return whether the response is an HTML page."""
    return response.text.lstrip("\ufeff \t\r\n").startswith("<") or is_login_page(response)


def is_login_page(response: Response) -> bool:
    """Return whether the response is a login page (virtualizor 1.5)."""
    return bool(_LOGIN.search(response.text))


def refusal(body: Any) -> str:
    """Return the panel's error message, or ``""`` if the response is not a refusal.

    An empty list, object or text under ``error`` is not an error (virtualizor 4.2).
    """
    if not isinstance(body, Mapping):
        return ""
    for message in _fatal(body), _sentences(body.get("error")), _sentences(body.get("errors")):
        if message:
            return _one_line("; ".join(message))
    return _one_line(": ".join(_sentences([body.get("error_heading"), body.get("error_msg")])))


def code_of(body: Any) -> Code:
    """Return the failure code of a refusal: ``refused`` unless the error has a known name.

    Texts are translated, so they are not used. This also applies to invalid credentials: the texts of
    ``ath_fail`` and ``ip_fail`` are known, but not where they are sent (virtualizor 1.5, 4.1). Reads add
    a hint, see :meth:`Virtualizor.opened`.
    """
    names = _names(body)
    if any(name.startswith(_LOCKED_BY) for name in names):
        return Code.LOCKED
    return next((CODE_BY_NAME[name] for name in names if name in CODE_BY_NAME), Code.REFUSED)


def hint_for(body: Any) -> str:
    """Return a hint for a refusal with an unknown name, or ``""``."""
    words = " ".join([*_names(body), refusal(body)])
    return "; ".join(hint for pattern, hint in _HINTS if pattern.search(words))


def _names(body: Any) -> list[str]:
    """Return the names of the errors, which only an object has."""
    error = body.get("error") if isinstance(body, Mapping) else None
    return [str(name) for name in error] if isinstance(error, Mapping) else []


def remark(body: Any) -> str:
    """Return the panel's additional message in a response, or ``""`` (virtualizor 4.2)."""
    if not isinstance(body, Mapping):
        return ""
    return _one_line(
        "; ".join(_sentences([body.get(key) for key in ("message_text", "message", "done_msg")]))
    )


def _fatal(body: Mapping[str, Any]) -> list[str]:
    inner = body.get("error")
    for place in (body, inner if isinstance(inner, Mapping) else {}):
        message = _sentences([place.get("fatal_error_heading"), place.get("fatal_error_text")])
        if message:
            return [": ".join(message)]
    return []


def _sentences(message: Any) -> list[str]:
    """Return every text in a value, at any depth."""
    if isinstance(message, Mapping):
        message = list(message.values())
    if isinstance(message, list):
        return [sentence for item in message for sentence in _sentences(item)]
    if isinstance(message, bool) or message is None:
        return ["the panel gives no reason"] if message else []
    return [str(message)] if str(message).strip() else []


def _one_line(text: str) -> str:
    """Return a text of the panel without markup and credentials."""
    bare = _CREDENTIAL.sub(r"\1=********", html.unescape(_TAG.sub(" ", text)))
    return " ".join(_HASH.sub("********", bare).split()).rstrip(".")
