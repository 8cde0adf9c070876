# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the convergence loop with an object in memory."""

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
    ACCEPTS,
    IGNORES,
    NEW,
    OLD,
    REPORTS,
    SCHEMA,
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
DESIRED = st.fixed_dictionaries(
    {},
    optional={
        "size": st.none() | st.integers(0, 3),
        "disk": st.integers(0, 3),
        "tags": st.lists(st.integers(0, 2), max_size=3, unique=True),
    },
)
BEHAVIOURS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(SCHEMA, st.sampled_from([ACCEPTS, IGNORES, REPORTS]))
)


def _same(state: dict[str, Any], name: str, desired: Any) -> bool:
    """Return whether a field needs no write. This restates the rule of the code."""
    have = state[name]
    if name == "tags":
        return set(have) == set(desired)
    return have >= desired if name == "disk" else have == desired


# --- properties ------------------------------------------------------------------------------


@given(STATES, DESIRED)
def test_check_mode_predicts_the_result_if_the_panel_accepts_everything(state, desired):
    real, dry = Thing(state, desired), Thing(state, desired)
    assert converge_thing(dry, check_mode=True) == converge_thing(real)
    assert dry.writes == 0
    assert dry.state == state


@given(STATES, DESIRED, BEHAVIOURS)
def test_nothing_is_written_without_a_difference(state, desired, behaviour):
    thing = Thing(state, desired, behaviour)
    result = converge_thing(thing)
    nothing = all(_same(state, name, value) for name, value in desired.items())
    assert thing.writes == (0 if nothing else 1)
    if nothing:
        assert result["changed"] is False
        assert thing.state == state


@given(STATES, DESIRED, BEHAVIOURS)
def test_changed_means_that_a_value_differs_after_the_run(state, desired, behaviour):
    thing = Thing(state, desired, behaviour)
    result = converge_thing(thing)
    moved = {name: value for name, value in thing.state.items() if value != state[name]}
    assert result["changed"] is bool(moved)
    assert result["diff"]["after"] == moved
    assert result["diff"]["before"] == {name: state[name] for name in moved}


@given(STATES, DESIRED, BEHAVIOURS)
def test_a_run_only_changes_fields_that_check_mode_predicted(state, desired, behaviour):
    predicted = converge_thing(Thing(state, desired), check_mode=True)
    real = converge_thing(Thing(state, desired, behaviour))
    assert set(real["diff"]["after"]) <= set(predicted["diff"]["after"])
    assert predicted["changed"] or not real["changed"]


@given(STATES, DESIRED)
def test_a_second_run_changes_nothing(state, desired):
    thing = Thing(state, desired)
    converge_thing(thing)
    writes = thing.writes
    assert converge_thing(thing)["changed"] is False
    assert thing.writes == writes


@given(STATES, DESIRED, BEHAVIOURS)
def test_each_desired_field_has_one_row(state, desired, behaviour):
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
    DESIRED,
    st.lists(st.sampled_from([lost_before, lost_after]), max_size=4),
)
def test_a_lost_write_ends_in_the_same_state_and_result(state, desired, faults):
    smooth = Thing(state, desired)
    rough = Thing(state, desired, faults=list(faults))
    assert converge_thing(rough, retries=9, budget_s=999) == converge_thing(smooth)
    assert rough.state == smooth.state


# --- single cases ----------------------------------------------------------------------------


def test_the_result_has_the_common_and_the_resources_keys():
    result = converge_thing(Thing(OLD, NEW))
    assert set(result) == {"changed", "thing", "changes", "refused", "diff", "own"}
    assert result["thing"] == NEW


def test_only_desired_fields_are_written():
    thing = Thing(OLD, {"size": 2})
    converge_thing(thing)
    assert thing.state == {**OLD, "size": 2}


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_forbidden_change_is_refused_in_check_mode_too(check_mode):
    thing = Thing(OLD, NEW)
    thing.permitted = False
    with pytest.raises(PanelError, match="not permitted"):
        converge_thing(thing, check_mode=check_mode)
    assert thing.writes == 0


def test_no_permission_is_needed_without_a_change():
    thing = Thing(OLD, OLD)
    thing.permitted = False
    assert converge_thing(thing)["changed"] is False


@pytest.mark.parametrize(("fault", "writes"), [(lost_after, 1), (lost_before, 2)])
def test_a_lost_write_is_repeated_only_if_it_had_no_effect(fault, writes):
    thing = Thing(OLD, NEW, faults=[fault])
    assert converge_thing(thing)["changed"] is True
    assert thing.writes == writes


def test_the_effect_of_a_lost_write_counts_as_a_change():
    def half(_take: Callable[[], None]) -> None:
        thing.state["size"] = 2
        lost_before(_take)

    thing = Thing(OLD, NEW, faults=[half])
    result = converge_thing(thing)
    assert {row["outcome"] for row in result["changes"]} == {"changed"}
    assert thing.writes == 2


def test_a_lost_write_without_visible_effect_may_still_take_effect():
    error = fail_thing(Thing(OLD, NEW, faults=[lost_before] * 9), retries=2)
    assert (error.uncertain, error.partial) == (True, False)
    assert "3 attempts were made" in error.msg
    assert "the panel does not show the change, and may still make it" in error.msg


def test_a_lost_write_may_still_take_effect_if_its_repetition_is_refused():
    def locked(_take):
        raise PanelError(Code.LOCKED, "it is busy", action="change it")

    error = fail_thing(Thing(OLD, NEW, faults=[lost_before, locked]), retries=2)
    assert (error.code, error.uncertain) == (Code.LOCKED, True)
    assert "may still make it" in error.msg


def test_a_refused_write_without_a_lost_one_is_certain():
    def locked(_take):
        raise PanelError(Code.LOCKED, "it is busy", action="change it")

    assert fail_thing(Thing(OLD, NEW, faults=[locked])).uncertain is False


def test_a_lost_write_is_uncertain_if_the_read_fails():
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


def test_an_accepted_write_is_uncertain_if_the_read_fails():
    thing = Thing(OLD, NEW)
    thing.unreadable_from = 2
    error = fail_thing(thing)
    assert (error.partial, error.uncertain) == (True, True)
    assert "the panel accepted the change, only the second read failed" in error.msg


def test_a_failed_conclusion_reports_the_change():
    class Picky(Thing):
        def conclude(self, converged: Converged) -> dict[str, Any]:
            raise PanelError(Code.REFUSED, "not enough", result={"own": False})

    error = fail_thing(Picky(OLD, NEW))
    assert error.partial is True
    assert error.result["changed"] is True
    assert error.result["diff"]["after"] == NEW
    assert error.result["own"] is False


def test_a_failed_conclusion_in_check_mode_is_not_partial():
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
            def reject(_value: Any) -> None:
                raise PanelError(Code.VALIDATION, "too much")

            def take(value: Any) -> None:
                self.state["disk"] = value

            order = {"size": reject, "disk": take}
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


def test_a_failure_between_two_fields_is_partial_even_if_the_read_fails():
    class Stubborn(Thing):
        def apply(self, comparison: Comparison) -> Reply:
            self.unreadable_from = self.reads + 1
            raise PanelError(Code.VALIDATION, "too much", partial=True)

    error = fail_thing(Stubborn(OLD, NEW))
    assert (error.partial, error.result) == (True, {})
    assert error.message == "too much"


# --- several writes of one change -------------------------------------------------------------


def _conflict() -> None:
    raise PanelError(Code.CONFLICT, "no")


def test_writes_run_in_order():
    seen: list[int] = []
    in_turn(lambda: seen.append(1), lambda: seen.append(2))
    assert seen == [1, 2]


def test_no_writes_are_fine():
    in_turn()


@pytest.mark.parametrize("before", [0, 1, 2])
def test_a_failure_is_partial_only_after_a_write(before):
    seen: list[int] = []
    writes = [lambda: seen.append(1)] * before
    with pytest.raises(PanelError) as caught:
        in_turn(*writes, _conflict, lambda: seen.append(9))
    assert caught.value.partial is (before > 0)
    assert len(seen) == before


def test_a_partial_failure_stays_partial():
    def half_done() -> None:
        raise PanelError(Code.CONFLICT, "no", partial=True)

    with pytest.raises(PanelError) as caught:
        in_turn(half_done)
    assert caught.value.partial is True


@pytest.mark.parametrize(
    ("does", "unconfirmed"), [(ACCEPTS, ()), (IGNORES, ("size",)), (REPORTS, ())]
)
def test_a_field_that_neither_changes_nor_is_reported_is_unconfirmed(does, unconfirmed):
    thing = Thing({"size": 1, "disk": 1, "tags": []}, {"size": 2}, {"size": does})
    backoff = Backoff(RetryPolicy(), FakeClock())
    assert execute(thing, check_mode=False, backoff=backoff).unconfirmed == unconfirmed


@pytest.mark.parametrize(("does", "state"), [(IGNORES, "unknown"), (REPORTS, "known")])
def test_an_unreported_refusal_leaves_the_state_unknown(does, state):
    class Strict(Thing):
        conclude = Resource.conclude

    thing = Strict({"size": 1, "disk": 1, "tags": []}, {"size": 2}, {"size": does})
    with pytest.raises(PanelError) as caught:
        converge(thing, check_mode=False, backoff=Backoff(RetryPolicy(), FakeClock()))
    assert caught.value.failure()["state"] == state
