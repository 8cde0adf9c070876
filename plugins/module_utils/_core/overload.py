# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A gate for the requests of all threads while a panel responds "too many requests".

If each thread retried by itself, a hundred threads would send six hundred requests to an overloaded
panel. The first such response therefore closes one gate for all of them. After the pause, one waiting
request is sent as a probe. If the panel refuses the probe, the gate closes for twice as long, and the
probe counts as an attempt of each waiting request. If the panel accepts it, two requests may be sent
at the same time, then three, and so on, until there is no limit.

With N threads, a panel that refuses all requests gets N requests and one more for each of ``retries``.
"""

from __future__ import annotations

import enum
import threading
from collections.abc import Callable
from dataclasses import dataclass

from .waiting import Clock

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
