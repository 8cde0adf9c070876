# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a refusal means: the loop reads again before it believes one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.converge import (
    View,
    apply_each,
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

# --- refusals that may mean that it is so already ----------------------------------------------

MAY_BE_SO = [Code.CONFLICT, Code.REFUSED, Code.VALIDATION, Code.NOT_FOUND]


def _no(code: Code, **attributes: Any) -> Callable[[Callable[[], None]], None]:
    def refuse(_take: Callable[[], None]) -> None:
        raise PanelError(code, "already so", operation="set_thing", **attributes)

    return refuse


def _somebody_was_quicker(code: Code) -> Callable[[Callable[[], None]], None]:
    def refuse(take: Callable[[], None]) -> None:
        take()
        _no(code)(take)

    return refuse


@pytest.mark.parametrize("code", MAY_BE_SO)
def test_after_a_refusal_a_state_that_is_there_is_unchanged(code):
    thing = Thing(OLD, NEW, faults=[_somebody_was_quicker(code)])
    result = converge_thing(thing)
    assert (result["changed"], thing.writes) == (False, 1)
    assert {row["outcome"] for row in result["changes"]} == {"unchanged"}
    assert {row["message"] for row in result["changes"]} == {"already so"}


@pytest.mark.parametrize("code", MAY_BE_SO)
def test_a_refusal_after_a_lost_write_is_that_writes_own_doing(code):
    thing = Thing(OLD, NEW, faults=[lost_before, _somebody_was_quicker(code)])
    assert converge_thing(thing)["changed"] is True


@pytest.mark.parametrize("code", Code)
def test_a_refusal_stands_where_the_state_is_not_there(code):
    thing = Thing(OLD, NEW, faults=[_no(code)])
    error = fail_thing(thing)
    assert (error.code, error.message, thing.writes) == (code, "already so", 1)


@pytest.mark.parametrize("code", sorted(set(Code) - set(MAY_BE_SO)))
def test_other_failures_are_not_believed_to_be_harmless(code):
    assert fail_thing(Thing(OLD, NEW, faults=[_somebody_was_quicker(code)])).code is code


@pytest.mark.parametrize(
    "refusal", [_no(Code.NOT_FOUND, foreign=True), _no(Code.CONFLICT, uncertain=True)]
)
def test_a_404_from_somewhere_else_and_an_unknown_effect_are_no_such_refusal(refusal):
    thing = Thing(OLD, NEW, faults=[refusal])
    fail_thing(thing)
    assert thing.reads == 1


def test_a_refusal_that_nobody_can_look_into_stands():
    thing = Thing(OLD, NEW, faults=[_no(Code.CONFLICT)])
    thing.unreadable_from = 2
    assert fail_thing(thing).code is Code.CONFLICT


def test_fields_that_were_written_before_the_refusal_are_changed():
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


# --- answers that report success and failure at once -------------------------------------------


def _half(_take: Callable[[], None]) -> None:
    error = UncertainWrite(Code.REFUSED, "the node did not respond", uncertain=True)
    error.resend = False
    raise error


def _half_after(take: Callable[[], None]) -> None:
    take()
    _half(take)


def test_a_change_that_shows_in_spite_of_an_error_is_reported_with_a_warning():
    thing = Thing(OLD, NEW, faults=[_half_after])
    result = converge_thing(thing)
    assert (result["changed"], thing.writes) == (True, 1)
    (warning,) = result["warnings"]
    assert "the node did not respond" in warning


def test_a_change_that_does_not_show_is_in_doubt_and_not_sent_again():
    thing = Thing(OLD, NEW, faults=[_half])
    error = fail_thing(thing)
    assert (error.uncertain, error.partial, thing.writes) == (True, False, 1)
    assert "the panel does not show the change" in error.msg
    assert error.to_result()["changes"]


def test_a_change_that_shows_late_is_waited_for():
    class Late(Thing):
        def read(self) -> View:
            if self.reads == 2:
                self.state.update(NEW)
            return super().read()

    assert converge_thing(Late(OLD, NEW, faults=[_half], settle_s=10))["changed"] is True
