# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps secrets out of every text that leaves the collection."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

MASK = "********"

#: Long enough not to be a word that merely follows.
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=|-]{12,}")


class Redactor:
    """Masks known secrets, as written and as they look inside a URL.

    :param secrets: the values to mask; empty ones are ignored.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets if secret for form in (secret, quote(secret, safe=""))}
        longest_first = sorted(forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def text(self, text: str) -> str:
        """Return ``text`` with every secret and every HTTP credential masked."""
        masked = _BEARER.sub(rf"\1 {MASK}", text)
        return self._pattern.sub(MASK, masked) if self._pattern else masked


def origin(url: str) -> str:
    """Return only scheme, host and port of a URL: what an error may show of it."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return (
        f"{parts.scheme}://{host}" if parts.scheme and host else host or "an address without a host"
    )
