# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exclude concurrent runs of one change on one panel."""

from __future__ import annotations

import contextlib
import getpass
import os
import platform
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...module_utils._core.clock import Clock
from ...module_utils._core.errors import Code, PanelError
from ...module_utils._core.threads import started
from .durable_file import Held, LockedFile, cannot, content_unless_held, waiting_for
from .identity import canonical, parsed
from .selection import Shard

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def machine_id() -> str:
    """Return an ID that all processes on this kernel share until it restarts.

    A host name is not enough: containers on one machine have different names, and machines made from one
    image have the same. Without a boot ID, as on macOS, the ID is the host name.
    """
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return platform.node()


OPTION = "state_dir"


@dataclass(frozen=True)
class LockHolder:
    """The holder of a lock, shown to runs that find it locked."""

    user: str
    host: str
    machine: str
    pid: int
    run: str
    shard: str | None = None

    @classmethod
    def me(cls, run: str, shard: Shard | None = None) -> LockHolder:
        """Return a holder for this process."""
        try:
            user = getpass.getuser()
        except (KeyError, OSError):  # a container's user can lack a name
            user = str(os.getuid())
        part = str(shard) if shard else None
        return cls(user, platform.node(), machine_id(), os.getpid(), run, part)


@dataclass(frozen=True)
class LockFiles:
    """The lock files of one change on one panel: one for the whole panel, and one for each shard.

    Shards of the same count share no item, so their runs do not exclude each other. All other runs do.

    :param folder: of the files.
    :param stem: how their names begin.
    :param shard: of this run, ``None`` for the whole panel.
    """

    folder: Path
    stem: str
    shard: Shard | None = None

    @property
    def path(self) -> str:
        """The path of the lock of this run."""
        part = f".shard_{self.shard.slug}" if self.shard else ""
        return str(self.folder / f"{self.stem}{part}.lock")

    @property
    def guard(self) -> str:
        """The path of the file that is held while locks are compared and taken."""
        return str(self.folder / f"{self.stem}.guard")

    def rivals(self) -> list[str]:
        """Return the existing locks that exclude this run, besides its own."""
        shards = self.folder.glob(f"{self.stem}.shard_*_of_*.lock")
        if self.shard is None:
            return sorted(map(str, shards))
        mates = f"_of_{self.shard.count}.lock"
        found = [str(path) for path in shards if not path.name.endswith(mates)]
        whole = self.folder / f"{self.stem}.lock"
        return sorted(found + ([str(whole)] if whole.exists() else []))


_MARK_BYTES = 1024

#: The share of ``ttl_s`` after which the timestamp is renewed.
_RENEWAL = 1 / 3


class RunLock:
    """A lock file as a context manager.

    A machine is a running kernel, see :func:`machine_id`. Containers on it have different host names,
    and their locks are free as soon as they end.

    On one machine, the operating system releases the lock when the holder ends. If machines share the
    folder, this is not certain. There, the holder renews a timestamp in the file, and a lock with a
    timestamp older than ``ttl_s`` is stale. A thread renews it, so that no long step lets it become stale.

    Such machines may not see each other's locks of the operating system. Two of them can then hold the
    same file, and only its content shows whose lock it is. So the holder reads the file before it
    renews the timestamp, and gives the lock up if it has not renewed the timestamp in time.

    The operating system also knows whether the holder still lives. A process ID would not show it: another
    container can have a process with the same ID.

    :param files: the lock file, and those of the runs that this one excludes.
    :param ttl_s: seconds for which a timestamp of another machine is valid.
    :param force: take the lock from its holder, whose run then begins no further item.
    """

    def __init__(
        self, files: LockFiles, owner: LockHolder, clock: Clock, *, ttl_s: float, force: bool
    ) -> None:
        self._files = files
        self._path = files.path
        self._owner = owner
        self._clock = clock
        self._ttl_s = ttl_s
        self._force = force
        self._file: LockedFile | None = None
        #: The latest renewal, on the clock that others compare and on the one that is never set.
        self._renewed = (0.0, 0.0)
        self._lost: str | None = None
        # The heartbeat and the run look at the lock at the same time.
        self._turn = threading.Lock()
        self._ended = threading.Event()
        self._heartbeat: list[threading.Thread] = []

    def __enter__(self) -> RunLock:
        """Take the lock. :raises PanelError: ``locked``, with the holder."""
        self._lost = None
        self._ended.clear()
        try:
            with waiting_for(self._files.guard):
                if self._force:
                    for path in (self._path, *self._files.rivals()):
                        Path(path).unlink(missing_ok=True)
                for path in self._files.rivals():
                    self._claim(path).close()
                self._file = self._claim(self._path)
                self._mark(self._file)
        except OSError as error:
            self.__exit__()
            raise cannot(f"use the lock {self._path}", OPTION, error) from error
        # Without a thread, the run renews the timestamp only while it writes.
        self._heartbeat = started(self._renew_until_the_end, 1, name="lock")
        return self

    def __exit__(self, *dummy: object) -> None:
        self._ended.set()
        for thread in self._heartbeat:
            thread.join()
        file, self._file = self._file, None
        if file is None:
            return
        # A failed file system must not hide the results of the run.
        with contextlib.suppress(OSError):
            if file.is_there and self._is_mine():
                file.write(b"")
        with contextlib.suppress(OSError):
            file.close()

    def discard(self) -> None:
        """Release the lock and remove its files. A run that waits for it makes new ones.

        Whoever has opened one of the removed files notices it under the lock, and opens the new one.
        """
        with contextlib.suppress(OSError), waiting_for(self._files.guard):
            if self._file is not None and self._file.is_there and self._is_mine():
                Path(self._path).unlink()
            Path(self._files.guard).unlink()
        self.__exit__()

    def lost(self) -> str | None:
        """Renew the timestamp if it is due.

        :returns: the reason if this run may have lost the lock, else ``None``. A lost lock stays lost.
        """
        with self._turn:
            if self._lost is None:
                try:
                    self._lost = self._renew()
                except OSError as error:
                    reason = error.strerror or error
                    self._lost = f"the lock {self._path} cannot be renewed: {reason}"
            return self._lost

    def check(self) -> None:
        """Check that this run still holds the lock. :raises PanelError: ``locked``, it may have lost it."""
        lost = self.lost()
        if lost is not None:
            raise PanelError(
                Code.LOCKED,
                lost,
                action="begin",
                hint="this task has changed nothing; run it again",
                retryable=True,
            )

    def _renew(self) -> str | None:
        """Renew the timestamp if it is due. Return why the lock is lost, or ``None``.

        :raises OSError: the file cannot be read or written.
        """
        if self._file is None or not self._file.is_there:
            return "another run took the lock with force_unlock"
        if not self._is_mine():
            return f"another run took the lock {self._path} from this one"
        age_s = self._clock.monotonic() - self._renewed[1]
        if age_s >= self._ttl_s:
            return (
                f"the lock {self._path} was not renewed for {age_s:.0f} seconds, so another machine may"
                " have taken it"
            )
        # A date that was set, or a machine that was suspended, makes the timestamp old for others at once.
        shown_s = self._clock.time() - self._renewed[0]
        if max(age_s, abs(shown_s)) >= self._ttl_s * _RENEWAL:
            self._mark(self._file)
        return None

    def _renew_until_the_end(self) -> None:
        """Renew the timestamp also while the run reads or waits. The run itself asks whether it is lost."""
        while not self._ended.wait(self._ttl_s * _RENEWAL / 2):
            self.lost()

    def _is_mine(self) -> bool:
        """Whether the file has the mark of this run.

        The file is opened again: a network file system may return an old content to a descriptor that is
        open for long.
        """
        return _mark_of(Path(self._path).read_bytes()).get("run") == self._owner.run

    def _claim(self, path: str) -> LockedFile:
        """Take a lock file that no run holds. :raises PanelError: ``locked``."""
        try:
            found = LockedFile(path)
        except Held:
            raise self._taken(_mark_of(Path(path).read_bytes())) from None
        mark = _mark_of(found.read())
        # No process on this machine holds it, or opening it would have failed.
        if _is_others(mark, self._owner.machine, self._clock):
            found.close()
            raise self._taken(mark)
        return found

    def _mark(self, file: LockedFile) -> None:
        now = (self._clock.time(), self._clock.monotonic())
        mark = {**vars(self._owner), "renewed": now[0], "ttl_s": self._ttl_s}
        # All marks have one length: a reader that sees no lock must not find the end of an older one.
        file.write(canonical(mark).encode("ascii").ljust(_MARK_BYTES))
        self._renewed = now

    def _taken(self, mark: dict[str, Any]) -> PanelError:
        who = "an unknown process"
        if mark:
            who = f"{mark.get('user')} on {mark.get('host')} (process {mark.get('pid')})"
        part = f" for the shard {mark['shard']}" if mark.get("shard") else ""
        return PanelError(
            Code.LOCKED,
            f"{who} is already running it on this panel{part}",
            action="begin",
            hint="wait for that run; if it is certain that it has ended, set force_unlock",
            retryable=True,
        )


def is_held(path: str, clock: Clock) -> bool:
    """Return whether a run holds a lock, which need not exist. Nothing is written.

    :raises PanelError: ``validation``, it cannot be read.
    """
    try:
        return _is_others(_mark_of(content_unless_held(path)), machine_id(), clock)
    except Held:
        return True
    except OSError as error:
        raise cannot(f"read the lock {path}", OPTION, error) from error


def _is_others(mark: dict[str, Any], machine: str, clock: Clock) -> bool:
    """Return whether a mark is of another machine, and fresh."""
    renewed, ttl_s = mark.get("renewed"), mark.get("ttl_s")
    if mark.get("machine") == machine or not isinstance(renewed, (int, float)):
        return False
    # A timestamp in the future comes from another clock, and counts as fresh.
    return isinstance(ttl_s, (int, float)) and clock.time() - renewed < ttl_s


def _mark_of(content: bytes) -> dict[str, Any]:
    """Return the data that a holder wrote, empty if it cannot be read."""
    try:
        mark = parsed(content)
    except ValueError:
        return {}
    return mark if isinstance(mark, dict) else {}
