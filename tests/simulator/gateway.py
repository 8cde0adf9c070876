# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Handle a panel request: read, log and delay it, apply faults, call the panel, send the answer.

The answer is sent here and not by the web framework, because some faults need the connection itself: a reset, a
truncated body, silence.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import sys
import traceback
from datetime import datetime

from starlette.types import Receive, Scope, Send

from .exchange import NO_BODY, Reply, Request, html_page
from .faults import Fault, distort
from .panel import Panel, Target
from .requestlog import Entry
from .simulation import Simulation

TRANSPORT = "simulator.transport"
"""Key of the connection's transport in the ASGI scope (see `serving.py`)."""


class Gateway:
    """ASGI application for everything that is not the control path."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = await _read(scope, receive)
        if request is None:
            return
        panel = self._simulation.panel_for(request.path)
        if panel is None:
            await _answer(html_page(404, "Not Found"), send, self._simulation.clock.wall())
            return
        target = panel.classify(request)
        log = self._simulation.log
        counters, entry = log.counters, log.open(request, panel.name, target)
        try:
            if self._simulation.latency_ms:
                await asyncio.sleep(self._simulation.latency_ms / 1000)
            reply, fault = self._work(panel, request, target, entry)
            entry.status = reply.status
            await _deliver(reply, fault, entry, scope, receive, send, self._simulation.clock.wall())
        finally:
            log.close(entry, counters)

    def _work(
        self, panel: Panel, request: Request, target: Target, entry: Entry
    ) -> tuple[Reply, Fault | None]:
        """Pass the request to the panel unless a fault or read-only mode intercepts it."""
        simulation = self._simulation
        if simulation.read_only and target.write:
            simulation.log.counters.violations += 1
            return Reply(599, {"simulator": "a write came in read-only mode"}), None
        fault = simulation.faults.take(panel.name, request, target)
        entry.fault = fault.kind if fault else None
        if fault is not None and fault.before:
            return Reply(), fault
        try:
            panel.tick()
            late = simulation.late
            late.tick()
            subjects = late.before(panel, request, target, fault)
            reply = panel.handle(request, fault if fault and fault.panel_side else None)
            late.after(panel, reply, fault, subjects)
        except Exception:
            simulation.log.counters.crashes += 1
            traceback.print_exc(file=sys.stderr)
            return Reply(500, {"simulator": traceback.format_exc()}), fault
        if target.write and reply.status < 400 and not reply.refused:
            entry.effect_applied = True
            simulation.clock.advance(1)
        return reply, fault


async def _read(scope: Scope, receive: Receive) -> Request | None:
    """Read the whole request. Return None if the client disconnected before it was complete."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return Request(
        method=scope["method"],
        raw_path=scope.get("raw_path", b"").decode("latin-1") or scope["path"],
        query_string=scope["query_string"].decode("latin-1"),
        headers={
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        },
        body=bytes(body),
    )


async def _deliver(
    reply: Reply,
    fault: Fault | None,
    entry: Entry,
    scope: Scope,
    receive: Receive,
    send: Send,
    date: datetime,
) -> None:
    """Send the panel's reply, changed by the fault if there is one."""
    if fault is None:
        await _answer(reply, send, date)
    elif fault.kind == "reset":
        entry.status = None
        _reset_connection(scope)
    elif fault.kind == "hang":
        await _wait_or_disconnect(receive, fault.params["seconds"])
        if fault.before:
            entry.status = None
            _reset_connection(scope)
        else:
            await _answer(reply, send, date)
    elif fault.kind == "cut_body":
        await _answer_half(reply, scope, send, date)
    else:
        changed = _changed(reply, fault)
        entry.status = changed.status
        await _answer(changed, send, date)


def _changed(reply: Reply, fault: Fault) -> Reply:
    params = fault.params
    if fault.kind == "html":
        return html_page(params["status"], "Server Error")
    if fault.kind == "status":
        headers = {name: str(value) for name, value in params["headers"].items()}
        body = params["body"]
        if body is None:
            return Reply(params["status"], headers=headers)
        if isinstance(body, str):
            return Reply(params["status"], text=body, content_type="text/plain", headers=headers)
        return Reply(params["status"], body, headers=headers)
    if reply.value is not NO_BODY:
        reply.value = distort(fault, reply.value)
    return reply


async def _answer(reply: Reply, send: Send, date: datetime) -> None:
    payload = reply.payload()
    await send(
        {
            "type": "http.response.start",
            "status": reply.status,
            "headers": reply.raw_headers(len(payload), date),
        }
    )
    await send({"type": "http.response.body", "body": payload})


async def _answer_half(reply: Reply, scope: Scope, send: Send, date: datetime) -> None:
    """Announce the whole body, send half of it, and close the connection."""
    payload = reply.payload() or b"{}"
    await send(
        {
            "type": "http.response.start",
            "status": reply.status,
            "headers": reply.raw_headers(len(payload), date),
        }
    )
    half = payload[: len(payload) // 2]
    await send({"type": "http.response.body", "body": half, "more_body": True})
    scope[TRANSPORT].close()


async def _wait_or_disconnect(receive: Receive, seconds: float) -> None:
    """Wait for some seconds, or until the client disconnects."""
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(receive(), seconds)


def _reset_connection(scope: Scope) -> None:
    """Reset the connection: with a linger time of zero, close() sends RST and drops unsent data."""
    transport: asyncio.Transport = scope[TRANSPORT]
    sock = transport.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
