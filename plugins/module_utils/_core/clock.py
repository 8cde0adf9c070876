# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The clocks of this machine and of the panel, and the polling loop. Tests replace the clock.

A deadline that several controllers compare must not depend on their clocks. All of them see the panel's
clock, in the ``Date`` header of its responses (RFC 9110, 6.6.1).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import Protocol, TypeVar

from .errors import unreadable

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


#: More seconds than any wait lasts, and the seconds between two checks during a sleep.
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
        if sleep_unless(self._ending, seconds, self._clock):
            self._skipped_s += _ALL_WAITS_S


def sleep_unless(ending: Callable[[], bool], seconds: float, clock: Clock) -> bool:
    """Sleep until the task must end, at most for some seconds. Return whether it must end."""
    left = seconds
    while left > 0 and not ending():
        clock.sleep(min(left, _LOOK_EVERY_S))
        left -= _LOOK_EVERY_S
    return ending()


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


#: The header has whole seconds: the panel's time is up to this much later.
_RESOLUTION_S = 1.0


class PanelTime:
    """The panel's clock. Threads can share it.

    :param clock: measures the time since the latest response.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        #: Lowest and highest difference between the panel's clock and ``clock.monotonic()``.
        self._offsets: tuple[float, float] | None = None

    def see(self, date: str | None, sent: float) -> None:
        """Record the date of a response. A date that cannot be read is ignored.

        :param sent: when its request was sent, on ``clock.monotonic()``.
        """
        if date is None:
            return
        try:
            shown = http_date(date)
        except ValueError:
            return
        # The panel wrote the date after the request was sent and before the response was there.
        self._offsets = (shown - self._clock.monotonic(), shown + _RESOLUTION_S - sent)

    def at_least(self) -> float:
        """Return the earliest time of the panel's clock, in seconds since the epoch.

        :raises PanelError: ``protocol``, no response had a date.
        """
        return self._clock.monotonic() + self._known()[0]

    def at_most(self) -> float:
        """Return the latest time of the panel's clock, in seconds since the epoch.

        :raises PanelError: ``protocol``, no response had a date.
        """
        return self._clock.monotonic() + self._known()[1]

    def _known(self) -> tuple[float, float]:
        if self._offsets is None:
            raise unreadable(
                "the responses of the panel have no Date header, and its time is needed",
                "check what is in front of the panel, such as a proxy that removes headers",
            )
        return self._offsets


def http_date(text: str) -> float:
    """Return the time of an HTTP date in seconds since 1970.

    HTTP dates are in UTC, and the form of C's asctime does not state it (RFC 9110, 5.6.7).

    :raises ValueError: it is not a date.
    """
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()
    except (TypeError, OverflowError) as error:
        raise ValueError(text) from error
