# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decide whether a request is sent again, and when requests are sent.

The effect of an operation decides whether, never its HTTP verb. The pauses between attempts, the
operator's rate, and a gate while a panel is overloaded decide when.

If each thread retried by itself, a hundred threads would send six hundred requests to an overloaded
panel. The first response "too many requests" therefore closes one gate for all of them. After the
pause, one waiting request is sent as a probe. If the panel refuses it, the gate closes for twice as
long, and the probe counts as an attempt of each waiting request. If the panel accepts it, two requests
may be sent at the same time, then three, and so on, until there is no limit.

With N threads, a panel that refuses all requests gets N requests and one more for each of ``retries``.
"""

from __future__ import annotations

import enum
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from .clock import Clock, http_date, sleep_unless
from .dialect import Effect
from .errors import Fault


class Verdict(enum.Enum):
    """The reaction to a fault."""

    RETRY = "send it again"
    REREAD = "read the object again, and send only the remaining changes"
    LOOK = "read the object again, and send nothing more"
    NEVER = "give up"


_NOT_DONE = dict.fromkeys((Fault.NEVER_SENT, Fault.RATE_LIMITED, Fault.LOCKED), Verdict.RETRY)


def _after(
    no_response: Verdict, unreadable: Verdict, half_done: Verdict
) -> Mapping[Fault, Verdict]:
    lost = dict.fromkeys((Fault.SERVER_ERROR, Fault.INTERRUPTED), no_response)
    return {**_NOT_DONE, **lost, Fault.UNREADABLE: unreadable, Fault.HALF_DONE: half_done}


VERDICTS: Mapping[Effect, Mapping[Fault, Verdict]] = {
    Effect.READ: _after(Verdict.RETRY, Verdict.NEVER, Verdict.NEVER),
    Effect.SET: _after(Verdict.REREAD, Verdict.REREAD, Verdict.LOOK),
    Effect.CREATE: _after(Verdict.NEVER, Verdict.NEVER, Verdict.LOOK),
    Effect.ACTION: _after(Verdict.NEVER, Verdict.NEVER, Verdict.NEVER),
    Effect.TRIAL: _after(Verdict.NEVER, Verdict.NEVER, Verdict.NEVER),
    Effect.DESTROY: _after(Verdict.REREAD, Verdict.REREAD, Verdict.LOOK),
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


_STOPPING = "the task must end, so nothing is sent again"


@dataclass(eq=False, repr=False)
class Backoff:
    """The back-off of one task, with a budget. Threads can share it.

    :param stopping: returns whether the task must end soon. Nothing is then sent again, and no wait goes on.
    :param jitter: returns a number from 0 to 1. It shortens a pause by up to half, so that the requests
        of a fleet do not coincide.
    """

    policy: RetryPolicy
    clock: Clock
    jitter: Callable[[], float] = random.random
    stopping: Callable[[], bool] | None = None

    def __post_init__(self) -> None:
        self.waited_s = 0.0
        self.retried = 0
        self._lock = threading.Lock()

    def sibling(self) -> Backoff:
        """Return a back-off with the same policy and a budget of its own."""
        return replace(self)

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
        if self.stopping and self.stopping():
            return _STOPPING
        if attempt < self.policy.retries:
            return None
        made = "1 attempt was" if attempt == 0 else f"{attempt + 1} attempts were"
        return f"{made} made, the number that retries={self.policy.retries} allows"

    def length(self, attempt: int) -> float:
        """Return the pause after an attempt, if the panel does not ask for one."""
        pause = min(self.policy.longest_s, self.policy.first_s * 2 ** min(attempt, 64))
        return float(pause * (1 + self.jitter()) / 2)

    def wait(self, seconds: float, *, asked: bool) -> str | None:
        """Wait, or return why the wait is not allowed.

        :param asked: whether the panel asked for the wait.
        """
        with self._lock:
            if self.waited_s + seconds > self.policy.budget_s:
                what = f"the panel asks to wait {seconds:.0f} s" if asked else "the next attempt"
                return f"{what} would exceed retry_budget={self.policy.budget_s:.0f} seconds"
            self.waited_s += seconds
        if self.stopping is None:
            self.clock.sleep(seconds)
            return None
        return _STOPPING if sleep_unless(self.stopping, seconds, self.clock) else None

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


#: Above this number of simultaneous requests there is no limit. No run has more threads.
_OPEN = 128

#: The resolution of clocks: a shorter remaining pause counts as none.
_STEP_S = 1e-5


class Load(enum.Enum):
    """The load of the panel according to a response."""

    LIMITED = "too many requests"
    ACCEPTED = "any other response"
    #: The request was not delivered, or there is no response.
    NONE = "no response"


@dataclass(frozen=True)
class Pass:
    """The permission to send one request. Return it with :meth:`Gate.leave`.

    :param closings: how often the gate had closed before.
    :param waited_s: seconds spent waiting for the probe of another thread.
    """

    closings: int
    waited_s: float = 0.0


@dataclass(frozen=True)
class Closed:
    """The state of a closed gate.

    :param left_s: seconds until a probe may be sent.
    :param asked: whether the panel asked for that pause (``Retry-After``).
    :param closings: how often the gate has closed.
    :param waited_s: seconds spent waiting for the probe of another thread.
    """

    left_s: float
    asked: bool
    closings: int
    waited_s: float = 0.0


class Gate:
    """A gate for the requests of all sessions of a run. It admits all, some, one at a time, or none."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._until = clock.monotonic()
        self._asked = False
        self._closings = 0
        self._in_a_row = 0
        self._room: int | None = None
        self._inside = 0

    def enter(self) -> Pass | Closed:
        """Return a pass, or the state of the closed gate. Wait for the probe of another thread."""
        waited_s = 0.0
        with self._changed:
            while True:
                left_s = self._until - self._clock.monotonic()
                if left_s > _STEP_S:
                    return Closed(left_s, self._asked, self._closings, waited_s)
                if self._room is None or self._inside < self._room:
                    self._inside += 1
                    return Pass(self._closings, waited_s)
                begun = self._clock.monotonic()
                self._changed.wait()
                waited_s += self._clock.monotonic() - begun

    def leave(
        self,
        permit: Pass,
        load: Load,
        pause_s: Callable[[int], float],
        retry_after_s: float | None = None,
    ) -> int:
        """Record the end of a request.

        :param pause_s: returns the length of a pause from the number of refused probes before it.
        :param retry_after_s: the pause that the panel asked for.
        :returns: how often the gate has closed.
        """
        with self._changed:
            self._inside -= 1
            if load is Load.LIMITED:
                self._close(permit, pause_s, retry_after_s)
            elif load is Load.ACCEPTED and self._room is not None:
                self._in_a_row = 0
                self._room = self._room + 1 if self._room < _OPEN else None
            self._changed.notify_all()
            return self._closings

    def _close(
        self, permit: Pass, pause_s: Callable[[int], float], retry_after_s: float | None
    ) -> None:
        first = permit.closings == self._closings
        if not first and retry_after_s is None:
            return  # the request was sent before the gate closed
        if first:
            self._closings += 1
            self._room = 1
        pause = pause_s(self._in_a_row) if retry_after_s is None else retry_after_s
        self._in_a_row += first
        until = self._clock.monotonic() + pause
        if until > self._until:
            self._until = until
            self._asked = retry_after_s is not None


class RateLimiter:
    """A rate limiter that spaces requests evenly. Threads can share it.

    :param per_second: requests per second; 0 means no limit.
    :param clock: the source of time.
    """

    def __init__(self, per_second: float, clock: Clock) -> None:
        self._interval = 1 / per_second if per_second > 0 else 0.0
        self._clock = clock
        self._lock = threading.Lock()
        self._next = clock.monotonic()

    def acquire(self) -> float:
        """Wait for the next free slot and return the seconds waited."""
        if not self._interval:
            return 0.0
        with self._lock:
            now = self._clock.monotonic()
            slot = max(now, self._next)
            self._next = slot + self._interval
        if slot > now:
            self._clock.sleep(slot - now)
        return slot - now
