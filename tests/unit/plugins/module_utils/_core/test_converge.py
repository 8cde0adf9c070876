# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The convergence loop, with an object whose panel does as a test says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.changes import (
    Comparison,
    Reply,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.converge import (
    Converged,
    Resource,
    apply_each,
    converge,
    execute,
    in_turn,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.retry import (
    Backoff,
    RetryPolicy,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.things import (
    KEEPS,
    KEEPS_AND_SAYS,
    NEW,
    OLD,
    SCHEMA,
    TAKES,
    Thing,
    converge_thing,
    fail_thing,
    lost_after,
    lost_before,
    refused,
)

STATES = st.fixed_dictionaries(
    {
        "size": st.none() | st.integers(0, 3),
        "disk": st.integers(0, 3),
        "tags": st.lists(st.integers(0, 2), max_size=3, unique=True),
    }
)
WISHES = st.fixed_dictionaries(
    {},
    optional={
        "size": st.none() | st.integers(0, 3),
        "disk": st.integers(0, 3),
        "tags": st.lists(st.integers(0, 2), max_size=3, unique=True),
    },
)
BEHAVIOURS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(SCHEMA, st.sampled_from([TAKES, KEEPS, KEEPS_AND_SAYS]))
)


def _same(state: dict[str, Any], name: str, desired: Any) -> bool:
    """Whether nothing can be done about a field, written down a second time."""
    have = state[name]
    if name == "tags":
        return set(have) == set(desired)
    return have >= desired if name == "disk" else have == desired


# --- properties ------------------------------------------------------------------------------


@given(STATES, WISHES)
def test_check_mode_predicts_what_a_willing_panel_does(state, desired):
    real, dry = Thing(state, desired), Thing(state, desired)
    assert converge_thing(dry, check_mode=True) == converge_thing(real)
    assert dry.writes == 0
    assert dry.state == state


@given(STATES, WISHES, BEHAVIOURS)
def test_nothing_is_written_where_nothing_differs(state, desired, behaviour):
    thing = Thing(state, desired, behaviour)
    result = converge_thing(thing)
    nothing = all(_same(state, name, value) for name, value in desired.items())
    assert thing.writes == (0 if nothing else 1)
    if nothing:
        assert result["changed"] is False
        assert thing.state == state


@given(STATES, WISHES, BEHAVIOURS)
def test_changed_means_that_something_is_different_now(state, desired, behaviour):
    thing = Thing(state, desired, behaviour)
    result = converge_thing(thing)
    moved = {name: value for name, value in thing.state.items() if value != state[name]}
    assert result["changed"] is bool(moved)
    assert result["diff"]["after"] == moved
    assert result["diff"]["before"] == {name: state[name] for name in moved}


@given(STATES, WISHES, BEHAVIOURS)
def test_a_real_run_never_changes_what_check_mode_did_not_predict(state, desired, behaviour):
    predicted = converge_thing(Thing(state, desired), check_mode=True)
    real = converge_thing(Thing(state, desired, behaviour))
    assert set(real["diff"]["after"]) <= set(predicted["diff"]["after"])
    assert predicted["changed"] or not real["changed"]


@given(STATES, WISHES)
def test_a_second_run_changes_nothing(state, desired):
    thing = Thing(state, desired)
    converge_thing(thing)
    writes = thing.writes
    assert converge_thing(thing)["changed"] is False
    assert thing.writes == writes


@given(STATES, WISHES, BEHAVIOURS)
def test_each_field_that_is_wanted_has_one_row(state, desired, behaviour):
    thing = Thing(state, desired, behaviour)
    result = converge_thing(thing)
    assert [row["field"] for row in result["changes"]] == list(desired)
    for row in result["changes"]:
        differs = not _same(thing.state, row["field"], row["desired"]) or (
            row["field"] == "disk" and thing.state["disk"] > row["desired"]
        )
        assert (row["outcome"] == "refused") is differs
        assert row["after"] == thing.state[row["field"]]


@given(
    STATES,
    WISHES,
    st.lists(st.sampled_from([lost_before, lost_after]), max_size=4),
)
def test_a_lost_write_ends_in_the_same_state_and_result(state, desired, faults):
    smooth = Thing(state, desired)
    rough = Thing(state, desired, faults=list(faults))
    assert converge_thing(rough, retries=9, budget_s=999) == converge_thing(smooth)
    assert rough.state == smooth.state


# --- one by one ------------------------------------------------------------------------------


def test_the_result_has_its_keys_and_the_resources_own():
    result = converge_thing(Thing(OLD, NEW))
    assert set(result) == {"changed", "thing", "changes", "refused", "diff", "own"}
    assert result["thing"] == NEW


def test_only_what_is_wanted_is_touched():
    thing = Thing(OLD, {"size": 2})
    converge_thing(thing)
    assert thing.state == {**OLD, "size": 2}


@pytest.mark.parametrize("check_mode", [False, True])
def test_what_must_not_be_done_is_refused_in_check_mode_too(check_mode):
    thing = Thing(OLD, NEW)
    thing.permitted = False
    with pytest.raises(PanelError, match="not permitted"):
        converge_thing(thing, check_mode=check_mode)
    assert thing.writes == 0


def test_nobody_asks_for_permission_to_do_nothing():
    thing = Thing(OLD, OLD)
    thing.permitted = False
    assert converge_thing(thing)["changed"] is False


@pytest.mark.parametrize(("fault", "writes"), [(lost_after, 1), (lost_before, 2)])
def test_a_lost_write_is_sent_again_only_if_it_did_nothing(fault, writes):
    thing = Thing(OLD, NEW, faults=[fault])
    assert converge_thing(thing)["changed"] is True
    assert thing.writes == writes


def test_what_a_lost_write_did_is_this_tasks_even_if_the_panel_calls_it_a_match():
    def half(_take: Callable[[], None]) -> None:
        thing.state["size"] = 2
        lost_before(_take)

    thing = Thing(OLD, NEW, faults=[half])
    result = converge_thing(thing)
    assert {row["outcome"] for row in result["changes"]} == {"changed"}
    assert thing.writes == 2


def test_a_write_that_is_lost_for_ever_is_known_not_to_have_happened():
    error = fail_thing(Thing(OLD, NEW, faults=[lost_before] * 9), retries=2)
    assert (error.uncertain, error.partial) == (False, False)
    assert "3 attempts were made" in error.msg


def test_a_lost_write_that_cannot_be_looked_after_is_uncertain():
    thing = Thing(OLD, NEW, faults=[lost_after])
    thing.unreadable_from = 2
    error = fail_thing(thing)
    assert error.uncertain is True
    assert error.code.value == "transport"
    assert "the second read failed too: not now" in error.msg
    assert thing.writes == 1


def test_a_refused_write_changes_nothing():
    error = fail_thing(Thing(OLD, NEW, faults=[refused]))
    assert (error.uncertain, error.partial, error.result) == (False, False, {})


def test_a_read_back_that_fails_leaves_a_change_that_nobody_has_seen():
    thing = Thing(OLD, NEW)
    thing.unreadable_from = 2
    error = fail_thing(thing)
    assert (error.partial, error.uncertain) == (True, True)
    assert "the panel accepted the change, only the second read failed" in error.msg


def test_a_conclusion_that_fails_keeps_what_was_done():
    class Picky(Thing):
        def conclude(self, converged: Converged) -> dict[str, Any]:
            raise PanelError(Code.REFUSED, "not enough", result={"own": False})

    error = fail_thing(Picky(OLD, NEW))
    assert error.partial is True
    assert error.result["changed"] is True
    assert error.result["diff"]["after"] == NEW
    assert error.result["own"] is False


def test_a_conclusion_that_fails_in_check_mode_did_nothing():
    class Picky(Thing):
        def conclude(self, converged: Converged) -> dict[str, Any]:
            raise PanelError(Code.REFUSED, "not enough")

    with pytest.raises(PanelError) as caught:
        converge_thing(Picky(OLD, NEW), check_mode=True)
    assert caught.value.partial is False


def test_fields_can_be_written_one_by_one():
    written: list[tuple[str, Any]] = []
    comparison = Comparison.between(SCHEMA, OLD, {**NEW, "disk": 40})
    writers = {
        name: lambda value, name=name: written.append((name, value))
        for name in ("tags", "size", "disk")
    }
    assert apply_each(comparison, writers) == Reply()
    assert written == [("tags", [2]), ("size", 2)]


@pytest.mark.parametrize(("first", "partial"), [("size", False), ("disk", True)])
def test_a_failure_between_two_fields_is_partial(first, partial):
    class Stubborn(Thing):
        def apply(self, comparison: Comparison) -> Reply:
            def refuse(_value: Any) -> None:
                raise PanelError(Code.VALIDATION, "too much")

            def take(value: Any) -> None:
                self.state["disk"] = value

            order = {"size": refuse, "disk": take}
            return apply_each(
                comparison, dict(sorted(order.items(), key=lambda item: item[0] != first))
            )

    error = fail_thing(Stubborn(OLD, {"size": 2, "disk": 80}))
    assert error.partial is partial
    if partial:
        rows = {row["field"]: row["outcome"] for row in error.result["changes"]}
        assert rows == {"size": "unchanged", "disk": "changed"}
        assert error.result["diff"]["after"] == {"disk": 80}
    else:
        assert "changes" not in error.result


def test_a_failure_between_two_fields_is_partial_even_if_nobody_can_look():
    class Stubborn(Thing):
        def apply(self, comparison: Comparison) -> Reply:
            self.unreadable_from = self.reads + 1
            raise PanelError(Code.VALIDATION, "too much", partial=True)

    error = fail_thing(Stubborn(OLD, NEW))
    assert (error.partial, error.result) == (True, {})
    assert error.message == "too much"


# --- several writes that make one change ------------------------------------------------------


def _conflict() -> None:
    raise PanelError(Code.CONFLICT, "no")


def test_writes_are_carried_out_in_their_order():
    seen: list[int] = []
    in_turn(lambda: seen.append(1), lambda: seen.append(2))
    assert seen == [1, 2]


def test_nothing_to_do_is_fine():
    in_turn()


@pytest.mark.parametrize("before", [0, 1, 2])
def test_a_failure_is_partial_only_after_a_write(before):
    seen: list[int] = []
    writes = [lambda: seen.append(1)] * before
    with pytest.raises(PanelError) as caught:
        in_turn(*writes, _conflict, lambda: seen.append(9))
    assert caught.value.partial is (before > 0)
    assert len(seen) == before


def test_what_was_partial_stays_so():
    def half_done() -> None:
        raise PanelError(Code.CONFLICT, "no", partial=True)

    with pytest.raises(PanelError) as caught:
        in_turn(half_done)
    assert caught.value.partial is True


@pytest.mark.parametrize(
    ("does", "unconfirmed"), [(TAKES, ()), (KEEPS, ("size",)), (KEEPS_AND_SAYS, ())]
)
def test_a_field_that_neither_changes_nor_is_reported_is_unconfirmed(does, unconfirmed):
    thing = Thing({"size": 1, "disk": 1, "tags": []}, {"size": 2}, {"size": does})
    backoff = Backoff(RetryPolicy(), FakeClock())
    assert execute(thing, check_mode=False, backoff=backoff).unconfirmed == unconfirmed


@pytest.mark.parametrize(("does", "state"), [(KEEPS, "unknown"), (KEEPS_AND_SAYS, "known")])
def test_a_refusal_that_the_panel_does_not_report_leaves_the_state_unknown(does, state):
    class Strict(Thing):
        conclude = Resource.conclude

    thing = Strict({"size": 1, "disk": 1, "tags": []}, {"size": 2}, {"size": does})
    with pytest.raises(PanelError) as caught:
        converge(thing, check_mode=False, backoff=Backoff(RetryPolicy(), FakeClock()))
    assert caught.value.failure()["state"] == state
