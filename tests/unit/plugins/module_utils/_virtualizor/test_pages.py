# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test paged lists with an unknown total."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.pages import read_pages


class List:
    """A paged list with the quirks of different panels."""

    def __init__(self, rows, base=1, turns=True, heeds=True, clamps=False, gone=None, most=None):
        self._rows = [{"id": number} for number in range(rows)]
        self._base, self._turns, self._heeds, self._clamps = base, turns, heeds, clamps
        # The limit of the page size.
        self._most = most
        # The IDs that are deleted before a request, by its position.
        self._gone = gone or {}
        self.asked: list[tuple[int | None, int]] = []

    def page(self, number, size):
        gone = self._gone.get(len(self.asked), ())
        self._rows = [row for row in self._rows if row["id"] not in gone]
        self.asked.append((number, size))
        size = min(size, self._most or size) if self._heeds else 50
        index = 0 if number is None or not self._turns else max(0, number - self._base)
        if self._clamps:
            index = min(index, max(0, (len(self._rows) - 1) // size))
        return self._rows[index * size : (index + 1) * size]

    def read(self, workers=1, size=200):
        rows = read_pages(self.page, lambda row: row["id"], "rows", workers=workers, size=size)
        return [row["id"] for row in rows]

    def left(self):
        return {row["id"] for row in self._rows}


ROWS = (0, 1, 49, 50, 51, 120, 199, 200, 201, 450)


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("heeds", [True, False])
@pytest.mark.parametrize("size", [50, 51, 200])
def test_every_row_is_read_for_any_first_page_number(rows, base, heeds, size):
    assert List(rows, base, heeds=heeds).read(size=size) == list(range(rows))


@pytest.mark.parametrize("rows", ROWS)
def test_a_panel_that_repeats_its_last_page_is_read_completely(rows):
    # With 50 rows it looks like a panel that shows 50 of many.
    if rows != 50:
        assert List(rows, clamps=True).read() == list(range(rows))


@pytest.mark.parametrize("rows", [rows for rows in ROWS if rows != 50])
@pytest.mark.parametrize("size", [50, 51, 200])
def test_a_panel_that_ignores_the_page_is_read_with_longer_pages(rows, size):
    assert List(rows, turns=False).read(size=size) == list(range(rows))


@pytest.mark.parametrize("rows", [rows for rows in (*ROWS, 5000) if rows != 50])
@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("turns", [True, False])
def test_concurrent_pages_give_the_same_rows_in_order(rows, base, turns):
    alone, together = List(rows, base, turns), List(rows, base, turns)
    assert together.read(workers=8) == alone.read()
    assert len(together.asked) <= len(alone.asked) + 7


def test_the_number_of_concurrent_pages_grows_slowly():
    few = List(440)
    few.read(workers=8)
    assert sorted(number or 0 for number, _size in few.asked) == [0, 1, 2, 3]


def test_a_short_list_needs_one_request():
    few = List(49)
    few.read()
    assert few.asked == [(None, 200)]


@pytest.mark.parametrize(("base", "requests"), [(0, 2), (1, 3)])
@pytest.mark.parametrize("rows", [64, 499])
def test_a_list_that_fits_on_one_page_is_read_once(rows, base, requests):
    short = List(rows, base)
    assert short.read(size=500) == list(range(rows))
    assert len(short.asked) == requests


@pytest.mark.parametrize("rows", [50, 51, 450])
def test_a_panel_that_ignores_page_and_length_is_detected(rows):
    with pytest.raises(PanelError, match="the pages of the list of rows repeat") as caught:
        List(rows, turns=False, heeds=False).read()
    assert caught.value.code.value == "protocol"


@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("heeds", [True, False])
@pytest.mark.parametrize("request_number", range(1, 6))
@pytest.mark.parametrize("deleted", [1, 2, 30])
def test_a_row_deleted_between_two_pages_hides_no_other(base, heeds, request_number, deleted):
    changing = List(650, base, heeds=heeds, gone={request_number: range(deleted)})
    found = changing.read()
    assert set(found) >= changing.left()
    assert len(found) == len(set(found))


@pytest.mark.parametrize("rows", [201, 450, 1000])
@pytest.mark.parametrize("request_number", [1, 2, 3, 4])
def test_rows_deleted_on_a_panel_that_ignores_the_page_hide_no_other(rows, request_number):
    # The rows that take the place of the deleted ones are new, but they are not on another page.
    changing = List(rows, turns=False, gone={request_number: {0, 1, 2}})
    assert set(changing.read()) >= changing.left()


@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("rows", [101, 250])
@pytest.mark.parametrize("request_number", [1, 2])
def test_a_row_deleted_on_a_panel_that_limits_the_page_size_hides_no_other(
    rows, base, request_number
):
    changing = List(rows, base, most=100, gone={request_number: {0}})
    assert set(changing.read()) >= changing.left()


@settings(deadline=None)
@given(
    rows=st.integers(40, 900),
    size=st.sampled_from([50, 60, 200]),
    base=st.integers(0, 1),
    workers=st.integers(1, 4),
    gone=st.dictionaries(st.integers(1, 8), st.sets(st.integers(0, 899), max_size=5), max_size=2),
)
def test_no_row_that_stays_is_missing(rows, size, base, workers, gone):
    changing = List(rows, base, gone=gone)
    try:
        found = changing.read(workers, size)
    except PanelError as error:
        assert "changed while it was being read, 3 times in a row" in error.msg
    else:
        assert set(found) >= changing.left()


def test_a_list_that_changes_during_every_read_fails():
    changing = List(650, gone={number: {number} for number in range(1, 30)})
    with pytest.raises(PanelError, match=r"list of rows changed .* 3 times in a row") as caught:
        changing.read()
    assert (caught.value.code.value, caught.value.retryable) == ("protocol", True)


@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize(
    ("size", "rows"),
    [
        *[(200, rows) for rows in (200, 201, 249, 450, 1000, 2000, 2040)],
        *[(500, rows) for rows in (500, 501, 999, 1000, 2500, 5000, 9999, 10_000, 10_040)],
    ],
)
def test_the_rows_that_pages_share_cost_one_request_at_most(base, size, rows):
    still = List(rows, base)
    assert still.read(size=size) == list(range(rows))
    pages = -(-rows // size)
    # A panel whose pages count from 1 shows the first one twice. A long last page is proven by the next one.
    without_shared_rows = pages + base + (rows - (pages - 1) * size >= 50)
    assert len(still.asked) <= without_shared_rows + 1


def test_the_rows_that_pages_share_stay_few_in_a_long_list():
    long = List(50_000)
    assert long.read(size=500) == list(range(50_000))
    assert len(long.asked) <= 110


def test_a_panel_that_ignores_the_page_size_is_read_twice():
    fixed = List(120, heeds=False)
    fixed.read()
    assert len(fixed.asked) == 8


def test_an_endless_list_fails():
    def endless(number, size):
        return [{"id": (number, row)} for row in range(size)]

    with pytest.raises(PanelError, match="more than 5 pages"):
        read_pages(endless, lambda row: row["id"], "rows", max_pages=5)
