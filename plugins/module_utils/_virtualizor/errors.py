# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a Virtualizor panel says when it refuses: every shape that was seen, as one line.

Errors come with HTTP 200: ``error`` as a list, an object or a text, ``fatal_error_heading`` and
``fatal_error_text``, and the like (virtualizor 4.1, 4.2). Credentials that are not accepted show as a
redirect to the login page, or as that page itself (virtualizor 1.5).
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

#: Codes of the names in the vendor's language files. A panel translates the texts of errors, and not their
#: names (virtualizor 1.4, 1.5, 2.8, 3.2 to 3.6).
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

#: Each task that locks a VPS has a name of its own (virtualizor 3.5).
_LOCKED_BY = "vm_locked_"

#: What the name or the text of a refusal may mean, for errors whose name is unknown.
_HINTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(words, re.IGNORECASE), hint)
    for words, hint in (
        (r"(?<!b)lock", "it may be locked: wait for the panel's task, or unlock it there"),
        ("suspend", "it may be suspended: unsuspend it in the panel"),
        ("rescue", "it may be in rescue mode: end that in the panel"),
    )
)

_JSON = json.JSONDecoder()
#: Where in an answer a document may begin: notices are few and short.
_BRACES = 100
_TAG = re.compile(r"<[^<>]*>")
_LOGIN = re.compile(r"""type\s*=\s*["']?password|act=login|window\.location""", re.IGNORECASE)
#: What authorises a request, should the panel repeat the request's address in its words.
_CREDENTIAL = re.compile(r"\b(adminapikey|adminapipass|apikey)=[^&\s\"'<>]*", re.IGNORECASE)
#: A salted hash of the pass: 8 characters of salt and 32 hexadecimal digits (virtualizor 1.2).
_HASH = re.compile(r"(?<![0-9a-z])[0-9a-z]{8}[0-9a-f]{32}(?![0-9a-z])")


def read_document(response: Response) -> Any:
    """Return an answer's JSON, also where PHP has printed notices before it (virtualizor 4.4).

    :raises ValueError: there is none.
    """
    try:
        return response.json()
    except ValueError:
        text = response.text.rstrip()
    # A notice may hold braces of its own; only the document reaches the end of the answer.
    for brace in itertools.islice(re.finditer(r"{", text), _BRACES):
        try:
            document, end = _JSON.raw_decode(text, brace.start())
        except ValueError:
            continue
        if end == len(text):
            return document
    raise ValueError("no JSON")


def is_page(response: Response) -> bool:
    """Return whether the answer is for a browser."""
    return response.text.lstrip("\ufeff \t\r\n").startswith("<") or is_login_page(response)


def is_login_page(response: Response) -> bool:
    """Return whether the answer asks a browser to log in (virtualizor 1.5)."""
    return bool(_LOGIN.search(response.text))


def refusal(body: Any) -> str:
    """Return why an answer is a refusal, in the panel's words; ``""`` where it is none.

    An empty list, object or text under ``error`` is no error (virtualizor 4.2).
    """
    if not isinstance(body, Mapping):
        return ""
    for message in _fatal(body), _sentences(body.get("error")), _sentences(body.get("errors")):
        if message:
            return _one_line("; ".join(message))
    return _one_line(": ".join(_sentences([body.get("error_heading"), body.get("error_msg")])))


def code_of(body: Any) -> Code:
    """Return the failure code of a refusal: ``refused`` unless the error has a known name.

    Texts are translated, so they never decide. That holds for refused credentials, too: only the wording
    of ``ath_fail`` and ``ip_fail`` is known, not their carrier (virtualizor 1.5, 4.1). Reads add what to
    check, see :meth:`Virtualizor.opened`.
    """
    names = _names(body)
    if any(name.startswith(_LOCKED_BY) for name in names):
        return Code.LOCKED
    return next((CODE_BY_NAME[name] for name in names if name in CODE_BY_NAME), Code.REFUSED)


def hint_for(body: Any) -> str:
    """Return what a refusal without a known name may mean, or ``""``."""
    words = " ".join([*_names(body), refusal(body)])
    return "; ".join(hint for pattern, hint in _HINTS if pattern.search(words))


def _names(body: Any) -> list[str]:
    """Return the names of the errors, if the panel sends an object."""
    error = body.get("error") if isinstance(body, Mapping) else None
    return [str(name) for name in error] if isinstance(error, Mapping) else []


def remark(body: Any) -> str:
    """Return what the panel says beside its answer, ``""`` for nothing (virtualizor 4.2)."""
    if not isinstance(body, Mapping):
        return ""
    return _one_line(
        "; ".join(_sentences([body.get(key) for key in ("message_text", "message", "done_msg")]))
    )


def plain_text(response: Response) -> str:
    """Return an answer that is neither JSON nor a page, as one line."""
    return "" if is_page(response) else _one_line(response.text)


def _fatal(body: Mapping[str, Any]) -> list[str]:
    inner = body.get("error")
    for place in (body, inner if isinstance(inner, Mapping) else {}):
        message = _sentences([place.get("fatal_error_heading"), place.get("fatal_error_text")])
        if message:
            return [": ".join(message)]
    return []


def _sentences(message: Any) -> list[str]:
    """Every text in a value, however deep."""
    if isinstance(message, Mapping):
        message = list(message.values())
    if isinstance(message, list):
        return [sentence for item in message for sentence in _sentences(item)]
    if isinstance(message, bool) or message is None:
        return ["the panel does not say why"] if message else []
    return [str(message)] if str(message).strip() else []


def _one_line(text: str) -> str:
    """Return a text of the panel without markup and without anything that authorises."""
    bare = _CREDENTIAL.sub(r"\1=********", html.unescape(_TAG.sub(" ", text)))
    return " ".join(_HASH.sub("********", bare).split()).rstrip(".")
