# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the HTTP backend: requests, failures, credentials, certificates."""

from __future__ import annotations

import io
import json
import os
import socket
import ssl
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import requests
import urllib3

from ansible_collections.vpsfleet.panels.plugins.module_utils._core import http
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import (
    Limits,
    Request,
    RequestsBackend,
    Response,
    TransportFailure,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.system_settings import (
    system_authorities,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.loopback import (
    NO_CONTENT,
    RESET,
    SILENCE,
    free_port,
    loopback,
    reply,
)

AUTH = {"Authorization": "Bearer the-token"}


def _backend(
    *,
    timeout_s: float = 10,
    total_s: float = 60,
    largest: int = 1024 * 1024,
    verify: bool = True,
    ca_path: str | None = None,
):
    return RequestsBackend(
        limits=Limits(timeout_s=timeout_s, total_s=total_s, response_bytes=largest),
        verify=verify,
        ca_path=ca_path,
        user_agent="vpsfleet.panels/test",
    )


def _send(url: str, method: str = "GET", query=None, body=None, **options) -> Response:
    backend = _backend(**options)
    try:
        return backend.send(Request(method, url, query or {}, AUTH, body))
    finally:
        backend.close()


def _fail(url: str, **options) -> TransportFailure:
    with pytest.raises(TransportFailure) as caught:
        _send(url, **options)
    return caught.value


# --- requests and responses ------------------------------------------------------------------


def test_a_request_is_sent_unchanged():
    with loopback(reply(b'{"a": 1}', "200 OK", "X-Some: Thing")) as server:
        answer = _send(
            f"{server.url}/x%2Fy",
            "PUT",
            query={"results": 5, "id[]": [1, 2], "none": None},
            body={"on": True},
        )
    head, _gap, body = server.requests[0].partition("\r\n\r\n")
    lines = head.split("\r\n")
    assert lines[0] == "PUT /x%2Fy?results=5&id%5B%5D=1&id%5B%5D=2 HTTP/1.1"
    assert "Authorization: Bearer the-token" in lines
    assert "User-Agent: vpsfleet.panels/test" in lines
    assert "Content-Type: application/json" in lines
    assert json.loads(body) == {"on": True}
    assert (answer.status, answer.headers["x-some"], answer.json()) == (200, "Thing", {"a": 1})


def test_a_request_without_a_body_is_empty():
    with loopback(NO_CONTENT) as server:
        answer = _send(f"{server.url}/", "POST")
    assert server.requests[0].endswith("\r\n\r\n")
    assert "application/json" not in server.requests[0]
    assert (answer.status, answer.json()) == (204, None)


def test_an_empty_object_is_sent_as_a_body():
    with loopback(NO_CONTENT) as server:
        _send(f"{server.url}/", "PUT", body={})
    assert server.requests[0].endswith("\r\n\r\n{}")


def test_a_form_is_sent_url_encoded():
    with loopback(NO_CONTENT) as server:
        backend = _backend()
        body = {"plan_name": "a b&c=d", "sgs[]": [0, 2], "mgs[]": []}
        backend.send(
            Request("POST", f"{server.url}/index.php?act=x", {"page": 2}, body=body, form=True)
        )
        backend.close()
    head, _gap, message = server.requests[0].partition("\r\n\r\n")
    assert head.startswith("POST /index.php?act=x&page=2 HTTP/1.1")
    assert "Content-Type: application/x-www-form-urlencoded" in head
    assert message == "plan_name=a+b%26c%3Dd&sgs%5B%5D=0&sgs%5B%5D=2"


@pytest.mark.parametrize("status", ["404 Not Found", "500 Oops", "301 Moved"])
def test_a_response_of_any_status_is_returned(status):
    with loopback(reply(b"no", status)) as server:
        assert _send(server.url).status == int(status[:3])


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(code):
    with loopback(reply(b"", f"{code} Go", "Location: http://127.0.0.1:1/")) as server:
        answer = _send(server.url)
    assert (answer.status, answer.headers["location"]) == (code, "http://127.0.0.1:1/")
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("content", "value"), [(b"", None), (b" \n", None), (b"[]", []), (b"0", 0), (b"null", None)]
)
def test_a_body_is_json_or_empty(content, value):
    assert Response(200, {}, content).json() == value


@pytest.mark.parametrize("content", [b"<html>", b"{", b"\xff\xfe\xfa", b"OK"])
def test_an_invalid_json_body_raises_a_value_error(content):
    with pytest.raises(ValueError):
        Response(200, {}, content).json()
    assert isinstance(Response(200, {}, content).text, str)


@pytest.mark.parametrize(
    ("status", "ok"), [(199, False), (200, True), (204, True), (299, True), (300, False)]
)
def test_2xx_is_a_success(status, ok):
    assert Response(status).ok is ok


# --- failures --------------------------------------------------------------------------------


def test_a_refused_connection_was_never_sent():
    failure = _fail(f"http://127.0.0.1:{free_port()}/")
    assert (failure.sent, failure.passing) == (False, True)
    assert failure.message == "the connection was refused"
    assert "{address}" in failure.hint


def test_a_reset_may_have_reached_the_panel():
    with loopback(RESET) as server:
        failure = _fail(server.url)
    assert (failure.sent, failure.passing) == (True, True)
    assert "lost" in failure.message


def test_a_closed_connection_may_have_reached_the_panel():
    with loopback(b"") as server:
        assert _fail(server.url).sent is True


def test_a_cut_body_may_have_reached_the_panel():
    with loopback(reply(b'{"info": [', length=500)) as server:
        failure = _fail(server.url)
    assert failure.sent is True
    assert "before the response was complete" in failure.message


def test_a_read_timeout_may_have_reached_the_panel():
    with loopback(SILENCE) as server:
        failure = _fail(server.url, timeout_s=0.2)
    assert (failure.sent, failure.passing) == (True, True)
    assert "timeout" in failure.message


def test_a_request_without_an_http_response_may_have_reached_the_panel():
    with loopback(b"SSH-2.0-OpenSSH_9.6\r\n") as server:
        assert _fail(server.url).sent is True


def test_a_port_without_tls_is_reported():
    with loopback(reply(b"400")) as server:
        failure = _fail(server.url.replace("http:", "https:"))
    assert "TLS" in failure.message


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://panel.invalid:99999/", "not a valid URL"),
        ("ftp://panel.invalid/", "not a valid URL"),
        ("http://*.invalid/", "not a valid URL"),
    ],
)
def test_an_invalid_address_is_not_retried(url, words):
    failure = _fail(url)
    assert (failure.sent, failure.passing) == (False, False)
    assert words in failure.message


def test_a_request_to_an_invalid_host_name_was_never_sent():
    failure = _fail("http://panel..invalid/")
    assert failure.sent is False


def test_a_token_with_a_line_break_was_never_sent():
    backend = _backend()
    with pytest.raises(TransportFailure, match="characters that HTTP does not allow") as caught:
        backend.send(Request("GET", "http://127.0.0.1:1/", headers={"Authorization": "a\nb"}))
    assert (caught.value.sent, caught.value.passing) == (False, False)
    assert "a\nb" not in caught.value.message


def _raises(error: Exception):
    """Return a ``send()`` that raises an error."""

    def send(self, *_args, **_named):
        raise error

    return send


def _around(cause: Exception, outer: type[Exception] = requests.ConnectionError) -> Exception:
    try:
        raise cause
    except type(cause) as inner:
        error = outer("wrapped")
        error.__context__ = inner
        return error


@pytest.mark.parametrize(
    ("error", "sent", "words"),
    [
        (requests.exceptions.ProxyError("x"), True, "lost"),
        (requests.exceptions.ConnectTimeout("x"), False, "connecting timed out"),
        (_around(socket.gaierror(-2, "x")), True, "lost"),
        (_around(urllib3.exceptions.NewConnectionError(None, "x")), False, "no connection"),
        (_around(ConnectionResetError(104, "x")), True, "lost"),
        (requests.exceptions.ReadTimeout("x"), True, "timeout"),
        (requests.exceptions.ChunkedEncodingError("x"), True, "lost"),
        (requests.exceptions.ContentDecodingError("x"), True, "lost"),
        (requests.exceptions.SSLError(ssl.SSLError(1, "x")), True, "TLS"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_each_failure_of_the_library_has_a_message(error, sent, words, monkeypatch):
    backend = _backend()
    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", _raises(error))
    with pytest.raises(TransportFailure, match=words) as caught:
        backend.send(Request("GET", "http://127.0.0.1/"))
    assert (caught.value.sent, caught.value.passing) == (sent, True)


# --- credentials and the environment ---------------------------------------------------------


def test_netrc_does_not_replace_the_token(tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with loopback(NO_CONTENT) as server:
        _send(server.url)
    assert "Authorization: Bearer the-token" in server.requests[0]
    assert "Basic" not in server.requests[0]


def test_a_proxy_is_used_and_does_not_replace_the_token(monkeypatch):
    with loopback(NO_CONTENT) as proxy:
        monkeypatch.setenv("http_proxy", f"http://me:secret@127.0.0.1:{proxy.port}")
        _send("http://panel.invalid/api/v1/connect")
    request = proxy.requests[0]
    assert request.startswith("GET http://panel.invalid/api/v1/connect HTTP/1.1")
    assert "\r\nAuthorization: Bearer the-token" in request


def test_a_request_to_a_missing_proxy_was_never_sent(monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    failure = _fail("http://panel.invalid/")
    assert failure.sent is False
    assert "proxy" in failure.message


def test_a_socks_proxy_without_its_package_is_named(monkeypatch):
    monkeypatch.setenv("all_proxy", "socks5://127.0.0.1:1")
    missing = _raises(requests.exceptions.InvalidSchema("Missing dependencies for SOCKS support."))
    monkeypatch.setattr(requests.adapters, "SOCKSProxyManager", missing)
    failure = _fail("http://panel.invalid/")
    assert (failure.sent, failure.passing) == (False, False)
    assert "PySocks" in failure.message


def test_no_library_logs_an_address(caplog):
    caplog.set_level("DEBUG")
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nmalformed\r\n\r\n"
    with loopback(answer, answer) as server:
        assert _send(f"{server.url}/?adminapikey=s3cret").status == 200
        assert "s3cret" not in caplog.text
        # Other requests in the same process are still logged.
        requests.get(f"{server.url}/?somebody=else", timeout=60)
    assert "somebody=else" in caplog.text


@pytest.fixture
def verified_with(monkeypatch):
    """Return a function that sends a request and returns the ``verify`` setting of the library."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    seen = {}

    def send(self, *_args, **named):
        seen.update(named)
        answer = requests.Response()
        answer.status_code, answer.raw = 204, io.BytesIO()
        return answer

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)

    def verified(**options):
        _send("https://panel.invalid/", timeout_s=60, **options)
        assert seen["timeout"] == (10, 60)
        return seen["verify"]

    return verified


def test_certificates_are_verified_by_default(verified_with, tls):
    _context, file = tls
    assert verified_with() == (system_authorities() or True)
    assert verified_with(ca_path=str(file)) == str(file)
    assert verified_with(verify=False) is False
    assert verified_with(verify=False, ca_path=str(file)) is False


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_the_environment_can_set_the_authorities(variable, verified_with, tls, monkeypatch):
    _context, file = tls
    monkeypatch.setenv(variable, str(file))
    assert verified_with() == str(file)


@pytest.mark.parametrize("content", [None, "", "garbage"])
def test_an_unusable_ca_path_is_named(content, tmp_path):
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    failure = _fail("https://127.0.0.1:1/", ca_path=str(path))
    assert (failure.sent, failure.passing, failure.hint) == (False, False, "check ca_path")
    assert str(path) in failure.message


@pytest.fixture
def tls(tmp_path):
    """Return a server's TLS context with a self-signed certificate, and the certificate's file."""
    pytest.importorskip("cryptography", reason="makes the certificate")
    from ansible_collections.vpsfleet.panels.tests.unit.support.certificate import (
        self_signed,
    )

    return self_signed(tmp_path)


def test_an_untrusted_certificate_is_not_retried(tls):
    context, _file = tls
    with loopback(NO_CONTENT, tls=context) as server:
        failure = _fail(f"https://127.0.0.1:{server.port}/")
    assert (failure.sent, failure.passing) == (False, False)
    assert "not trusted" in failure.message
    assert "ca_path" in failure.hint
    assert server.requests == []


def test_ca_path_makes_a_certificate_trusted(tls):
    context, file = tls
    with loopback(NO_CONTENT, tls=context) as server:
        assert _send(f"https://127.0.0.1:{server.port}/", ca_path=str(file)).status == 204


def test_without_validation_any_certificate_passes_without_a_warning(tls):
    context, _file = tls
    with loopback(NO_CONTENT, tls=context) as server, warnings.catch_warnings():
        warnings.simplefilter("error")
        assert _send(f"https://127.0.0.1:{server.port}/", verify=False).status == 204


def test_without_requests_the_collection_still_loads(tmp_path):
    (tmp_path / "requests.py").write_text("raise ImportError('no such library')\n")
    code = f"import {http.__name__} as http; print('no such library' in http.REQUESTS_IMPORT_ERROR)"
    roots = [str(Path(http.__file__).parents[6]), *(path for path in sys.path if path)]
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *roots])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == ("True", "")
