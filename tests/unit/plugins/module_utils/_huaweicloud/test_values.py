# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One type for what the service writes in several ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.values import (
    count,
    product,
    properties,
    reported,
)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (2.0, 2),
        (2, 2),
        ("2", 2),
        ("2.0", 2),
        (0.5, 0.5),
        (0, 0),
        (-1, -1),
        (None, None),
        ("", None),
    ],
)
def test_a_number_is_whole_where_it_can_be(value, number):
    found = count(value)
    assert found == number
    assert type(found) is type(number)


@pytest.mark.parametrize("value", [True, [], {}, "two", "nan", "inf", float("inf")])
def test_an_invalid_number_is_refused(value):
    with pytest.raises((TypeError, ValueError)):
        count(value)


@given(st.integers(min_value=-(2**53), max_value=2**53))
def test_whole_numbers_stay_as_they_are(number):
    assert count(number) == count(str(number)) == count(float(number)) == number


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"gpu": 1}, {"gpu": 1}),
        ('{"gpu": 1}', {"gpu": 1}),
        ("{}", {}),
        ("", {}),
        ("  ", {}),
        (None, {}),
        ([], {}),
        ("null", {}),
        ("{'gpu': 1,}", {"raw": "{'gpu': 1,}"}),
        ('{"gpu": 1,}', {"raw": '{"gpu": 1,}'}),
        ("[1]", {"raw": [1]}),
    ],
)
def test_properties_come_as_an_object_or_inside_a_text(value, found):
    assert properties(value) == found


@pytest.mark.parametrize("value", [1, True, [1], 2.5])
def test_other_types_are_not_properties(value):
    with pytest.raises(TypeError):
        properties(value)


@given(st.text())
def test_no_text_breaks_the_properties(value):
    assert isinstance(properties(value), dict)


@pytest.mark.parametrize(("value", "text"), [(None, None), ("", None), ("a", "a"), (7, "7")])
def test_an_empty_text_is_none(value, text):
    assert reported(value) == text


@pytest.mark.parametrize(
    ("value", "word"), [(0, "phone"), (1, "gaming"), ("1", "gaming"), (9, "unknown"), (None, None)]
)
def test_what_a_flavor_is_for(value, word):
    assert product(value) == word
