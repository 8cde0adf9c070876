# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One rate of requests for all threads of a run and for all runs on one machine."""

from __future__ import annotations

import threading
from pathlib import Path

from ...module_utils._core.ratelimit import RateLimiter
from ...module_utils._core.waiting import Clock
from .durable_file import cannot, waiting_for
from .machine import machine_id

OPTION = "state_dir"

#: A slot further ahead than this is none: the machine was started anew, and its clock with it.
_FURTHEST_S = 600.0


class SharedRate(RateLimiter):
    """Spaces requests evenly; what is spaced is everything on this machine that uses the same file.

    The file holds when the next request may go, on the clock that only grows: setting the time of
    day moves nothing. That clock is one machine's alone, so machines that share the folder have files
    of their own, and a rate of their own.

    :param per_second: requests per second of this run; 0 means no limit.
    :param path: of the file; its name gets the machine's ID.
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
    """Return the next free slot; what cannot be read means that it is free now."""
    try:
        slot = float(content)
    except ValueError:
        return now
    return slot if now <= slot <= now + _FURTHEST_S else now
