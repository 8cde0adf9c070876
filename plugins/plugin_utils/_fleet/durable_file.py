# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write files that survive a crash: written completely or not at all, and synced to disk before use.

This is the only file of the fleet code that writes to the controller's disk. A user who can write
to a plan, a journal, a lock or a rate file decides what a run does. So an existing file is used only
if it belongs to the current user or to root and no other user can write to it. A run as root therefore
refuses the file of another user. New files have an unguessable name until they are complete. They are
never opened through a link or in place of another file.
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
from ...module_utils._core.given_options import unknown_home

#: Readable by the owner only, since names of servers are confidential.
_FILE_MODE = 0o600
_FOLDER_MODE = 0o700


class Held(Exception):
    """Another process holds the file."""


def cannot(action: str, option: str, error: OSError | ValueError) -> PanelError:
    """Return the error for a file that cannot be used.

    :param option: the option that names the file.
    :param error: ``ValueError`` for an invalid file name.
    """
    failure = invalid(getattr(error, "strerror", None) or str(error), f"check {option}")
    failure.action = action
    return failure


@contextlib.contextmanager
def files_named() -> Iterator[None]:
    """Raise a ``PanelError`` for each error of the operating system that nothing has explained."""
    try:
        yield
    except OSError as error:
        raise cannot("use a file of the run", "state_dir", error) from error


def read_file(path: str, what: str, option: str) -> bytes:
    """Return a file's content. :raises PanelError: ``validation``, naming the option."""
    try:
        descriptor = _open_own(path, os.O_RDONLY)
        with os.fdopen(descriptor, "rb") as file:
            return file.read()
    except (OSError, ValueError) as error:
        raise cannot(f"read the {what} {path}", option, error) from error


def replace_file(
    path: str, content: str, what: str, option: str, *, mode: int = _FILE_MODE
) -> None:
    """Replace a file atomically: a reader finds either the old or the new content.

    :param mode: permissions of the new file.
    :raises PanelError: ``validation``, naming the option; the old file is then unchanged.
    """
    new = Path(path).parent / f".{secrets.token_hex(16)}.new"
    made = False
    try:
        _check_replaceable(path)
        exclusive = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(new, exclusive, mode)
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
    """Create a folder and its parents for the owner only, unless it exists.

    :raises PanelError: ``validation``.
    """
    folder = Path(path)
    try:
        missing = [place for place in (folder, *folder.parents) if not place.exists()]
        for place in reversed(missing):
            place.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        folder.mkdir(exist_ok=True)  # raises if a file has that name
    except (OSError, ValueError) as error:
        raise cannot(f"create the folder {path}", option, error) from error


def expanded(path: str, option: str) -> Path:
    """Return a path with a home folder in the place of ``~``.

    :raises PanelError: ``validation``, there is no such home folder.
    """
    if mistake := unknown_home(option, path):
        raise invalid(mistake)
    return Path(path).expanduser()


def check_folder(path: str, option: str) -> None:
    """Check that a file can be created in a folder, before anything depends on it.

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
        raise invalid(f"{option}: the folder {folder} is not writable")


class LockedFile:
    """A small file that one process locks at a time, until it is closed or the process ends.

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
        """Whether the path still names this file."""
        try:
            there = os.stat(self.path, follow_symlinks=False)  # noqa: PTH116 - with the inode of the descriptor
        except FileNotFoundError:
            return False
        mine = os.fstat(self._descriptor)
        return (there.st_dev, there.st_ino) == (mine.st_dev, mine.st_ino)

    def read(self) -> bytes:
        """Return the content."""
        return os.pread(self._descriptor, os.fstat(self._descriptor).st_size, 0)

    def write(self, content: bytes) -> None:
        """Replace the content."""
        os.pwrite(self._descriptor, content, 0)
        os.ftruncate(self._descriptor, len(content))

    def close(self) -> None:
        """Close the file and release the lock."""
        os.close(self._descriptor)


@contextlib.contextmanager
def waiting_for(path: str) -> Iterator[LockedFile]:
    """Hold a file for a short time, after waiting for its holder."""
    held = LockedFile(path, wait=True)
    try:
        yield held
    finally:
        held.close()


def content_unless_held(path: str) -> bytes:
    """Return the content of a :class:`LockedFile`, empty if it does not exist. Nothing is written.

    :raises Held: a process holds it.
    :raises OSError: it cannot be read.
    """
    try:
        opened = os.fdopen(_open_own(path, os.O_RDONLY | os.O_NOFOLLOW), "rb")
    except FileNotFoundError:
        return b""
    with opened as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                raise Held(path) from error
            raise
        return file.read()


@contextlib.contextmanager
def unchanging(path: str, what: str, option: str) -> Iterator[bytes]:
    """Yield a file's content, and prevent opening it as an :class:`AppendFile` meanwhile.

    :raises PanelError: ``validation``, naming the option; the file does not exist, or is in use.
    """
    try:
        opened = os.fdopen(_open_own(path, os.O_RDONLY), "rb")
    except (OSError, ValueError) as error:
        raise cannot(f"read the {what} {path}", option, error) from error
    with opened as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            if not os.path.samestat(os.fstat(file.fileno()), os.stat(path)):  # noqa: PTH116 - as LockedFile
                raise OSError(errno.EWOULDBLOCK, "")  # replaced between opening and locking
            content = file.read()
        except OSError as error:
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                error = OSError(error.errno, "a run is using it")
            raise cannot(f"read the {what} {path}", option, error) from error
        yield content


class AppendFile:
    """A file that only grows, line by line. Several threads may share it.

    When :meth:`append` returns, the line is on disk. Threads that append at the same time share
    one sync.

    :param wait: whether to wait for another process that holds it.
    :raises Held: another process holds it.
    :raises OSError: it cannot be opened.
    """

    def __init__(self, path: str, *, wait: bool = False) -> None:
        self._is_new = is_new = not Path(path).exists()
        self._file = LockedFile(path, wait=wait)
        self._descriptor = self._file._descriptor
        self.content = self._file.read()
        self._size = len(self.content)
        self._synced = self._size
        self._writing = threading.Lock()
        self._syncing = threading.Lock()
        if is_new:
            _sync_folder(path)

    def cut(self, size: int) -> None:
        """Truncate the file to a number of bytes."""
        os.ftruncate(self._descriptor, size)
        self._size = min(self._size, size)

    def append(self, line: str) -> None:
        """Append a line. :raises OSError: it could not be written and was removed again."""
        with self._writing:
            try:
                _write_all(self._descriptor, f"{line}\n".encode(), self._size)
            except OSError:
                # A partial line would corrupt the next one.
                os.ftruncate(self._descriptor, self._size)
                raise
            self._size += len(line.encode()) + 1
            mine = self._size
        with self._syncing:
            if self._synced >= mine:
                return  # another thread's sync has covered this line
            with self._writing:
                covered = self._size
            os.fsync(self._descriptor)
            self._synced = covered

    def close(self) -> None:
        """Close the file. Remove it if this object created it and never wrote to it."""
        with contextlib.suppress(OSError):  # each line is on the disk already
            self._close()

    def _close(self) -> None:
        try:
            if self._is_new and not self._size and self._file.is_there:
                Path(self._file.path).unlink()
        finally:
            self._file.close()


def append_line(path: str, size: int, line: str) -> None:
    """Write a line at an offset, and truncate the file after it.

    Only for the holder of a lock that excludes all other writers.

    :raises OSError: it could not be written; the file may then end with a partial line.
    """
    descriptor = _open_own(path, os.O_WRONLY | os.O_NOFOLLOW)
    try:
        os.ftruncate(descriptor, size)
        _write_all(descriptor, f"{line}\n".encode(), size)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _open_own(path: str, flags: int) -> int:
    """Open a regular file that no other user can change, without blocking on a pipe.

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
    """Refuse to replace anything but a regular file. :raises OSError: the path is something else."""
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        return
    if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
        raise OSError(errno.EINVAL, "it is not a regular file")


def _user(number: int) -> str:
    """Return a user's name, or the number if there is no name."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _write_all(descriptor: int, content: bytes, offset: int = 0) -> None:
    """Write all data at an offset. :raises OSError: not all of it could be written."""
    left = memoryview(content)
    while left:
        written = os.pwrite(descriptor, left, offset)
        if not written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left, offset = left[written:], offset + written


def _sync_folder(path: str) -> None:
    """Sync a folder, so that a file's name is on disk."""
    descriptor = os.open(Path(path).parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
