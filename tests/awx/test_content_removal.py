# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a removal and a prune take away: nothing that others use."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.apply import (
    Changes,
    NotApplied,
    remove,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.content import content
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.objects import KINDS
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.removal import pruning, removal
from ansible_collections.vpsfleet.panels.tests.unit.support.awx_settings import berlin, settings
from tests.awx.others import foreign_template, state_of
from tests.awx.stand_in import StandIn


def _ours(awx: StandIn) -> dict[str, int]:
    """Add an organization of ours with objects that a template can use, and return their IDs."""
    data = awx.data
    mark = {"description": "[vpsfleet]"}
    own = {**mark, "organization": data.add("organizations", {"name": "Hosting", **mark})["id"]}
    kind = data.add(
        "credential_types", {"name": "k", "kind": "cloud", "inputs": {"fields": []}, **mark}
    )
    project = {"name": "our project", "scm_type": "git", "scm_url": "x", **own}
    image = {"name": "our environment", "image": "x", **own}
    given = {"name": "our credential", "credential_type": kind["id"], **own}
    return {
        "organization": own["organization"],
        "project": data.add("projects", project)["id"],
        "inventory": data.add("inventories", {"name": "our inventory", **own})["id"],
        "credential": data.add("credentials", given)["id"],
        "execution_environment": data.add("execution_environments", image)["id"],
        "team": data.add("teams", {"name": "our team", **own})["id"],
    }


def _kept(awx: StandIn) -> list[str]:
    """Remove the content, and return the objects that were left. Nothing of others may be crippled by that."""
    state = state_of(awx)
    done = removal(state, "vpsfleet")
    for kind, rows in done.rows.items():
        for row in rows:
            awx.data.remove(KINDS[kind].endpoint, row["id"])
    assert awx.data.crippled == []
    return done.kept


def test_all_of_ours_goes_if_nobody_uses_it(awx):
    _ours(awx)
    assert _kept(awx) == []
    assert awx.names("organizations") == []


def test_what_aforeign_template_uses_is_left(awx):
    ours = _ours(awx)
    other = awx.data.add("organizations", {"name": "Other"})["id"]
    names = ("project", "inventory", "execution_environment")
    awx.data.playbooks["x"] = ["a.yml"]
    awx.data.synchronize(awx.row("projects", "our project"))
    number = foreign_template(awx, other, **{name: ours[name] for name in names})
    awx.data.associate("job_templates", number, "credentials", ours["credential"], leave=False)
    assert _kept(awx) == [
        "The credential our credential is left: the job template theirs uses it.",
        "The credential type k is left: the credential our credential uses it.",
        "The execution environment our environment is left: the job template theirs uses it.",
        "The inventory our inventory is left: the job template theirs uses it.",
        "The organization Hosting is left: the credential our credential is in it.",
        "The project our project is left: the job template theirs uses it.",
    ]
    assert awx.names("teams") == []


def _prune(awx: StandIn) -> list[str]:
    """Return what a prune leaves because it is in use."""
    return pruning(content(settings(panels=[berlin()])), state_of(awx), "vpsfleet").kept


@pytest.mark.parametrize("name", ["Other", "Hosting"])
def test_the_default_environment_of_any_organization_is_left(awx, name):
    environment = _ours(awx)["execution_environment"]
    awx.row("organizations", "Hosting")["description"] = "Everything"
    if name == "Other":
        awx.data.add("organizations", {"name": name})
    awx.row("organizations", name)["default_environment"] = environment
    words = f"The execution environment our environment is left: the organization {name} uses it."
    assert _prune(awx) == [words]
    assert _kept(awx) == [words]


def test_an_inventory_that_a_constructed_one_is_made_from_is_left(awx):
    ours = _ours(awx)
    other = awx.data.add("organizations", {"name": "Other"})["id"]
    given = {"name": "theirs", "kind": "constructed", "organization": other}
    number = awx.data.add("inventories", given)["id"]
    awx.data.associate("inventories", number, "input_inventories", ours["inventory"], leave=False)
    words = "The inventory our inventory is left: the inventory theirs uses it."
    assert _prune(awx) == [words]
    assert words in _kept(awx)
    assert "our inventory" in awx.names("inventories")


@pytest.mark.parametrize("table", ["teams", "applications", "projects"])
def test_an_organization_with_something_of_others_is_left(awx, table):
    ours = _ours(awx)
    given = {"name": "theirs", "organization": ours["organization"], "scm_type": ""}
    awx.data.add(table, given)
    (kept,) = _kept(awx)
    assert kept == (
        f"The organization Hosting is left: the {table.removesuffix('s')} theirs is in it."
    )
    assert awx.names(table) == ["theirs"]


def test_a_template_that_a_foreign_schedule_or_workflow_starts_is_left(awx):
    ours = _ours(awx)
    data = awx.data
    data.playbooks["x"] = ["a.yml"]
    data.synchronize(awx.row("projects", "our project"))
    common = {
        "playbook": "a.yml",
        **{name: ours[name] for name in ("organization", "project", "inventory")},
    }
    label = data.add("labels", {"name": "vpsfleet", "organization": ours["organization"]})["id"]
    first, second = (
        data.add("job_templates", {"name": name, **common})["id"] for name in ("one", "two")
    )
    for number in (first, second):
        data.associate("job_templates", number, "labels", label, leave=False)
    data.add("schedules", {"name": "nightly", "rrule": "x", "unified_job_template": first})
    workflow = data.add(
        "workflow_job_templates", {"name": "w", "organization": ours["organization"]}
    )
    node = {"identifier": "n", "workflow_job_template": workflow["id"]}
    data.add("workflow_job_template_nodes", {**node, "unified_job_template": second})
    kept = _kept(awx)
    assert "The job template one is left: the schedule nightly uses it." in kept
    assert "The job template two is left: the workflow w uses it." in kept
    assert "The project our project is left: the job template one uses it." in kept


def test_a_prune_leaves_what_others_use(awx):
    ours = _ours(awx)
    asked = settings(panels=[berlin()])
    old = pruning(content(asked), state_of(awx), "vpsfleet")
    assert "project" in old.rows
    assert "organization" not in old.rows
    awx.data.playbooks["x"] = ["a.yml"]
    awx.data.synchronize(awx.row("projects", "our project"))
    foreign_template(awx, ours["organization"], project=ours["project"])
    old = pruning(content(asked), state_of(awx), "vpsfleet")
    assert "project" not in old.rows
    assert old.kept == ["The project our project is left: the job template theirs uses it."]


def test_schedules_of_other_organizations_are_not_ours(awx):
    """AWX shows no organization in the row of a schedule."""
    hosting = awx.data.add("organizations", {"name": "Hosting"})["id"]
    other = awx.data.add("organizations", {"name": "Other"})["id"]
    number = foreign_template(awx, other, name="vpsfleet berlin drift")
    given = {"name": "vpsfleet berlin drift", "rrule": "x", "description": "[vpsfleet]"}
    awx.data.add("schedules", {**given, "unified_job_template": number})
    state = state_of(awx)
    assert "organization" not in str(
        state.rows["schedule"][0]["summary_fields"]["unified_job_template"]
    )
    assert removal(state, "vpsfleet").rows == {}
    fleet = [{"name": "all", "target": {"package_id": 3}, "servers": {"all": True}}]
    desired = content(settings(panels=[berlin(fleet=fleet)]))
    (schedule,) = (each for each in desired if each.kind == "schedule")
    assert state.existing(schedule) is None
    number = foreign_template(awx, hosting, name="vpsfleet berlin drift")
    row = awx.data.add("schedules", {**given, "unified_job_template": number})
    state = state_of(awx)
    assert [each["id"] for each in removal(state, "vpsfleet").rows["schedule"]] == [row["id"]]
    existing = state.existing(schedule)
    assert existing is not None
    assert existing["id"] == row["id"]


def test_a_credential_type_that_others_use_is_left(awx):
    kind = awx.data.add(
        "credential_types",
        {"name": "x", "kind": "cloud", "description": "[vpsfleet]", "inputs": {"fields": []}},
    )["id"]
    awx.data.add("credentials", {"name": "theirs", "credential_type": kind})
    done = removal(state_of(awx), "vpsfleet")
    assert done.rows == {}
    assert done.kept == ["The credential type x is left: the credential theirs uses it."]


def test_a_removal_that_awx_refuses_stops_with_the_object(awx):
    changes = Changes()
    rows = {"team": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]}
    answers = iter(
        [{"changed": True}, {"failed": True, "msg": "You don't have permission to DELETE"}]
    )
    with pytest.raises(NotApplied, match="Cannot remove the team b: You don't have permission"):
        remove(rows, "Hosting", lambda kind, given: next(answers), changes)
    assert changes.removed == ["team a"]


def test_an_object_whose_name_is_a_number_is_removed_by_its_id(awx):
    """Modules take the number as an ID, and would remove another object."""
    sent = []

    def run_module(kind: str, given: dict[str, Any]) -> dict[str, Any]:
        sent.append((kind, given["name"], given.get("inventory")))
        return {"changed": True}

    parent = {"inventory": 6, "summary_fields": {"inventory": {"name": "5"}}}
    rows = {
        "inventory_source": [{"id": 9, "name": "a++b", **parent}],
        "team": [{"id": 3, "name": "12"}],
    }
    changes = Changes()
    remove(rows, "Hosting", run_module, changes)
    assert sent == [("inventory_source", "9", "6"), ("team", "3", None)]
    assert changes.removed == ["inventory source a++b", "team 12"]
