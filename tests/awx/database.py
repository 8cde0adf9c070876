# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables of the AWX stand-in: rows, what refers to what, and what AWX refuses."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from typing import Any

import jinja2
import jinja2.sandbox

ENCRYPTED = "$encrypted$"


class Refused(Exception):
    """A request that AWX refuses, with its status and its body."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(str(body))
        self.status, self.body = status, body


@dataclass(frozen=True)
class Table:
    """A kind of objects.

    :param refers: fields with the ID of an object in another table.
    :param needs: fields that a new row must have.
    :param unique: fields that no two rows have in common.
    """

    type: str
    refers: dict[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ("name",)
    unique: tuple[str, ...] = ("name", "organization")
    roles: tuple[str, ...] = ()
    defaults: dict[str, Any] = field(default_factory=dict)


ORGANIZATION = {"organization": "organizations"}
TEMPLATE = {"execution_environment": "execution_environments", **ORGANIZATION}
#: Tables with what a schedule or a node starts -> the type of the jobs.
UNIFIED = {
    "projects": "project_update",
    "inventory_sources": "inventory_update",
    "job_templates": "job",
    "workflow_job_templates": "workflow_job",
    "approval_templates": "workflow_approval",
}
PROMPTS = {
    f"ask_{name}_on_launch": False
    for name in (
        "variables",
        "limit",
        "inventory",
        "credential",
        "job_type",
        "job_slice_count",
        "tags",
        "skip_tags",
    )
}
TABLES = {
    "organizations": Table(
        "organization",
        {"default_environment": "execution_environments"},
        unique=("name",),
        roles=("admin", "read", "member"),
    ),
    "labels": Table("label", ORGANIZATION, ("name", "organization")),
    "credential_types": Table(
        "credential_type",
        needs=("name", "kind"),
        unique=("name",),
        defaults={"inputs": {}, "injectors": {}, "managed": False},
    ),
    "execution_environments": Table(
        "execution_environment",
        ORGANIZATION,
        ("name", "image"),
        ("name",),
        defaults={"organization": None, "pull": ""},
    ),
    "teams": Table(
        "team", ORGANIZATION, ("name", "organization"), roles=("admin", "member", "read")
    ),
    "credentials": Table(
        "credential",
        {"credential_type": "credential_types", **ORGANIZATION},
        ("name", "credential_type"),
        ("name", "organization", "credential_type"),
        defaults={"inputs": {}},
    ),
    "projects": Table(
        "project",
        {"credential": "credentials", **ORGANIZATION},
        defaults={"scm_branch": "", "scm_revision": ""},
    ),
    "inventories": Table(
        "inventory",
        ORGANIZATION,
        ("name", "organization"),
        defaults={"variables": "", "kind": "", "host_filter": None},
    ),
    "hosts": Table(
        "host",
        {"inventory": "inventories"},
        ("name", "inventory"),
        ("name", "inventory"),
        defaults={"variables": ""},
    ),
    "inventory_sources": Table(
        "inventory_source",
        {
            "inventory": "inventories",
            "source_project": "projects",
            "credential": "credentials",
            "execution_environment": "execution_environments",
        },
        ("name", "inventory"),
        ("name", "inventory"),
    ),
    "notification_templates": Table(
        "notification_template",
        ORGANIZATION,
        ("name", "notification_type", "notification_configuration"),
    ),
    "job_templates": Table(
        "job_template",
        {"project": "projects", "inventory": "inventories", **TEMPLATE},
        ("name", "inventory", "project", "playbook"),
        roles=("admin", "execute", "read"),
        defaults={
            "extra_vars": "",
            "survey_enabled": False,
            "allow_simultaneous": False,
            "job_slice_count": 1,
            **dict.fromkeys(("limit", "job_tags", "skip_tags", "start_at_task"), ""),
            **PROMPTS,
        },
    ),
    "workflow_job_templates": Table(
        "workflow_job_template",
        ORGANIZATION,
        roles=("admin", "execute", "read", "approval"),
        defaults={
            "extra_vars": "",
            "survey_enabled": False,
            "allow_simultaneous": False,
            **PROMPTS,
        },
    ),
    "workflow_job_template_nodes": Table(
        "workflow_job_template_node",
        {
            "workflow_job_template": "workflow_job_templates",
            "unified_job_template": "unified_job_templates",
        },
        ("identifier", "workflow_job_template"),
        ("identifier", "workflow_job_template"),
        defaults={
            "all_parents_must_converge": False,
            "extra_data": {},
            "unified_job_template": None,
        },
    ),
    "approval_templates": Table(
        "workflow_approval_template", needs=("name",), unique=("id",), defaults={"timeout": 0}
    ),
    "schedules": Table(
        "schedule",
        {"unified_job_template": "unified_job_templates"},
        ("name", "rrule", "unified_job_template"),
        ("name", "unified_job_template"),
        defaults={"enabled": True},
    ),
    "applications": Table("o_auth2_application", ORGANIZATION, ("name", "organization")),
    "instance_groups": Table(
        "instance_group", unique=("name",), defaults={"is_container_group": False}
    ),
}
#: Table, name of the association -> the table of its members.
ASSOCIATIONS = {
    **{("job_templates", name): name for name in ("credentials", "labels", "instance_groups")},
    ("job_templates", "notification_templates_success"): "notification_templates",
    ("workflow_job_templates", "labels"): "labels",
    ("inventories", "input_inventories"): "inventories",
    **{
        ("workflow_job_template_nodes", f"{name}_nodes"): "workflow_job_template_nodes"
        for name in ("success", "failure", "always")
    },
}


class Database:
    """All rows. IDs are unique over all tables, as those of AWX's templates are."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in TABLES}
        self.members: dict[tuple[str, int, str], list[int]] = {}
        self.surveys: dict[int, dict[str, Any]] = {}
        self.roles: dict[int, tuple[int, str]] = {}
        self.teams_of: dict[int, list[int]] = {}
        self.playbooks: dict[str, list[str]] = {}
        #: Templates that lost their project or inventory: AWX deletes these without a word.
        self.crippled: list[str] = []
        self._numbers = itertools.count(1)

    def table_of(self, number: int) -> str:
        return next(name for name, rows in self.rows.items() if number in rows)

    def get(self, table: str, number: Any) -> dict[str, Any]:
        """Return a row of a table, or of any table with templates."""
        names = UNIFIED if table == "unified_job_templates" else (table,)
        for name in names:
            if int(number) in self.rows[name]:
                return self.rows[name][int(number)]
        raise Refused(404, {"detail": "Not found."})

    def listed(self, table: str) -> list[dict[str, Any]]:
        names = UNIFIED if table == "unified_job_templates" else (table,)
        return [row for name in names for row in self.rows[name].values()]

    def add(self, table: str, given: dict[str, Any]) -> dict[str, Any]:
        """Add a row. :raises Refused: AWX would refuse it."""
        missing = {
            name: ["This field is required."]
            for name in TABLES[table].needs
            if given.get(name) in (None, "")
        }
        if missing:
            raise Refused(400, missing)
        row = {"description": "", **TABLES[table].defaults, **given, "id": next(self._numbers)}
        self._check(table, row)
        self.rows[table][row["id"]] = row
        for role in TABLES[table].roles:
            self.roles[next(self._numbers)] = (row["id"], f"{role}_role")
        if table == "projects":
            self.synchronize(row)
        return row

    def change(self, table: str, number: int, given: dict[str, Any]) -> dict[str, Any]:
        row = self.rows[table][number]
        changed = {**row, **given}
        if table == "credentials" and "inputs" in given:
            # A secret that comes back as AWX shows it stays as it is.
            inputs = given["inputs"].items()
            changed["inputs"] = {
                key: row["inputs"].get(key) if value == ENCRYPTED else value
                for key, value in inputs
            }
        self._check(table, changed)
        row.update(changed)
        return row

    def synchronize(self, project: dict[str, Any]) -> bool:
        """Fetch the repository of a project. Return whether it is there."""
        there = project.get("scm_type") == "" or project.get("scm_url") in self.playbooks
        project["scm_revision"] = "0123abcd" if there else ""
        return there

    def playbooks_of(self, project: dict[str, Any]) -> list[str]:
        if project.get("scm_type") == "":
            return self.playbooks.get(project.get("local_path", ""), [])
        return self.playbooks.get(project.get("scm_url", ""), []) if project["scm_revision"] else []

    def remove(self, table: str, number: int) -> None:
        """Remove a row and what belongs to it. :raises Refused: it is in use."""
        users = [
            row for row in self.rows["credentials"].values() if row.get("credential_type") == number
        ]
        if table == "credential_types" and users:
            raise Refused(403, {"detail": "Credential types that are in use cannot be deleted"})
        row = self.rows[table].pop(number)
        parts = {
            "organizations": [
                (each, "organization") for each in TABLES if "organization" in TABLES[each].refers
            ],
            "inventories": [("hosts", "inventory"), ("inventory_sources", "inventory")],
            "workflow_job_templates": [
                ("workflow_job_template_nodes", "workflow_job_template"),
                ("schedules", "unified_job_template"),
            ],
            "job_templates": [("schedules", "unified_job_template")],
        }.get(table, [])
        for part, name in parts:
            for each in [
                key for key, value in self.rows[part].items() if value.get(name) == number
            ]:
                self.remove(part, each)
        self._forget(table, number, row)

    def _forget(self, table: str, number: int, row: dict[str, Any]) -> None:
        for name, definition in TABLES.items():
            for reference, other in definition.refers.items():
                if other in (table, "unified_job_templates"):
                    for each in self.rows[name].values():
                        if each.get(reference) == number:
                            each[reference] = None
                            self.crippled.append(
                                f"{each.get('name') or each.get('identifier')}: {reference}"
                            )
        self.surveys.pop(number, None)
        if (
            table == "workflow_job_template_nodes"
            and row["unified_job_template"] in self.rows["approval_templates"]
        ):
            del self.rows["approval_templates"][row["unified_job_template"]]
        for role in [role for role, (each, dummy) in self.roles.items() if each == number]:
            del self.roles[role]
            self.teams_of.pop(role, None)
        for key in [key for key in self.members if key[1] == number]:
            del self.members[key]
        for members in self.members.values():
            if number in members:
                members.remove(number)
        used = {
            each
            for (dummy, _number, name), members in self.members.items()
            if name == "labels"
            for each in members
        }
        for label in [
            each for each in self.rows["labels"] if each not in used and table != "labels"
        ]:
            if table in ("job_templates", "workflow_job_templates"):
                del self.rows["labels"][label]

    def associate(self, table: str, number: int, name: str, member: int, *, leave: bool) -> None:
        """Add or remove a member. :raises Refused: a second credential of one type."""
        members = self.members.setdefault((table, number, name), [])
        if leave:
            members.remove(member)
            return
        self.get(ASSOCIATIONS[table, name], member)
        if name == "credentials":
            types = [self.rows["credentials"][each]["credential_type"] for each in members]
            kind = self.rows["credentials"][member]["credential_type"]
            if kind in types:
                words = self.rows["credential_types"][kind]["name"]
                raise Refused(400, {"error": f"Cannot assign multiple {words} credentials."})
        members.append(member)

    def _check(self, table: str, row: dict[str, Any]) -> None:
        definition = TABLES[table]
        for name, other in definition.refers.items():
            if row.get(name) is not None:
                try:
                    self.get(other, row[name])
                except Refused:
                    raise Refused(
                        400, {name: [f'Invalid pk "{row[name]}" - object does not exist.']}
                    ) from None
        same = [
            each
            for each in self.rows[table].values()
            if each["id"] != row["id"]
            and all(each.get(name) == row.get(name) for name in definition.unique)
        ]
        if same:
            raise Refused(400, {"__all__": [f"{definition.type} with this name already exists."]})
        checks = {
            "job_templates": self._check_template,
            "notification_templates": _check_notification,
        }
        checks.get(table, lambda dummy: None)(row)

    def _check_template(self, row: dict[str, Any]) -> None:
        if row["playbook"] not in self.playbooks_of(self.rows["projects"][row["project"]]):
            raise Refused(400, {"playbook": ["Playbook not found for project."]})
        json.loads(row["extra_vars"] or "{}")


def check_survey(spec: dict[str, Any]) -> None:
    """:raises Refused: AWX would not accept the survey."""
    for name in ("name", "description", "spec"):
        if name not in spec:
            raise Refused(400, {"error": f"'{name}' missing from survey spec."})
    kinds = ("text", "textarea", "password", "multiplechoice", "multiselect", "integer", "float")
    seen = set()
    for number, question in enumerate(spec["spec"]):
        for name in ("type", "question_name", "variable", "required"):
            if name not in question:
                raise Refused(400, {"error": f"'{name}' missing from survey question {number}."})
        if question["type"] not in kinds:
            raise Refused(
                400,
                {
                    "error": f"'{question['type']}' in survey question {number} is not one of {kinds}."
                },
            )
        if question["variable"] in seen:
            raise Refused(
                400,
                {
                    "error": f"'variable' '{question['variable']}' duplicated in survey question {number}."
                },
            )
        seen.add(question["variable"])
        if "choices" in question and question.get("default") not in (None, *question["choices"]):
            raise Refused(
                400,
                {
                    "error": f"Default choice must be answered from the choices listed in question {number}."
                },
            )


def _check_notification(row: dict[str, Any]) -> None:
    """Evaluate the messages with invented values, as AWX does before it saves them."""
    environment = jinja2.sandbox.ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined)
    context = {
        "job": {"id": 1, "name": "Job", "artifacts": {}},
        "url": "https://awx.invalid/jobs/1",
        "job_friendly_name": "Job",
    }
    for message in (row.get("messages") or {}).values():
        for name, text in (message or {}).items():
            try:
                done = environment.from_string(text).render(context)
            except jinja2.TemplateError as error:
                raise Refused(
                    400, {"messages": [f"Unable to render message '{text}': {error}"]}
                ) from None
            if (
                row["notification_type"] == "webhook"
                and name == "body"
                and not isinstance(json.loads(done), dict)
            ):
                raise Refused(400, {"messages": ["Webhook body should be a json dictionary."]})
