# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The objects of AWX that the content consists of: their kinds, and how an object shows that it is ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Kind:
    """A kind of objects.

    :param module: of the collection awx.awx.
    :param endpoint: where AWX lists them.
    :param mark: where an object has the label: AWX has labels for templates only.
    :param scope: the field that names what the object belongs to: a name is unique within it.
    :param by_name: whether other modules find an object by its name alone, over all organizations.
    """

    module: str
    endpoint: str
    words: str
    mark: str = "description"
    scope: str = "organization"
    by_name: bool = False


KINDS = {
    kind.module: kind
    for kind in (
        Kind("organization", "organizations", "organization", scope=""),
        Kind("label", "labels", "label", mark=""),
        Kind("credential_type", "credential_types", "credential type", scope="", by_name=True),
        Kind(
            "execution_environment",
            "execution_environments",
            "execution environment",
            by_name=True,
        ),
        Kind("team", "teams", "team"),
        Kind("credential", "credentials", "credential", by_name=True),
        Kind("project", "projects", "project"),
        Kind("inventory", "inventories", "inventory", by_name=True),
        Kind("host", "hosts", "host", mark="", scope="inventory"),
        Kind("inventory_source", "inventory_sources", "inventory source", scope="inventory"),
        Kind(
            "notification_template", "notification_templates", "notification template", by_name=True
        ),
        Kind("job_template", "job_templates", "job template", mark="labels"),
        Kind("workflow_job_template", "workflow_job_templates", "workflow", mark="labels"),
        Kind(
            "workflow_job_template_node",
            "workflow_job_template_nodes",
            "node",
            mark="",
            scope="workflow_job_template",
        ),
        Kind("schedule", "schedules", "schedule", scope="unified_job_template"),
        Kind("role", "roles", "permission", mark="", scope=""),
    )
}

#: The order of removal. In another order, AWX leaves templates without a project, and does not report it.
REMOVAL = (
    *(
        "schedule",
        "workflow_job_template",
        "job_template",
        "inventory_source",
        "inventory",
        "project",
    ),
    *("notification_template", "credential", "credential_type", "execution_environment", "team"),
    "organization",
)


@dataclass(frozen=True)
class AwxObject:
    """An object to create or update.

    :param arguments: options of the module, without those of the connection.
    :param initial: options for a new object only. The operator decides about them afterwards.
    """

    kind: str
    name: str
    arguments: Mapping[str, Any] = field(repr=False)
    initial: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def words(self) -> str:
        scope = self.arguments.get("workflow_job_template")
        within = f" of the workflow {scope}" if scope else ""
        return f"{KINDS[self.kind].words} {self.name}{within}"


def is_mistakable(name: str) -> bool:
    """Return whether modules take a name as something else: a number as an ID, and ++ as a part of an address."""
    try:
        int(name)
    except ValueError:
        return "++" in name
    return True


def name_problem(name: str, what: str) -> str:
    """Return why modules would not find an object by its name, or an empty text."""
    if not is_mistakable(name):
        return ""
    return (
        f"{what} is {name}. Modules take a number as an ID and a name with ++ as an address, "
        "and would use another object. Give it another name."
    )


def mark_of(label: str) -> str:
    """Return the end of the description of an object that has the label."""
    return f"[{label}]"


def described(text: str, label: str) -> str:
    """Return a description that has the label."""
    return f"{text} {mark_of(label)}".strip()


def is_ours(kind: str, existing: Mapping[str, Any], label: str) -> bool:
    """Return whether an object of AWX has the label."""
    if KINDS[kind].mark == "labels":
        labels = existing.get("summary_fields", {}).get("labels", {}).get("results", [])
        return label in [each.get("name") for each in labels]
    return is_described(existing, label)


def is_described(existing: Mapping[str, Any], label: str) -> bool:
    """Return whether the description of an object has the label: that of a template, too, from its creation on."""
    return str(existing.get("description") or "").endswith(mark_of(label))
