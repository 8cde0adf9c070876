# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why no further item is begun. What is under way is always finished."""

from __future__ import annotations

import enum
import threading

from ...module_utils._core.errors import defect


class Reason(str, enum.Enum):
    """Why a run stopped before its end, as a word that a workflow can compare."""

    #: SIGINT, SIGTERM, or the end of the process that started it.
    INTERRUPTED = "interrupted"
    DEADLINE = "deadline"
    FAILURES = "failures"
    #: The health check between two batches did not pass.
    HEALTH = "health"
    #: The panel no longer takes the credentials; further tries could lock them.
    AUTH = "auth"
    #: The account did not pay for what was ordered.
    PAYMENT = "payment"
    #: The journal cannot be written any more.
    JOURNAL = "journal"
    #: Somebody else took the lock, or it cannot be renewed.
    LOCK = "lock"
    #: A file that the run needs cannot be used any more.
    FILES = "files"
    #: A defect of this collection.
    DEFECT = "defect"


def broken_by(error: Exception) -> tuple[Reason, str]:
    """Return the reason and the message for a run that an exception ends."""
    if isinstance(error, OSError):
        place = f" ({error.filename})" if error.filename else ""
        return Reason.FILES, f"the run needs a file: {error.strerror or error}{place}"
    return Reason.DEFECT, defect(error).msg


class Stop:
    """Asked by whoever notices; the first reason counts. Several threads and a signal may use it."""

    def __init__(self) -> None:
        self._first: tuple[Reason, str] | None = None
        # A signal may come while the same thread is inside.
        self._lock = threading.RLock()

    def ask(self, reason: Reason, message: str) -> None:
        """Let no further item begin.

        :param message: why, in one sentence without a full stop.
        """
        with self._lock:
            if self._first is None:
                self._first = (reason, message)

    @property
    def asked(self) -> bool:
        """Whether no further item may begin."""
        return self._first is not None

    @property
    def reason(self) -> Reason | None:
        """Why, ``None`` while nobody has asked."""
        return self._first[0] if self._first else None

    @property
    def message(self) -> str:
        """Why, in words."""
        return self._first[1] if self._first else ""
