# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all threads of a run do together when a panel answers "too many requests".

If each thread waited and tried by itself, a hundred threads would send six hundred requests to a
panel that asks for fewer. So the first such answer closes one gate for all of them. After the pause
one request goes as a probe, in the place of all that wait. If the panel refuses it too, the gate
closes for twice as long, and the probe counts as an attempt of each request that waited for it. If
the panel takes it, two requests may be under way, then three, and so on, until there is no limit.

With N threads, an endless refusal thus costs N requests, those that were under way, and then one for
each of ``retries``.
"""

from __future__ import annotations

import enum
import threading
from collections.abc import Callable
from dataclasses import dataclass

from .waiting import Clock

#: With more requests under way than that there is no limit again: no run has more threads.
_OPEN = 128

#: Clocks count in steps: what is left of a pause after it is no pause.
_STEP_S = 1e-5


class Answer(enum.Enum):
    """What a request tells about the panel's load."""

    LIMITED = "too many requests"
    ACCEPTED = "any other answer"
    #: The request did not arrive, or no answer came back.
    NONE = "no answer"


@dataclass(frozen=True)
class Pass:
    """The permission to send one request; to be returned to :meth:`Gate.leave`.

    :param closings: how often the gate had closed before.
    :param waited_s: seconds spent waiting for the probe of another thread.
    """

    closings: int
    waited_s: float = 0.0


@dataclass(frozen=True)
class Closed:
    """The gate is closed.

    :param left_s: seconds until a probe may go.
    :param asked: whether the panel asked for that pause (``Retry-After``).
    :param closings: how often the gate has closed.
    :param waited_s: seconds spent waiting for the probe of another thread.
    """

    left_s: float
    asked: bool
    closings: int
    waited_s: float = 0.0


class Gate:
    """Lets the requests of all sessions of a run through: all, some, one at a time, or none."""

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
        """Return a pass, or how long the gate is closed. Waits for the probe of another thread."""
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
        answer: Answer,
        pause_s: Callable[[int], float],
        retry_after_s: float | None = None,
    ) -> int:
        """Report what came of a request.

        :param pause_s: returns the length of a pause from how many probes were refused before it.
        :param retry_after_s: the pause that the panel asked for.
        :returns: how often the gate has closed.
        """
        with self._changed:
            self._inside -= 1
            if answer is Answer.LIMITED:
                self._close(permit, pause_s, retry_after_s)
            elif answer is Answer.ACCEPTED and self._room is not None:
                self._in_a_row = 0
                self._room = self._room + 1 if self._room < _OPEN else None
            self._changed.notify_all()
            return self._closings

    def _close(
        self, permit: Pass, pause_s: Callable[[int], float], retry_after_s: float | None
    ) -> None:
        first = permit.closings == self._closings
        if not first and retry_after_s is None:
            return  # it was under way when the gate closed, and says nothing new
        if first:
            self._closings += 1
            self._room = 1
        pause = pause_s(self._in_a_row) if retry_after_s is None else retry_after_s
        self._in_a_row += first
        until = self._clock.monotonic() + pause
        if until > self._until:
            self._until = until
            self._asked = retry_after_s is not None
