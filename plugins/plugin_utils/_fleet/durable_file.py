# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that survive a crash: written whole or not at all, and on the disk before anybody relies on them.

The only file of the collection's machinery that writes to the controller's disk. Whoever can write
to a plan, a journal, a lock or a rate file decides what a run does. So an existing file is used only
if it belongs to the current user or to root and nobody else can write to it; a run as root therefore
refuses the file of another user. New files have an unguessable name until they are whole, and are
never opened through a link or where something else has that name.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import pwd
import secrets
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

from ...module_utils._core.errors import PanelError, invalid

#: For the owner only: names of servers are nobody else's business.
_FILE_MODE = 0o600
_FOLDER_MODE = 0o700


class Held(Exception):
    """Another process holds the file."""


def cannot(action: str, option: str, error: OSError | ValueError) -> PanelError:
    """A file that cannot be used, for raising.

    :param option: the option that names it.
    :param error: ``ValueError`` for a name that no file can have.
    """
    failure = invalid(getattr(error, "strerror", None) or str(error), f"check {option}")
    failure.action = action
    return failure


def read_file(path: str, what: str, option: str) -> bytes:
    """Return a file's content. :raises PanelError: ``validation``, naming the option."""
    try:
        descriptor = _open_own(path, os.O_RDONLY)
        with os.fdopen(descriptor, "rb") as file:
            return file.read()
    except (OSError, ValueError) as error:
        raise cannot(f"read the {what} {path}", option, error) from error


def replace_file(path: str, content: str, what: str, option: str) -> None:
    """Write a file whole: whoever reads it finds the old one or the new one.

    :raises PanelError: ``validation``, naming the option; the old file is then as it was.
    """
    new = Path(path).parent / f".{secrets.token_hex(16)}.new"
    made = False
    try:
        _check_replaceable(path)
        exclusive = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(new, exclusive, _FILE_MODE)
        made = True
        try:
            _write_all(descriptor, content.encode("utf-8"))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        new.replace(path)
        made = False
        _sync_folder(path)
    except (OSError, ValueError) as error:
        raise cannot(f"write the {what} {path}", option, error) from error
    finally:
        if made:
            with contextlib.suppress(OSError):
                new.unlink()


def make_folder(path: str, option: str) -> None:
    """Make a folder and its parents for the owner only, where there is none.

    :raises PanelError: ``validation``.
    """
    folder = Path(path)
    try:
        missing = [place for place in (folder, *folder.parents) if not place.exists()]
        for place in reversed(missing):
            place.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        folder.mkdir(exist_ok=True)  # raises for a file of that name
    except (OSError, ValueError) as error:
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
    if Path(path).exists() and not Path(path).is_file():
        raise invalid(f"{option} must be a regular file: {path}")
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
            self._descriptor = _open_own(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW)
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
        opened = os.fdopen(_open_own(path, os.O_RDONLY), "rb")
    except (OSError, ValueError) as error:
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
        with contextlib.suppress(OSError):  # each line is on the disk already
            self._close()

    def _close(self) -> None:
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
    descriptor = _open_own(path, os.O_WRONLY | os.O_NOFOLLOW)
    try:
        os.ftruncate(descriptor, size)
        _write_all(descriptor, f"{line}\n".encode(), size)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _open_own(path: str, flags: int) -> int:
    """Open a regular file that nobody else can change, without waiting for whoever is at a pipe.

    :raises OSError: it cannot be opened, or is not such a file.
    """
    descriptor = os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC, _FILE_MODE)
    try:
        there = os.fstat(descriptor)
        if not stat.S_ISREG(there.st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file")
        if there.st_uid not in (os.geteuid(), 0):
            raise OSError(
                errno.EPERM,
                f"it belongs to the user {_user(there.st_uid)}, and must belong to"
                f" {_user(os.geteuid())} or root",
            )
        if there.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            mode = f"{stat.S_IMODE(there.st_mode):04o}"
            raise OSError(errno.EPERM, f"other users can write to it (mode {mode}); run chmod go-w")
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _check_replaceable(path: str) -> None:
    """Refuse to replace what is not a file, such as a device. :raises OSError: it is not one."""
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        return
    if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
        raise OSError(errno.EINVAL, "it is not a regular file")


def _user(number: int) -> str:
    """Return a user's name, or the number where there is none."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


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
