# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import itertools

import pytest
from ansible.errors import AnsibleFilterError
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.filter.batches import batches


@pytest.mark.parametrize(
    ("total", "sizes", "expected"),
    [
        (0, [1], []),
        (1, [1], [1]),
        (7, [3], [3, 3, 1]),
        (5, ["100%"], [5]),
        (45, [1, "10%", "100%"], [1, 4, 40]),
        # As with `serial`: percent of the whole list, rounded down, at least one.
        (3, ["10%"], [1, 1, 1]),
        (10, ["30%"], [3, 3, 3, 1]),
        (10, ["1%", "50%"], [1, 5, 4]),
        (4, [10], [4]),
        (4, [1, 2, 100, 5], [1, 2, 1]),
    ],
)
def test_sizes_split_the_list(total, sizes, expected):
    assert [len(batch) for batch in batches(range(total), sizes)] == expected


@pytest.mark.parametrize("sizes", ["1,10%", ["1", " 10% "], (1, "10%")])
def test_sizes_have_several_notations(sizes):
    assert [len(batch) for batch in batches(range(21), sizes)] == [1, *[2] * 10]


@pytest.mark.parametrize("sizes", [2, "2", "20%"])
def test_one_size_needs_no_list(sizes):
    assert [len(batch) for batch in batches(range(10), sizes)] == [2] * 5


@given(
    st.integers(0, 300),
    st.lists(
        st.integers(1, 400) | st.integers(1, 100).map(lambda number: f"{number}%"),
        min_size=1,
        max_size=5,
    ),
)
def test_batches_contain_every_item_and_are_never_empty(total, sizes):
    result = batches(range(total), sizes)
    assert list(itertools.chain.from_iterable(result)) == list(range(total))
    assert all(result)


@pytest.mark.parametrize(
    "size",
    [0, -1, "0", "0%", "101%", "10.5%", 1.5, "ten", "", None, True, "10 %", "%", "1e3", "+1"],
)
def test_an_invalid_size_is_refused(size):
    with pytest.raises(AnsibleFilterError, match="a batch is a number from 1 on or a percentage"):
        batches([], [1, size])


@pytest.mark.parametrize("sizes", [[], ()])
def test_missing_sizes_are_refused(sizes):
    with pytest.raises(AnsibleFilterError, match="at least one size"):
        batches([1], sizes)


@pytest.mark.parametrize("items", ["abc", {"a": 1}, 3, None])
def test_only_a_list_is_accepted(items):
    with pytest.raises(AnsibleFilterError, match="batches cuts a list, not"):
        batches(items, [1])
