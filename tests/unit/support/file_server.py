# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server on the loopback interface that stores files with PUT and returns them with GET."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit


class FileServer:
    """The server and what it has received, as a context manager.

    :ivar files: the content of each path.
    :ivar requests: method, path with query, and headers of each request.
    :ivar status: returns the status with which a request is refused, or ``None``; called with method and path.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.status: Callable[[str, str], int | None] = lambda method, path: None
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_PUT(self) -> None:
                content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self._answer("PUT", content)

            def do_GET(self) -> None:
                self._answer("GET", b"")

            def _answer(self, method: str, content: bytes) -> None:
                path = urlsplit(self.path).path
                server.requests.append((method, self.path, dict(self.headers)))
                status, body = server.status(method, path), b""
                if status is None and method == "PUT":
                    server.files[path], status = content, 201
                elif status is None:
                    body = server.files.get(path, b"")
                    status = 200 if path in server.files else 404
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *dummy: Any) -> None:
                """Print nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # The time between two looks at whether the server is to end.
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True)

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> FileServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
