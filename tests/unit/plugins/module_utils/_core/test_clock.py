# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test waiting: its pauses and its timeout."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.clock import (
    EndingClock,
    SystemClock,
    wait_until,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock


def _wait(clock: FakeClock, ready_at_probe: int, timeout_s: float) -> tuple[int, bool]:
    probes = iter(range(1, 10_000))
    return wait_until(
        lambda: next(probes), lambda seen: seen >= ready_at_probe, timeout_s=timeout_s, clock=clock
    )


def test_a_ready_object_needs_no_wait(clock):
    assert _wait(clock, 1, 60) == (1, True)
    assert clock.sleeps == []


def test_pauses_double_up_to_the_maximum(clock):
    assert _wait(clock, 8, 60) == (8, True)
    assert clock.sleeps == [0.5, 1, 2, 4, 5, 5, 5]


def test_the_last_probe_is_at_the_deadline(clock):
    assert _wait(clock, 99, 2) == (4, False)
    assert clock.sleeps == [0.5, 1, 0.5]


@pytest.mark.parametrize("timeout_s", [0, -1])
def test_a_timeout_of_zero_probes_once(timeout_s, clock):
    assert _wait(clock, 99, timeout_s) == (1, False)
    assert clock.sleeps == []


@given(ready=st.integers(1, 200), timeout_s=st.floats(0, 600))
def test_waiting_never_exceeds_the_timeout(ready, timeout_s):
    clock = FakeClock(0.0)
    _probe, accepted = _wait(clock, ready, timeout_s)
    assert sum(clock.sleeps) <= timeout_s + 1e-6
    assert accepted or sum(clock.sleeps) >= timeout_s - 1e-6


def test_the_system_clock_returns_the_system_time(monkeypatch):
    slept = []
    monkeypatch.setattr("time.sleep", slept.append)
    clock = SystemClock()
    clock.sleep(3)
    assert slept == [3]
    assert clock.monotonic() <= clock.monotonic()
    assert clock.time() > 1_700_000_000


def test_all_waits_end_once_the_task_must_end(clock):
    ending = EndingClock(clock, lambda: len(clock.sleeps) > 3)
    probes: list[float] = []
    _last, done = wait_until(
        lambda: probes.append(0), lambda _found: False, timeout_s=600, clock=ending
    )
    assert (done, sum(clock.sleeps)) == (False, 2.0)
    before = len(probes)
    wait_until(lambda: probes.append(0), lambda _found: False, timeout_s=600, clock=ending)
    assert (len(probes) - before, len(clock.sleeps)) == (2, 4)
    assert ending.time() == clock.time()


def test_a_clock_that_need_not_end_is_the_clock(clock):
    ending = EndingClock(clock, lambda: False)
    begun = ending.monotonic()
    ending.sleep(1.2)
    assert sum(clock.sleeps) == pytest.approx(1.2)
    assert ending.monotonic() == clock.monotonic() != begun
