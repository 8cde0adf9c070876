# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wait until servers answer on SSH with a host key that is pinned.

A panel does not hand over the host key of a new server. So the key is trusted on first use, inside the deadline:

1. Two scans in a row must show the same keys.
2. A login, which accepts these keys only, uses the private key whose public half the panel has built into the server.
3. Through that session the server lists its own host keys. The scanned ones must be among them.

From then on only the listed keys are accepted, and ``ssh ... true`` proves that they work.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...module_utils._core.clock import Clock
from ...module_utils._core.errors import Code, PanelError
from ...module_utils._core.threads import each
from .._fleet.wording import counted
from . import ssh_client
from .known_hosts import HostKey, known_hosts, parse_keys
from .server import CiServer

#: Servers that are watched at the same time.
_WORKERS = 32

#: Pauses between two attempts, in seconds; each is twice the one before.
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 1.0

#: Seconds between the two scans that must agree.
_BETWEEN_SCANS_S = 0.2

#: Seconds for one login, with its command.
_LOGIN_S = 15.0

#: How often a server may list other keys than it shows. Twice may be a server that has just renewed them.
_MOST_MISMATCHES = 3

_OWN_KEYS = "cat /etc/ssh/ssh_host_*_key.pub"
#: For a server without keys in that folder: a scan of its own SSH server.
_SCAN_YOURSELF = 'set -- $SSH_CONNECTION; ssh-keyscan -T 5 -p "$4" "$3" 2>/dev/null'

#: The messages of ssh about a host key that is not the expected one.
_OTHER_KEY = ("Host key verification failed", "REMOTE HOST IDENTIFICATION HAS CHANGED")


@dataclass(frozen=True)
class ReadyResult:
    """The outcome of one server.

    :param host_keys: the pinned keys; may be there after a failure, too.
    :param seconds: from the start of the wait.
    :param failure: a sentence that names the server, or None if it is ready.
    :param code: of the failure: ``wait_timeout``, or ``transport`` if its host key cannot be trusted.
    """

    server: CiServer
    host_keys: frozenset[HostKey]
    seconds: float
    failure: str | None = None
    code: Code | None = None


class _Expired(Exception):
    """The deadline is over, or the wait was stopped."""


class _Untrusted(Exception):
    """The host key of a server cannot be trusted."""


def wait_until_ready(
    servers: Sequence[CiServer],
    private_key: Path,
    deadline: float,
    clock: Clock,
    *,
    known: Mapping[int, Collection[HostKey]] | None = None,
    on_pinned: Callable[[CiServer, frozenset[HostKey]], None] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> list[ReadyResult]:
    """Wait until all servers answer, all at the same time, and return the results in order.

    :param deadline: of ``clock.monotonic()``, for all servers.
    :param known: keys that an earlier run has pinned, by server ID. Such a server must show one of these.
    :param on_pinned: called from a thread when the keys of a server are pinned.
    :param stopped: returns whether to give up.
    """
    with tempfile.TemporaryDirectory(prefix="vpsfleet-ssh-") as folder:

        def watch(server: CiServer) -> ReadyResult:
            watched = _Watch(server, private_key, Path(folder), deadline, clock, stopped)
            pinned = frozenset((known or {}).get(server.id, ()))
            return watched.result(pinned, on_pinned or (lambda *dummy: None))

        return each(watch, servers, min(_WORKERS, len(servers)))


def not_ready(results: Sequence[ReadyResult]) -> PanelError | None:
    """Return one error for all servers that are not ready, or None if all are."""
    failed = [result for result in results if result.failure]
    if not failed:
        return None
    # What may be an attack comes first.
    failed.sort(key=lambda result: result.code is not Code.TRANSPORT)
    untrusted = failed[0].code is Code.TRANSPORT
    return PanelError(
        Code.TRANSPORT if untrusted else Code.WAIT_TIMEOUT,
        "; ".join(result.failure or "" for result in failed),
        action=f"reach {len(failed)} of {counted(len(results), 'server')} on SSH",
        retryable=not untrusted,
    )


class _Watch:
    """The wait for one server."""

    def __init__(
        self,
        server: CiServer,
        private_key: Path,
        folder: Path,
        deadline: float,
        clock: Clock,
        stopped: Callable[[], bool],
    ) -> None:
        self._server = server
        self._private_key = private_key
        self._known_hosts = folder / f"{server.id}"
        self._deadline = deadline
        self._clock = clock
        self._stopped = stopped
        self._begun = clock.monotonic()
        self._pause = _FIRST_PAUSE_S
        #: The last reason why the server is not ready.
        self._why = "the deadline passed before the first attempt"
        #: How often the server has shown other keys than in the scan before.
        self._changes = 0

    def result(
        self,
        pinned: frozenset[HostKey],
        on_pinned: Callable[[CiServer, frozenset[HostKey]], None],
    ) -> ReadyResult:
        """Wait for the server. Pin its keys unless they are pinned already."""
        failure, code = None, None
        try:
            if pinned:
                self._prove(pinned, fresh=False)
            while not pinned:
                found = self._pin()
                if self._prove(found, fresh=True):
                    pinned = found
                    on_pinned(self._server, pinned)
        except _Expired:
            failure, code = self._too_late(), Code.WAIT_TIMEOUT
        except _Untrusted as error:
            failure, code = str(error), Code.TRANSPORT
        seconds = self._clock.monotonic() - self._begun
        return ReadyResult(self._server, pinned, seconds, failure, code)

    def _pin(self) -> frozenset[HostKey]:
        """Return the keys that the server lists and shows."""
        mismatches = 0
        while True:
            scanned = self._scanned_twice()
            self._trust(scanned)
            own = self._own_keys()
            if own is None:
                self._wait()
                continue
            if scanned <= own:
                return own
            mismatches += 1
            if mismatches >= _MOST_MISMATCHES:
                raise _Untrusted(
                    f"{self._server}: the host key presented at {self._server.place} is not one of the host keys"
                    " that the server itself lists, so another machine may answer for it"
                )
            self._why = "the host key that answers is not one that the server lists"
            self._wait(_LONGEST_PAUSE_S)

    def _scanned_twice(self) -> frozenset[HostKey]:
        """Return the keys that two scans in a row have shown."""
        before: frozenset[HostKey] = frozenset()
        while True:
            problem = ssh_client.port_problem(self._server, min(self._left(), ssh_client.CONNECT_S))
            if problem:
                self._why, before = problem, frozenset()
                self._wait()
                continue
            found = ssh_client.scan(self._server, self._left())
            if found and found == before:
                self._pause = _FIRST_PAUSE_S
                return found
            if found and before:
                self._changed()
            self._left()  # a scan that the deadline ended proves nothing
            if not found:
                self._why = "the SSH server shows no host key"
            before = found
            self._wait(_BETWEEN_SCANS_S)

    def _own_keys(self) -> frozenset[HostKey] | None:
        """Return the host keys that the server lists through a session, or None after a failed login."""
        for command in (_OWN_KEYS, _SCAN_YOURSELF):
            ran = self._run(command)
            if ran is None:
                return None
            if own := parse_keys(ran.stdout):
                return own
        return frozenset()

    def _prove(self, pinned: frozenset[HostKey], *, fresh: bool) -> bool:
        """Run ``true`` on the server with the pinned keys only.

        :param fresh: whether the keys were pinned a moment ago. The first boot of a server may renew them once
            more; then return False.
        """
        self._trust(pinned)
        while True:
            changes = self._changes
            ran = self._run("true")
            if self._changes > changes:
                if fresh:
                    return False
                raise _Untrusted(
                    f"{self._server}: the host key that answers at {self._server.place} is not the one that was"
                    " pinned, so the server was rebuilt or another machine answers for it"
                )
            if ran is not None:
                if ran.status == 0:
                    return True
                self._why = f"the command true fails: {ran.message}"
            self._wait()

    def _run(self, command: str) -> ssh_client.Ran | None:
        """Run a command on the server. Return None if there was no login."""
        limit = min(self._left(), _LOGIN_S)
        ran = ssh_client.run_on(self._server, command, self._private_key, self._known_hosts, limit)
        if any(text in ran.stderr for text in _OTHER_KEY):
            self._changed()
            return None
        # 255 is ssh's own failure; anything else is the command's.
        if ran.status in (None, 255):
            self._left()  # a login that the deadline ended proves nothing
            self._why = ran.message
            return None
        return ran

    def _trust(self, keys: frozenset[HostKey]) -> None:
        self._known_hosts.write_text(known_hosts({self._server: keys}), encoding="ascii")

    def _changed(self) -> None:
        self._changes += 1
        self._why = f"its host key changed {self._changes} times"

    def _left(self) -> float:
        left = self._deadline - self._clock.monotonic()
        if left <= 0 or self._stopped():
            raise _Expired
        return left

    def _wait(self, pause: float | None = None) -> None:
        """Wait before the next attempt, at most until the deadline."""
        left = self._left()
        self._clock.sleep(min(left, self._pause if pause is None else pause))
        if pause is None:
            self._pause = min(self._pause * 2, _LONGEST_PAUSE_S)

    def _too_late(self) -> str:
        waited = self._clock.monotonic() - self._begun
        return (
            f"{self._server}: not ready at {self._server.place} as {self._server.user} after {waited:.0f} seconds:"
            f" {self._why}"
        )
