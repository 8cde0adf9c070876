# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The virtual clock. Time moves only on request, so no test depends on the wall clock."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

START = datetime(2025, 2, 1, 12, 0, 0, tzinfo=timezone.utc)


class Clock:
    """Time inside the simulator. Each applied write takes one second."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Go back to the start."""
        self.now = START
        self.skew_s = 0.0
        """Seconds by which the panel's wall clock is ahead of the client's; negative if behind."""

    def advance(self, seconds: float) -> None:
        """Advance the virtual time."""
        self.now += timedelta(seconds=seconds)

    def wall(self) -> datetime:
        """Return the panel's wall clock: the real time plus the skew."""
        return datetime.now(timezone.utc) + timedelta(seconds=self.skew_s)

    def stamp(self) -> str:
        """Return the virtual time as the state stores times: ISO 8601 with offset, whole seconds."""
        return self.now.replace(microsecond=0).isoformat()
