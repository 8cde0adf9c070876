# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A clock that a test controls."""

from __future__ import annotations

#: Timeout of a wait for another thread or process. Only a bug reaches it.
WATCHDOG_S = 600


class FakeClock:
    """A clock that only ``sleep()`` advances, with a record of the sleeps."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self.now = now
        self.sleeps: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds


class FrozenClock(FakeClock):
    """A clock that records sleeps and does not advance, so that threads stay independent."""

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
