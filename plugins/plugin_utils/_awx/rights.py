# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The roles of the two teams on templates and workflows: those that are missing, and those that are stale."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .objects import KINDS, AwxObject
from .removal import Removal
from .settings import Settings
from .state import Read, Row, State

#: Options of the module -> the kind of the objects that they name.
_OPTIONS = {"job_templates": "job_template", "workflows": "workflow_job_template"}


def missing_permissions(desired: AwxObject, state: State, teams_of: Callable[[int], Any]) -> bool:
    """Return whether a team lacks a role on one of the objects.

    :param teams_of: returns the rows of the teams that have a role, by the ID of the role.
    """
    team = _team(state, desired)
    (option,) = (name for name in _OPTIONS if name in desired.arguments)
    for name in desired.arguments[option]:
        organization = desired.arguments["lookup_organization"]
        row = state.existing(AwxObject(_OPTIONS[option], name, {"organization": organization}))
        if row is None or team is None:
            return True
        role = row["summary_fields"]["object_roles"][f"{desired.arguments['role']}_role"]
        if team["id"] not in [each["id"] for each in teams_of(role["id"])]:
            return True
    return False


def stale_permissions(
    settings: Settings, desired: Sequence[AwxObject], state: State, read: Read, removed: Removal
) -> list[AwxObject]:
    """Return the roles to revoke: the teams have them on our templates and workflows, and the content gives none.

    :param removed: objects that are removed anyway.
    """
    granted = {
        (each.arguments["team"], each.arguments["role"], option, name)
        for each in desired
        if each.kind == "role"
        for option in _OPTIONS
        for name in each.arguments.get(option, ())
    }
    found = []
    for team in (each for each in desired if each.kind == "team"):
        row = state.existing(team)
        numbers = {role["id"] for role in read(f"teams/{row['id']}/roles")} if row else set()
        for option, name, role, number in _roles(settings, desired, state, removed):
            if number in numbers and (team.name, role, option, name) not in granted:
                found.append(_revoked(settings, team.name, role, option, name))
    return found


def _roles(
    settings: Settings, desired: Sequence[AwxObject], state: State, removed: Removal
) -> Iterator[tuple[str, str, str, int]]:
    """Yield option, name of the object, role and its ID of each role on our templates and workflows."""
    labelled = state.labelled(settings.label)
    for option, kind in _OPTIONS.items():
        existing = [state.existing(each) for each in desired if each.kind == kind]
        rows: dict[int, Row] = {row["id"]: row for row in labelled.get(kind, [])}
        # An object that was taken over has the label only after this import.
        rows.update({row["id"]: row for row in existing if row is not None})
        for row in rows.values():
            if (kind, row["id"]) not in removed:
                for name, role in row["summary_fields"].get("object_roles", {}).items():
                    yield option, row["name"], name.removesuffix("_role"), role["id"]


def _revoked(settings: Settings, team: str, role: str, option: str, name: str) -> AwxObject:
    return AwxObject(
        "role",
        f"{role} of {team} on the {KINDS[_OPTIONS[option]].words} {name}",
        {
            "team": team,
            "role": role,
            "lookup_organization": settings.organization,
            option: [name],
            "state": "absent",
        },
    )


def _team(state: State, desired: AwxObject) -> Row | None:
    return state.existing(AwxObject("team", str(desired.arguments["team"]), {}))
