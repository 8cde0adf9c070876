# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with an AWX, before anything is sent: rights, foreign objects, mounts, missing objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.apply import (
    Changes,
    Importer,
    NotApplied,
    removable,
    remove,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.content import content
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.judge import notes, problems
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.preview import Judgment
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.state import read_state
from ansible_collections.vpsfleet.panels.tests.unit.support.awx_settings import berlin, settings
from tests.awx.database import Refused
from tests.awx.stand_in import ADMIN, PLAIN, StandIn


@pytest.fixture
def awx() -> Iterator[StandIn]:
    """Yield an AWX that can take the content."""
    with StandIn() as stand_in:
        stand_in.show_paths = ["/var/lib/fleet:/var/lib/fleet:rw"]
        for name in ("a", "b"):
            stand_in.data.add("instance_groups", {"name": name})
        yield stand_in


def state_of(awx: StandIn, token: str = ADMIN):
    def read(endpoint: str, **query: Any) -> Any:
        status, answer = awx.answer("GET", f"/api/v2/{endpoint}/?{urlencode(query)}", token, None)
        assert status == 200, answer
        return answer.get("results", answer) if isinstance(answer, dict) else answer

    return read_state(read, "Hosting")


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
    kind = awx.data.add(
        "credential_types", {"name": "theirs", "kind": "cloud", "inputs": {"fields": []}}
    )["id"]
    awx.data.add(
        "credentials", {"name": "theirs", "credential_type": kind, "organization": organization}
    )
    awx.administered.add("Hosting")
    panels = [{"name": "berlin", "type": "virtfusion", "credential": "theirs"}]
    assert found(awx, PLAIN, panels=panels) == []
    asked = settings(panels=panels)
    (note, *_rest) = notes(asked, state_of(awx, PLAIN))
    assert note.startswith("The user jane cannot read the job settings.")


def test_a_foreign_object_is_not_taken_over(awx):
    organization = awx.data.add("organizations", {"name": "Hosting"})["id"]
    awx.data.add("teams", {"name": "vpsfleet approvers", "organization": organization})
    (problem,) = found(awx)
    assert problem == (
        "The team vpsfleet approvers exists and does not bear the label vpsfleet. Set another awx_content_prefix, or "
        "awx_content_adopt to take it over."
    )
    assert found(awx, adopt=True) == []
    assert found(awx, prefix="fleet") == []


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
        "There is no credential none, which the panel berlin names.",
        "There is no credential key, which awx_content_project_credential names.",
        "There is no execution environment mine. Set awx_content_image to create it.",
    ]


def test_what_the_operator_has_to_do_is_noted(awx):
    awx.data.add("instance_groups", {"name": "pods", "is_container_group": True})
    asked = settings(
        panels=[berlin(instance_groups=["pods"])], project_url=None, project_local_path="fleet"
    )
    text = " ".join(notes(asked, state_of(awx)))
    assert "The container groups pods need a volume" in text
    assert "A project with a local path cannot feed an inventory" in text
    assert "There is no drift schedule for berlin" in text
    awx.show_paths = []
    assert problems(asked, content(asked), state_of(awx), adopt=False) == []


def test_the_refusal_of_awx_comes_with_its_reason_and_a_hint(awx):
    asked = settings(panels=[berlin()])
    judgment = Judgment(asked, state_of(awx), lambda row, name: [], lambda endpoint, **query: [])
    message = "Unable to create job_template x: {'playbook': ['Playbook not found for project.']}"
    importer = Importer(judgment, lambda name, given: {"failed": True, "msg": message})
    with pytest.raises(NotApplied) as refused:
        importer.run(content(asked))
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


def test_a_credential_type_that_others_use_is_left(awx):
    kind = awx.data.add(
        "credential_types",
        {"name": "x", "kind": "cloud", "description": "[vpsfleet]", "inputs": {"fields": []}},
    )["id"]
    awx.data.add("credentials", {"name": "theirs", "credential_type": kind})
    rows, kept = removable(state_of(awx), "vpsfleet")
    assert rows == {"credential_type": []}
    assert kept == ["The credential type x is left: the credential theirs uses it."]


def test_a_removal_that_awx_refuses_stops_with_the_object(awx):
    changes = Changes()
    rows = {"team": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]}
    answers = iter(
        [{"changed": True}, {"failed": True, "msg": "You don't have permission to DELETE"}]
    )
    with pytest.raises(NotApplied, match="Cannot remove the team b: You don't have permission"):
        remove(rows, "Hosting", lambda kind, given: next(answers), changes)
    assert changes.removed == ["team a"]
