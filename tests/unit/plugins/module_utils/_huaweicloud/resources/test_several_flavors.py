# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One flavor for several servers: one order each, and no further one after a doubt."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.tests.unit.support.clock import (
    FakeClock,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.flavor_tasks import (
    LOST,
    NEW_NOW,
    OLD_STILL,
    ORDERED,
    OTHER_ID,
    OTHER_SHOW,
    PAID,
    fail_move,
    move,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    CHANGE,
    NEW,
    SERVER_ID,
    SHOW,
    flavors,
    get,
    post,
    server,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    answer,
)

BOTH = {"server_ids": [SERVER_ID, OTHER_ID]}
BOTH_READ = (get(SHOW, server()), get(OTHER_SHOW, server(OTHER_ID)), *flavors())
OTHER_NEW = get(OTHER_SHOW, server(OTHER_ID, NEW))


def test_several_servers_are_ordered_one_by_one_and_waited_for_together():
    clock = FakeClock()
    steps = (
        *BOTH_READ,
        post(CHANGE, ORDERED),
        post(CHANGE, {**ORDERED, "order_id": "CS2"}),
        OLD_STILL,
        get(OTHER_SHOW, server(OTHER_ID)),
        NEW_NOW,
        OTHER_NEW,
    )
    result = move(*steps, clock=clock, **BOTH, **PAID)
    assert result["changed"] is True
    assert [row["order_id"] for row in result["servers"]] == ["CS1", "CS2"]
    assert [row["server"]["id"] for row in result["servers"]] == [SERVER_ID, OTHER_ID]
    assert len(result["diff"]) == 2
    assert clock.sleeps == [10.0]


def test_one_objection_keeps_all_orders_back():
    steps = (get(SHOW, server()), get(OTHER_SHOW, server(OTHER_ID, status=8)), *flavors())
    error = fail_move(*steps, **BOTH, **PAID)
    assert f"server {OTHER_ID}" in error.msg
    assert not error.partial


def test_servers_that_have_the_flavor_are_left_alone():
    steps = (get(SHOW, server(flavor=NEW)), get(OTHER_SHOW, server(OTHER_ID)), *flavors())
    result = move(*steps, post(CHANGE, ORDERED), OTHER_NEW, **BOTH, **PAID)
    assert [row["changed"] for row in result["servers"]] == [False, True]


def test_a_refused_order_is_the_last_one():
    refused = answer(400, {"error_code": "CPS.0196", "error_msg": "quota"})
    error = fail_move(*BOTH_READ, post(CHANGE, ORDERED), post(CHANGE, refused), **BOTH, **PAID)
    result = error.to_result()
    assert (result["changed"], result["failure"]["partial"]) == (True, True)
    assert [row["order_id"] for row in result["servers"]] == ["CS1", None]
    assert [row["changed"] for row in result["servers"]] == [True, False]


def test_after_a_lost_answer_the_next_is_ordered_only_when_it_is_known():
    steps = (*BOTH_READ, LOST, OLD_STILL, NEW_NOW, post(CHANGE, ORDERED), OTHER_NEW)
    result = move(*steps, **BOTH, **PAID)
    assert [row["changed"] for row in result["servers"]] == [True, True]


def test_after_a_lost_answer_that_stays_unknown_nothing_more_is_ordered():
    error = fail_move(*BOTH_READ, LOST, OLD_STILL, OLD_STILL, wait_timeout=10, **BOTH, **PAID)
    result = error.to_result()
    assert [row["changed"] for row in result["servers"]] == [True, False]
    assert result["failure"]["state"] == "unknown"


def test_two_failures_are_both_told():
    steps = (*BOTH_READ, post(CHANGE, ORDERED), post(CHANGE, {**ORDERED, "order_id": "CS2"}))
    broken = (get(SHOW, server(status=2)), get(OTHER_SHOW, server(OTHER_ID, status=8)))
    error = fail_move(*steps, *broken, **BOTH, **PAID)
    assert SERVER_ID in error.msg
    assert f"so did server {OTHER_ID}" in error.msg
