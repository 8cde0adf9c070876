# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creates, updates and removes the objects of the content with the modules of awx.awx or ansible.controller."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .compare import words_of
from .content import playbooks
from .objects import AwxObject, is_mistakable
from .preview import Judgment, Removed, words_of_node
from .settings import Settings
from .state import Row, named

#: Runs a module of the installed collection, by its name without the collection.
RunModule = Callable[[str, dict[str, Any]], Mapping[str, Any]]

#: What to try, by a part of AWX's message.
_HINTS = {
    "Playbook not found": "Synchronize the project, and check that its branch contains the playbook.",
    "permission": "The user of the connection needs the role admin on the organization, and must be a superuser for "
    "credential types.",
    "multiple credentials": "A job takes one credential of a custom type: one template is for one panel.",
    "Project update failed": "Read the output of the project's latest update in AWX.",
}


class NotApplied(Exception):
    """An object could not be created, updated or removed. The message is for the operator."""


@dataclass
class Changes:
    """What was done, as one text for each object."""

    created: dict[str, None] = field(default_factory=dict)
    updated: dict[str, None] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)

    def add(self, words: str, *, existed: bool) -> None:
        """Record an object that a module changed. An object that several steps make counts once."""
        if existed and words not in self.created:
            self.updated[words] = None
        elif not existed:
            self.created[words] = None

    def result(self) -> dict[str, Any]:
        """Return the changes as a part of the task's result."""
        lists = {
            "created": list(self.created),
            "updated": list(self.updated),
            "removed": self.removed,
        }
        return {**lists, "changed": any(lists.values())}


@dataclass
class Importer:
    """Creates and updates the objects.

    :param changes: what was done so far, also if an object fails.
    """

    judgment: Judgment
    run_module: RunModule
    changes: Changes = field(default_factory=Changes)

    @property
    def settings(self) -> Settings:
        return self.judgment.settings

    def run(self, desired: Sequence[AwxObject], removed: Removed) -> None:
        """Create and update all objects. :raises NotApplied: AWX refused one; those before it are in place.

        :param removed: what is taken away. Nodes and rights go first: they could be used while the import runs.
        """
        for workflow, name in removed.nodes:
            self._remove_node(workflow, name)
        for role in removed.roles:
            self._revoke(role)
        checked = False
        for each in desired:
            if each.kind == "job_template" and not checked:
                self._synchronize_project()
                checked = True
            self._apply(each)
        remove(removed.rows, self.settings.organization, self.run_module, self.changes)

    def _apply(self, desired: AwxObject) -> None:
        found = self.judgment.differences(desired)
        if found == []:
            return
        arguments = {**desired.arguments, **(desired.initial if found is None else {})}
        if desired.kind == "credential":
            arguments["update_secrets"] = self.judgment.update_secrets
        result = self.run_module(desired.kind, arguments)
        if result.get("failed"):
            raise NotApplied(_refusal("create or update", desired.words, result))
        if result.get("changed"):
            self.changes.add(desired.words, existed=found is not None and desired.kind != "role")

    def _synchronize_project(self) -> None:
        """Update the project if it does not contain the playbooks: a template cannot name one before."""
        name = self.settings.named("playbooks")
        for attempt in (1, 2):
            missing = self._missing_playbooks(name)
            if not missing:
                return
            if attempt == 1 and not self.settings.manual_project:
                arguments: dict[str, Any] = {"name": name}
                arguments["organization"] = self.settings.organization
                arguments.update({"update_project": True, **self.settings.project})
                result = self.run_module("project", arguments)
                if result.get("failed"):
                    raise NotApplied(_refusal("synchronize", f"project {name}", result))
        raise NotApplied(
            f"The project {name} does not contain {', '.join(missing)}. Check awx_content_project_url, "
            "awx_content_project_branch and awx_content_playbook_folder."
        )

    def _missing_playbooks(self, name: str) -> list[str]:
        rows = [
            row
            for row in self.judgment.read("projects", name=name)
            if named(row, "organization") == self.settings.organization
        ]
        if not rows:
            return playbooks(self.settings)
        there = set(self.judgment.read(f"projects/{rows[0]['id']}/playbooks"))
        return [each for each in playbooks(self.settings) if each not in there]

    def _remove_node(self, workflow: str, name: str) -> None:
        arguments = {
            "identifier": name,
            "workflow_job_template": workflow,
            "organization": self.settings.organization,
            "state": "absent",
        }
        words = words_of_node(workflow, name)
        result = self.run_module("workflow_job_template_node", arguments)
        if result.get("failed"):
            raise NotApplied(_refusal("remove", words, result))
        self.changes.removed.append(words)

    def _revoke(self, role: AwxObject) -> None:
        result = self.run_module("role", dict(role.arguments))
        if result.get("failed"):
            raise NotApplied(_refusal("revoke", role.words, result))
        self.changes.removed.append(role.words)


def remove(
    rows: Mapping[str, Iterable[Row]], organization: str, run_module: RunModule, changes: Changes
) -> None:
    """Remove objects in the order of the mapping. :raises NotApplied: AWX refused one."""
    for kind, each_of in rows.items():
        for row in each_of:
            arguments = {
                "name": _unmistakable(row["name"], row["id"]),
                "state": "absent",
                **_found_by(kind, row, organization),
            }
            words = words_of(kind, row)
            result = run_module(kind, arguments)
            if result.get("failed"):
                raise NotApplied(_refusal("remove", words, result))
            if result.get("changed"):
                changes.removed.append(words)


def _found_by(kind: str, row: Row, organization: str) -> dict[str, Any]:
    """Return the options with which a module finds an object to remove."""
    if kind in ("organization", "credential_type", "execution_environment"):
        return {}
    found: dict[str, Any] = {"organization": organization}
    if kind == "credential":
        found["credential_type"] = _named(row, "credential_type")
    if kind == "inventory_source":
        found["inventory"] = _named(row, "inventory")
    if kind == "schedule":
        found["unified_job_template"] = _named(row, "unified_job_template")
    return found


def _named(row: Row, field_name: str) -> str:
    return _unmistakable(named(row, field_name), row.get(field_name))


def _unmistakable(name: str, number: Any) -> str:
    """Return the name of an object of AWX, or its ID if modules would take the name for another object's."""
    return str(number) if is_mistakable(name) else name


def _refusal(action: str, words: str, result: Mapping[str, Any]) -> str:
    message = str(result.get("msg") or "no message").rstrip(".")
    response = result.get("response")
    if isinstance(response, Mapping) and response.get("json"):
        message = f"{message}: {response['json']}"
    hint = next((text for part, text in _HINTS.items() if part.lower() in message.lower()), "")
    return f"Cannot {action} the {words}: {message}. {hint}".strip()
