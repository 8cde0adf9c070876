# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an AWX contains today, as far as the content concerns it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .objects import KINDS, REMOVAL, AwxObject, is_ours

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
        """Return the organizations with another object of the same name, if modules cannot tell them apart."""
        if not KINDS[desired.kind].by_name or not KINDS[desired.kind].scope:
            return []
        return [
            named(row, "organization") or "no organization"
            for row in self.rows.get(desired.kind, [])
            if row.get("name") == desired.name and not self._here(row)
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
                if is_ours(kind, row, label)
                and (self._here(row) or kind in ("organization", "credential_type"))
            ]
            if ours:
                found[kind] = ours
        return found

    def _here(self, row: Row) -> bool:
        """Return whether a row belongs to the organization, directly or with what it is a part of."""
        own = row.get("organization")
        if own is None:
            summary = row.get("summary_fields", {})
            parts = (summary.get(name) or {} for name in ("inventory", "unified_job_template"))
            own = next(
                (part["organization_id"] for part in parts if part.get("organization_id")), None
            )
        return bool(self.organization is not None and own in (self.organization["id"], None))

    def _in_scope(self, row: Row, scope: str, desired: AwxObject) -> bool:
        if scope == "organization":
            return self._here(row)
        if scope:
            return named(row, scope) == str(desired.arguments[scope])
        return True


def named(row: Row, field_name: str) -> str:
    """Return the name of an object that a row refers to."""
    summary = row.get("summary_fields", {}).get(field_name) or {}
    return str(summary.get("name") or "")


def read_state(read: Read, organization: str, workflows: Iterable[str] = ()) -> State:
    """Return what the content concerns.

    :param workflows: the workflows whose nodes are read.
    """
    (user,) = read("me")
    found = read("organizations", name=organization)
    state = State(found[0] if found else None, {}, user)
    for kind in KINDS.values():
        if kind.module not in ("organization", "host", "role", "workflow_job_template_node"):
            state.rows[kind.module] = read(kind.endpoint)
    state.rows["host"] = read("hosts", name="localhost")
    state.rows["instance_group"] = read("instance_groups")
    desired = set(workflows)
    for row in state.rows["workflow_job_template"]:
        if row["name"] in desired and state._here(row):
            state.nodes[row["name"]] = read(
                "workflow_job_template_nodes", workflow_job_template=row["id"]
            )
    if user.get("is_superuser") or user.get("is_system_auditor"):
        state.shown_paths = read("settings/jobs")["AWX_ISOLATION_SHOW_PATHS"] or []
    return state
