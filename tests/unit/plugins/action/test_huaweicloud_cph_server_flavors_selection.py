# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which servers the bulk action on Huawei Cloud selects, and what a plan covers."""

from __future__ import annotations

import json

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.flavor_fleet import (
    BEFORE,
    FlavorFleet,
    listed,
    outcomes,
    placed,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.flavor_tasks import (
    NEW_NOW,
    OTHER_ID,
    OTHER_SHOW,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    NEW,
    OLD,
    SERVER_ID,
    SHOW,
    flavors,
    get,
    open_orders,
    server,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer

#: Options of a comparison that reads servers only.
OPEN = {"precheck": "none", "ignore_open_orders": True}
GONE = get(SHOW, server(status=6))
NO_SERVER = answer(404, {"error_code": "CPS.0015", "error_msg": "no server"})


@pytest.fixture
def bulk(tmp_path) -> FlavorFleet:
    return FlavorFleet(tmp_path)


FLEET = (
    server(),
    server(OTHER_ID, availability_zone="cn-north-4b", enterprise_project_id="e-1"),
    server("5e000000000000000000000000000009", NEW, network_version="v2"),
    server("5e000000000000000000000000000010", status=6),
    server("5e000000000000000000000000000011", status=10, metadata={"charging_mode": 1}),
)


@pytest.mark.parametrize(
    ("given", "asked", "desired"),
    [
        ({}, {}, ["07", "08", "09", "11"]),
        ({"exclude_ids": [SERVER_ID], "exclude_names": ["phones-09"]}, {}, ["08", "11"]),
        ({"current_server_model_names": [OLD[0]]}, {}, ["07", "08", "11"]),
        ({"current_phone_model_names": [NEW[1]]}, {"phone_model_name": NEW[1]}, ["09"]),
        ({"states": ["normal"]}, {"status": 5}, ["07", "08", "09"]),
        ({"availability_zones": ["cn-north-4b"]}, {}, ["08"]),
        ({"enterprise_project_ids": ["e-1"]}, {}, ["08"]),
        ({"charging_mode": "on_demand"}, {}, ["11"]),
        ({"network_version": "v2"}, {"network_version": "v2"}, ["09"]),
        ({"states": []}, {}, []),
        ({"availability_zones": []}, {}, []),
    ],
)
def test_servers_are_selected_from_one_list(bulk, given, asked, desired):
    if not desired:
        given = {**given, "on_unmatched": "ignore"}
    result = bulk(listed(*FLEET, **asked), check_mode=True, all=True, **OPEN, **given)
    assert [row["name"][-2:] for row in result["results"]] == desired


def test_servers_are_selected_by_name(bulk):
    names = {"server_names": ["phones-09", "phones-07"]}
    result = bulk(listed(*FLEET), *flavors(), *open_orders(), check_mode=True, **names)
    assert outcomes(result) == ["unchanged", "changed"]


def test_many_ids_are_read_from_the_list(bulk):
    rows = [server(f"5e{number:030}", NEW) for number in range(9)]
    ids = [row["server_id"] for row in reversed(rows)]
    result = bulk(listed(*rows), server_ids=ids)
    assert [row["id"] for row in result["results"]] == ids


@pytest.mark.parametrize("option", ["server_ids", "server_names"])
def test_an_empty_list_selects_nothing(bulk, option):
    refused = bulk(**{option: []})
    assert (refused["failed"], refused["failure"]["code"]) == (True, "not_found")
    assert "no servers are selected" in refused["msg"]
    result = bulk(**{option: []}, on_unmatched="warn")
    assert (result["failed"], result["changed"]) == (False, False)
    assert result["warnings"] == ["no servers are selected"]
    assert "none is selected" in result["msg"]


# --- values that match nothing ----------------------------------------------------------------


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize("step", [GONE, get(SHOW, NO_SERVER)])
def test_an_id_that_does_not_exist_is_refused(bulk, step, check_mode):
    result = bulk(step, check_mode=check_mode)
    assert (result["failed"], result["failure"]["code"]) == (True, "not_found")
    assert f"no servers match server_ids '{SERVER_ID}'" in result["msg"]


@pytest.mark.parametrize(
    ("given", "asked", "more", "message"),
    [
        ({"exclude_ids": ["5e99"]}, {}, False, "exclude_ids '5e99'"),
        ({"exclude_names": ["phones-7"]}, {}, False, "'phones-7' (did you mean 'phones-07'"),
        ({"exclude_names": [SERVER_ID]}, {}, False, "is the ID of 'phones-07'"),
        ({"availability_zones": ["cn-north-4z"]}, {}, False, "availability_zones 'cn-north-4z'"),
        ({"enterprise_project_ids": ["e-9"]}, {}, False, "enterprise_project_ids 'e-9'"),
        (
            {"states": ["normal"], "exclude_ids": ["5e99"]},
            {"status": 5},
            True,
            "exclude_ids '5e99'",
        ),
        ({"states": ["frozen"]}, {"status": 8}, False, "no servers are selected"),
        ({"exclude_names": ["phones-10"]}, {}, False, "exclude_names 'phones-10'"),
    ],
)
def test_a_value_that_matches_nothing_is_refused(bulk, given, asked, more, message):
    fleet = [{"enterprise_project_id": "0", **row} for row in FLEET]
    everything = [listed(*fleet)] if more else []
    result = bulk(listed(*fleet, **asked), *everything, all=True, **given)
    assert (result["failed"], result["failure"]["code"]) == (True, "not_found")
    assert message in result["msg"]


def test_an_exclusion_outside_the_selection_is_accepted(bulk):
    given = {"states": ["stopped"], "exclude_names": ["phones-09"], **OPEN}
    steps = (listed(FLEET[-1], status=10), listed(*FLEET))
    assert outcomes(bulk(*steps, check_mode=True, all=True, **given)) == ["changed"]


def test_a_flavor_without_servers_is_accepted(bulk):
    given = {"current_server_model_names": [OLD[0]], "all": True}
    result = bulk(listed(server(SERVER_ID, NEW)), flavors()[0], **given)
    assert (result["failed"], result["results"]) == (False, [])
    assert result["warnings"] == ["none of the selected servers has one of the current flavors"]
    given = {"current_phone_model_names": [OLD[1]], "all": True}
    result = bulk(listed(phone_model_name=OLD[1]), flavors()[0], **given)
    assert (result["failed"], result["results"]) == (False, [])


@pytest.mark.parametrize(
    ("option", "position"), [("current_server_model_names", 0), ("current_phone_model_names", 1)]
)
def test_a_flavor_that_does_not_exist_is_refused(bulk, option, position):
    typo = OLD[position].replace("rx1", "rx2")
    names = [NEW[position], typo]
    result = bulk(listed(server(SERVER_ID, NEW)), flavors()[0], **{option: names}, all=True)
    assert (result["failed"], result["failure"]["code"]) == (True, "not_found")
    assert f"{option} '{typo}' (did you mean '{OLD[position]}'" in result["msg"]


@pytest.mark.parametrize("on_unmatched", ["warn", "ignore"])
@pytest.mark.parametrize(
    ("given", "steps", "unknown"),
    [
        ({"server_ids": [OTHER_ID, SERVER_ID]}, (get(OTHER_SHOW, NO_SERVER), get(SHOW, server())), OTHER_ID),
        ({"server_names": ["db/1", "phones-07"]}, (listed(*FLEET),), "db/1"),
    ],
)  # fmt: skip
def test_an_unknown_server_does_not_void_the_others(
    bulk, tmp_path, given, steps, unknown, on_unmatched
):
    plan = str(tmp_path / "plan.json")
    lists = (*flavors(), *open_orders())
    result = bulk(
        *steps, *lists, check_mode=True, plan_file=plan, on_unmatched=on_unmatched, **given
    )
    found = {row["id"]: row["outcome"] for row in result["results"]}
    assert found == {SERVER_ID: "changed", unknown: "moved"}
    assert len(result["warnings"]) == (1 if on_unmatched == "warn" else 0)
    again = (get(OTHER_SHOW, NO_SERVER),) if unknown == OTHER_ID else ()
    done = bulk(get(SHOW, server()), *again, *lists, *BEFORE, placed(), NEW_NOW, plan_file=plan)
    found = {row["id"]: row["outcome"] for row in done["results"]}
    assert found == {SERVER_ID: "changed", unknown: "moved"}


# --- what a plan covers -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "now"),
    [
        ({}, {"server_name": "db-01"}),
        ({}, {"availability_zone": "cn-north-4b"}),
        ({}, {"enterprise_project_id": "0"}),
        ({}, {"metadata": {"charging_mode": 1}}),
        ({"network_version": "v1"}, {"network_version": "v2"}),
        ({"states": ["normal"]}, {"status": 10}),
    ],
)
def test_a_server_that_the_approval_does_not_cover_is_left_alone(bulk, tmp_path, given, now):
    plan = tmp_path / "plan.json"
    before = server(availability_zone="cn-north-4a", network_version="v1")
    lists = (*flavors(), *open_orders())
    bulk(
        get(SHOW, before),
        *lists,
        check_mode=True,
        plan_file=str(plan),
        server_ids=[SERVER_ID],
        **given,
    )
    (item,) = json.loads(plan.read_text())["items"]
    assert item["selected_by"]["name"] == "phones-07"
    after = {**before, **now}
    result = bulk(get(SHOW, after), plan_file=str(plan), **OPEN)
    assert outcomes(result) == ["moved"]
    assert "when the plan was made" in result["results"][0]["msg"]
