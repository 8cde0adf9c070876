# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Serve the application: HTTP/1.1 with keep-alive, one packet per answer, and an immediate stop."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from .app import build_app
from .gateway import TRANSPORT
from .simulation import Simulation
from .tls import Certificate


class OnePacketTransport:
    """A transport that joins the writes of one turn of the event loop.

    The server writes head and body of an answer separately, which would be two packets on the wire.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._pending = bytearray()

    def write(self, data: bytes) -> None:
        """Buffer bytes until the next turn of the event loop."""
        if not self._pending:
            asyncio.get_running_loop().call_soon(self._flush)
        self._pending += data

    def close(self) -> None:
        """Send the buffered bytes, then close."""
        self._flush()
        self._transport.close()

    def abort(self) -> None:
        """Close at once and drop the buffered bytes."""
        self._pending.clear()
        self._transport.abort()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def _flush(self) -> None:
        if self._pending and not self._transport.is_closing():
            self._transport.write(bytes(self._pending))
        self._pending.clear()


def protocol_class(simulation: Simulation) -> type[H11Protocol]:
    """Return an HTTP protocol that counts connections and passes its transport to the application."""

    class SimulatorProtocol(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            simulation.log.counters.connections += 1
            super().connection_made(OnePacketTransport(transport))  # type: ignore[arg-type]
            served = self.app

            async def app(scope: Scope, receive: Receive, send: Send) -> None:
                scope[TRANSPORT] = self.transport
                await served(scope, receive, send)

            self.app = app

    return SimulatorProtocol


class _Server(uvicorn.Server):
    """A server that calls a function once it listens."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._announce()


def serve(
    simulation: Simulation,
    host: str,
    port: int,
    certificate: Certificate | None = None,
    port_file: Path | None = None,
    greet: Callable[[str, str | None], None] | None = None,
    until_stdin_closes: bool = False,
) -> None:
    """Listen until a signal comes or, if asked for, standard input closes.

    `greet` gets the URL and the path of the certificate to trust once the port is open.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(1024)
    scheme = "https" if certificate else "http"
    where = f"[{host}]" if ":" in host else host
    url = f"{scheme}://{where}:{listener.getsockname()[1]}"
    ca_file = str(certificate.ca_file) if certificate else None

    def announce() -> None:
        if port_file is not None:
            facts = {"url": url, "pid": os.getpid(), "ca": ca_file}
            _write_atomically(port_file, json.dumps(facts))
        if greet is not None:
            greet(url, ca_file)

    config = uvicorn.Config(
        build_app(simulation),
        loop="asyncio",
        http=protocol_class(simulation),
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=300,
        timeout_graceful_shutdown=1,
        ssl_certfile=str(certificate.cert_file) if certificate else None,
        ssl_keyfile=str(certificate.key_file) if certificate else None,
    )
    server = _Server(config, announce)
    if until_stdin_closes:
        threading.Thread(target=_watch_stdin, args=(server,), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])


def _watch_stdin(server: uvicorn.Server) -> None:
    """Stop the server when the other end of standard input closes."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    server.should_exit = True


def _write_atomically(path: Path, text: str) -> None:
    scratch = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(path)
