# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Open a session for each item, with shared connections and rate, but separate waits and counts."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from ...module_utils._core.session import Session

ClientT = TypeVar("ClientT")


class ItemSessions(Generic[ClientT]):
    """A factory of sessions for items. Several threads may share it.

    Each item has the ``retries`` and the ``retry_budget`` of a task, so that one busy server does not
    use up those of the others.

    :param client: creates the panel's client from a session.
    :param session: the session for reads of all items.
    """

    def __init__(self, client: Callable[[Session], ClientT], session: Session) -> None:
        self.client = client(session)
        self.session = session
        self._make = client
        self._spent: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def for_item(self) -> Iterator[tuple[ClientT, Session]]:
        """Yield a client with a session for one item."""
        session = self.session.sibling()
        try:
            yield self._make(session), session
        finally:
            with self._lock:
                self._spent.update(session.api_calls())

    def api_calls(self) -> dict[str, Any]:
        """Return the sums of all sessions. The seconds waited are a sum over all items."""
        with self._lock:
            spent = self._spent + Counter(self.session.api_calls())
        return {
            "read": int(spent["read"]),
            "write": int(spent["write"]),
            "retried": int(spent["retried"]),
            "waited_s": round(float(spent["waited_s"]), 3),
        }
