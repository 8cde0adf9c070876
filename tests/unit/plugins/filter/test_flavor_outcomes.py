# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.vpsfleet.panels.plugins.filter.flavor_outcomes import (
    FilterModule,
    flavor_outcomes,
)

BIG = {"server_model_name": "physical.big", "phone_model_name": "phone.big"}
ONE, TWO, THREE = (
    {"id": letter * 32, "name": f"phones-{letter}", **BIG} for letter in ("a", "b", "c")
)
NOT_THERE_YET = "not there yet, order CS1, order state unknown"
FAILURE = {
    "code": "validation",
    "http_status": 400,
    "operation": "change_flavor",
    "message": "no capacity",
    "retryable": False,
    "partial": True,
    "state": "known",
}


def field(name, outcome, *, before="small", after="small", message=None):
    """One row of the module's ``changes``."""
    desired = BIG[name]
    return {
        "field": name,
        "unit": None,
        "before": before,
        "desired": desired,
        "after": desired if outcome == "changed" else after,
        "outcome": outcome,
        "message": message,
    }


def fields(outcome, **more):
    return [field(name, outcome, **more) for name in BIG]


def reported(server, changes, **more):
    """What the module returns about one server."""
    return {
        "server": {"id": server["id"]},
        "changes": changes,
        "changed": False,
        "order_id": None,
        "order_state": None,
        "open_orders": [],
        "pending_payment": False,
        "pay_until": None,
        **more,
    }


DONE = {"changed": True, "order_id": "CS1", "order_state": "completed"}
ORDERED = {"changed": True, "order_id": "CS1", "order_state": "unknown"}
EQUAL = [
    {**change, "before": change["desired"], "after": change["desired"]}
    for change in fields("unchanged")
]


def one(result, server=ONE):
    """The row that a loop over one server leads to."""
    (row,) = flavor_outcomes({"results": [result]}, [server])
    return row


def outcomes(rows):
    return [row["outcome"] for row in rows]


def test_the_filter_has_its_name():
    assert FilterModule().filters() == {"flavor_outcomes": flavor_outcomes}


def test_changed():
    assert one(reported(ONE, fields("changed"), **DONE)) == {
        **ONE,
        "outcome": "changed",
        "changes": fields("changed"),
        "order_id": "CS1",
        "order_state": "completed",
        "open_orders": [],
        "pending_payment": False,
        "pay_until": None,
        "failure": None,
        "msg": "",
    }


def test_what_would_change_counts_as_changed_whatever_changed_when_says():
    assert one(reported(ONE, fields("changed"), changed=False))["outcome"] == "changed"


def test_unchanged():
    row = one(reported(ONE, EQUAL))
    assert (row["outcome"], row["changes"]) == ("unchanged", [])


def test_only_the_fields_that_differed_are_told():
    half = [EQUAL[0], field("phone_model_name", "changed")]
    assert one(reported(ONE, half, **DONE))["changes"] == half[1:]


def test_an_order_that_waits_for_its_payment():
    unpaid = {**ORDERED, "pending_payment": True, "pay_until": "2026-01-02T00:00:00Z"}
    warnings = [f"server {TWO['id']} (phones-b): no", f"server {ONE['id']} (phones-a): unpaid"]
    row = one(
        reported(ONE, fields("unchanged", message=NOT_THERE_YET), warnings=warnings, **unpaid)
    )
    assert row["outcome"] == "changed"
    assert row["changes"] == fields("ordered", message=NOT_THERE_YET)
    assert (row["pending_payment"], row["pay_until"]) == (True, "2026-01-02T00:00:00Z")
    assert row["msg"] == warnings[1]


def test_older_ansible_cores_gather_the_warnings_of_a_loop():
    warnings = [f"server {server['id']}: withdrawn from sale" for server in (TWO, ONE)]
    results = [reported(server, fields("changed"), **DONE) for server in (ONE, TWO)]
    rows = flavor_outcomes({"results": results, "warnings": warnings}, [ONE, TWO])
    assert [row["msg"] for row in rows] == [warnings[1], warnings[0]]


def test_an_open_order_holds_a_server_back():
    held = {"order_state": "unknown", "open_orders": ["CS1", "CS2"], "pending_payment": True}
    row = one(reported(ONE, fields("unchanged", message="not there yet"), **held))
    assert row["outcome"] == "refused"
    assert row["open_orders"] == ["CS1", "CS2"]
    assert row["changes"] == fields(
        "refused", message="nothing is ordered while an order is open: CS1, CS2"
    )


def test_a_server_that_does_not_pass_the_check():
    row = one({"failed": True, "msg": "it is frozen", "failure": FAILURE})
    assert (row["outcome"], row["changes"], row["msg"]) == ("failed", [], "it is frozen")
    assert row["failure"] == FAILURE


def test_a_failure_counts_though_failed_when_says_no():
    row = one({"failed": False, "msg": "it is frozen", "failure": FAILURE})
    assert row["outcome"] == "failed"


@pytest.mark.parametrize("result", [{"msg": "MODULE FAILURE", "rc": 1}, {"failed": True}])
def test_a_module_that_broke_has_failed(result):
    row = one(result)
    assert row["outcome"] == "failed"
    assert row["failure"]["code"] == "internal"
    assert row["msg"] == result.get("msg", "the module ended without a result")
    assert set(row["failure"]) == set(FAILURE)


def test_one_task_about_several_servers():
    result = {
        "changed": True,
        "servers": [reported(ONE, fields("changed"), **DONE), reported(TWO, EQUAL)],
        "warnings": [f"server {ONE['id']}: withdrawn from sale", "orders cannot be read"],
    }
    rows = flavor_outcomes(result, [ONE, TWO])
    assert outcomes(rows) == ["changed", "unchanged"]
    assert [row["name"] for row in rows] == ["phones-a", "phones-b"]
    assert [row["msg"] for row in rows] == [result["warnings"][0], ""]


def test_a_refused_order_is_the_failure_of_the_server_that_it_names():
    result = {
        "failed": True,
        "failure": FAILURE,
        "msg": f"Cannot change the flavor of server {TWO['id']} (phones-b): no capacity",
        "servers": [
            reported(ONE, fields("unchanged", message=NOT_THERE_YET), **ORDERED),
            reported(TWO, fields("unchanged", message="it was not ordered")),
            reported(THREE, fields("unchanged", message="it was not ordered")),
        ],
    }
    rows = flavor_outcomes(result, [ONE, TWO, THREE])
    assert outcomes(rows) == ["changed", "failed", "skipped"]
    assert [row["failure"] for row in rows] == [None, FAILURE, None]
    assert rows[0]["changes"] == fields("ordered", message=NOT_THERE_YET)
    assert rows[1]["changes"] == fields("failed", message="it was not ordered")
    assert rows[2]["msg"] == "nothing was ordered, because the run stopped before"


def test_a_server_that_got_its_flavor_is_not_blamed():
    result = {
        "failed": True,
        "failure": FAILURE,
        "msg": "it timed out",
        "servers": [
            reported(ONE, fields("changed"), **DONE),
            reported(TWO, fields("unchanged", message=NOT_THERE_YET), **ORDERED),
        ],
    }
    assert outcomes(flavor_outcomes(result, [ONE, TWO])) == ["changed", "failed"]


PLANNED = {**ONE, "outcome": "changed", "changes": fields("changed")}


def test_a_task_that_told_of_no_server_has_failed_for_all():
    rows = flavor_outcomes({"failed": True, "msg": "down", "failure": FAILURE}, [PLANNED, TWO])
    assert outcomes(rows) == ["failed", "failed"]
    assert rows[0]["changes"] == fields("failed")
    assert rows[1]["changes"] == []


def test_a_task_that_was_skipped_has_touched_nothing():
    (row,) = flavor_outcomes({"skipped": True}, [PLANNED])
    assert row["outcome"] == "skipped"
    assert row["changes"] == fields("skipped")
    assert (row["order_id"], row["failure"]) == (None, None)


def test_no_servers():
    assert flavor_outcomes({"results": []}, []) == []


@pytest.mark.parametrize("servers", [["text"], [{}], [{"id": "a", "name": "b"}]])
def test_only_servers_with_a_flavor(servers):
    with pytest.raises(AnsibleFilterError, match="each with id, name, server_model_name and"):
        flavor_outcomes({"skipped": True}, servers)


def test_only_a_registered_result():
    with pytest.raises(AnsibleFilterError, match="registered result"):
        flavor_outcomes([], [ONE])


@pytest.mark.parametrize("servers", [[], [ONE, TWO], [TWO]])
@pytest.mark.parametrize("key", ["results", "servers"])
def test_only_the_servers_of_the_task(key, servers):
    with pytest.raises(AnsibleFilterError, match="about other servers"):
        flavor_outcomes({key: [reported(ONE, EQUAL)]}, servers)
