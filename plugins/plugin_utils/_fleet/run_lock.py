# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps two runs of one change on one panel from mixing."""

from __future__ import annotations

import contextlib
import getpass
import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...module_utils._core.errors import Code, PanelError
from ...module_utils._core.waiting import Clock
from .durable_file import Held, LockedFile, cannot
from .identity import canonical, parsed
from .machine import machine_id

OPTION = "state_dir"


@dataclass(frozen=True)
class LockHolder:
    """Who holds a lock: shown to whoever finds it taken."""

    user: str
    host: str
    machine: str
    pid: int
    run: str

    @classmethod
    def me(cls, run: str) -> LockHolder:
        """This process."""
        try:
            user = getpass.getuser()
        except (KeyError, OSError):  # a container's user without a name
            user = str(os.getuid())
        return cls(user, platform.node(), machine_id(), os.getpid(), run)


class RunLock:
    """A lock file, held from entering to leaving.

    A machine is a running kernel, see :func:`machine_id`: containers on it have other host names, and
    their locks are free as soon as they end.

    On one machine the system itself knows whether the holder lives. Where machines share the
    folder, that is not certain: there the holder renews its mark, and one older than ``ttl_s`` counts
    as left behind.

    :param path: of the lock file.
    :param ttl_s: seconds that a mark of another machine counts.
    :param force: take the lock from whoever holds it; that run then begins nothing more.
    """

    def __init__(
        self, path: str, owner: LockHolder, clock: Clock, *, ttl_s: float, force: bool
    ) -> None:
        self._path = path
        self._owner = owner
        self._clock = clock
        self._ttl_s = ttl_s
        self._force = force
        self._renew_at = 0.0
        self._file: LockedFile | None = None

    def __enter__(self) -> RunLock:
        """Take the lock. :raises PanelError: ``locked``, with the holder."""
        try:
            if self._force:
                Path(self._path).unlink(missing_ok=True)
            self._file = self._open()
            self._mark()
        except OSError as error:
            self.__exit__()
            raise cannot(f"use the lock {self._path}", OPTION, error) from error
        return self

    def __exit__(self, *dummy: object) -> None:
        file, self._file = self._file, None
        if file is None:
            return
        # A file system that has failed meanwhile must not hide what the run did.
        with contextlib.suppress(OSError):
            if file.is_there:
                file.write(b"")
        with contextlib.suppress(OSError):
            file.close()

    def lost(self) -> str | None:
        """Renew the mark when it is time to.

        :returns: why the lock is no longer this run's for certain, ``None`` while it is.
        """
        try:
            if self._file is None or not self._file.is_there:
                return "another run took the lock with force_unlock"
            if self._clock.monotonic() >= self._renew_at:
                self._mark()
        except OSError as error:
            return f"the lock {self._path} cannot be renewed: {error.strerror or error}"
        return None

    def _open(self) -> LockedFile:
        try:
            found = LockedFile(self._path)
        except Held:
            raise self._taken(_mark_of(Path(self._path).read_bytes())) from None
        mark = _mark_of(found.read())
        # Nobody on this machine can hold it any more, or it could not have been opened.
        if mark and mark.get("machine") != self._owner.machine and self._is_fresh(mark):
            found.close()
            raise self._taken(mark)
        return found

    def _is_fresh(self, mark: dict[str, Any]) -> bool:
        renewed, ttl_s = mark.get("renewed"), mark.get("ttl_s")
        if not isinstance(renewed, (int, float)) or not isinstance(ttl_s, (int, float)):
            return False
        # A mark from the future is another clock's, and as fresh as any.
        return self._clock.time() - renewed < ttl_s

    def _mark(self) -> None:
        if self._file is None:
            return
        mark = {**vars(self._owner), "renewed": self._clock.time(), "ttl_s": self._ttl_s}
        self._file.write(canonical(mark).encode("ascii"))
        self._renew_at = self._clock.monotonic() + self._ttl_s / 3

    def _taken(self, mark: dict[str, Any]) -> PanelError:
        who = "somebody"
        if mark:
            who = f"{mark.get('user')} on {mark.get('host')} (process {mark.get('pid')})"
        return PanelError(
            Code.LOCKED,
            f"{who} is already carrying it out on this panel",
            action="begin",
            hint="wait for that run; where it is certain that none is left, set force_unlock",
            retryable=True,
        )


def _mark_of(content: bytes) -> dict[str, Any]:
    """What a holder wrote, nothing where that cannot be read."""
    try:
        mark = parsed(content)
    except ValueError:
        return {}
    return mark if isinstance(mark, dict) else {}
