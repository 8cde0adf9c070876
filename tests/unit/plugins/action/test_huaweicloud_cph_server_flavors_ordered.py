# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers on Huawei Cloud whose change an earlier run ordered, and servers that a plan did not order for."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.flavor_fleet import (
    BEFORE,
    BEGIN,
    FlavorFleet,
    outcomes,
    placed,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.flavor_tasks import (
    NEW_NOW,
    OLD_STILL,
    OTHER_ID,
    OTHER_SHOW,
    order_read,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    CHANGE,
    NEW,
    OLD,
    ORDERS,
    SERVER_ID,
    SHOW,
    flavors,
    get,
    open_orders,
    order,
    pair,
    post,
    server,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer

OTHER_OLD, OTHER_NEW = get(OTHER_SHOW, server(OTHER_ID)), get(OTHER_SHOW, server(OTHER_ID, NEW))
QUOTA = post(CHANGE, answer(400, {"error_code": "CPS.0196", "error_msg": "quota"}))
DENIED = answer(403, {"error_code": "CBC.0150", "error_msg": "no access"})
OWN, OWN_UNPAID = order("CS1", 3), order("CS1", 6)
#: The requests that order for the second server.
OTHER_ORDER = (*open_orders(), OTHER_OLD, placed("CS2"), OTHER_NEW)


@pytest.fixture
def bulk(tmp_path) -> FlavorFleet:
    return FlavorFleet(tmp_path)


@pytest.fixture(params=["with a plan", "without a plan"])
def resume(request, bulk, tmp_path) -> dict[str, Any]:
    """Options that resume a run that ordered for its first server, and failed at the second one."""
    given = {"journal": str(tmp_path / "journal"), "auto_pay": False}
    servers = {"server_ids": [SERVER_ID, OTHER_ID]}
    looks = (OLD_STILL, OTHER_OLD, *flavors(), *open_orders())
    if request.param == "with a plan":
        plan = str(tmp_path / "plan.json")
        bulk(*looks, check_mode=True, auto_pay=False, plan_file=plan, **servers)
        servers = {"plan_file": plan}
    steps = (*looks, *BEFORE, placed(), OLD_STILL, order_read(3), *open_orders(OWN), OTHER_OLD)
    result = bulk(*steps, QUOTA, wait=False, **given, **servers)
    assert (outcomes(result), result["failed"]) == (["ordered", "failed"], True)
    return {**given, **servers}


def with_a_plan(resume: dict[str, Any]) -> bool:
    """Return whether the run has an approved plan."""
    return "plan_file" in resume


def check_ordered(row: dict[str, Any], state: str) -> None:
    """Check the row of a server whose order is not carried out yet."""
    assert (row["outcome"], row["earlier"], row["changed"]) == ("ordered", True, False)
    assert (row["order_id"], row["order_state"]) == ("CS1", state)
    assert [(each["after"], each["desired"]) for each in row["changes"]] == list(
        zip(OLD, NEW, strict=True)
    )


def test_an_open_order_keeps_its_row_and_no_other_server_back(bulk, resume):
    begin = (OLD_STILL, OTHER_OLD, *flavors(), *open_orders(OWN_UNPAID), order_read(6))
    other = (*open_orders(OWN_UNPAID), OTHER_OLD, placed("CS2"), OTHER_NEW)
    result = bulk(*begin, *other, **resume)
    # The journal has the order of the first server, so it is not for the second one.
    assert (outcomes(result), result["api_calls"]["write"]) == (["ordered", "changed"], 1)
    row = result["results"][0]
    check_ordered(row, "pending_payment")
    assert (row["pending_payment"], row["pay_until"]) == (True, "2026-01-02T00:00:00Z")
    assert "order CS1 waits for its payment until 2026-01-02T00:00:00Z" in row["msg"]


def test_an_order_in_progress_of_an_earlier_run_is_not_waited_for(bulk, resume):
    begin = (OLD_STILL, OTHER_OLD, *flavors(), *open_orders(OWN), OLD_STILL, order_read(3))
    other = (*open_orders(OWN), OTHER_OLD, placed("CS2"), OTHER_NEW)
    assert outcomes(bulk(*begin, *other, **resume)) == ["ordered", "changed"]
    assert bulk.clock.sleeps == []


def test_an_order_that_should_have_been_paid_keeps_all_others_back(bulk, tmp_path):
    given = {"journal": str(tmp_path / "journal"), "server_ids": [SERVER_ID, OTHER_ID]}
    looks = (OLD_STILL, OTHER_OLD, *flavors())
    first = (*open_orders(), *BEFORE, placed(), OLD_STILL, order_read(3))
    result = bulk(*looks, *first, *open_orders(OWN), OTHER_OLD, QUOTA, wait=False, **given)
    assert outcomes(result) == ["ordered", "failed"]
    again = bulk(*looks, *open_orders(OWN_UNPAID), order_read(6), **given)
    assert (outcomes(again), again["api_calls"]["write"]) == (["ordered", "refused"], 0)


def test_an_open_order_of_an_unknown_server_keeps_the_others_back(bulk, resume):
    unpaid = open_orders(OWN_UNPAID, order("CS9", 6))
    result = bulk(OLD_STILL, OTHER_OLD, *flavors(), *unpaid, order_read(6), **resume)
    # The approved change of the second server remains.
    second = "failed" if with_a_plan(resume) else "refused"
    assert (outcomes(result), result["api_calls"]["write"]) == (["ordered", second], 0)
    assert result["failed"] is with_a_plan(resume)
    assert "order CS9 (pending_payment) is open" in result["results"][1]["msg"]


def test_an_open_order_keeps_its_own_server_back_from_a_new_run(bulk, tmp_path):
    given = {"journal": str(tmp_path / "journal"), "auto_pay": False}
    assert outcomes(bulk(*BEGIN, *BEFORE, placed(), OLD_STILL, order_read(6), **given)) == [
        "ordered"
    ]
    # That run is complete, so its record of the server does not count in the next one. Its order does.
    result = bulk(*BEGIN[:3], *open_orders(OWN_UNPAID), **given)
    assert (outcomes(result), result["api_calls"]["write"]) == (["refused"], 0)


@pytest.mark.parametrize("options", [{}, {"ignore_open_orders": True}])
def test_an_order_in_progress_keeps_its_row(bulk, resume, options):
    begin = (OLD_STILL, OTHER_OLD, *flavors(), *(() if options else open_orders(OWN)))
    result = bulk(*begin, OLD_STILL, order_read(3), *OTHER_ORDER, **resume, **options)
    assert (outcomes(result), result["api_calls"]["write"]) == (["ordered", "changed"], 1)
    check_ordered(result["results"][0], "processing")
    assert "order CS1 is placed, order state processing" in result["results"][0]["msg"]


def test_a_state_that_forbids_an_order_does_not_hide_the_placed_one(bulk, resume):
    busy = get(SHOW, server(status=13))
    begin = (busy, OTHER_OLD, *flavors(), *open_orders(OWN))
    result = bulk(*begin, busy, order_read(3), *OTHER_ORDER, **resume)
    check_ordered(result["results"][0], "processing")


def test_an_order_that_cannot_be_read_keeps_its_row(bulk, resume):
    denied = get(f"{ORDERS}/details/CS1", DENIED)
    begin = (OLD_STILL, OTHER_OLD, *flavors(), *open_orders(OWN))
    result = bulk(*begin, OLD_STILL, denied, *OTHER_ORDER, **resume)
    check_ordered(result["results"][0], "unknown")
    assert "whether it waits for its payment is unknown" in result["results"][0]["msg"]


def test_a_completed_order_is_a_change_of_the_earlier_run(bulk, resume):
    begin = (NEW_NOW, OTHER_OLD, *flavors(), *open_orders())
    result = bulk(*begin, order_read(5), *OTHER_ORDER, **resume)
    assert (outcomes(result), result["api_calls"]["write"]) == (["changed", "changed"], 1)
    row = result["results"][0]
    assert (row["earlier"], row["order_state"], row["pending_payment"]) == (
        True,
        "completed",
        False,
    )
    assert [(each["before"], each["after"], each["outcome"]) for each in row["changes"]] == [
        (old, new, "changed") for old, new in zip(OLD, NEW, strict=True)
    ]


def test_a_cancelled_order_needs_a_new_plan(bulk, resume):
    begin = (OLD_STILL, OTHER_OLD, *flavors(), *open_orders(), OLD_STILL, order_read(4))
    if with_a_plan(resume):
        result = bulk(*begin, *OTHER_ORDER, **resume)
        assert (outcomes(result), result["api_calls"]["write"]) == (["moved", "changed"], 1)
        message = "an earlier run ordered its change, and the order was cancelled"
        assert message in result["results"][0]["msg"]
    else:
        result = bulk(*begin, *BEFORE, *BEFORE, placed("CS3"), NEW_NOW, *OTHER_ORDER, **resume)
        assert outcomes(result) == ["changed", "changed"]
        assert result["results"][0]["order_id"] == "CS3"


def test_a_server_with_the_flavor_and_a_cancelled_order_was_not_changed_by_it(bulk, resume):
    begin = (NEW_NOW, OTHER_OLD, *flavors(), *open_orders())
    result = bulk(*begin, order_read(4), *OTHER_ORDER, **resume)
    assert outcomes(result) == ["unchanged", "changed"]


def test_a_third_flavor_since_the_order_is_left_alone_by_a_plan(bulk, resume):
    other = (OLD[0], "rx1.other")
    third = get(SHOW, server(flavor=other))
    lists = flavors(pair(OLD), pair(NEW), pair(other))
    begin = (third, OTHER_OLD, *lists, *open_orders(), third)
    if with_a_plan(resume):
        result = bulk(*begin, *OTHER_ORDER, **resume)
        assert outcomes(result) == ["moved", "changed"]
        assert "ordered its change, and it has other values now" in result["results"][0]["msg"]
    else:
        again = (*open_orders(), third) * 2
        result = bulk(*begin, *again, placed("CS3"), NEW_NOW, *OTHER_ORDER, **resume)
        assert outcomes(result) == ["changed", "changed"]


@pytest.mark.parametrize("ignore", [True, False])
def test_a_plan_that_is_applied_again_shows_its_order(bulk, tmp_path, ignore):
    plan = {"plan_file": str(tmp_path / "plan.json"), "auto_pay": False}
    bulk(*BEGIN, check_mode=True, server_ids=[SERVER_ID], **plan)
    plan["journal"] = str(tmp_path / "journal")
    assert outcomes(bulk(*BEGIN, *BEFORE, placed(), OLD_STILL, order_read(6), **plan)) == [
        "ordered"
    ]
    looks = OLD_STILL if ignore else None
    steps = (*BEGIN[:3], *((looks,) if looks else open_orders(OWN_UNPAID)), order_read(6))
    for _again in range(3):
        again = bulk(*steps, ignore_open_orders=ignore, **plan)
        assert again["api_calls"]["write"] == 0
        check_ordered(again["results"][0], "pending_payment")
        journal = tmp_path / "journal"
        journal.write_bytes(
            journal.read_bytes().rpartition(b'{"')[0]
        )  # the process dies before its end


def test_nothing_is_ordered_for_a_server_that_the_plan_called_impossible(bulk, tmp_path):
    plan = {"plan_file": str(tmp_path / "plan.json")}
    looks = (get(SHOW, server(status=10)), OTHER_OLD, *flavors(), *open_orders())
    servers = {"server_ids": [SERVER_ID, OTHER_ID], "max_failures": "1"}
    assert outcomes(bulk(*looks, check_mode=True, **servers, **plan)) == ["failed", "changed"]
    result = bulk(OLD_STILL, OTHER_OLD, *flavors(), *open_orders(), *OTHER_ORDER, **plan)
    assert (outcomes(result), result["api_calls"]["write"]) == (["moved", "changed"], 1)
    assert "the plan predicted that it would not be changed" in result["results"][0]["msg"]


@pytest.mark.parametrize(
    "change",
    [
        {"availability_zone": "cn-north-4b"},
        {"server_name": "renamed"},
        {"metadata": {"charging_mode": 1}},
    ],
)
def test_the_approval_of_a_rollback_covers_what_that_of_the_change_does(bulk, tmp_path, change):
    journal = str(tmp_path / "journal")
    bulk(*BEGIN, *BEFORE, placed(), NEW_NOW, journal=journal)
    back = {"rollback": journal, "plan_file": str(tmp_path / "plan.json")}
    assert outcomes(bulk(NEW_NOW, *flavors(), *open_orders(), check_mode=True, **back)) == [
        "changed"
    ]
    now = get(SHOW, server(flavor=NEW, **change))
    result = bulk(now, *flavors(), *open_orders(), **back)
    assert (outcomes(result), result["api_calls"]["write"]) == (["moved"], 0)
    assert "was " in result["results"][0]["msg"]


def test_an_order_of_which_no_end_was_seen_stays_in_its_row(bulk, tmp_path):
    given = {"journal": str(tmp_path / "journal"), "server_ids": [SERVER_ID, OTHER_ID]}
    looks = (OLD_STILL, OTHER_OLD, *flavors(), *open_orders())
    late = (*BEFORE, placed(), OLD_STILL, order_read(3))
    assert outcomes(bulk(*looks, *late, wait_timeout=0, **given)) == ["failed", "skipped"]
    # The order of the first server does not keep the second one back.
    begin = (NEW_NOW, OTHER_OLD, *flavors(), *open_orders(OWN), NEW_NOW)
    result = bulk(*begin, *open_orders(OWN), OTHER_OLD, placed("CS2"), OTHER_NEW, **given)
    assert outcomes(result) == ["changed", "changed"]
    assert [(row["earlier"], row["order_id"]) for row in result["results"]] == [
        (True, "CS1"),
        (False, "CS2"),
    ]
