# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that a paged list is read completely or not at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.paging import (
    WALKS,
    Page,
    read_all,
    read_chain,
    read_until_short,
)


class _List:
    """A list on a panel that can change after each page."""

    def __init__(self, size: int, rows: list[int], *later: list[int]) -> None:
        self.size = size
        self.states = [rows, *later]
        self.fetched: list[int] = []

    def __call__(self, number: int) -> Page:
        self.fetched.append(number)
        rows = self.states[0]
        if len(self.states) > 1:
            self.states.pop(0)
        start = (number - 1) * self.size
        pages = max(1, -(-len(rows) // self.size))
        return Page(rows[start : start + self.size], pages, len(rows))


def _read(fetch: Callable[[int], Page]) -> list[int]:
    return read_all(fetch, lambda row: row, "rows")


@given(rows=st.lists(st.integers(), unique=True, max_size=40), size=st.integers(1, 50))
def test_an_unchanged_list_is_read_once(rows, size):
    fetch = _List(size, rows)
    assert _read(fetch) == rows
    assert len(fetch.fetched) == max(1, -(-len(rows) // size))


@pytest.mark.parametrize("pages", [0, 1])
def test_an_empty_list_is_one_page(pages):
    assert _read(lambda _number: Page([], pages, 0)) == []


@pytest.mark.parametrize(
    ("first", "then"),
    [
        pytest.param(
            [1, 2, 3, 4], [2, 3, 4], id="a row is deleted and the next moves to the page just read"
        ),
        pytest.param([1, 2, 3, 4], [0, 1, 2, 3, 4], id="a row is added and another appears twice"),
        pytest.param([1, 2, 3, 4], [1, 2, 3, 4, 5], id="the total changes"),
        pytest.param([1, 2, 3, 4], [1, 2], id="the last page is empty"),
    ],
)
def test_a_list_that_changes_between_pages_is_read_again(first, then):
    fetch = _List(2, first, then)
    assert _read(fetch) == then
    assert fetch.fetched.count(1) == 2


@given(
    states=st.lists(
        st.lists(st.integers(0, 12), unique=True, max_size=10).map(sorted), min_size=1, max_size=6
    ),
    size=st.integers(1, 4),
)
def test_the_result_has_each_row_once_and_matches_the_total(states, size):
    fetch = _List(size, *states)
    try:
        rows = _read(fetch)
    except PanelError as error:
        assert error.code.value == "protocol"
        return
    assert len(rows) == len(set(rows))
    assert len(rows) in {len(state) for state in states}


@pytest.mark.parametrize(
    "fetch",
    [
        pytest.param(lambda number: Page([number, 1], 2, 4), id="a row appears twice"),
        pytest.param(lambda number: Page([number], 2, number), id="the total always changes"),
        pytest.param(lambda number: Page([], 3, 7), id="an early empty page"),
        pytest.param(lambda number: Page([number], 1, 9), id="fewer rows than the total"),
    ],
)
def test_a_list_that_always_changes_fails_and_is_retryable(fetch):
    with pytest.raises(PanelError, match=f"list of rows changed .* {WALKS} times") as caught:
        _read(fetch)
    assert caught.value.code.value == "protocol"
    assert caught.value.retryable is True


def test_a_list_with_too_many_pages_is_refused_at_its_first_page():
    fetched = []

    def fetch(number: int) -> Page:
        fetched.append(number)
        return Page([number], 21, 10**9)

    with pytest.raises(PanelError, match=r"more than 20 pages \(raise max_pages"):
        read_all(fetch, lambda row: row, "rows", max_pages=20)
    assert fetched == [1]


@given(rows=st.lists(st.integers(), unique=True, max_size=40), size=st.integers(1, 50))
def test_a_list_without_a_total_ends_at_a_page_that_is_not_full(rows, size):
    fetched: list[int] = []

    def fetch(start: int) -> list[int]:
        fetched.append(start)
        return rows[start : start + size]

    assert read_until_short(fetch, lambda row: row, "rows", size=size) == rows
    full = [start + size <= len(rows) for start in fetched]
    assert full == [True] * (len(fetched) - 1) + [False]


def test_repeated_pages_fail():
    with pytest.raises(PanelError, match="the pages of the list of rows repeat"):
        read_until_short(lambda _number: list(range(10)), lambda row: row, "rows", size=10)


def test_an_endless_list_fails():
    with pytest.raises(PanelError, match="more than 5 pages"):
        read_until_short(lambda number: [number], lambda row: row, "rows", size=1, max_pages=5)


def test_an_endless_chain_fails():
    fetched: list[str | None] = []

    def fetch(marker: str | None) -> tuple[list[int], str | None]:
        fetched.append(marker)
        return [len(fetched)], str(len(fetched))

    with pytest.raises(PanelError, match="more than 5 pages"):
        read_chain(fetch, lambda row: row, "rows", max_pages=5)
    assert len(fetched) == 5


def test_a_row_that_moves_to_the_next_page_is_returned_once():
    pages = {0: [1, 2, 3], 2: [2, 3, 4], 4: [4]}
    read = read_until_short(lambda start: pages[start], lambda row: row, "rows", size=3)
    assert read == [1, 2, 3, 4]


@given(
    states=st.lists(
        st.lists(st.integers(0, 12), unique=True, max_size=10).map(sorted), min_size=1, max_size=6
    ),
    size=st.integers(2, 4),
)
def test_a_list_without_a_total_has_each_row_that_was_always_there(states, size):
    shown = iter([*states, *[states[-1]] * 40])

    def fetch(start: int) -> list[int]:
        return next(shown)[start : start + size]

    try:
        rows = read_until_short(fetch, lambda row: row, "rows", size=size)
    except PanelError as error:
        assert error.code.value == "protocol"
        return
    assert len(rows) == len(set(rows))
    assert set.intersection(*map(set, states)) <= set(rows)


def test_an_identity_can_have_any_type():
    rows: list[object] = [{"a": 1}, {"a": 1}, [], "b"]
    assert read_until_short(lambda _number: rows, lambda row: row, "rows", size=5) == [
        {"a": 1},
        [],
        "b",
    ]


def test_a_chain_is_read_by_its_markers():
    pages = {None: ([1, 2], "b"), "b": ([2, 3], "c"), "c": ([4], "")}
    assert read_chain(lambda marker: pages[marker], lambda row: row, "rows") == [1, 2, 3, 4]


def test_a_circular_chain_fails():
    pages = {None: ([1], "b"), "b": ([2], "c"), "c": ([3], "b")}
    with pytest.raises(PanelError, match="form a loop"):
        read_chain(lambda marker: pages[marker], lambda row: row, "rows")
