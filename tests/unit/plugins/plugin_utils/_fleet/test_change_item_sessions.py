# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each item waits and counts for itself; what it costs is counted together."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.change import (
    ItemSessions,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    ScriptedBackend,
    Step,
    answer,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy import toy_session


def _steps(*statuses: int) -> list[Step]:
    return [Step("POST", "/things/1", answer(status, None, retry_after="4")) for status in statuses]


def test_one_busy_item_takes_no_patience_from_the_others(clock):
    backend = ScriptedBackend(*_steps(429, 429, 200, 429, 429, 200))
    sessions = ItemSessions(lambda session: session, toy_session(backend, clock, budget_s=10))
    for dummy in range(2):
        with sessions.for_item() as (client, session):
            assert client is session
            client.call("read", path={"thing": 1})
    assert clock.sleeps == [4, 4, 4, 4]
    assert sessions.api_calls() == {"read": 6, "write": 0, "retried": 4, "waited_s": 16.0}
    backend.assert_finished()


def test_what_failed_is_counted_too(clock):
    backend = ScriptedBackend(*_steps(404))
    sessions = ItemSessions(lambda session: session, toy_session(backend, clock))
    with pytest.raises(PanelError), sessions.for_item() as (client, dummy):
        client.call("read", path={"thing": 1})
    assert sessions.api_calls()["read"] == 1


def test_a_sibling_keeps_the_lock_of_check_mode_and_leaves_the_connections_open(clock):
    backend = ScriptedBackend()
    sessions = ItemSessions(lambda session: session, toy_session(backend, clock, check_mode=True))
    with sessions.for_item() as (client, dummy), pytest.raises(AssertionError):
        client.call("set", path={"thing": 1})
    assert not backend.closed


def test_the_rate_is_one_for_all(clock):
    backend = ScriptedBackend(*_steps(200, 200, 200))
    sessions = ItemSessions(lambda session: session, toy_session(backend, clock, per_second=2))
    for dummy in range(3):
        with sessions.for_item() as (client, _session):
            client.call("read", path={"thing": 1})
    assert clock.sleeps == [0.5, 0.5]
