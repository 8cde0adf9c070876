# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The job templates: one for each step of a run on each panel, and for plan and apply on each shard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .objects import AwxObject, described
from .panels import Panel, Part
from .settings import Notification, Settings
from .surveys import asked, survey_spec, survey_variables

#: What no launch may change: a limit without localhost makes a job that does nothing and succeeds.
PROMPTS = (
    *(
        "ask_variables_on_launch",
        "ask_limit_on_launch",
        "ask_inventory_on_launch",
        "ask_credential_on_launch",
    ),
    *(
        "ask_job_type_on_launch",
        "ask_job_slice_count_on_launch",
        "ask_tags_on_launch",
        "ask_skip_tags_on_launch",
    ),
)
#: Options of a template that leave out hosts or tasks. One that is set by hand makes such a job, too.
NARROWING = ("limit", "job_tags", "skip_tags", "start_at_task")


@dataclass(frozen=True)
class Template:
    """A job template of a step.

    :param part: what it works on, None for all panels.
    """

    step: str
    part: Part | None

    @property
    def words(self) -> str:
        step = self.step.replace("_", " ")
        return (
            f"{self.part.panel.name} {step}{self.part.words}" if self.part else f"all panels {step}"
        )


def templates(settings: Settings) -> list[Template]:
    """Return the templates of all panels."""
    found: list[Template] = []
    for step, data in settings.definitions["templates"].items():
        for panel in settings.panels:
            if panel.type not in data.get("types", [panel.type]):
                continue
            if "ci" in data and panel.ci is None:
                continue
            if "panel" in data["parts"]:
                found.append(Template(step, panel.whole))
            if "shard" in data["parts"]:
                found += [Template(step, part) for part in panel.parts if part.shard]
        if "all" in data["parts"]:
            found.append(Template(step, None))
    return found


def template_object(settings: Settings, template: Template) -> AwxObject:
    """Return the job template as an object of AWX."""
    data = settings.definitions["templates"][template.step]
    questions = _questions(settings, template, data)
    name = settings.named(template.words)
    arguments: dict[str, Any] = {
        "name": name,
        "description": described(data["description"], settings.label),
        "organization": settings.organization,
        "labels": [settings.label],
        "job_type": "run",
        "inventory": settings.named("controller"),
        "project": settings.named("playbooks"),
        "playbook": playbook_of(settings, template),
        "credentials": credential_names(settings, template),
        "execution_environment": settings.environment_name,
        "instance_groups": list(template.part.instance_groups) if template.part else [],
        "extra_vars": _variables(settings, template, data, questions),
        "survey_enabled": bool(questions),
        "allow_simultaneous": bool(data.get("simultaneous")),
        "job_slice_count": 1,
        **dict.fromkeys(PROMPTS, False),
        **dict.fromkeys(NARROWING, ""),
    }
    if questions:
        arguments["survey_spec"] = survey_spec(questions)
    if data.get("notify"):
        arguments["notification_templates_success"] = [
            notification_name(settings, template, each) for each in settings.notifications
        ]
    return AwxObject("job_template", name, arguments)


def playbook_of(settings: Settings, template: Template) -> str:
    """Return the path of the playbook in the project."""
    playbook = settings.definitions["templates"][template.step]["playbook"]
    if playbook == "change" and template.part:
        playbook = settings.definitions["change_playbooks"][template.part.panel.type]
    folder = f"{settings.playbook_folder}/" if settings.playbook_folder else ""
    return f"{folder}{playbook}.yml"


def credential_name(settings: Settings, part: Part) -> str:
    """Return the name of the credential of a panel."""
    return part.panel.credential or settings.named(part.panel.name)


def store_credential_name(settings: Settings, panel: Panel) -> str:
    """Return the name of the credential of a panel's store."""
    return panel.run_store_credential or settings.named(f"{panel.name} run store")


def credential_names(settings: Settings, template: Template) -> list[str]:
    """Return the credentials of a template: a job takes one of each type."""
    part = template.part
    if part is None:
        return _common_store(settings) if template.step == "report" else []
    store = [store_credential_name(settings, part.panel)] if part.panel.has_store else []
    return [credential_name(settings, part), *store]


def _common_store(settings: Settings) -> list[str]:
    """Return the credential of the store that all panels share. A job can read only one."""
    stores = {
        (panel.run_store_credential, *sorted(panel.run_store_inputs.items()))
        for panel in settings.panels
    }
    first = settings.panels[0]
    shared = len(stores) == 1 and first.has_store
    return [store_credential_name(settings, first)] if shared else []


def notification_name(settings: Settings, template: Template, notification: Notification) -> str:
    """Return the name of the notification about a template's plan."""
    return settings.named(f"{template.words} to {notification.name}")


def notification_objects(settings: Settings) -> Iterator[AwxObject]:
    """Yield a notification template for each template with a plan and each way to reach the approvers."""
    for template in templates(settings):
        # Only the templates of a panel make a plan.
        if settings.definitions["templates"][template.step].get("notify") and template.part:
            for notification in settings.notifications:
                yield _notification(settings, template, template.part, notification)


def _questions(
    settings: Settings, template: Template, data: Mapping[str, Any]
) -> list[Mapping[str, Any]]:
    names = list(data["survey"])
    if template.part is None:
        names = ["fleet_max_failures"]
    types = [template.part.panel.type] if template.part else []
    return asked(names, settings.definitions["questions"], types)


def _variables(
    settings: Settings,
    template: Template,
    data: Mapping[str, Any],
    questions: list[Mapping[str, Any]],
) -> dict[str, Any]:
    part = template.part
    variables = {**data["variables"], **survey_variables(questions)}
    if part is None or template.step == "report":
        stage = "canary" if template.step == "canary_check" else "all"
        parts = [part] if part else settings.stages()[stage]
        variables["fleet_artifacts"] = [each.stats_key for each in parts]
        root = part.panel.runs_dir if part else settings.runs_dir or settings.panels[0].runs_dir
        return {"fleet_run_root": f"{root}/{part.panel.name}" if part else root, **variables}
    panel = part.panel
    if "ci" in data:
        return {**_ci_variables(settings, panel, data["ci"]), **variables}
    if template.step == "drift":
        if panel.fleet:
            variables["fleet_definition"] = [dict(entry) for entry in panel.fleet]
            variables["vps_fleet_panel"] = panel.type
        else:
            del variables["vps_fleet_fleet"]
            variables.update(settings.definitions["drift_without_fleet"])
    variables = {**_fixed(settings, part), **variables}
    if template.step == "plan":
        variables.update(panel.variables)
        if part.shard:
            variables["vps_fleet_shard"] = f"{part.shard}/{panel.shards}"
    return {name: value for name, value in variables.items() if name not in data.get("omit", ())}


def _ci_variables(settings: Settings, panel: Panel, entry_point: str) -> dict[str, Any]:
    """Return the variables of the role for pipelines that one of its entry points takes.

    :param entry_point: empty for a template without that role.
    """
    if not entry_point:
        return {}
    known = settings.definitions["ci_entry_points"][entry_point]
    given = panel.ci.variables if panel.ci else {}
    return {
        "fleet_run_root": f"{panel.runs_dir}/{panel.name}",
        f"{settings.definitions['pipelines']['prefix']}state_dir": _state_dir(settings, panel),
        **{name: value for name, value in given.items() if name in known},
    }


def _state_dir(settings: Settings, panel: Panel) -> str:
    return settings.state_dir or f"{panel.runs_dir}/state"


def _fixed(settings: Settings, part: Part) -> dict[str, Any]:
    """Return the variables that only the panel and the shard decide."""
    panel = part.panel
    fixed: dict[str, Any] = {
        "fleet_run_root": f"{panel.runs_dir}/{panel.name}",
        "fleet_run_suffix": part.suffix,
        "fleet_artifact": part.stats_key,
        "vps_fleet_stats_key": part.stats_key,
        "vps_fleet_state_dir": _state_dir(settings, panel),
    }
    if part.rate is not None:
        fixed["vps_fleet_rate_limit"] = part.rate
    return fixed


def _notification(
    settings: Settings, template: Template, part: Part, notification: Notification
) -> AwxObject:
    messages = settings.definitions["messages"][notification.type]
    name = notification_name(settings, template, notification)
    texts = {
        # A plan that was started alone waits for nothing, and the message is the same.
        "TITLE": f"A plan for {part.panel.name}{part.words} was made",
        "MSG": _artifact(settings, part, "msg"),
        "SHA256": _artifact(
            settings,
            part,
            "rollback_sha256" if "rollback" in template.step else "plan_sha256",
        ),
        "RUN_DIR": _artifact(settings, part, "run_dir"),
    }
    return AwxObject(
        "notification_template",
        name,
        {
            "name": name,
            "description": described("Tells approvers what a plan would change.", settings.label),
            "organization": settings.organization,
            "notification_type": notification.type,
            "notification_configuration": {
                **settings.definitions["notification_defaults"][notification.type],
                **notification.configuration,
            },
            "messages": {
                "started": None,
                "success": {key: _filled(text, texts) for key, text in messages.items()},
                "error": None,
                "workflow_approval": None,
            },
        },
    )


def _artifact(settings: Settings, part: Part, field: str) -> str:
    form = str(settings.definitions["artifact_form"])
    return form.replace("KEY", part.stats_key).replace("FIELD", field)


def _filled(text: str, texts: Mapping[str, str]) -> str:
    # The longer names first: none of them is a part of another's value.
    for name in ("RUN_DIR", "SHA256", "TITLE", "MSG"):
        text = text.replace(name, texts[name])
    return text
