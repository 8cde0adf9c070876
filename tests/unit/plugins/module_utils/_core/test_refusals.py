# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that the convergence loop reads again after a refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.converge import (
    View,
    apply_each,
    in_turn,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.session import UncertainWrite
from ansible_collections.vpsfleet.panels.tests.unit.support.things import (
    NEW,
    OLD,
    Thing,
    converge_thing,
    fail_thing,
    lost_before,
)

# --- refusals of a state that exists already ---------------------------------------------------

MAY_BE_SO = [Code.CONFLICT, Code.REFUSED, Code.VALIDATION, Code.NOT_FOUND]


def _no(code: Code, **attributes: Any) -> Callable[[Callable[[], None]], None]:
    def refuse(_take: Callable[[], None]) -> None:
        raise PanelError(code, "already so", operation="set_thing", **attributes)

    return refuse


def _changed_by_another_client(code: Code) -> Callable[[Callable[[], None]], None]:
    def refuse(take: Callable[[], None]) -> None:
        take()
        _no(code)(take)

    return refuse


@pytest.mark.parametrize("code", MAY_BE_SO)
def test_a_refusal_of_an_existing_state_is_unchanged(code):
    thing = Thing(OLD, NEW, faults=[_changed_by_another_client(code)])
    result = converge_thing(thing)
    assert (result["changed"], thing.writes) == (False, 1)
    assert {row["outcome"] for row in result["changes"]} == {"unchanged"}
    assert {row["message"] for row in result["changes"]} == {"already so"}


class Saving(Thing):
    """A thing of a panel that may save what it refuses."""

    refusals_may_save = True


def test_a_change_that_the_panel_may_have_saved_despite_its_refusal_is_changed():
    thing = Saving(OLD, NEW, faults=[_changed_by_another_client(Code.REFUSED)])
    result = converge_thing(thing)
    assert (result["changed"], thing.writes) == (True, 1)
    assert {row["outcome"] for row in result["changes"]} == {"changed"}
    (warning,) = result["warnings"]
    assert warning.endswith(": the panel shows the change, but it also reported: already so")


def test_a_refusal_with_a_known_reason_saves_nothing():
    thing = Saving(OLD, NEW, faults=[_changed_by_another_client(Code.CONFLICT)])
    assert converge_thing(thing)["changed"] is False


def test_a_change_saved_in_part_despite_a_refusal_is_partial():
    thing = Saving(OLD, NEW)

    def save_one(_comparison: Any) -> None:
        thing.state["size"] = NEW["size"]
        raise PanelError(Code.REFUSED, "no", operation="set_thing")

    thing.apply = save_one  # type: ignore[method-assign]
    error = fail_thing(thing)
    assert (error.partial, error.result["changed"]) == (True, True)
    assert {row["field"] for row in error.result["changes"] if row["outcome"] == "changed"} == {
        "size"
    }


@pytest.mark.parametrize("code", MAY_BE_SO)
def test_a_refusal_after_a_lost_write_counts_as_its_effect(code):
    thing = Thing(OLD, NEW, faults=[lost_before, _changed_by_another_client(code)])
    assert converge_thing(thing)["changed"] is True


@pytest.mark.parametrize("code", Code)
def test_a_refusal_without_the_state_is_an_error(code):
    thing = Thing(OLD, NEW, faults=[_no(code)])
    error = fail_thing(thing)
    assert (error.code, error.message, thing.writes) == (code, "already so", 1)


@pytest.mark.parametrize("code", sorted(set(Code) - set(MAY_BE_SO)))
def test_other_failures_are_errors(code):
    assert fail_thing(Thing(OLD, NEW, faults=[_changed_by_another_client(code)])).code is code


@pytest.mark.parametrize(
    "refusal", [_no(Code.NOT_FOUND, foreign=True), _no(Code.CONFLICT, uncertain=True)]
)
def test_a_foreign_404_and_an_unknown_effect_are_errors(refusal):
    thing = Thing(OLD, NEW, faults=[refusal])
    fail_thing(thing)
    assert thing.reads == 1


def test_a_refusal_is_an_error_if_the_read_fails():
    thing = Thing(OLD, NEW, faults=[_no(Code.CONFLICT)])
    thing.unreadable_from = 2
    assert fail_thing(thing).code is Code.CONFLICT


def test_fields_written_before_the_refusal_are_changed():
    names = ["size", "disk"]
    thing = Thing(OLD, {name: NEW[name] for name in names})

    def write(value: Any) -> None:
        thing.state[names[0]] = value

    def conflict(value: Any) -> None:
        thing.state[names[1]] = value
        raise PanelError(Code.CONFLICT, "already so", operation="set_thing")

    writers = {names[0]: write, names[1]: conflict}
    thing.apply = lambda comparison: apply_each(comparison, writers)  # type: ignore[method-assign]
    result = converge_thing(thing)
    found = {row["field"]: row["outcome"] for row in result["changes"]}
    assert (result["changed"], found) == (True, {names[0]: "changed", names[1]: "unchanged"})


@pytest.mark.parametrize("each", [False, True], ids=["one field", "each field"])
def test_a_field_written_in_part_before_the_refusal_is_changed(each):
    thing = Thing(OLD, {"size": NEW["size"]})

    def conflict() -> None:
        thing.state["size"] = NEW["size"]
        raise PanelError(Code.CONFLICT, "already so", operation="set_thing")

    def write(_value: Any) -> None:
        in_turn(list, conflict)

    thing.apply = lambda comparison: (  # type: ignore[method-assign]
        apply_each(comparison, {"size": write}) if each else write(None)
    )
    assert converge_thing(thing)["changed"] is True


# --- responses that report success and failure -------------------------------------------------


def _half(_take: Callable[[], None]) -> None:
    error = UncertainWrite(Code.REFUSED, "the node did not respond", uncertain=True)
    error.resend = False
    raise error


def _half_after(take: Callable[[], None]) -> None:
    take()
    _half(take)


def test_a_visible_change_despite_an_error_is_a_warning():
    thing = Thing(OLD, NEW, faults=[_half_after])
    result = converge_thing(thing)
    assert (result["changed"], thing.writes) == (True, 1)
    (warning,) = result["warnings"]
    assert "the node did not respond" in warning


def test_an_invisible_change_is_uncertain_and_not_repeated():
    thing = Thing(OLD, NEW, faults=[_half])
    error = fail_thing(thing)
    assert (error.uncertain, error.partial, thing.writes) == (True, False, 1)
    assert "the panel does not show the change" in error.msg
    assert error.to_result()["changes"]


def test_a_delayed_change_is_waited_for():
    class Late(Thing):
        def read(self) -> View:
            if self.reads == 2:
                self.state.update(NEW)
            return super().read()

    assert converge_thing(Late(OLD, NEW, faults=[_half], settle_s=10))["changed"] is True
