# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The panel's three time formats (virtfusion 1.5, DOCUMENTED), converted from the format of the state."""

from __future__ import annotations

from datetime import datetime, timedelta


def offset(stamp: str) -> str:
    """Return `2024-12-06T21:25:58+00:00`: servers, hypervisors, groups, IP blocks, backups, queue, key reads."""
    return stamp


def zulu(stamp: str) -> str:
    """Return `2025-01-20T12:48:20.000000Z`: packages, users, traffic periods, login tokens."""
    return stamp.replace("+00:00", ".000000Z")


def plain(stamp: str) -> str:
    """Return `2025-01-06 00:00:00`, without a zone: traffic months, template dates, the last task."""
    return stamp.replace("T", " ").replace("+00:00", "")


def month_after(day: datetime, months: int) -> datetime:
    """Return the same day some months later, or the last day of a shorter month."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    first = day.replace(year=year, month=month, day=1)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


class Period:
    """A traffic month of a server, counted from the day it was created. The first has index 1."""

    def __init__(self, created: str, index: int) -> None:
        anchor = datetime.fromisoformat(created).replace(hour=0, minute=0, second=0)
        self.index = index
        self.start = month_after(anchor, index - 1)
        self.end = month_after(anchor, index) - timedelta(microseconds=1)

    @classmethod
    def current(cls, created: str, now: datetime) -> Period:
        """Return the month that `now` falls in."""
        begun = datetime.fromisoformat(created)
        index = max(1, (now.year - begun.year) * 12 + now.month - begun.month)
        period = cls(created, index)
        return period if now <= period.end else cls(created, index + 1)

    @property
    def plain_start(self) -> str:
        """Start without a zone."""
        return self.start.strftime("%Y-%m-%d %H:%M:%S")

    @property
    def plain_end(self) -> str:
        """End without a zone."""
        return self.end.strftime("%Y-%m-%d %H:%M:%S")

    @property
    def zulu_start(self) -> str:
        """Start with microseconds and Z."""
        return self.start.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    @property
    def zulu_end(self) -> str:
        """End with microseconds and Z: the last microsecond (virtfusion 1.5)."""
        return self.end.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
