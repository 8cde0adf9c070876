# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the conversion of PHP's values in both directions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.values import (
    amount,
    decimal_number,
    form_fields,
    ids,
    is_done,
    is_number,
    is_whole,
    rows_of,
    serialized_texts,
    whole_number,
    words,
    yes_or_no,
)


@pytest.mark.parametrize(
    ("value", "number"),
    [(None, 0), ("", 0), ("4", 4), (4, 4), ("-1", -1), ("4.00", 4), (4.0, 4), ("0.00", 0)],
)
def test_an_integer_has_many_shapes(value, number):
    found = whole_number(value)
    assert found == number
    assert isinstance(found, int)


@pytest.mark.parametrize("value", ["4.5", "four", True, [], {}, float("inf"), "nan"])
def test_an_invalid_integer_is_refused(value):
    with pytest.raises((TypeError, ValueError, OverflowError)):
        whole_number(value)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        *((None, 0), ("", 0), ("4", 4), ("2048.00", 2048), ("-1", -1), (4.0, 4)),
        *(("93.13", 93.13), ("20.5", 20.5), ("-0.5", -0.5), (93.13, 93.13), ("-93.13", -93.13)),
    ],
)
def test_an_amount_keeps_what_the_panel_shows(value, number):
    found = amount(value)
    assert (found, type(found)) == (number, type(number))


@pytest.mark.parametrize("value", ["four", True, [], {}, float("inf"), "nan"])
def test_an_invalid_amount_is_refused(value):
    with pytest.raises((TypeError, ValueError, OverflowError)):
        amount(value)


@pytest.mark.parametrize(("value", "number"), [("", 0.0), ("49.50", 49.5), (3, 3.0), (None, 0.0)])
def test_a_decimal_number_keeps_its_fraction(value, number):
    assert decimal_number(value) == number


@pytest.mark.parametrize("value", ["nan", "inf", "-Infinity", float("nan"), "four", True, []])
def test_an_invalid_decimal_number_is_refused(value):
    with pytest.raises((TypeError, ValueError)):
        decimal_number(value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        *((value, True) for value in ("1", 1, True, "on", "true")),
        *((value, False) for value in ("0", 0, False, None, "", "off")),
    ],
)
def test_a_boolean_has_many_shapes(value, message):
    assert yes_or_no(value) is message


def test_an_invalid_boolean_is_refused():
    with pytest.raises(TypeError):
        yes_or_no("2")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("", []),
        ([""], []),
        (None, []),
        ([], []),
        ("0", [0]),
        ("2,0", [0, 2]),
        ([0, "2"], [0, 2]),
        ({"0": "7", "3": 1}, [1, 7]),
    ],
)
def test_no_ids_differ_from_the_id_0(value, found):
    assert ids(value) == found


def test_words_are_a_set_in_order():
    assert words("xen, kvm,,kvm") == ["kvm", "xen"]


@pytest.mark.parametrize(
    ("value", "rows"),
    [
        ({"7": {"id": "7"}}, [{"id": "7"}]),
        ({"7": {"name": "a"}}, [{"id": "7", "name": "a"}]),
        ([{"id": "0"}, {"id": "1"}], [{"id": "0"}, {"id": "1"}]),
        ([], []),
        ({}, []),
        (None, None),
        ("none", None),
        ({"7": "a name"}, None),
    ],
)
def test_a_map_or_a_list_is_rows(value, rows):
    assert rows_of(value, "id") == rows


@pytest.mark.parametrize("value", ["1", "-1", "0.50", 3, 2.5])
def test_numbers_as_text_are_numbers(value):
    assert is_number(value)


@pytest.mark.parametrize("value", ["", "a", None, True, "nan", "inf", [], "1,2"])
def test_other_values_are_none(value):
    assert not is_number(value)


@pytest.mark.parametrize("value", ["1", "-1", "1.00", 3, 2.0])
def test_whole_numbers(value):
    assert is_whole(value)


@pytest.mark.parametrize("value", ["1.50", 2.5, "", None, True, "inf"])
def test_other_values_are_not_whole(value):
    assert not is_whole(value)


def test_form_values():
    typed = {"a": True, "b": False, "c": None, "d": 49.0, "e": 0.5, "f": "0.00", "g": -1}
    assert form_fields({**typed, "sgs": [0, 2], "mgs": [], "all": [""]}) == {
        "a": 1,
        "b": 0,
        "c": "",
        "d": 49,
        "e": 0.5,
        "f": "0.00",
        "g": -1,
        "sgs[]": [0, 2],
        "all[]": [""],
    }


@pytest.mark.parametrize(
    "value",
    [True, 1, "1", 17, "17", {"5": {"uplid": "5"}}, {"done": True}, {"msg": "changed"}, ["x"]],
)
def test_done_has_many_shapes(value):
    assert is_done(value)


@pytest.mark.parametrize(
    "value", [None, False, 0, "0", "", " ", "false", [], {}, {"done": False}, {"done": []}]
)
def test_not_done_has_many_shapes(value):
    assert not is_done(value)


def test_strings_of_a_serialized_object_are_read():
    text = 'a:4:{s:5:"fname";s:4:"Zoë";s:1:"n";i:-5;i:0;s:1:"x";s:5:"lname";s:4:"a";b";}'
    assert serialized_texts(text) == {"fname": "Zoë", "lname": 'a";b'}
    assert serialized_texts({"fname": "Ada", "n": 1}) == {"fname": "Ada"}


def test_nested_arrays_of_a_serialized_object_are_skipped():
    text = 'a:3:{s:1:"n";a:1:{i:0;a:0:{}}s:5:"fname";s:3:"Ada";s:1:"b";b:0;}'
    assert serialized_texts(text) == {"fname": "Ada"}


@pytest.mark.parametrize("value", [None, "", [], {}, "a:0:{}", "N;"])
def test_an_empty_object_has_no_strings(value):
    assert serialized_texts(value) == {}


@pytest.mark.parametrize(
    "value",
    [
        5,
        ["Ada"],
        "Ada",
        's:3:"Ada";',
        'a:1:{s:5:"fname";s:9:"Ada";}',
        'a:1:{s:5:"fname";s:3:"Ada";',
        'a:1:{s:5:"fname";s:3:"Ada";}}',
        'a:2:{s:1:"a";s:1:"b";}',
        "a:1:{a:0:{}}",
        "a:1:{a:0:{}i:1;",
        "a:1:{i:0;" * 5000,
        'O:8:"stdClass":1:{s:5:"fname";s:3:"Ada";}',
    ],
)
def test_a_truncated_or_unknown_object_is_refused(value):
    with pytest.raises(ValueError, match=r"."):
        serialized_texts(value)


@given(st.dictionaries(st.text(), st.text(), max_size=5))
def test_any_strings_are_read_back(texts):
    pairs = "".join(
        f's:{len(part.encode("utf-8", "replace"))}:"{part}";'
        for pair in texts.items()
        for part in pair
    )
    assert serialized_texts(f"a:{len(texts)}:{{{pairs}}}") == texts
