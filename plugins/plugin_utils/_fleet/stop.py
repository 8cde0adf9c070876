# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stop a run: no further item is begun, and items in progress are finished."""

from __future__ import annotations

import enum
import threading

from ...module_utils._core.errors import defect


class Reason(str, enum.Enum):
    """The reason why a run stopped early, as a word that a workflow can compare."""

    #: SIGINT, SIGTERM, or the end of the process that started it.
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

    def settled(self) -> Stop:
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
