# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A scripted panel: any request outside the script fails the test."""

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
    """An expected request and its reply. Query and body are compared if they are given."""

    method: str
    path: str
    reply: Reply
    query: Mapping[str, Any] | None = None
    body: Any = None


class ScriptedBackend:
    """A backend that accepts exactly the expected requests, in order."""

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
        return response_of(step.reply)

    def close(self) -> None:
        self.closed = True

    def assert_finished(self) -> None:
        """Fail unless every expected request was sent."""
        left = [f"{step.method} {step.path}" for step in self._steps[len(self.requests) :]]
        assert not left, f"never sent: {left}"

    def sent(self, method: str) -> list[Request]:
        """Return the sent requests with an HTTP method."""
        return [request for request in self.requests if request.method == method]


def response_of(reply: Reply) -> Response:
    """Return the response, or raise the reply if it is a failure."""
    if isinstance(reply, TransportFailure):
        raise reply
    return reply


def get(path: str, reply: Reply, query: Mapping[str, Any] | None = None) -> Step:
    """Expect a GET request."""
    return Step("GET", path, reply, query)


def put(path: str, reply: Reply, body: Any = None) -> Step:
    """Expect a PUT request."""
    return Step("PUT", path, reply, body=body)


def answer(status: int, body: Any = None, **headers: str) -> Response:
    """Return a response. A string is the body itself, None an empty body, all else becomes JSON."""
    if body is None:
        content = b""
    elif isinstance(body, str):
        content = body.encode()
    else:
        content = json.dumps(body).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, names, content)


def ok(data: Any) -> Response:
    """Return a success in the panel's usual envelope."""
    return answer(200, {"data": data})


def never_sent(message: str = "the connection was refused") -> TransportFailure:
    """Return the failure of a request that was not sent."""
    return TransportFailure(message, sent=False)


def interrupted(message: str = "no response within the timeout") -> TransportFailure:
    """Return the failure of a request whose response was lost."""
    return TransportFailure(message, sent=True)


HTML = "<!DOCTYPE html><html><title>502 Bad Gateway</title></html>"
