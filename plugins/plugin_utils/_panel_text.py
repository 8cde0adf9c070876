# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make text from panels safe for a terminal."""

from __future__ import annotations

from collections.abc import Callable

from ..module_utils._core.safe_text import plain

_LONGEST_QUOTE = 80


class ShownText:
    """A filter for text: it masks the secrets of all panels of a source, and removes control characters."""

    def __init__(self) -> None:
        self._redactions: list[Callable[[str], str]] = []

    def hide(self, redact: Callable[[str], str]) -> None:
        """Mask the secrets of one more panel.

        :param redact: returns a text without them.
        """
        self._redactions.append(redact)

    def line(self, text: str) -> str:
        """Return a text as one line for a message."""
        for redact in self._redactions:
            text = redact(text)
        return plain(text)

    def quoted(self, text: str) -> str:
        """Return a text in quotes, with escapes for characters that do not print. A long text is cut."""
        for redact in self._redactions:
            text = redact(text)
        return repr(text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}...")
