# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server on the loopback interface that sends a test's bytes, one response per connection."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Iterator

from .clock import WATCHDOG_S

#: Instead of a response: reset the connection.
RESET = b"\0reset"
#: Instead of a response: keep the connection open and send nothing.
SILENCE = b"\0silence"

NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"


def reply(body: bytes, status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    """Return a response. ``length`` replaces the true Content-Length."""
    size = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {size}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Loopback:
    """A running server: its port and the received requests."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.requests: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def loopback(*answers: bytes, tls: ssl.SSLContext | None = None) -> Iterator[Loopback]:
    """Serve the responses in order, one for each connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(WATCHDOG_S)
    server = Loopback(listener.getsockname()[1])
    done = threading.Event()

    def serve() -> None:
        for answer in answers:
            with contextlib.suppress(OSError):
                connection, _peer = listener.accept()
                with connection:
                    connection.settimeout(WATCHDOG_S)
                    if tls:
                        connection = tls.wrap_socket(connection, server_side=True)
                    with connection:
                        _serve_one(connection, answer)

    def _serve_one(connection: socket.socket, answer: bytes) -> None:
        server.requests.append(_request(connection))
        if answer == RESET:
            # With a linger time of 0, close() sends RST.
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        elif answer == SILENCE:
            done.wait(WATCHDOG_S)
        else:
            connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        done.set()
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)  # wakes the thread in accept()
        listener.close()
        thread.join(WATCHDOG_S)


def _request(connection: socket.socket) -> str:
    """Read one request, head and body."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            break
        data += chunk
        if data.startswith(b"\x16"):  # a TLS handshake, to a server without TLS
            break
    head, _gap, body = data.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            while len(body) < int(line.split(b":")[1]):
                body += connection.recv(65536)
    return (head + b"\r\n\r\n" + body).decode(errors="replace")


def free_port() -> int:
    """Return a port without a listener."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
