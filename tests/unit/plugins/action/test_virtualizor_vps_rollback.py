# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way back of the bulk action on a Virtualizor panel."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import Step
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes, timeless
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor_bulk import (
    BIGGER,
    DOES,
    FOUND,
    PLAN,
    SMALL,
    VpsBulkRunner,
    change,
    form,
    moved,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor_vps import (
    plan,
    plans,
    servers,
    states,
    vps,
)


@pytest.fixture
def bulk(tmp_path, monkeypatch) -> VpsBulkRunner:
    return VpsBulkRunner(tmp_path, monkeypatch)


OLD = plan(2, "KVM 2G")
NEW = plan(3, ram="4096", cores="4")
BACK = {"plid": 2, "apply_plan": 1}


@pytest.fixture
def journal(bulk) -> str:
    """The journal of a run that moved VPS 17 from plan 2 to plan 3, with more memory and cores."""
    file = str(bulk.folder / "journal")
    bulk.run(*FOUND, *DOES, all=True, journal=file)
    return file


@pytest.fixture
def grown(bulk) -> str:
    """The journal of a run that gave VPS 17 a larger disk, swap and io besides."""
    file = str(bulk.folder / "journal")
    more = {"ram": "4096", "cores": "4", "space": "80", "swap": "2048"}
    found = (plans(plan(**more)), servers(SMALL), form(SMALL), states(v17=1))
    bulk.run(*found, change(), moved(**more), all=True, journal=file)
    return file


def has(**changes: Any) -> Step:
    """VPS 17 as the run left it, or with what has changed since."""
    return form(vps(17, **{**BIGGER, **changes}))


def test_a_rollback_moves_back_to_the_plan(bulk, journal):
    looks = (plans(OLD, NEW), has(), states(v17=1))
    foretold = bulk.run(*looks, check_mode=True, rollback=journal)
    assert foretold["msg"] == "VPSs: 1 would change"
    result = bulk.run(*looks, change(**BACK), form(SMALL), rollback=journal)
    assert timeless(result) == foretold["results"]
    row = result["results"][0]
    assert (row["name"], row["restart_required"]) == ("web17.example.com", True)
    assert {change["field"]: change["after"] for change in row["changes"]} == {
        "plan_id": 2,
        "ram": 2048,
        "cores": 2,
    }
    again = bulk.run(plans(OLD, NEW), form(SMALL), rollback=journal)
    assert (again["changed"], outcomes(again)) == (False, {17: "unchanged"})


def test_many_are_read_from_the_list(bulk):
    fleet = [vps(17), vps(18)]
    file = str(bulk.folder / "journal")
    moves = [change(17), moved(17), change(18), moved(18)]
    found = (PLAN, servers(*fleet), form(fleet[0]), states(v17=1, v18=1))
    bulk.run(*found, *moves, all=True, journal=file)
    now = [vps(17, **BIGGER), vps(18, **BIGGER)]
    steps = (plans(OLD, NEW), servers(*now, vps(19)), form(now[0]), states(v17=1, v18=1))
    result = bulk.run(*steps, check_mode=True, rollback=file)
    assert outcomes(result) == {17: "changed", 18: "changed"}


def test_a_disk_that_has_grown_is_kept_and_this_is_predicted(bulk, grown):
    left = has(space="80", swap="2048")
    looks = (plans(OLD, plan(space="80")), left, states(v17=1))
    strict = bulk.run(*looks, rollback=grown)
    assert (strict["failed"], strict["failure"]["code"]) == (True, "refused")
    assert "space stays at 80 GB instead of 40 GB: the panel never makes a disk" in strict["msg"]
    foretold = bulk.run(*looks, check_mode=True, rollback=grown, on_refused="warn")
    sent = change(plid=2, ram=2048, cores=2)
    after = form(vps(17, space="80", swap="2048"))
    result = bulk.run(*looks, sent, after, rollback=grown, on_refused="warn")
    assert result["results"][0]["changes"] == foretold["results"][0]["changes"]
    refused = {
        change["field"]: change["message"]
        for change in result["results"][0]["changes"]
        if change["outcome"] == "refused"
    }
    assert refused == {
        "space": "the panel never makes a disk smaller",
        "swap": "the panel only sets it with a plan, and the earlier plan would not restore the values",
    }
    again = bulk.run(plans(OLD, NEW), after, rollback=grown, on_refused="ignore")
    assert (again["changed"], outcomes(again)) == (False, {17: "refused"})


@pytest.mark.parametrize(
    ("old", "message"),
    [
        ([], "the panel no longer has plan 2"),
        ([plan(2, "KVM 2G", is_enabled="0")], "plan 2 (KVM 2G) is disabled (see allow_disabled)"),
        ([plan(2, "KVM 2G", virt="lxc")], "plan 2 is for lxc by now"),
    ],
)
def test_values_are_restored_if_the_label_cannot_be(bulk, journal, old, message):
    looks = (plans(*old, NEW), has(), states(v17=1))
    sent = change(plid=3, ram=2048, cores=2)
    after = form(vps(17, plid="3"))
    result = bulk.run(*looks, sent, after, rollback=journal, on_refused="ignore")
    row = result["results"][0]
    assert row["outcome"] == "changed"
    assert [each["message"] for each in row["changes"] if each["outcome"] == "refused"] == [message]


def test_values_that_the_panel_changed_with_the_label_are_restored_too(bulk):
    file = str(bulk.folder / "journal")
    steps = (PLAN, servers(SMALL), change(plid=3), moved(), states(v17=1))
    (row,) = bulk.run(*steps, all=True, apply_plan=False, journal=file)["results"]
    assert {each["field"] for each in row["changes"]} == {"plan_id", "ram", "cores"}
    steps = (plans(OLD, NEW), has(), states(v17=1), change(**BACK), form(SMALL))
    (row,) = bulk.run(*steps, rollback=file)["results"]
    assert {each["field"]: each["after"] for each in row["changes"]} == {
        "plan_id": 2,
        "ram": 2048,
        "cores": 2,
    }


def test_values_that_were_not_compared_are_restored_too(bulk):
    file = str(bulk.folder / "journal")
    found = (PLAN, servers(SMALL), form(SMALL), form(SMALL), states(v17=1))
    bulk.run(*found, *DOES, all=True, compare=["ram"], journal=file)
    steps = (plans(OLD, NEW), has(), states(v17=1), change(**BACK), form(SMALL))
    (row,) = bulk.run(*steps, rollback=file)["results"]
    assert {each["field"] for each in row["changes"]} == {"plan_id", "ram", "cores"}


def test_a_disabled_plan_is_restored_if_allowed(bulk, journal):
    disabled = plan(2, "KVM 2G", is_enabled="0")
    steps = (plans(disabled, NEW), has(), states(v17=1), change(**BACK), form(SMALL))
    assert bulk.run(*steps, rollback=journal, allow_disabled=True)["changed"]


def test_an_old_plan_with_other_values_is_not_applied(bulk, journal):
    edited = plan(2, "KVM 2G", ram="1024")
    sent = change(plid=2, ram=2048, cores=2)
    steps = (plans(edited, NEW), has(), states(v17=1), sent, form(SMALL))
    assert outcomes(bulk.run(*steps, rollback=journal)) == {17: "changed"}


def test_a_label_alone_goes_back_alone(bulk):
    file = str(bulk.folder / "journal")
    steps = (PLAN, servers(SMALL), change(plid=3), form(vps(17, plid="3")))
    bulk.run(*steps, all=True, apply_plan=False, journal=file)
    steps = (plans(OLD, NEW), form(vps(17, plid="3")), change(plid=2), form(SMALL))
    result = bulk.run(*steps, rollback=file)
    assert (outcomes(result), result["totals"]["restart_required"]) == ({17: "changed"}, 0)


@pytest.mark.parametrize(
    ("now", "message"),
    [
        (vps(17, **{**BIGGER, "ram": "8192"}), "its ram is now 8192, and was 4096 after the run"),
        (vps(17, **{**BIGGER, "plid": "5"}), "its plan_id is now 5"),
        ({}, "it is gone"),
    ],
)
def test_a_vps_that_is_not_as_it_was_left_is_left_alone(bulk, journal, now, message):
    result = bulk.run(plans(OLD, NEW), form(now, 17), rollback=journal)
    assert (outcomes(result), result["api_calls"]["write"]) == ({17: "moved"}, 0)
    assert message in result["results"][0]["msg"]


def test_an_upload_speed_may_be_spelt_in_two_ways(bulk):
    file = str(bulk.folder / "journal")
    slow = vps(17, upload_speed="6400")
    spelt = vps(17, plid="3", upload_speed="12800")  # as fast as network_speed, for -1
    bulk.run(
        *(plans(plan()), servers(slow), form(slow), states(v17=1)),
        *(change(), form(spelt)),
        all=True,
        journal=file,
    )
    looks = (plans(plan(2, "KVM 2G", upload_speed="6400"), plan()), form(spelt), states(v17=1))
    result = bulk.run(*looks, change(**BACK), form(slow), rollback=file)
    assert outcomes(result) == {17: "changed"}


def test_a_locked_vps_is_not_given_anything_back(bulk, journal):
    result = bulk.run(plans(OLD, NEW), has(locked="1"), rollback=journal)
    assert (result["failure"]["code"], result["api_calls"]["write"]) == ("locked", 0)
    assert "Cannot restore the earlier values of VPS 17 (web17.example.com)" in result["msg"]


def test_what_the_panel_ignores_of_a_rollback_is_refused(bulk, journal):
    looks = (plans(OLD, NEW), has(), states(v17=1))
    ignored = (change(**BACK), form(vps(17, **{**BIGGER, "plid": "2"})))
    strict = bulk.run(*looks, *ignored, rollback=journal)
    assert "ram stays at 4096 MB instead of 2048 MB" in strict["msg"]
    lenient = bulk.run(*looks, *ignored, rollback=journal, on_refused="ignore")
    assert outcomes(lenient) == {17: "in_doubt"}


def test_an_interrupted_rollback_reads_before_it_continues(bulk, journal):
    back = bulk.folder / "back"
    looks = (plans(OLD, NEW), has(), states(v17=1))
    bulk.run(*looks, change(**BACK), form(SMALL), rollback=journal, journal=str(back))
    lines = back.read_text().splitlines(keepends=True)
    back.write_text("".join(lines[:2]))
    steps = (plans(OLD, NEW), form(SMALL), form(SMALL), states(v17=1))
    result = bulk.run(*steps, rollback=journal, journal=str(back))
    assert (result["changed"], outcomes(result)) == (False, {17: "changed"})
    assert result["results"][0]["restart_required"] is True


def test_a_plan_of_a_rollback_is_applied(bulk, journal):
    file = str(bulk.folder / "plan.json")
    looks = (plans(OLD, NEW), has(), states(v17=1))
    made = bulk.run(*looks, check_mode=True, rollback=journal, plan_file=file)
    reported = {"rollback": journal, "plan_file": file, "plan_sha256": made["plan_sha256"]}
    assert bulk.run(*looks, change(**BACK), form(SMALL), **reported)["changed"]


@pytest.mark.parametrize(
    "change", [{"suspended": "1"}, {"uid": "13"}, {"serid": 2}, {"hostname": "renamed"}]
)
def test_the_approval_of_a_rollback_covers_what_that_of_the_change_does(bulk, journal, change):
    file = str(bulk.folder / "plan.json")
    bulk.run(
        *(plans(OLD, NEW), has(), states(v17=1)),
        check_mode=True,
        rollback=journal,
        plan_file=file,
    )
    looks = (plans(OLD, NEW), has(**change), states(v17=1))
    result = bulk.run(*looks, rollback=journal, plan_file=file)
    assert (outcomes(result), result["api_calls"]["write"]) == ({17: "moved"}, 0)
    assert "when the plan was made, and is" in result["results"][0]["msg"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"all": True}, "all must not be set with rollback"),
        ({"vps_ids": [17]}, "vps_ids must not be set with rollback"),
        ({"exclude_ids": [1]}, "exclude_ids must not be set with rollback"),
        ({"apply_plan": False}, "apply_plan must not be set with rollback"),
        ({"compare": ["ram"]}, "compare must not be set with rollback"),
        ({"plan_id": 3}, "mutually exclusive"),
        ({"wait_timeout": -1}, "wait_timeout must be at least 0"),
    ],
)
def test_options_that_a_journal_answers_are_refused(bulk, journal, options, message):
    result = bulk.run(rollback=journal, **options)
    assert result["failed"]
    assert message in result["msg"]


def test_a_journal_of_another_panel_is_refused(bulk, journal):
    result = bulk.run(rollback=journal, api_url="https://other.example.com")
    assert "it is for the panel https://panel.example.com:4085" in result["msg"]


def test_a_journal_without_a_change_asks_for_nothing(bulk):
    empty = bulk.folder / "empty"
    empty.write_text("")
    result = bulk.run(rollback=str(empty))
    assert (result.get("failed"), result["api_calls"]["read"]) == (None, 0)
    assert "nothing to restore" in result["msg"]
