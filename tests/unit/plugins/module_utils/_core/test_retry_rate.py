# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that all threads share one rate limit."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.retry import RateLimiter
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock, FrozenClock


@pytest.mark.parametrize("rate", [0, -1])
def test_without_a_limit_no_request_waits(rate, clock: FakeClock):
    limiter = RateLimiter(rate, clock)
    assert [limiter.acquire() for _turn in range(50)] == [0.0] * 50
    assert clock.sleeps == []


def test_requests_are_spaced_evenly(clock: FakeClock):
    limiter = RateLimiter(4, clock)
    assert [limiter.acquire() for _turn in range(4)] == [0.0, 0.25, 0.25, 0.25]
    assert clock.sleeps == [0.25, 0.25, 0.25]


def test_idle_time_allows_no_burst(clock: FakeClock):
    limiter = RateLimiter(4, clock)
    limiter.acquire()
    clock.now += 60
    assert [limiter.acquire() for _turn in range(2)] == [0.0, 0.25]


def test_threads_share_the_rate():
    clock = FrozenClock(0.0)
    limiter = RateLimiter(8, clock)
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _turn: limiter.acquire(), range(40)))
    assert sorted(waits) == [turn / 8 for turn in range(40)]


@given(rate=st.floats(0.1, 1000), gaps=st.lists(st.floats(0, 5), min_size=2, max_size=30))
def test_two_requests_are_never_closer_than_the_interval(rate, gaps):
    clock = FakeClock(0.0)
    limiter = RateLimiter(rate, clock)
    moments = []
    for gap in gaps:
        clock.now += gap
        limiter.acquire()
        moments.append(clock.now)
    for earlier, later in itertools.pairwise(moments):
        assert later - earlier >= 1 / rate - 1e-9
