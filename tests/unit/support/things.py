# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An object in memory for the convergence loop, and faults of its writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.changes import (
    Comparison,
    FieldOutcome,
    Reply,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.converge import (
    Converged,
    Resource,
    View,
    converge,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.fields import (
    Compare,
    Field,
    Schema,
    anything,
    integer,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.retry import (
    Backoff,
    RetryPolicy,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.session import UncertainWrite
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock

SCHEMA = Schema(
    Field("size", "size", integer),
    Field("disk", "disk", integer, compare=Compare.AT_LEAST, why_not="disks only grow"),
    Field("tags", "tags", anything, compare=Compare.SET),
)

#: Behaviours of a panel for one field of a write.
ACCEPTS, IGNORES, REPORTS = "accepts", "ignores", "ignores and reports"


class Thing(Resource):
    """An object and its panel.

    :param behaviour: behaviour of the panel by field; the default is ``ACCEPTS``.
    :param faults: one function per write. It receives the write and may refuse or lose it.
    """

    key = "thing"
    schema = SCHEMA

    def __init__(
        self,
        state: dict[str, Any],
        desired: dict[str, Any],
        behaviour: dict[str, str] | None = None,
        faults: list[Callable[[Callable[[], None]], None]] | None = None,
        settle_s: float = 0,
    ) -> None:
        self.state = dict(state)
        self._desired = desired
        self._behaviour = behaviour or {}
        self._faults = faults or []
        self.settle_s = settle_s
        self.reads = self.writes = 0
        self.unreadable_from = 10**9
        self.permitted = True

    def read(self) -> View:
        self.reads += 1
        if self.reads >= self.unreadable_from:
            raise PanelError(Code.AUTH, "not now")
        return SCHEMA.project({"id": 1, **self.state})

    def desired(self) -> dict[str, Any]:
        return self._desired

    def permit(self, comparison: Comparison) -> None:
        if not self.permitted:
            raise PanelError(Code.REFUSED, "not permitted")

    def apply(self, comparison: Comparison) -> Reply:
        self.writes += 1
        message: dict[str, str] = {}

        def take() -> None:
            for change in comparison.with_outcome(FieldOutcome.CHANGED):
                name = change.field.name
                does = self._behaviour.get(name, ACCEPTS)
                if does == ACCEPTS:
                    self.state[name] = change.desired
                elif does == REPORTS:
                    message[name] = f"{name} not updated"

        if self._faults:
            self._faults.pop(0)(take)
        else:
            take()
        return Reply(message, lines=tuple(message.values()))

    def conclude(self, converged: Converged) -> dict[str, Any]:
        return {"own": True}


def converge_thing(thing: Thing, *, check_mode: bool = False, **policy: Any) -> dict[str, Any]:
    backoff = Backoff(RetryPolicy(**policy), FakeClock(), jitter=lambda: 1.0)
    return converge(thing, check_mode=check_mode, backoff=backoff)


def fail_thing(thing: Thing, **policy: Any) -> PanelError:
    with pytest.raises(PanelError) as caught:
        converge_thing(thing, **policy)
    return caught.value


def lost_before(_take: Callable[[], None]) -> None:
    raise UncertainWrite(Code.TRANSPORT, "HTTP 502", uncertain=True, retryable=True)


def lost_after(take: Callable[[], None]) -> None:
    take()
    lost_before(take)


def refused(_take: Callable[[], None]) -> None:
    raise PanelError(Code.VALIDATION, "too much")


OLD = {"size": 1, "disk": 40, "tags": [1]}
NEW = {"size": 2, "disk": 80, "tags": [2]}
