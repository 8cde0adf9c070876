# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One unreadable value concerns one row."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.fields import (
    Field,
    Schema,
    integer,
    text,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.paging import (
    OddRow,
    read_row,
    whole,
)

SCHEMA = Schema(
    Field("id", "id", integer, required=True),
    Field("name", "name", text),
    Field("memory", "memory", integer, "MB"),
)


def _row(**raw: Any) -> dict[str, Any]:
    return read_row(SCHEMA, {"id": 7, "name": "web01", **raw}, "server", "name")


@pytest.mark.parametrize("value", ["2048", "2048.", "2048.00", " 2048.0 ", 2048, 2048.0])
def test_a_whole_number_is_read_without_loss(value):
    row = _row(memory=value)
    assert row == {"id": 7, "name": "web01", "memory": 2048}
    assert whole(row) is row


@pytest.mark.parametrize(
    "value",
    [
        "0.5",
        "40.5",
        40.5,
        "",
        "2048.00.00",
        "1e3",
        "0x10",
        "nan",
        "inf.0",
        "1.5e0",
        "MB",
        [],
        {},
        True,
    ],
)
def test_any_other_value_is_an_error_of_its_row(value):
    row = _row(memory=value)
    assert isinstance(row, OddRow)
    assert (row["name"], row["memory"], "memory" in row) == ("web01", None, False)
    assert "Cannot read server 7 (web01): the panel sends " in row.error.msg
    assert "as memory, which is not a valid integer" in row.error.msg
    with pytest.raises(PanelError, match="as memory"):
        whole(row)


def test_a_number_that_is_not_finite_is_an_error_of_its_row():
    for value in (float("nan"), float("inf")):
        assert isinstance(_row(memory=value), OddRow)


def test_a_negative_number_may_have_decimals():
    assert _row(memory="-3.0")["memory"] == -3


def test_null_is_a_value():
    assert _row(memory=None) == {"id": 7, "name": "web01", "memory": None}


@pytest.mark.parametrize("raw", [{"id": None}, {"id": "seven"}, {"id": None, "memory": 0.5}])
def test_a_row_without_an_id_is_an_error(raw):
    with pytest.raises(PanelError):
        _row(**raw)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9))
def test_no_number_in_text_is_read_with_a_loss(number):
    shown = format(number, "f")
    try:
        assert integer(shown) == number
    except ValueError:
        assert number != int(number)
