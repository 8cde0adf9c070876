# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The virtual clock. Time moves only on request, so no test depends on the wall clock.

A test of leases or of wall time can let it follow the wall clock instead.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

START = datetime(2025, 2, 1, 12, 0, 0, tzinfo=timezone.utc)


class Clock:
    """Time inside the simulator. Each applied write takes one second."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Go back to the start."""
        self._base = START
        self._followed_since: float | None = None
        self.skew_s = 0.0
        """Seconds by which the panel's wall clock is ahead of the client's; negative if behind."""

    @property
    def now(self) -> datetime:
        """Return the virtual time."""
        if self._followed_since is None:
            return self._base
        return self._base + timedelta(seconds=time.monotonic() - self._followed_since)

    def advance(self, seconds: float) -> None:
        """Advance the virtual time."""
        self._base += timedelta(seconds=seconds)

    def follow_wall(self) -> None:
        """Set the virtual time to the panel's wall clock, and let it run from now on."""
        self._base = self.wall()
        self._followed_since = time.monotonic()

    def wall(self) -> datetime:
        """Return the panel's wall clock: the real time plus the skew."""
        return datetime.now(timezone.utc) + timedelta(seconds=self.skew_s)

    def stamp(self) -> str:
        """Return the virtual time as the state stores times: ISO 8601 with offset, whole seconds."""
        return self.now.replace(microsecond=0).isoformat()
