# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that survive a crash: written whole or not at all, and on the disk before anybody relies on them.

The only file of the collection's machinery that writes to the controller's disk.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from ...module_utils._core.errors import PanelError, invalid

#: For the owner only: names of servers are nobody else's business.
_FILE_MODE = 0o600
_FOLDER_MODE = 0o700


class Held(Exception):
    """Another process holds the file."""


def cannot(action: str, option: str, error: OSError) -> PanelError:
    """A file that cannot be used, for raising.

    :param option: the option that names it.
    """
    failure = invalid(error.strerror or str(error), f"check {option}")
    failure.action = action
    return failure


def read_file(path: str, what: str, option: str) -> bytes:
    """Return a file's content. :raises PanelError: ``validation``, naming the option."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise cannot(f"read the {what} {path}", option, error) from error


def replace_file(path: str, content: str, what: str, option: str) -> None:
    """Write a file whole: whoever reads it finds the old one or the new one.

    :raises PanelError: ``validation``, naming the option; the old file is then as it was.
    """
    new = f"{path}.{os.getpid()}.new"
    try:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, _FILE_MODE)
        try:
            _write_all(descriptor, content.encode("utf-8"))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        Path(new).replace(path)
        _sync_folder(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            Path(new).unlink()
        raise cannot(f"write the {what} {path}", option, error) from error


def make_folder(path: str, option: str) -> None:
    """Make a folder for the owner only, where there is none. :raises PanelError: ``validation``."""
    try:
        Path(path).mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise cannot(f"make the folder {path}", option, error) from error


def check_folder(path: str, option: str) -> None:
    """Make sure that a file can be made there, before anything depends on it.

    :raises PanelError: ``validation``, naming the option.
    """
    folder = Path(path).absolute().parent
    if not folder.is_dir():
        raise invalid(f"{option}: there is no folder {folder}")
    if Path(path).is_dir():
        raise invalid(f"{option} is a folder, and must be a file: {path}")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise invalid(f"{option}: the folder {folder} must not be written to")


class LockedFile:
    """A small file that one process holds at a time, until it is closed or the process ends.

    :raises Held: another process holds it, unless ``wait`` is set.
    :raises OSError: it cannot be opened.
    """

    def __init__(self, path: str, *, wait: bool = False) -> None:
        self.path = path
        while True:
            self._descriptor = os.open(
                path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, _FILE_MODE
            )
            try:
                self._lock(wait)
            except BaseException:
                os.close(self._descriptor)
                raise
            if self.is_there:
                return
            os.close(self._descriptor)  # replaced between opening and locking

    def _lock(self, wait: bool) -> None:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError as error:
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                raise Held(self.path) from error
            raise

    @property
    def is_there(self) -> bool:
        """Whether the file of that name is still this one."""
        try:
            there = os.stat(self.path, follow_symlinks=False)  # noqa: PTH116 - with the inode of the descriptor
        except FileNotFoundError:
            return False
        mine = os.fstat(self._descriptor)
        return (there.st_dev, there.st_ino) == (mine.st_dev, mine.st_ino)

    def read(self) -> bytes:
        """Return what is in it."""
        return os.pread(self._descriptor, os.fstat(self._descriptor).st_size, 0)

    def write(self, content: bytes) -> None:
        """Replace what is in it."""
        os.pwrite(self._descriptor, content, 0)
        os.ftruncate(self._descriptor, len(content))

    def close(self) -> None:
        """Let go of it."""
        os.close(self._descriptor)


@contextlib.contextmanager
def waiting_for(path: str) -> Iterator[LockedFile]:
    """Hold a file for a moment, after waiting for whoever holds it."""
    held = LockedFile(path, wait=True)
    try:
        yield held
    finally:
        held.close()


@contextlib.contextmanager
def unchanging(path: str, what: str, option: str) -> Iterator[bytes]:
    """Yield a file's content; until the end nobody else can open it as an :class:`AppendFile`.

    :raises PanelError: ``validation``, naming the option; the file is not there, or is being written.
    """
    try:
        opened = Path(path).open("rb")  # noqa: SIM115 - closed below, whatever reading says
    except OSError as error:
        raise cannot(f"read the {what} {path}", option, error) from error
    with opened as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            content = file.read()
        except OSError as error:
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                error = OSError(error.errno, "a run is using it")
            raise cannot(f"read the {what} {path}", option, error) from error
        yield content


class AppendFile:
    """A file that only grows, line by line. Several threads may share it.

    What :meth:`append` returned from is on the disk. Threads that append at the same time share
    one wait for the disk.

    :raises Held: another process holds it.
    :raises OSError: it cannot be opened.
    """

    def __init__(self, path: str) -> None:
        self._is_new = is_new = not Path(path).exists()
        self._file = LockedFile(path)
        self._descriptor = self._file._descriptor
        self.content = self._file.read()
        self._size = len(self.content)
        self._synced = self._size
        self._writing = threading.Lock()
        self._syncing = threading.Lock()
        if is_new:
            _sync_folder(path)

    def cut(self, size: int) -> None:
        """Drop what is behind so many bytes."""
        os.ftruncate(self._descriptor, size)
        self._size = min(self._size, size)

    def append(self, line: str) -> None:
        """Add a line. :raises OSError: it could not be written; the file is then without it."""
        with self._writing:
            try:
                _write_all(self._descriptor, f"{line}\n".encode(), self._size)
            except OSError:
                # A part of a line would spoil the next one.
                os.ftruncate(self._descriptor, self._size)
                raise
            self._size += len(line.encode()) + 1
            mine = self._size
        with self._syncing:
            if self._synced >= mine:
                return  # another thread's wait has covered this line
            with self._writing:
                covered = self._size
            os.fsync(self._descriptor)
            self._synced = covered

    def close(self) -> None:
        """Close it. A file that this object made and never wrote to is removed."""
        try:
            if self._is_new and not self._size and self._file.is_there:
                Path(self._file.path).unlink()
        finally:
            self._file.close()


def append_line(path: str, size: int, line: str) -> None:
    """Add a line behind so many bytes, and drop what is behind them.

    Only for the holder of a lock that keeps all others from writing to the file.

    :raises OSError: it could not be written; the file may then end with a part of the line.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.ftruncate(descriptor, size)
        _write_all(descriptor, f"{line}\n".encode(), size)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, content: bytes, offset: int = 0) -> None:
    """Write all of it, at that place. :raises OSError: not all of it could be written."""
    left = memoryview(content)
    while left:
        written = os.pwrite(descriptor, left, offset)
        if not written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left, offset = left[written:], offset + written


def _sync_folder(path: str) -> None:
    """Bring a file's name to the disk."""
    descriptor = os.open(Path(path).parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
