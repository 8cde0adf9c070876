# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test sets whose members are added, removed or replaced."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.changes import Change
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.existence import (
    STATES,
    desired_members,
    to_add,
    to_remove,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.fields import (
    Compare,
    Field,
    anything,
)

FIELD = Field("members", "members", anything, compare=Compare.SET)

members = st.lists(st.sampled_from("abcdef"), unique=True)


@given(members, members)
def test_present_adds_members_and_keeps_others(there, named):
    desired = desired_members("present", there, named)
    assert set(desired) == {*there, *named}
    assert desired[: len(there)] == there


@given(members, members)
def test_absent_only_removes_members(there, named):
    assert set(desired_members("absent", there, named)) == set(there) - set(named)


@given(members, members)
def test_exact_replaces_all_members(there, named):
    assert desired_members("exact", there, named) == named


@given(st.sampled_from(STATES), members, members)
def test_additions_and_removals_lead_to_the_desired_set(state, there, named):
    change = Change.planned(FIELD, there, desired_members(state, there, named))
    after = (set(there) | set(to_add(change))) - set(to_remove(change))
    assert after == set(change.desired)
    assert not set(to_add(change)) & set(there)
    assert set(to_remove(change)) <= set(there)
    assert set(desired_members(state, sorted(after), named)) == after
