# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares desired objects with those of an AWX. Only an object that differs is sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from .objects import KINDS, AwxObject
from .state import Row, State, named

#: Returns what a row refers to: its survey, or the rows of one of its lists. The arguments are the row and the name.
Related = Callable[[Row, str], Any]

_ENCRYPTED = "$encrypted$"
#: Options with secrets.
_WITH_SECRETS = ("inputs", "notification_configuration")
#: Options of a module that hold the name of an object, with the field of the row that refers to it.
_REFERENCES = (
    *("project", "inventory", "execution_environment", "credential", "source_project"),
    *("credential_type", "unified_job_template"),
)
#: Options with JSON in the row.
_JSON = ("extra_vars", "variables", "source_vars")
#: Options that find the object.
_KEYS = (*("name", "identifier", "organization", "lookup_organization", "workflow_job_template"),)
#: Options with the names of the rows of a list.
_LISTS = ("instance_groups", "notification_templates_success")


def differences(desired: AwxObject, existing: Row, state: State, related: Related) -> list[str]:
    """Return the names of the options that differ. A secret that AWX does not show is never a difference."""
    return [
        name
        for name, value in desired.arguments.items()
        if name not in _KEYS and not _matches(name, value, existing, state, related)
    ]


def has_secret(existing: Row) -> bool:
    """Return whether AWX hides a secret of a credential or of a notification template."""
    rows = (existing.get(name) or {} for name in _WITH_SECRETS)
    return any(value == _ENCRYPTED for row in rows for value in row.values())


def _matches(name: str, value: Any, existing: Row, state: State, related: Related) -> bool:
    if name in _REFERENCES:
        return bool(value == named(existing, name))
    if name in _LISTS:
        return sorted(value) == sorted(row["name"] for row in related(existing, name))
    if name == "survey_spec":
        return _same(value, related(existing, name))
    if name in ("credentials", "labels"):
        rows = existing.get("summary_fields", {}).get(name) or []
        rows = rows.get("results", []) if isinstance(rows, Mapping) else rows
        return sorted(value) == sorted(row["name"] for row in rows)
    if name.endswith("_nodes"):
        return sorted(value) == sorted(_linked(name, existing, state))
    if name == "approval_node":
        return _same_approval(value, existing)
    if name == "messages":
        return _same(value["success"], (existing.get(name) or {}).get("success"))
    return _same(value, _actual(name, existing))


def _actual(name: str, existing: Row) -> Any:
    value = existing.get(name)
    if name in _JSON and isinstance(value, str):
        try:
            return json.loads(value or "{}")
        except ValueError:
            return value
    return "manual" if name == "scm_type" and value == "" else value


def _linked(name: str, existing: Row, state: State) -> list[str]:
    """Return the identifiers of the nodes that a node leads to."""
    workflow = existing["workflow_job_template"]
    names = {
        row["id"]: row["identifier"]
        for rows in state.nodes.values()
        for row in rows
        if row["workflow_job_template"] == workflow
    }
    return [str(names.get(number)) for number in existing.get(name, [])]


def _same_approval(value: Mapping[str, Any], existing: Row) -> bool:
    summary = existing.get("summary_fields", {}).get("unified_job_template") or {}
    return all(summary.get(name) == value[name] for name in ("name", "description", "timeout"))


def _same(desired: Any, actual: Any) -> bool:
    if actual == _ENCRYPTED:
        return True
    if isinstance(desired, Mapping) and isinstance(actual, Mapping):
        return set(desired) == set(actual) and all(
            _same(desired[key], actual[key]) for key in desired
        )
    if isinstance(desired, (list, tuple)) and isinstance(actual, (list, tuple)):
        return len(desired) == len(actual) and all(map(_same, desired, actual))
    return bool(desired == actual)


def words_of(kind: str, row: Row) -> str:
    """Return how messages call an object of AWX."""
    return f"{KINDS[kind].words} {row['name']}"
