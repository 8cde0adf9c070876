# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.vpsfleet.panels.plugins.filter.flavor_outcomes import (
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
    """Return a row of the module's ``changes``."""
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
    """Return the module's result for one server."""
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
    """Return the row for a loop over one server."""
    (row,) = flavor_outcomes({"results": [result]}, [server])
    return row


def outcomes(rows):
    return [row["outcome"] for row in rows]


def test_a_changed_server():
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


def test_a_predicted_change_counts_as_changed_despite_changed_when():
    assert one(reported(ONE, fields("changed"), changed=False))["outcome"] == "changed"


def test_an_unchanged_server():
    row = one(reported(ONE, EQUAL))
    assert (row["outcome"], row["changes"]) == ("unchanged", [])


def test_only_differing_fields_are_listed():
    half = [EQUAL[0], field("phone_model_name", "changed")]
    assert one(reported(ONE, half, **DONE))["changes"] == half[1:]


def test_an_unpaid_order():
    unpaid = {**ORDERED, "pending_payment": True, "pay_until": "2026-01-02T00:00:00Z"}
    warnings = [f"server {TWO['id']} (phones-b): no", f"server {ONE['id']} (phones-a): unpaid"]
    row = one(
        reported(ONE, fields("unchanged", message=NOT_THERE_YET), warnings=warnings, **unpaid)
    )
    assert row["outcome"] == "changed"
    assert row["changes"] == fields("ordered", message=NOT_THERE_YET)
    assert (row["pending_payment"], row["pay_until"]) == (True, "2026-01-02T00:00:00Z")
    assert row["msg"] == warnings[1]


def test_warnings_of_a_loop_are_assigned_to_their_servers():
    warnings = [f"server {server['id']}: withdrawn from sale" for server in (TWO, ONE)]
    results = [reported(server, fields("changed"), **DONE) for server in (ONE, TWO)]
    rows = flavor_outcomes({"results": results, "warnings": warnings}, [ONE, TWO])
    assert [row["msg"] for row in rows] == [warnings[1], warnings[0]]


def test_a_server_with_an_open_order_is_refused():
    held = {"order_state": "unknown", "open_orders": ["CS1", "CS2"], "pending_payment": True}
    row = one(reported(ONE, fields("unchanged", message="not there yet"), **held))
    assert row["outcome"] == "refused"
    assert row["open_orders"] == ["CS1", "CS2"]
    assert row["changes"] == fields(
        "refused", message="nothing is ordered while an order is open: CS1, CS2"
    )


def test_a_server_that_fails_the_check():
    row = one({"failed": True, "msg": "it is frozen", "failure": FAILURE})
    assert (row["outcome"], row["changes"], row["msg"]) == ("failed", [], "it is frozen")
    assert row["failure"] == FAILURE


def test_a_failure_counts_despite_failed_when():
    row = one({"failed": False, "msg": "it is frozen", "failure": FAILURE})
    assert row["outcome"] == "failed"


@pytest.mark.parametrize("result", [{"msg": "MODULE FAILURE", "rc": 1}, {"failed": True}])
def test_a_module_without_a_result_counts_as_failed(result):
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


def test_a_refused_order_fails_the_named_server():
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


def test_a_changed_server_does_not_get_the_failure():
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


def test_a_failure_without_servers_fails_all():
    rows = flavor_outcomes({"failed": True, "msg": "down", "failure": FAILURE}, [PLANNED, TWO])
    assert outcomes(rows) == ["failed", "failed"]
    assert rows[0]["changes"] == fields("failed")
    assert rows[1]["changes"] == []


def test_a_skipped_task_skips_all_servers():
    (row,) = flavor_outcomes({"skipped": True}, [PLANNED])
    assert row["outcome"] == "skipped"
    assert row["changes"] == fields("skipped")
    assert (row["order_id"], row["failure"]) == (None, None)


def test_no_servers_give_no_rows():
    assert flavor_outcomes({"results": []}, []) == []


@pytest.mark.parametrize("servers", [["text"], [{}], [{"id": "a", "name": "b"}]])
def test_servers_without_a_flavor_are_refused(servers):
    with pytest.raises(AnsibleFilterError, match="each with id, name, server_model_name and"):
        flavor_outcomes({"skipped": True}, servers)


def test_only_a_registered_result_is_accepted():
    with pytest.raises(AnsibleFilterError, match="registered result"):
        flavor_outcomes([], [ONE])


@pytest.mark.parametrize("servers", [[], [ONE, TWO], [TWO]])
@pytest.mark.parametrize("key", ["results", "servers"])
def test_results_of_other_servers_are_refused(key, servers):
    with pytest.raises(AnsibleFilterError, match="about other servers"):
        flavor_outcomes({key: [reported(ONE, EQUAL)]}, servers)
