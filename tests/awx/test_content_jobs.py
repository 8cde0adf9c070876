# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The templates of the content in jobs: surveys, artifacts and folders fit together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.content import content
from ansible_collections.vpsfleet.panels.tests.unit.support.awx_artifacts import merged
from ansible_collections.vpsfleet.panels.tests.unit.support.awx_settings import (
    berlin,
    pipelines,
    settings,
)
from tests.awx.jobs import Job, Node, writes_of
from tests.simulator.process import WATCHDOG_S, Simulator

#: The answers of a survey as AWX sends them: an empty text for a question without an answer.
ANSWERS = {
    "survey_virtfusion_all": "true",
    "survey_virtfusion_package_id": 3,
    "survey_virtfusion_on_refused": "ignore",
    "survey_virtfusion_exclude_names": "",
    "survey_virtfusion_exclude_ids": "",
    "survey_virtfusion_package_name": "",
    "survey_batches": "1\n100%",
    "survey_max_failures": "",
    "survey_workers": "",
    "survey_on_unmatched": "default",
}
FOLDER = "/srv/fleet"
#: The operation of the simulator that changes a package.
CHANGE = "PUT /servers/{serverId}/package/{packageId}"
#: Variables of the panel's pipelines. tests/ci_server tests the login.
CI = {
    "virtfusion_ci_server_template_name": "Debian 12 (Bookworm) Minimal",
    "virtfusion_ci_server_wait_for_ssh": False,
}


def launch(node: Node, template: str, **variables: Any) -> Job:
    """Run a template as AWX does in a workflow. A variable that is None is not set."""
    panel = pipelines(shards=2, rate=1000)
    panel["ci"] = {**panel["ci"], **CI}
    rome = berlin(name="rome", api_url="https://rome", shards=2, rate=1000)
    objects = content(settings(panels=[panel, rome], runs_dir=FOLDER))
    arguments = next(
        each.arguments
        for each in objects
        if each.kind == "job_template" and each.name == f"vpsfleet {template}"
    )
    extra = json.loads(json.dumps(arguments["extra_vars"]).replace(FOLDER, str(node.runs)))
    playbook = arguments["playbook"].rpartition("/")[2].removesuffix(".yml")
    given = {**extra, "awx_workflow_job_id": 9, **variables}
    return node.run(playbook, {key: value for key, value in given.items() if value is not None})


def test_plans_of_shards_are_applied_from_their_artifacts_and_summed_up(node, panel):
    """Plan three parts, apply the canaries of two panels, check them, and apply the rest."""
    # The simulator plays both panels, each with servers of its own.
    answers = {
        "berlin": {**ANSWERS, "survey_virtfusion_all": "", "survey_virtfusion_server_ids": "1 2 3"},
        "rome": {**ANSWERS, "survey_virtfusion_all": "", "survey_virtfusion_server_ids": "5 7"},
    }
    canaries, rest = ["berlin 1 of 2", "rome 1 of 2"], "berlin 2 of 2"
    planned: dict[str, Any] = {}
    for part in (*canaries, rest):
        name, shard = part.split(" ", 1)
        job = launch(node, f"{name} plan {shard}", **answers[name])
        assert job.ok, job.stdout
        planned.update(job.artifacts)
    assert set(planned) == {f"vpsfleet_{part.replace(' ', '_')}" for part in (*canaries, rest)}
    folders = [Path(each["run_dir"]).name for each in planned.values()]
    assert folders == ["berlin-9-1-of-2", "rome-9-1-of-2", "berlin-9-2-of-2"]
    assert writes_of(panel) == []
    applied = []
    for part in canaries:
        name, shard = part.split(" ", 1)
        job = launch(node, f"{name} apply {shard}", **planned, **ANSWERS)
        assert job.ok, job.stdout
        applied.append(job.artifacts)
    received = merged((planned, each) for each in applied)
    job = launch(node, "all panels canary check", **received, survey_fleet_max_failures="")
    assert job.ok, job.stdout
    # A canary that was stopped after a single server, and one that was killed.
    (key,) = applied[0]
    stopped = {key: {**applied[0][key], "state": "stopped", "stopped": "health"}}
    for bad, why in ((stopped, "was stopped (health)"), ({}, "the end of the run is not known")):
        received = merged((planned, each) for each in (bad, applied[1]))
        job = launch(node, "all panels canary check", **received, survey_fleet_max_failures="9%")
        assert job.status == "failed"
        assert f"{key}: the run {why}" in job.messages or f"{key}: {why}" in job.messages
    job = launch(node, "berlin apply 2 of 2", **received, **ANSWERS)
    assert job.ok, job.stdout
    written = writes_of(panel)
    assert len(written) == len(set(written)) > 3


@pytest.mark.parametrize(("limit", "ok"), [("2%", True), ("", True), ("two", False)])
def test_a_wrong_limit_is_refused_before_anything_is_planned(node, limit, ok):
    job = launch(node, "all panels limit check", survey_fleet_max_failures=limit)
    assert job.ok is ok, job.stdout
    if not ok:
        assert "max_failures must be a number or a percentage, not 'two'" in job.messages


def test_a_run_with_a_failure_is_rolled_back_and_reported(node, panel):
    answers = {**ANSWERS, "survey_max_failures": "1"}
    received: dict[str, Any] = {}

    def run(template: str, *, ok: bool = True, **more: Any) -> Job:
        job = launch(node, f"berlin {template}", **{**received, **answers, **more})
        assert job.ok is ok, job.stdout
        received.update(job.artifacts)
        return job

    run("plan")
    planned = received["vpsfleet_berlin"]
    assert (planned["stopped"], planned["failure"]) == (None, None)
    panel.control.fault("status", operation=CHANGE, skip=1, status=400)
    run("apply")
    done = received["vpsfleet_berlin_applied"]
    assert (done["state"], done["totals"]["failed"], done["failure"]) == ("stopped", 1, None)
    assert received["vpsfleet_berlin"] == planned
    # Within the limit of the run, the report succeeds.
    run("report")
    assert received["vpsfleet_merged"]["totals"]["failed"] == 1
    run("drift", ok=False, survey_run_dir=planned["run_dir"])
    drift = received["vpsfleet_berlin_drift"]
    assert (drift["drifted"], drift["selected"]) == (1, planned["totals"]["selected"])
    run("rollback plan")
    plan = received["vpsfleet_berlin"]
    assert plan["rollback_dir"] == f"{planned['run_dir']}/rollback"
    assert plan["run_dir"] == planned["run_dir"]
    run("rollback")
    assert received["vpsfleet_berlin_applied"]["state"] == "finished"
    # The failure of the run that was undone is not one of the rollback.
    run("report", survey_max_failures="0")
    assert received["vpsfleet_merged"]["totals"]["failed"] == 0
    assert all(len(json.dumps({key: each})) < 1000 for key, each in received.items())


def test_an_apply_job_without_an_approved_plan_changes_nothing(node, panel):
    job = launch(node, "berlin apply", **ANSWERS)
    assert job.status == "failed", job.stdout
    assert writes_of(panel) == []


def test_an_approver_restarts_the_servers_of_a_run(node, panel):
    """The folder comes from the survey, as the approver reads it in the summary of the run."""
    answers = {**ANSWERS, "survey_batches": "100%"}
    planned = launch(node, "berlin plan", **answers)
    applied = launch(node, "berlin apply", **planned.artifacts)
    assert applied.ok, applied.stdout
    folder = applied.artifacts["vpsfleet_berlin_applied"]["run_dir"]
    job = launch(node, "berlin restart", survey_run_dir=folder)
    assert job.ok, job.stdout
    assert "servers of the run needed a restart" in job.stdout


def test_a_pipeline_gets_servers_and_its_teardown_deletes_them(node, panel):
    panel.control.follow_wall()
    owner = _owner(panel)
    job = launch(node, "berlin ci provision")
    assert job.ok, job.stdout
    (server,) = job.artifacts["vpsfleet_ci_server"]["servers"]
    assert server["id"] in _servers(panel, owner)
    folder = node.runs / "berlin/ci/9"
    assert (folder / "ssh_config").exists()
    assert (folder / "id_ed25519").exists()
    job = launch(node, "berlin ci teardown", **job.artifacts)
    assert job.ok, job.stdout
    assert _servers(panel, owner) == []
    assert not (folder / "id_ed25519").exists()


def test_the_janitor_deletes_the_servers_of_a_cancelled_workflow_after_their_lease(node, panel):
    """AWX starts no further node then, so there is no teardown."""
    panel.control.follow_wall()
    owner = _owner(panel)
    assert launch(node, "berlin ci provision").ok
    job = launch(node, "berlin ci janitor")
    assert job.ok, job.stdout
    assert len(_servers(panel, owner)) == 1
    panel.control.skew(200_000)
    job = launch(node, "berlin ci janitor")
    assert job.ok, job.stdout
    assert _servers(panel, owner) == []


def test_the_last_node_of_a_failed_pipeline_fails(node, panel):
    job = launch(node, "berlin ci failed")
    assert job.status == "failed"
    assert job.messages.startswith("The pipeline has failed")


def test_a_provision_outside_of_a_workflow_creates_nothing(node, panel):
    """Nobody would delete its servers before the end of their lease."""
    job = launch(node, "berlin ci provision", awx_workflow_job_id=None)
    assert job.status == "failed"
    assert "virtfusion_ci_server_pipeline" in job.messages
    assert panel.control.requests(writes_only=True) == []


def _owner(panel: Simulator) -> int:
    """Create the user who owns the servers of pipelines, and return the ID."""
    session = requests.Session()
    session.trust_env = False
    response = session.post(
        f"{panel.api_url}/users",
        headers={"Authorization": f"Bearer {panel.token}"},
        json={"name": "CI", "email": "ci@example.com", "relStr": "ci"},
        timeout=WATCHDOG_S,
    )
    return int(response.json()["data"]["id"])


def _servers(panel: Simulator, owner: int) -> list[int]:
    rows = panel.control.state()["panels"]["virtfusion"]["servers"].values()
    return [row["id"] for row in rows if row["ownerId"] == owner]
