# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many servers on Huawei Cloud: never two orders for one server."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.flavor_fleet import (
    BEFORE,
    BEGIN,
    PLACED,
    PROCESSING,
    UNPAID,
    Cloud,
    FlavorFleet,
    outcomes,
    placed,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.flavor_tasks import (
    BODY,
    LOST,
    NEW_NOW,
    OLD_STILL,
    OTHER_ID,
    OTHER_SHOW,
    WISH,
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
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    answer,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import timeless

OTHER_NEW = get(OTHER_SHOW, server(OTHER_ID, NEW))
DENIED = answer(403, {"error_code": "CBC.0150", "error_msg": "no access"})


@pytest.fixture
def bulk(tmp_path) -> FlavorFleet:
    return FlavorFleet(tmp_path)


# --- never twice -----------------------------------------------------------------------------


@pytest.mark.parametrize("check_mode", [True, False])
def test_an_open_order_keeps_all_others_back(bulk, check_mode):
    result = bulk(*BEGIN[:3], *open_orders(UNPAID), check_mode=check_mode)
    assert (result["failed"], result["changed"], outcomes(result)) == (False, False, ["refused"])
    assert "order CS9 (pending_payment) is open and may be" in result["results"][0]["msg"]
    assert "ignore_open_orders" in result["warnings"][0]


def test_an_order_in_progress_is_waited_for(bulk):
    steps = (*BEGIN[:3], *open_orders(PROCESSING), *open_orders(PROCESSING), OLD_STILL, *BEFORE)
    result = bulk(*steps, placed(), NEW_NOW)
    assert (result["changed"], bulk.clock.sleeps) == (True, [10.0])
    held = bulk(*BEGIN[:3], *open_orders(PROCESSING), wait=False)
    assert outcomes(held) == ["refused"]


def test_an_order_that_turns_up_stops_the_run(bulk):
    result = bulk(*BEGIN, *open_orders(UNPAID), OLD_STILL)
    assert (result["failed"], result["api_calls"]["write"]) == (True, 0)
    assert result["failure"]["code"] == "conflict"
    still = (*open_orders(PROCESSING), OLD_STILL)
    late = bulk(*BEGIN, *still, *still, wait_timeout=10)
    assert late["failure"]["code"] == "conflict"


def test_open_orders_can_be_ignored(bulk):
    steps = (*BEGIN[:3], *open_orders(UNPAID), OLD_STILL, placed(), NEW_NOW)
    assert bulk(*steps, ignore_open_orders=True)["changed"]
    blind = (*BEGIN[:3], OLD_STILL, placed(), NEW_NOW)
    assert bulk(*blind, ignore_open_orders=True, bss_endpoint=None)["changed"]


@pytest.mark.parametrize("check_mode", [True, False])
def test_nothing_is_ordered_where_open_orders_cannot_be_seen(bulk, check_mode):
    result = bulk(*BEGIN[:3], bss_endpoint=None, check_mode=check_mode)
    assert (result["failed"], result["failure"]["code"]) == (True, "validation")
    assert "set bss_endpoint, or set ignore_open_orders" in result["msg"]
    denied = bulk(*BEGIN[:3], get(ORDERS, DENIED), check_mode=check_mode)
    assert (denied["failed"], denied["failure"]["code"]) == (True, "forbidden")


def test_nothing_is_ordered_once_open_orders_become_unreadable(bulk):
    result = bulk(*BEGIN, get(ORDERS, DENIED), OLD_STILL)
    assert (result["failure"]["code"], result["api_calls"]["write"]) == ("forbidden", 0)


def test_a_server_that_got_the_flavor_meanwhile_needs_no_order(bulk):
    result = bulk(*BEGIN, *open_orders(), NEW_NOW)
    assert (outcomes(result), result["api_calls"]["write"]) == (["unchanged"], 0)
    assert result["changed"] is False


def test_a_server_that_got_a_third_flavor_meanwhile_is_left_alone(bulk):
    third = ("physical.rx1.other", "rx1.other")
    result = bulk(*BEGIN, *open_orders(), get(SHOW, server(flavor=third)))
    assert (result["failure"]["code"], result["api_calls"]["write"]) == ("conflict", 0)
    assert "changed to rx1.other on physical.rx1.other" in result["msg"]


def test_a_server_that_broke_meanwhile_is_left_alone(bulk):
    result = bulk(*BEGIN, *open_orders(), get(SHOW, server(status=2)))
    assert (result["failure"]["code"], result["api_calls"]["write"]) == ("conflict", 0)


def test_a_lost_order_is_found_among_the_open_ones(bulk):
    new = open_orders(order("CS1", 3))
    looks = (OLD_STILL, order_read(3), NEW_NOW, order_read(5))
    result = bulk(*BEGIN, *BEFORE, LOST, *new, *looks)
    assert (outcomes(result), result["api_calls"]["write"]) == (["changed"], 1)
    assert "order CS1 is new, and is assumed to be it" in result["warnings"][0]


def test_a_lost_order_that_cannot_be_found_fails_and_is_not_sent_again(bulk):
    steps = (get(SHOW, server()), get(OTHER_SHOW, server(OTHER_ID)), *flavors(), *open_orders())
    lost = (*BEFORE, LOST, *open_orders(), OLD_STILL, OLD_STILL)
    result = bulk(*steps, *lost, server_ids=[SERVER_ID, OTHER_ID], wait_timeout=10)
    assert outcomes(result) == ["in_doubt", "skipped"]
    assert result["results"][0]["failure"]["state"] == "unknown"
    assert result["results"][0]["changed"]


def test_a_refused_order_is_the_last_one_unless_some_may_fail(bulk):
    quota = post(CHANGE, answer(400, {"error_code": "CPS.0196", "error_msg": "quota"}))
    both = (get(SHOW, server()), get(OTHER_SHOW, server(OTHER_ID)), *flavors(), *open_orders())
    ids = {"server_ids": [SERVER_ID, OTHER_ID]}
    refused = bulk(*both, *BEFORE, quota, **ids)
    assert outcomes(refused) == ["failed", "skipped"]
    assert not refused["results"][0]["changed"]
    go_on = (*open_orders(), get(OTHER_SHOW, server(OTHER_ID)), placed(), OTHER_NEW)
    result = bulk(*both, *BEFORE, quota, *go_on, **ids, max_failures="1")
    assert (outcomes(result), result["failed"]) == (["failed", "changed"], False)


def test_a_change_that_takes_too_long_was_ordered_all_the_same(bulk):
    steps = (*BEGIN, *BEFORE, placed(), OLD_STILL, order_read(3))
    result = bulk(*steps, wait_timeout=0)
    (row,) = result["results"]
    assert (row["failure"]["code"], row["failure"]["partial"]) == ("wait_timeout", True)
    assert (row["changes"], row["order_id"]) == ([], "CS1")


def test_a_cancelled_order_changed_nothing(bulk):
    result = bulk(*BEGIN, *BEFORE, placed(), OLD_STILL, order_read(4))
    assert (result["failure"]["code"], result["results"][0]["changes"]) == ("job_failed", [])


BOTH = (get(SHOW, server()), get(OTHER_SHOW, server(OTHER_ID)), *flavors(), *open_orders())
OWN_UNPAID = order("CS1", 6)


def test_an_unpaid_order_stops_the_run_regardless_of_the_limit(bulk):
    looks = (OLD_STILL, order_read(6)) * 3
    result = bulk(
        *BOTH, *BEFORE, placed(), *looks, server_ids=[SERVER_ID, OTHER_ID], max_failures="100%"
    )
    assert (result["failed"], outcomes(result)) == (True, ["failed", "skipped"])
    assert result["stopped"]["reason"] == "payment"
    assert "order CS1 is not paid although auto_pay is set" in result["msg"]
    (row, _skipped) = result["results"]
    assert (row["failure"]["partial"], row["pending_payment"], row["changes"]) == (True, True, [])


def test_an_order_that_is_paid_a_little_later_is_not_a_failure(bulk):
    looks = (OLD_STILL, order_read(6), OLD_STILL, order_read(6), OLD_STILL, order_read(3))
    looks = (*looks, NEW_NOW, order_read(5))
    assert outcomes(bulk(*BEGIN, *BEFORE, placed(), *looks)) == ["changed"]


def test_no_order_is_placed_while_an_own_one_should_have_paid_itself(bulk):
    # Without a wait, only the read before the next order shows the first one unpaid.
    steps = (*BOTH, *BEFORE, placed(), OLD_STILL, order_read(3))
    look = (*open_orders(OWN_UNPAID), get(OTHER_SHOW, server(OTHER_ID)))
    result = bulk(*steps, *look, server_ids=[SERVER_ID, OTHER_ID], wait=False)
    assert (outcomes(result), result["api_calls"]["write"]) == (["ordered", "failed"], 1)
    assert "order CS1 (pending_payment) is open" in result["msg"]


def test_unpaid_orders_of_the_run_do_not_prevent_its_other_orders(bulk):
    steps = (*BOTH, *BEFORE, placed(), OLD_STILL, order_read(6))
    other = get(OTHER_SHOW, server(OTHER_ID))
    read = get(f"{ORDERS}/details/CS2", {"order_info": order("CS2", 6)})
    more = (*open_orders(OWN_UNPAID), other, placed("CS2"), other, read)
    result = bulk(*steps, *more, server_ids=[SERVER_ID, OTHER_ID], auto_pay=False)
    assert outcomes(result) == ["ordered", "ordered"]
    assert [row["order_id"] for row in result["results"]] == ["CS1", "CS2"]


@pytest.mark.parametrize("status", [6, 2, 9, 1, 3])
def test_an_order_of_another_client_prevents_the_next_order(bulk, status):
    foreign = order("CS9", status)
    look = (*open_orders(foreign), get(OTHER_SHOW, server(OTHER_ID)))
    waits = look * (2 if status in (2, 3) else 1)
    steps = (*BOTH, *BEFORE, placed(), NEW_NOW, *waits)
    result = bulk(*steps, server_ids=[SERVER_ID, OTHER_ID], wait_timeout=10)
    assert (outcomes(result), result["api_calls"]["write"]) == (["changed", "failed"], 1)
    assert "order CS9" in result["msg"]


def test_orders_are_sent_one_by_one_and_waited_for_together(bulk):
    cloud = Cloud(12)
    result = bulk(cloud=cloud, all=True, workers=6)
    assert result["totals"]["changed"] == 12
    assert set(cloud.posts.values()) == {1}
    assert (len(cloud.posts), cloud.together) == (12, 1)


# --- a run that was cut off ------------------------------------------------------------------


@pytest.fixture
def cut_off(bulk, tmp_path) -> dict[str, Any]:
    """Options that resume a run that died after it had recorded its intent."""
    journal = tmp_path / "journal"
    bulk(*BEGIN, *BEFORE, placed(), NEW_NOW, journal=str(journal))
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(lines[:2]))
    return {"journal": str(journal)}


def test_what_an_earlier_run_has_ordered_is_found_done(bulk, cut_off):
    result = bulk(*BEGIN, NEW_NOW, **cut_off)
    assert (result["changed"], outcomes(result)) == (False, ["changed"])
    assert result["results"][0]["earlier"]


def test_what_an_earlier_run_may_have_ordered_is_waited_for(bulk, cut_off):
    steps = (*BEGIN[:3], *open_orders(PROCESSING), OLD_STILL)
    result = bulk(*steps, *open_orders(PROCESSING), OLD_STILL, *open_orders(), NEW_NOW, **cut_off)
    assert (outcomes(result), result["api_calls"]["write"]) == (["changed"], 0)
    row = result["results"][0]
    assert [each["after"] for each in row["changes"]] == list(NEW)
    # This run only waited for the order of the earlier one.
    assert (result["changed"], row["changed"], row["earlier"]) == (False, False, True)
    assert "an earlier run sent this change" in row["msg"]


def test_it_is_ordered_once_no_order_is_open(bulk, cut_off):
    result = bulk(*BEGIN, OLD_STILL, *BEFORE, *BEFORE, placed(), NEW_NOW, **cut_off)
    assert (outcomes(result), result["api_calls"]["write"]) == (["changed"], 1)
    assert bulk.clock.sleeps == [10.0]  # what was sent a moment ago may not be listed at once


@pytest.mark.parametrize("ignore", [True, False])
def test_it_is_not_ordered_while_an_order_waits_for_its_payment(bulk, cut_off, ignore):
    held = () if ignore else open_orders(UNPAID)
    look = (*open_orders(UNPAID), OLD_STILL)
    result = bulk(*BEGIN[:3], *held, OLD_STILL, *look, ignore_open_orders=ignore, **cut_off)
    # The open order may be the one that the earlier run sent.
    assert (outcomes(result), result["api_calls"]["write"]) == (["in_doubt"], 0)
    assert result["results"][0]["failure"]["state"] == "unknown"
    assert "order CS9 (pending_payment) is open" in result["msg"]
    assert "an earlier run may have ordered it" in result["msg"]


def test_it_is_never_ordered_while_orders_cannot_be_read(bulk, cut_off):
    blind = {"ignore_open_orders": True, "bss_endpoint": None, "wait_timeout": 10}
    steps = (*BEGIN[:3], OLD_STILL, OLD_STILL, OLD_STILL, OLD_STILL)
    result = bulk(*steps, **blind, **cut_off)
    assert (outcomes(result), result["api_calls"]["write"]) == (["in_doubt"], 0)
    assert result["results"][0]["failure"]["state"] == "unknown"
    assert "run this with a new journal" in result["msg"]
    late = bulk(*BEGIN[:3], OLD_STILL, OLD_STILL, NEW_NOW, **blind, **cut_off)
    assert outcomes(late) == ["changed"]


def test_a_server_that_starts_during_its_change_is_not_a_failure(bulk, cut_off):
    starting = get(SHOW, server(status=13))
    steps = (starting, *flavors(), starting, *open_orders(PROCESSING), starting)
    assert outcomes(bulk(*steps, *open_orders(PROCESSING), NEW_NOW, **cut_off)) == ["changed"]


# --- back again ------------------------------------------------------------------------------


@pytest.fixture
def changed(bulk, tmp_path) -> dict[str, Any]:
    """Options that undo a run which changed one server."""
    journal = str(tmp_path / "journal")
    bulk(*BEGIN, *BEFORE, placed(), NEW_NOW, journal=journal)
    return {"rollback": journal}


BACK = {**BODY, "server_model_name": OLD[0], "phone_model_name": OLD[1]}


def test_the_earlier_flavor_is_ordered_back(bulk, changed, tmp_path):
    steps = (NEW_NOW, *flavors(), *open_orders())
    predicted = bulk(*steps, check_mode=True, **changed)
    journal = {"journal": str(tmp_path / "back")}
    done = bulk(*steps, *open_orders(), NEW_NOW, placed(**BACK), OLD_STILL, **changed, **journal)
    assert (done["changed"], outcomes(done)) == (True, ["changed"])
    assert [{**row, **PLACED} for row in predicted["results"]] == timeless(done)
    again = bulk(OLD_STILL, **changed, **journal)
    assert (again["changed"], outcomes(again)) == (False, ["unchanged"])


def test_a_server_that_another_client_changed_is_left_alone(bulk, changed):
    result = bulk(get(SHOW, server(flavor=("physical.a", "a.b"))), **changed)
    assert (result["changed"], outcomes(result)) == (False, ["moved"])
    assert outcomes(bulk(get(SHOW, server(status=6)), **changed)) == ["moved"]


def test_a_flavor_that_is_no_longer_listed_is_refused_before_an_order(bulk, changed):
    lists = flavors(pair(NEW))
    result = bulk(NEW_NOW, *lists, check_mode=True, **changed)
    assert (result["changed"], outcomes(result)) == (False, ["refused"])
    assert "is not listed" in result["results"][0]["msg"]
    tried = bulk(NEW_NOW, *lists, *open_orders(), check_mode=True, precheck="warn", **changed)
    assert outcomes(tried) == ["changed"]


def test_an_open_order_keeps_a_rollback_back(bulk, changed):
    result = bulk(NEW_NOW, *flavors(), *open_orders(UNPAID), **changed)
    assert (result["changed"], outcomes(result)) == (False, ["refused"])


def test_an_order_that_was_paid_after_its_run_is_undone(bulk, tmp_path):
    journal = str(tmp_path / "unpaid")
    bulk(*BEGIN, *BEFORE, placed(), OLD_STILL, order_read(6), auto_pay=False, journal=journal)
    steps = (NEW_NOW, *flavors(), *open_orders())
    done = bulk(*steps, *open_orders(), NEW_NOW, placed(**BACK), OLD_STILL, rollback=journal)
    assert outcomes(done) == ["changed"]
    assert outcomes(bulk(OLD_STILL, *open_orders(), rollback=journal)) == ["unchanged"]


@pytest.mark.parametrize("open_order", [UNPAID, PROCESSING])
@pytest.mark.parametrize("check_mode", [True, False])
def test_a_rollback_says_that_an_order_can_still_take_effect(
    bulk, tmp_path, open_order, check_mode
):
    journal = str(tmp_path / "unpaid")
    bulk(*BEGIN, *BEFORE, placed(), OLD_STILL, order_read(6), auto_pay=False, journal=journal)
    steps = (OLD_STILL, *open_orders(open_order))
    result = bulk(*steps, check_mode=check_mode, rollback=journal)
    assert (result["changed"], outcomes(result)) == (False, ["moved"])
    assert "open and may be for this server" in result["results"][0]["msg"]
    assert "a rollback cancels no order" in result["results"][0]["msg"]


def test_an_order_that_had_no_effect_needs_no_rollback(bulk, changed):
    assert outcomes(bulk(OLD_STILL, **changed)) == ["unchanged"]


def test_a_rollback_that_was_cut_off_waits_before_it_orders(bulk, changed, tmp_path):
    journal = tmp_path / "back"
    given = {**changed, "journal": str(journal)}
    begin = (NEW_NOW, *flavors(), *open_orders())
    bulk(*begin, *open_orders(), NEW_NOW, placed(**BACK), OLD_STILL, **given)
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(lines[:2]))
    steps = (NEW_NOW, *flavors(), *open_orders(PROCESSING), NEW_NOW)
    result = bulk(*steps, *open_orders(PROCESSING), NEW_NOW, *open_orders(), OLD_STILL, **given)
    assert (outcomes(result), result["api_calls"]["write"]) == (["changed"], 0)
    journal.write_text("".join(lines[:2]))
    assert outcomes(bulk(OLD_STILL, OLD_STILL, **given)) == ["changed"]


def test_a_rollback_takes_no_flavor_and_no_servers(bulk, changed):
    result = bulk(**changed, server_ids=[SERVER_ID], **WISH)
    assert result["failed"]
    assert "must not be set with rollback" in result["msg"]
