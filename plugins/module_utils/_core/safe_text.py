# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make text safe to show: mask secrets of a panel and of a task's options, and control characters.

Untrusted text, such as the name of a server, can hold escape sequences that move the cursor, fill the
clipboard, or print a line that looks like Ansible's own. Every message, warning and progress line passes
through :func:`plain`.
"""

from __future__ import annotations

import base64
import html
import json
import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import quote, urlsplit

MASK = "********"

#: The minimum length keeps ordinary words after "bearer" and "basic".
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=|-]{12,}")

#: A panel may repeat a secret cut off. This number of characters at its start counts as the secret.
_PREFIX = 12


class Redactor:
    """Masks secrets in every form in which a server may repeat them. Threads can share it.

    These forms are the secret itself, its start, its characters escaped for a URL, HTML, JSON, Python
    or PHP, and the Base64 of a text with the secret in it.

    :param secrets: the values to mask; empty values are ignored.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._forms: set[str] = set()
        self._lock = threading.Lock()
        self.hide(*secrets)

    def hide(self, *secrets: str) -> None:
        """Mask further secrets, such as a token from a response."""
        with self._lock:
            self._forms.update(form for secret in secrets if secret for form in _forms(secret))
            longest_first = sorted(self._forms, key=len, reverse=True)
            self._pattern = re.compile("|".join(longest_first)) if longest_first else None

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


#: What Ansible itself puts in the place of a secret option.
HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"

#: A secret found by its name only is masked in other texts too, if it is long enough not to be a common word.
_LONG = 8

_NAME = (
    r"(?:[\w.-]*[_.-])?"
    r"(?:api-?key|key|token|secret|pass|passwd|password|passphrase|pwd|auth|authorization|credentials?"
    r"|cookie|sig|signature|adminapi(?:key|pass))"
)
_SECRET_NAME = re.compile(_NAME, re.I)
_OPEN_NAME = re.compile(r"(?:.*[_.-])?(?:public|host)[_.-]key", re.I)
#: ``X-Token: abc`` up to the end of the text, and ``token=abc`` up to the next part of an address.
_HEADER = re.compile(rf"(?<![\w.-])({_NAME})(\s*:\s*)(?!//)(\S.*)", re.I)
_PARAMETER = re.compile(rf"(?<![\w.-])({_NAME})(=)([^\s&;\"']+)", re.I)
#: ``//user:password@``, in an address anywhere in a text.
_ADDRESS = re.compile(r"(//[^\s/?#:]*)(:)([^\s/?#]+)(?=@)")
#: Options of commands whose next word is a secret.
_FLAG = re.compile(rf"-u|--user|--proxy-user|--oauth2-bearer|--?{_NAME}", re.I)


class OptionSecrets:
    """The secrets among the options of one task.

    :param rules: the options that there are.
    :param params: the options that are set.
    """

    def __init__(self, rules: Mapping[str, Mapping[str, Any]], params: Mapping[str, Any]) -> None:
        self._found: set[str] = set()
        known = {
            each: rule for name, rule in rules.items() for each in (name, *rule.get("aliases", ()))
        }
        #: All values that must not show anywhere.
        self.values: set[str] = {*_declared(rules, params)}.union(*map(_passwords, params.values()))
        #: The options with a mask in the place of each secret. Hide :attr:`values` in it, too.
        self.shown: dict[str, Any] = {
            # An unknown option may be a misspelt secret.
            name: HIDDEN
            if value and known.get(name, {"no_log": True}).get("no_log")
            else self._hide(value, known.get(name, {}).get("open_keys", ()))
            for name, value in params.items()
        }
        self.values |= {text for text in self._found if len(text) >= _LONG}

    def _hide(self, value: Any, open_keys: Sequence[str]) -> Any:
        """Return a value with a mask in the place of each secret inside it."""
        if isinstance(value, Mapping):
            return {
                name: self._hidden(each)
                if _names_a_secret(str(name)) and name not in open_keys
                else self._hide(each, open_keys)
                for name, each in value.items()
            }
        if isinstance(value, (list, tuple)):
            flags = ["", *value[:-1]]
            return [
                self._hidden(each)
                if isinstance(flag, str) and _FLAG.fullmatch(flag)
                else self._hide(each, open_keys)
                for flag, each in zip(flags, value)  # noqa: B905 - of equal length
            ]
        if isinstance(value, str):
            for pattern in (_HEADER, _PARAMETER, _ADDRESS):
                value = pattern.sub(self._hidden_match, value)
        return value

    def _hidden(self, value: Any) -> Any:
        """Return a mask for a secret, and remember the secret."""
        texts = list(_texts(value))
        self._found.update(texts)
        return HIDDEN if texts else value

    def _hidden_match(self, match: re.Match[str]) -> str:
        # "Bearer abc": the token is a secret without its scheme, too.
        self._found.update((match[3], match[3].rpartition(" ")[2]))
        return f"{match[1]}{match[2]}{HIDDEN}"


def _names_a_secret(key: str) -> bool:
    return bool(_SECRET_NAME.fullmatch(key)) and not _OPEN_NAME.fullmatch(key)


def _declared(rules: Mapping[str, Mapping[str, Any]], params: Mapping[str, Any]) -> Iterator[str]:
    for name, value in params.items():
        rule = rules.get(name, {})
        if rule.get("no_log"):
            yield from _texts(value)
        for each in value if isinstance(value, list) else [value]:
            if rule.get("options") and isinstance(each, Mapping):
                yield from _declared(rule["options"], each)


def _texts(value: Any) -> Iterator[str]:
    """Yield all texts and numbers in a value."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts(each)
    elif value is not None and not isinstance(value, bool) and str(value):
        yield str(value)


def _passwords(value: Any) -> set[str]:
    """Return the password in an address, as it is written there."""
    try:
        password = urlsplit(value).password if isinstance(value, str) else None
    except ValueError:
        return set()
    return {password} if password else set()


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
