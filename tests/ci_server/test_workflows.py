# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workflows in docs/ci, run as each CI system runs them, against a panel with real SSH servers.

Each file is put where its first lines say. Only the address of the panel, and the port and the user of SSH, differ.
"""

from __future__ import annotations

import platform
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ci_server.github import Workflow
from tests.ci_server.gitlab import Pipeline
from tests.ci_server.machine import Machine
from tests.ci_server.other_systems import Jenkinsfile, Woodpecker
from tests.simulator_conformance.api import Api

DOCS = Path(__file__).parents[2] / "docs" / "ci"
PLACE = re.compile(
    r"Copy it to the root of your repository, as (\S+)\.|Copy it to (\S+?)[.,]?(?:\s|$)"
)
PANEL = "https://panel.example.com"


@dataclass
class Ci:
    """A repository with the files of the documentation, and a machine that runs its jobs."""

    panel: Api
    machine: Machine
    repository: Path
    owner: int

    def place(self, name: str, path: str | None = None) -> None:
        """Put a file of the documentation where its first lines say, or at a path."""
        text = (DOCS / name).read_text(encoding="utf-8").replace(PANEL, self.panel.simulator.url)
        found = PLACE.search(text)
        path = path or (found and (found[1] or found[2]))
        assert path, f"{name} does not say where it is copied to"
        place = self.repository / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a file, as an operator would."""
        path = self.repository / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        path.write_text(text.replace(old, new), encoding="utf-8")

    def owned(self) -> list[Any]:
        """Return the servers of the owner."""
        return list(self.panel.data(f"/servers/user/{self.owner}"))

    def nothing_left(self) -> bool:
        """Return whether the owner has neither a server nor a key, and no machine runs."""
        return (
            self.owned() == []
            and self.panel.data(f"/ssh_keys/user/{self.owner}") == []
            and self.panel.control.machines()["machines"] == {}
        )

    def created(self) -> int:
        """Return how many servers were created."""
        return sum(
            request["operation"] == "POST /servers"
            for request in self.panel.control.requests(writes_only=True)
        )


@pytest.fixture
def ci(panel: Api) -> Iterator[Ci]:
    """Yield a repository with ci.yml, and a panel with its owner.

    The folder has a short name: in a home with a long one, Ansible cannot share its connections.
    """
    with tempfile.TemporaryDirectory(prefix="ci-") as folder:
        yield _ci(panel, Path(folder))


def _ci(panel: Api, folder: Path) -> Ci:
    panel.control.follow_wall()
    body = {"name": "CI", "email": "ci@example.com", "relStr": "ci"}
    owner = panel.ok("POST", "/users", body).json()["data"]["id"]
    found = Ci(panel, Machine(folder / "machine"), folder / "repository", owner)
    found.place("ci.yml")
    facts = panel.control.machines()
    with (found.repository / "ci.yml").open("a", encoding="utf-8") as file:
        file.write(f"virtfusion_ci_server_ssh_port: {facts['port']}\n")
        file.write(f"virtfusion_ci_server_ssh_user: {facts['user']}\n")
    return found


def later(ci: Ci) -> None:
    """Let the leases end: move the panel's clock, in its records and in its responses."""
    ci.panel.control.skew(7200)
    ci.panel.control.follow_wall()


def reached(ci: Ci) -> bool:
    """Return whether a command has run on the server."""
    return f"{platform.system()} {platform.node()}" in ci.machine.log


# --- GitHub --------------------------------------------------------------------------------------


def github(ci: Ci, name: str = "vps.yml", event: str = "push", *, place: bool = True) -> Workflow:
    """Return a run of a workflow."""
    for file in ("action.yml", "vps.yml", "vps-janitor.yml") if place else ():
        ci.place(f"github/{file}")
    contexts = {
        "github": {
            "event_name": event,
            "ref": "refs/heads/a/b",
            "run_id": 7,
            "run_attempt": 1,
            "repository": "us/project",
            "event": {"pull_request": {"head": {"repo": {"full_name": "them/project"}}}},
        },
        "strategy": {"job-index": 0},
        "vars": {"VIRTFUSION_API_URL": ci.panel.simulator.url},
        "secrets": {"VIRTFUSION_API_TOKEN": ci.panel.simulator.token},
    }
    return Workflow(ci.machine, ci.repository, name, contexts)


def test_github(ci: Ci) -> None:
    """The lease is renewed in the background."""
    run = github(ci)
    assert run.run(), ci.machine.log
    assert reached(ci)
    assert "The server is at 127." in ci.machine.log
    assert ci.created() == 1
    assert ci.nothing_left()
    assert "ansible-galaxy collection install git+https://" in ci.machine.installed.read_text()
    log = (ci.machine.folder / "work" / "renew.log").read_text()
    assert "failed=0" in log, log


def test_github_deletes_the_server_after_a_failed_step(ci: Ci) -> None:
    github(ci)
    ci.edit(".github/workflows/vps.yml", "'uname -a'", "'exit 3'")
    assert not github(ci, place=False).run()
    assert ci.created() == 1
    assert ci.nothing_left()


def test_a_lost_github_runner_leaves_it_to_the_janitor(ci: Ci) -> None:
    run = github(ci)
    run.cancel_at = "Use it over SSH"
    assert not run.run()
    assert len(ci.owned()) == 1
    # Before the end of the lease nothing is due; by hand nothing is deleted at all.
    assert github(ci, "vps-janitor.yml", "schedule").run(), ci.machine.log
    assert len(ci.owned()) == 1
    later(ci)
    assert github(ci, "vps-janitor.yml", "workflow_dispatch").run(), ci.machine.log
    assert len(ci.owned()) == 1
    assert github(ci, "vps-janitor.yml", "schedule").run(), ci.machine.log
    assert ci.nothing_left()


def test_a_pull_request_of_a_fork_gets_no_server(ci: Ci) -> None:
    run = github(ci, event="pull_request")
    assert run.run()
    assert run.steps == []
    assert ci.created() == 0


# --- GitLab --------------------------------------------------------------------------------------


def gitlab(ci: Ci, *, place: bool = True, **variables: str) -> Pipeline:
    """Return a run of the pipeline."""
    if place:
        ci.place("gitlab/gitlab-ci.yml")
    given = {
        "VIRTFUSION_API_URL": ci.panel.simulator.url,
        "VIRTFUSION_API_TOKEN": ci.panel.simulator.token,
        "CI_PROJECT_ID": "12",
        "CI_PIPELINE_IID": "34",
        "CI_PIPELINE_SOURCE": "push",
        **variables,
    }
    return Pipeline(ci.machine, ci.repository, given)


def test_gitlab(ci: Ci) -> None:
    """The lease is renewed when the test begins. The log shows neither the token nor a private key."""
    run = gitlab(ci)
    assert run.run(), ci.machine.log
    assert run.jobs == ["provision", "test", "teardown"]
    assert reached(ci)
    assert "1 server has a lease until" in ci.machine.log
    assert ci.created() == 1
    assert ci.nothing_left()
    assert ci.panel.simulator.token not in ci.machine.log
    assert "PRIVATE KEY" not in ci.machine.log


def test_gitlab_deletes_the_server_after_a_failed_job(ci: Ci) -> None:
    gitlab(ci)
    ci.edit(".gitlab-ci.yml", "'uname -a'", "'exit 3'")
    run = gitlab(ci, place=False)
    assert not run.run()
    assert run.jobs == ["provision", "test", "teardown"]
    assert ci.created() == 1
    assert ci.nothing_left()


def test_a_killed_gitlab_pipeline_leaves_it_to_the_janitor(ci: Ci) -> None:
    run = gitlab(ci)
    run.cancel_at = "test"
    assert not run.run()
    assert len(ci.owned()) == 1
    later(ci)
    janitor = gitlab(ci, VPS_JANITOR="true", CI_PIPELINE_SOURCE="schedule")
    assert janitor.run(), ci.machine.log
    assert janitor.jobs == ["janitor"]
    assert ci.nothing_left()


# --- Jenkins, Woodpecker -------------------------------------------------------------------------


def jenkins(ci: Ci, **more: str) -> Jenkinsfile:
    """Return a build."""
    credentials = {"virtfusion-api-token": ci.panel.simulator.token}
    env = {"BUILD_TAG": "jenkins-a-folder-job-7", "JOB_NAME": "a/folder/job", "BUILD_NUMBER": "7"}
    return Jenkinsfile(ci.machine, ci.repository, credentials, {**env, **more})


def test_jenkins(ci: Ci) -> None:
    ci.place("jenkins/Jenkinsfile")
    assert jenkins(ci).run(), ci.machine.log
    assert reached(ci)
    assert ci.created() == 1
    assert ci.nothing_left()


def test_jenkins_deletes_the_server_after_a_failed_stage(ci: Ci) -> None:
    ci.place("jenkins/Jenkinsfile")
    ci.edit("Jenkinsfile", "'uname -a'", "'exit 3'")
    assert not jenkins(ci).run()
    assert ci.created() == 1
    assert ci.nothing_left()


def test_the_janitor_of_jenkins(ci: Ci) -> None:
    run = gitlab(ci)
    run.cancel_at = "test"
    run.run()
    later(ci)
    ci.place("jenkins/Jenkinsfile.janitor", "Jenkinsfile")
    assert jenkins(ci).run(), ci.machine.log
    assert ci.nothing_left()


def woodpecker(ci: Ci, name: str) -> Woodpecker:
    """Return a run of a workflow."""
    ci.place(f"woodpecker/{name}")
    secrets = {"virtfusion_api_token": ci.panel.simulator.token}
    variables = {"CI_REPO_ID": "5", "CI_PIPELINE_NUMBER": "6"}
    return Woodpecker(ci.machine, ci.repository, name, secrets, variables)


def test_woodpecker(ci: Ci) -> None:
    assert woodpecker(ci, "vps.yml").run(), ci.machine.log
    assert reached(ci)
    assert ci.created() == 1
    assert ci.nothing_left()


def test_the_janitor_of_woodpecker(ci: Ci) -> None:
    run = gitlab(ci)
    run.cancel_at = "test"
    run.run()
    later(ci)
    assert woodpecker(ci, "janitor.yml").run(), ci.machine.log
    assert ci.nothing_left()


# --- the IDs ------------------------------------------------------------------------------------


def test_jobs_of_jenkins_with_names_alike_have_ids_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "Jenkinsfile").write_text((DOCS / "jenkins" / "Jenkinsfile").read_text())
    ids = set()
    for job in ("a/b", "a-b"):
        env = {"BUILD_TAG": "jenkins-a-b-7", "JOB_NAME": job, "BUILD_NUMBER": "7"}
        build = Jenkinsfile(
            Machine(tmp_path / job.replace("/", "_")), tmp_path, {"virtfusion-api-token": "x"}, env
        )
        ids.add(build.environment()["VPS_PIPELINE"])
    assert ids == {"a/b#7", "a-b#7"}


def test_the_id_of_each_workflow_names_what_its_system_can_run_twice() -> None:
    """Such as jobs of a matrix, workflows of a pipeline, and scenarios of a project."""
    parts = {
        "github/vps.yml": ["github.run_id", "github.run_attempt", "-test-", "strategy.job-index"],
        "gitlab/gitlab-ci.yml": ["$CI_PROJECT_ID", "$CI_PIPELINE_IID"],
        "jenkins/Jenkinsfile": ["env.JOB_NAME", "env.BUILD_NUMBER"],
        "woodpecker/vps.yml": ["${CI_REPO_ID}", "${CI_PIPELINE_NUMBER}", "-vps"],
        "molecule/molecule.yml": [
            "${USER:-ci}",
            "${MOLECULE_PROJECT_DIRECTORY}",
            "${MOLECULE_SCENARIO_NAME}",
            "${VPS_PIPELINE:-local}",
        ],
    }
    for name, words in parts.items():
        text = (DOCS / name).read_text(encoding="utf-8")
        (line,) = re.findall(
            r"VPS_PIPELINE *[:=] (.+)|virtfusion_ci_server_pipeline: >-\n(.+)", text
        )
        assert [word for word in words if word not in "".join(line)] == [], name


def test_a_merge_request_gets_no_second_server_from_gitlab(ci: Ci) -> None:
    run = gitlab(ci, CI_PIPELINE_SOURCE="merge_request_event")
    assert run.run()
    assert run.jobs == []
    assert ci.created() == 0


# --- all of them ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.yml")), ids=lambda path: path.name)
def test_each_file_is_yaml(path: Path) -> None:
    assert yaml.safe_load(path.read_text(encoding="utf-8"))


def test_every_file_is_run_by_a_test() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    runnable = {path.name for path in DOCS.rglob("*") if path.is_file()} - {"README.md"}
    molecule = {path.name for path in (DOCS / "molecule").glob("*")}
    assert sorted(name for name in runnable - molecule if name not in source) == []


def test_the_molecule_scenario_differs_only_in_its_server() -> None:
    """The scenario in extensions runs the playbooks, so its way to the servers must be the documented one."""
    ours = DOCS.parents[1] / "extensions" / "molecule" / "virtfusion_ci_server" / "molecule.yml"
    documented, used = (
        yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in (DOCS / "molecule" / "molecule.yml", ours)
    )
    assert used["driver"] == documented["driver"]
    assert used["platforms"] == documented["platforms"]
    ids = [
        each["provisioner"]["inventory"]["group_vars"]["all"]["virtfusion_ci_server_pipeline"]
        for each in (documented, used)
    ]
    assert ids[0] == ids[1]
