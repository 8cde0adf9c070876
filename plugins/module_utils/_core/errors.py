# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The exception that all layers raise, and the documented failure codes.

All code below the runner raises :class:`PanelError`. Only the edge turns it into ``fail_json``.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

from .safe_text import plain


class Code(str, enum.Enum):
    """Failure codes, for ``rescue`` blocks. The guide "failures" documents each."""

    AUTH = "auth"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    AMBIGUOUS = "ambiguous"
    VALIDATION = "validation"
    LOCKED = "locked"
    RATE_LIMITED = "rate_limited"
    CONFLICT = "conflict"
    REFUSED = "refused"
    JOB_FAILED = "job_failed"
    WAIT_TIMEOUT = "wait_timeout"
    TRANSPORT = "transport"
    PROTOCOL = "protocol"
    #: A run over many objects was stopped, or more objects failed than allowed. Or a task had to end before its change.
    STOPPED = "stopped"
    #: A defect of this collection.
    INTERNAL = "internal"


class Fault(enum.Enum):
    """The reasons for a request without a usable response."""

    #: The request was not sent: name lookup, connect, proxy.
    NEVER_SENT = "never sent"
    #: HTTP 429: refused before it had an effect.
    RATE_LIMITED = "rate limited"
    #: HTTP 423: the object is busy and was not changed.
    LOCKED = "locked"
    #: HTTP 5xx: the request may have had its effect.
    SERVER_ERROR = "server error"
    #: Read timeout, reset, incomplete body: the request may have had its effect.
    INTERRUPTED = "interrupted"
    #: The status is a success but the body is unreadable: the request most likely had its effect.
    UNREADABLE = "unreadable"
    #: The response reports both success and failure.
    HALF_DONE = "half done"


@dataclass(eq=False, repr=False)
class PanelError(Exception):
    """A failure of a task.

    :param code: one of :class:`Code`.
    :param message: the reason, from the panel, the network or a check; one line.
    :param action: the failed action and its object, such as "read server 7". Empty for a wrong option.
    :param hint: what the operator can try.
    :param operation: name of the operation in the panel's catalogue.
    :param http_status: HTTP status of the response, if there was one.
    :param retryable: whether the same task may succeed later.
    :param partial: whether some changes were made before this failure.
    :param uncertain: whether a write was sent whose effect is unknown.
    :param predictable: whether the object was named by something that an earlier task can create it with.
    :param foreign: whether this is a 404 that does not prove that the object is absent, see :attr:`absent`.
    :param result: further keys for the task's result, such as the changes made so far.
    :param written: the fields that were written before, where an object is written field by field.
    :param variable: the environment variable that can also set a missing option.
    """

    code: Code
    message: str
    options: KW_ONLY  # no field: those below are set by keyword only
    action: str = ""
    hint: str = ""
    operation: str = ""
    http_status: int | None = None
    retryable: bool = False
    partial: bool = False
    uncertain: bool = False
    foreign: bool = False
    predictable: bool = False
    result: dict[str, Any] = field(default_factory=dict)
    written: frozenset[str] = frozenset()
    variable: str = ""

    def __post_init__(self) -> None:
        super().__init__(self.message)
        self.result = dict(self.result)

    @property
    def absent(self) -> bool:
        """Return whether the panel itself reports that the object does not exist.

        Only this may count as absence. The code alone may stem from a wrong path or a proxy.
        """
        return self.code is Code.NOT_FOUND and not self.foreign

    @property
    def msg(self) -> str:
        """The sentence for people: "Cannot <action>: <message> (<hint>)"."""
        sentence = f"Cannot {self.action}: {self.message}" if self.action else self.message
        return plain(f"{sentence} ({self.hint})" if self.hint else sentence)

    def __str__(self) -> str:
        return self.msg

    def add_hint(self, hint: str) -> None:
        """Append a hint."""
        self.hint = "; ".join(filter(None, [self.hint, hint]))

    def failure(self) -> dict[str, Any]:
        """Return the ``failure`` key of the task's result."""
        return {
            "code": self.code.value,
            "http_status": self.http_status,
            "operation": self.operation or None,
            "message": plain(self.message),
            "retryable": self.retryable,
            "partial": self.partial,
            "state": "unknown" if self.uncertain else "known",
        }

    def to_result(self) -> dict[str, Any]:
        """Return the failed task's result: ``msg``, ``failure`` and the keys of ``result``."""
        return {
            **self.result,
            "changed": self.partial or self.result.get("changed", False),
            "msg": self.msg,
            "failure": self.failure(),
        }


def invalid(message: str, hint: str = "", *, variable: str = "") -> PanelError:
    """Return the error for a wrong option, found before anything is sent.

    :param variable: the environment variable that can also set a missing option, as the hint states.
    """
    return PanelError(Code.VALIDATION, message, hint=hint, variable=variable)


def unreadable(message: str, hint: str = "") -> PanelError:
    """Return the error for a response that does not match the panel's API."""
    return PanelError(Code.PROTOCOL, message, hint=hint)


def defect(error: Exception, *, at: str = "", uncertain: bool = False) -> PanelError:
    """Return the error for a defect of this collection.

    :param at: the object, if the task has many.
    :param uncertain: whether something may have been written.
    """
    return PanelError(
        Code.INTERNAL,
        f"{type(error).__name__}: {error}",
        action=f"continue{f' with {at}' if at else ''} after a defect in vpsfleet.panels",
        hint="please report it",
        uncertain=uncertain,
    )


def result_of(work: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], bool]:
    """Return the result of a task, and whether it is a failure. Never raise."""
    try:
        return work(), False
    except PanelError as error:
        return error.to_result(), True
    except Exception as error:  # noqa: BLE001 - no traceback ever reaches an operator
        return defect(error).to_result(), True
