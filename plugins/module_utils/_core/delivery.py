# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Track how far a request got, on any connection class derived from ``http.client.HTTPConnection``.

The class of an exception does not show whether the request left: urllib3 wraps a response that a
proxy lost in the same class as a proxy that refused to connect. The connection records
the moment before the first byte is handed to the network, and whether connecting failed.
"""

from __future__ import annotations

import http.client
import io
import logging  # noqa: TID251 - nothing is logged: the loggers of libraries are silenced
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from .clock import SystemClock

#: Deadlines of requests count real time: no test can replace the clock of a socket.
CLOCK = SystemClock()

_current = threading.local()


@dataclass
class Delivery:
    """The progress of one request, recorded by its connection.

    :param deadline: when the request must be over, on ``CLOCK``.
    """

    deadline: float
    #: Whether a part of the request was handed to the network. Set before the first byte leaves.
    handed_over: bool = False
    #: Whether the attempt failed before that, while the connection was chosen or opened.
    failed_before: bool = False
    #: Whether the attempt failed while a proxy opened a tunnel.
    failed_in_tunnel: bool = False

    @property
    def expired(self) -> bool:
        """Whether the deadline has passed."""
        return CLOCK.monotonic() >= self.deadline


@contextmanager
def delivering(delivery: Delivery) -> Iterator[Delivery]:
    """Record what this thread sends in ``delivery``."""
    _current.delivery = delivery
    try:
        yield delivery
    finally:
        _current.delivery = None


class Silence(logging.Filter):
    """A filter that drops what a library logs about the requests of this collection.

    urllib3 logs the address of a request whose response has a malformed header, and on some panels
    the address holds the credentials. Requests of other code in the process are logged as before.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        return _delivery() is None


@contextmanager
def before_sending() -> Iterator[None]:
    """Mark steps that send no byte of the request. A failure in them proves that it was never sent."""
    delivery = _delivery()
    try:
        yield
    except BaseException:
        if delivery is not None and not delivery.handed_over:
            delivery.failed_before = True
        raise


@cache
def tracked(connection_class: Any) -> Any:
    """Return a subclass of a connection class that records its progress and keeps the deadline."""
    if issubclass(connection_class, _Tracked):
        return connection_class
    return type(f"Tracked{connection_class.__name__}", (_Tracked, connection_class), {})


def _delivery() -> Delivery | None:
    delivery: Delivery | None = getattr(_current, "delivery", None)
    return delivery


class _DeadlineReader(io.RawIOBase):
    """The receiving side of a socket, with a deadline for all reads.

    The timeout of a socket restarts with each byte, so a server that sends one byte per second would
    keep a request open forever.
    """

    def __init__(self, raw: Any, sock: socket.socket, deadline: float) -> None:
        self._raw = raw
        self._sock = sock
        self._deadline = deadline
        self._timeout = sock.gettimeout()
        #: Whether the server has closed its side of the connection.
        self.ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> Any:
        left = self._deadline - CLOCK.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline of the request has passed")
        self._sock.settimeout(left if self._timeout is None else min(left, self._timeout))
        size = self._raw.readinto(buffer)
        self.ended = size == 0
        return size

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _DeadlineResponse(http.client.HTTPResponse):
    """A response with a complete head. Head and body are read within the deadline of its request."""

    _reader: _DeadlineReader | None = None

    def __init__(self, sock: socket.socket, *args: Any, **named: Any) -> None:
        super().__init__(sock, *args, **named)
        delivery = _delivery()
        if delivery is not None:
            # The socket closes with the last file made from it, so close the old one second.
            raw = sock.makefile("rb", buffering=0)
            self.fp.close()
            self._reader = _DeadlineReader(raw, sock, delivery.deadline)
            self.fp = io.BufferedReader(self._reader)

    def begin(self) -> None:
        """Read the head. Python accepts one that is cut off, as a success without a body."""
        super().begin()
        if self._reader is not None and self._reader.ended:
            raise http.client.RemoteDisconnected("the head of the response is not complete")

    def _read_status(self) -> tuple[str, int, str]:
        """Return the status line. Python skips status 100, and takes any other 1xx for the response.

        The response itself would then be taken for that to the next request.
        """
        version, status, reason = super()._read_status()  # type: ignore[misc]
        return version, http.client.CONTINUE if 100 <= status < 200 else status, reason


class _Tracked:
    """A mixin that records the progress of requests."""

    response_class = _DeadlineResponse
    sock: Any
    auto_open: int
    #: Whether the connection is sending the CONNECT request for a tunnel, not the request itself.
    _opening_tunnel = False

    def connect(self) -> None:
        """Connect, through a tunnel and with TLS if configured."""
        with before_sending():
            super().connect()  # type: ignore[misc]

    def _tunnel(self) -> None:
        delivery = _delivery()
        self._opening_tunnel = True
        try:
            super()._tunnel()  # type: ignore[misc]
        except BaseException:
            if delivery is not None:
                delivery.failed_in_tunnel = True
            raise
        finally:
            self._opening_tunnel = False

    def send(self, data: Any) -> None:
        """Send a part of the request."""
        if self.sock is None and self.auto_open:
            self.connect()
        delivery = _delivery()
        if delivery is not None and not self._opening_tunnel:
            delivery.handed_over = True
        super().send(data)  # type: ignore[misc]
