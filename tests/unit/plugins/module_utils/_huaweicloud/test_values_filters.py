# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters to the letter, and the part of them that the service can do."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.values import (
    only,
    passes,
    single,
    status_of,
    words_of,
)

MEANINGS = {0: "creating", 1: "creating", 5: "normal", 8: "frozen"}


@pytest.mark.parametrize(
    ("allowed", "passing"),
    [
        ({}, True),
        ({"a": None}, True),
        ({"a": ["x", "y"]}, True),
        ({"a": ["y"]}, False),
        ({"a": []}, False),
        ({"a": ["x"], "b": ["x"]}, False),
        ({"c": ["x"]}, False),
        ({"c": [None]}, True),
    ],
)
def test_every_bound_counts(allowed, passing):
    assert passes({"a": "x", "b": "y"}, allowed) is passing


@pytest.mark.parametrize(("value", "bound"), [(None, None), (False, (False,)), ("x", ("x",))])
def test_one_value_is_a_bound_unless_it_is_not_set(value, bound):
    assert only(value) == bound


@pytest.mark.parametrize(
    ("values", "value"), [(None, None), ([], None), (["x"], "x"), (["x", "y"], None)]
)
def test_the_service_filters_by_one_value(values, value):
    assert single(values) == value


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (None, None),
        ([], None),
        (["normal"], 5),
        (["creating"], None),  # two numbers
        (["normal", "frozen"], None),
        (["unknown"], None),
        (["normal", "unknown"], None),  # the service would omit unknown values
    ],
)
def test_the_service_filters_by_a_word_that_is_one_number(words, number):
    assert status_of(MEANINGS, words) == number


def test_each_word_can_be_asked_for_once():
    assert words_of(MEANINGS) == ["creating", "normal", "frozen", "unknown"]
