# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stop that signals ask for, and the end of the process that started this one."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ._fleet.stop import Reason, Stop

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class ProcessStop(Stop):
    """Asked for where nobody is left to take the result: ``ansible-playbook`` was killed."""

    def __init__(self) -> None:
        super().__init__()
        self._parent = os.getppid()
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
    def on_signals(self) -> Iterator[None]:
        """Ask for a stop when a signal comes that would otherwise end the process at once.

        Ansible hands both signals on to the process that carries out the task, and takes no result
        afterwards: a process that offered one would wait for ever. So it ends in the way in which it
        would have ended at once, only later.
        """
        if threading.current_thread() is not threading.main_thread():
            yield  # only the main thread may say what a signal does
            return
        before = {number: signal.signal(number, self._came) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            if self._number is not None:
                signal.raise_signal(self._number)
            if self._orphaned:
                os._exit(1)

    def _came(self, number: int, dummy: Any) -> None:
        self._number = number
        self.ask(Reason.INTERRUPTED, f"{signal.Signals(number).name} asked for it")
