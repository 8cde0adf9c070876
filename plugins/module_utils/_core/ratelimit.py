# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Limit the number of requests per second."""

from __future__ import annotations

import threading

from .waiting import Clock


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
