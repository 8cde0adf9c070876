# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of a run as evidence: whose server, where, when, who, in which window and batch."""

from __future__ import annotations

import csv
import json
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.identity import (
    KEYS,
    Attribution,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Reason, Stop
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    ToyPanel,
    failing,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_folder import ToyFolder

#: What a report can be asked for, whatever it is of.
TOP = {
    *("schema", "kind", "dry_run", "target", "panel", "address", "action", "run_id"),
    *("plan_sha256", "run_dir", "msg", "failure", "stopped", "warnings", "started", "finished"),
    *("windows", "links", "totals", "growth", "groups", "servers", *KEYS),
}
ROW = {
    *("id", "name", "target", "outcome", "changes", "restart_required", "verified", "earlier"),
    *("msg", "failure", "uuid", "owner", "place", "begun", "ended"),
}


@pytest.fixture
def run(tmp_path) -> ToyFolder:
    toys = ToyPanel([1, 2, 10, 20])
    toys.owners = {number: 100 + number for number in toys.sizes}
    return ToyFolder(toys, tmp_path)


def report(run: ToyFolder, name: str = "report.json") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run.path / name).read_text())
    assert found["schema"] == 3
    assert set(found) >= TOP
    assert all(set(row) >= ROW for row in found["servers"])
    return found


def rows(found: dict[str, Any], *keys: str) -> dict[Any, Any]:
    return {row["id"]: tuple(row[key] for key in keys) for row in found["servers"]}


def stop_after(run: ToyFolder, *items: int) -> None:
    def after(item_id: Any) -> None:
        run.clock.now += 10
        if item_id in items:
            run.stop.ask(Reason.DEADLINE, "late")

    run.toys.after = after


def test_every_row_has_owner_place_and_times_in_all_windows(run):
    run.by = Attribution(started_by="alice", job="AWX 1", ticket="CHG1")
    approved = run.planned()
    run.by = Attribution(started_by="bob", job="AWX 2")
    stop_after(run, 1)
    run.step("apply", plan_sha256=approved)
    run.stop, run.toys.after = Stop(), lambda item_id: None
    run.clock.now += 3600
    run.by = Attribution(started_by="carol", ticket="CHG2")
    run.step("resume")
    found = report(run)
    assert rows(found, "uuid", "owner", "place") == {
        number: (f"uuid-{number}", 100 + number, "home") for number in run.toys.sizes
    }
    times = rows(found, "begun", "ended", "earlier", "verified")
    first, second = found["windows"]
    assert times[1][:2] == (first["begun"], first["ended"])
    assert times[1][2:] == (True, True)
    assert times[2] == (second["begun"], second["ended"], False, True)
    assert times[3] == (None, None, False, None)
    assert [window["stopped"] for window in found["windows"]] == ["deadline", None]
    by = [
        tuple(window[key] for key in ("started_by", "job", "ticket")) for window in found["windows"]
    ]
    assert by == [("bob", "AWX 2", "CHG1"), ("carol", None, "CHG2")]
    assert (first["approved_at"], second["approved_at"]) == (first["begun"], None)
    assert (found["started_by"], found["job"], found["ticket"]) == ("bob", "AWX 2", "CHG1")
    assert (found["started"], found["finished"]) == (first["begun"], second["ended"])


def test_a_window_has_its_batches(run):
    run.toys.before = failing(2)
    approved = run.planned(batches=["1", "100%"])
    run.toys.after = lambda item_id: setattr(run.clock, "now", run.clock.now + 10)
    run.refusal("apply", plan_sha256=approved)
    (window,) = report(run)["windows"]
    first, second = window["batches"]
    assert (first["number"], first["size"], first["failed"]) == (1, 1, 0)
    assert (second["number"], second["size"], second["failed"]) == (2, 1, 1)
    assert first["begun"] < first["ended"] <= second["begun"] == second["ended"]


def test_a_batch_that_was_cut_short_ends_with_its_last_outcome(run):
    approved = run.planned()
    stop_after(run, 1)
    run.step("apply", plan_sha256=approved)
    (batch,) = report(run)["windows"][0]["batches"]
    assert (batch["size"], batch["failed"]) == (2, 0)
    assert batch["begun"] < batch["ended"]


def test_a_server_that_is_gone_keeps_its_owner_from_the_plan(run):
    approved = run.planned()
    del run.toys.sizes[2]
    run.step("apply", plan_sha256=approved)
    assert rows(report(run), "outcome", "owner", "begun")[2] == ("moved", 102, None)


def test_a_failed_try_keeps_its_times_when_the_server_is_skipped_later(run):
    run.toys.before = failing(1)
    run.planned(max_failures="100%")
    run.step("apply", plan_sha256=run.folder.plan()["sha256"])
    begun = rows(report(run), "outcome", "begun", "ended")[1]
    assert begun[0] == "failed"
    assert None not in begun
    run.toys.before = lambda item_id: None
    run.stop.ask(Reason.DEADLINE, "late")
    run.step("resume")
    assert rows(report(run), "outcome", "begun", "ended")[1] == ("skipped", *begun[1:])


def test_plan_run_rollback_and_drift_have_reports_that_link_to_each_other(run):
    approved = run.planned()
    plan = report(run, "plan_report.json")
    assert (plan["kind"], plan["dry_run"], plan["links"]) == ("plan", True, [])
    run.step("apply", plan_sha256=approved)
    back = run.rollback()
    assert [link["href"] for link in report(back, "plan_report.json")["links"]] == [
        "../report.html"
    ]
    back.step("apply", plan_sha256=back.folder.plan()["sha256"])
    run.step("drift", size=10)
    (drift,) = run.path.glob("drift-*.json")
    links = {
        name: [(link["kind"], link["href"]) for link in report(place, file)["links"]]
        for name, (place, file) in {
            "plan": (run, "plan_report.json"),
            "run": (run, "report.json"),
            "back plan": (back, "plan_report.json"),
            "back": (back, "report.json"),
            "drift": (run, drift.name),
        }.items()
    }
    assert links == {
        "plan": [("change", "report.html")],
        "run": [("plan", "plan.html"), ("rollback", "rollback/report.html")],
        "back plan": [("change", "../report.html"), ("rollback", "report.html")],
        "back": [("plan", "plan.html"), ("change", "../report.html")],
        "drift": [("change", "report.html"), ("plan", "plan.html")],
    }
    for place, file in ((run, "report.json"), (back, "report.json"), (run, "plan_report.json")):
        for link in report(place, file)["links"]:
            assert (place.path / link["href"]).is_file()
    kinds = [report(place, "report.json")["kind"] for place in (run, back)]
    assert kinds == ["change", "rollback"]
    assert rows(report(back), "owner", "uuid")[1] == (101, "uuid-1")


def test_the_groups_of_a_report_are_those_of_the_plan(run):
    run.toys.sizes[5] = 1
    result = run.step("plan", size=10, table_rows=0)
    found = report(run, "plan_report.json")
    assert [
        (group["servers"], group["changes"], group["refused"]) for group in found["groups"]
    ] == [
        (2, ["size 1 -> 10 cm"], []),
        (1, ["size 2 -> 10 cm"], []),
        (1, [], ["size stays 20 cm (it does not shrink)"]),
        (1, [], []),
    ]
    assert found["groups"][-1]["outcome"] == "unchanged"
    assert found["groups"][0]["examples"] == ["toy1", "toy5"]
    assert "2 x size 1 -> 10 cm; toy1 (1), toy5 (5)" in run.lines
    assert found["totals"] == result["totals"]


def test_a_row_of_the_spreadsheet_has_the_evidence(run):
    run.applied()
    with (run.path / "report.csv").open(newline="") as file:
        first = next(iter(csv.DictReader(file)))
    assert (first["uuid"], first["owner"], first["place"]) == ("uuid-1", "101", "home")
    assert first["begun"].startswith("2023-")


def test_a_plan_that_is_applied_at_once_has_no_approval(run):
    run.step("apply", size=10)
    assert (report(run)["approved_by"], report(run)["approved_at"]) == (None, None)


def test_an_approval_by_hash_has_a_time_and_no_name(run):
    run.applied()
    found = report(run)
    assert (found["approved_by"], found["approved_at"]) == (None, found["started"])


def test_a_server_that_is_no_longer_in_doubt_does_not_count_as_failed_in_its_batch(run):
    approved = run.planned(batches=["1", "100%"], max_failures="100%", max_batch_failures="100%")
    run.toys.stubborn[1] = None

    def after(item_id: Any) -> None:
        if item_id == 2:
            run.toys.stubborn.clear()
            run.toys.sizes[1] = 10

    run.toys.after = after
    run.step("apply", plan_sha256=approved)
    found = report(run)
    assert rows(found, "outcome")[1] == ("changed",)
    counts = [
        (batch["size"], batch["failed"], batch["in_doubt"])
        for batch in found["windows"][0]["batches"]
    ]
    assert counts == [(1, 0, 0), (1, 0, 0)]


def test_a_server_in_doubt_does_not_count_as_failed_in_its_batch(run):
    approved = run.planned(max_failures="100%", max_batch_failures="100%")
    run.toys.stubborn[1] = None
    run.step("apply", plan_sha256=approved)
    found = report(run)
    (batch,) = found["windows"][0]["batches"]
    assert (batch["failed"], batch["in_doubt"]) == (0, 1)
    assert (found["totals"]["failed"], found["totals"]["in_doubt"]) == (0, 1)
