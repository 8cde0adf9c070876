# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which servers a bulk action changes, and what becomes of values that match none."""

from __future__ import annotations

import json

import pytest

from ansible_collections.vpsfleet.panels.plugins.action.virtfusion_server_packages import (
    ActionModule,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.bulk import BulkRunner
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer, get, ok
from ansible_collections.vpsfleet.panels.tests.unit.support.server_packages import (
    BIG,
    PACKAGE,
    SMALL,
    again,
    change,
    listed,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import page, row, server


@pytest.fixture
def bulk(tmp_path, monkeypatch) -> BulkRunner:
    name = "vpsfleet.panels.virtfusion_server_packages"
    return BulkRunner(ActionModule, name, tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("options", "read", "message"),
    [
        ({"all": True, "exclude_ids": [99]}, [7, 8], "no servers match exclude_ids 99"),
        ({"all": True, "exclude_names": ["web1"]}, [7, 8], "'web1' (did you mean 'web01'"),
        ({"all": True, "exclude_names": ["7"]}, [7, 8], "'7' (7 is the ID of 'web01')"),
        ({"hypervisor_ids": [6, 99]}, [7, 8], "no servers match hypervisor_ids 99"),
        ({"owner_ids": [99]}, [], "no servers match owner_ids 99"),
        ({"owner_ids": [4], "hypervisor_ids": [99]}, [], "no servers match hypervisor_ids 99"),
        ({"server_names": ["web01", "WEB02"]}, [7], "did you mean 'web02'? Names are"),
        ({"all": True, "suspended": True}, [7, 8], "no servers are selected"),
        ({"all": True, "exclude_ids": [7, 8]}, [7, 8], "no servers are selected"),
    ],
)
@pytest.mark.parametrize("rows", ["whole", "short"])
def test_a_value_that_matches_nothing_is_refused_before_any_write(
    bulk, options, read, message, rows
):
    found = [listed(SMALL, BIG)]
    if rows == "short":
        raws = {7: SMALL, 8: BIG}
        found = [listed(row(7, "web01"), row(8, "web02"))]
        found += [get(f"/servers/{server_id}", ok(raws[server_id])) for server_id in read]
    result = bulk.run(PACKAGE, *found, package_id=3, **options)
    assert (result["failed"], result["failure"]["code"]) == (True, "not_found")
    assert message in result["msg"]


def test_an_exclusion_outside_the_selection_is_accepted(bulk):
    everything = listed(SMALL, BIG, server(id=9, name="db01", hypervisorId=5))
    options = {"hypervisor_ids": [6], "exclude_names": ["db01"], "package_id": 3}
    result = bulk.run(PACKAGE, listed(SMALL, BIG), everything, check_mode=True, **options)
    assert outcomes(result) == {7: "changed", 8: "unchanged"}
    options["exclude_names"] = ["db1"]
    result = bulk.run(PACKAGE, listed(SMALL, BIG), everything, check_mode=True, **options)
    assert "exclude_names 'db1' (did you mean 'db01'?)" in result["msg"]


@pytest.mark.parametrize("names", [["web01", "web10"], ["web10", "web01"]])
def test_the_place_of_an_unknown_name_does_not_matter(bulk, names):
    options = {"package_id": 3, "on_unmatched": "warn", "check_mode": True}
    result = bulk.run(PACKAGE, listed(SMALL), server_names=names, **options)
    assert outcomes(result) == {7: "changed", "web10": "moved"}


@pytest.mark.parametrize("on_unmatched", ["warn", "ignore"])
def test_an_unknown_server_does_not_void_the_others(bulk, on_unmatched):
    options = {"package_id": 3, "on_unmatched": on_unmatched}
    steps = (PACKAGE, listed(SMALL), change(), again())
    result = bulk.run(*steps, server_names=["web01", "web10"], **options)
    assert outcomes(result) == {7: "changed", "web10": "moved"}
    assert result["results"][1]["msg"].startswith("no servers match this value of server_names")
    steps = (
        PACKAGE,
        get("/servers/7", ok(SMALL)),
        get("/servers/99", answer(404, {"msg": "server not found"})),
    )
    result = bulk.run(*steps, check_mode=True, server_ids=[7, 99], workers=2, **options)
    assert outcomes(result) == {7: "changed", 99: "moved"}
    assert len(result["warnings"]) == (1 if on_unmatched == "warn" else 0)


def test_a_resumed_run_may_find_deleted_servers(bulk):
    journal = bulk.folder / "journal"
    options = {"package_id": 3, "owner_ids": [4], "journal": str(journal)}
    bulk.run(PACKAGE, listed(SMALL), change(), again(), **options)
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(lines[:2]))
    gone = get("/servers/7", answer(404, {"msg": "server not found"}))
    result = bulk.run(PACKAGE, listed(), gone, on_unmatched="warn", **options)
    assert outcomes(result) == {7: "moved"}


# --- two selections --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"server_ids": [7], "all": True}, "server_ids and all are both set"),
        ({"owner_ids": [4], "all": True}, "owner_ids and all are both set"),
        ({"server_ids": [7], "server_names": ["a"]}, "mutually exclusive: server_ids|server_names"),
        ({"server_names": ["a"], "owner_ids": [4]}, "mutually exclusive: server_names|owner_ids"),
    ],
)
def test_two_selections_are_both_named(bulk, options, message):
    found = () if "mutually" in message else (PACKAGE,)
    result = bulk.run(*found, package_id=3, **options)
    assert message in result["msg"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"package_id": 3, "server_ids": ["web01"]}, "entry 1 of server_ids is the text 'web01'"),
        ({"package_id": 3, "server_ids": "7,web 02"}, "entry 2 of server_ids is the text 'web 02'"),
        ({"package_id": "Cloud 4", "all": True}, "package_id is the text 'Cloud 4', not an ID"),
        ({"package_id": 3, "all": True, "exclude_ids": ["db1"]}, "entry 1 of exclude_ids is the"),
        ({"package_id": 3, "hypervisor_ids": ["hv-6"]}, "entry 1 of hypervisor_ids is the text"),
    ],
)
def test_a_name_in_an_option_for_ids_is_reported(bulk, options, message):
    result = bulk.run(**options)
    assert message in result["msg"]
    assert result["msg"].endswith("not an ID: if it is a name, set the option for names")


@pytest.mark.parametrize("options", [{"server_ids": ["7"]}, {"server_ids": "7"}])
def test_an_id_in_text_is_an_id(bulk, options):
    found = (PACKAGE, get("/servers/7", ok(BIG | {"id": 7})))
    assert outcomes(bulk.run(*found, package_id="3", **options)) == {7: "unchanged"}


# --- one odd row ------------------------------------------------------------------------------

HALF = server(id=9, name="web09")
HALF["settings"]["resources"]["memory"] = "2048.50"


def test_a_value_that_cannot_be_read_is_the_error_of_its_server(bulk):
    steps = (PACKAGE, listed(SMALL, HALF, BIG), change(), again())
    result = bulk.run(*steps, package_id=3, all=True, max_failures="1")
    assert outcomes(result) == {7: "changed", 8: "unchanged", 9: "failed"}
    (odd,) = [each for each in result["results"] if each["id"] == 9]
    assert odd["name"] == "web09"
    assert "Cannot read server 9 (web09): the panel sends '2048.50' as memory" in odd["msg"]
    assert odd["failure"]["code"] == "protocol"


def test_a_decimal_without_a_fraction_is_read(bulk):
    decimal = server(id=7)
    decimal["settings"]["resources"]["memory"] = "4096.00"
    assert outcomes(bulk.run(PACKAGE, listed(decimal), package_id=3, all=True)) == {7: "unchanged"}


def test_a_server_that_cannot_be_read_by_itself_does_not_void_the_others(bulk):
    rows = listed(row(7, "web01"), row(9, "web09"))
    steps = (PACKAGE, rows, get("/servers/7", ok(SMALL)), get("/servers/9", ok(HALF)))
    result = bulk.run(*steps, check_mode=True, package_id=3, all=True, max_failures="1")
    assert outcomes(result) == {7: "changed", 9: "failed"}


def test_an_unreadable_server_is_not_rolled_back_and_the_others_are(bulk):
    journal = str(bulk.folder / "journal")
    steps = (
        PACKAGE,
        listed(SMALL, server(id=9, name="web09")),
        change(7),
        again(7),
        change(9),
        again(9),
    )
    bulk.run(*steps, package_id=3, all=True, journal=journal)
    steps = (get("/packages", answer(200, page())), listed(server(id=7, memory=4096), HALF))
    result = bulk.run(*steps, check_mode=True, rollback=journal, max_failures="1")
    assert outcomes(result) == {7: "changed", 9: "failed"}


# --- what a plan selected ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "now", "message"),
    [
        ({"all": True, "suspended": False}, {"suspended": True}, "its suspended was false when"),
        ({"hypervisor_ids": [6]}, {"hypervisorId": 5}, "its hypervisor_id was 6 when"),
        ({"owner_ids": [4]}, {"ownerId": 5}, "its owner_id was 4 when"),
        ({"server_names": ["web01"]}, {"name": "db01"}, 'its name was "web01" when'),
        ({"all": True, "exclude_names": ["web02"]}, {"name": "db01"}, 'its name was "web01" when'),
    ],
)
def test_a_server_that_the_plan_would_not_select_now_is_left_alone(bulk, options, now, message):
    plan = str(bulk.folder / "plan.json")
    found = (PACKAGE, listed(SMALL, BIG))
    bulk.run(*found, check_mode=True, package_id=3, plan_file=plan, **options)
    result = bulk.run(
        PACKAGE, get("/servers/7", ok(server(id=7, **now))), package_id=3, plan_file=plan
    )
    assert outcomes(result) == {7: "moved"}
    assert message in result["results"][0]["msg"]
    assert result["api_calls"]["write"] == 0


COVERED = {"name": "web01", "hypervisor_id": 6, "owner_id": 4, "suspended": False}


@pytest.mark.parametrize("way", [{"all": True}, {"server_ids": [7, 8]}])
@pytest.mark.parametrize(
    ("now", "outcome"),
    [
        ({"name": "db01"}, "moved"),
        ({"hypervisorId": 5}, "moved"),
        ({"ownerId": 5}, "moved"),
        ({"suspended": True}, "moved"),
        ({"protected": True}, "changed"),
    ],
)
def test_an_approval_covers_who_has_a_server_and_where_it_is(bulk, way, now, outcome):
    plan = bulk.folder / "plan.json"
    bulk.run(PACKAGE, listed(SMALL, BIG), check_mode=True, plan_file=str(plan), package_id=3, **way)
    (item,) = json.loads(plan.read_text())["items"]
    assert item["selected_by"] == COVERED
    steps = (PACKAGE, get("/servers/7", ok(server(id=7, **now))))
    if outcome == "changed":
        steps = (*steps, change(), again())
    assert outcomes(bulk.run(*steps, package_id=3, plan_file=str(plan))) == {7: outcome}


@pytest.mark.parametrize("rows", ["whole", "short"])
def test_a_shard_reads_and_changes_its_own_servers_only(bulk, rows):
    found = [listed(SMALL, BIG)]
    if rows == "short":
        # A server of another shard is not read.
        found = [listed(row(7, "web01"), row(8, "web02")), get("/servers/7", ok(SMALL))]
    result = bulk.run(PACKAGE, *found, change(), again(), package_id=3, all=True, shard="1/2")
    assert outcomes(result) == {7: "changed"}
    assert result["shard"] == "1/2"


@pytest.mark.parametrize("options", [{"suspended": True}, {"exclude_ids": [7, 8]}])
@pytest.mark.parametrize("shard", ["1/2", "2/2"])
def test_a_selection_of_no_server_is_refused_in_each_shard(bulk, options, shard):
    result = bulk.run(
        PACKAGE, listed(SMALL, BIG), package_id=3, all=True, shard=shard, check_mode=True, **options
    )
    assert result["failure"]["code"] == "not_found"
    assert "no servers are selected" in result["msg"]


def test_a_name_must_be_unique_on_the_panel_and_not_only_in_a_shard(bulk):
    twin = {**BIG, "name": SMALL["name"]}
    result = bulk.run(
        PACKAGE, listed(SMALL, twin), package_id=3, server_names=["web01"], shard="1/2"
    )
    assert (result["failed"], result["failure"]["code"]) == (True, "ambiguous")


@pytest.mark.parametrize("shard", ["0/4", "5/4", "a/b", "4"])
def test_a_shard_that_does_not_exist_is_refused_before_anything_is_sent(bulk, shard):
    result = bulk.run(package_id=3, all=True, shard=shard)
    assert (result["failed"], result["failure"]["code"]) == (True, "validation")
    assert "shard" in result["msg"]
