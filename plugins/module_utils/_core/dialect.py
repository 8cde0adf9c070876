# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API of a kind of panel: its operations, declared as data, and its protocol.

The check-mode lock, the retry rules, the wording of errors, the completeness test against the
published API and the coverage table in the docs all use the declarations. The protocol defines how
credentials and bodies are sent, and which responses are failures.
"""

from __future__ import annotations

import enum
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import quote

from .errors import Code, Fault, invalid
from .http import Request, Response
from .safe_text import origin


class Effect(enum.Enum):
    """The effect of an operation on the panel. The HTTP verb does not determine it."""

    READ = "read"
    #: Sets an absolute value: a second request leaves the same state.
    SET = "set"
    #: Creates a new object with each request.
    CREATE = "create"
    #: Has an effect with each request: a power action, a new password, a payment.
    ACTION = "action"
    #: Deletes an object: a second request leaves the same state.
    DESTROY = "destroy"
    #: A dry run of a create. A panel without this feature creates the object.
    TRIAL = "trial"


_PLACEHOLDER = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Operation:
    """An operation of a panel's API.

    :param name: the name in results and errors, such as ``change_server_package``.
    :param method: HTTP verb.
    :param path: the path below the API's base, with ``{placeholders}`` and an optional fixed query.
    :param effect: see :class:`Effect`.
    :param phrase: the action in messages, after "Cannot ". It may contain placeholders of the path.
    :param query: names of the query parameters.
    :param body: names of the top-level keys of the body; ``*`` allows any other.
    :param service: the panel's service that executes the operation, if it has several.
    """

    name: str
    method: str
    path: str
    effect: Effect
    phrase: str
    query: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    service: str = ""

    @property
    def reads(self) -> bool:
        """Whether the operation changes nothing on the panel."""
        return self.effect is Effect.READ

    @property
    def is_allowed_in_check_mode(self) -> bool:
        """Whether the operation is meant to change nothing on the panel."""
        return self.effect in (Effect.READ, Effect.TRIAL)

    @property
    def open_body(self) -> bool:
        """Whether the body may have undeclared keys, such as keys of a newer panel version."""
        return "*" in self.body

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Names of the placeholders in the path."""
        return tuple(_PLACEHOLDER.findall(self.path))

    def url_path(self, parts: Mapping[str, Any]) -> str:
        """Return the path with encoded parts, so that no value can lead to another path.

        :raises PanelError: ``validation`` for a part that is not set, blank or made of dots.
        """

        def encoded(match: re.Match[str]) -> str:
            part = parts[match[1]]
            text = "" if part is None else str(part)
            if not text.strip(".") or not text.strip():
                raise invalid(f"{match[1]} must not be {text!r}: it is part of a URL")
            return quote(text, safe="")

        return _PLACEHOLDER.sub(encoded, self.path)

    def describe(self, parts: Mapping[str, Any]) -> str:
        """Return the action and its object, for an error message."""
        return self.phrase.format_map(parts)


def _declare(
    effect: Effect,
    name: str,
    request: str,
    phrase: str,
    *,
    query: str = "",
    body: str = "",
    service: str = "",
) -> Operation:
    """Declare one operation: ``reads("get_x", "GET /x/{id}", "read x {id}")``.

    :param query: names of the query parameters, separated by spaces.
    :param body: keys of the body, separated by spaces.
    """
    method, path = request.split(" ", 1)
    names = tuple(query.split()), tuple(body.split())
    return Operation(name, method, path, effect, phrase, *names, service)


reads = partial(_declare, Effect.READ)
sets = partial(_declare, Effect.SET)
creates = partial(_declare, Effect.CREATE)
acts = partial(_declare, Effect.ACTION)
destroys = partial(_declare, Effect.DESTROY)
tries = partial(_declare, Effect.TRIAL)


class Catalogue(dict[str, Operation]):
    """The operations of one panel, by name."""

    def __init__(self, *operations: Operation) -> None:
        super().__init__((operation.name, operation) for operation in operations)
        if len(self) != len(operations):
            raise ValueError("two operations share a name")


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


#: The rejection of a response that has no message, by its status.
_BY_STATUS: Mapping[int, Rejection] = {
    400: Rejection(Code.VALIDATION, "the panel refused the request"),
    401: Rejection(
        Code.AUTH,
        "the panel did not accept the credentials",
        hint="check that the token is complete, not expired, and allowed from this address",
    ),
    403: Rejection(
        Code.FORBIDDEN,
        "the credentials lack the permission",
        hint="give the token the permission that this operation needs",
    ),
    404: Rejection(Code.NOT_FOUND, "the panel has no such object"),
    407: Rejection(
        Code.TRANSPORT,
        "the proxy requires credentials",
        hint="check the credentials in HTTPS_PROXY and HTTP_PROXY",
    ),
    409: Rejection(Code.CONFLICT, "it conflicts with the current state"),
    422: Rejection(Code.VALIDATION, "the panel refused the values"),
    423: Rejection(
        Code.LOCKED,
        "it is locked by a running task",
        Fault.LOCKED,
        "wait for the running task, or raise retries and retry_budget",
    ),
    429: Rejection(
        Code.RATE_LIMITED,
        "too many requests",
        Fault.RATE_LIMITED,
        "lower rate_limit, or raise retry_budget",
    ),
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
            # This one redirects to the result of a request that was executed (RFC 9110, 15.4.4).
            Fault.UNREADABLE if status == 303 else None,
            hint="redirects are not followed with credentials; set api_url to where the API is",
        )
    if status >= 500:
        reason = f"{message or 'the panel failed'} (HTTP {status})"
        return Rejection(Code.TRANSPORT, reason, Fault.SERVER_ERROR, "check the log of the panel")
    known = _BY_STATUS.get(status)
    if known is None:
        return Rejection(Code.PROTOCOL, message or f"the panel responded with HTTP {status}")
    return replace(known, message=message or f"{known.message} (HTTP {status})")
