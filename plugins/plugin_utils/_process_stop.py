# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stop requested by a signal, or by the end of the process that started this one."""

from __future__ import annotations

import multiprocessing  # noqa: TID251 - starts nothing, only asks who forked this process
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ._fleet.stop import Reason, Stop

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


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

        Ansible passes SIGINT and SIGTERM to the process that runs the task, and takes no result
        afterwards: a process that offered one would wait for ever. So the signal is raised again when
        the run has stopped.

        SIGALRM is the timeout of the task. Ansible's handler raises an exception wherever the run is, and
        the result is lost although servers have changed. Here the run stops, and Ansible takes the result.

        :param timeout_s: the timeout of the task; ``None`` or 0 if it has none.
        """
        if threading.current_thread() is not threading.main_thread():
            yield  # only the main thread may set handlers
            return
        before = {number: signal.signal(number, self._came) for number in _SIGNALS}
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
