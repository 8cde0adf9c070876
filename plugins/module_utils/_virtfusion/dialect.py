# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The protocol of a VirtFusion panel: a bearer token, JSON, and errors by HTTP status.

The panel itself sends ``errors`` (a list) on newer endpoints and ``msg`` on older ones; its
framework sends ``errors`` as a map from field to list, or ``message``; a gateway in front of it
sends HTML (virtfusion 1.3).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._core.dialect import Dialect, Operation, Rejection
from .._core.errors import Code, Fault
from .._core.http import Request, Response
from .operations import OPERATIONS


class VirtFusionDialect(Dialect):
    """Dialect of the panel's Global API.

    :param token: API token, created in the panel under Configuration, API.
    """

    panel = "VirtFusion"
    operations = OPERATIONS

    def __init__(self, token: str) -> None:
        self._token = token

    def secrets(self) -> tuple[str, ...]:
        return (self._token,)

    def authorise(self, request: Request) -> Request:
        return request.with_header("Authorization", f"Bearer {self._token}").with_header(
            "Accept", "application/json"
        )

    def message(self, response: Response) -> str:
        return error_text(response)

    def says_absent(self, operation: Operation, response: Response) -> bool:
        return super().says_absent(operation, response) and reports_absence(response)

    def failed_inside(self, answer: Any) -> Rejection | None:
        message = inner_failure(answer)
        if not message:
            return None
        # Without the errors it would be a success with data, so the request may have had its effect.
        rest = {**answer, "errors": None, "error": None}
        half_done = bool(answer.get("data")) and not inner_failure(rest)
        return Rejection(Code.JOB_FAILED, message, Fault.HALF_DONE if half_done else None)


#: "server not found" and "ext_relation_id not found" are observed, the other texts inferred (virtfusion 1.3).
_ABSENT = re.compile(r"\b(?:not found|does not exist|no longer exists)\b", re.IGNORECASE)
#: Texts of a web server's or router's own 404, which proves nothing about an object of the panel.
_ADDRESS = re.compile(r"\b(?:route|page|url|uri|path|endpoint|file)s?\b", re.IGNORECASE)
#: The panel's framework names the class of the record that it did not find. INFERRED (virtfusion 1.3).
_NO_RECORD = "No query results for model"


def reports_absence(response: Response) -> bool:
    """Return whether the body of a 404 reports that an object does not exist.

    The panel does so with ``msg`` or a list of ``errors``, and nothing else in the body. Any other body comes
    from a wrong path, a proxy or another service (virtfusion 1.3).
    """
    try:
        body = response.json()
    except ValueError:
        return False
    if not isinstance(body, Mapping):
        return False
    if str(body.get("message")).startswith(_NO_RECORD):
        return True
    if len(body) != 1 or not {"msg", "errors"} & set(body):
        return False
    words = _sentences(body)
    return bool(words) and all(_ABSENT.search(w) and not _ADDRESS.search(w) for w in words)


def error_text(response: Response) -> str:
    """Return the panel's error message, or ``""`` if the body has none."""
    try:
        body = response.json()
    except ValueError:
        text = response.text.strip()
        return "" if text.startswith("<") else text
    return "; ".join(_sentences(body))


def inner_failure(answer: Any) -> str:
    """Return the failure that a successful response to a write reports, or ``""``.

    The hypervisor's result is in ``data.system``: ``reset_password: false`` means that the guest did not accept
    the new password in the same response (virtfusion 3.1). An error in a successful response counts, too.
    """
    if not isinstance(answer, Mapping):
        return ""
    data = answer.get("data")
    inner = data if isinstance(data, Mapping) else {}
    system = inner.get("system")
    results = system.get("data") if isinstance(system, Mapping) else None
    failed = [
        f"the hypervisor reports {name}: false"
        for name, value in (results.items() if isinstance(results, Mapping) else ())
        if _is_false(value) or (isinstance(value, Mapping) and _is_false(value.get("success")))
    ]
    for place in (answer, inner, system if isinstance(system, Mapping) else {}):
        if "success" in place and _is_false(place["success"]):
            failed += _sentences(place) or ["the panel reports success: false"]
        elif place is not inner:
            failed += _sentences({"errors": place.get("errors"), "error": place.get("error")})
    return "; ".join(dict.fromkeys(failed))


def _is_false(value: Any) -> bool:
    return value is False or (
        isinstance(value, (int, str)) and str(value).lower() in ("0", "false")
    )


def _sentences(body: Any) -> list[str]:
    if isinstance(body, str):
        return [body]
    if isinstance(body, list):
        return [sentence for item in body for sentence in _sentences(item)]
    if not isinstance(body, Mapping):
        return []
    errors = body.get("errors")
    if isinstance(errors, Mapping):
        errors = [
            f"{name}: {line}" for name, message in errors.items() for line in _sentences(message)
        ]
    for message in (errors, body.get("msg"), body.get("message"), body.get("error")):
        if message:
            return _sentences(message)
    return []
