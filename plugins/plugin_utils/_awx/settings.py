# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings of the content, and the problems that they have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .objects import name_problem
from .panels import Panel, Part, path_problem, read_panels

_NOTIFICATIONS = ("webhook", "email")


@dataclass(frozen=True)
class Notification:
    """A way to reach the approvers."""

    name: str
    type: str
    configuration: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Settings:
    """The settings of the content.

    :param definitions: the data of the role: types, templates, workflows, questions, messages.
    """

    definitions: Mapping[str, Any] = field(repr=False)
    organization: str
    panels: Sequence[Panel]
    label: str
    prefix: str
    runs_dir: str
    state_dir: str
    project: Mapping[str, Any]
    playbook_folder: str
    execution_environment: str
    image: str
    notifications: Sequence[Notification]
    approval_timeout: int
    drift_rrule: str
    janitor_rrule: str
    fleet_inventory: bool

    def named(self, words: str) -> str:
        """Return the name of an object."""
        return f"{self.prefix} {words}"

    @property
    def parts(self) -> list[Part]:
        """The parts of a run over all panels."""
        return [part for panel in self.panels for part in panel.parts]

    def stages(self) -> dict[str, list[Part]]:
        """Divide the parts into the canary stage and the rest.

        The canary stage is the first shard of each panel with shards. If no panel has shards, it is the first panel.
        """
        every = self.parts
        canary = [part for part in every if part.shard == 1] or every[:1]
        rest = [part for part in every if part not in canary]
        return {"all": every, "canary": canary, "rest": rest}

    @property
    def environment_name(self) -> str:
        return self.execution_environment or self.named("environment")

    @property
    def manual_project(self) -> bool:
        return self.project.get("scm_type") == "manual"


def read_settings(
    options: Mapping[str, Any], definitions: Mapping[str, Any]
) -> tuple[Settings, list[str]]:
    """Return the settings and a sentence for each mistake.

    :param options: the variables of the role without its prefix.
    """
    runs_dir = str(options.get("runs_dir") or "")
    panels, problems = read_panels(options.get("panels"), definitions, runs_dir)
    if runs_dir:
        problem = path_problem(runs_dir, "awx_content_runs_dir")
        if problem:
            problems = [
                problem,
                *(each for each in problems if "runs_dir of the panel" not in each),
            ]
    state_dir = str(options.get("state_dir") or "")
    if state_dir:
        problems += [path_problem(state_dir, "awx_content_state_dir")]
    project, mistakes = _project(options)
    problems += mistakes
    if not options.get("execution_environment") and not options.get("image"):
        problems.append(
            "Set awx_content_image to an image that contains this collection, or awx_content_execution_environment "
            "to the name of an execution environment that exists."
        )
    notifications, mistakes = _notifications(options.get("notifications") or [])
    problems += mistakes
    settings = Settings(
        definitions=definitions,
        organization=str(options.get("organization") or ""),
        panels=panels,
        label=str(options["label"]),
        prefix=str(options["prefix"]),
        runs_dir=runs_dir.rstrip("/"),
        state_dir=state_dir.rstrip("/"),
        project=project,
        playbook_folder=str(options["playbook_folder"]).strip("/"),
        execution_environment=str(options.get("execution_environment") or ""),
        image=str(options.get("image") or ""),
        notifications=notifications,
        approval_timeout=int(options["approval_timeout"]),
        drift_rrule=str(options["drift_rrule"]),
        janitor_rrule=str(options["janitor_rrule"]),
        fleet_inventory=bool(options["fleet_inventory"]),
    )
    problems += _mistakable_names(settings)
    if settings.approval_timeout < 0:
        problems.append("awx_content_approval_timeout must not be negative. 0 means no limit.")
    return settings, [problem for problem in problems if problem]


def _mistakable_names(settings: Settings) -> list[str]:
    """Return a sentence for each name that modules would take as something else."""
    names = {
        "awx_content_organization": settings.organization,
        "awx_content_label": settings.label,
        "awx_content_project_credential": str(settings.project.get("credential") or ""),
        "awx_content_execution_environment": settings.execution_environment,
    }
    # A part of a longer name may be a number.
    parts = {"awx_content_prefix": settings.prefix}
    for number, each in enumerate(settings.notifications, 1):
        parts[f"the name of entry {number} of awx_content_notifications"] = each.name
    names.update({what: part for what, part in parts.items() if "++" in part})
    found = [name_problem(name, what) for what, name in names.items()]
    return [problem for problem in found if problem]


def _project(options: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the options of the project that contains the playbooks."""
    url, local = options.get("project_url"), options.get("project_local_path")
    if url and local:
        return {}, ["Set awx_content_project_url or awx_content_project_local_path, not both."]
    if local:
        return {"scm_type": "manual", "local_path": str(local)}, []
    if not url:
        problem = (
            "Set awx_content_project_url to the address of a repository with the playbooks of the templates, "
            "or awx_content_project_local_path to a folder of the project path of AWX."
        )
        return {}, [problem]
    kind = "archive" if str(url).endswith((".tar.gz", ".tgz", ".zip")) else "git"
    project: dict[str, Any] = {"scm_type": kind, "scm_url": str(url), "scm_update_on_launch": False}
    if kind == "archive" and options.get("project_branch"):
        return {}, ["awx_content_project_branch must not be set: an archive has no branches."]
    # An empty branch is sent, too: it takes an earlier one away.
    project["scm_branch"] = str(options.get("project_branch") or "")
    if options.get("project_credential"):
        project["credential"] = str(options["project_credential"])
    return project, []


def _notifications(entries: Any) -> tuple[list[Notification], list[str]]:
    found: list[Notification] = []
    problems: list[str] = []
    for number, entry in enumerate(entries, 1):
        row = entry if isinstance(entry, Mapping) else {}
        name, kind, configuration = row.get("name"), row.get("type"), row.get("configuration")
        if not name or kind not in _NOTIFICATIONS or not isinstance(configuration, Mapping):
            problems.append(
                f"Entry {number} of awx_content_notifications needs a name, a type ({' or '.join(_NOTIFICATIONS)}) "
                "and a configuration."
            )
        elif name in [each.name for each in found]:
            problems.append(f"The notification {name} is listed twice.")
        else:
            found.append(Notification(str(name), str(kind), configuration))
    return found, problems
