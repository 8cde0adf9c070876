# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rollback of the bulk action on a VirtFusion panel, and its health check."""

from __future__ import annotations

import json

import pytest

from ansible_collections.vpsfleet.panels.plugins.action.virtfusion_server_packages import (
    ActionModule,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.package import (
    ASPECTS,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.bulk import CONNECTION, BulkRunner
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    get,
    ok,
    put,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.server_packages import (
    PACKAGE,
    SMALL,
    again,
    change,
    listed,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes, timeless
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import package, server


@pytest.fixture
def bulk(tmp_path, monkeypatch) -> BulkRunner:
    name = "vpsfleet.panels.virtfusion_server_packages"
    return BulkRunner(ActionModule, name, tmp_path, monkeypatch)


# --- rollback --------------------------------------------------------------------------------


@pytest.fixture
def journal(bulk) -> str:
    """The journal of a run that gave server 7 twice its memory and twice its cores."""
    path = str(bulk.folder / "journal")
    bigger = get("/packages/3", ok(package(memory=4096, cpu=4)))
    done = again(memory=4096, cpu=4)
    bulk.run(bigger, listed(SMALL), change(), done, package_id=3, all=True, journal=path)
    return path


CHANGED = server(id=7, memory=4096, cpu=4)
FITTING, OTHER = package(id=2, name="Small"), package(id=4, name="Big", memory=8192, cpu=8)


def offered(*packages) -> Step:
    """The panel's packages."""
    return get("/packages", ok(list(packages)))


def found(raw) -> Step:
    """The single read of server 7."""
    return get("/servers/7", ok(raw))


def test_a_package_can_lower_the_values_of_another_one(bulk, journal):
    steps = (offered(OTHER, FITTING), found(CHANGED))
    foretold = bulk.run(*steps, check_mode=True, rollback=journal)
    flags = {aspect.flag: aspect.name in ("cpu", "memory") for aspect in ASPECTS}
    sent = put("/servers/7/package/2", answer(204), body=flags)
    done = bulk.run(*steps, sent, found(SMALL), rollback=journal)
    assert foretold["results"] == timeless(done)
    assert outcomes(done) == {7: "changed"}
    assert {row["field"]: row["after"] for row in done["results"][0]["changes"]} == {
        "cpu": 2,
        "memory": 2048,
    }
    assert done["results"][0]["restart_required"] is True


def test_where_no_package_fits_each_value_is_set_by_itself(bulk, journal):
    memory = put("/servers/7/modify/memory", answer(201))
    cores = put("/servers/7/modify/cpuCores", answer(201))
    steps = (offered(OTHER), found(CHANGED), memory, cores, found(SMALL))
    assert outcomes(bulk.run(*steps, rollback=journal)) == {7: "changed"}


def test_values_that_cannot_be_restored_are_predicted(bulk):
    path = str(bulk.folder / "journal")
    faster = get("/packages/3", ok(package(primary_disk_size=80, primary_network_inbound_speed=9)))
    grown = server(id=7, primary_disk_size=80, primary_network_inbound_speed=9)
    bulk.run(faster, listed(SMALL), change(), found(grown), package_id=3, all=True, journal=path)
    steps = (offered(package(id=3, primary_network_inbound_speed=9)), found(grown))
    result = bulk.run(*steps, check_mode=True, rollback=path)
    assert outcomes(result) == {7: "refused"}
    (warning,) = result["warnings"]
    assert "VirtFusion never makes a disk smaller" in warning
    assert "only a package can set it, and no package has the earlier value" in warning
    strict = bulk.run(*steps, check_mode=True, rollback=path, on_refused="fail")
    assert (strict["failed"], strict["failure"]["code"]) == (True, "refused")


def test_a_server_that_moved_on_is_left_alone(bulk, journal):
    elsewhere = server(id=7, memory=9000, cpu=4)
    result = bulk.run(offered(FITTING), found(elsewhere), rollback=journal)
    assert outcomes(result) == {7: "moved"}
    assert "its memory is now 9000, and was 4096 after the run" in result["results"][0]["msg"]


@pytest.mark.parametrize(
    "changed", [{"suspended": True}, {"ownerId": 5}, {"hypervisorId": 9}, {"name": "renamed"}]
)
def test_the_approval_of_a_rollback_covers_what_that_of_the_change_does(bulk, journal, changed):
    path = str(bulk.folder / "plan.json")
    steps = (offered(FITTING), found(CHANGED))
    bulk.run(*steps, check_mode=True, rollback=journal, plan_file=path)
    steps = (offered(FITTING), found({**CHANGED, **changed}))
    result = bulk.run(*steps, rollback=journal, plan_file=path)
    assert (outcomes(result), result["api_calls"]["write"]) == ({7: "moved"}, 0)
    assert "when the plan was made, and is" in result["results"][0]["msg"]


def test_a_server_that_has_everything_back_is_left_alone(bulk, journal):
    assert outcomes(bulk.run(offered(FITTING), found(SMALL), rollback=journal)) == {7: "unchanged"}


def test_a_single_value_that_fails_after_the_first_leaves_a_partial_change(bulk, journal):
    half = server(id=7, memory=2048, cpu=4)
    steps = (
        offered(OTHER),
        found(CHANGED),
        put("/servers/7/modify/memory", answer(201)),
        put("/servers/7/modify/cpuCores", answer(422, {"errors": ["no cores"]})),
        found(half),
    )
    own = str(bulk.folder / "back")
    result = bulk.run(*steps, rollback=journal, journal=own)
    assert (result["failed"], result["changed"]) == (True, True)
    assert [row["field"] for row in result["results"][0]["changes"]] == ["memory"]
    assert result["totals"]["restart_required"] == 1
    steps = (
        offered(OTHER),
        found(half),
        found(half),  # looked at before anything is repeated
        put("/servers/7/modify/cpuCores", answer(201)),
        found(SMALL),
    )
    result = bulk.run(*steps, rollback=journal, journal=own)
    assert outcomes(result) == {7: "changed"}
    assert {row["field"] for row in result["results"][0]["changes"]} == {"memory", "cpu"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"package_id": 3}, "mutually exclusive"),
        ({"all": True}, "all must not be set with rollback"),
        ({"server_ids": [7], "exclude_names": ["a"]}, "server_ids, exclude_names must not be set"),
        ({"aspects": ["cpu"]}, "aspects must not be set with rollback"),
        ({"wait_timeout": -1}, "wait_timeout must be at least 0"),
        ({"api_url": "https://other.example.com"}, "it is for the panel https://panel.example.com"),
    ],
)
def test_options_that_contradict_a_rollback_are_refused(bulk, journal, options, message):
    result = bulk.run(rollback=journal, **options)
    assert result["failed"]
    assert message in result["msg"]


def test_an_empty_journal_sends_nothing(bulk):
    (bulk.folder / "journal").touch()
    result = bulk.run(rollback=str(bulk.folder / "journal"))
    assert (result.get("failed"), result["changed"]) == (None, False)
    assert "nothing to restore" in result["msg"]


# --- health check ----------------------------------------------------------------------------


def test_a_health_check_sees_the_batch_and_no_token(bulk, monkeypatch):
    monkeypatch.setenv("VIRTFUSION_API_TOKEN", "another-token")
    monkeypatch.setenv("HIDDEN", f"Bearer {CONNECTION['api_token']}")
    monkeypatch.setenv("SHOWN", "yes")
    seen = bulk.folder / "seen"
    second = server(id=9, name="web09")
    steps = (PACKAGE, listed(SMALL, second), change(), again(), change(9), again(9))
    result = bulk.run(
        *steps,
        package_id=3,
        all=True,
        batches=["1", "100%"],
        health_check=["sh", "-c", f"cat > {seen}; env >> {seen}"],
    )
    assert result["totals"]["changed"] == 2
    reported, *variables = seen.read_text().splitlines()
    assert json.loads(reported) == {"batch": 1, "batches": 2, "servers": result["results"][:1]}
    assert "SHOWN=yes" in variables
    there = {line.split("=")[0] for line in variables}
    assert not there & {"VIRTFUSION_API_TOKEN", "HIDDEN"}
    assert any("checking the health after batch 1 of 2" in line for line in bulk.lines)


def test_a_health_check_that_fails_stops_the_run(bulk):
    token = CONNECTION["api_token"]
    steps = (PACKAGE, listed(SMALL, server(id=9, name="web09")), change(), again())
    result = bulk.run(
        *steps,
        package_id=3,
        all=True,
        batches=["1", "100%"],
        health_check=["sh", "-c", f"echo fine; echo '{token} is down' >&2; exit 3"],
        results_file=str(bulk.folder / "results.json"),
    )
    assert result["failed"]
    assert outcomes(result) == {7: "changed", 9: "skipped"}
    assert result["stopped"]["reason"] == "health"
    message = "the health check after batch 1 of 2 ended with status 3: "
    assert result["stopped"]["msg"].startswith(message)
    assert result["stopped"]["msg"].endswith(" is down")
    assert token not in (bulk.folder / "results.json").read_text()


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_health_check_that_is_not_there_is_refused_before_anything_is_sent(bulk, check_mode):
    options = {"package_id": 3, "all": True, "check_mode": check_mode}
    result = bulk.run(health_check=["no-such-command"], batches=["1", "100%"], **options)
    assert "health_check: there is no command no-such-command" in result["msg"]
    assert "names no command" in bulk.run(health_check=[], **options)["msg"]
