# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that no write is sent twice: only a request that provably never left is repeated."""

from __future__ import annotations

import gzip
import http.client
import inspect
import socket
import ssl
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import urllib3

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.dialect import Effect
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import (
    Limits,
    Request,
    RequestsBackend,
    TransportFailure,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.retry import (
    Backoff,
    RateLimiter,
    RetryPolicy,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.session import Session
from ansible_collections.vpsfleet.panels.tests.unit.support.certificate import self_signed
from ansible_collections.vpsfleet.panels.tests.unit.support.loopback import free_port
from ansible_collections.vpsfleet.panels.tests.unit.support.lossy import (
    OK,
    Server,
    connect_proxy,
    cut,
    fin,
    forward_proxy,
    panel,
    rst,
    sends,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy import ToyDialect

WRITES = [effect for effect in Effect if effect is not Effect.READ]
RETRIES = 2


def _backend(ca_path: str | None = None, **limits: Any) -> RequestsBackend:
    return RequestsBackend(
        limits=Limits(**{"timeout_s": 60.0, **limits}),
        verify=True,
        ca_path=ca_path,
        user_agent="vpsfleet.panels/test",
    )


def _call(url: str, effect: Effect, clock, ca_path: str | None = None) -> PanelError:
    """Call one operation with retries allowed, and return its error."""
    backend = _backend(ca_path)
    backoff = Backoff(RetryPolicy(retries=RETRIES, budget_s=1000), clock, jitter=lambda: 1.0)
    session = Session(
        ToyDialect(), {"": url}, backend, backoff, RateLimiter(0, clock), check_mode=False
    )
    try:
        with pytest.raises(PanelError) as caught:
            session.call(effect.value, path={"thing": 1})
        return caught.value
    finally:
        session.close()


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch) -> None:
    for name in ("http_proxy", "https_proxy", "no_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def trusted(tmp_path) -> tuple[ssl.SSLContext, str]:
    context, file = self_signed(tmp_path)
    return context, str(file)


def _assert_sent_once(server: Server, error: PanelError) -> None:
    assert len(server.arrived) == 1
    assert error.failure()["state"] == "unknown"


# --- real connections, real proxies --------------------------------------------------------------

#: Responses that arrive but are unusable.
UNUSABLE = {
    "fin": fin,
    "rst": rst,
    "two lengths": sends(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\n{}xxx"),
    "negative chunk": sends(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nab\r\n"),
    "no chunk": sends(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
    "broken location": sends(
        b"HTTP/1.1 302 Found\r\nLocation: http://[oops\r\nContent-Length: 0\r\n\r\n"
    ),
    "see other": sends(b"HTTP/1.1 303 See Other\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"),
    "deep JSON": sends(
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"[" * 50_000 + b"]" * 50_000
    ),
    "NaN": sends(b'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"a":NaN}'),
    "no gzip": sends(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"),
    "status": sends(b"HTTP/1.1 2x0 OK\r\n\r\n"),
    "no HTTP": sends(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"),
    "long line": sends(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 70_000 + b"\r\n\r\n"),
    "head cut in a name": cut(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "head cut after a line": cut(b"HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"),
    "head cut in the status": cut(b"HTTP/1.1 200"),
    "no final status": cut(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
    "many headers": sends(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 200 + b"\r\n"),
}


@pytest.mark.parametrize("effect", WRITES, ids=lambda effect: effect.value)
@pytest.mark.parametrize("case", UNUSABLE)
def test_a_write_with_an_unusable_response_is_not_repeated(case, effect, clock):
    if case == "broken location":
        # A redirect proves that the panel did not do it.
        with panel(UNUSABLE[case]) as server:
            _call(f"http://127.0.0.1:{server.port}", effect, clock)
        assert len(server.arrived) == 1
        return
    with panel(UNUSABLE[case]) as server:
        error = _call(f"http://127.0.0.1:{server.port}", effect, clock)
    _assert_sent_once(server, error)


@pytest.mark.parametrize("lose", [fin, rst, sends(b"HTTP/1.1 \x00\r\n\r\n"), sends(b"HT")])
@pytest.mark.parametrize("effect", WRITES, ids=lambda effect: effect.value)
def test_a_write_is_not_repeated_if_a_forward_proxy_loses_its_response(
    effect, lose, clock, monkeypatch
):
    with panel() as server, forward_proxy(server, lose) as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        error = _call(f"http://panel.invalid:{server.port}", effect, clock)
    _assert_sent_once(server, error)
    assert len(proxy.arrived) == 1


TUNNEL = b"HTTP/1.1 200 Connection established\r\n\r\n"


@pytest.mark.parametrize("lose", [fin, rst])
@pytest.mark.parametrize("effect", WRITES, ids=lambda effect: effect.value)
def test_a_write_is_not_repeated_if_a_tunnel_loses_its_response(
    effect, lose, clock, monkeypatch, trusted
):
    context, ca_path = trusted
    with panel(tls=context) as server, connect_proxy(server, TUNNEL, lose) as proxy:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
        error = _call(f"https://127.0.0.1:{server.port}", effect, clock, ca_path)
    _assert_sent_once(server, error)
    assert len(proxy.arrived) == 1


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 502 Bad Gateway\r\n\r\n", b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", b""],
)
@pytest.mark.parametrize("effect", list(Effect), ids=lambda effect: effect.value)
def test_a_refused_tunnel_is_retried(effect, answer, clock, monkeypatch):
    with panel() as server, connect_proxy(server, answer, None) as proxy:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
        error = _call("https://panel.invalid", effect, clock)
    assert (server.arrived, len(proxy.arrived)) == ([], RETRIES + 1)
    assert error.failure()["state"] == "known"
    assert "proxy" in error.msg


@pytest.mark.parametrize("effect", list(Effect), ids=lambda effect: effect.value)
def test_a_request_that_never_left_is_repeated(effect, clock, monkeypatch):
    url = f"http://127.0.0.1:{free_port()}"
    refused = _call(url, effect, clock)
    monkeypatch.setenv("http_proxy", url)
    no_proxy = _call("http://panel.invalid", effect, clock)
    for error in (refused, no_proxy):
        assert error.failure() | {"operation": None, "message": ""} == {
            "code": "transport",
            "http_status": None,
            "operation": None,
            "message": "",
            "retryable": True,
            "partial": False,
            "state": "known",
        }
        assert f"{RETRIES + 1} attempts" in error.msg


def test_a_read_with_a_lost_response_is_repeated(clock):
    with panel(fin) as server:
        error = _call(f"http://127.0.0.1:{server.port}", Effect.READ, clock)
    assert len(server.arrived) == RETRIES + 1
    assert error.failure()["state"] == "known"


@pytest.mark.parametrize("status", ["100 Continue", "102 Processing", "103 Early Hints", "199 Odd"])
def test_an_interim_response_is_not_taken_for_the_response(status):
    """Otherwise, the response to one request would be read as that to the next one."""
    answers = iter((b"first", b"other"))
    followed = threading.Event()

    def respond(connection: socket.socket) -> None:
        connection.sendall(f"HTTP/1.1 {status}\r\nLink: </a>\r\n\r\n".encode())
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + next(answers))
        followed.set()

    with panel(respond) as server:
        backend = _backend()
        url = f"http://127.0.0.1:{server.port}/"
        first = backend.send(Request("PUT", url))
        assert followed.wait(60)
        second = backend.send(Request("GET", url))
        backend.close()
    assert [(each.status, each.content) for each in (first, second)] == [
        (200, b"first"),
        (200, b"other"),
    ]


def test_a_reused_connection_is_tracked_too(clock):
    with panel() as server:
        backend = _backend()
        url = f"http://127.0.0.1:{server.port}/"
        assert backend.send(Request("GET", url)).status == 200
        assert backend.send(Request("GET", url)).status == 200
        backend.close()
    assert len(server.arrived) == 2


# --- every exception of the libraries -----------------------------------------------------------


def _classes() -> Iterator[type[Exception]]:
    """Yield the exception classes of requests, urllib3 and http.client, and a few unusual ones."""
    for module in (requests.exceptions, urllib3.exceptions, http.client):
        for _name, found in inspect.getmembers(module, inspect.isclass):
            if issubclass(found, Exception) and not issubclass(found, Warning):
                yield found
    yield from (OSError, ConnectionResetError, TimeoutError, socket.gaierror, ssl.SSLError)
    yield from (ssl.SSLCertVerificationError, ConnectionRefusedError, BrokenPipeError)
    yield from (ValueError, RuntimeError, RecursionError, MemoryError, UnicodeDecodeError, KeyError)


CLASSES = sorted(set(_classes()), key=lambda found: (found.__module__, found.__name__))


def _made(found: type[Exception]) -> Exception:
    error = found.__new__(found)
    error.args = ("made by the test",)
    return error


def _raise(found: type[Exception]):
    def instead(*_args: Any, **_named: Any) -> Any:
        raise _made(found)

    return instead


def _failure(url: str) -> TransportFailure:
    backend = _backend()
    try:
        with pytest.raises(TransportFailure) as caught:
            backend.send(Request("POST", url))
        return caught.value
    finally:
        backend.close()


def _misjudged(url: str, server: Server, *, sent: bool) -> list[str]:
    found = []
    for kind in CLASSES:
        before = len(server.arrived)
        with pytest.MonkeyPatch.context() as patch:
            if sent:
                patch.setattr(urllib3.connection.HTTPConnection, "getresponse", _raise(kind))
            else:
                patch.setattr(urllib3.connection.HTTPConnection, "connect", _raise(kind))
            failure = _failure(url)
        arrivals = len(server.arrived) - before
        if failure.sent is not sent or (arrivals and not sent):
            found.append(kind.__name__)
    return found


@pytest.mark.parametrize("sent", [False, True], ids=["while connecting", "after sending"])
@pytest.mark.parametrize("proxied", [False, True], ids=["direct", "proxied"])
def test_the_time_of_an_exception_decides_whether_the_request_was_sent(proxied, sent, monkeypatch):
    with panel() as server:
        url = f"http://127.0.0.1:{server.port}/"
        if proxied:
            monkeypatch.setenv("http_proxy", url)
            url = "http://panel.invalid/"
        assert _misjudged(url, server, sent=sent) == []


def test_each_exception_of_an_unknown_transport_counts_as_sent():
    while_connecting = {
        "ConnectTimeout",
        "ConnectTimeoutError",
        "NewConnectionError",
        "NameResolutionError",
        "SSLCertVerificationError",
    }
    never_sent = set()
    for kind in CLASSES:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(requests.adapters.HTTPAdapter, "send", _raise(kind))
            if not _failure("http://127.0.0.1:1/").sent:
                never_sent.add(kind.__name__)
    assert never_sent <= while_connecting


# --- bounds on one request -----------------------------------------------------------------------


def _drips(head: bytes, drop: bytes, done: threading.Event):
    def respond(connection: socket.socket) -> None:
        connection.sendall(head)
        while not done.wait(0.02):
            connection.sendall(drop)

    return respond


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["headers", "one header", "body", "chunks", "continue"],
)
def test_a_dripping_response_ends_at_the_deadline(head, drop):
    done = threading.Event()
    with panel(_drips(head, drop, done)) as server:
        backend = _backend(timeout_s=0.5, total_s=0.5)
        try:
            with pytest.raises(TransportFailure) as caught:
                backend.send(Request("POST", f"http://127.0.0.1:{server.port}/"))
        finally:
            done.set()
            backend.close()
    assert caught.value.sent is True


@pytest.mark.parametrize(
    "body",
    [
        b"x" * 3_000_000,
        gzip.compress(b"x" * 3_000_000),
    ],
    ids=["plain", "gzip"],
)
def test_a_too_large_response_is_not_read_completely(body):
    coding = b"Content-Encoding: gzip\r\n" if body.startswith(b"\x1f\x8b") else b""
    length = b"Content-Length: %d\r\n" % len(body)
    with panel(sends(b"HTTP/1.1 200 OK\r\n" + coding + length + b"\r\n" + body)) as server:
        backend = _backend(response_bytes=1024 * 1024)
        with pytest.raises(TransportFailure, match="larger than 1 MiB") as caught:
            backend.send(Request("GET", f"http://127.0.0.1:{server.port}/"))
        backend.close()
    assert (caught.value.sent, caught.value.passing) == (True, False)
    assert "max_response_size" in caught.value.hint


def test_a_response_with_two_compressions_is_refused():
    body = gzip.compress(gzip.compress(b"{}"))
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Length: %d\r\n\r\n"
    with panel(sends(head % len(body) + body)) as server:
        backend = _backend()
        with pytest.raises(TransportFailure, match="compressed more than once"):
            backend.send(Request("GET", f"http://127.0.0.1:{server.port}/"))
        backend.close()


def test_a_response_within_its_bounds_is_read():
    with panel(sends(OK)) as server:
        backend = _backend(timeout_s=60.0, total_s=1.0)
        assert backend.send(Request("GET", f"http://127.0.0.1:{server.port}/")).json() == {}
        backend.close()
