# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All objects of the content, in the order of their creation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from .objects import AwxObject, described
from .settings import Settings
from .templates import (
    credential_name,
    notification_objects,
    store_credential_name,
    template_object,
    templates,
)
from .workflows import workflows

_TEAMS = {
    "operators": "Make plans, start workflows and read reports.",
    "approvers": "Approve plans, resume runs and roll them back.",
}


def content(settings: Settings) -> list[AwxObject]:
    """Return all objects. An object comes after those that it names."""
    return [
        *_foundation(settings),
        *_credentials(settings),
        *_store_credentials(settings),
        *_project_and_inventories(settings),
        *notification_objects(settings),
        *(template_object(settings, template) for template in templates(settings)),
        *_workflows(settings),
        *_schedules(settings),
        *_permissions(settings),
    ]


def playbooks(settings: Settings) -> list[str]:
    """Return the paths of the playbooks that the project must contain."""
    objects = (template_object(settings, template) for template in templates(settings))
    return sorted({each.arguments["playbook"] for each in objects})


def _foundation(settings: Settings) -> Iterator[AwxObject]:
    organization = settings.organization
    yield _described(settings, "organization", organization, "Fleet changes.", organization=None)
    yield AwxObject("label", settings.label, {"name": settings.label, "organization": organization})
    for team, words in _TEAMS.items():
        yield _described(settings, "team", settings.named(team), words)
    if settings.image:
        yield _described(
            settings,
            "execution_environment",
            settings.environment_name,
            "Contains the collection vpsfleet.panels.",
            image=settings.image,
            pull="missing",
        )


def _credentials(settings: Settings) -> Iterator[AwxObject]:
    owned = [panel for panel in settings.panels if not panel.credential]
    types = settings.definitions["credential_types"]
    for kind in dict.fromkeys(panel.type for panel in owned):
        words = f"Address and credentials of a {types[kind]['name']} panel."
        yield _credential_type(settings, types[kind], words)
    for panel in owned:
        yield _described(
            settings,
            "credential",
            settings.named(panel.name),
            f"Address and credentials of {panel.name}.",
            credential_type=settings.named(types[panel.type]["name"]),
            inputs=dict(panel.inputs),
        )


def _store_credentials(settings: Settings) -> Iterator[AwxObject]:
    """Yield the credentials of the stores. A signed address is a secret, and variables of a template are readable."""
    owned = [panel for panel in settings.panels if panel.run_store_inputs]
    data = settings.definitions["run_store_type"]
    if owned:
        yield _credential_type(settings, data, "Address and token of a store for runs.")
    for panel in owned:
        yield _described(
            settings,
            "credential",
            store_credential_name(settings, panel),
            f"The store for the runs of {panel.name}.",
            credential_type=settings.named(data["name"]),
            inputs=dict(panel.run_store_inputs),
        )


def _credential_type(settings: Settings, data: Mapping[str, Any], description: str) -> AwxObject:
    return _described(
        settings,
        "credential_type",
        settings.named(data["name"]),
        description,
        organization=None,
        kind="cloud",
        inputs=data["inputs"],
        injectors=data["injectors"],
    )


def _project_and_inventories(settings: Settings) -> Iterator[AwxObject]:
    yield _described(
        settings,
        "project",
        settings.named("playbooks"),
        "Playbooks of the templates.",
        **settings.project,
    )
    controller = settings.named("controller")
    yield _described(
        settings, "inventory", controller, "Localhost: a job changes a fleet from there."
    )
    yield AwxObject(
        "host",
        "localhost",
        {
            "name": "localhost",
            "inventory": controller,
            "enabled": True,
            "variables": {
                "ansible_connection": "local",
                "ansible_python_interpreter": "{{ ansible_playbook_python }}",
            },
        },
    )
    if settings.fleet_inventory and not settings.manual_project:
        yield from _fleet_inventory(settings)


def _fleet_inventory(settings: Settings) -> Iterator[AwxObject]:
    inventory = settings.named("servers")
    yield _described(settings, "inventory", inventory, "The servers of all panels.")
    folder = f"{settings.playbook_folder}/" if settings.playbook_folder else ""
    for panel in settings.panels:
        yield _described(
            settings,
            "inventory_source",
            settings.named(f"{panel.name} servers"),
            f"The servers of {panel.name}.",
            inventory=inventory,
            source="scm",
            source_project=settings.named("playbooks"),
            source_path=f"{folder}{settings.definitions['inventory_files'][panel.type]}",
            credential=credential_name(settings, panel.whole),
            execution_environment=settings.environment_name,
            overwrite=True,
            update_on_launch=False,
        )


def _workflows(settings: Settings) -> Iterator[AwxObject]:
    for workflow in workflows(settings):
        yield workflow.template
        yield from workflow.objects(settings)


def _schedules(settings: Settings) -> Iterator[AwxObject]:
    """Yield the schedules. Only a fleet that is defined can be compared."""
    for panel in settings.panels:
        if panel.fleet:
            words = "Compares the fleet with its definition. Disabled until you enable it."
            yield _schedule(settings, f"{panel.name} drift", words, settings.drift_rrule, False)
        if panel.ci:
            # A cancelled workflow starts no further node, so only the janitor deletes its servers.
            words = "Deletes servers of pipelines whose lease has ended."
            yield _schedule(
                settings, f"{panel.name} ci janitor", words, settings.janitor_rrule, True
            )


def _schedule(
    settings: Settings, words: str, description: str, rrule: str, enabled: bool
) -> AwxObject:
    """Return a schedule of a template. Whether it is enabled is the operator's decision once it exists."""
    return replace(
        _described(
            settings,
            "schedule",
            settings.named(words),
            description,
            unified_job_template=settings.named(words),
            rrule=rrule,
        ),
        initial={"enabled": enabled},
    )


def _permissions(settings: Settings) -> Iterator[AwxObject]:
    """Yield the roles of the teams. Approvers must see what a plan would change: AWX hides a job without `read`."""
    granted: dict[tuple[str, str], list[str]] = {}
    for template in templates(settings):
        data = settings.definitions["templates"][template.step]
        for team in _TEAMS:
            granted.setdefault((team, data[team]), []).append(settings.named(template.words))
    names = [workflow.template.name for workflow in workflows(settings)]
    for (team, role), job_templates in sorted(granted.items()):
        yield _permission(settings, team, role, "job_templates", job_templates)
    yield _permission(settings, "operators", "execute", "workflows", names)
    yield _permission(settings, "approvers", "approval", "workflows", names)
    yield _permission(settings, "approvers", "read", "workflows", names)


def _permission(settings: Settings, team: str, role: str, what: str, names: list[str]) -> AwxObject:
    return AwxObject(
        "role",
        f"{role} of {settings.named(team)} on {what.replace('_', ' ')}",
        {
            "team": settings.named(team),
            "role": role,
            "lookup_organization": settings.organization,
            what: names,
        },
    )


def _described(
    settings: Settings, what: str, name: str, description: str, **arguments: Any
) -> AwxObject:
    """Return an object with the label in its description, and in the organization if one is set."""
    scope = {"organization": settings.organization, **arguments}
    given = {key: value for key, value in scope.items() if value is not None}
    return AwxObject(
        what, name, {"name": name, "description": described(description, settings.label), **given}
    )
