# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The templates of the content in jobs: surveys, artifacts and folders fit together."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.content import content
from ansible_collections.vpsfleet.panels.tests.unit.support.awx_settings import berlin, settings
from tests.awx.jobs import Job, Node, writes_of

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


def launch(node: Node, template: str, **variables: Any) -> Job:
    """Run a template as AWX does in a workflow."""
    panel = berlin(shards=2, rate=1000)
    objects = content(settings(panels=[panel], runs_path=FOLDER))
    arguments = next(
        each.arguments
        for each in objects
        if each.kind == "job_template" and each.name == f"vpsfleet {template}"
    )
    extra = json.loads(json.dumps(arguments["extra_vars"]).replace(FOLDER, str(node.runs)))
    playbook = arguments["playbook"].rpartition("/")[2].removesuffix(".yml")
    return node.run(playbook, {**extra, "awx_workflow_job_id": 9, **variables})


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
