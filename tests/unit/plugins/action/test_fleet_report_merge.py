# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One report of many: the shards and panels must add up, and all failures count."""

from __future__ import annotations

import csv
import json
from types import SimpleNamespace
from unittest import mock

import pytest

from ansible_collections.vpsfleet.panels.plugins.action.fleet_report_merge import ActionModule
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.commands import resume_command
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_folder import RunState
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Reason
from ansible_collections.vpsfleet.panels.tests.unit.support.documented import documented
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import ToyPanel, failing
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_folder import (
    ToyFolder,
    folder_store,
)


@pytest.fixture
def merge(tmp_path):
    def run(*reports, check_mode=False, **options):
        given = {"reports": list(map(str, reports)), "dest": str(tmp_path / "merged")}
        task = SimpleNamespace(
            action="vpsfleet.panels.fleet_report_merge",
            args=options if "summaries" in options else {**given, **options},
            collections=None,
            check_mode=check_mode,
            async_val=0,
            environment=[],
        )
        connection = SimpleNamespace(transport="ssh", become=None, _shell=mock.Mock())
        others = dict.fromkeys(("loader", "templar", "shared_loader_obj"), mock.Mock())
        action = ActionModule(task=task, connection=connection, play_context=mock.Mock(), **others)
        return action.run(None, {})

    return run


@pytest.fixture
def toys():
    return ToyPanel([1, 1, 10, 1, 1, 1])


@pytest.fixture
def shards(toys, tmp_path):
    """Return the folders of runs of all three shards."""
    runs = [ToyFolder(toys, tmp_path, f"run-{number}") for number in (1, 2, 3)]
    for number, run in enumerate(runs, 1):
        run.applied(shard=f"{number}/3")
    return [run.path for run in runs]


def merged(tmp_path):
    return json.loads((tmp_path / "merged" / "report.json").read_text())


def changed(folder, **values):
    """Change the report in a folder."""
    file = folder / "report.json"
    report = json.loads(file.read_text())
    file.write_text(json.dumps({**report, **values}))


def test_all_shards_make_one_report(merge, shards, tmp_path):
    result = merge(*shards, expected=3)
    assert "failed" not in result
    assert result["msg"] == "3 reports: 5 changed, 1 unchanged"
    report = merged(tmp_path)
    assert report["totals"] == result["totals"]
    assert sorted(row["id"] for row in report["servers"]) == [1, 2, 3, 4, 5, 6]
    assert {row["id"]: row["shard"] for row in report["servers"]}[5] == "2/3"
    assert {row["panel"] for row in report["servers"]} == {"toys"}
    assert (report["panel"], report["shard"], report["dry_run"]) == ("toys", None, False)
    assert len(report["windows"]) == 3
    assert "run-1/report.html" in json.dumps(report["links"])
    with (tmp_path / "merged" / "report.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {(row["id"], row["shard"]) for row in rows} >= {("1", "1/3"), ("2", "2/3")}
    assert "<html" in (tmp_path / "merged" / "report.html").read_text()


def test_the_result_is_as_documented(merge, shards):
    result = merge(*shards[:2])
    docs = documented("fleet_report_merge").returned
    assert set(result) - {"failed", "changed", "msg"} == set(docs)
    assert set(result["parts"][0]) == set(docs["parts"]["contains"])
    assert set(docs["parts"]["sample"][0]) == set(docs["parts"]["contains"])


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ([0, 1], "toys https://toys.example.com/api: missing shards: 3/3"),
        ([2], "missing shards: 1/3, 2/3"),
        ([0, 1, 2, 1], "the shard 2/3 appears 2 times"),
    ],
)
def test_shards_that_do_not_add_up_are_named(merge, shards, tmp_path, chosen, message):
    result = merge(*(shards[number] for number in chosen))
    assert result["failed"]
    assert message in result["msg"]
    # What is there is merged, and no server counts twice.
    report = merged(tmp_path)
    assert report["totals"]["selected"] == 2 * len(set(chosen))
    assert message in report["warnings"][0]


def test_shards_of_different_counts_are_refused(merge, shards, toys, tmp_path):
    other = ToyFolder(toys, tmp_path, "other")
    other.applied(shard="1/2")
    assert "there are shards of 2 and of 3" in merge(*shards, other.path)["msg"]


def test_the_whole_panel_besides_its_shards_is_refused(merge, shards, toys, tmp_path):
    other = ToyFolder(toys, tmp_path, "other")
    other.applied()
    message = merge(*shards, other.path)["msg"]
    assert "there is a report of the whole panel besides its shards" in message


def test_different_targets_of_one_panel_are_refused(merge, shards):
    changed(shards[1], target="size 11")
    assert "has different targets: size 10; size 11" in merge(*shards)["msg"]


def test_different_kinds_are_refused(merge, shards):
    changed(shards[1], kind="rollback")
    assert "reports of different kinds: change, rollback" in merge(*shards)["msg"]


def test_panels_have_targets_of_their_own_and_the_same_ids(merge, shards, toys, tmp_path):
    other = ToyFolder(toys, tmp_path, "other")
    other.applied()
    changed(other.path, address="https://others.example.com/api", target="size 11")
    result = merge(*shards, other.path)
    assert "failed" not in result
    report = merged(tmp_path)
    assert (report["totals"]["selected"], report["target"]) == (12, "size 10; size 11")
    assert (report["panel"], report["address"]) == ("toys", None)


def test_a_missing_report_is_named(merge, shards, tmp_path):
    result = merge(*shards[:2], tmp_path / "never")
    assert f"there is no report in {tmp_path / 'never'}" in result["msg"]


def test_a_panel_without_any_report_is_noticed_by_the_expected_number(merge, shards):
    assert "there are 3 reports, and 4 are expected" in merge(*shards, expected=4)["msg"]


def test_reports_that_name_no_file_are_refused(merge):
    assert "reports is empty" in merge()["msg"]
    assert "there is no such home folder" in merge("~no-such-user/run")["msg"]


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"kind": "change"}', "no json", "[" * 100_000]
)
def test_what_is_no_report_is_named(merge, shards, content):
    (shards[0] / "report.json").write_text(content)
    message = merge(*shards)["msg"]
    assert f"{shards[0] / 'report.json'} is not a report of this collection" in message


def test_totals_that_do_not_fit_the_rows_are_no_report(merge, shards):
    totals = {**json.loads((shards[0] / "report.json").read_text())["totals"], "changed": 99}
    changed(shards[0], totals=totals)
    assert "is not a report of this collection" in merge(*shards)["msg"]


def test_a_plan_is_not_the_report_of_a_run(merge, shards):
    changed(shards[0], kind="plan")
    assert "is the report of a plan, not of a run" in merge(*shards)["msg"]


# --- executions ---------------------------------------------------------------------------------------------


@pytest.fixture
def stopped(toys, tmp_path):
    """Return a run that stopped after its first thing, with a report."""
    run = ToyFolder(toys, tmp_path, "run")
    sha256 = run.planned()
    toys.after = lambda item_id: run.stop.ask(Reason.DEADLINE, "late")
    run.step("apply", plan_sha256=sha256)
    run.restart()
    return run


def killed(run):
    """Resume a run, which is killed before its report."""
    report = (run.path / "report.json").read_bytes()
    run.step("resume")
    journal = run.path / "journal"
    lines = journal.read_text().splitlines(keepends=True)
    assert '"reported"' in lines[-1]
    journal.write_text("".join(lines[:-1]))
    (run.path / "report.json").write_bytes(report)


@pytest.mark.parametrize("name", ["run", "run/report.json"])
def test_a_report_that_is_older_than_the_latest_execution_is_named(merge, stopped, name):
    assert "the run was stopped (deadline): late" in merge(stopped.path)["msg"]
    killed(stopped)
    message = merge(stopped.path.parent / name)["msg"]
    assert f"the report in {stopped.path} is older than the latest execution" in message
    assert f"{resume_command(stopped.path)}" in message
    stopped.step("resume")  # writes the missing report
    result = merge(stopped.path)
    assert ("failed" in result, result["totals"]["changed"]) == (False, 5)


def test_a_run_without_any_report_is_named_with_its_command(merge, shards):
    (shards[0] / "report.json").unlink()
    message = merge(*shards)["msg"]
    assert f"there is no report in {shards[0]}; write it with" in message
    assert resume_command(shards[0]) in message


def test_an_execution_that_was_rolled_back_has_no_report_to_write(merge, stopped):
    killed(stopped)
    back = stopped.rollback()
    back.step("apply", plan_sha256=back.folder.plan()["sha256"])
    message = merge(stopped.path)["msg"]
    assert "has been rolled back; merge the report of the rollback" in message
    assert merge(back.path)["parts"][0]["kind"] == "rollback"


def test_a_run_that_was_rolled_back_is_named_although_its_report_is_the_latest(
    merge, toys, tmp_path
):
    run = ToyFolder(toys, tmp_path, "run")
    run.applied()
    assert "failed" not in merge(run.path)
    back = run.rollback()
    back.step("apply", plan_sha256=back.folder.plan()["sha256"])
    assert "has been rolled back; merge the report of the rollback" in merge(run.path)["msg"]
    assert "failed" not in merge(back.path)


def test_a_run_whose_servers_show_other_values_again_is_named(merge, shards):
    report = json.loads((shards[0] / "report.json").read_text())
    report["servers"][0]["verified"] = False
    changed(shards[0], servers=report["servers"], totals={**report["totals"], "differ_again": 1})
    message = merge(*shards)["msg"]
    assert "1 of its changed servers showed other values at its end" in message


@pytest.mark.parametrize(
    "properties",
    [
        {"stopped": {"reason": "health", "msg": "the health check ended with status 1"}},
        {"failure": {"code": "conflict", "message": "other values"}},
    ],
)
def test_a_run_that_was_stopped_or_failed_is_named(merge, shards, properties):
    changed(shards[0], **properties)
    result = merge(*shards, max_failures="100%")
    assert result["failed"]
    word = "stopped (health)" if "stopped" in properties else "failed (conflict)"
    assert any(
        f"the run was {word}" in each or f"the run {word}" in each for each in result["problems"]
    )


def test_a_damaged_journal_beside_a_report_is_named(merge, shards):
    (shards[0] / "journal").write_text("no journal\n")
    message = merge(*shards)["msg"]
    assert f"{shards[0]}: Cannot use the journal" in message


def test_a_run_that_was_continued_on_another_node_is_merged_from_the_store(merge, toys, tmp_path):
    store = tmp_path / "store"
    here, there = (ToyFolder(toys, tmp_path / node, "run") for node in ("here", "there"))
    here.store = there.store = folder_store(store)
    sha256 = here.planned()
    toys.after = lambda item_id: here.stop.ask(Reason.DEADLINE, "late")
    here.step("apply", plan_sha256=sha256)
    here.restart()
    there.fetched()
    there.step("resume")
    assert merge(here.path)["totals"]["skipped"] == 4
    result = merge(here.path, run_store=str(store))
    assert (result["totals"]["skipped"], result["totals"]["changed"]) == (0, 5)


def test_a_run_that_was_rolled_back_on_another_node_is_named_with_the_store(merge, toys, tmp_path):
    store = tmp_path / "store"
    here, there = (ToyFolder(toys, tmp_path / node, "run") for node in ("here", "there"))
    here.store = there.store = folder_store(store)
    here.applied()
    there.fetched()
    back = there.rollback()
    back.step("apply", plan_sha256=json.loads((back.path / "plan.json").read_text())["sha256"])
    assert "has been rolled back" in merge(here.path, run_store=str(store))["msg"]


def test_a_run_that_ended_after_this_node_fetched_it_is_merged_from_the_store(
    merge, toys, tmp_path
):
    store = tmp_path / "store"
    one, two = (ToyFolder(toys, tmp_path / node, "run") for node in ("one", "two"))
    one.store = two.store = folder_store(store)
    sha256 = one.planned(batches=["1", "100%"])
    toys.after = lambda item_id: one.stop.ask(Reason.DEADLINE, "late")
    one.step("apply", plan_sha256=sha256)
    one.restart()
    toys.after = lambda item_id: two.fetched() if item_id == 4 else None
    one.step("resume", batches=["1", "100%"])
    assert two.state is RunState.BEGUN
    result = merge(two.path, run_store=str(store))
    assert (result.get("failed"), result["totals"]["changed"]) == (None, 5)


# --- failures ---------------------------------------------------------------------------------------------


@pytest.fixture
def failed(toys, tmp_path):
    """Return runs of three shards, in two of which one of two servers failed."""
    toys.sizes[3] = 1
    toys.before = failing(1, 2)
    runs = [ToyFolder(toys, tmp_path, f"run-{number}") for number in (1, 2, 3)]
    for number, run in enumerate(runs, 1):
        run.applied(shard=f"{number}/3", max_failures="1")
    return [run.path for run in runs]


@pytest.mark.parametrize(
    ("limit", "exceeded"), [("0", True), ("1", True), ("2", False), ("33%", True), ("34%", False)]
)
def test_the_sum_of_the_failures_has_a_limit(merge, failed, tmp_path, limit, exceeded):
    result = merge(*failed, max_failures=limit)
    assert bool(result.get("failed")) is exceeded
    if exceeded:
        assert f"2 of 6 servers failed, and max_failures allows {limit}" in result["msg"]
        assert result["failure"]["code"] == "stopped"
    assert merged(tmp_path)["totals"]["failed"] == 2


# --- summaries --------------------------------------------------------------------------------------------


def summary(**changes):
    """Return a summary as the role passes it on."""
    totals = {"selected": 100, "changed": 10, "unchanged": 90}
    return {
        "state": "finished",
        "stopped": None,
        "failure": None,
        "totals": totals,
        "msg": "done",
        **changes,
    }


def test_summaries_of_finished_runs_are_added_up(merge, tmp_path):
    result = merge(summaries={"one": summary(), "two": summary()}, expected=2)
    assert "failed" not in result
    assert (result["totals"]["changed"], result["changed"]) == (20, False)
    assert result["msg"] == "2 runs: 20 changed, 180 unchanged"
    assert not (tmp_path / "merged").exists()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        *(
            ({"stopped": reason, "failure": "stopped"}, f"the run was stopped ({reason}): done")
            for reason in ("health", "auth", "lock", "interrupted", "failures")
        ),
        ({"stopped": "deadline"}, "the run was stopped (deadline): done"),
        ({"failure": "locked", "state": None, "totals": {}}, "the run failed (locked): done"),
        ({"failure": "conflict"}, "the run failed (conflict): done"),
        ({"state": "planned"}, "the run has not ended, its state is planned"),
        ({"state": None}, "the run has not ended, its state is None"),
        # Of a run that was stopped before: the dry run of a resume was not stopped, and predicts that all change.
        (
            {"state": "stopped", "dry_run": True},
            "its job was a dry run, so its totals are predictions",
        ),
        (
            {"state": "planned", "dry_run": True},
            "its job was a dry run, so its totals are predictions",
        ),
    ],
)
def test_a_run_that_left_servers_out_is_refused_however_few_failed(merge, changes, why):
    result = merge(
        summaries={"one": summary(), "two": summary(**changes)}, max_failures="100%", expected=2
    )
    assert result["failed"]
    assert result["problems"] == [f"two: {why}"]
    assert f"two: {why}" in result["msg"]


def test_a_dry_run_of_a_finished_run_predicts_nothing(merge):
    """Also that of a plan that has nothing to change."""
    result = merge(summaries={"one": summary(dry_run=True), "two": summary(dry_run=False)})
    assert result["msg"] == "2 runs: 20 changed, 180 unchanged"


def test_a_summary_of_servers_that_show_other_values_again_is_refused(merge):
    totals = {"selected": 2, "changed": 2, "differ_again": 2}
    result = merge(summaries={"one": summary(totals=totals)}, max_failures="100%")
    assert "2 of its changed servers showed other values at its end" in result["msg"]


@pytest.mark.parametrize("failed", ["many", 1.5, None, True, -1, "1.0", "\u0661"])
def test_totals_that_are_not_numbers_are_refused(merge, failed):
    totals = {"selected": 5, "changed": 0, "failed": failed}
    assert "its totals are not numbers" in merge(summaries={"one": summary(totals=totals)})["msg"]


def test_missing_totals_are_refused_and_digits_are_numbers(merge):
    assert "its totals are not numbers" in merge(summaries={"one": summary(totals=None)})["msg"]
    result = merge(summaries={"one": summary(totals={"changed": "5", "failed": "5"})})
    assert "5 of 10 servers failed" in result["msg"]


@pytest.mark.parametrize(
    "passed", [{}, None, "", {"state": "finished"}, {"state": "stopped", "totals": {}}]
)
def test_a_job_that_passed_no_summary_is_refused(merge, passed):
    result = merge(summaries={"one": summary(), "two": passed}, max_failures="100%")
    assert result["failed"]
    assert "two: the end of the run is not known" in result["msg"]


def test_no_summary_or_another_number_than_expected_is_refused(merge):
    assert "summaries is empty" in merge(summaries={})["msg"]
    both = {"one": summary(), "two": summary()}
    assert "there are 2 summaries, and 1 are expected" in merge(summaries=both, expected=1)["msg"]


def test_summaries_are_given_without_reports_and_a_folder(merge, tmp_path):
    for options in ({"dest": str(tmp_path)}, {"reports": ["/x"]}):
        assert "mutually exclusive" in merge(summaries={"one": summary()}, **options)["msg"]


@pytest.mark.parametrize("limit", ["1.5", "-1", "many", "101%", "1 %", ""])
def test_a_wrong_limit_is_found_without_any_run(merge, limit):
    assert merge(summaries={}, expected=0, max_failures=limit)["failed"]
    assert "failed" not in merge(summaries={}, expected=0, max_failures="1.5%")


@pytest.mark.parametrize("failures", [0, 1, 2, 5])
def test_a_percentage_has_the_same_base_for_summaries_and_for_reports(
    merge, toys, tmp_path, failures
):
    toys.sizes = {number: 1 if number <= 6 else 10 for number in range(1, 31)}
    toys.before = failing(*range(1, failures + 1))
    run = ToyFolder(toys, tmp_path)
    totals = run.applied(max_failures="99%")["totals"]
    summaries = {"run": summary(state="stopped", totals=totals)}
    for limit in ("0", "1", "2", "9%", "10%", "20%", "33%", "34%", "100%"):
        one = merge(run.path, max_failures=limit)
        other = merge(summaries=summaries, max_failures=limit)
        assert bool(one.get("failed")) is bool(other.get("failed")), limit
        assert one.get("failure", {}).get("message") == other.get("failure", {}).get("message")


def test_check_mode_writes_nothing(merge, shards, tmp_path):
    result = merge(*shards, check_mode=True)
    assert (result["changed"], result["totals"]["changed"]) == (False, 5)
    # A hint to look at the report would name a file that does not exist.
    assert str(tmp_path / "merged") not in merge(shards[0], check_mode=True)["msg"]
    assert not (tmp_path / "merged").exists()


def test_reports_of_other_nodes_come_from_the_store(merge, toys, tmp_path):
    for number in (1, 2):
        run = ToyFolder(toys, tmp_path, f"run-{number}")
        run.store = folder_store(tmp_path / "store")
        run.applied(shard=f"{number}/2")
    result = merge("/node/run-1", "/node/run-2", run_store=str(tmp_path / "store"))
    assert "failed" not in result
    assert result["totals"]["selected"] == 6


def test_the_report_of_a_rollback_comes_from_the_store(merge, toys, tmp_path):
    run = ToyFolder(toys, tmp_path, "run-1")
    run.store = folder_store(tmp_path / "store")
    run.applied()
    back = run.rollback()
    back.step("apply", plan_sha256=json.loads((back.path / "plan.json").read_text())["sha256"])
    result = merge("/node/run-1/rollback", run_store=str(tmp_path / "store"))
    assert [part["kind"] for part in result["parts"]] == ["rollback"]
