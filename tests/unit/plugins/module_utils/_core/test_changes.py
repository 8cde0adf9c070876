# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test planned changes and their outcomes."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.changes import (
    Change,
    Comparison,
    FieldOutcome,
    Reply,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.fields import (
    Compare,
    Field,
    Schema,
    integer,
)

CHANGED, UNCHANGED, REFUSED = FieldOutcome.CHANGED, FieldOutcome.UNCHANGED, FieldOutcome.REFUSED

MEMORY = Field("memory", "memory", integer, "MB")
DISK = Field("disk", "disk", integer, "GB", Compare.AT_LEAST, why_not="disks only grow")
SCHEMA = Schema(MEMORY, DISK)


@pytest.mark.parametrize(
    ("field", "before", "desired", "outcome", "after", "message"),
    [
        (MEMORY, 1, 2, CHANGED, 2, None),
        (MEMORY, 2, 2, UNCHANGED, 2, None),
        (MEMORY, None, 2, CHANGED, 2, None),
        (MEMORY, 2, None, CHANGED, None, None),
        (DISK, 40, 80, CHANGED, 80, None),
        (DISK, 40, 40, UNCHANGED, 40, None),
        (DISK, 80, 40, REFUSED, 80, "disks only grow"),
        (DISK, None, 40, CHANGED, 40, None),
    ],
)
def test_a_planned_change_predicts_its_outcome(field, before, desired, outcome, after, message):
    change = Change.planned(field, before, desired)
    assert (change.outcome, change.after, change.message) == (outcome, after, message)


NO_MESSAGE = "the panel accepted the change but does not show it"


@pytest.mark.parametrize(
    ("field", "before", "desired", "after", "line", "outcome", "message"),
    [
        (MEMORY, 1, 2, 2, None, CHANGED, None),
        (MEMORY, 1, 2, 1, None, REFUSED, NO_MESSAGE),
        (MEMORY, 1, 2, 1, "not updated", REFUSED, "not updated"),
        (MEMORY, 1, 2, 2, "not updated", UNCHANGED, "not updated"),
        (MEMORY, 1, 2, 3, None, REFUSED, NO_MESSAGE),
        (MEMORY, 2, 2, 2, None, UNCHANGED, None),
        (MEMORY, 2, 2, 2, "not updated", UNCHANGED, "not updated"),
        (MEMORY, 2, 2, 1, None, REFUSED, NO_MESSAGE),
        (DISK, 40, 80, 80, None, CHANGED, None),
        (DISK, 40, 80, 40, None, REFUSED, NO_MESSAGE),
        (DISK, 80, 40, 80, None, REFUSED, "disks only grow"),
        (DISK, 80, 40, 80, "not updated", REFUSED, "not updated"),
    ],
)
def test_the_value_after_a_change_decides_its_outcome(
    field, before, desired, after, line, outcome, message
):
    change = Change.planned(field, before, desired).judged(after, line)
    assert (change.outcome, change.after, change.message) == (outcome, after, message)
    assert (change.before, change.desired) == (before, desired)


@pytest.mark.parametrize(
    ("before", "desired", "after", "outcome"),
    [
        (1, 2, 2, CHANGED),
        (1, 2, 1, UNCHANGED),
        (2, 2, 2, UNCHANGED),
        (2, 2, 1, REFUSED),
        (2, 2, None, UNCHANGED),
    ],
)
def test_an_interrupted_change_reports_the_current_value(before, desired, after, outcome):
    change = Change.planned(MEMORY, before, desired).stopped(after)
    assert (change.outcome, change.after) == (outcome, after)


def test_a_row_has_all_its_keys():
    row = Change.planned(MEMORY, 1, 2).to_result()
    assert row == {
        "field": "memory",
        "unit": "MB",
        "before": 1,
        "desired": 2,
        "after": 2,
        "outcome": "changed",
        "message": None,
    }
    assert not isinstance(row["outcome"], FieldOutcome)  # a plain string, for JSON and YAML


def test_a_field_without_a_unit_has_a_null_unit():
    field = Field("plan", "plan", integer)
    assert Change.planned(field, 1, 1).to_result()["unit"] is None


def _comparison(memory: tuple[int, int], disk: tuple[int, int]) -> Comparison:
    before = {"memory": memory[0], "disk": disk[0], "other": 1}
    return Comparison.between(SCHEMA, before, {"memory": memory[1], "disk": disk[1]})


def test_only_desired_fields_are_compared():
    comparison = Comparison.between(SCHEMA, {"memory": 1, "disk": 1}, {"disk": 1})
    assert [change.field.name for change in comparison.changes] == ["disk"]
    assert comparison.changed is False


def test_a_refused_field_alone_is_not_a_change():
    comparison = _comparison((1, 1), (80, 40))
    assert comparison.changed is False
    assert comparison.diff() == {"before": {}, "after": {}}
    assert [change.field.name for change in comparison.with_outcome(REFUSED)] == ["disk"]


def test_the_diff_contains_only_changed_fields():
    assert _comparison((1, 2), (80, 40)).diff() == {"before": {"memory": 1}, "after": {"memory": 2}}


@pytest.mark.parametrize(
    ("view", "about", "settled"),
    [
        ({"memory": 2, "disk": 80}, [], True),
        ({"memory": 2, "disk": 40}, [], False),
        ({"memory": 2, "disk": 40}, ["disk"], True),
        ({"memory": 1, "disk": 80}, ["disk"], False),
        ({}, ["disk", "memory"], True),
        ({}, [], False),
    ],
)
def test_a_read_is_settled_once_it_shows_each_field_without_a_message(view, about, settled):
    assert _comparison((1, 2), (40, 80)).settled(view, about) is settled


def test_a_refused_field_does_not_delay_settling():
    assert _comparison((1, 2), (80, 40)).settled({"memory": 2, "disk": 80}, []) is True


def test_each_field_of_a_plan_has_its_own_outcome():
    reply = Reply(about={"disk": "no"}, lines=("no",))
    comparison = _comparison((1, 2), (40, 80)).judged({"memory": 2, "disk": 40}, reply)
    assert [change.outcome for change in comparison.changes] == [CHANGED, REFUSED]
    assert comparison.changes[1].message == "no"


def test_a_plan_after_a_new_read_contains_the_remaining_changes():
    left = _comparison((1, 2), (40, 80)).seen_again({"memory": 2, "disk": 40})
    assert [change.field.name for change in left.with_outcome(CHANGED)] == ["disk"]
