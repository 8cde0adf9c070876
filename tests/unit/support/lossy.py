# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A panel that counts the writes it receives, and proxies that lose its responses."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@dataclass
class Server:
    """A running server: its port, and the request line of each complete request."""

    port: int
    arrived: list[str] = field(default_factory=list)


def fin(connection: socket.socket) -> None:
    """Close without a response."""


def rst(connection: socket.socket) -> None:
    """Reset the connection."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def sends(content: bytes) -> Callable[[socket.socket], None]:
    """Return a function that sends these bytes as the response."""
    return lambda connection: connection.sendall(content)


def cut(content: bytes) -> Callable[[socket.socket], None]:
    """Return a function that sends these bytes, and closes the connection."""

    def respond(connection: socket.socket) -> None:
        connection.sendall(content)
        connection.shutdown(socket.SHUT_RDWR)

    return respond


@contextlib.contextmanager
def _serving(handle: Callable[[socket.socket, Server], None]) -> Iterator[Server]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = Server(listener.getsockname()[1])

    def run() -> None:
        while True:
            try:
                connection, _peer = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve_one, args=(connection,), daemon=True).start()

    def serve_one(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(60)
            handle(connection, server)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        # close() alone does not wake a thread in accept().
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(60)


def _head(connection: socket.socket) -> bytes:
    """Read up to the end of the head; the requests of these tests have no body."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            return b""
        data += chunk
    return data


def panel(
    respond: Callable[[socket.socket], None] | None = None, tls: ssl.SSLContext | None = None
) -> contextlib.AbstractContextManager[Server]:
    """Run a panel that records each request and then responds, by default with ``{}``."""
    respond = respond or sends(OK)

    def handle(connection: socket.socket, server: Server) -> None:
        if tls:
            connection = tls.wrap_socket(connection, server_side=True)
        with connection:
            while head := _head(connection):
                server.arrived.append(head.partition(b"\r\n")[0].decode())
                respond(connection)
                if respond in (fin, rst):
                    return

    return _serving(handle)


def forward_proxy(
    target: Server, lose: Callable[[socket.socket], None]
) -> contextlib.AbstractContextManager[Server]:
    """Run a proxy that forwards each request to the panel and loses the response."""

    def handle(connection: socket.socket, server: Server) -> None:
        head = _head(connection)
        server.arrived.append(head.partition(b"\r\n")[0].decode())
        with socket.create_connection(("127.0.0.1", target.port)) as onward:
            onward.sendall(head)
            onward.recv(65536)
        lose(connection)

    return _serving(handle)


def connect_proxy(
    target: Server, answer: bytes, lose: Callable[[socket.socket], None] | None
) -> contextlib.AbstractContextManager[Server]:
    """Run a proxy for CONNECT.

    :param answer: the response to CONNECT.
    :param lose: ends the tunnel once the panel starts to send its response.
        ``None`` ends it directly after the response to CONNECT.
    """

    def handle(connection: socket.socket, server: Server) -> None:
        server.arrived.append(_head(connection).partition(b"\r\n")[0].decode())
        connection.sendall(answer)
        if lose is None:
            return
        with socket.create_connection(("127.0.0.1", target.port)) as onward:
            up = threading.Thread(target=_pump, args=(connection, onward), daemon=True)
            up.start()
            before = len(target.arrived)
            while len(target.arrived) == before:
                chunk = onward.recv(65536)
                # The panel has the request, so further bytes are the response.
                if not chunk or len(target.arrived) > before:
                    break
                connection.sendall(chunk)
            # A socket in use by another thread is closed only when that thread returns.
            connection.shutdown(socket.SHUT_RD)
            up.join(60)
            lose(connection)

    return _serving(handle)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while chunk := source.recv(65536):
            sink.sendall(chunk)
