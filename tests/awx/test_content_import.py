# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The import of the content with the real modules of awx.awx, into a stand-in of AWX's API."""

from __future__ import annotations

import copy
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.content import content, playbooks
from ansible_collections.vpsfleet.panels.tests.unit.support.awx_settings import (
    berlin,
    options,
    settings,
)
from tests.awx.stand_in import ADMIN, StandIn

VENV = Path(os.environ.get("VPSFLEET_AWX_VENV", "/nonexistent"))
HERE = Path(__file__).parent
REPOSITORY = "https://git.example.com/fleet.git"

pytestmark = pytest.mark.skipif(
    not (VENV / "bin/ansible-playbook").exists(),
    reason="no Python here runs the package with awx.awx",
)


@pytest.fixture
def awx() -> Iterator[StandIn]:
    """Yield an AWX with a repository, a mount, and what belongs to others."""
    with StandIn() as stand_in:
        stand_in.show_paths = ["/var/lib/fleet:/var/lib/fleet:rw"]
        stand_in.data.playbooks[REPOSITORY] = [*playbooks(settings()), "theirs.yml"]
        _belongs_to_others(stand_in)
        yield stand_in


def _belongs_to_others(awx: StandIn) -> None:
    """Add objects without the label, in the same organization and with names like ours."""
    data = awx.data
    organization = data.add("organizations", {"name": "Hosting", "description": "Everything"})["id"]
    mine = {"organization": organization}
    data.add("teams", {"name": "vpsfleet", **mine})
    kind = data.add(
        "credential_types", {"name": "vpsfleet", "kind": "cloud", "inputs": {"fields": []}}
    )["id"]
    data.add("credentials", {"name": "theirs", "credential_type": kind, **mine})
    project = data.add(
        "projects", {"name": "theirs", "scm_type": "git", "scm_url": REPOSITORY, **mine}
    )["id"]
    inventory = data.add("inventories", {"name": "theirs", **mine})["id"]
    template = {
        "name": "theirs",
        "inventory": inventory,
        "project": project,
        "playbook": "theirs.yml",
    }
    data.add("job_templates", {**template, **mine})


def variables(**changes: Any) -> dict[str, Any]:
    """Return the variables of one panel with two shards."""
    panel = berlin(
        shards=2,
        rate=40,
        fleet=[{"name": "all", "target": {"package_id": 3}, "servers": {"all": True}}],
    )
    given = {
        "organization": "Hosting",
        "project_url": REPOSITORY,
        "image": "registry.example.com/fleet:1",
        "runs_path": "/var/lib/fleet",
        "panels": [panel],
        "notifications": [
            {
                "name": "chat",
                "type": "webhook",
                "configuration": {
                    "url": "https://chat.example.com",
                    "username": "bot",
                    "password": "hook-secret",
                },
            }
        ],
        **changes,
    }
    return {f"awx_content_{name}": value for name, value in given.items()}


def play(
    awx: StandIn, tmp_path: Path, playbook: str, given: dict[str, Any]
) -> tuple[int, dict[str, Any], str]:
    """Run a playbook. Return its status, the result of the main task, and the output."""
    file = tmp_path / "variables.yml"
    file.write_text(yaml.safe_dump(given), encoding="utf-8")
    environment = {
        **os.environ,
        "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "CONTROLLER_HOST": awx.url,
        "CONTROLLER_OAUTH_TOKEN": ADMIN,
        "HOME": str(tmp_path),
    }
    done = subprocess.run(
        [VENV / "bin/ansible-playbook", f"vpsfleet.panels.{playbook}", "-e", f"@{file}"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    output = done.stdout + done.stderr
    assert "secret-token" not in output
    assert "hook-secret" not in output
    tasks = json.loads(done.stdout[done.stdout.index("{") :])["plays"][0]["tasks"]
    results = [
        task["hosts"]["localhost"]
        for task in tasks
        if task["hosts"]["localhost"].get("action") == "vpsfleet.panels.awx_content"
    ]
    assert results, output
    return done.returncode, results[0], output


def snapshot(awx: StandIn) -> dict[str, Any]:
    return copy.deepcopy(
        {
            "rows": awx.data.rows,
            "members": awx.data.members,
            "teams": awx.data.teams_of,
            "surveys": awx.data.surveys,
        }
    )


def test_each_argument_is_one_that_the_modules_of_awx_take():
    objects = [
        *content(settings()),
        *content(
            settings(
                project_url=None,
                project_local_path="fleet",
                execution_environment="mine",
                image=None,
            )
        ),
        *content(
            settings(
                panels=[{"name": "a", "type": "virtfusion", "credential": "theirs"}],
                project_branch="main",
            )
        ),
    ]
    given = json.dumps([[each.kind, dict(each.arguments)] for each in objects])
    done = subprocess.run(
        [VENV / "bin/python", HERE / "check_arguments.py"],
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


def test_the_check_of_arguments_finds_a_mistake():
    given = json.dumps(
        [
            ["job_template", {"name": "x", "playbok": "y"}],
            ["job_template", {"name": "x", "job_type": "runn"}],
        ]
    )
    done = subprocess.run(
        [VENV / "bin/python", HERE / "check_arguments.py"],
        input=given,
        capture_output=True,
        text=True,
        check=True,
    )
    first, second = json.loads(done.stdout)
    assert "playbok" in first
    assert "runn" in second


def test_the_second_import_changes_nothing_and_the_removal_leaves_what_was_there(awx, tmp_path):
    before = snapshot(awx)
    status, preview, output = play(awx, tmp_path, "awx_import", variables(preview=True))
    assert (status, awx.writes) == (0, []), output
    status, first, output = play(awx, tmp_path, "awx_import", variables())
    assert status == 0, output
    assert sorted(first["created"]) == sorted(preview["created"])
    assert (first["updated"], first["removed"]) == ([], [])
    _check_what_exists(awx)
    after = snapshot(awx)
    awx.writes.clear()
    status, second, output = play(awx, tmp_path, "awx_import", variables())
    assert (status, second["changed"], awx.writes) == (0, False, []), output
    assert snapshot(awx) == after
    _check_removed_node(awx, tmp_path)
    status, _removed, output = play(
        awx, tmp_path, "awx_remove", {"awx_content_organization": "Hosting"}
    )
    assert status == 0, output
    assert snapshot(awx)["rows"] == before["rows"]
    assert awx.data.crippled == []
    status, again, output = play(
        awx, tmp_path, "awx_remove", {"awx_content_organization": "Hosting"}
    )
    assert (status, again["changed"]) == (0, False), output


def _check_what_exists(awx: StandIn) -> None:
    names = awx.names("job_templates")
    assert "vpsfleet berlin plan 2 of 2" in names
    assert awx.row("credentials", "vpsfleet berlin")["inputs"]["api_token"] == "secret-token"
    schedule = awx.row("schedules", "vpsfleet berlin drift")
    assert schedule["enabled"] is False
    nodes = {
        row["identifier"]: row
        for row in awx.data.rows["workflow_job_template_nodes"].values()
        if "berlin" in row["identifier"]
    }
    assert set(nodes) == {
        f"{name}-berlin-{shard}"
        for name, shard in [
            ("plan", "1-of-2"),
            ("plan", "2-of-2"),
            ("canary", "1-of-2"),
            ("rest", "2-of-2"),
        ]
    }


def _check_removed_node(awx: StandIn, tmp_path: Path) -> None:
    """A node that does not belong to a workflow of ours goes, and a moved link comes back."""
    workflow = awx.row("workflow_job_templates", "vpsfleet berlin change")["id"]
    row = awx.data.add(
        "workflow_job_template_nodes",
        {"identifier": "apply-again", "workflow_job_template": workflow},
    )
    apply = next(
        each
        for each in awx.data.rows["workflow_job_template_nodes"].values()
        if each["identifier"] == "apply"
    )
    awx.data.members["workflow_job_template_nodes", apply["id"], "always_nodes"] = [row["id"]]
    status, result, output = play(awx, tmp_path, "awx_import", variables())
    assert status == 0, output
    assert result["removed"] == ["node apply-again of the workflow vpsfleet berlin change"]
    assert result["updated"] == ["node apply of the workflow vpsfleet berlin change"]


def test_a_playbook_that_the_project_lacks_is_named(awx, tmp_path):
    awx.data.playbooks[REPOSITORY].remove("playbooks/awx/fleet_resume.yml")
    status, result, output = play(
        awx, tmp_path, "awx_import", variables(panels=[berlin()], notifications=[])
    )
    assert status != 0, output
    assert result["msg"] == (
        "The project vpsfleet playbooks does not contain playbooks/awx/fleet_resume.yml. Check "
        "awx_content_project_url, awx_content_project_branch and awx_content_playbook_folder."
    )
    assert "project vpsfleet playbooks" in result["created"]


def test_a_mistake_is_found_before_anything_is_sent(awx, tmp_path):
    status, result, output = play(
        awx, tmp_path, "awx_import", variables(panels=[berlin(), berlin()])
    )
    assert (status != 0, result["problems"][0]) == (True, "The panel berlin is listed twice."), (
        output
    )
    assert awx.writes == []


def test_options_of_the_example_are_complete():
    assert set(options()) >= {name.removeprefix("awx_content_") for name in variables()}
