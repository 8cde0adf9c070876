# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A panel that follows a script, and fails the test that leaves it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import (
    Request,
    Response,
    TransportFailure,
)

HOST = "https://panel.example.com"
BASE = f"{HOST}/api/v1"

Reply = Response | TransportFailure


@dataclass(frozen=True)
class Step:
    """One request that is expected, and what comes of it. Query and body count where they are given."""

    method: str
    path: str
    reply: Reply
    query: Mapping[str, Any] | None = None
    body: Any = None


class ScriptedBackend:
    """Answers exactly the expected requests, in their order."""

    def __init__(self, *steps: Step, base: str = BASE) -> None:
        self._steps = list(steps)
        self._base = base
        self.requests: list[Request] = []
        self.closed = False

    def send(self, request: Request) -> Response:
        path = request.url.removeprefix(self._base)
        assert len(self.requests) < len(self._steps), f"not expected: {request.method} {path}"
        step = self._steps[len(self.requests)]
        self.requests.append(request)
        assert (request.method, path) == (step.method, step.path)
        if step.query is not None:
            assert dict(request.query) == step.query
        if step.body is not None:
            assert request.body == step.body
        return come_of(step.reply)

    def close(self) -> None:
        self.closed = True

    def assert_finished(self) -> None:
        """Fail unless every expected request was made."""
        left = [f"{step.method} {step.path}" for step in self._steps[len(self.requests) :]]
        assert not left, f"never sent: {left}"

    def sent(self, method: str) -> list[Request]:
        """The requests with that verb."""
        return [request for request in self.requests if request.method == method]


def come_of(reply: Reply) -> Response:
    """Return an answer. :raises TransportFailure: it is none."""
    if isinstance(reply, TransportFailure):
        raise reply
    return reply


def get(path: str, reply: Reply, query: Mapping[str, Any] | None = None) -> Step:
    """A read that is expected."""
    return Step("GET", path, reply, query)


def put(path: str, reply: Reply, body: Any = None) -> Step:
    """A write that is expected."""
    return Step("PUT", path, reply, body=body)


def answer(status: int, body: Any = None, **headers: str) -> Response:
    """An answer: text as it is, nothing as nothing, all else as JSON."""
    if body is None:
        content = b""
    elif isinstance(body, str):
        content = body.encode()
    else:
        content = json.dumps(body).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, names, content)


def ok(data: Any) -> Response:
    """A success in the usual envelope."""
    return answer(200, {"data": data})


def never_sent(message: str = "the connection was refused") -> TransportFailure:
    """A request that did not leave."""
    return TransportFailure(message, sent=False)


def interrupted(message: str = "no response within the timeout") -> TransportFailure:
    """A request whose answer was lost."""
    return TransportFailure(message, sent=True)


HTML = "<!DOCTYPE html><html><title>502 Bad Gateway</title></html>"
