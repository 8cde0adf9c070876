# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The clock, replaceable in tests, and the polling loop."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Clock(Protocol):
    """A source of time."""

    def monotonic(self) -> float:
        """Return monotonic seconds, for deadlines."""

    def time(self) -> float:
        """Return seconds since the epoch, for dates from a server."""

    def sleep(self, seconds: float) -> None:
        """Wait for a number of seconds."""


class SystemClock:
    """The clock of the machine."""

    def monotonic(self) -> float:
        return time.monotonic()

    def time(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


#: More seconds than any wait lasts, and between two looks during a sleep.
_ALL_WAITS_S = 1e9
_LOOK_EVERY_S = 0.5


class EndingClock:
    """A clock on which all waits end once the task must end. Each sleep then passes every deadline.

    :param ending: returns whether the task must end.
    """

    def __init__(self, clock: Clock, ending: Callable[[], bool]) -> None:
        self._clock = clock
        self._ending = ending
        self._skipped_s = 0.0

    def monotonic(self) -> float:
        return self._clock.monotonic() + self._skipped_s

    def time(self) -> float:
        return self._clock.time()

    def sleep(self, seconds: float) -> None:
        left = seconds
        while left > 0 and not self._ending():
            self._clock.sleep(min(left, _LOOK_EVERY_S))
            left -= _LOOK_EVERY_S
        if self._ending():
            self._skipped_s += _ALL_WAITS_S


def wait_until(
    probe: Callable[[], T],
    done: Callable[[T], bool],
    *,
    timeout_s: float,
    clock: Clock,
    first_s: float = 0.5,
    longest_s: float = 5.0,
) -> tuple[T, bool]:
    """Call ``probe`` until ``done`` accepts its result.

    The pause starts at ``first_s`` and doubles up to ``longest_s``. The last pause ends at the
    deadline and is followed by one more call. With ``timeout_s`` 0 there is exactly one call.

    :returns: the last result, and whether it was accepted.
    """
    deadline = clock.monotonic() + timeout_s
    pause = first_s
    while True:
        last = probe()
        if done(last):
            return last, True
        left = deadline - clock.monotonic()
        if left <= 0:
            return last, False
        clock.sleep(min(pause, left))
        pause = min(pause * 2, longest_s)
