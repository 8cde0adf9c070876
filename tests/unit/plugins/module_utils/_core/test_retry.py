# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the retry table: for each effect and fault, whether a request is repeated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.dialect import Effect
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Fault, PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.retry import (
    VERDICTS,
    Backoff,
    RetryPolicy,
    retry_after,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.session import UncertainWrite
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    HTML,
    ScriptedBackend,
    Step,
    answer,
    interrupted,
    never_sent,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy import VERBS, toy_session

READ, SET, CREATE, ACTION, DESTROY, TRIAL = (
    Effect.READ,
    Effect.SET,
    Effect.CREATE,
    Effect.ACTION,
    Effect.DESTROY,
    Effect.TRIAL,
)

#: After a failure of the panel or the connection, which may have executed the request.
MAY_HAVE_WORKED = {
    READ: "again",
    SET: "look",
    CREATE: "stop",
    ACTION: "stop",
    DESTROY: "look",
    TRIAL: "stop",
}

#: For each fault: the reply, and the verdict for each effect. "again" repeats the request,
#: "look" lets the caller read the object first, "stop" fails.
TABLE = {
    "never sent": (never_sent(), dict.fromkeys(Effect, "again")),
    "429": (answer(429, "slow down"), dict.fromkeys(Effect, "again")),
    "423": (answer(423, "busy"), dict.fromkeys(Effect, "again")),
    **{
        str(status): (
            answer(status, "down"),
            MAY_HAVE_WORKED,
        )
        for status in (500, 502, 503, 504)
    },
    "interrupted": (interrupted(), MAY_HAVE_WORKED),
    "unreadable": (
        answer(200, HTML),
        {**MAY_HAVE_WORKED, READ: "stop"},
    ),
    **{
        str(status): (answer(status, "no"), dict.fromkeys(Effect, "stop"))
        for status in (302, 400, 401, 403, 404, 405, 409, 410, 422)
    },
}
CELLS = [
    pytest.param(effect, reply, verdict, id=f"{effect.value}-{fault}")
    for fault, (reply, row) in TABLE.items()
    for effect, verdict in row.items()
]
MAYBE = ("500", "502", "503", "504", "interrupted", "unreadable")


def _step(effect: Effect, reply) -> Step:
    return Step(VERBS[effect], "/things/1", reply)


@pytest.mark.parametrize(("effect", "reply", "verdict"), CELLS)
def test_each_cell_of_the_table(effect, reply, verdict, clock: FakeClock):
    good = [_step(effect, answer(200, {}))] if verdict == "again" else []
    backend = ScriptedBackend(_step(effect, reply), *good)
    session = toy_session(backend, clock)
    if verdict == "again":
        assert session.call(effect.value, path={"thing": 1}) == {}
    else:
        with pytest.raises(PanelError) as caught:
            session.call(effect.value, path={"thing": 1})
        assert isinstance(caught.value, UncertainWrite) is (verdict == "look")
    backend.assert_finished()
    assert len(backend.requests) == (2 if verdict == "again" else 1)
    assert len(clock.sleeps) == (1 if verdict == "again" else 0)


@pytest.mark.parametrize(
    ("effect", "fault"),
    [(effect, fault) for effect in Effect for fault in TABLE],
    ids=lambda value: getattr(value, "value", value),
)
def test_the_state_is_unknown_only_after_a_write_that_may_have_succeeded(effect, fault, clock):
    reply, _row = TABLE[fault]
    backend = ScriptedBackend(_step(effect, reply))
    with pytest.raises(PanelError) as caught:
        toy_session(backend, clock, retries=0).call(effect.value, path={"thing": 1})
    assert caught.value.uncertain is (effect is not READ and fault in MAYBE)


@pytest.mark.parametrize("effect", [CREATE, ACTION, TRIAL])
@pytest.mark.parametrize("fault", MAYBE)
def test_the_error_of_a_write_without_retry_names_the_object_to_check(effect, fault, clock):
    backend = ScriptedBackend(_step(effect, TABLE[fault][0]))
    with pytest.raises(PanelError, match="check the panel before you run this again") as caught:
        toy_session(backend, clock).call(effect.value, path={"thing": 1})
    assert caught.value.retryable is False


def test_the_table_has_every_cell():
    assert set(VERDICTS) == set(Effect)
    assert all(set(row) == set(Fault) for row in VERDICTS.values())


@pytest.mark.parametrize(
    ("reply", "retryable"),
    [(answer(429), True), (answer(503), True), (never_sent(), True), (answer(404), False)],
)
def test_a_failure_reports_whether_it_is_retryable(reply, retryable, clock):
    backend = ScriptedBackend(_step(READ, reply))
    with pytest.raises(PanelError) as caught:
        toy_session(backend, clock, retries=0).call("read", path={"thing": 1})
    assert caught.value.retryable is retryable


@pytest.mark.parametrize("retries", [0, 1, 5])
def test_retries_limit_the_attempts(retries, clock):
    backend = ScriptedBackend(*[_step(READ, answer(503))] * (retries + 1))
    session = toy_session(backend, clock, retries=retries)
    with pytest.raises(PanelError, match=rf"\b{retries + 1} attempts? (was|were) made") as caught:
        session.call("read", path={"thing": 1})
    assert f"retries={retries}" in caught.value.msg
    assert session.api_calls() == {
        "read": retries + 1,
        "write": 0,
        "retried": retries,
        "waited_s": round(sum(clock.sleeps), 3),
    }


def test_the_budget_is_shared_by_all_requests(clock):
    steps = [_step(READ, answer(429, retry_after="40")), _step(READ, answer(200, {}))]
    backend = ScriptedBackend(*steps, *steps, steps[0])
    session = toy_session(backend, clock, budget_s=100)
    for _call in range(2):
        session.call("read", path={"thing": 1})
    with pytest.raises(PanelError, match=r"would exceed retry_budget=100 seconds"):
        session.call("read", path={"thing": 1})
    assert clock.sleeps == [40, 40]


@pytest.mark.parametrize("status", [423, 429, 503])
def test_a_wait_beyond_the_budget_is_not_a_retry(status, clock):
    backend = ScriptedBackend(_step(READ, answer(status, retry_after="3600")))
    session = toy_session(backend, clock, budget_s=5)
    with pytest.raises(
        PanelError, match=r"asks to wait 3600 s would exceed retry_budget=5 seconds"
    ):
        session.call("read", path={"thing": 1})
    assert session.api_calls() == {"read": 1, "write": 0, "retried": 0, "waited_s": 0.0}


@pytest.mark.parametrize("first", [429, 503])
@pytest.mark.parametrize("second", [429, 503])
def test_each_repeated_request_counts_once(first, second, clock):
    replies = [answer(first), answer(second), answer(200, {})]
    session = toy_session(ScriptedBackend(*[_step(READ, reply) for reply in replies]), clock)
    session.call("read", path={"thing": 1})
    assert session.backoff.retried == 2


def test_a_budget_of_zero_allows_no_retry(clock):
    backend = ScriptedBackend(_step(READ, answer(503)))
    with pytest.raises(PanelError, match="the next attempt would exceed retry_budget=0 seconds"):
        toy_session(backend, clock, budget_s=0).call("read", path={"thing": 1})


def test_pauses_double_up_to_the_maximum(clock):
    backoff = Backoff(RetryPolicy(retries=9, budget_s=1000), clock, jitter=lambda: 1.0)
    for attempt in range(9):
        assert backoff.pause(attempt) is None
    assert clock.sleeps == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert backoff.retried == 9
    assert backoff.waited_s == sum(clock.sleeps)


def test_a_task_that_is_to_stop_sends_nothing_again(clock):
    backend = ScriptedBackend(_step(READ, answer(503)))
    session = toy_session(backend, clock)
    session.backoff = Backoff(RetryPolicy(), clock, stopping=lambda: True)
    with pytest.raises(PanelError, match="the task must end, so nothing is sent again"):
        session.call("read", path={"thing": 1})
    assert clock.sleeps == []


def test_a_wait_ends_as_soon_as_the_task_is_to_stop(clock):
    policy = RetryPolicy(first_s=30, longest_s=30)
    backoff = Backoff(policy, clock, jitter=lambda: 1.0, stopping=lambda: len(clock.sleeps) > 2)
    assert "the task must end" in str(backoff.pause(0))
    assert (sum(clock.sleeps), backoff.retried) == (1.5, 0)
    assert backoff.sibling().exhausted(0) == backoff.exhausted(0)


def test_a_wait_that_nobody_ends_has_its_length(clock):
    backoff = Backoff(RetryPolicy(), clock, jitter=lambda: 1.0, stopping=lambda: False)
    assert backoff.wait(1.2, asked=True) is None
    assert sum(clock.sleeps) == pytest.approx(1.2)


@given(
    attempt=st.integers(0, 20),
    jitter=st.floats(0, 1),
    retry_after_s=st.none() | st.floats(0, 500),
    budget=st.floats(0, 200),
)
def test_a_pause_keeps_to_its_bounds(attempt, jitter, retry_after_s, budget):
    clock = FakeClock()
    policy = RetryPolicy(retries=15, budget_s=budget)
    ended = Backoff(policy, clock, jitter=lambda: jitter).pause(attempt, retry_after_s)
    if ended:
        assert clock.sleeps == []
        return
    (slept,) = clock.sleeps
    assert attempt < policy.retries
    assert slept <= budget
    if retry_after_s is not None:
        assert slept == retry_after_s
    else:
        whole = min(policy.longest_s, policy.first_s * 2**attempt)
        assert whole / 2 <= slept <= whole


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        ("17", 17.0),
        (" 17 ", 17.0),
        ("Tue, 14 Nov 2023 22:13:50 GMT", 30.0),
        ("Tue, 14 Nov 2023 22:13:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("Tue, 99 Nov 2023 22:13:50 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_or_nothing(value, seconds, clock: FakeClock):
    # The fake clock stands at 2023-11-14 22:13:20 UTC.
    assert retry_after(value, clock) == seconds


@given(st.text())
def test_retry_after_takes_any_text(value):
    seconds = retry_after(value, FakeClock())
    assert seconds is None or seconds >= 0


def test_an_invalid_retry_after_uses_the_backoff(clock):
    backend = ScriptedBackend(
        _step(SET, answer(429, retry_after="soon")), _step(SET, answer(200, {}))
    )
    toy_session(backend, clock).call("set", path={"thing": 1})
    assert clock.sleeps == [0.5]


def test_retry_after_on_another_status_is_ignored(clock):
    backend = ScriptedBackend(_step(READ, answer(404, "gone", retry_after="5")))
    with pytest.raises(PanelError):
        toy_session(backend, clock).call("read", path={"thing": 1})
    assert clock.sleeps == []
