# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make untrusted text, such as the name of a server, safe for a terminal.

Escape sequences in a name can move the cursor, fill the clipboard, or print a line that looks like
Ansible's own. Every message, warning and progress line passes through :func:`plain`.
"""

from __future__ import annotations

import unicodedata
from typing import Any

#: Maximum length of a panel's message.
LONGEST = 400


def plain(value: Any) -> str:
    """Return one line of printable characters. ``None`` becomes an empty text.

    Every other character becomes a space: control characters (C0, C1, newlines), format characters
    such as marks of the writing direction, lone surrogates, and unusual white space.
    """
    text = "" if value is None else str(value)
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)


def shortened(text: str) -> str:
    """Return a message on one line, without a full stop, cut to :data:`LONGEST` characters."""
    line = " ".join(plain(text).split()).rstrip(".")
    return line if len(line) <= LONGEST else line[:LONGEST] + "…"


def width(text: str) -> int:
    """Return the width of a text in columns of a terminal."""
    return sum(
        0
        if unicodedata.combining(letter)
        else 2
        if unicodedata.east_asian_width(letter) in "WF"
        else 1
        for letter in text
    )


def without_lone_surrogates(value: Any) -> Any:
    """Replace lone surrogates in decoded JSON with U+FFFD. They cannot be encoded as UTF-8."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [without_lone_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {
            without_lone_surrogates(key): without_lone_surrogates(item)
            for key, item in value.items()
        }
    return value
