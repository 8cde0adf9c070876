# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.vpsfleet.panels.plugins.filter.fleet_merge import FilterModule, fleet_merge

MEMORY = {"field": "memory", "before": 1, "wanted": 2, "after": 2, "outcome": "changed"}
DISK = {"field": "disk", "before": 9, "wanted": 5, "after": 9, "outcome": "refused"}


def row(number, outcome, changes=()):
    return {
        "id": number,
        "name": f"web{number}",
        "outcome": outcome,
        "changed_fields": [change["field"] for change in changes if change["outcome"] == "changed"],
        "refused_fields": [change["field"] for change in changes if change["outcome"] == "refused"],
        "changes": list(changes),
        "restart_required": outcome == "changed",
        "failure": None,
        "msg": "",
    }


def test_the_filter_has_its_name():
    assert FilterModule().filters() == {"fleet_merge": fleet_merge}


def test_what_was_done_takes_the_place_of_what_was_planned():
    plan = [row(2, "changed"), row(1, "changed"), row(3, "unchanged"), row(4, "refused")]
    done = [row(1, "failed"), row(2, "unchanged")]
    merged = fleet_merge(plan, done)
    assert [(one["id"], one["outcome"]) for one in merged] == [
        (2, "unchanged"),
        (1, "failed"),
        (3, "unchanged"),
        (4, "refused"),
    ]


def test_what_was_not_reached_is_skipped():
    planned = row(1, "changed", [MEMORY, DISK])
    (merged,) = fleet_merge([planned], [])
    assert merged == {
        **planned,
        "outcome": "skipped",
        "changed_fields": [],
        "changes": [{**MEMORY, "outcome": "skipped", "after": 1}, DISK],
        "restart_required": False,
        "msg": "not touched, because the run stopped before",
    }
    assert planned["outcome"] == "changed"  # the plan itself stays


@pytest.mark.parametrize("outcome", ["unchanged", "refused", "failed"])
def test_what_was_not_to_change_stays(outcome):
    planned = row(1, outcome, [DISK])
    assert fleet_merge([planned], []) == [planned]


def test_nothing():
    assert fleet_merge([], []) == []


def test_done_without_a_plan():
    with pytest.raises(AnsibleFilterError, match="the plan does not name the servers 7, 8"):
        fleet_merge([row(1, "changed")], [row(8, "changed"), row(7, "changed")])


@pytest.mark.parametrize(("plan", "done"), [([{"id": 1}], []), ([], ["text"]), ({"id": 1}, [])])
def test_only_rows(plan, done):
    with pytest.raises(AnsibleFilterError, match="two lists of rows"):
        fleet_merge(plan, done)
