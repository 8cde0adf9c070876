# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the work of one pipeline shares: the panel, the names, the clock, the locks, and the request to stop."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...module_utils._core.errors import Code, PanelError
from ...module_utils._core.session import UncertainWrite
from ...module_utils._core.waiting import Clock
from .._fleet.durable_file import make_folder
from .._fleet.identity import place_of
from .._fleet.progress import Progress
from .._fleet.run_lock import LockFiles, LockHolder, RunLock
from .._fleet.stop import Stop
from .ci_panel import CiPanel
from .names import Names

#: Requests at the same time.
WORKERS = 10

#: Seconds for which a lock of another machine is valid without a sign of life.
_LOCK_TTL_S = 300.0
#: Seconds between two attempts to take a lock.
_LOCK_PAUSE_S = 0.25
#: How often a write with a lost response is sent again.
_TRIES = 5


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
        self._stop = stop
        self._state_dir = state_dir
        self._id = uuid.uuid4().hex
        self._locks: list[RunLock] = []
        self._renewing = threading.Lock()

    @property
    def stopped(self) -> bool:
        """Whether nothing more may begin."""
        return self._stop.asked or self._lost() is not None

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

    def path(self, name: str) -> str:
        """Return the path of a file of this panel, in ``state_dir``."""
        make_folder(self._state_dir, "state_dir")
        return str(Path(self._state_dir) / f"{place_of(self.panel.address)}-ci-{name}")

    @contextmanager
    def locked(self, name: str, what: str, deadline: float) -> Iterator[None]:
        """Hold a lock, after waiting for its holder.

        :param name: of the lock.
        :param what: the action of an error, such as ``provision pipeline 4711``.
        :param deadline: when the wait is given up, on ``clock.monotonic()``.
        :raises PanelError: ``locked``.
        """
        files = LockFiles(Path(self._state_dir), Path(self.path(name)).name)
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
            lock.__exit__()

    def rename(self, server_id: int, name: str) -> bool:
        """Rename a server, and look where the response is lost. Return whether it exists.

        :raises PanelError: it could not be renamed.
        """
        for attempt in range(_TRIES):
            try:
                self.panel.rename(server_id, name)
                return True
            except UncertainWrite as error:
                sight = self.panel.server(server_id)
                if sight is None or sight.name == name:
                    return sight is not None
                if attempt == _TRIES - 1:
                    raise
                self.clock.sleep(error.retry_after_s or 0.5 * 2**attempt)
            except PanelError as error:
                if error.absent:
                    return False
                raise
        raise AssertionError("the last attempt returns or raises")

    def _lost(self) -> str | None:
        """Renew the locks, and return why one is lost, or None."""
        with self._renewing:
            return next(filter(None, (lock.lost() for lock in self._locks)), None)
