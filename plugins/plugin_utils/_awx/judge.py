# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the content can be created in an AWX, and what AWX does not let a module set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .objects import KINDS, AwxObject, is_described, is_ours
from .panels import Panel
from .settings import Settings
from .state import STARTED, Row, State

_READ_ONLY = ("ro", "O")
#: Where AWX runs jobs that name no instance group.
_DEFAULT_GROUP = "default"


def problems(
    settings: Settings, desired: Sequence[AwxObject], state: State, *, adopt: bool
) -> list[str]:
    """Return a sentence for each reason against the import."""
    return [
        *_missing_rights(settings, desired, state),
        *_missing_objects(settings, state),
        *_credential_problems(settings, state),
        *_project_problems(settings, desired, state),
        *_node_problems(desired, state),
        *_ci_problems(settings, state),
        *_ambiguous(desired, state),
        *([] if adopt else _foreign(settings, desired, state)),
        *_mount_problems(settings, state),
    ]


def removal_problems(organization: str, state: State) -> list[str]:
    """Return a sentence for each reason against the removal. AWX lists nothing that its user may not see."""
    if state.organization is None:
        problem = (
            f"There is no organization {organization}, or the user {state.user['username']} cannot see it, "
            "so nothing was removed. Check awx_content_organization and awx_content_connection."
        )
        return [problem]
    return [] if _is_administrator(state) else [_no_administrator(organization, state)]


def notes(settings: Settings, desired: Sequence[AwxObject], state: State) -> list[str]:
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
    used = sorted({name for names in _instance_groups(settings) for name in names} & set(groups))
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
    found += _disabled_janitors(settings, desired, state)
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
    if not _is_administrator(state):
        yield _no_administrator(settings.organization, state)
    types = [
        each.name
        for each in desired
        if each.kind == "credential_type" and state.existing(each) is None
    ]
    if types:
        yield (
            f"{user} cannot create the credential types {', '.join(types)}: that needs a superuser. "
            "Name existing credentials with the keys credential and run_store_credential of each panel, or run the "
            "import as a superuser."
        )


def _is_administrator(state: State) -> bool:
    summary = (state.organization or {}).get("summary_fields", {})
    return bool(summary.get("user_capabilities", {}).get("edit"))


def _no_administrator(organization: str, state: State) -> str:
    return f"The user {state.user['username']} needs the role admin on the organization {organization}."


def _missing_objects(settings: Settings, state: State) -> Iterator[str]:
    groups = {row["name"] for row in state.rows["instance_group"]}
    for panel in settings.panels:
        parts = (panel.whole, *panel.parts)
        for name in sorted({name for part in parts for name in part.instance_groups} - groups):
            yield f"There is no instance group {name}, which the panel {panel.name} names. A module cannot create it."
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


def _credential_problems(settings: Settings, state: State) -> Iterator[str]:
    """Yield a sentence for each credential that is named and missing, ambiguous or of a wrong type."""
    types = settings.definitions["credential_types"]
    store = settings.definitions["run_store_type"]
    for panel in settings.panels:
        by = f"which the panel {panel.name} names"
        if panel.credential:
            yield from _injecting(panel.credential, by, types[panel.type], state)
        if panel.run_store_credential:
            yield from _injecting(panel.run_store_credential, by, store, state)
    name = settings.project.get("credential")
    if name:
        by = "which awx_content_project_credential names"
        row, problem = _credential(name, by, state)
        if problem:
            yield problem
        kind = _type_of(row, state)
        if kind and kind.get("kind") != "scm":
            yield f"The credential {name}, {by}, is of type {kind['name']}, and not of type Source Control."


def _injecting(name: str, by: str, data: Mapping[str, Any], state: State) -> Iterator[str]:
    """Yield what a job lacks with a credential, compared with the content's own credential of this type."""
    row, problem = _credential(name, by, state)
    if problem:
        yield problem
    kind = _type_of(row, state)
    if not kind:
        return
    injected = set((kind.get("injectors") or {}).get("env") or {})
    groups = [
        [_variable_of(field, data["injectors"]["env"]) for field in group]
        for group in data["required_groups"]
    ]
    if not any(set(group) <= injected for group in groups):
        needed = ", or ".join(" and ".join(group) for group in groups)
        yield (
            f"The credential {name}, {by}, is of type {kind['name']}, which does not set {needed} in the environment "
            "of a job."
        )


def _variable_of(field: str, injectors: Mapping[str, str]) -> str:
    """Return the environment variable that a field of a credential becomes."""
    return next(name for name, template in injectors.items() if template == f"{{{{ {field} }}}}")


def _credential(name: str, by: str, state: State) -> tuple[Row | None, str]:
    """Return the credential with this name, or a problem. The modules find credentials by name alone."""
    rows = [row for row in state.rows["credential"] if row["name"] == name]
    if not rows:
        return None, f"There is no credential {name}, {by}."
    if len(rows) > 1:
        return None, (
            f"There are {len(rows)} credentials {name}, {by}. Modules find a credential by its name alone: rename one."
        )
    return rows[0], ""


def _type_of(row: Row | None, state: State) -> Row | None:
    if row is None:
        return None
    types = state.rows["credential_type"]
    return next((each for each in types if each["id"] == row["credential_type"]), None)


def _project_problems(
    settings: Settings, desired: Sequence[AwxObject], state: State
) -> Iterator[str]:
    """Yield a credential of the project that is no longer named: the module of the project cannot take it away."""
    for each in desired:
        existing = state.existing(each) if each.kind == "project" else None
        if existing and existing.get("credential") and not settings.project.get("credential"):
            yield (
                f"The {each.words} has a credential, and awx_content_project_credential is not set. A module cannot "
                "remove it: remove it in AWX, or name it."
            )


def _node_problems(desired: Sequence[AwxObject], state: State) -> Iterator[str]:
    """Yield the nodes with what no module can take away.

    Variables answer the survey of a template. A node that waits for all of its parents does not run if they exclude
    each other: the teardown of a pipeline follows the failure of either of two.
    """
    # The import changes the node of an approval in two steps.
    nodes = {
        each.words: each for each in desired if each.kind == "workflow_job_template_node"
    }.values()
    for each in nodes:
        existing = state.existing(each) or {}
        if existing.get("extra_data"):
            yield (
                f"The {each.words} has variables of its own, which would be used instead of answers and of the plan. A "
                "module cannot remove them: remove the node in AWX, and import again."
            )
        converges = existing.get("all_parents_must_converge")
        if converges and not each.arguments.get("all_parents_must_converge"):
            yield (
                f"The {each.words} waits for all of its parents, so it may never run. A module cannot change that: set "
                "its convergence to Any in AWX, or remove the node there and import again."
            )


def _ci_problems(settings: Settings, state: State) -> Iterator[str]:
    for panel in settings.panels:
        if panel.ci is None:
            continue
        name = panel.ci.template
        found = [
            kind
            for kind in STARTED
            for row in state.rows[kind]
            if row["name"] == name and state.here(kind, row)
        ]
        what = f"template {name} in the organization {settings.organization}"
        by = f"which ci of the panel {panel.name} names"
        if not set(found) & {"job_template", "workflow_job_template"}:
            yield f"There is no {what}, {by}."
        elif len(found) > 1:
            yield (
                f"There is more than one {what}, {by}: a {', a '.join(KINDS[kind].words for kind in found)}. "
                "Modules find it by its name alone: rename one."
            )


def _disabled_janitors(
    settings: Settings, desired: Sequence[AwxObject], state: State
) -> Iterator[str]:
    names = [settings.named(f"{panel.name} ci janitor") for panel in settings.panels if panel.ci]
    for each in desired:
        existing = state.existing(each) if each.kind == "schedule" else None
        if existing and each.name in names and not existing.get("enabled"):
            yield (
                f"The {each.words} is disabled. Only the janitor deletes the servers of a workflow that was cancelled."
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
        if existing is None or is_ours(each.kind, existing, settings.label):
            continue
        # A module creates a template first, and then adds its labels. An import may have ended in between.
        if not is_described(existing, settings.label):
            yield (
                f"The {each.words} exists and does not have the label {settings.label}. "
                "Set another awx_content_prefix, or awx_content_adopt to take it over."
            )


def _mount_problems(settings: Settings, state: State) -> Iterator[str]:
    if state.shown_paths is None:
        return
    for path in _paths_on_nodes(settings, state):
        if not any(_holds(shown, path) for shown in state.shown_paths):
            yield (
                f"Jobs do not see {path}. Add {path}:{path}:rw to the paths exposed to isolated jobs in the job "
                "settings of AWX (AWX_ISOLATION_SHOW_PATHS), and create the folder on each node."
            )


def _paths_on_nodes(settings: Settings, state: State) -> list[str]:
    """Return the folders that jobs need from a node. In a container group, they are volumes of the pod."""
    containers = {
        row["name"] for row in state.rows["instance_group"] if row.get("is_container_group")
    }

    def in_pods(groups: Sequence[str]) -> bool:
        return set(groups or [_DEFAULT_GROUP]) <= containers

    found = set()
    for panel in settings.panels:
        if not all(in_pods(groups) for groups in _instance_groups_of(panel)):
            found |= {panel.runs_dir, settings.state_dir}
    if len(settings.parts) > 1 and not in_pods([]):
        # The report over all panels.
        found.add(settings.runs_dir or settings.panels[0].runs_dir)
    return sorted(found - {""})


def _instance_groups(settings: Settings) -> Iterator[Sequence[str]]:
    for panel in settings.panels:
        yield from _instance_groups_of(panel)


def _instance_groups_of(panel: Panel) -> Iterator[Sequence[str]]:
    for part in (panel.whole, *panel.parts):
        yield part.instance_groups


def _run_paths(settings: Settings) -> list[str]:
    paths = [panel.runs_dir for panel in settings.panels]
    return sorted({*paths, *([settings.state_dir] if settings.state_dir else [])})


def _holds(shown: str, path: str) -> bool:
    """Return whether a mount makes a path writable in jobs. Its form is HOST[:CONTAINER[:OPTIONS]]."""
    host, __, rest = shown.partition(":")
    container, __, options = rest.partition(":")
    inside = (container or host).rstrip("/")
    writable = not set(options.split(",")) & set(_READ_ONLY)
    return writable and (path == inside or path.startswith(f"{inside}/"))
