# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test paged lists with an unknown total."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.pages import read_pages


class List:
    """A paged list with the quirks of different panels."""

    def __init__(self, rows, base=1, turns=True, heeds=True, clamps=False):
        self._rows = [{"id": number} for number in range(rows)]
        self._base, self._turns, self._heeds, self._clamps = base, turns, heeds, clamps
        self.asked: list[tuple[int | None, int]] = []

    def page(self, number, size):
        self.asked.append((number, size))
        size = size if self._heeds else 50
        index = 0 if number is None or not self._turns else max(0, number - self._base)
        if self._clamps:
            index = min(index, max(0, (len(self._rows) - 1) // size))
        return self._rows[index * size : (index + 1) * size]

    def read(self, workers=1):
        rows = read_pages(self.page, lambda row: row["id"], "rows", workers=workers)
        return [row["id"] for row in rows]


ROWS = (0, 1, 49, 50, 51, 120, 199, 200, 201, 450)


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("heeds", [True, False])
def test_every_row_is_read_for_any_first_page_number(rows, base, heeds):
    assert List(rows, base, heeds=heeds).read() == list(range(rows))


@pytest.mark.parametrize("rows", ROWS)
def test_a_panel_that_repeats_its_last_page_is_read_completely(rows):
    # With 50 rows it looks like a panel that shows 50 of many.
    if rows != 50:
        assert List(rows, clamps=True).read() == list(range(rows))


@pytest.mark.parametrize("rows", [rows for rows in ROWS if rows != 50])
def test_a_panel_that_ignores_the_page_is_read_with_longer_pages(rows):
    assert List(rows, turns=False).read() == list(range(rows))


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


@pytest.mark.parametrize("rows", [50, 51, 450])
def test_a_panel_that_ignores_page_and_length_is_detected(rows):
    with pytest.raises(PanelError, match="the pages of the list of rows repeat") as caught:
        List(rows, turns=False, heeds=False).read()
    assert caught.value.code.value == "protocol"


def test_an_endless_list_fails():
    def endless(number, size):
        return [{"id": (number, row)} for row in range(size)]

    with pytest.raises(PanelError, match="more than 5 pages"):
        read_pages(endless, lambda row: row["id"], "rows", max_pages=5)
