# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parse queries and bodies as PHP does for `$_GET` and `$_POST`.

All clients of the panel rely on these rules (virtualizor 2.6): `sgs[]=0`, `sgs[0]=0`, `sgs[7]=0` and the same with
percent-encoded brackets are arrays. The last of several equal names wins. An empty array cannot be sent: it is
absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

from ..exchange import Request

Value = str | dict[str, "Value"]
"""A string, or an array: keys in order, numeric ones as their digits."""
Fields = dict[str, Value]

_KEYS = re.compile(r"\[([^\]]*)\]")


def read_query(request: Request) -> Fields:
    """Return `$_GET`."""
    return fields(request.query)


def read_body(request: Request) -> Fields:
    """Return `$_POST`: a form in either encoding. It is empty for any other body, including JSON."""
    content_type = request.headers.get("content-type", "")
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        text = request.body.decode("utf-8", "replace")
        return fields(parse_qsl(text, keep_blank_values=True))
    if kind == "multipart/form-data":
        return fields(_multipart(content_type, request.body))
    return {}


def fields(pairs: Iterable[tuple[str, str]]) -> Fields:
    """Return decoded pairs of names and values in PHP's structure."""
    result: Fields = {}
    for name, value in pairs:
        path = _path(name)
        if path:
            _put(result, path, value)
    return result


def array(value: Value | None) -> list[str] | None:
    """Return the values of an array in their order, or None.

    A scalar in place of an array is ignored (INFERRED; PHP's `implode` would fail on it).
    """
    if not isinstance(value, dict):
        return None
    return [item for item in value.values() if isinstance(item, str)]


def _path(name: str) -> list[str]:
    """Return the name and the keys in its brackets. An empty key means "the next free number".

    PHP removes leading spaces of a name, replaces its dots, its spaces and an unclosed bracket by underscores, and
    drops any text after the last bracket.
    """
    name = name.lstrip(" ")
    base, bracket, rest = name.partition("[")
    keys: list[str] = []
    if bracket and base:
        position = 0
        rest = f"[{rest}"
        while match := _KEYS.match(rest, position):
            keys.append(match[1].strip())
            position = match.end()
        if not keys:
            base = f"{base}_{rest[1:]}"
    base = base.replace(".", "_").replace(" ", "_")
    return [base, *keys] if base else []


def _put(target: Fields, path: list[str], value: str) -> None:
    for key in path[:-1]:
        place = _key(target, key)
        inner = target.get(place)
        if not isinstance(inner, dict):
            inner = {}
            target[place] = inner
        target = inner
    target[_key(target, path[-1])] = value


def _key(target: Fields, key: str) -> str:
    if key:
        return key
    numbers = [int(known) for known in target if known.isascii() and known.isdigit()]
    return str(max(numbers, default=-1) + 1)


def _multipart(content_type: str, body: bytes) -> list[tuple[str, str]]:
    """Return the plain fields of a multipart form, without uploaded files, which belong to `$_FILES`."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    message: Message = BytesParser(policy=HTTP).parsebytes(head + body)
    pairs: list[tuple[str, str]] = []
    for part in message.walk():
        name = part.get_param("name", header="content-disposition")
        if isinstance(name, str) and part.get_filename() is None:
            content = part.get_payload(decode=True)
            text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
            pairs.append((name, text))
    return pairs
