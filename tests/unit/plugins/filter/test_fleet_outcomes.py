# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.vpsfleet.panels.plugins.filter.fleet_outcomes import (
    FilterModule,
    fleet_outcomes,
)

MEMORY = {
    "field": "memory",
    "unit": "MB",
    "before": 2048,
    "wanted": 4096,
    "after": 4096,
    "outcome": "changed",
    "said": None,
}
DISK = {
    "field": "primary_disk_size",
    "unit": "GB",
    "before": 200,
    "wanted": 80,
    "after": 200,
    "outcome": "refused",
    "said": "never smaller",
}
CPU = {
    "field": "cpu",
    "unit": "cores",
    "before": 4,
    "wanted": 4,
    "after": 4,
    "outcome": "unchanged",
    "said": None,
}
PLAN = {
    "field": "backup_plan",
    "unit": None,
    "before": 1,
    "wanted": None,
    "after": 1,
    "outcome": "refused",
    "said": "not updated",
}
LOCKED = {
    "code": "locked",
    "http_status": 423,
    "operation": "change_server_package",
    "message": "busy",
    "retryable": True,
    "partial": False,
    "state": "known",
}


def outcome(**result):
    """The row for one server."""
    (row,) = fleet_outcomes([{"item": {"id": 17, "name": "web01"}, **result}])
    return row


def test_the_filter_has_its_name():
    assert FilterModule().filters() == {"fleet_outcomes": fleet_outcomes}


def test_changed():
    assert outcome(changes=[CPU, MEMORY], changed=True, restart_required=True) == {
        "id": 17,
        "name": "web01",
        "outcome": "changed",
        "changed_fields": ["memory"],
        "refused_fields": [],
        "changes": [MEMORY],
        "restart_required": True,
        "failure": None,
        "msg": "",
    }


def test_unchanged():
    row = outcome(changes=[CPU], changed=False, restart_required=False)
    assert row["outcome"] == "unchanged"
    assert row["changes"] == []
    assert row["msg"] == ""


def test_changed_with_something_refused_is_changed():
    row = outcome(changes=[CPU, MEMORY, DISK], changed=True)
    assert row["outcome"] == "changed"
    assert row["changed_fields"] == ["memory"]
    assert row["refused_fields"] == ["primary_disk_size"]
    assert row["changes"] == [MEMORY, DISK]
    assert row["msg"] == "primary_disk_size stays at 200 GB instead of 80 GB: never smaller"


def test_nothing_but_refused_is_refused():
    row = outcome(changes=[CPU, DISK, PLAN], changed=False)
    assert row["outcome"] == "refused"
    assert row["msg"] == (
        "primary_disk_size stays at 200 GB instead of 80 GB: never smaller; "
        "backup_plan stays at 1 instead of None: not updated"
    )


def test_failed():
    row = outcome(msg="Cannot change server 17: busy", failure=LOCKED, changed=False)
    assert row["outcome"] == "failed"
    assert row["failure"] == LOCKED
    assert row["msg"] == "Cannot change server 17: busy"
    assert row["changes"] == []
    assert row["restart_required"] is False


def test_what_a_failure_kept_from_changing_is_skipped():
    refused = {**LOCKED, "code": "refused"}
    row = outcome(msg="no", failure=refused, changes=[MEMORY, DISK], restart_required=True)
    assert row["outcome"] == "failed"
    assert row["changed_fields"] == []
    assert row["refused_fields"] == ["primary_disk_size"]
    assert row["changes"] == [{**MEMORY, "outcome": "skipped", "after": 2048}, DISK]
    assert row["restart_required"] is False


def test_what_changed_before_a_failure_is_told():
    partial = {**LOCKED, "code": "refused", "partial": True}
    row = outcome(msg="no", failure=partial, changes=[MEMORY, DISK], restart_required=True)
    assert row["outcome"] == "failed"
    assert row["changed_fields"] == ["memory"]
    assert row["changes"] == [MEMORY, DISK]
    assert row["restart_required"] is True


@pytest.mark.parametrize(
    "result",
    [
        {"msg": "MODULE FAILURE", "rc": 1},
        {"msg": "MODULE FAILURE", "failed": True, "changes": []},
        {"msg": "MODULE FAILURE", "failure": None},
    ],
)
def test_a_module_that_broke_has_failed(result):
    row = outcome(**result)
    assert row["outcome"] == "failed"
    assert row["msg"] == "MODULE FAILURE"
    assert row["failure"]["code"] == "internal"
    assert row["failure"]["state"] == "unknown"
    assert set(row["failure"]) == set(LOCKED)


def test_a_module_that_said_nothing_has_failed():
    assert outcome()["msg"] == "the module ended without a result"


def test_any_loop_variable():
    server = {"id": 3, "name": None}
    (row,) = fleet_outcomes([{"ansible_loop_var": "server", "server": server, "changes": []}])
    assert (row["id"], row["name"], row["outcome"]) == (3, None, "unchanged")


def test_no_results():
    assert fleet_outcomes([]) == []


@pytest.mark.parametrize(
    "results",
    [["text"], [{}], [{"item": 17}], [{"item": {"id": 17}}], [{"ansible_loop_var": "x"}], {"a": 1}],
)
def test_only_results_of_a_loop_over_servers(results):
    with pytest.raises(AnsibleFilterError, match="results of a loop over servers"):
        fleet_outcomes(results)
