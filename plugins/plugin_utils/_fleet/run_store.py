# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep files of runs outside of the controller: in a folder, or on a server that accepts HTTP PUT.

A name consists of the name of the run's folder and that of the file, such as ``cloud-4/journal``, or
``cloud-4/rollback/journal`` for a rollback of this run, and ``cloud-4/rollback/rollback/journal`` for a rollback
of this rollback.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, quote, urlsplit

from ...module_utils._core.argspec import ArgumentSpec, text_option
from ...module_utils._core.clock import Clock
from ...module_utils._core.errors import Code, PanelError, invalid
from ...module_utils._core.http import (
    Backend,
    Limits,
    Request,
    RequestsBackend,
    Response,
    TransportFailure,
)
from ...module_utils._core.safe_text import Redactor, origin
from ...module_utils._core.version import COLLECTION_VERSION
from .durable_file import cannot, expanded, make_folder, read_file, replace_file
from .rollback_folders import lineage_of

OPTION = "run_store"

ARGUMENTS = ArgumentSpec(
    {
        "run_store": text_option("VPSFLEET_RUN_STORE"),
        "run_store_token": text_option("VPSFLEET_RUN_STORE_TOKEN", secret=True),
    }
)

#: A journal of 100,000 servers has 120 MB.
LIMITS = Limits(timeout_s=60, total_s=600, response_bytes=1024 * 1024 * 1024)

#: Seconds before each further attempt of a request that may succeed later.
_WAITS_S = (1.0, 5.0)

#: Hosts to which a connection stays on the machine, so that it needs no TLS.
_LOCAL = ("127.0.0.1", "::1", "localhost")

_ABSENT = (404, 410)


def name_in_store(file: Path) -> str:
    """Return the name of a file of a run or of a rollback."""
    return file.relative_to(lineage_of(file.parent)[0].parent).as_posix()


class RunStore(Protocol):
    """A place for files of runs.

    :ivar location: where it is, without secrets, for messages.
    """

    location: str

    def put(self, name: str, content: bytes) -> None:
        """Store a file, in place of one with the same name. :raises PanelError: it is not stored."""

    def get(self, name: str) -> bytes | None:
        """Return a file, or ``None`` if there is none. :raises PanelError: that is unknown."""

    def close(self) -> None:
        """Release connections."""


class FolderStore:
    """A folder, such as one on a shared disk.

    It is never created: a copy beside a disk that is not mounted would be seen by this machine only.

    :param path: of the folder.
    """

    def __init__(self, path: str) -> None:
        self.location = path
        self._path = Path(path)

    def check(self) -> None:
        """Check that the folder exists. :raises PanelError: ``validation``."""
        try:
            exists = self._path.is_dir()
        except OSError as error:  # such as a network disk that does not respond
            raise cannot(f"use the folder {self._path}", OPTION, error) from error
        if not exists:
            raise invalid(
                f"{OPTION}: there is no folder {self._path}",
                "mount its disk, or create the folder on the disk that the machines share",
            )

    def put(self, name: str, content: bytes) -> None:
        """Store a file."""
        self.check()
        file = self._path / name
        make_folder(str(file.parent), OPTION)
        replace_file(str(file), content.decode("utf-8", "surrogateescape"), "copy", OPTION)

    def get(self, name: str) -> bytes | None:
        """Return a file."""
        self.check()
        file = self._path / name
        return read_file(str(file), "copy", OPTION) if file.exists() else None

    def close(self) -> None:
        """Do nothing."""


class HttpStore:
    """A server that stores a file with PUT and returns it with GET.

    :param url: the address below which the names are. Its query, such as a signature, goes with each request.
    :param token: a bearer token, ``None`` if the server needs none.
    """

    def __init__(self, url: str, token: str | None, backend: Backend, clock: Clock) -> None:
        parts = _checked(url)
        self.location = origin(url)
        self._base = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self._query = parts.query
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._backend = backend
        self._clock = clock
        values = [value for dummy, value in parse_qsl(parts.query)]
        self._redact = Redactor([token or "", parts.query, *values])

    def put(self, name: str, content: bytes) -> None:
        """Store a file."""
        response = self._send(f"store the file {name}", self._request("PUT", name, content))
        if not response.ok:
            raise self._refused(f"store the file {name}", response)

    def get(self, name: str) -> bytes | None:
        """Return a file."""
        response = self._send(f"read the file {name}", self._request("GET", name))
        if response.status in _ABSENT:
            return None
        if not response.ok:
            raise self._refused(f"read the file {name}", response)
        return response.content

    def close(self) -> None:
        """Close the connections."""
        self._backend.close()

    def _request(self, method: str, name: str, content: bytes | None = None) -> Request:
        query = f"?{self._query}" if self._query else ""
        url = f"{self._base}/{quote(name)}{query}"
        return Request(method, url, headers=self._headers, raw=content)

    def _send(self, action: str, request: Request) -> Response:
        """Send a request, again if it may succeed later: the same file is stored, or read."""
        for wait_s in (*_WAITS_S, None):
            try:
                response = self._backend.send(request)
            except TransportFailure as failure:
                if wait_s is None or not failure.passing:
                    message = self._redact.text(failure.message)
                    raise self._error(Code.TRANSPORT, action, message) from None
            else:
                if wait_s is None or not (response.status == 429 or response.status >= 500):
                    return response
            self._clock.sleep(wait_s)
        raise AssertionError("the last attempt returns or raises")

    def _refused(self, action: str, response: Response) -> PanelError:
        code = Code.AUTH if response.status in (401, 403) else Code.REFUSED
        return self._error(code, action, f"the store responded with status {response.status}")

    def _error(self, code: Code, action: str, message: str) -> PanelError:
        # Without a path: it may contain a signature.
        return PanelError(
            code,
            message,
            action=f"{action} in {self.location}",
            hint=f"check {OPTION}",
            retryable=True,
        )


def _checked(url: str) -> Any:
    """Return the parts of an address. :raises PanelError: ``validation``; it is not shown."""
    try:
        parts = urlsplit(url)
        host, dummy = parts.hostname, parts.port
    except ValueError:
        raise invalid(f"{OPTION} is not a valid address") from None
    if not host:
        raise invalid(f"{OPTION} is not a valid address: it has no host")
    if parts.username or parts.password:
        raise invalid(f"{OPTION} contains credentials", "set run_store_token, or a signed query")
    if parts.fragment:
        raise invalid(f"{OPTION} contains a fragment (#), which no server receives")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOCAL):
        raise invalid(
            f"{OPTION} must begin with https://, so that nobody can read or change the files"
        )
    return parts


def store_of(params: Mapping[str, Any], clock: Clock, backend: Backend | None = None) -> RunStore:
    """Return the store that the options of :data:`ARGUMENTS` name.

    :param backend: instead of the network.
    :raises PanelError: ``validation``.
    """
    text = str(params["run_store"]).strip()
    if "://" in text:
        return HttpStore(text, params["run_store_token"], backend or _network(), clock)
    path = expanded(text, OPTION)
    if not path.is_absolute():
        raise invalid(
            f"{OPTION} must be an address with https://, or the absolute path of a folder"
        )
    store = FolderStore(str(path))
    store.check()
    return store


def _network() -> Backend:
    """Return a connection that always verifies certificates."""
    agent = f"vpsfleet.panels/{COLLECTION_VERSION}"
    return RequestsBackend(limits=LIMITS, verify=True, ca_path=None, user_agent=agent)
