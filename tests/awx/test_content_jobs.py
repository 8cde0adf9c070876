# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The templates of the content in jobs: surveys, artifacts and folders fit together."""

from __future__ import annotations

import json
from typing import Any

import requests

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.content import content
from ansible_collections.vpsfleet.panels.tests.unit.support.awx_settings import (
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
#: Variables of the panel's pipelines. tests/ci_server tests the login.
CI = {
    "virtfusion_ci_server_template_name": "Debian 12 (Bookworm) Minimal",
    "virtfusion_ci_server_wait_for_ssh": False,
}


def launch(node: Node, template: str, **variables: Any) -> Job:
    """Run a template as AWX does in a workflow. A variable that is None is not set."""
    panel = pipelines(shards=2, rate=1000)
    panel["ci"] = {**panel["ci"], **CI}
    objects = content(settings(panels=[panel], runs_path=FOLDER))
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
    artifacts: dict[str, Any] = {}
    for shard in (1, 2):
        job = launch(node, f"berlin plan {shard} of 2", **ANSWERS)
        assert job.ok, job.stdout
        artifacts.update(job.artifacts)
    assert set(artifacts) == {"vpsfleet_berlin_1_of_2", "vpsfleet_berlin_2_of_2"}
    assert writes_of(panel) == []
    job = launch(node, "berlin apply 1 of 2", **artifacts, **ANSWERS)
    assert job.ok, job.stdout
    artifacts.update(job.artifacts)
    job = launch(node, "all panels canary check", **artifacts, survey_fleet_max_failures="")
    assert job.ok, job.stdout
    job = launch(node, "berlin apply 2 of 2", **artifacts, **ANSWERS)
    assert job.ok, job.stdout
    written = writes_of(panel)
    assert len(written) == len(set(written)) > 1


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
    folder = applied.artifacts["vpsfleet_berlin"]["run_dir"]
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
