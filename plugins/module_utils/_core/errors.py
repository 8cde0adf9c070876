# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one exception that crosses layers, and the documented failure codes that workflows test.

Everything below the runner raises :class:`PanelError`; only the edge turns it into ``fail_json``.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any

from .plain_text import plain


class Code(str, enum.Enum):
    """What went wrong, as a word that a ``rescue`` block can compare. The guide "failures" documents each."""

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
    #: A run over many objects ended before all were done, or more of them failed than may.
    STOPPED = "stopped"
    #: A defect of this collection.
    INTERNAL = "internal"


class PanelError(Exception):
    """Something could not be done.

    :param code: one of :class:`Code`.
    :param message: what the panel, the network or the check said; one line.
    :param action: what could not be done, to which object, such as "read server 7". Empty for
        a mistake in the options, which is about no request.
    :param hint: what to try.
    :param operation: name of the operation in the panel's catalogue.
    :param http_status: status of the answer, if there was one.
    :param retryable: the same task may succeed later without any change to it.
    :param partial: some changes were made before this failure.
    :param uncertain: a write was sent and nobody knows whether the panel carried it out.
    :param foreign: a 404 that does not prove that the object is absent, see :attr:`absent`.
    :param result: further keys for the task's result, such as the changes made so far.
    """

    def __init__(
        self,
        code: Code,
        message: str,
        *,
        action: str = "",
        hint: str = "",
        operation: str = "",
        http_status: int | None = None,
        retryable: bool = False,
        partial: bool = False,
        uncertain: bool = False,
        foreign: bool = False,
        result: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.action = action
        self.hint = hint
        self.operation = operation
        self.http_status = http_status
        self.retryable = retryable
        self.partial = partial
        self.uncertain = uncertain
        self.foreign = foreign
        #: The fields that were written before this failure, where an object is written field by field.
        self.written: frozenset[str] = frozenset()
        self.result: dict[str, Any] = dict(result or {})

    @property
    def absent(self) -> bool:
        """Whether the panel itself says that the object does not exist.

        Only this may count as absence. The code alone may stem from a wrong path or a proxy.
        """
        return self.code is Code.NOT_FOUND and not self.foreign

    @property
    def msg(self) -> str:
        """The sentence for people: "Cannot <operation> <object>: <what was said> (<hint>)"."""
        sentence = f"Cannot {self.action}: {self.message}" if self.action else self.message
        return plain(f"{sentence} ({self.hint})" if self.hint else sentence)

    def __str__(self) -> str:
        return self.msg

    def add_hint(self, hint: str) -> None:
        """Say one more thing to try, or to know."""
        self.hint = "; ".join(filter(None, [self.hint, hint]))

    def failure(self) -> dict[str, Any]:
        """The ``failure`` key of the task's result, for workflows."""
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
        """The whole failed result: ``msg``, ``failure`` and whatever the task had learnt."""
        return {
            **self.result,
            "changed": self.partial or self.result.get("changed", False),
            "msg": self.msg,
            "failure": self.failure(),
        }


def invalid(message: str, hint: str = "") -> PanelError:
    """A mistake in the options, found before anything was sent."""
    return PanelError(Code.VALIDATION, message, hint=hint)


def unreadable(message: str, hint: str = "") -> PanelError:
    """An answer that is not what the panel's API promises."""
    return PanelError(Code.PROTOCOL, message, hint=hint)


def defect(error: Exception, *, at: str = "", uncertain: bool = False) -> PanelError:
    """A defect of this collection, in words that an operator can report.

    :param at: the object at which it showed, where there are many.
    :param uncertain: whether something may have been written.
    """
    return PanelError(
        Code.INTERNAL,
        f"{type(error).__name__}: {error}",
        action=f"go on{f' with {at}' if at else ''} after a defect in vpsfleet.panels",
        hint="please report it",
        uncertain=uncertain,
    )
