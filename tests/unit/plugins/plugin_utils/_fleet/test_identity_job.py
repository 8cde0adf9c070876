# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs of AWX and ansible-runner, and which folders are lost with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet import identity
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.identity import Job
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Reason, Stop
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import ToyPanel
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_folder import ToyFolder

RUNNER = {"AWX_ISOLATED_DATA_DIR": "/runner/artifacts/7"}


@pytest.mark.parametrize(
    ("environment", "variables", "tree"),
    [
        (RUNNER, {}, "/runner"),
        ({"AWX_ISOLATED_DATA_DIR": "/data"}, {}, "/data"),
        ({**RUNNER, "AWX_PRIVATE_DATA_DIR": "/var/awx_7"}, {}, "/var/awx_7"),
        ({}, {"awx_job_id": 7}, None),
        ({}, {"tower_job_id": "7"}, None),
    ],
)
def test_a_job_and_its_own_folder_are_recognized(environment, variables, tree):
    assert Job.of(environment, variables) == Job(tree and Path(tree))


@pytest.mark.parametrize("environment", [{}, {"AWX_ISOLATED_DATA_DIR": ""}, {"JOB_ID": "7"}])
def test_outside_of_jobs_there_is_none(environment):
    assert Job.of(environment, {"awx_job_id": None}) is None


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("vps_fleet_runs/one", "relative to the folder of the project"),
        ("/runner/project/run", "in /runner, which the job has for itself"),
        ("/runner", "in /runner"),
        ("/tmp/run", "in /tmp"),
        ("/tmp", "in /tmp"),
        ("/var/tmp/../../tmp/run", "in /tmp"),
    ],
)
def test_a_folder_that_is_lost_with_the_job(path, why):
    assert why in (Job(Path("/runner")).loses(path) or "")


@pytest.mark.parametrize("path", ["/var/lib/fleet/run", "/runner2/run", "/tmpfs/run", "~/run"])
def test_a_folder_that_may_outlive_the_job(path, monkeypatch):
    monkeypatch.setenv("HOME", "/home/ann")
    assert Job(Path("/runner")).loses(path) is None


def test_a_link_does_not_hide_where_a_folder_is(tmp_path):
    (tmp_path / "job").mkdir()
    (tmp_path / "mount").symlink_to(tmp_path / "job")
    assert Job(tmp_path / "job").loses(str(tmp_path / "mount" / "run"))


# --- steps in a folder that is lost ---------------------------------------------------------------------


@pytest.fixture
def run(tmp_path):
    folder = ToyFolder(ToyPanel([1, 1]), tmp_path)
    folder.job = Job(tmp_path)
    return folder


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Return a folder that outlives the job: here, the folder of the tests is not lost."""
    monkeypatch.setattr(identity, "_SHORT_LIVED", ())
    return {"state_dir": str(tmp_path.parent / f"{tmp_path.name}-kept")}


def test_a_plan_is_made_with_a_warning(run, kept):
    (warning,) = run.step("plan", size=10, **kept)["warnings"]
    assert (
        f"the folder {run.path} will be lost with this job: it is in {run.path.parent}" in warning
    )
    assert "set run_dir (vps_fleet_run_dir)" in warning


def test_a_lock_that_is_lost_with_the_job_gets_a_warning_of_its_own(run, tmp_path, kept):
    run.job = Job(tmp_path / "job")
    lost = {"state_dir": str(tmp_path / "job" / "state")}
    for options, why in ((lost, f"it is in {tmp_path / 'job'}"), ({}, "it is in the home folder")):
        (warning,) = run.step("plan", size=10, **options)["warnings"]
        assert "will be lost with this job, and with it the lock" in warning
        assert why in warning
        assert "set state_dir (vps_fleet_state_dir)" in warning
    result = run.step("plan", size=10, **kept)
    assert result["warnings"] == []
    approved = result["plan_sha256"]
    assert len(run.step("apply", plan_sha256=approved, check_mode=True)["warnings"]) == 1
    assert len(run.step("apply", plan_sha256=approved)["warnings"]) == 1
    # A comparison takes no lock.
    assert run.step("drift")["warnings"] == []


def test_a_change_is_refused_before_anything_is_written(run):
    approved = run.planned()
    for options in ({"plan_sha256": approved}, {}):
        refusal = run.refusal("apply", **options)
        assert "its journal would be lost with this job" in refusal.msg
    assert not run.toys.writes
    assert "journal" not in run.files


def test_check_mode_warns_and_refuses_in_the_same_way(run, kept):
    (warning,) = run.step("plan", size=10, check_mode=True, **kept)["warnings"]
    approved = run.planned()
    assert "will be lost with this job" in warning
    error = run.refusal("apply", plan_sha256=approved, check_mode=True)
    assert "its journal would be lost with this job" in error.msg


def test_a_run_that_has_begun_can_be_brought_to_its_end(run):
    job, run.job = run.job, None
    run.toys.before = lambda item_id: run.stop.ask(Reason.INTERRUPTED, "the job was cancelled")
    with pytest.raises(PanelError, match="the job was cancelled"):
        run.applied()
    run.job, run.stop = job, Stop()
    run.toys.before = lambda dummy: None
    result = run.step("resume")
    assert result["run_state"] == "finished"
    assert any("will be lost with this job" in warning for warning in result["warnings"])
