# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A comparison of the servers of a run, or of chosen ones, with their target."""

from __future__ import annotations

import json

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import ToyPanel
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_folder import ToyFolder


@pytest.fixture
def run(tmp_path) -> ToyFolder:
    return ToyFolder(ToyPanel([1, 2, 10, 20]), tmp_path)


def finished(run: ToyFolder) -> ToyFolder:
    run.applied()
    return run


def test_drift_compares_the_servers_of_the_run(run):
    finished(run)
    run.toys.sizes.update({1: 9, 3: 9, 5: 1})
    result = run.step("drift")
    assert outcomes(result) == {1: "drifted", 2: "unchanged", 4: "refused", 3: "drifted"}
    assert (result["changed"], result["totals"]["drifted"]) == (False, 2)
    (report,) = run.path.glob("drift-*.json")
    assert json.loads(report.read_text())["totals"]["drifted"] == 2
    run.step("drift")
    assert len(list(run.path.glob("drift-*.json"))) == 2
    run.step("drift", check_mode=True)
    assert len(list(run.path.glob("drift-*.json"))) == 2


@pytest.mark.parametrize("replaced", [1, 3])
@pytest.mark.parametrize("size", [10, 7])
def test_drift_of_a_run_does_not_look_at_another_server_with_the_id(run, replaced, size):
    finished(run)
    run.toys.sizes[replaced], run.toys.uuids[replaced] = size, "another"
    error = run.refusal("drift")
    assert f"toy{replaced} ({replaced}): it is gone, and another server has its ID" in error.msg
    row = next(row for row in error.result["results"] if row["id"] == replaced)
    assert (row["outcome"], row["changes"], row["uuid"]) == ("moved", [], f"uuid-{replaced}")
    assert error.result["totals"]["selected"] == 4
    assert error.result["totals"]["drifted"] == 0


def test_the_report_of_a_comparison_that_fails_states_it(run):
    finished(run)
    del run.toys.sizes[1]
    error = run.refusal("drift")
    (file,) = run.path.glob("drift-*.json")
    report = json.loads(file.read_text())
    assert report["failure"] == error.failure()
    assert report["msg"] == error.msg


def test_a_plan_that_waits_for_its_approval_has_no_target_yet(run):
    sha256 = run.planned()
    message = run.refusal("drift").msg
    assert "its run was planned and never begun (begin it with ansible-playbook" in message
    assert sha256 in message


def test_drift_over_an_empty_selection_is_refused(run):
    assert "nothing was compared" in run.refusal("drift", size=10, ids=[]).msg


def test_drift_of_what_cannot_be_compared_fails(run):
    run.toys.sizes[1] = -13
    error = run.refusal("drift", size=10)
    assert "1 of 4 things could not be compared; the first is toy1 (1)" in error.msg


@pytest.mark.parametrize("gone", [[2], [1, 2, 3, 4]])
def test_drift_of_a_run_fails_if_its_servers_are_gone(run, gone):
    finished(run)
    for item_id in gone:
        del run.toys.sizes[item_id]
    error = run.refusal("drift")
    said = f"{len(gone)} of 4 things could not be compared; the first is toy{gone[0]} ({gone[0]}): it is gone"
    assert said in error.msg
    assert error.result["totals"]["moved"] == len(gone)
    (report,) = run.path.glob("drift-*.json")
    assert json.loads(report.read_text())["totals"]["moved"] == len(gone)


@pytest.mark.parametrize("check_mode", [True, False])
def test_drift_of_a_run_of_another_panel_is_refused(run, check_mode):
    finished(run)
    reads, run.address = run.toys.reads, "https://other.example.com"
    error = run.refusal("drift", check_mode=check_mode)
    assert "it is for the panel https://toys.example.com/api" in error.msg
    assert (run.toys.reads, list(run.path.glob("drift-*"))) == (reads, [])
    assert run.step("drift", size=10)["totals"]["selected"] == 4


def test_drift_of_a_run_that_was_rolled_back_is_refused(run):
    back = finished(run).rollback()
    back.step("apply", plan_sha256=back.folder.plan()["sha256"])
    assert "a rollback of its run has begun" in run.refusal("drift").msg
