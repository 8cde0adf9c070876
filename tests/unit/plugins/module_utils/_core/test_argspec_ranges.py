# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the ranges of numeric options."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.argspec import check_ranges
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError


@pytest.mark.parametrize("value", [None, 1, 5, 9])
def test_a_number_in_its_range_or_unset_passes(value):
    check_ranges({"size": value}, {"size": (1, 9)})


@pytest.mark.parametrize("value", [1, 10**12])
def test_a_range_can_have_no_maximum(value):
    check_ranges({"size": value}, {"size": (1, None)})


@pytest.mark.parametrize(
    ("value", "allowed", "words"),
    [
        (0, (1, 9), "size must be from 1 to 9, not 0"),
        (10, (1, 9), "size must be from 1 to 9, not 10"),
        (-1, (0, None), "size must be at least 0, not -1"),
    ],
)
def test_a_number_outside_its_range_is_refused_by_name(value, allowed, words):
    with pytest.raises(PanelError) as caught:
        check_ranges({"size": value}, {"size": allowed})
    assert (caught.value.code.value, caught.value.msg) == ("validation", words)
