# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text that strangers chose, such as the name of a server, made harmless for a screen or a page."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any


def plain(value: Any) -> str:
    """Return one line that only prints: nothing in it steers a terminal or turns the writing direction."""
    text = "" if value is None else str(value)
    return "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)


def width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(
        0
        if unicodedata.combining(letter)
        else 2
        if unicodedata.east_asian_width(letter) in "WF"
        else 1
        for letter in text
    )


def change_text(change: Mapping[str, Any]) -> str:
    """One row of ``changes`` as ``2 -> 4``, or as ``stays 200`` where it is refused."""
    after = _value(change["after"])
    if change["outcome"] == "refused":
        return f"stays {after}"
    return f"{_value(change['before'])} -> {after}"


def _value(value: Any) -> str:
    return "none" if value is None else plain(value)
