# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The error messages of a Virtualizor panel, in every shape observed, as one line.

Errors are sent with HTTP 200: ``error`` as a list, an object or a text, ``fatal_error_heading`` and
``fatal_error_text``, and the like (virtualizor 4.1, 4.2). For invalid credentials the panel sends its
login page or a redirect to it (virtualizor 1.5).
"""

from __future__ import annotations

import html
import itertools
import json
import re
from collections.abc import Mapping
from typing import Any

from .._core.errors import Code
from .._core.http import Response

#: Failure codes by error name, from the vendor's language files. A panel translates the texts of errors
#: but not their names (virtualizor 1.4, 1.5, 2.8, 3.2 to 3.6).
CODE_BY_NAME: Mapping[str, Code] = {
    "ath_fail": Code.AUTH,
    "ip_fail": Code.AUTH,
    "inv_ip": Code.AUTH,
    "slave_cant": Code.FORBIDDEN,
    "slave_cant_exp": Code.FORBIDDEN,
    "plannameexist": Code.CONFLICT,
    "vps_use_error": Code.CONFLICT,
    "plid_inhouse_billing": Code.CONFLICT,
    "emailexist": Code.CONFLICT,
    "email_exist": Code.CONFLICT,
    "rescue_edit_no_allowed": Code.CONFLICT,
    "err_locked_vps": Code.LOCKED,
    "err_vps_locked": Code.LOCKED,
    "no_plan_name": Code.VALIDATION,
    "nousertype": Code.VALIDATION,
    "invalid_date": Code.VALIDATION,
    "invalid_email": Code.VALIDATION,
    "space_per_vm_err": Code.VALIDATION,
    "invalid_user_plan": Code.VALIDATION,
    "invalid_dnsplan_id": Code.VALIDATION,
}

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


def plain_text(response: Response) -> str:
    """Return a response that is neither JSON nor HTML, as one line."""
    return "" if is_page(response) else _one_line(response.text)


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
