# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time, injected so that tests do not sleep, and the one polling loop."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Clock(Protocol):
    """Where the collection gets its time from."""

    def monotonic(self) -> float:
        """Seconds that only grow; the base of every deadline."""

    def time(self) -> float:
        """Seconds since the epoch, for dates that a server names."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The machine's own time."""

    def monotonic(self) -> float:
        return time.monotonic()

    def time(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def wait_until(
    probe: Callable[[], T],
    done: Callable[[T], bool],
    *,
    timeout_s: float,
    clock: Clock,
    first_s: float = 0.5,
    longest_s: float = 5.0,
) -> tuple[T, bool]:
    """Call ``probe`` until ``done`` accepts what it returns.

    The pause starts at ``first_s`` and doubles up to ``longest_s``; the last one is cut to the
    deadline, at which there is one more probe. With ``timeout_s`` 0 there is exactly one probe.

    :returns: the last probe and whether it was accepted; the caller says what a timeout means.
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
