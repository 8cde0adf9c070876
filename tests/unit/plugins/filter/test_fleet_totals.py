# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.vpsfleet.panels.plugins.filter.fleet_totals import (
    fleet_totals,
)


def test_each_outcome_is_counted():
    words = ["changed", "changed", "unchanged", "refused", "failed", "skipped", "failed"]
    assert fleet_totals({"outcome": word} for word in words) == {
        "selected": 7,
        "changed": 2,
        "unchanged": 1,
        "refused": 1,
        "failed": 2,
        "skipped": 1,
    }


def test_no_rows_count_zero():
    assert set(fleet_totals([]).values()) == {0}


@pytest.mark.parametrize("row", [{}, {"outcome": "ok"}, {"outcome": "selected"}, "changed", None])
def test_unknown_outcomes_are_refused(row):
    with pytest.raises(AnsibleFilterError, match="counts rows whose outcome is changed, "):
        fleet_totals([row])
