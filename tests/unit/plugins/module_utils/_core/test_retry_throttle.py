# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test many threads against a panel that responds "too many requests"."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.dialect import Effect
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import Request, Response
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.retry import (
    Backoff,
    Closed,
    Gate,
    Load,
    Pass,
    RateLimiter,
    RetryPolicy,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.session import Session
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import BASE, answer
from ansible_collections.vpsfleet.panels.tests.unit.support.toy import ToyDialect

WORKERS = 100


class SharedClock(FakeClock):
    """A clock for several sleeping threads. It advances once no thread is busy."""

    def __init__(self, threads: int) -> None:
        super().__init__(0.0)
        self._changed = threading.Condition()
        self._busy = threads
        self._wake: list[float] = []

    def sleep(self, seconds: float) -> None:
        with self._changed:
            until = self.now + seconds
            self._wake.append(until)
            self._busy -= 1
            self._move()
            while self.now < until:
                self._changed.wait()

    def busy(self, change: int) -> None:
        """Count threads that start or stop waiting for another thread."""
        with self._changed:
            self._busy += change
            self._move()

    def _move(self) -> None:
        if self._busy or not self._wake:
            return
        self.now = min(self._wake)
        woken = [until for until in self._wake if until <= self.now]
        self._wake = [until for until in self._wake if until > self.now]
        self._busy = len(woken)
        self._changed.notify_all()


class Watched(threading.Condition):
    """A condition that reports waiting threads to the clock."""

    def __init__(self, clock: SharedClock) -> None:
        super().__init__()
        self._clock = clock
        self._waiting_for_others = 0

    def wait(self, timeout: float | None = None) -> bool:
        self._waiting_for_others += 1
        self._clock.busy(-1)
        return super().wait(timeout)

    def notify_all(self) -> None:
        self._clock.busy(self._waiting_for_others)
        self._waiting_for_others = 0
        super().notify_all()


class CrowdedPanel:
    """A panel whose response depends on the time. The first requests of all threads are concurrent.

    :param reply: returns the response to a request at a given time.
    """

    def __init__(self, clock: FakeClock, reply: Callable[[float], Response], threads: int) -> None:
        self._clock = clock
        self._reply = reply
        self._together = threading.Barrier(threads)
        self._turn = threading.Lock()
        self.sent: list[float] = []
        self.under_way = 0
        #: For each request after the first ones: the number of concurrent requests.
        self.crowd: list[int] = []

    def send(self, request: Request) -> Response:
        with self._turn:
            number = len(self.sent)
            self.sent.append(self._clock.monotonic())
            self.under_way += 1
        if number < self._together.parties:
            self._together.wait()
        with self._turn:
            if number >= self._together.parties:
                self.crowd.append(self.under_way)
            self.under_way -= 1
        return self._reply(self.sent[number])

    def close(self) -> None:
        """Do nothing: there is no connection."""


def _crowd(
    reply: Callable[[float], Response],
    *,
    threads: int = WORKERS,
    effect: Effect = Effect.SET,
    **policy: float,
) -> tuple[CrowdedPanel, list[PanelError], Session]:
    """Send one request from each of several threads; return the panel and the errors."""
    clock = SharedClock(threads)
    panel = CrowdedPanel(clock, reply, threads)
    backoff = Backoff(RetryPolicy(**policy), clock, jitter=lambda: 1.0)
    limiter = RateLimiter(0, clock)
    session = Session(ToyDialect(), {"": BASE}, panel, backoff, limiter, check_mode=False)
    session._gates[BASE]._changed = Watched(clock)
    errors: list[PanelError] = []

    def one() -> None:
        own = session.sibling()
        own.backoff = Backoff(own.backoff.policy, clock, jitter=lambda: 1.0)
        try:
            own.call(effect.value, path={"thing": 1})
        except PanelError as error:
            errors.append(error)
        clock.busy(-1)

    running = [threading.Thread(target=one) for dummy in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return panel, errors, session


@pytest.mark.parametrize("retries", [0, 1, 5])
@pytest.mark.parametrize("effect", [Effect.READ, Effect.SET, Effect.CREATE])
def test_an_endless_refusal_costs_one_request_per_thread_and_retry(retries, effect):
    panel, errors, dummy = _crowd(lambda now: answer(429), effect=effect, retries=retries)
    assert len(panel.sent) == WORKERS + retries
    assert len(errors) == WORKERS
    assert {error.code for error in errors} == {Code.RATE_LIMITED}
    assert {(error.retryable, error.uncertain) for error in errors} == {(True, False)}
    assert all(f"retries={retries} allows" in error.msg for error in errors)


def test_the_budget_of_each_request_ends_its_wait():
    panel, errors, dummy = _crowd(lambda now: answer(429), retries=1000, budget_s=60)
    # Pauses of 0.5, 1, 2, 4, 8, 16 seconds; the next one would exceed the budget.
    assert len(panel.sent) == WORKERS + 6
    assert all("would exceed retry_budget=60 seconds" in error.msg for error in errors)


def test_no_request_is_sent_before_retry_after():
    panel, errors, dummy = _crowd(lambda now: answer(429, retry_after="20"), retries=3)
    assert len(errors) == WORKERS
    assert panel.sent[WORKERS:] == [20, 40, 60]


def test_a_pause_over_the_budget_sends_no_probe():
    panel, errors, session = _crowd(lambda now: answer(429, retry_after="3600"), retries=3)
    assert len(panel.sent) == WORKERS
    assert all("asks to wait 3600 s" in error.msg for error in errors)
    # A later request sends no probe either.
    with pytest.raises(PanelError) as caught:
        session.sibling().call("set", path={"thing": 2})
    assert caught.value.code is Code.RATE_LIMITED
    assert caught.value.uncertain is False
    assert len(panel.sent) == WORKERS


def test_a_recovering_panel_gets_a_growing_number_of_requests():
    panel, errors, dummy = _crowd(lambda now: answer(200, {}) if now > 5 else answer(429))
    assert errors == []
    # Probes after 0.5, 1.5, 3.5 and 7.5 seconds.
    assert len(panel.sent) == WORKERS + 3 + WORKERS
    for number, crowd in enumerate(panel.crowd[3:]):
        assert crowd <= number + 1


def test_other_faults_do_not_close_the_gate():
    clock = FakeClock()
    gate = Gate(clock)
    for outcome in (Load.ACCEPTED, Load.NONE):
        permit = gate.enter()
        assert isinstance(permit, Pass)
        gate.leave(permit, outcome, lambda refused: 1.0)
    assert isinstance(gate.enter(), Pass)


def test_a_probe_without_a_response_is_followed_by_another():
    clock = FakeClock()
    gate = Gate(clock)
    permit = gate.enter()
    assert isinstance(permit, Pass)
    gate.leave(permit, Load.LIMITED, lambda refused: 1.0)
    assert gate.enter() == Closed(1.0, False, 1)
    clock.sleep(1.0)
    for _again in range(3):
        probe = gate.enter()
        assert isinstance(probe, Pass)
        gate.leave(probe, Load.NONE, lambda refused: 1.0)


def test_a_refused_probe_doubles_the_pause_and_an_accepted_one_resets_it():
    clock = FakeClock(0.0)
    gate = Gate(clock)
    backoff = Backoff(RetryPolicy(), clock, jitter=lambda: 1.0)
    pauses = []
    for outcome in [Load.LIMITED] * 8 + [Load.ACCEPTED] + [Load.LIMITED] * 2:
        permit = gate.enter()
        assert isinstance(permit, Pass)
        gate.leave(permit, outcome, backoff.length)
        entry = gate.enter()
        if isinstance(entry, Closed):
            pauses.append(entry.left_s)
            clock.sleep(entry.left_s)
        else:
            gate.leave(entry, Load.ACCEPTED, backoff.length)
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 0.5, 1]


def test_an_exception_before_the_request_leaves_the_gate_open(clock):
    class Broken(RateLimiter):
        def acquire(self) -> float:
            raise PanelError(Code.VALIDATION, "the file is gone")

    panel = CrowdedPanel(clock, lambda now: answer(429), 1)
    backoff = Backoff(RetryPolicy(), clock)
    session = Session(ToyDialect(), {"": BASE}, panel, backoff, Broken(0, clock), check_mode=False)
    session._gates[BASE]._room = 1
    for _again in range(3):
        with pytest.raises(PanelError, match="the file is gone"):
            session.call("read", path={"thing": 1})
