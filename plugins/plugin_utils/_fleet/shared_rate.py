# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Limit the request rate of all threads of a run and of all runs on one machine."""

from __future__ import annotations

import threading
from pathlib import Path

from ...module_utils._core.clock import Clock
from ...module_utils._core.retry import RateLimiter
from .durable_file import cannot, waiting_for
from .run_lock import machine_id

OPTION = "state_dir"

#: Maximum seconds to a valid slot. A later slot is from before a restart of the machine and its clock.
_FURTHEST_S = 600.0


class SharedRate(RateLimiter):
    """A rate limit that spaces requests evenly, for all processes on this machine with the same file.

    The file holds the time of the next request on the monotonic clock, which a change of the system
    time does not affect. Each machine has its own monotonic clock, so machines that share the folder
    have separate files and rates.

    :param per_second: requests per second of this run; 0 means no limit.
    :param path: of the file; the machine's ID is added to its name.
    """

    def __init__(self, per_second: float, clock: Clock, path: str) -> None:
        super().__init__(per_second, clock)
        place = Path(path)
        self._path = str(place.with_name(f"{place.stem}.{machine_id()}{place.suffix}"))
        self._turn = threading.Lock()

    def acquire(self) -> float:
        """Wait for the next free slot and return the seconds waited.

        :raises PanelError: ``validation``, the file cannot be used.
        """
        if not self._interval:
            return 0.0
        with self._turn:
            now = self._clock.monotonic()
            slot = self._take(now)
        if slot > now:
            self._clock.sleep(slot - now)
        return slot - now

    def _take(self, now: float) -> float:
        try:
            with waiting_for(self._path) as file:
                slot = max(now, _slot_of(file.read(), now))
                file.write(repr(slot + self._interval).encode("ascii"))
        except OSError as error:
            raise cannot(f"share the rate through {self._path}", OPTION, error) from error
        return slot


def _slot_of(content: bytes, now: float) -> float:
    """Return the next free slot, or now if the content is invalid."""
    try:
        slot = float(content)
    except ValueError:
        return now
    return slot if now <= slot <= now + _FURTHEST_S else now
