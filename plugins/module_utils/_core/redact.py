# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mask secrets in texts."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from urllib.parse import quote, urlsplit

MASK = "********"

#: The minimum length keeps ordinary words after "bearer" and "basic".
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=|-]{12,}")

#: A panel may repeat a secret cut off. This number of characters at its start counts as the secret.
_PREFIX = 12


class Redactor:
    """Masks secrets in every form in which a server may repeat them.

    These forms are the secret itself, its start, its characters escaped for a URL, HTML, JSON, Python
    or PHP, and the Base64 of a text with the secret in it.

    :param secrets: the values to mask; empty values are ignored.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets if secret for form in _forms(secret)}
        longest_first = sorted(forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(longest_first)) if forms else None

    def text(self, text: str) -> str:
        """Return ``text`` with every secret and every HTTP credential masked."""
        masked = _BEARER.sub(rf"\1 {MASK}", text)
        return self._pattern.sub(MASK, masked) if self._pattern else masked

    def content(self, content: bytes) -> bytes:
        """Return the body of a response with every secret masked."""
        text = content.decode("utf-8", "surrogateescape")
        masked = self.text(text)
        return content if masked == text else masked.encode("utf-8", "surrogateescape")


def _forms(secret: str) -> Iterator[str]:
    """Yield a regular expression for each form of a secret."""
    letters = [_letter(letter) for letter in secret]
    yield "".join(letters)
    if len(secret) > _PREFIX:
        symbols = sorted({letter for letter in secret if not letter.isspace()})
        yield "".join(letters[:_PREFIX]) + r"[\w%" + re.escape("".join(symbols)) + "]*"
    for form in _base64_forms(secret):
        yield "".join(map(_letter, form))


@cache
def _letter(letter: str) -> str:
    """Return a regular expression for one character, bare or escaped."""
    bare = re.escape(letter)
    if letter.isascii() and letter.isalnum():
        return bare
    number = ord(letter)
    escapes = [
        "(?i:" + re.escape(quote(letter, safe="")) + ")" if letter not in "-._~" else "",
        re.escape(html.escape(letter, quote=True)),
        f"&#0*{number};",
        f"(?i:&#x0*{number:x};)",
        re.escape(json.dumps(letter)[1:-1]),
        f"(?i:%{number:02x})" if number < 0x80 else "",
        r"(?i:\\u" + f"{number:04x})",
        r"(?i:\\x" + f"{number:02x})",
        r"\\" + bare,
        r"\+" if letter == " " else "",
    ]
    return "(?:" + "|".join(dict.fromkeys(filter(None, [*escapes, bare]))) + ")"


def _base64_forms(secret: str) -> Iterator[str]:
    """Yield the Base64 of the secret for each of its three possible offsets in a text.

    The first and the last characters depend on the text around the secret and are omitted.
    """
    content = secret.encode()
    for before in range(3):
        padded = b"\0" * before + content
        whole = base64.b64encode(padded).decode()
        first = -(-before * 8 // 6)
        last = len(padded) * 8 // 6
        form = whole[first:last]
        if len(form) >= _PREFIX:
            yield form
            yield form.translate(str.maketrans("+/", "-_"))


def origin(url: str) -> str:
    """Return scheme, host and port of a URL, the only parts that messages may show."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an address that cannot be read"
    host = parts.netloc.rpartition("@")[2]
    return (
        f"{parts.scheme}://{host}" if parts.scheme and host else host or "an address without a host"
    )
