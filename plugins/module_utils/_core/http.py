# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request, one answer: the only file that knows the HTTP library.

``requests`` rather than Ansible's ``open_url``: it keeps connections open, which costs about a
twentieth per call, and it tells a request that never left from one whose answer was lost.
"""

from __future__ import annotations

import json
import socket
import ssl
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

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
    """What is to be sent.

    :param query: parameters that are added to the URL; a list repeats its parameter.
    :param headers: besides ``Content-Type``, which the body decides.
    :param body: what the request says, ``None`` for nothing.
    :param form: whether the body is sent as an HTML form would send it, rather than as JSON.
    :param service: which of the panel's services it goes to, where it has several.
    """

    method: str
    url: str
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    form: bool = False
    service: str = ""

    @property
    def content(self) -> bytes:
        """The bytes of the body."""
        if self.body is None:
            return b""
        return (urlencode(self.body, doseq=True) if self.form else json.dumps(self.body)).encode()

    @property
    def content_type(self) -> str:
        """The media type of the body."""
        return "application/x-www-form-urlencoded" if self.form else "application/json"

    def with_header(self, name: str, value: str) -> Request:
        """Return the request with one more header."""
        return replace(self, headers={**self.headers, name: value})


@dataclass(frozen=True)
class Response:
    """What came back: status, headers with names in lower case, and the bytes of the body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The body as text; bytes that are no UTF-8 are replaced."""
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON, ``None`` where there is no body.

        :raises ValueError: the body is something else.
        """
        return json.loads(self.content) if self.content.strip() else None


class TransportFailure(Exception):
    """No answer came.

    :param said: why, in one line.
    :param sent: whether the request may have reached the panel.
    :param passing: whether it may pass by itself; an untrusted certificate does not.
    :param hint: what to try, with ``{address}`` for the option that says where the panel is.
    """

    def __init__(self, said: str, *, sent: bool, passing: bool = True, hint: str = "") -> None:
        super().__init__(said)
        self.said = said
        self.sent = sent
        self.passing = passing
        self.hint = hint


class Backend(Protocol):
    """Whatever can send a request: the network, or a test's script."""

    def send(self, request: Request) -> Response:
        """Send it once. :raises TransportFailure: there is no answer."""

    def close(self) -> None:
        """Give up the connections."""


class RequestsBackend:
    """The network.

    Credentials come from the request alone: ``.netrc`` is not read, and no redirect is followed,
    since either could hand the token to somebody else or replace it. Proxies of the environment
    are used.

    :param timeout_s: seconds to wait for an answer; connecting takes at most 10 of them.
    :param verify: whether TLS certificates are checked.
    :param ca_path: file with the certificate authorities to trust instead of the system's.
    :param user_agent: value of the ``User-Agent`` header.
    :param connections: how many are kept open, one for each thread that sends.
    """

    _CONNECT_S = 10.0

    def __init__(
        self,
        *,
        timeout_s: float,
        verify: bool,
        ca_path: str | None,
        user_agent: str,
        connections: int = 10,
    ) -> None:
        self._timeout = (min(timeout_s, self._CONNECT_S), timeout_s)
        self._verify: bool | str = (ca_path or True) if verify else False
        self._session = requests.Session()
        pool = requests.adapters.HTTPAdapter(pool_maxsize=connections)
        self._session.mount("https://", pool)
        self._session.mount("http://", pool)
        self._session.headers["User-Agent"] = user_agent
        self._settings: dict[str, Mapping[str, Any]] = {}
        if not verify:
            # The operator has said so with validate_certs; a warning per request would say it again.
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def send(self, request: Request) -> Response:
        try:
            answer = self._send(request)
            content = answer.content
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise _failure(error) from error
        except OSError as error:  # requests raises plain OSError for a ca_path that is not there
            raise TransportFailure(
                str(error), sent=False, passing=False, hint="check ca_path"
            ) from error
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Response(answer.status_code, headers, content)

    def _send(self, request: Request) -> requests.Response:
        """Send by the adapter: the session would ask the environment anew for each request.

        That, its cookies and its hooks take a third of the processor time of a request.
        """
        content = request.content
        about = {"Content-Type": request.content_type} if content else {}
        prepared = requests.PreparedRequest()
        prepared.prepare_method(request.method)
        prepared.prepare_url(request.url, dict(request.query))
        prepared.prepare_headers({**self._session.headers, **about, **request.headers})
        prepared.prepare_body(content or None, None)
        url = str(prepared.url)
        adapter = self._session.get_adapter(url)
        return adapter.send(prepared, timeout=self._timeout, **self._settings_for(url))

    def _settings_for(self, url: str) -> Mapping[str, Any]:
        """Return what the environment says of a server: its proxy, and the authorities to trust."""
        server = urlsplit(url).netloc
        if server not in self._settings:
            self._settings[server] = self._session.merge_environment_settings(
                url, {}, False, self._verify, None
            )
        return self._settings[server]

    def close(self) -> None:
        self._session.close()


def _causes(error: BaseException) -> list[BaseException]:
    """The exception and everything it wraps: urllib3 and requests each put theirs around the last."""
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


def _failure(error: Exception) -> TransportFailure:
    """Say in one line what happened, and whether the request may have reached the panel."""
    causes = _causes(error)

    def among(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return TransportFailure(
                f"the TLS certificate is not trusted: {cause.verify_message or 'verification failed'}",
                sent=False,
                passing=False,
                hint="set ca_path to the certificate authority of the panel",
            )
    if among(
        requests.exceptions.InvalidURL,
        requests.exceptions.InvalidSchema,
        urllib3.exceptions.LocationParseError,
    ):
        return TransportFailure(
            "the address is not a valid URL", sent=False, passing=False, hint="check {address}"
        )
    if among(requests.exceptions.InvalidHeader):
        return TransportFailure(
            "the credentials hold characters that HTTP does not allow",
            sent=False,
            passing=False,
            hint="look for a line break at the end of the token",
        )
    if among(requests.exceptions.ProxyError):
        return TransportFailure(
            "the proxy did not connect", sent=False, hint="check HTTPS_PROXY and NO_PROXY"
        )
    if among(requests.exceptions.ConnectTimeout):
        return TransportFailure(
            "connecting timed out", sent=False, hint="check {address} and the firewall"
        )
    if among(socket.gaierror):
        return TransportFailure(
            "the host name is unknown", sent=False, hint="check {address} and the name server"
        )
    if among(ConnectionRefusedError):
        return TransportFailure(
            "the connection was refused", sent=False, hint="check the port in {address}"
        )
    if among(urllib3.exceptions.NewConnectionError):
        return TransportFailure(
            "no connection could be made", sent=False, hint="check {address} and the route to it"
        )
    if among(ssl.SSLError):
        return TransportFailure(
            "TLS failed", sent=True, hint="check that the port in {address} speaks https"
        )
    if among(requests.exceptions.ReadTimeout, urllib3.exceptions.ReadTimeoutError, TimeoutError):
        return TransportFailure(
            "no answer within the timeout", sent=True, hint="raise timeout, or look at the panel"
        )
    return TransportFailure("the connection was lost before the answer was complete", sent=True)
