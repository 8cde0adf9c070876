# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build escaped HTML, and write numbers and times for people.

Customers choose the names of servers, so every text is escaped unless it is :class:`Html`.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Any

from ....module_utils._core.safe_text import plain

#: Elements without content.
_VOID = ("input", "rect")


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def safe(value: Any) -> Html:
    """Return a value as HTML. Anything but :class:`Html` is escaped."""
    return value if isinstance(value, Html) else Html(html.escape(plain(value)))


def tag(name: str, *content: Any, **attributes: Any) -> Html:
    """Return an element.

    :param content: texts, which are escaped, and :class:`Html`. ``None`` is left out.
    :param attributes: ``aria_label`` becomes ``aria-label``, and ``class_`` becomes ``class``. An
        attribute that is ``None`` or false is left out, and one that is true has no value.
    """
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{safe(value)}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in _VOID:
        return Html(f"<{name}{written}/>")
    return Html(f"<{name}{written}>{joined(content)}</{name}>")


def joined(parts: Iterable[Any], between: str = "") -> Html:
    """Return parts as one HTML text. ``None`` is left out."""
    return Html(between.join(safe(part) for part in parts if part is not None))


def number(value: float) -> str:
    """Return a number with separators, such as ``12,000`` or ``1.5``."""
    return f"{int(value):,}" if value == int(value) else f"{value:,.1f}"


def moment(value: Any) -> datetime | None:
    """Read a time. Return ``None`` for anything that is not an ISO 8601 text."""
    try:
        found = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or timezone.utc).astimezone(timezone.utc)


def time_text(value: Any) -> str:
    """Return a time as ``2026-11-28 22:00:07 UTC``, or the text as it is if it cannot be read."""
    found = moment(value)
    return f"{found:%Y-%m-%d %H:%M:%S} UTC" if found else plain(value)


def time_tag(value: Any) -> Html:
    """Return a time as an element that programs can read."""
    found = moment(value)
    if found is None:
        return safe(value)
    return tag("time", time_text(value), datetime=f"{found:%Y-%m-%dT%H:%M:%SZ}")


def seconds_between(begun: Any, ended: Any) -> float | None:
    """Return the seconds between two times, ``None`` if they are not known."""
    first, last = moment(begun), moment(ended)
    return (last - first).total_seconds() if first and last and last >= first else None


def duration_text(seconds: float) -> str:
    """Return a duration with its two largest units, such as ``4 min 10 s``."""
    if seconds < 10:
        return f"{seconds:.1f} s".replace(".0 s", " s")
    left = timedelta(seconds=round(seconds))
    hours, rest = divmod(left.seconds, 3600)
    parts = {"d": left.days, "h": hours, "min": rest // 60, "s": rest % 60}
    shown = [f"{amount} {unit}" for unit, amount in parts.items() if amount]
    return " ".join(shown[:2]) or "0 s"
