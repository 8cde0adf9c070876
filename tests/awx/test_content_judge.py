# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with an AWX, before anything is sent: rights, foreign objects, mounts, missing objects."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.apply import (
    Importer,
    NotApplied,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.content import content
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.judge import notes, problems
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.preview import (
    Judgment,
    Removed,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.awx_settings import (
    berlin,
    pipelines,
    settings,
)
from tests.awx.database import Refused
from tests.awx.others import foreign_template, state_of
from tests.awx.stand_in import ADMIN, PLAIN, StandIn


def found(awx: StandIn, token: str = ADMIN, *, adopt: bool = False, **changes: Any) -> list[str]:
    asked = settings(**changes)
    return problems(asked, content(asked), state_of(awx, token), adopt=adopt)


def test_an_empty_awx_can_take_the_content(awx):
    assert found(awx) == []


def test_a_user_without_rights_learns_which_right_is_missing_on_what(awx):
    (problem,) = found(awx, PLAIN)
    assert problem == (
        "The user jane cannot create the organization Hosting: that needs a superuser. "
        "Create it, and make the user its administrator."
    )
    awx.data.add("organizations", {"name": "Hosting"})
    first, second = found(awx, PLAIN)
    assert first == "The user jane needs the role admin on the organization Hosting."
    assert second.startswith(
        "The user jane cannot create the credential types vpsfleet VirtFusion, "
    )
    awx.administered.add("Hosting")
    assert len(found(awx, PLAIN)) == 1


def test_an_administrator_of_the_organization_can_use_existing_credentials(awx):
    organization = awx.data.add("organizations", {"name": "Hosting"})["id"]
    _credential(awx, "theirs", organization)
    awx.administered.add("Hosting")
    panels = [{"name": "berlin", "type": "virtfusion", "credential": "theirs"}]
    assert found(awx, PLAIN, panels=panels) == []
    asked = settings(panels=panels)
    (note, *_rest) = notes(asked, content(asked), state_of(awx, PLAIN))
    assert note.startswith("The user jane cannot read the job settings.")


def test_a_foreign_object_is_not_taken_over(awx):
    organization = awx.data.add("organizations", {"name": "Hosting"})["id"]
    awx.data.add("teams", {"name": "vpsfleet approvers", "organization": organization})
    (problem,) = found(awx)
    assert problem == (
        "The team vpsfleet approvers exists and does not have the label vpsfleet. Set another awx_content_prefix, or "
        "awx_content_adopt to take it over."
    )
    assert found(awx, adopt=True) == []
    assert found(awx, prefix="fleet") == []


def test_a_template_that_an_import_has_created_without_its_label_is_taken_up_again(awx):
    """A module adds the label after the creation. A template of another content stays foreign."""
    organization = awx.data.add("organizations", {"name": "Hosting"})["id"]
    words = {"name": "vpsfleet berlin plan", "description": "Makes a plan. [other]"}
    number = foreign_template(awx, organization, **words)
    (problem,) = found(awx)
    assert problem.startswith("The job template vpsfleet berlin plan exists and does not have")
    awx.data.rows["job_templates"][number]["description"] = "Makes a plan. [vpsfleet]"
    assert found(awx) == []
    assert "job_template" not in state_of(awx).labelled("vpsfleet")


def test_an_object_that_a_module_would_confuse_is_refused(awx):
    other = awx.data.add("organizations", {"name": "Other"})["id"]
    awx.data.add("organizations", {"name": "Hosting"})
    awx.data.add("inventories", {"name": "vpsfleet controller", "organization": other})
    (problem,) = found(awx)
    assert problem == (
        "There is another inventory vpsfleet controller in Other, and modules find it by its name alone. "
        "Set another awx_content_prefix."
    )


@pytest.mark.parametrize(
    "paths",
    [
        [],
        ["/var/lib"],
        ["/var/lib/fleet:/srv"],
        ["/var/lib/fleet:/var/lib/fleet:ro"],
        ["/x:/var/lib/fleet:O"],
    ],
)
def test_a_folder_that_jobs_do_not_see_or_cannot_write_to_is_refused(awx, paths):
    awx.show_paths = paths
    if paths == ["/var/lib"]:
        assert found(awx) == []  # a parent is enough
        return
    (problem,) = found(awx)
    assert problem.startswith(
        "Jobs do not see /var/lib/fleet. Add /var/lib/fleet:/var/lib/fleet:rw to the paths"
    )


def test_missing_objects_are_named(awx):
    panel = {
        "name": "berlin",
        "type": "virtfusion",
        "credential": "none",
        "instance_groups": ["north"],
    }
    assert found(
        awx, panels=[panel], image=None, execution_environment="mine", project_credential="key"
    ) == [
        "There is no instance group north, which the panel berlin names. A module cannot create it.",
        "There is no execution environment mine. Set awx_content_image to create it.",
        "There is no credential none, which the panel berlin names.",
        "There is no credential key, which awx_content_project_credential names.",
    ]


def test_what_the_operator_has_to_do_is_noted(awx):
    awx.data.add("instance_groups", {"name": "pods", "is_container_group": True})
    asked = settings(
        panels=[berlin(instance_groups=["pods"])], project_url=None, project_local_path="fleet"
    )
    text = " ".join(notes(asked, content(asked), state_of(awx)))
    assert "The container groups pods need a volume" in text
    assert "A project with a local path cannot feed an inventory" in text
    assert "There is no drift schedule for berlin" in text
    awx.show_paths = []
    assert problems(asked, content(asked), state_of(awx), adopt=False) == []


def test_a_disabled_janitor_is_noted(awx):
    organization = awx.data.add("organizations", {"name": "Hosting"})["id"]
    number = foreign_template(awx, organization, name="vpsfleet berlin ci janitor")
    given = {"name": "vpsfleet berlin ci janitor", "rrule": "x", "unified_job_template": number}
    row = awx.data.add("schedules", given)
    asked = settings(panels=[pipelines()])
    words = "The schedule vpsfleet berlin ci janitor is disabled."
    assert words not in " ".join(notes(asked, content(asked), state_of(awx)))
    row["enabled"] = False
    assert words in " ".join(notes(asked, content(asked), state_of(awx)))


def test_the_refusal_of_awx_comes_with_its_reason_and_a_hint(awx):
    asked = settings(panels=[berlin()])
    judgment = Judgment(asked, state_of(awx), lambda row, name: [], lambda endpoint, **query: [])
    message = "Unable to create job_template x: {'playbook': ['Playbook not found for project.']}"
    importer = Importer(judgment, lambda name, given: {"failed": True, "msg": message})
    with pytest.raises(NotApplied) as refused:
        importer.run(content(asked), Removed([], [], {}, [], []))
    assert str(refused.value) == (
        f"Cannot create or update the organization Hosting: {message}. Synchronize the project, "
        "and check that its branch contains the playbook."
    )


def test_two_credentials_of_a_type_are_refused_by_awx(awx):
    data = awx.data
    organization = data.add("organizations", {"name": "Hosting"})["id"]
    kind = data.add("credential_types", {"name": "VirtFusion", "kind": "cloud"})["id"]
    data.playbooks["fleet"] = ["a.yml"]
    project = data.add(
        "projects",
        {"name": "p", "scm_type": "", "local_path": "fleet", "organization": organization},
    )["id"]
    inventory = data.add("inventories", {"name": "i", "organization": organization})["id"]
    template = {"name": "t", "project": project, "inventory": inventory, "playbook": "a.yml"}
    number = data.add("job_templates", template)["id"]
    first, second = (
        data.add("credentials", {"name": name, "credential_type": kind})["id"] for name in "ab"
    )
    data.associate("job_templates", number, "credentials", first, leave=False)
    with pytest.raises(Refused) as refused:
        data.associate("job_templates", number, "credentials", second, leave=False)
    assert refused.value.body == {"error": "Cannot assign multiple VirtFusion credentials."}


ENVIRONMENT = {"VIRTFUSION_API_URL": "{{ url }}", "VIRTFUSION_API_TOKEN": "{{ token }}"}


def _credential(awx: StandIn, credential: str, organization: int | None, **changes: Any) -> int:
    """Add a credential with a type of its own, and return the ID of the type."""
    kind = {"kind": "cloud", "inputs": {"fields": []}, "injectors": {"env": ENVIRONMENT}}
    count = len(awx.data.rows["credential_types"])
    number = awx.data.add("credential_types", {"name": f"type {count}", **kind, **changes})["id"]
    given = {"name": credential, "credential_type": number, "organization": organization}
    awx.data.add("credentials", given)
    return int(number)


def test_a_named_credential_must_be_the_only_one_and_of_the_right_type(awx):
    organization = awx.data.add("organizations", {"name": "Hosting"})["id"]
    panels = [{"name": "berlin", "type": "virtfusion", "credential": "theirs"}]
    _credential(awx, "theirs", organization)
    assert found(awx, panels=panels) == []
    (problem,) = found(awx, panels=[{**panels[0], "type": "virtualizor"}])
    assert problem == (
        "The credential theirs, which the panel berlin names, is of type type 0, which does not set "
        "VIRTUALIZOR_API_URL and VIRTUALIZOR_API_KEY and VIRTUALIZOR_API_PASS in the environment of a job."
    )
    (problem,) = found(awx, panels=[{**panels[0], "run_store_credential": "theirs"}])
    assert "does not set VPSFLEET_RUN_STORE in the environment" in problem
    _credential(awx, "theirs", None)
    (problem,) = found(awx, panels=panels)
    assert problem == (
        "There are 2 credentials theirs, which the panel berlin names. Modules find a credential by its name alone: "
        "rename one."
    )


def test_a_credential_of_the_project_must_be_for_source_control(awx):
    organization = awx.data.add("organizations", {"name": "Hosting"})["id"]
    _credential(awx, "key", organization, name="Machine", kind="ssh")
    (problem,) = found(awx, project_credential="key")
    assert problem == (
        "The credential key, which awx_content_project_credential names, is of type Machine, and not of type Source "
        "Control."
    )
    _credential(awx, "git", organization, name="Source Control", kind="scm")
    assert found(awx, project_credential="git") == []
    project = {"name": "vpsfleet playbooks", "scm_type": "git", "scm_url": "x"}
    number = awx.row("credentials", "git")["id"]
    given = {**project, "organization": organization, "description": "[vpsfleet]"}
    awx.data.add("projects", {**given, "credential": number})
    assert found(awx, project_credential="git") == []
    (problem,) = found(awx)
    assert problem == (
        "The project vpsfleet playbooks has a credential, and awx_content_project_credential is not set. A module "
        "cannot remove it: remove it in AWX, or name it."
    )


def test_variables_of_a_node_are_a_problem(awx):
    asked = settings()
    state = state_of(awx)
    name = "vpsfleet berlin change"
    state.nodes[name] = [{"identifier": "plan", "extra_data": {}}]
    assert problems(asked, content(asked), state, adopt=False) == []
    state.nodes[name] = [{"identifier": "plan", "extra_data": {"survey_max_items": 900}}]
    (problem,) = problems(asked, content(asked), state, adopt=False)
    assert problem.startswith(f"The node plan of the workflow {name} has variables of its own")


def test_a_node_that_waits_for_parents_that_exclude_each_other_is_a_problem(awx):
    """It would never run: neither the teardown of a failed pipeline, nor what follows it."""
    foreign_template(awx, awx.data.add("organizations", {"name": "Hosting"})["id"])
    asked = settings(panels=[pipelines(shards=2)])
    state = state_of(awx)
    waiting = {"all_parents_must_converge": True}
    state.nodes["vpsfleet all panels change"] = [{"identifier": "approve", **waiting}]
    assert problems(asked, content(asked), state, adopt=False) == []
    name = "vpsfleet berlin ci"
    state.nodes[name] = [{"identifier": "teardown_after_failure", **waiting}]
    state.nodes["vpsfleet berlin change"] = [{"identifier": "approve", **waiting}]
    first, second = problems(asked, content(asked), state, adopt=False)
    assert first.startswith("The node approve of the workflow vpsfleet berlin change waits for all")
    assert second == (
        f"The node teardown_after_failure of the workflow {name} waits for all of its parents, so it may never run. A "
        "module cannot change that: set its convergence to Any in AWX, or remove the node there and import again."
    )


def test_mounts_are_checked_for_the_panels_that_use_nodes(awx):
    awx.data.add("instance_groups", {"name": "pods", "is_container_group": True})
    pods, nodes = berlin(instance_groups=["pods"]), berlin(name="rome", api_url="https://rome")
    awx.show_paths = []
    first, second = found(awx, panels=[{**pods, "runs_dir": "/pods"}, {**nodes, "runs_dir": "/n"}])
    assert first.startswith("Jobs do not see /n. ")
    # The report over all panels.
    assert second.startswith("Jobs do not see /var/lib/fleet. ")
    shards = {"shards": 2, "shard_instance_groups": [["pods"], ["a"]]}
    (problem,) = found(awx, panels=[{**pods, **shards, "runs_dir": "/pods"}], runs_dir="/pods")
    assert problem.startswith("Jobs do not see /pods. ")
    # Without an instance group, jobs run in the default one.
    awx.data.add("instance_groups", {"name": "default", "is_container_group": True})
    assert found(awx, panels=[pods, nodes]) == []


def test_the_template_of_pipelines_must_be_there_and_unmistakable(awx):
    organization = awx.data.add("organizations", {"name": "Hosting"})["id"]
    (problem,) = found(awx, panels=[pipelines()])
    assert problem == (
        "There is no template theirs in the organization Hosting, which ci of the panel berlin names."
    )
    foreign_template(awx, organization)
    assert found(awx, panels=[pipelines()]) == []
    project = {"name": "theirs", "scm_type": "git", "scm_url": "x"}
    awx.data.add("projects", {**project, "organization": organization})
    (problem,) = found(awx, panels=[pipelines()])
    assert problem.startswith("There is more than one template theirs in the organization Hosting,")
