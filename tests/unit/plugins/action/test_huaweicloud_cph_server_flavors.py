# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bulk action on Huawei Cloud, from its options to its result."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._task_options import TaskOptions
from ansible_collections.vpsfleet.panels.tests.unit.support.flavor_fleet import (
    ARGUMENTS,
    BEFORE,
    BEGIN,
    PLACED,
    FlavorFleet,
    listed,
    outcomes,
    placed,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.flavor_tasks import (
    BODY,
    NEW_NOW,
    OLD_STILL,
    OTHER_ID,
    OTHER_SHOW,
    WISH,
    order_read,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    CHANGE,
    CPH,
    NEW,
    OLD,
    PROJECT,
    REGION,
    SERVER_ID,
    SHOW,
    TOKEN,
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


@pytest.fixture
def bulk(tmp_path) -> FlavorFleet:
    return FlavorFleet(tmp_path)


# --- the change ------------------------------------------------------------------------------


def test_a_flavor_is_ordered_once_and_waited_for(bulk):
    looks = (OLD_STILL, order_read(3), NEW_NOW, order_read(5))
    result = bulk(*BEGIN, *BEFORE, placed(**BODY), *looks)
    assert (result["failed"], result["changed"], outcomes(result)) == (False, True, ["changed"])
    assert [row["after"] for row in result["results"][0]["changes"]] == list(NEW)
    assert (result["api_calls"]["read"], result["api_calls"]["write"]) == (18, 1)
    assert result["results"][0]["order_state"] == "completed"
    assert bulk.clock.sleeps == [10.0]


def test_servers_that_have_the_flavor_cost_the_list_alone(bulk):
    rows = [server(f"5e{number:030}", NEW) for number in range(20)]
    result = bulk(listed(*rows), all=True)
    assert (result["changed"], result["totals"]["unchanged"]) == (False, 20)
    assert result["api_calls"]["read"] == 1


def test_check_mode_reads_and_predicts(bulk):
    predicted = bulk(*BEGIN, check_mode=True)
    done = bulk(*BEGIN, *BEFORE, placed(), NEW_NOW)
    assert [{**row, **PLACED} for row in predicted["results"]] == timeless(done)
    assert predicted["api_calls"]["write"] == 0


def test_the_lists_and_the_open_orders_are_read_once_for_all(bulk):
    rows = [server(), server(OTHER_ID)]
    steps = (listed(*rows), *flavors(), *open_orders())
    assert bulk(*steps, check_mode=True, all=True)["totals"]["changed"] == 2


def test_an_order_of_the_run_holds_no_other_back(bulk):
    own = order("CS1", 3)
    steps = (
        *(get(SHOW, server()), get(OTHER_SHOW, server(OTHER_ID)), *flavors(), *open_orders()),
        *(*BEFORE, placed(), NEW_NOW),
        *(*open_orders(own), get(OTHER_SHOW, server(OTHER_ID)), placed("CS2"), OTHER_NEW),
    )
    result = bulk(*steps, server_ids=[SERVER_ID, OTHER_ID])
    assert outcomes(result) == ["changed"] * 2


def test_an_order_that_waits_for_its_payment_is_ordered_and_not_changed(bulk, tmp_path):
    journal = str(tmp_path / "journal")
    steps = (*BEGIN, *BEFORE, placed(), OLD_STILL, order_read(6))
    result = bulk(*steps, auto_pay=False, journal=journal)
    (row,) = result["results"]
    assert (row["outcome"], row["changed"], result["changed"]) == ("ordered", True, True)
    assert (result["totals"]["changed"], result["totals"]["ordered"]) == (0, 1)
    assert result["msg"] == "servers: 1 ordered and not changed yet"
    assert (row["order_id"], row["order_state"], row["pending_payment"], row["pay_until"]) == (
        "CS1",
        "pending_payment",
        True,
        "2026-01-02T00:00:00Z",
    )
    assert [(each["after"], each["desired"]) for each in row["changes"]] == list(
        zip(OLD, NEW, strict=True)
    )
    assert {each["outcome"] for each in row["changes"]} == {"unchanged"}
    assert "order CS1 waits for its payment" in row["msg"]
    assert "order CS1 waits for its payment" in result["warnings"][0]
    # The next run, with the same journal or without, sees the order and places none.
    again = bulk(*BEGIN[:3], *open_orders(order("CS1", 6)), auto_pay=False, journal=journal)
    assert (again["changed"], outcomes(again)) == (False, ["refused"])


def test_nothing_is_waited_for_without_wait(bulk):
    steps = (*BEGIN, *BEFORE, placed(), OLD_STILL, order_read(3))
    result = bulk(*steps, wait=False)
    assert (result["changed"], outcomes(result), bulk.clock.sleeps) == (True, ["ordered"], [])


def test_a_response_without_an_order_is_matched_with_the_new_order(bulk):
    steps = (*BEGIN, *BEFORE, post(CHANGE, {}), *open_orders(order("CS1", 3)), OLD_STILL)
    assert bulk(*steps, order_read(3), NEW_NOW, order_read(5))["changed"]


def test_what_speaks_against_a_flavor_is_in_the_plan(bulk):
    withdrawn = flavors(pair(OLD), pair(NEW, status=0))
    result = bulk(BEGIN[0], *withdrawn, *open_orders(), check_mode=True)
    assert "withdrawn from sale" in result["results"][0]["changes"][0]["message"]


def test_a_flavor_that_is_sold_out_is_a_warning(bulk):
    offers = [
        {"model_name": NEW[0], "available_zone": zone, "sell_status": status}
        for zone, status in (("cn-north-4a", "sellout"), ("cn-north-4b", "sellout"))
    ]
    table = get(f"{CPH}/server-model-offerings", {"models": offers}, {"limit": 100})
    result = bulk(*BEGIN, table, check_mode=True, check_capacity=True)
    (warning,) = result["warnings"]
    assert f"{NEW[0]} is sold out in cn-north-4a" in warning
    unknown = get(f"{CPH}/server-model-offerings", answer(404, {"error_code": "APIGW.0101"}))
    assert bulk(*BEGIN, unknown, check_mode=True, check_capacity=True)["warnings"] == []


# --- rules -----------------------------------------------------------------------------------


def test_a_server_that_breaks_a_rule_fails_before_anything_is_ordered(bulk):
    steps = (get(SHOW, server()), get(OTHER_SHOW, server(OTHER_ID, status=8)), *flavors())
    ids = {"server_ids": [SERVER_ID, OTHER_ID]}
    result = bulk(*steps, *open_orders(), **ids)
    assert outcomes(result) == ["skipped", "failed"]
    assert (result["failure"]["code"], result["api_calls"]["write"]) == ("conflict", 0)
    others = bulk(*steps, *open_orders(), *BEFORE, placed(), NEW_NOW, **ids, max_failures="1")
    assert outcomes(others) == ["changed", "failed"]


def test_rules_can_be_left_to_the_vendor(bulk):
    stopped = get(SHOW, server(status=10))
    after = get(SHOW, server(flavor=NEW, status=10))
    steps = (stopped, *flavors(), *open_orders(), *open_orders(), stopped, placed(), after)
    result = bulk(*steps, precheck="warn")
    assert "the server is stopped" in result["warnings"][0]
    unread = (stopped, *open_orders(), *open_orders(), stopped, placed(), after)
    assert bulk(*unread, precheck="none")["changed"]


# --- plans -----------------------------------------------------------------------------------


@pytest.fixture
def plan(bulk, tmp_path) -> dict[str, Any]:
    """Options that apply a plan for one server of two."""
    path = str(tmp_path / "plan.json")
    rows = (listed(server(), server(OTHER_ID, NEW)), *flavors(), *open_orders())
    bulk(*rows, check_mode=True, all=True, plan_file=path)
    return {"plan_file": path}


def test_a_plan_is_applied_by_itself(bulk, plan):
    assert outcomes(bulk(*BEGIN, *BEFORE, placed(), NEW_NOW, **plan)) == ["changed"]


def test_a_server_that_moved_since_the_plan_is_left_alone(bulk, plan):
    third = (OLD[0], "rx1.other.c60")
    steps = (get(SHOW, server(flavor=third)), *flavors(pair(third), pair(NEW)), *open_orders())
    assert outcomes(bulk(*steps, **plan)) == ["moved"]
    assert outcomes(bulk(get(SHOW, server(status=6)), **plan)) == ["moved"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"auto_pay": False}, "it is for auto_pay True, which is now False"),
        ({"phone_model_name": "rx1.other"}, "it is for phone_model_name"),
        ({"project_id": "f" * 32}, "project 0123456789abcdef0123456789abcdef"),
        ({"cph_endpoint": "https://other.example.com"}, "and this is https://other.example.com"),
    ],
)
def test_a_plan_of_something_else_is_refused(bulk, plan, options, message):
    result = bulk(**plan, **options)
    assert result["failed"]
    assert message in result["msg"]


# --- options ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"all": True}, "one of the following is required: server_model_name, rollback"),
        ({"all": True, "server_model_name": "a"}, "parameters are required together"),
        ({"all": True, **WISH, "states": ["gone"]}, "value of states must be one or more of"),
        ({"all": True, **WISH, "api_url": "https://x"}, "Unsupported parameters"),
    ],
)
def test_ansible_refuses_what_it_always_does(given, message):
    place = {"region": REGION, "project_id": PROJECT, "auth_token": TOKEN}
    found = TaskOptions(ARGUMENTS, {**place, **given}, "flavors")
    assert message in str(found.mistake)


@pytest.mark.parametrize(
    ("steps", "given", "code", "message"),
    [
        ((), {"server_ids": [SERVER_ID], "all": True}, "validation", "exactly one of server_ids"),
        ((), {"all": False}, "validation", "exactly one of server_ids, server_names and all"),
        ((), {"server_ids": [OTHER_ID, OTHER_ID]}, "validation", "server_ids names servers twice"),
        ((), {"server_names": ["a", "a"]}, "validation", "server_names names servers twice: a"),
        ((), {"server_ids": ["../x"]}, "validation", "server_ids must be an ID"),
        ((), {"phone_model_name": ""}, "validation", "phone_model_name is empty"),
        ((), {"wait_interval": 0}, "validation", "wait_interval must be at least 1"),
        ((), {"workers": 0}, "validation", "workers must be from 1 to 100"),
        ((), {"region": "nowhere"}, "validation", "region must be the name"),
        (
            (listed(server(), server(OTHER_ID, server_name="phones-07"), server_name="phones-07"),),
            {"server_names": ["phones-07"]},
            "ambiguous",
            "2 have that name",
        ),
    ],
)
@pytest.mark.parametrize("check_mode", [True, False])
def test_what_makes_no_sense_is_refused_before_anything_is_ordered(
    bulk, steps, given, code, message, check_mode
):
    result = bulk(*steps, check_mode=check_mode, **given)
    assert (result["failed"], result["failure"]["code"]) == (True, code)
    assert message in result["msg"]
