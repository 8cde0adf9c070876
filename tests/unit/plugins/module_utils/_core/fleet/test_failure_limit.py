# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many may fail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.fleet.failure_limit import (
    FailureLimit,
)


@pytest.mark.parametrize(
    ("text", "failures", "total", "exceeded"),
    [
        ("0", 0, 10, False),
        ("0", 1, 10, True),
        ("3", 3, 10, False),
        ("3", 4, 10, True),
        ("5%", 5, 100, False),
        ("5%", 6, 100, True),
        ("0%", 1, 1000, True),
        ("100%", 10, 10, False),
        ("2.5%", 1, 40, False),
        ("2.5%", 1, 39, True),
    ],
)
def test_the_limit_must_be_exceeded(text, failures, total, exceeded):
    assert FailureLimit(text).exceeded(failures, total) is exceeded


@pytest.mark.parametrize("text", ["", "few", "-1", "101%", "1.5", "5 %"])
def test_what_is_no_limit_is_refused(text):
    with pytest.raises(PanelError, match="max_failures"):
        FailureLimit(text)


@given(st.integers(0, 100), st.integers(1, 1000))
def test_a_limit_never_falls_as_failures_grow(percent, total):
    limit = FailureLimit(f"{percent}%")
    flags = [limit.exceeded(failures, total) for failures in range(total + 1)]
    assert flags == sorted(flags)
    assert not flags[0]
