# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Retry rules: the effect of an operation decides, never its HTTP verb."""

from __future__ import annotations

import enum
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .operations import Effect
from .panel_time import http_date
from .waiting import Clock


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


class Verdict(enum.Enum):
    """The reaction to a fault."""

    RETRY = "send it again"
    REREAD = "read the object again, and send only the remaining changes"
    LOOK = "read the object again, and send nothing more"
    NEVER = "give up"


_CLEAN = {
    Fault.NEVER_SENT: Verdict.RETRY,
    Fault.RATE_LIMITED: Verdict.RETRY,
    Fault.LOCKED: Verdict.RETRY,
}


def _after(
    server_error: Verdict, interrupted: Verdict, body: Verdict, half_done: Verdict
) -> Mapping[Fault, Verdict]:
    return {
        **_CLEAN,
        Fault.SERVER_ERROR: server_error,
        Fault.INTERRUPTED: interrupted,
        Fault.UNREADABLE: body,
        Fault.HALF_DONE: half_done,
    }


VERDICTS: Mapping[Effect, Mapping[Fault, Verdict]] = {
    Effect.READ: _after(Verdict.RETRY, Verdict.RETRY, Verdict.NEVER, Verdict.NEVER),
    Effect.SET: _after(Verdict.REREAD, Verdict.REREAD, Verdict.REREAD, Verdict.LOOK),
    Effect.CREATE: _after(Verdict.NEVER, Verdict.NEVER, Verdict.NEVER, Verdict.LOOK),
    Effect.ACTION: _after(Verdict.NEVER, Verdict.NEVER, Verdict.NEVER, Verdict.NEVER),
    Effect.TRIAL: _after(Verdict.NEVER, Verdict.NEVER, Verdict.NEVER, Verdict.NEVER),
    Effect.DESTROY: _after(Verdict.REREAD, Verdict.REREAD, Verdict.REREAD, Verdict.LOOK),
}


@dataclass(frozen=True)
class RetryPolicy:
    """The retries that the operator allows.

    :param retries: how often one request may be sent again.
    :param budget_s: seconds that a task may spend waiting between attempts, all requests together.
    :param first_s: the first pause; it doubles with each attempt.
    :param longest_s: the longest pause, unless the panel asks for a longer one.
    """

    retries: int = 5
    budget_s: float = 120.0
    first_s: float = 0.5
    longest_s: float = 30.0


#: Seconds between two looks whether the task is to stop, during a wait.
_LOOK_EVERY_S = 0.5
_STOPPING = "the task must end, so nothing is sent again"


class Backoff:
    """The back-off of one task, with a budget. Threads can share it.

    :param stopping: returns whether the task must end soon. Nothing is then sent again, and no wait goes on.
    :param jitter: returns a number from 0 to 1. It shortens a pause by up to half, so that the requests
        of a fleet do not coincide.
    """

    def __init__(
        self,
        policy: RetryPolicy,
        clock: Clock,
        jitter: Callable[[], float] = random.random,
        stopping: Callable[[], bool] | None = None,
    ) -> None:
        self.policy = policy
        self.clock = clock
        self._stopping = stopping
        self._jitter = jitter
        self._lock = threading.Lock()
        self.waited_s = 0.0
        self.retried = 0

    def sibling(self) -> Backoff:
        """Return a back-off with the same policy and a budget of its own."""
        return Backoff(self.policy, self.clock, self._jitter, self._stopping)

    def pause(self, attempt: int, retry_after_s: float | None = None) -> str | None:
        """Wait before attempt number ``attempt`` + 1 (the first attempt is 0).

        :param retry_after_s: seconds that the panel asked for (``Retry-After``).
        :returns: ``None`` after waiting, or, without having waited, the reason why there is no
            further attempt.
        """
        ended = self.exhausted(attempt)
        if ended is None:
            pause = self.length(attempt) if retry_after_s is None else retry_after_s
            ended = self.wait(pause, asked=retry_after_s is not None)
        if ended is None:
            self.repeat()
        return ended

    def exhausted(self, attempt: int) -> str | None:
        """Return why no further attempt is allowed, or ``None``."""
        if self._stopping and self._stopping():
            return _STOPPING
        if attempt < self.policy.retries:
            return None
        made = "1 attempt was" if attempt == 0 else f"{attempt + 1} attempts were"
        return f"{made} made, the number that retries={self.policy.retries} allows"

    def length(self, attempt: int) -> float:
        """Return the pause after an attempt, if the panel does not ask for one."""
        pause = min(self.policy.longest_s, self.policy.first_s * 2 ** min(attempt, 64))
        return float(pause * (1 + self._jitter()) / 2)

    def wait(self, seconds: float, *, asked: bool) -> str | None:
        """Wait, or return why the wait is not allowed.

        :param asked: whether the panel asked for the wait.
        """
        with self._lock:
            if self.waited_s + seconds > self.policy.budget_s:
                what = f"the panel asks to wait {seconds:.0f} s" if asked else "the next attempt"
                return f"{what} would exceed retry_budget={self.policy.budget_s:.0f} seconds"
            self.waited_s += seconds
        return self._sleep(seconds)

    def _sleep(self, seconds: float) -> str | None:
        if self._stopping is None:
            self.clock.sleep(seconds)
            return None
        left = seconds
        while left > 0 and not self._stopping():
            self.clock.sleep(min(left, _LOOK_EVERY_S))
            left -= _LOOK_EVERY_S
        return _STOPPING if self._stopping() else None

    def waited(self, seconds: float) -> None:
        """Count the seconds of a wait for the probe of another thread."""
        with self._lock:
            self.waited_s += seconds

    def repeat(self) -> None:
        """Count a request that is sent again."""
        with self._lock:
            self.retried += 1


def retry_after(value: str | None, clock: Clock) -> float | None:
    """Return the seconds of a ``Retry-After`` header, or ``None`` if it has no valid value.

    The header holds seconds or an HTTP date (RFC 9110, 10.2.3).
    """
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = http_date(text)
    except ValueError:
        return None
    return max(0.0, moment - clock.time())
