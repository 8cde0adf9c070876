# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Request and reply, independent of any web framework.

A reply keeps its body as a value until it is sent, so that a fault can change it without parsing it again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote


class _NoBody:
    """The type of `NO_BODY`."""

    def __repr__(self) -> str:
        return "NO_BODY"


NO_BODY = _NoBody()
"""The value of an answer without a body. A body of `null` or `""` is something else."""


@dataclass
class Request:
    """One HTTP request, fully read. Header names are in lower case."""

    method: str
    raw_path: str
    query_string: str
    headers: dict[str, str]
    body: bytes

    @cached_property
    def path(self) -> str:
        """Return the path with percent-encoding removed."""
        return unquote(self.raw_path)

    @cached_property
    def query(self) -> list[tuple[str, str]]:
        """Return the query in the order it was sent; names may repeat."""
        return parse_qsl(self.query_string, keep_blank_values=True)

    @cached_property
    def json(self) -> Any:
        """Return the body as JSON; None without a body or with a body that is not JSON."""
        if not self.body.strip():
            return None
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def loggable_query(self) -> dict[str, str | list[str]]:
        """Return the query as one dictionary, repeated names as lists."""
        result: dict[str, str | list[str]] = {}
        for name, value in self.query:
            known = result.get(name)
            if known is None:
                result[name] = value
            elif isinstance(known, list):
                known.append(value)
            else:
                result[name] = [known, value]
        return result

    def loggable_body(self) -> Any:
        """Return the body as JSON where it is JSON, else as text; None without a body."""
        if not self.body:
            return None
        return self.json if self.json is not None else self.body.decode("utf-8", "replace")


@dataclass
class Reply:
    """One answer: a JSON value, a text, or nothing."""

    status: int = 200
    value: Any = NO_BODY
    text: str | None = None
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    refused: bool = False
    """The panel refused the request, whatever the status is (Virtualizor answers 200 or 302)."""

    def payload(self) -> bytes:
        """Return the bytes that go on the wire."""
        if self.text is not None:
            return self.text.encode()
        if self.value is NO_BODY:
            return b""
        return json.dumps(self.value, separators=(",", ":")).encode()

    def raw_headers(self, length: int, date: datetime) -> list[tuple[bytes, bytes]]:
        """Return header pairs for a body of this length; an answer without a body has no content type."""
        headers = {"Date": format_datetime(date, usegmt=True), **self.headers}
        pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        if length:
            pairs.append((b"content-type", self.content_type.encode()))
        if self.status != 204:
            pairs.append((b"content-length", str(length).encode()))
        return pairs


def html_page(status: int, title: str) -> Reply:
    """Return an error page as a web framework or a proxy in front of the panel shows it."""
    text = (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><h1>{status} | {title}</h1></body></html>\n"
    )
    return Reply(status, text=text, content_type="text/html; charset=UTF-8")
