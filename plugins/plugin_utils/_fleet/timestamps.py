# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Convert between a clock's seconds and the times in plans, journals and reports."""

from __future__ import annotations

from datetime import datetime, timezone


def time_text(seconds: float) -> str:
    """Return a time of the clock as text in UTC, such as ``2026-01-31T10:00:00.000+00:00``."""
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds")


def seconds_of(text: str) -> float:
    """Return the time of the clock that a text states. :raises ValueError: it states none."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return moment.timestamp()
