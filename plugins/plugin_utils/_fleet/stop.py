# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stop a run: no further item is begun, and items in progress are finished.

A signal, the timeout of the task, or the end of the process that started the run stop it, too.
"""

from __future__ import annotations

import enum
import multiprocessing  # noqa: TID251 - starts nothing, only asks who forked this process
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ...module_utils._core.errors import defect


class Reason(str, enum.Enum):
    """The reason why a run stopped early, as a word that a workflow can compare."""

    #: SIGHUP, SIGINT, SIGTERM, or the end of the process that started it.
    INTERRUPTED = "interrupted"
    DEADLINE = "deadline"
    FAILURES = "failures"
    #: The health check between two batches did not pass.
    HEALTH = "health"
    #: The panel no longer takes the credentials; further tries could lock them.
    AUTH = "auth"
    #: An order that was to be paid automatically stayed unpaid.
    PAYMENT = "payment"
    #: The journal can no longer be written.
    JOURNAL = "journal"
    #: Another run took the lock, or it cannot be renewed.
    LOCK = "lock"
    #: A file that the run needs can no longer be used.
    FILES = "files"
    #: A defect of this collection.
    DEFECT = "defect"


def broken_by(error: Exception) -> tuple[Reason, str]:
    """Return the reason and the message for a run that ends with an exception."""
    if isinstance(error, OSError):
        place = f" ({error.filename})" if error.filename else ""
        return Reason.FILES, f"the run needs a file: {error.strerror or error}{place}"
    return Reason.DEFECT, defect(error).msg


class Stop:
    """A request to stop a run. The first reason counts. Several threads and a signal handler may use it."""

    def __init__(self) -> None:
        self._first: tuple[Reason, str] | None = None
        # A signal handler may run while the same thread holds the lock.
        self._lock = threading.RLock()

    def ask(self, reason: Reason, message: str) -> None:
        """Request a stop, so that no further item begins.

        :param message: the reason, in one sentence without a full stop.
        """
        with self._lock:
            if self._first is None:
                self._first = (reason, message)

    def came_too_late(self, *, skipped: int, finished: bool) -> bool:
        """Return whether the request has left no work, so that the run was not stopped by it.

        A deadline only skips items. Any other reason can also be why an item failed. A defect is never too late.

        :param skipped: the number of items that were not begun.
        :param finished: whether no work remains for any item.
        """
        if self.reason in (None, Reason.DEFECT):
            return False
        return not skipped if self.reason is Reason.DEADLINE else finished

    def frozen(self) -> Stop:
        """Return the request as it is now, which no later request alters."""
        found = Stop()
        if self._first is not None:
            found.ask(*self._first)
        return found

    @property
    def asked(self) -> bool:
        """Whether a stop was requested."""
        return self._first is not None

    @property
    def interrupted(self) -> bool:
        """Whether somebody waits for the end of the run: no request is then sent again."""
        return self.asked and self.reason is Reason.INTERRUPTED

    @property
    def reason(self) -> Reason | None:
        """The reason, or ``None`` if no stop was requested."""
        return self._first[0] if self._first else None

    @property
    def message(self) -> str:
        """The reason in words."""
        return self._first[1] if self._first else ""


#: ansible-core before 2.19 runs a task in the session of the terminal, which sends SIGHUP when it closes.
_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def _parent() -> int:
    """Return the ID of the process that started this one.

    Ansible's worker may be an orphan by the time it looks. So the ID is the one that was recorded
    before the fork.
    """
    recorded = multiprocessing.parent_process()
    forked = getattr(multiprocessing.current_process(), "_start_method", None) == "fork"
    if recorded is not None and recorded.pid is not None and forked:
        return recorded.pid
    return os.getppid()


@contextmanager
def task_timeout(seconds: int | None) -> Iterator[Callable[[], bool] | None]:
    """Yield a function that returns whether the timeout of a task has passed; ``None`` if it has none.

    Ansible has set an alarm for it. Here the alarm raises no exception.
    """
    if not seconds or threading.current_thread() is not threading.main_thread():
        yield None  # only the main thread may set handlers
        return
    passed = threading.Event()
    before = signal.signal(signal.SIGALRM, lambda _number, _frame: passed.set())
    try:
        yield passed.is_set
    finally:
        signal.alarm(0)  # the task has its result, so nothing is left to time out
        signal.signal(signal.SIGALRM, before)


class ProcessStop(Stop):
    """A stop that is also requested if nobody is left to take the result: ``ansible-playbook`` was killed."""

    def __init__(self) -> None:
        super().__init__()
        self._parent = _parent()
        self._number: int | None = None

    @property
    def asked(self) -> bool:
        """Whether no further item may begin."""
        if self._orphaned:
            self.ask(Reason.INTERRUPTED, "the process that started the run has ended")
        return super().asked

    @property
    def _orphaned(self) -> bool:
        return os.getppid() != self._parent

    @contextmanager
    def on_signals(self, *, timeout_s: int | None = None) -> Iterator[None]:
        """Request a stop when a signal comes that would otherwise end the run at once.

        A signal that is ignored, as by nohup, stays ignored. Ansible passes SIGINT and SIGTERM to the
        process that runs the task, and takes no result afterwards: a process that offered one would wait
        for ever. So the signal is raised again when the run has stopped.

        SIGALRM is the timeout of the task. Ansible's handler raises an exception wherever the run is, and
        the result is lost although servers have changed. Here the run stops, and Ansible takes the result.

        :param timeout_s: the timeout of the task; ``None`` or 0 if it has none.
        """
        if threading.current_thread() is not threading.main_thread():
            yield  # only the main thread may set handlers
            return
        before = {
            number: signal.signal(number, self._came)
            for number in _SIGNALS
            if signal.getsignal(number) is not signal.SIG_IGN
        }
        if timeout_s:
            said = f"the timeout of the task, {timeout_s} seconds, has passed"
            handler = signal.signal(
                signal.SIGALRM, lambda _number, _frame: self.ask(Reason.INTERRUPTED, said)
            )
            before[signal.SIGALRM] = handler
        try:
            yield
        finally:
            if timeout_s:
                signal.alarm(0)  # the run has its result, so nothing is left to time out
            for number, handler in before.items():
                signal.signal(number, handler)
            if self._number is not None:
                signal.raise_signal(self._number)
            if self._orphaned:
                os._exit(1)

    def _came(self, number: int, dummy: Any) -> None:
        self._number = number
        self.ask(Reason.INTERRUPTED, f"{signal.Signals(number).name} was received")
