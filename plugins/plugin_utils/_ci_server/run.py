# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the work of one pipeline shares: the panel, the names, the clock, the locks, and the request to stop.

All writes go through :class:`CiRun`. So the error of an action states whether it has changed something before.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from ...module_utils._core.clock import Clock
from ...module_utils._core.errors import Code, PanelError, defect
from ...module_utils._core.session import UncertainWrite
from .._fleet.durable_file import make_folder
from .._fleet.identity import file_name_of
from .._fleet.progress import Progress
from .._fleet.run_lock import LockFiles, LockHolder, RunLock, is_held
from .._fleet.stop import Stop
from .ci_panel import CiPanel, CiSight
from .names import Mark, Names

Result = TypeVar("Result")

#: Requests at the same time.
WORKERS = 10

#: Errors of a request that the panel has not taken. It may take the same one later.
LATER = (Code.LOCKED, Code.RATE_LIMITED, Code.TRANSPORT)

#: Seconds for which a lock of another machine is valid without a sign of life.
_LOCK_TTL_S = 300.0
#: Seconds between two attempts to take a lock.
_LOCK_PAUSE_S = 0.25
#: Seconds to wait for the lock of the lease ends. Its holder sends a few requests.
_LEASE_LOCK_S = 300.0
#: Seconds for which a read may not show what the panel has accepted, and between two reads.
_SHOWN_S = 30.0
_SHOWN_PAUSE_S = 0.5
#: How often a rename is sent whose response is lost, or which a busy panel refuses.
_TRIES = 6


class CiRun:
    """One execution of an action.

    :param state_dir: folder for journals and locks.
    """

    def __init__(
        self,
        panel: CiPanel,
        names: Names,
        clock: Clock,
        stop: Stop,
        progress: Progress,
        state_dir: str,
    ) -> None:
        self.panel = panel
        self.names = names
        self.clock = clock
        self.progress = progress
        #: Folder for journals and locks.
        self.state_dir = state_dir
        #: Whether this execution has changed something on the panel.
        self.wrote = False
        #: Returns the known state of the servers, for the result of a failure.
        self.known: Callable[[], Mapping[str, Any]] = dict
        #: Whether a read failed that was to show the effect of a write.
        self._unsettled = False
        self._stop = stop
        self._id = uuid.uuid4().hex
        self._locks: list[RunLock] = []
        self._renewing = threading.Lock()
        self._sharing = threading.Lock()
        self._sharers = 0
        self._shared = ExitStack()

    @property
    def stopped(self) -> bool:
        """Whether nothing more may begin."""
        return self._stop.asked or self._lost() is not None

    @property
    def stop_message(self) -> str:
        """Why nothing more may begin, empty if it may."""
        return self._lost() or self._stop.message

    def failure(self, error: Exception) -> PanelError:
        """Return the error of an action, with what it has written before and the known state of its servers."""
        failure = error if isinstance(error, PanelError) else defect(error)
        failure.result = {**self.known(), **failure.result}
        failure.partial = failure.partial or self.wrote
        failure.uncertain = failure.uncertain or self._unsettled
        command = failure.result.get("teardown_command")
        if command:
            failure.add_hint(f"to delete its servers: {command}")
        return failure

    @contextmanager
    def settling(self, *, doubt: bool = True) -> Iterator[None]:
        """Read what a write has done. If that fails, the error of the action states that the effect is unknown.

        :param doubt: whether the effect is unknown before.
        """
        try:
            yield
        except Exception:
            self._unsettled = self._unsettled or doubt
            raise

    def go_on(self) -> None:
        """Return if the work may go on. :raises PanelError: ``stopped``."""
        lost = self._lost()
        if lost or self._stop.asked:
            raise PanelError(
                Code.STOPPED,
                lost or self._stop.message,
                action="go on",
                hint="run the task again: it continues with the servers that it has",
                retryable=True,
            )

    def pause(self, seconds: float, deadline: float) -> None:
        """Wait, at most until a deadline of ``clock.monotonic()``. :raises PanelError: ``stopped``."""
        self.go_on()
        left = deadline - self.clock.monotonic()
        self.clock.sleep(max(0.0, min(seconds, left)))

    def place(self, name: str) -> Path:
        """Return the path of a file of this panel, in ``state_dir``, which may not exist."""
        return Path(self.state_dir) / f"{file_name_of(self.panel.address)}-ci-{name}"

    def path(self, name: str) -> str:
        """Return the path of a file of this panel, after making ``state_dir``."""
        make_folder(self.state_dir, "state_dir")
        return str(self.place(name))

    @contextmanager
    def locked(self, name: str, what: str, deadline: float) -> Iterator[None]:
        """Hold a lock, after waiting for its holder. Its files are removed at the end.

        :param name: of the lock.
        :param what: the action of an error, such as ``provision pipeline 4711``.
        :param deadline: when the wait is given up, on ``clock.monotonic()``.
        :raises PanelError: ``locked``.
        """
        files = LockFiles(Path(self.state_dir), Path(self.path(name)).name)
        holder = LockHolder.me(self._id)
        lock = RunLock(files, holder, self.clock, ttl_s=_LOCK_TTL_S, force=False)
        while True:
            try:
                lock.__enter__()
                break
            except PanelError as error:
                if error.code is not Code.LOCKED:
                    raise
                if self.clock.monotonic() >= deadline:
                    error.action = what
                    error.hint = f"wait for that process, or end it; the lock is {files.path}"
                    raise
            self.pause(_LOCK_PAUSE_S, deadline)
        self._locks.append(lock)
        try:
            yield
        finally:
            with self._renewing:
                self._locks.remove(lock)
            lock.discard()

    def is_locked(self, name: str) -> bool:
        """Return whether :meth:`locked` would have to wait now. Nothing is written."""
        return is_held(str(self.place(f"{name}.lock")), self.clock)

    @contextmanager
    def lease_lock(self, code: str, what: str) -> Iterator[None]:
        """Hold the lock of the lease ends of a pipeline. Threads of this execution share it.

        A lease end is a name that was read, and is then written. Between the two, nobody else may write it.
        """
        with self._sharing:
            if not self._sharers:
                until = self.clock.monotonic() + _LEASE_LOCK_S
                name = f"{self.names.prefix}.{code}.lease"
                self._shared.enter_context(self.locked(name, what, until))
            self._sharers += 1
        try:
            yield
        finally:
            with self._sharing:
                self._sharers -= 1
                if not self._sharers:
                    self._shared.close()

    def check_ours(self, sight: CiSight, code: str, number: int, action: str) -> Mark:
        """Return the mark in the name of a server. :raises PanelError: ``conflict``, it is another pipeline's now."""
        mark = self.names.mark(sight.name)
        if mark is None or (mark.code, mark.number) != (code, number):
            raise renamed(sight.name, action)
        if sight.owner_id != self.panel.owner_id():
            raise PanelError(
                Code.CONFLICT,
                f"user {sight.owner_id} owns it now",
                action=action,
                hint="run the task again",
                retryable=True,
            )
        return mark

    def create(self) -> int:
        """Create a server without a name, and return its ID."""
        return self._written(self.panel.create)

    def build(self, server_id: int, name: str, key_id: int, template: int) -> None:
        """Start the build of a server."""
        self._written(lambda: self.panel.build(server_id, name, key_id, template))

    def delete(self, server_id: int) -> None:
        """Send one request that deletes a server at once."""
        self._written(lambda: self.panel.delete(server_id))

    def add_key(self, name: str, public_key: str) -> None:
        """Add an SSH key to the owner."""
        self._written(lambda: self.panel.add_key(name, public_key))

    def remove_key(self, key_id: int) -> None:
        """Remove an SSH key of the owner, and prove it. :raises PanelError: ``refused``, the panel still shows it."""
        absent, doubt = False, False
        try:
            self._written(lambda: self.panel.remove_key(key_id))
        except PanelError as error:
            absent, doubt = error.absent, error.uncertain
            if not (absent or doubt):
                raise

        def look() -> bool | None:
            return None if any(key.id == key_id for key in self.panel.ssh_keys()) else True

        with self.settling(doubt=doubt):
            gone = self.until_shown(look)
        if gone is None:
            raise PanelError(
                Code.REFUSED,
                "the panel still shows it after the request",
                action=f"remove SSH key {key_id}",
                hint="run the task again",
                retryable=True,
                uncertain=doubt,
            )
        self.wrote = self.wrote or not absent

    def rename(self, server_id: int, name: str, due: Callable[[CiSight], bool]) -> bool:
        """Rename a server, and wait until the panel shows the name. Return whether the server exists.

        :param due: gets the server as a read shows it. Returns whether the new name is still needed.
        :raises PanelError: it could not be renamed.
        """
        for attempt in range(_TRIES):
            try:
                self._written(lambda: self.panel.rename(server_id, name))
            except PanelError as error:
                lost = isinstance(error, UncertainWrite)
                if not lost and (error.uncertain or not (error.absent or error.code in LATER)):
                    raise
                if attempt < _TRIES - 1:
                    self.clock.sleep(_requested_pause(error) or 0.5 * 2**attempt)
                # After the pause, since another client may move the lease during it.
                with self.settling(doubt=lost):
                    sight = self.panel.server(server_id)
                if sight is None:
                    return False
                if sight.name == name:
                    self.wrote = self.wrote or lost
                    return True
                if not due(sight):
                    return True
                if attempt == _TRIES - 1 or self.stopped:
                    raise
            else:
                return self._shows(server_id, name, due)
        raise AssertionError("the last attempt returns or raises")

    def _shows(self, server_id: int, name: str, due: Callable[[CiSight], bool]) -> bool:
        """Wait until a server has a name that the panel has accepted. Return whether the server exists.

        :raises PanelError: ``refused``, the panel still shows the name before.
        """
        seen: list[str] = []

        def look() -> str | None:
            sight = self.panel.server(server_id)
            if sight is None:
                return "gone"
            seen.append(sight.name or "none")
            return "there" if sight.name == name or not due(sight) else None

        found = self.until_shown(look)
        if found is None:
            raise PanelError(
                Code.REFUSED,
                f"the panel accepted it, and still shows the name {seen[-1]}",
                action=f"give server {server_id} the name {name}",
                hint="run the task again",
                retryable=True,
            )
        return found == "there"

    def until_shown(self, look: Callable[[], Result | None]) -> Result | None:
        """Look for what the panel has accepted, for some seconds: reads may show it late. Return the last result."""
        until = self.clock.monotonic() + _SHOWN_S
        while True:
            found = look()
            if found is not None or self.clock.monotonic() >= until:
                return found
            self.pause(_SHOWN_PAUSE_S, until)

    def _written(self, write: Callable[[], Result]) -> Result:
        """Execute a write. One whose effect is unknown does not count until a read shows it."""
        result = write()
        self.wrote = True
        return result

    def _lost(self) -> str | None:
        """Renew the locks, and return why one is lost, or None."""
        with self._renewing:
            return next(filter(None, (lock.lost() for lock in self._locks)), None)


def _requested_pause(error: PanelError) -> float | None:
    """Return the seconds to wait, as the panel requests, after a write with a lost response, or ``None``."""
    return error.retry_after_s if isinstance(error, UncertainWrite) else None


def renamed(name: str, action: str) -> PanelError:
    """Return the error for a server that another client has renamed."""
    return PanelError(
        Code.CONFLICT,
        f"its name is now {name}, so another client has renamed it",
        action=action,
        hint="run the task again",
        retryable=True,
    )
