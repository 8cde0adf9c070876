# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs in jobs of AWX: plan, approve, apply, die, resume, and nothing twice."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.awx.jobs import Job, Node, namespaces, slices, writes_of
from tests.simulator.process import Simulator
from tests.unit.support.file_server import FileServer

PLAYBOOK = "virtfusion_fleet_package"
#: A package that differs from what most servers of the simulator have.
TARGET = {"vps_fleet_package_id": 3, "vps_fleet_on_refused": "ignore"}
ALL = {**TARGET, "vps_fleet_all": True}
KEY = "vpsfleet_virtfusion"
#: The folder of the job itself.
OWN = "{{ lookup('ansible.builtin.env', 'AWX_PRIVATE_DATA_DIR') }}"
#: The operation of the simulator that changes a package.
CHANGE = "PUT /servers/{serverId}/package/{packageId}"


def summary(job: Job, key: str = KEY) -> dict[str, Any]:
    """Return the only thing that a job passes on."""
    assert list(job.artifacts) == [key], job.stdout
    assert len(json.dumps(job.artifacts)) < 1000
    found: dict[str, Any] = job.artifacts[key]
    return found


def planned(node: Node, run: str = "run", key: str = KEY, **variables: Any) -> dict[str, Any]:
    """Plan in a job of its own; return what it passes on."""
    job = node.run(
        PLAYBOOK,
        {**ALL, "vps_fleet_run_dir": str(node.runs / run), "vps_fleet_dry_run": True, **variables},
    )
    assert job.ok, job.stdout
    return summary(job, key)


def apply(plan: dict[str, Any], **variables: Any) -> dict[str, Any]:
    """Return the variables of the template that applies a plan, mapped as a workflow maps them."""
    mapped = {
        "vps_fleet_run_dir": "{{ " + f"{KEY}.run_dir" + " }}",
        "vps_fleet_plan_sha256": "{{ " + f"{KEY}.plan_sha256" + " }}",
    }
    return {KEY: plan, **mapped, **variables}


def test_a_plan_is_approved_and_applied_by_two_jobs(node, panel):
    plan = planned(node)
    assert (plan["state"], plan["totals"]["selected"]) == ("planned", 24)
    assert plan["totals"]["changed"] > 1
    assert writes_of(panel) == []
    job = node.run(PLAYBOOK, apply(plan))
    assert job.ok, job.stdout
    done = summary(job)
    assert done["run_dir"] == plan["run_dir"] == str(node.runs / "run")
    assert done["plan_sha256"] == plan["plan_sha256"]
    assert done["state"] == "finished"
    assert len(writes_of(panel)) == len(set(writes_of(panel))) == plan["totals"]["changed"]
    assert "vps_fleet_plan_sha256" not in job.artifacts


def test_without_an_approval_a_job_names_the_variables_of_the_next_template(node, panel):
    job = node.run(PLAYBOOK, {**ALL, "vps_fleet_run_dir": str(node.runs / "run")})
    assert job.status == "failed"
    plan = summary(job)
    assert f"vps_fleet_run_dir {plan['run_dir']}" in job.messages
    assert f"vps_fleet_plan_sha256 {plan['plan_sha256']}" in job.messages
    assert f"{KEY}.plan_sha256" in job.messages
    assert "ansible-playbook" not in job.messages
    assert writes_of(panel) == []


@pytest.mark.parametrize("run_dir", [None, OWN + "/run"])
def test_a_folder_that_is_lost_with_the_job_is_refused_before_any_change(node, panel, run_dir):
    variables = {**ALL, "vps_fleet_approval": "none"}
    if run_dir:
        variables["vps_fleet_run_dir"] = run_dir
    job = node.run(PLAYBOOK, variables)
    assert job.status == "failed"
    assert "would be lost with this job" in job.messages
    assert "vps_fleet_run_dir" in job.messages
    assert "will be lost with this job" in job.stdout  # the warning of the plan
    assert writes_of(panel) == []
    assert "would be lost" in summary(job)["msg"]


def test_a_killed_job_is_resumed_on_another_node_that_has_only_the_folder(
    node_of, disk, panel: Simulator
):
    node = node_of(disk / "node")
    plan = planned(node, vps_fleet_workers=2)
    journal = Path(plan["run_dir"]) / "journal"
    # The sixth change is not answered until the job is dead.
    panel.control.fault("hang", operation=CHANGE, skip=5, times=None, seconds=3600)
    running = node.start(PLAYBOOK, apply(plan))
    killed = running.kill_when(
        lambda: journal.exists() and journal.read_text().count('"event":"outcome"') >= 5
    )
    assert killed.status == "killed"
    panel.control.clear_faults()
    before = writes_of(panel)
    # Another node: nothing but the folder of the run is the same.
    other = node_of(disk / "other")
    shutil.copytree(plan["run_dir"], other.runs / "run")
    job = other.run("fleet_resume", {"vps_fleet_run_dir": str(other.runs / "run")})
    assert job.ok, job.stdout
    done = summary(job)
    assert (done["state"], done["totals"]["changed"]) == ("finished", plan["totals"]["changed"])
    report = json.loads((other.runs / "run" / "report.json").read_text())
    assert report["totals"]["changed"] == plan["totals"]["changed"]
    # What was answered before the death is not written again.
    assert len(set(writes_of(panel))) == plan["totals"]["changed"]
    finished = [row["id"] for row in report["servers"] if row.get("earlier")]
    assert len(finished) == 5
    again = writes_of(panel)
    for item_id in finished:
        assert again.count(item_id) == before.count(item_id) == 1


def test_a_killed_job_is_resumed_from_the_store_when_nothing_else_is_left(
    node_of, disk, panel: Simulator
):
    node = node_of(disk / "node")
    with FileServer() as server:
        credential = {
            "VPSFLEET_RUN_STORE": f"{server.url}/fleet?sig=s3cret-signature",
            "VPSFLEET_RUN_STORE_TOKEN": "s3cret-token",
        }
        # The folder is in that of the job, and deleted with it.
        run_dir = {"vps_fleet_run_dir": f"{OWN}/cloud-4"}
        job = node.run(
            PLAYBOOK,
            {**ALL, **run_dir, "vps_fleet_dry_run": True, "vps_fleet_workers": 2},
            environment=credential,
        )
        assert job.ok, job.stdout
        assert "lost with this job" not in job.stdout
        plan = summary(job)
        # Batches of 1, 2 and the rest: the fifth change is answered, and its outcome is not stored yet.
        panel.control.fault("hang", operation=CHANGE, skip=5, times=None, seconds=3600)
        approved = {**run_dir, "vps_fleet_plan_sha256": plan["plan_sha256"]}
        running = node.start(PLAYBOOK, approved, environment=credential)
        journal = running.folder / "cloud-4" / "journal"
        running.kill_when(
            lambda: journal.exists() and journal.read_text().count('"event":"outcome"') >= 5
        )
        panel.control.clear_faults()
        stored = server.files["/fleet/cloud-4/journal"].decode()
        assert stored.count('"event":"outcome"') < 5
        other = node_of(disk / "other")
        job = other.run("fleet_resume", run_dir, environment=credential)
        assert job.ok, job.stdout
        report = json.loads(server.files["/fleet/cloud-4/report.json"])
        texts = job.stdout + json.dumps(job.events) + b"".join(server.files.values()).decode()
    assert summary(job)["state"] == "finished"
    assert report["totals"]["changed"] == plan["totals"]["changed"]
    # At most the changes that were never answered are sent again.
    assert len(set(writes_of(panel))) == plan["totals"]["changed"]
    assert len(writes_of(panel)) <= plan["totals"]["changed"] + 2
    assert "s3cret" not in texts


def test_the_lock_of_a_killed_job_is_free_at_once_for_the_next_container(node, panel):
    plan = planned(node)
    journal = Path(plan["run_dir"]) / "journal"
    panel.control.fault("hang", operation=CHANGE, times=None, seconds=3600)
    node.start(PLAYBOOK, apply(plan)).kill_when(
        lambda: journal.exists() and '"event":"intent"' in journal.read_text()
    )
    panel.control.clear_faults()
    (lock,) = (node.runs / "state").glob("*.lock")
    mark = json.loads(lock.read_text())
    if namespaces():
        assert mark["host"].startswith("job-")
        # The process IDs of a container are small: another process here has the same ID.
        assert Path(f"/proc/{mark['pid']}").exists() or mark["pid"] < 200
    job = node.run("fleet_resume", {"vps_fleet_run_dir": plan["run_dir"]})
    assert job.ok, job.stdout


def test_shards_at_the_same_time_change_each_server_once(node, panel):
    keys = {number: f"{KEY}_{number}_of_4" for number in range(1, 5)}
    jobs = {
        number: node.start(
            PLAYBOOK,
            {
                **ALL,
                "vps_fleet_approval": "none",
                "vps_fleet_shard": f"{number}/4",
                "vps_fleet_run_dir": str(node.runs / f"shard-{number}"),
            },
        )
        for number in keys
    }
    done = {number: running.wait() for number, running in jobs.items()}
    assert all(job.ok for job in done.values()), [job.stdout for job in done.values()]
    runs = [Path(summary(done[number], key)["run_dir"]) for number, key in keys.items()]
    totals = [json.loads((run / "report.json").read_text())["totals"] for run in runs]
    assert sum(each["selected"] for each in totals) == 24
    assert len(writes_of(panel)) == len(set(writes_of(panel)))
    assert len(writes_of(panel)) == sum(each["changed"] for each in totals) > 4

    # The last node of the workflow merges the reports; a job that died has passed no folder.
    dirs = {"fleet_merge_reports_run_dirs": [str(run) for run in runs]}
    job = node.run("fleet_merge_reports", dirs)
    assert job.ok, job.stdout
    assert job.artifacts["vpsfleet_merged"]["totals"]["selected"] == 24
    merged = json.loads((node.runs / "shard-1-merged" / "report.json").read_text())
    assert sorted(row["id"] for row in merged["servers"]) == list(range(1, 25))
    assert {row["shard"] for row in merged["servers"]} == {f"{number}/4" for number in keys}
    dirs = {"fleet_merge_reports_run_dirs": [*map(str, runs[:3]), ""]}
    job = node.run("fleet_merge_reports", dirs)
    assert job.status == "failed"
    assert "missing shards: 4/4" in job.messages


def hosts_of(panel: Simulator) -> dict[str, dict[str, Any]]:
    """Return hosts as the inventory plugin makes them."""
    return {f"server-{number}": {"virtfusion_id": number} for number in range(1, 25)}


def test_a_sliced_job_with_the_whole_panel_is_refused_in_each_slice(node, panel):
    parts = list(slices(hosts_of(panel), 2))
    for hosts in parts[:1]:
        job = node.run(
            PLAYBOOK,
            {**ALL, "vps_fleet_run_dir": str(node.runs / "run"), "vps_fleet_approval": "none"},
            hosts=hosts,
        )
        assert job.status == "failed"
        assert f"such as {min(hosts)}" in job.messages
        assert "vps_fleet_allow_slices" in job.messages
    assert panel.control.requests() == []


def test_slices_change_the_hosts_of_the_play(node, panel):
    running = [
        node.start(
            PLAYBOOK,
            {
                **TARGET,
                "vps_fleet_server_ids": (
                    "{{ groups['all'] | map('extract', hostvars)"
                    " | selectattr('virtfusion_id', 'defined') | map(attribute='virtfusion_id') }}"
                ),
                "vps_fleet_allow_slices": True,
                "vps_fleet_run_dir": str(node.runs / f"slice-{number}"),
                "vps_fleet_approval": "none",
                "vps_fleet_state_dir": str(node.runs / f"state-{number}"),
            },
            hosts=hosts,
        )
        for number, hosts in enumerate(slices(hosts_of(panel), 2))
    ]
    jobs = [each.wait() for each in running]
    assert all(job.ok for job in jobs), [job.stdout for job in jobs]
    assert len(writes_of(panel)) == len(set(writes_of(panel))) > 4
