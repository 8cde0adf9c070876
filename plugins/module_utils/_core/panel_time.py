# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The time of a panel, from the ``Date`` header of its responses (RFC 9110, 6.6.1).

A deadline that several controllers compare must not depend on their clocks. The panel is the one clock that all
of them see.
"""

from __future__ import annotations

from datetime import timezone
from email.utils import parsedate_to_datetime

from .errors import unreadable
from .waiting import Clock

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
        """Take the date of a response. One that cannot be read is ignored.

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
        """Return seconds since the epoch that the panel's clock has reached for certain.

        :raises PanelError: ``protocol``, no response had a date.
        """
        return self._clock.monotonic() + self._known()[0]

    def at_most(self) -> float:
        """Return seconds since the epoch that the panel's clock has not passed yet.

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
