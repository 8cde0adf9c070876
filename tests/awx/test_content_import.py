# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The import of the content with the real modules of awx.awx, into a stand-in of AWX's API."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.content import content
from ansible_collections.vpsfleet.panels.tests.unit.support.awx_settings import (
    berlin,
    everything,
    options,
    settings,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import TOP
from tests.awx.import_twice import REPOSITORY, asked, prepared
from tests.awx.stand_in import ADMIN, StandIn
from tests.examples.collect import documents

VENV = Path(os.environ.get("VPSFLEET_AWX_VENV", "/nonexistent"))
HERE = Path(__file__).resolve().parent
#: The credentials that the guide names, with the variables that their types set.
VIRTUALIZOR = ("VIRTUALIZOR_API_URL", "VIRTUALIZOR_API_KEY", "VIRTUALIZOR_API_PASS")
HUAWEI = ("HW_REGION_NAME", "HW_ACCESS_KEY", "HW_SECRET_KEY", "HUAWEICLOUD_BSS_ENDPOINT")
CREDENTIALS = {
    "Oslo production": VIRTUALIZOR,
    "Rome production": VIRTUALIZOR,
    "Huawei production": HUAWEI,
}

pytestmark = pytest.mark.skipif(
    not (VENV / "bin/ansible-playbook").exists(),
    reason="no Python here runs the package with awx.awx",
)


@pytest.fixture
def awx() -> Iterator[StandIn]:
    """Yield an AWX with a repository, a mount, and what belongs to others."""
    with prepared() as stand_in:
        yield stand_in


def variables(**changes: Any) -> dict[str, Any]:
    """Return the variables of the role."""
    return {f"awx_content_{name}": value for name, value in asked(**changes).items()}


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
    assert not re.search("hook-secret|secret-signature|secret-store", output)
    tasks = json.loads(done.stdout[done.stdout.index("{") :])["plays"][0]["tasks"]
    results = [
        task["hosts"]["localhost"]
        for task in tasks
        if task["hosts"]["localhost"].get("action") == "vpsfleet.panels.awx_content"
    ]
    assert results, output
    return done.returncode, results[0], output


def test_each_argument_is_one_that_the_modules_of_awx_take():
    objects = [
        *content(everything()),
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
    given = json.dumps([[each.kind, {**each.arguments, **each.initial}] for each in objects])
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


def test_the_second_import_changes_nothing_and_the_removal_leaves_what_was_there():
    """See tests/awx/import_twice.py: the modules run there without a process for each of them."""
    done = subprocess.run(
        [VENV / "bin/python", "-m", "tests.awx.import_twice"],
        cwd=HERE.parents[1],
        env={**os.environ, "PYTHONPATH": str(HERE.parents[4])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "done"


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


def test_a_dry_run_shows_everything_and_sends_nothing(awx, tmp_path):
    status, result, output = play(awx, tmp_path, "awx_import", variables(dry_run=True))
    assert status == 0, output
    assert "workflow vpsfleet berlin ci" in result["created"]
    assert "credential vpsfleet berlin run store" in result["created"]
    number = len(result["created"])
    assert (
        f"Dry run, nothing was changed: {number} would be created, 0 updated, 0 removed." in output
    )
    assert awx.writes == []


def test_the_panels_of_the_guide_can_be_imported_once_their_credentials_exist(awx, tmp_path):
    guide = documents(TOP, ["docs/docsite/rst/guide_awx.rst"])[0]
    secrets = {"vault_berlin": "a-token", "vault_paris": "another-token"}
    given = {**yaml.safe_load(guide.text), **secrets, "awx_content_dry_run": True}
    status, result, output = play(awx, tmp_path, "awx_import", given)
    assert status != 0, output
    assert result["problems"] == [
        "There is no instance group south, which the panel rome names. A module cannot create it.",
        "There is no credential Oslo production, which the panel oslo names.",
        "There is no credential Rome production, which the panel rome names.",
        "There is no credential Huawei production, which the panel phones names.",
    ]
    awx.data.add("instance_groups", {"name": "south"})
    for name, names in CREDENTIALS.items():
        kind = {"name": f"type of {name}", "kind": "cloud", "inputs": {"fields": []}}
        kind["injectors"] = {"env": dict.fromkeys(names, "")}
        number = awx.data.add("credential_types", kind)["id"]
        awx.data.add("credentials", {"name": name, "credential_type": number, **_in_hosting(awx)})
    status, result, output = play(awx, tmp_path, "awx_import", given)
    assert status == 0, output
    assert "workflow vpsfleet rome change" in result["created"]
    assert awx.writes == []


def test_a_removal_names_what_it_leaves_and_who_uses_it(awx, tmp_path):
    awx.row("projects", "their project")["description"] = "Playbooks. [vpsfleet]"
    awx.data.add("teams", {"name": "ours", "description": "[vpsfleet]", **_in_hosting(awx)})
    given = {"awx_content_organization": "Hosting"}
    for dry_run in (True, False):
        more = {"awx_content_dry_run": dry_run}
        status, result, output = play(awx, tmp_path, "awx_remove", {**given, **more})
        assert status == 0, output
        assert result["removed"] == ["team ours"]
        assert result["notes"] == [
            "The project their project is left: the job template theirs uses it."
        ]
        assert ("ours" in awx.names("teams")) is dry_run
    assert awx.data.crippled == []


def _in_hosting(awx: StandIn) -> dict[str, int]:
    return {"organization": awx.row("organizations", "Hosting")["id"]}


def test_options_of_the_example_are_complete():
    assert set(options()) >= {name.removeprefix("awx_content_") for name in variables()}
