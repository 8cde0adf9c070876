# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an AWX contains today, as far as the content concerns it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .objects import KINDS, REMOVAL, AwxObject, is_ours

#: Kinds whose rows a schedule or a node can start.
STARTED = ("job_template", "workflow_job_template", "project", "inventory_source")
#: Kinds that no organization contains.
_GLOBAL = ("organization", "credential_type")

#: Reads an endpoint: all rows of a list, or one object. The keyword arguments are the query.
Read = Callable[..., Any]
Row = Mapping[str, Any]


@dataclass
class State:
    """The objects of an AWX.

    :param rows: by kind; those of other organizations, too, where a module finds an object by name alone.
    :param user: the user of the connection.
    """

    organization: Row | None
    rows: dict[str, list[Row]]
    user: Row
    shown_paths: list[str] | None = None
    nodes: dict[str, list[Row]] = field(default_factory=dict)

    def existing(self, desired: AwxObject) -> Row | None:
        """Return the object of AWX that a desired object would be created or updated as."""
        kind = KINDS[desired.kind]
        if desired.kind == "organization":
            return self.organization
        if desired.kind == "workflow_job_template_node":
            rows = self.nodes.get(desired.arguments["workflow_job_template"], [])
            return next((row for row in rows if row.get("identifier") == desired.name), None)
        for row in self.rows.get(desired.kind, []):
            if row.get("name") == desired.name and self._in_scope(row, kind.scope, desired):
                return row
        return None

    def others(self, desired: AwxObject) -> list[str]:
        """Return the organizations with another object of the same name, if modules cannot distinguish them."""
        if not KINDS[desired.kind].by_name or not KINDS[desired.kind].scope:
            return []
        existing = self.existing(desired)
        return [
            named(row, "organization") or "no organization"
            for row in self.rows.get(desired.kind, [])
            if row.get("name") == desired.name and row is not existing
        ]

    def labelled(self, label: str) -> dict[str, list[Row]]:
        """Return all objects with the label, in the order of their removal."""
        found: dict[str, list[Row]] = {}
        for kind in REMOVAL:
            rows = self.rows.get(kind, [])
            if kind == "organization":
                rows = [self.organization] if self.organization else []
            ours = [
                row
                for row in rows
                if is_ours(kind, row, label) and (self.here(kind, row) or kind in _GLOBAL)
            ]
            if ours:
                found[kind] = ours
        return found

    def here(self, kind: str, row: Row) -> bool:
        """Return whether a row belongs to the organization, directly or with what it is a part of."""
        if self.organization is None:
            return False
        # AWX shows no organization for these: it is the one of the template or of the inventory.
        if kind == "schedule":
            return any(
                self.here(each, started)
                for each in STARTED
                for started in self.rows.get(each, [])
                if started["id"] == row.get("unified_job_template")
            )
        if kind in ("inventory_source", "host"):
            return any(
                self.here("inventory", inventory)
                for inventory in self.rows.get("inventory", [])
                if inventory["id"] == row.get("inventory")
            )
        return bool(row.get("organization") == self.organization["id"])

    def _in_scope(self, row: Row, scope: str, desired: AwxObject) -> bool:
        if not scope:
            return True
        if not self.here(desired.kind, row):
            return False
        return scope == "organization" or named(row, scope) == str(desired.arguments[scope])


def named(row: Row, field_name: str) -> str:
    """Return the name of an object that a row refers to."""
    summary = row.get("summary_fields", {}).get(field_name) or {}
    return str(summary.get("name") or "")


def read_state(read: Read, organization: str, workflows: Iterable[str] = ()) -> State:
    """Return what the content concerns.

    :param workflows: the workflows whose nodes are read.
    """
    (user,) = read("me")
    # Other organizations use objects, too: as their default execution environment.
    organizations = read("organizations")
    found = [row for row in organizations if row["name"] == organization]
    state = State(found[0] if found else None, {"organization": organizations}, user)
    for kind in KINDS.values():
        if kind.module not in ("organization", "inventory", "host", "role"):
            state.rows[kind.module] = read(kind.endpoint)
    state.rows["inventory"] = _inventories(read)
    state.rows["host"] = read("hosts", name="localhost")
    state.rows["instance_group"] = read("instance_groups")
    state.rows["application"] = _applications(read, state.organization)
    desired = set(workflows)
    for row in state.rows["workflow_job_template"]:
        if row["name"] in desired and state.here("workflow_job_template", row):
            state.nodes[row["name"]] = [
                node
                for node in state.rows["workflow_job_template_node"]
                if node["workflow_job_template"] == row["id"]
            ]
    if user.get("is_superuser") or user.get("is_system_auditor"):
        state.shown_paths = read("settings/jobs")["AWX_ISOLATION_SHOW_PATHS"] or []
    return state


def _inventories(read: Read) -> list[Row]:
    """Return all inventories. Only a separate list shows which inventories a constructed one is made from."""
    rows: list[Row] = []
    for row in read("inventories"):
        inputs: list[Row] = []
        if row.get("kind") == "constructed":
            inputs = read(f"inventories/{row['id']}/input_inventories")
        rows.append({**row, "input_inventories": [each["id"] for each in inputs]})
    return rows


def _applications(read: Read, organization: Row | None) -> list[Row]:
    """Return the OAuth applications of the organization, which AWX deletes with it. Controller 2.5 has none here."""
    if organization is None or "applications" not in organization.get("related", {}):
        return []
    rows: list[Row] = read(f"organizations/{organization['id']}/applications")
    return rows
