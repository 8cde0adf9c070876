# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The protocol of a kind of panel: credentials, bodies, and which responses are failures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import Code
from .http import Request, Response
from .operations import Catalogue, Operation
from .redact import origin
from .retry import Fault


@dataclass(frozen=True)
class Rejection:
    """The reason why a response is not a success.

    :param code: failure code for the task.
    :param message: the panel's message, one line.
    :param fault: set if the request may be sent again, or may have taken effect.
    :param hint: what the operator can try.
    :param passing: whether the fault is temporary.
    :param foreign: whether this is a 404 that does not prove that an object is absent.
    """

    code: Code
    message: str
    fault: Fault | None = None
    hint: str = ""
    passing: bool = True
    foreign: bool = False


class Dialect(ABC):
    """The protocol of one kind of panel: credentials, bodies and errors."""

    #: The panel's name in messages.
    panel: str
    operations: Catalogue
    #: The option with the panel's address, for hints.
    address: str = "api_url"
    #: Whether bodies are sent as HTML forms rather than as JSON.
    sends_forms: bool = False

    @abstractmethod
    def secrets(self) -> tuple[str, ...]:
        """Return the values to mask in all texts."""

    @abstractmethod
    def authorise(self, request: Request) -> Request:
        """Return the request with credentials. Called for each attempt, since a signature may contain the time."""

    @abstractmethod
    def message(self, response: Response) -> str:
        """Return the panel's message from the body of an error, or ``""``."""

    def reject(self, response: Response) -> Rejection | None:
        """Return why a response is a failure, or ``None``. Override if HTTP 200 can mean failure."""
        return None if response.ok else rejection_by_status(response, self.message(response))

    def says_absent(self, operation: Operation, response: Response) -> bool:
        """Return whether a 404 proves that the object of the operation does not exist.

        A 404 can also come from a wrong path or a proxy. A path without an ID names no object, so its 404
        never proves anything.
        """
        return bool(operation.placeholders)

    def failed_inside(self, answer: Any) -> Rejection | None:
        """Return why a response to a write with a success status is a failure, or ``None``."""
        return None

    def decode(self, response: Response) -> Any:
        """Return the decoded body of a success. :raises ValueError: the body does not match the API."""
        return response.json()


_BY_STATUS: Mapping[int, tuple[Code, Fault | None, str]] = {
    400: (Code.VALIDATION, None, ""),
    401: (
        Code.AUTH,
        None,
        "check that the token is complete, not expired, and allowed from this address",
    ),
    403: (Code.FORBIDDEN, None, "give the token the permission that this operation needs"),
    404: (Code.NOT_FOUND, None, ""),
    407: (Code.TRANSPORT, None, "put the credentials into HTTPS_PROXY"),
    409: (Code.CONFLICT, None, ""),
    422: (Code.VALIDATION, None, ""),
    423: (
        Code.LOCKED,
        Fault.LOCKED,
        "wait for the running task, or raise retries and retry_budget",
    ),
    429: (Code.RATE_LIMITED, Fault.RATE_LIMITED, "lower rate_limit, or raise retry_budget"),
}

_BARE_STATUS: Mapping[int, str] = {
    400: "the panel refused the request (HTTP 400)",
    401: "the panel did not accept the credentials (HTTP 401)",
    403: "the credentials lack the permission (HTTP 403)",
    404: "the panel has no such object (HTTP 404)",
    409: "it conflicts with the current state (HTTP 409)",
    407: "the proxy requires credentials (HTTP 407)",
    422: "the panel refused the values (HTTP 422)",
    423: "it is locked by a running task (HTTP 423)",
    429: "too many requests (HTTP 429)",
}


def rejection_by_status(response: Response, message: str) -> Rejection:
    """Classify a response by its HTTP status.

    :param message: the panel's message, or ``""``.
    """
    status = response.status
    if 300 <= status < 400:
        target = origin(response.headers.get("location", ""))
        return Rejection(
            Code.PROTOCOL,
            f"the panel redirects to {target} (HTTP {status})",
            hint="redirects are not followed with credentials; set api_url to where the API is",
        )
    if status >= 500:
        reason = f"{message or 'the panel failed'} (HTTP {status})"
        return Rejection(Code.TRANSPORT, reason, Fault.SERVER_ERROR, "check the log of the panel")
    code, fault, hint = _BY_STATUS.get(status, (Code.PROTOCOL, None, ""))
    return Rejection(
        code,
        message or _BARE_STATUS.get(status, f"the panel responded with HTTP {status}"),
        fault,
        hint,
    )
