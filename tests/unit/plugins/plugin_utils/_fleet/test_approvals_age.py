# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How old a plan may be when a run begins with it."""

from __future__ import annotations

import json

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.identity import sha256_of
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_folder import RunState
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Reason, Stop
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    ToyPanel,
    fleet_failure,
    fleet_run,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_folder import ToyFolder

DAY = 86_400


@pytest.fixture
def run(tmp_path) -> ToyFolder:
    return ToyFolder(ToyPanel([1, 2]), tmp_path)


@pytest.mark.parametrize("check_mode", [True, False])
def test_an_old_plan_is_refused_before_anything_is_written(run, check_mode):
    approved = run.planned()
    made = run.folder.plan()["made"]
    run.clock.now += 9 * DAY
    reads = run.toys.reads
    error = run.refusal("apply", plan_sha256=approved, check_mode=check_mode)
    assert error.msg == (
        f"Cannot apply the plan: it was made at {made}, 9 days ago, and an approval is valid for"
        " 7 days (nothing was changed; make a new plan, and have it approved)"
    )
    assert (run.state, run.toys.reads, sum(run.toys.writes.values())) == (
        RunState.PLANNED,
        reads,
        0,
    )
    assert not (run.path / "journal").exists()
    assert run.step("apply", plan_sha256=run.planned())["totals"]["changed"] == 2


@pytest.mark.parametrize(
    ("planned", "applied", "age", "valid"),
    [
        ({}, {}, 7 * DAY, True),
        ({}, {}, 7 * DAY + 1, False),
        ({"approval_ttl": 0}, {}, 900 * DAY, True),
        ({"approval_ttl": 3600}, {}, 3600, True),
        ({"approval_ttl": 3600}, {}, 3601, False),
        ({"approval_ttl": 3600}, {"approval_ttl": 0}, 3601, False),
        ({"approval_ttl": 3600}, {"approval_ttl": 999_999}, 3601, False),
        ({"approval_ttl": 0}, {"approval_ttl": 60}, 61, False),
        ({"approval_ttl": 30 * DAY}, {}, 29 * DAY, True),
        ({}, {}, -300, True),
        ({"approval_ttl": 0}, {}, -301, False),
    ],
)
def test_the_lower_limit_counts_and_an_apply_cannot_raise_that_of_the_plan(
    run, planned, applied, age, valid
):
    approved = run.planned(**planned)
    run.clock.now += age
    if valid:
        assert run.step("apply", plan_sha256=approved, **applied)["finished"] is True
    else:
        assert "it was made at" in run.refusal("apply", plan_sha256=approved, **applied).msg


def test_a_plan_from_the_future_blames_the_clock(run):
    approved = run.planned()
    run.clock.now -= 1200
    error = run.refusal("apply", plan_sha256=approved)
    assert "20 min 0 s later than the clock of this machine" in error.msg
    assert "correct the clock" in error.msg


def test_a_run_that_has_begun_is_resumed_however_old_its_plan_is(run):
    approved = run.planned()
    run.toys.after = lambda item_id: run.stop.ask(Reason.DEADLINE, "late")
    run.step("apply", plan_sha256=approved)
    run.stop, run.toys.after = Stop(), lambda item_id: None
    run.clock.now += 400 * DAY
    assert run.step("resume", check_mode=True)["totals"]["changed"] == 2
    assert run.step("resume")["finished"] is True


def test_a_plan_file_without_a_folder_has_a_limit_too(tmp_path):
    plan, journal = str(tmp_path / "plan.json"), str(tmp_path / "journal")
    toys, clock = ToyPanel([1, 2]), FakeClock()
    fleet_run(toys, tmp_path, check_mode=True, plan_file=plan, clock=clock, approval_ttl=60)
    clock.now += 61
    assert "valid for 1 min 0 s" in fleet_failure(toys, tmp_path, plan_file=plan, clock=clock).msg
    clock.now -= 1
    options = {"plan_file": plan, "journal": journal, "clock": clock}
    fleet_run(toys, tmp_path, **options)
    clock.now += 1000
    assert fleet_run(toys, tmp_path, **options)["changed"] is False


def test_the_limit_is_covered_by_the_hash(run):
    run.planned(approval_ttl=60)
    path = run.path / "plan.json"
    plan = json.loads(path.read_text())
    path.write_text(json.dumps({**plan, "approval_ttl": 0}))
    assert "its hash differs" in run.refusal("apply", plan_sha256=plan["sha256"]).msg


def test_a_plan_that_does_not_state_its_time_is_refused(run):
    run.planned()
    path = run.path / "plan.json"
    plan = {**json.loads(path.read_text()), "made": "yesterday"}
    del plan["sha256"]
    path.write_text(json.dumps({**plan, "sha256": sha256_of(plan)}))
    error = run.refusal("apply", plan_sha256=sha256_of(plan))
    assert "it does not state when it was made: 'yesterday'" in error.msg
