# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Send one request and return its response. The only file that imports the HTTP library.

``requests`` keeps connections open, so a request costs about a twentieth of one with Ansible's
``open_url``, and the connection can record whether a byte of the request was sent.
"""

from __future__ import annotations

import http.client
import json
import logging  # noqa: TID251 - nothing is logged: the loggers of libraries are silenced
import os
import socket
import ssl
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, Protocol
from urllib.parse import urlencode, urlsplit

from .delivery import CLOCK, Delivery, Silence, before_sending, delivering, tracked
from .safe_text import without_lone_surrogates
from .system_settings import proxies_for, system_authorities, unusable

try:
    import requests
    import urllib3
except ImportError:
    #: Traceback of the failed import, for ``missing_required_lib`` at the edge.
    REQUESTS_IMPORT_ERROR: str | None = traceback.format_exc()
else:
    REQUESTS_IMPORT_ERROR = None


@dataclass(frozen=True)
class Request:
    """A request.

    :param query: parameters that are added to the URL; a list repeats its parameter.
    :param headers: headers in addition to ``Content-Type``, which depends on the body.
    :param body: the content, or ``None``.
    :param form: whether the body is encoded as an HTML form, rather than as JSON.
    :param service: the panel's service that receives it, if the panel has several.
    :param raw: the bytes of a file to send, instead of a body.
    """

    method: str
    url: str
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    form: bool = False
    service: str = ""
    raw: bytes | None = None

    @property
    def content(self) -> bytes:
        """The bytes of the body."""
        if self.raw is not None:
            return self.raw
        if self.body is None:
            return b""
        return (urlencode(self.body, doseq=True) if self.form else json.dumps(self.body)).encode()

    @property
    def content_type(self) -> str:
        """The media type of the body."""
        if self.raw is not None:
            return "application/octet-stream"
        return "application/x-www-form-urlencoded" if self.form else "application/json"

    def with_header(self, name: str, value: str) -> Request:
        """Return the request with one more header."""
        return replace(self, headers={**self.headers, name: value})


@dataclass(frozen=True)
class Response:
    """A response: status, headers with names in lower case, and the bytes of the body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The body as text. Bytes that are not UTF-8 are replaced."""
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """Return the decoded body, or ``None`` if there is no body.

        Lone surrogates become U+FFFD.

        :raises ValueError: the body is not JSON, or is nested too deep to read.
        """
        if not self.content.strip():
            return None
        try:
            decoded = json.loads(self.content, parse_constant=_refuse_constant)
        except RecursionError as error:
            raise ValueError("the JSON is nested too deep") from error
        escaped = b"\\ud" in self.content or b"\\uD" in self.content
        return without_lone_surrogates(decoded) if escaped else decoded


def _refuse_constant(name: str) -> NoReturn:
    """Refuse ``NaN`` and ``Infinity``, which Python reads although they are not JSON."""
    raise ValueError(f"{name} is not JSON")


@dataclass(eq=False)
class TransportFailure(Exception):
    """A request without a usable response.

    :param message: the reason, in one line.
    :param sent: whether the request may have reached the panel.
    :param passing: whether the fault is temporary; an untrusted certificate is not.
    :param hint: what to try, with ``{address}`` for the option with the panel's address.
    """

    message: str
    options: KW_ONLY
    sent: bool
    passing: bool = True
    hint: str = ""


class Backend(Protocol):
    """Sends requests: the network, or a script of a test."""

    def send(self, request: Request) -> Response:
        """Send a request once. :raises TransportFailure: there is no usable response."""

    def close(self) -> None:
        """Close the connections."""


@dataclass(frozen=True)
class Limits:
    """Limits for one request, so that no server can block or fill the controller.

    :param timeout_s: seconds to wait for the next part of a response. Connecting takes at most 10.
    :param total_s: seconds from the start of a request to the end of its response.
    :param response_bytes: maximum size of a body, after decompression.
    """

    timeout_s: float = 30.0
    total_s: float = 300.0
    response_bytes: int = 64 * 1024 * 1024

    @property
    def deadline_s(self) -> float:
        """Seconds for the whole request, at least ``timeout_s``."""
        return max(self.total_s, self.timeout_s)


class RequestsBackend:
    """The network.

    Only the request carries credentials: ``.netrc`` is not read, and no redirect is followed, since
    both could send another token, or the token to another server. Proxies of the environment are used.

    :param limits: the time and size that a request may take.
    :param verify: whether TLS certificates are verified.
    :param ca_path: file with the certificate authorities to trust instead of the system's.
    :param user_agent: value of the ``User-Agent`` header.
    :param connections: the number of connections kept open, one for each thread that sends.
    """

    _CONNECT_S = 10.0
    _CHUNK_BYTES = 16 * 1024

    def __init__(
        self,
        *,
        limits: Limits,
        verify: bool,
        ca_path: str | None,
        user_agent: str,
        connections: int = 10,
    ) -> None:
        self._limits = limits
        self._verify: bool | str = (
            (str(Path(ca_path).absolute()) if ca_path else True) if verify else False
        )
        self._session = requests.Session()
        adapter = _tracking_adapter(connections)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        self._session.headers["User-Agent"] = user_agent
        self._settings: dict[str, Mapping[str, Any]] = {}
        self._settling = threading.Lock()
        _silence_loggers()
        if not verify:
            # The operator has set validate_certs to false; a warning per request adds nothing.
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def send(self, request: Request) -> Response:
        """Send a request once.

        :raises TransportFailure: there is no usable response. Unless the connection shows that no
            byte of the request left, the request counts as sent, whatever the exception.
        """
        delivery = Delivery(CLOCK.monotonic() + self._limits.deadline_s)
        with delivering(delivery):
            try:
                with before_sending():
                    prepared = self._prepare(request)
                    settings = self._settings_for(str(prepared.url))
                    adapter = self._session.get_adapter(str(prepared.url))
                return self._exchange(adapter, prepared, settings)
            except TransportFailure:
                raise
            except Exception as error:
                if not delivery.handed_over:
                    self._check_authorities(request.url)
                raise _failure(error, delivery) from error

    def _prepare(self, request: Request) -> Any:
        """Return the request in the form of the library.

        ``Session.prepare_request`` reads the environment, cookies and hooks for each request, which
        takes a third of the processor time of a request.
        """
        content = request.content
        about = {"Content-Type": request.content_type} if content else {}
        prepared = requests.PreparedRequest()
        prepared.prepare_method(request.method)
        prepared.prepare_url(request.url, dict(request.query))
        prepared.prepare_headers({**self._session.headers, **about, **request.headers})
        prepared.prepare_body(content or None, None)
        return prepared

    def _exchange(self, adapter: Any, prepared: Any, settings: Mapping[str, Any]) -> Response:
        timeout = (min(self._limits.timeout_s, self._CONNECT_S), self._limits.timeout_s)
        received = adapter.send(prepared, timeout=timeout, **{**settings, "stream": True})
        try:
            headers = {name.lower(): value for name, value in received.headers.items()}
            return Response(received.status_code, headers, self._body(received))
        finally:
            received.close()

    def _body(self, received: Any) -> bytes:
        """Read the body up to the limit. :raises TransportFailure: it is larger."""
        largest = self._limits.response_bytes
        # Each coding can multiply the size by a thousand, so a chain of them cannot be bounded.
        if "," in received.headers.get("Content-Encoding", ""):
            raise TransportFailure("the response is compressed more than once", sent=True)
        # By default, urllib3 before 2.0 accepts a body that is shorter than its Content-Length.
        if hasattr(received.raw, "enforce_content_length"):
            received.raw.enforce_content_length = True
        parts, size = [], 0
        for part in received.iter_content(self._CHUNK_BYTES):
            size += len(part)
            if size > largest:
                raise TransportFailure(
                    f"the response is larger than {largest // (1024 * 1024)} MiB",
                    sent=True,
                    passing=False,
                    hint="check {address}; raise max_response_size if it is right",
                )
            parts.append(part)
        return b"".join(parts)

    def _settings_for(self, url: str) -> Mapping[str, Any]:
        """Return the proxy and the certificate authorities for a server, from the environment."""
        server = urlsplit(url).netloc
        with self._settling:
            if server not in self._settings:
                verify = self._verify
                if verify is True:
                    names = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
                    verify = next(filter(None, map(os.environ.get, names)), None) or (
                        system_authorities() or True
                    )
                proxies = proxies_for(url, requests.utils.get_environ_proxies)
                self._settings[server] = {"proxies": proxies, "verify": verify, "cert": None}
            return self._settings[server]

    def _check_authorities(self, url: str) -> None:
        """Name the authorities as the reason of a failed request if they cannot be loaded.

        Loading the system's authorities takes longer than the rest of a short task, so this happens
        only after a failure.

        :raises TransportFailure: the authorities cannot be loaded.
        """
        parts = urlsplit(url)
        verify = self._settings.get(parts.netloc, {}).get("verify")
        if parts.scheme != "https" or not isinstance(verify, str):
            return
        reason = unusable(verify)
        if reason:
            source = "ca_path" if verify == self._verify else "SSL_CERT_FILE and REQUESTS_CA_BUNDLE"
            raise TransportFailure(
                f"the certificate authorities cannot be loaded: {reason}",
                sent=False,
                passing=False,
                hint=f"check {source}",
            )

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


_SILENCE = Silence()


def _silence_loggers() -> None:
    """Stop the HTTP libraries from logging the requests of this collection."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("urllib3", "requests", "charset_normalizer", "chardet"):
            logging.getLogger(name).addFilter(_SILENCE)


def _tracking_adapter(connections: int) -> Any:
    """Return an adapter whose connections record how far a request gets.

    requests 2.32 renamed the method that chooses the connection pool; both names are covered. If
    neither is called, a failed request counts as sent.
    """

    class TrackingAdapter(requests.adapters.HTTPAdapter):
        def get_connection(self, *args: Any, **named: Any) -> Any:
            return _tracked_pool(super().get_connection, *args, **named)

        def get_connection_with_tls_context(self, *args: Any, **named: Any) -> Any:
            return _tracked_pool(super().get_connection_with_tls_context, *args, **named)

    return TrackingAdapter(pool_maxsize=connections)


def _tracked_pool(choose: Any, *args: Any, **named: Any) -> Any:
    with before_sending():
        pool = choose(*args, **named)
        pool.ConnectionCls = tracked(pool.ConnectionCls)
    return pool


def _causes(error: BaseException) -> list[BaseException]:
    """Return the exception and all exceptions that it wraps. urllib3 and requests each add a layer."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop(0)
        if isinstance(cause, BaseException) and cause not in found:
            found.append(cause)
            waiting += [
                cause.__cause__,
                cause.__context__,
                getattr(cause, "reason", None),
                *cause.args,
            ]
    return found


def _may_have_been_sent(delivery: Delivery, causes: list[BaseException]) -> bool:
    """Return whether a failed request may have reached the panel.

    It has not if the attempt failed before the first byte was handed over. If the connection recorded
    nothing, only exceptions that are raised exclusively while connecting prove this.
    """
    if delivery.handed_over:
        return True
    if delivery.failed_before:
        return False
    return not _are_among(
        causes,
        requests.exceptions.ConnectTimeout,
        urllib3.exceptions.NewConnectionError,
        urllib3.exceptions.ConnectTimeoutError,
        ssl.SSLCertVerificationError,
    )


def _are_among(causes: list[BaseException], *kinds: type[BaseException]) -> bool:
    return any(isinstance(cause, kinds) for cause in causes)


def _failure(error: Exception, delivery: Delivery) -> TransportFailure:
    """Return the failure with its reason in one line."""
    causes = _causes(error)
    sent = _may_have_been_sent(delivery, causes)
    if sent:
        message, hint, passing = *_lost_response(causes, delivery), True
    else:
        message, hint, passing = _never_sent(causes, delivery)
    return TransportFailure(message, sent=sent, passing=passing, hint=hint)


def _lost_response(causes: list[BaseException], delivery: Delivery) -> tuple[str, str]:
    """Return the reason and the hint for a request that may have reached the panel."""
    among = partial(_are_among, causes)
    if delivery.expired:
        return (
            "the response was not complete within the time for one request",
            "check the load of the panel, or raise total_timeout",
        )
    if among(ssl.SSLError):
        return "TLS failed", "check that the port in {address} speaks https"
    if among(requests.exceptions.ReadTimeout, urllib3.exceptions.ReadTimeoutError, TimeoutError):
        return "no response within the timeout", "raise timeout, or check the load of the panel"
    if among(ConnectionError, EOFError, http.client.RemoteDisconnected, http.client.IncompleteRead):
        return "the connection was lost before the response was complete", ""
    kind = type(causes[-1]).__name__
    return (
        f"the connection was lost before the response was complete, or it is not HTTP ({kind})",
        "check {address}, and any proxy before it",
    )


def _never_sent(causes: list[BaseException], delivery: Delivery) -> tuple[str, str, bool]:
    """Return the reason, the hint, and whether the fault is temporary, for a request that was not sent."""
    among = partial(_are_among, causes)
    if among(ssl.SSLCertVerificationError):
        return (
            f"the TLS certificate is not trusted: {_reason(causes)}",
            "set ca_path to the certificate authority of the panel",
            False,
        )
    if among(requests.exceptions.InvalidSchema) and "SOCKS" in str(causes[0]):
        return (
            "a SOCKS proxy needs the Python package PySocks",
            "install it, or check ALL_PROXY",
            False,
        )
    if among(requests.exceptions.InvalidProxyURL):
        return "the address of the proxy is not a valid URL", "check HTTPS_PROXY", False
    if among(
        requests.exceptions.InvalidURL,
        requests.exceptions.InvalidSchema,
        requests.exceptions.MissingSchema,
        urllib3.exceptions.LocationParseError,
        UnicodeError,
    ):
        return (
            "the address is not a valid URL",
            "check {address}, HTTPS_PROXY and HTTP_PROXY",
            False,
        )
    if among(requests.exceptions.InvalidHeader):
        return (
            "the credentials contain characters that HTTP does not allow",
            "check the token for a line break at its end",
            False,
        )
    if delivery.failed_in_tunnel:
        return (
            "the proxy did not connect to the panel",
            "check HTTPS_PROXY, NO_PROXY and the credentials of the proxy",
            True,
        )
    return (*_no_connection(among), True)


def _no_connection(among: Callable[..., bool]) -> tuple[str, str]:
    if among(requests.exceptions.ProxyError, urllib3.exceptions.ProxyError):
        return "the proxy did not connect", "check HTTPS_PROXY and NO_PROXY"
    if among(socket.gaierror):
        return "the host name is unknown", "check {address} and the name server"
    if among(ConnectionRefusedError):
        return "the connection was refused", "check the port in {address}"
    if among(urllib3.exceptions.NewConnectionError):
        return "no connection could be made", "check {address} and the route to it"
    if among(requests.exceptions.ConnectTimeout, urllib3.exceptions.ConnectTimeoutError):
        return "connecting timed out", "check {address} and the firewall"
    if among(ssl.SSLError):
        return "TLS failed", "check that the port in {address} speaks https"
    return "no connection could be made", "check {address} and the route to it"


def _reason(causes: list[BaseException]) -> str:
    """Return OpenSSL's reason for rejecting a certificate."""
    reasons = (getattr(cause, "verify_message", None) for cause in causes)
    return next(filter(None, reasons), "verification failed")
