# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the content can be created in an AWX, and what AWX does not let a module set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .objects import KINDS, AwxObject, is_ours
from .settings import Settings
from .state import State

_READ_ONLY = ("ro", "O")


def problems(
    settings: Settings, desired: Sequence[AwxObject], state: State, *, adopt: bool
) -> list[str]:
    """Return a sentence for each reason against the import."""
    return [
        *_missing_rights(settings, desired, state),
        *_missing_objects(settings, state),
        *_ambiguous(desired, state),
        *([] if adopt else _foreign(settings, desired, state)),
        *_mount_problems(settings, state),
    ]


def notes(settings: Settings, state: State) -> list[str]:
    """Return what the operator has to do in AWX: things that no module sets."""
    found = []
    if state.shown_paths is None:
        paths = ", ".join(_run_paths(settings))
        found.append(
            f"The user {state.user['username']} cannot read the job settings. Check in them that the paths exposed to "
            f"isolated jobs contain {paths} with the option rw."
        )
    found.append(
        "Each node of AWX has its own disk. Check that the folders of the runs exist on each node that runs jobs of a "
        "panel, and are the same shared folder unless the panel uses one node or a run_store. AWX leaves out a "
        "missing folder without a message."
    )
    groups = [row["name"] for row in state.rows["instance_group"] if row.get("is_container_group")]
    used = sorted({name for each in settings.parts for name in each.instance_groups} & set(groups))
    if used:
        found.append(
            f"The container groups {', '.join(used)} need a volume for the runs in their pod specification."
        )
    if settings.manual_project and settings.fleet_inventory:
        found.append(
            "A project with a local path cannot feed an inventory, so there is no inventory of the servers."
        )
    without = [panel.name for panel in settings.panels if not panel.fleet]
    if without:
        found.append(
            f"There is no drift schedule for {', '.join(without)}: the panel's fleet is not set."
        )
    return found


def _missing_rights(
    settings: Settings, desired: Sequence[AwxObject], state: State
) -> Iterator[str]:
    if state.user.get("is_superuser"):
        return
    user = f"The user {state.user['username']}"
    if state.organization is None:
        yield (
            f"{user} cannot create the organization {settings.organization}: that needs a superuser. "
            "Create it, and make the user its administrator."
        )
        return
    if not state.organization["summary_fields"]["user_capabilities"].get("edit"):
        yield f"{user} needs the role admin on the organization {settings.organization}."
    types = [
        each.name
        for each in desired
        if each.kind == "credential_type" and state.existing(each) is None
    ]
    if types:
        yield (
            f"{user} cannot create the credential types {', '.join(types)}: that needs a superuser. "
            "Name an existing credential of each panel with its key credential, or run the import as a superuser."
        )


def _missing_objects(settings: Settings, state: State) -> Iterator[str]:
    groups = {row["name"] for row in state.rows["instance_group"]}
    credentials = {row["name"] for row in state.rows["credential"]}
    for panel in settings.panels:
        parts = (panel.whole, *panel.parts)
        for name in sorted({name for part in parts for name in part.instance_groups} - groups):
            yield f"There is no instance group {name}, which the panel {panel.name} names. A module cannot create it."
        if panel.credential and panel.credential not in credentials:
            yield f"There is no credential {panel.credential}, which the panel {panel.name} names."
    credential = settings.project.get("credential")
    if credential and credential not in credentials:
        yield f"There is no credential {credential}, which awx_content_project_credential names."
    environments = {row["name"] for row in state.rows["execution_environment"]}
    if (
        settings.execution_environment
        and not settings.image
        and settings.execution_environment not in environments
    ):
        yield (
            f"There is no execution environment {settings.execution_environment}. "
            "Set awx_content_image to create it."
        )


def _ambiguous(desired: Sequence[AwxObject], state: State) -> Iterator[str]:
    for each in desired:
        for organization in state.others(each):
            yield (
                f"There is another {each.words} in {organization}, and modules find it by its name alone. "
                "Set another awx_content_prefix."
            )


def _foreign(settings: Settings, desired: Sequence[AwxObject], state: State) -> Iterator[str]:
    for each in desired:
        # The organization may be the operator's. It is used, and neither changed nor removed.
        if not KINDS[each.kind].mark or each.kind == "organization":
            continue
        existing = state.existing(each)
        if existing is not None and not is_ours(each.kind, existing, settings.label):
            yield (
                f"The {each.words} exists and does not bear the label {settings.label}. "
                "Set another awx_content_prefix, or awx_content_adopt to take it over."
            )


def _mount_problems(settings: Settings, state: State) -> Iterator[str]:
    if state.shown_paths is None:
        return
    containers = {
        row["name"] for row in state.rows["instance_group"] if row.get("is_container_group")
    }
    groups = {name for part in settings.parts for name in part.instance_groups}
    if groups and groups <= containers:
        return
    for path in _run_paths(settings):
        if not any(_holds(shown, path) for shown in state.shown_paths):
            yield (
                f"Jobs do not see {path}. Add {path}:{path}:rw to the paths exposed to isolated jobs in the job "
                "settings of AWX (AWX_ISOLATION_SHOW_PATHS), and create the folder on each node."
            )


def _run_paths(settings: Settings) -> list[str]:
    paths = [panel.runs_path for panel in settings.panels]
    return sorted({*paths, *([settings.state_path] if settings.state_path else [])})


def _holds(shown: str, path: str) -> bool:
    """Return whether a mount makes a path writable in jobs. Its form is HOST[:CONTAINER[:OPTIONS]]."""
    host, __, rest = shown.partition(":")
    container, __, options = rest.partition(":")
    inside = (container or host).rstrip("/")
    writable = not set(options.split(",")) & set(_READ_ONLY)
    return writable and (path == inside or path.startswith(f"{inside}/"))
