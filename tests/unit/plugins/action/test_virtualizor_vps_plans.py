# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bulk action on a Virtualizor panel, from its options to its result."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer, interrupted
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes, timeless
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import read
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor_bulk import (
    BIG,
    BIGGER,
    DOES,
    FOUND,
    HIDDEN,
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


# --- the change ------------------------------------------------------------------------------


def test_a_change_costs_its_write_and_its_read_back(bulk):
    result = bulk.run(*FOUND, *DOES, all=True)
    assert (result["changed"], outcomes(result)) == (True, {17: "changed", 18: "unchanged"})
    first = result["results"][0]
    assert (first["name"], first["restart_required"]) == ("web17.example.com", True)
    assert {row["field"]: row["after"] for row in first["changes"]} == {
        "plan_id": 3,
        "ram": 4096,
        "cores": 4,
    }
    # The plan, the list, one form, the states of all; then the read that proves the change.
    assert (result["api_calls"]["read"], result["api_calls"]["write"]) == (5, 1)


def test_one_request_for_500_vpss_and_none_more_for_those_that_are_as_they_should_be(bulk):
    fleet = [vps(number, **BIGGER) for number in range(1, 1001)]
    pages = (
        servers(*fleet[:500], query={"reslen": 500}),
        servers(*fleet[:499], query={"page": 1, "reslen": 499}),
        servers(*fleet[499:998], query={"page": 2, "reslen": 499}),
        servers(*fleet[996:], query={"page": 3, "reslen": 498}),
    )
    result = bulk.run(PLAN, *pages, form(fleet[0]), all=True)
    assert result["totals"]["unchanged"] == 1000
    assert (result["api_calls"]["read"], result["api_calls"]["write"]) == (6, 0)


def test_check_mode_reads_and_foretells(bulk):
    foretold = bulk.run(*FOUND, check_mode=True, all=True)
    done = bulk.run(*FOUND, *DOES, all=True)
    assert foretold["results"] == timeless(done)
    assert (foretold["changed"], foretold["api_calls"]["write"]) == (True, 0)
    assert foretold["msg"] == "VPSs: 1 would change, 1 unchanged"


def test_a_write_with_a_lost_response_is_read_and_not_sent_again(bulk):
    result = bulk.run(*FOUND, change(reply=interrupted()), moved(), moved(), all=True)
    assert outcomes(result) == {17: "changed"} | {18: "unchanged"}
    assert result["api_calls"]["write"] == 1


def test_a_vps_that_is_off_is_asked_again_after_its_change(bulk):
    found = (PLAN, servers(SMALL), form(SMALL), states(v17=0))
    still = bulk.run(*found, *DOES, states(v17=0), all=True)
    assert still["results"][0]["restart_required"] is False
    started = bulk.run(*found, *DOES, states(v17=1), all=True)
    assert started["results"][0]["restart_required"] is True
    assert bulk.run(*found, check_mode=True, all=True)["totals"]["restart_required"] == 0


def test_a_vps_may_run_if_no_node_reports_its_state(bulk):
    unknown = read("vs&vs_status=17", {"error": ["node is down"]})
    result = bulk.run(PLAN, servers(SMALL), form(SMALL), unknown, check_mode=True, all=True)
    assert result["results"][0]["restart_required"] is True


def test_the_label_alone_costs_no_form_and_no_state(bulk):
    steps = (PLAN, servers(SMALL), change(plid=3), form(vps(17, plid="3")))
    result = bulk.run(*steps, all=True, apply_plan=False)
    assert [row["field"] for row in result["results"][0]["changes"]] == ["plan_id"]
    assert result["results"][0]["restart_required"] is False


def test_what_the_panel_changes_unasked_is_a_warning(bulk):
    steps = (PLAN, servers(SMALL), change(plid=3), moved(), states(v17=1))
    result = bulk.run(*steps, all=True, apply_plan=False)
    assert "the panel has also changed ram from 2048 to 4096" in result["warnings"][0]
    assert result["results"][0]["restart_required"] is True


def test_a_value_that_only_forms_show_is_compared_all_the_same(bulk):
    lists = [vps(17, **BIGGER), vps(18, **BIGGER)]
    for record in lists:
        del record["io"]
    forms = (form(vps(17, **BIGGER)), form(vps(18, **BIGGER, io="5")))
    steps = (PLAN, servers(*lists), forms[0], *forms, states(v18=1))
    result = bulk.run(*steps, check_mode=True, all=True)
    assert outcomes(result) == {17: "unchanged", 18: "changed"}
    # Where it does not count, the list is enough.
    steps = (PLAN, servers(*lists), forms[0])
    assert not bulk.run(*steps, check_mode=True, all=True, compare=["ram", "cores"])["changed"]


def test_a_value_that_only_the_list_shows_is_not_compared(bulk):
    short = vps(17, **BIGGER)
    del short["io"]
    result = bulk.run(PLAN, servers(vps(17, **BIGGER, io="5")), form(short), all=True)
    assert outcomes(result) == {17: "unchanged"}


def test_each_virtualization_has_its_own_form(bulk):
    lxc = vps(19, virt="lxc")
    gone = form({}, 17)
    steps = (PLAN, servers(SMALL, BIG, lxc), gone, form(BIG), form(lxc), states(v17=1))
    result = bulk.run(*steps, check_mode=True, all=True, max_failures="100%")
    assert outcomes(result) == {17: "changed", 18: "unchanged", 19: "failed"}
    assert "the plan is for kvm, and the VPS is lxc" in result["results"][2]["msg"]


# --- what the panel refuses ------------------------------------------------------------------


def test_a_disk_that_would_have_to_shrink_is_refused_as_the_options_say(bulk):
    full = vps(17, **BIGGER, space="80")
    steps = (PLAN, servers(full), form(full))
    strict = bulk.run(*steps, all=True)
    assert (strict["failed"], strict["failure"]["code"]) == (True, "refused")
    warned = bulk.run(*steps, all=True, on_refused="warn")
    assert outcomes(warned) == {17: "refused"}
    (warning,) = warned["warnings"]
    assert "space stays at 80" in warning
    assert bulk.run(*steps, all=True, on_refused="ignore")["warnings"] == []


def test_one_failing_vps_does_not_stop_the_others_within_the_limit(bulk):
    fleet = [vps(17), vps(18), vps(19)]
    steps = (PLAN, servers(*fleet), form(fleet[0]), states(v17=1, v18=1, v19=1))
    refusal = change(17, {"error": {"rescue_edit_no_allowed": "The VPS is in rescue mode"}})
    bad = (refusal, form(fleet[0]))
    stopped = bulk.run(*steps, *bad, all=True)
    assert stopped["failed"]
    assert outcomes(stopped) == {17: "failed", 18: "skipped", 19: "skipped"}
    assert stopped["failure"]["code"] == "conflict"
    rest = (change(18), moved(18), change(19), moved(19))
    went_on = bulk.run(*steps, *bad, *rest, all=True, max_failures="1")
    assert "failed" not in went_on
    assert outcomes(went_on) == {17: "failed", 18: "changed", 19: "changed"}
    assert "rescue mode" in went_on["results"][0]["msg"]


def test_a_locked_vps_fails_before_anything_is_sent_to_it(bulk):
    locked = vps(17, locked="1")
    result = bulk.run(PLAN, servers(locked), form(locked), all=True)
    assert result["failure"]["code"] == "locked"
    assert result["api_calls"]["write"] == 0


def test_a_lock_that_comes_between_is_waited_for(bulk):
    message = change(reply={"error": {"err_locked_vps": "The VPS is locked"}})
    result = bulk.run(*FOUND, message, *DOES, all=True, retries=1)
    assert outcomes(result)[17] == "changed"
    assert result["api_calls"]["retried"] == 1


def test_an_ignored_refusal_is_listed(bulk):
    result = bulk.run(*FOUND, change(), form(vps(17, plid="3")), all=True, max_failures="100%")
    row = result["results"][0]
    assert (row["outcome"], row["failure"]["partial"]) == ("in_doubt", True)
    assert row["failure"]["state"] == "unknown"
    assert "ram stays at 2048 MB instead of 4096 MB" in row["msg"]


def test_refused_credentials_stop_the_run(bulk):
    fleet = [vps(17), vps(18)]
    login = answer(302, "", location="index.php?act=login")
    steps = (PLAN, servers(*fleet), form(fleet[0]), states(v17=1, v18=1), change(17, login))
    result = bulk.run(*steps, all=True, max_failures="100%")
    assert result["stopped"]["reason"] == "auth"
    assert outcomes(result) == {17: "failed", 18: "skipped"}


def test_a_disabled_plan_moves_no_vps_unless_allowed(bulk):
    disabled = plans(plan(ram="4096", cores="4", is_enabled="0"))
    steps = (disabled, servers(SMALL), form(SMALL))
    assert "the plan is disabled" in bulk.run(*steps, all=True)["msg"]
    assert bulk.run(*steps, states(v17=1), *DOES, all=True, allow_disabled=True)["changed"]


# --- plan and journal ------------------------------------------------------------------------


def test_a_plan_is_applied_by_itself(bulk):
    file = str(bulk.folder / "plan.json")
    made = bulk.run(*FOUND, check_mode=True, all=True, plan_file=file)
    # One VPS is in the plan: its form is read alone.
    steps = (PLAN, form(SMALL), states(v17=1), *DOES)
    result = bulk.run(*steps, plan_file=file, plan_sha256=made["plan_sha256"])
    assert outcomes(result) == {17: "changed"}


def test_a_plan_leaves_alone_what_has_moved_since(bulk):
    file = str(bulk.folder / "plan.json")
    fleet = [vps(17), vps(18), vps(19)]
    states_of = states(v17=1, v18=1, v19=1)
    bulk.run(
        *(PLAN, servers(*fleet), form(fleet[0]), states_of),
        check_mode=True,
        all=True,
        plan_file=file,
    )
    now = servers(vps(17, ram="3072"), vps(19), vps(20))
    steps = (PLAN, now, form(vps(17, ram="3072")), states(v17=1, v19=1), change(19), moved(19))
    result = bulk.run(*steps, plan_file=file)
    assert outcomes(result) == {17: "moved", 18: "moved", 19: "changed"}


@pytest.mark.parametrize(
    ("record", "options", "message"),
    [
        (plan(ram="8192", cores="4"), {}, "it is for ram 4096, which is now 8192"),
        (plan(4, ram="4096", cores="4"), {"plan_id": 4}, "it is for plan_id 3, which is now 4"),
        (plan(ram="4096", cores="4"), {"apply_plan": False}, "it is for apply_plan True"),
        (plan(ram="4096", cores="4"), {"compare": ["ram"]}, "it is for compare"),
    ],
)
def test_a_plan_is_refused_for_anything_else(bulk, record, options, message):
    file = str(bulk.folder / "plan.json")
    bulk.run(*FOUND, check_mode=True, all=True, plan_file=file)
    result = bulk.run(plans(record), plan_file=file, **options)
    assert result["failed"]
    assert message in result["msg"]


def test_an_interrupted_run_reads_before_it_continues(bulk):
    journal = bulk.folder / "journal"
    bulk.run(*FOUND, *DOES, all=True, journal=str(journal))
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(lines[:2]))  # the response was lost
    steps = (PLAN, servers(vps(17, **BIGGER), BIG), moved(), moved(), states(v17=1))
    result = bulk.run(*steps, all=True, journal=str(journal))
    assert (result["changed"], outcomes(result)) == (False, {17: "changed", 18: "unchanged"})
    row = result["results"][0]
    assert (row["earlier"], row["restart_required"]) == (True, True)
    assert {change["field"] for change in row["changes"]} == {"plan_id", "ram", "cores"}


def test_a_vps_that_is_deleted_before_its_read_is_omitted(bulk):
    journal = bulk.folder / "journal"
    bulk.run(*FOUND, *DOES, all=True, journal=str(journal))
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(lines[:2]))
    steps = (PLAN, servers(SMALL), form(SMALL), states(v17=1), form({}, 17))
    result = bulk.run(*steps, all=True, journal=str(journal))
    assert outcomes(result) == {17: "moved"}


def test_a_run_that_died_before_it_sent_anything_sends_it(bulk):
    journal = bulk.folder / "journal"
    bulk.run(*FOUND, *DOES, all=True, journal=str(journal))
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(lines[:2]))
    looks = (form(SMALL), states(v17=1))
    result = bulk.run(*FOUND, *looks, *DOES, all=True, journal=str(journal))
    assert outcomes(result) == {17: "changed", 18: "unchanged"}
    assert result["results"][0]["earlier"] is False


def test_no_file_holds_anything_secret(bulk):
    files = {name: str(bulk.folder / name) for name in ("plan_file", "journal", "results_file")}
    bulk.run(*FOUND, check_mode=True, all=True, **files)
    bulk.run(PLAN, form(SMALL), states(v17=1), *DOES, **files)
    written = [path for path in Path(bulk.folder).rglob("*") if path.is_file()]
    assert len(written) == 6  # and the lock, its guard and the approvals
    for path in written:
        content = path.read_text()
        assert not any(secret in content for secret in HIDDEN)
        assert path.stat().st_mode & 0o077 == 0


# --- which VPSs ------------------------------------------------------------------------------

FLEET = (
    vps(17, **BIGGER),
    vps(18, **BIGGER, uid="13", serid=2),
    vps(19, **BIGGER, uid="13", suspended="1"),
)

#: Accept what matches nothing.
ACCEPTED = {"on_unmatched": "ignore"}
#: The plans of the panel.
KNOWN = plans(plan(2), plan(3, ram="4096", cores="4"))


@pytest.mark.parametrize(
    ("options", "query", "desired"),
    [
        ({"all": True}, {}, [17, 18, 19]),
        ({"all": True, "exclude_ids": [17]}, {}, [18, 19]),
        ({"all": True, "exclude_hostnames": ["web18.example.com"]}, {}, [17, 19]),
        ({"all": True, "suspended": True}, {}, [19]),
        ({"user_ids": [13]}, {}, [18, 19]),
        ({"user_ids": [13], "server_ids": [1]}, {"vserid": 1}, [19]),
        ({"virts": ["kvm"]}, {"vstype": "kvm"}, [17, 18, 19]),
        ({"vps_uuids": [FLEET[1]["uuid"]]}, {}, [18]),
        ({"vps_names": ["v1019", "v1017"]}, {}, [19, 17]),
        ({"hostnames": ["web18.example.com"]}, {}, [18]),
        ({"hostnames": ["web18.example.com"], "suspended": True, **ACCEPTED}, {}, []),
        ({"vps_ids": [19, 17]}, {}, [19, 17]),
    ],
)
def test_vpss_are_selected_from_one_list(bulk, options, query, desired):
    asked = {"reslen": 500, **({"search": 1, **query} if query else {})}
    forms = (
        [form(next(vps for vps in FLEET if vps["vpsid"] == str(min(desired))))] if desired else []
    )
    if options == {"vps_ids": [19, 17]}:
        forms = [form(FLEET[0])]
    if "vps_names" in options:
        forms = [form(FLEET[2])]
    result = bulk.run(PLAN, servers(*FLEET, query=asked), *forms, **options)
    assert list(outcomes(result)) == desired


@pytest.mark.parametrize(
    ("options", "search", "also", "desired"),
    [
        ({"from_plan_ids": [3], "suspended": False}, {"search": 1, "plid": 3}, (), [17, 18]),
        ({"from_plan_ids": [2, 3]}, {}, (KNOWN,), [17, 18, 19]),
        ({"from_plan_ids": [3, 0], "user_ids": [13]}, {}, (), [18, 19]),
    ],
)
def test_vpss_are_selected_by_plans_that_exist(bulk, options, search, also, desired):
    found = (PLAN, servers(*FLEET, query={"reslen": 500, **search}), *also)
    first = next(record for record in FLEET if record["vpsid"] == str(min(desired)))
    result = bulk.run(*found, form(first), **options)
    assert list(outcomes(result)) == desired


def test_a_plan_whose_vpss_another_option_excludes_is_not_empty(bulk):
    searched = servers(FLEET[0], query={"reslen": 500, "search": 1, "plid": 3})
    result = bulk.run(PLAN, searched, from_plan_ids=[3], suspended=True)
    assert "no VPSs are selected" in result["msg"]


def test_a_plan_without_vpss_is_accepted(bulk):
    searched = servers(query={"reslen": 500, "search": 1, "plid": 2})
    result = bulk.run(PLAN, searched, KNOWN, from_plan_ids=[2])
    assert (result.get("failed"), result["changed"]) == (None, False)
    assert result["warnings"] == ["none of the selected VPSs is on the VPS plan 2"]
    # The node is not among the VPSs of the plan, but the panel has it.
    searched = servers(query={"reslen": 500, "search": 1, "plid": 2, "vserid": 1})
    node = {"from_plan_ids": [2], "server_ids": [1]}
    result = bulk.run(PLAN, searched, KNOWN, servers(*FLEET), **node)
    assert result.get("failed") is None


def test_few_ids_are_read_from_their_forms(bulk):
    result = bulk.run(PLAN, form(BIG), vps_ids=[18])
    assert outcomes(result) == {18: "unchanged"}


@pytest.mark.parametrize(
    "option",
    [
        *("vps_ids", "vps_uuids", "vps_names", "hostnames"),
        *("from_plan_ids", "user_ids", "server_ids", "virts"),
    ],
)
def test_an_empty_list_selects_nothing(bulk, option):
    refused = bulk.run(PLAN, **{option: []})
    assert refused["failure"]["code"] == "not_found"
    assert "Cannot select the VPSs: no VPSs are selected" in refused["msg"]
    result = bulk.run(PLAN, **{option: []}, **ACCEPTED)
    assert (result.get("failed"), result["changed"]) == (None, False)
    assert "none is selected" in result["msg"]
    assert result["api_calls"]["read"] == 1


# --- bad input -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "exactly one of vps_ids, vps_uuids, vps_names, hostnames, from_plan_ids"),
        ({"all": True, "vps_ids": [17]}, "exactly one of"),
        ({"all": True, "user_ids": [1]}, "exactly one of"),
        ({"vps_ids": [1], "user_ids": [1]}, "exactly one of"),
        ({"vps_ids": [17, 18, 17]}, "vps_ids names VPSs twice: 17"),
        ({"hostnames": ["a", "a"]}, "hostnames names VPSs twice: a"),
        ({"vps_ids": [0]}, "vps_ids must be a positive number"),
        ({"user_ids": [0]}, "user_ids contains 0, which is not an ID"),
        ({"from_plan_ids": [-1]}, "plan_ids contains -1, which is not an ID"),
    ],
)
def test_a_selection_that_makes_no_sense_is_refused(bulk, options, message):
    result = bulk.run(PLAN, **options)
    assert result["failed"]
    assert message in result["msg"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"workers": 0}, "workers must be"),
        ({"batches": ["5"]}, "batches must end"),
        ({"wait_timeout": -1}, "wait_timeout must be"),
        ({"compare": []}, "compare must name"),
        ({"compare": ["ram"], "apply_plan": False}, "compare is only used with apply_plan=true"),
        ({"plan_id": 0}, "plan_id must be a positive number"),
        ({"plan_name": " "}, "plan_name is empty"),
        ({"vps_uuids": [" "]}, "entry 1 of vps_uuids is empty"),
        ({"api_url": "nowhere"}, "api_url is not"),
        ({"vps_ids": [1], "hostnames": ["a"]}, "mutually exclusive"),
        ({"virts": ["vmware"]}, "virts"),
        ({"space": 80}, "Unsupported parameters"),
    ],
)
def test_options_that_make_no_sense_are_refused_before_anything_is_sent(bulk, options, message):
    result = bulk.run(**{"all": True, **options})
    assert result["failed"]
    assert message in result["msg"]


def test_ids_that_do_not_exist_are_all_named_and_nothing_is_written(bulk):
    steps = (PLAN, servers(SMALL), form(SMALL))
    result = bulk.run(*steps, vps_ids=[17, 98, 99])
    assert "no VPSs match vps_ids 98, 99" in result["msg"]
    assert result["failure"]["code"] == "not_found"


def test_a_name_must_match_exactly_one_object(bulk):
    twins = servers(vps(17), vps(18, hostname="web17.example.com"))
    result = bulk.run(PLAN, twins, hostnames=["web17.example.com"])
    assert result["failure"]["code"] == "ambiguous"
    assert "with the IDs 17, 18 (set vps_ids)" in result["msg"]
    result = bulk.run(PLAN, twins, hostnames=["web17.example.con"])
    assert "did you mean 'web17.example.com'?" in result["msg"]


def test_a_diff_has_one_part_for_each_vps_that_changes(bulk):
    result = bulk.run(*FOUND, check_mode=True, diff=True, all=True)
    assert result["diff"] == [
        {
            "before": {"plan_id": 2, "ram": 2048, "cores": 2},
            "after": {"plan_id": 3, "ram": 4096, "cores": 4},
            "before_header": "web17.example.com (17)",
            "after_header": "web17.example.com (17)",
        }
    ]
