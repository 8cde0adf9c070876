# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A session for each item: the same connections and the same rate, but waiting and counts of its own."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from ...module_utils._core.session import Session

ClientT = TypeVar("ClientT")


class ItemSessions(Generic[ClientT]):
    """Opens them. Several threads may share it.

    What an item may wait for (``retries``, ``retry_budget``) is what a task of the single module
    may: one busy server takes nothing from the others.

    :param client: makes the panel's client from a session.
    :param session: for everything that is read for all items together.
    """

    def __init__(self, client: Callable[[Session], ClientT], session: Session) -> None:
        self.client = client(session)
        self.session = session
        self._make = client
        self._spent: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def for_item(self) -> Iterator[tuple[ClientT, Session]]:
        """Yield a client with its session, for one item."""
        session = self.session.sibling()
        try:
            yield self._make(session), session
        finally:
            with self._lock:
                self._spent.update(session.api_calls())

    def api_calls(self) -> dict[str, Any]:
        """What all sessions have cost together. Seconds waited are the sum over all items."""
        with self._lock:
            spent = self._spent + Counter(self.session.api_calls())
        return {
            "read": int(spent["read"]),
            "write": int(spent["write"]),
            "retried": int(spent["retried"]),
            "waited_s": round(float(spent["waited_s"]), 3),
        }
