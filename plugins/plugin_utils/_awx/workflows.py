# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workflows: one for each panel, and one over all panels and shards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .objects import AwxObject, described
from .panels import Panel, Part
from .settings import Settings
from .surveys import asked, survey_spec
from .templates import Template

LINKS = ("success", "failure", "always")


@dataclass(frozen=True)
class Workflow:
    """A workflow with its nodes.

    :param nodes: in an order in which links lead to later nodes only.
    """

    template: AwxObject
    nodes: Sequence[Mapping[str, Any]]

    def objects(self, settings: Settings) -> list[AwxObject]:
        """Return the nodes as objects of AWX, in the order of their creation.

        A module cannot create an approval together with its links. So all approvals come first, and then the
        links, from the last node to the first: a link needs the node that it leads to.
        """
        approvals = [self._approval(settings, node) for node in self.nodes if "approval" in node]
        return [*approvals, *(self._linked(settings, node) for node in reversed(self.nodes))]

    def _approval(self, settings: Settings, node: Mapping[str, Any]) -> AwxObject:
        return self._object(
            settings,
            node,
            {
                "approval_node": {
                    "name": node["approval"],
                    "description": node["description"],
                    "timeout": settings.approval_timeout,
                }
            },
        )

    def _linked(self, settings: Settings, node: Mapping[str, Any]) -> AwxObject:
        arguments: dict[str, Any] = {f"{link}_nodes": sorted(node.get(link, [])) for link in LINKS}
        if "unified_job_template" in node:
            arguments["unified_job_template"] = node["unified_job_template"]
            arguments["lookup_organization"] = settings.organization
        return self._object(settings, node, arguments)

    def _object(
        self, settings: Settings, node: Mapping[str, Any], arguments: Mapping[str, Any]
    ) -> AwxObject:
        common = {
            "identifier": node["id"],
            "workflow_job_template": self.template.name,
            "organization": settings.organization,
        }
        if node.get("converge"):
            common["all_parents_must_converge"] = True
        return AwxObject("workflow_job_template_node", node["id"], {**common, **arguments})


def workflows(settings: Settings) -> list[Workflow]:
    """Return all workflows. One over all panels needs at least two parts."""
    found = [_panel_workflow(settings, panel) for panel in settings.panels]
    found += [_ci_workflow(settings, panel) for panel in settings.panels if panel.ci]
    if len(settings.parts) > 1:
        found.append(_fleet_workflow(settings))
    return found


def _panel_workflow(settings: Settings, panel: Panel) -> Workflow:
    nodes = _panel_nodes(settings, panel, "panel_workflow")
    survey = settings.definitions["templates"]["plan"]["survey"]
    words = f"Changes servers of {panel.name}: plan, approval, change, report."
    return Workflow(_template(settings, f"{panel.name} change", words, survey, [panel.type]), nodes)


def _ci_workflow(settings: Settings, panel: Panel) -> Workflow:
    """Return the workflow of a pipeline. Several run at once: each has servers of its own."""
    nodes = _panel_nodes(settings, panel, "ci_workflow")
    for node in nodes:
        if "unified_job_template" not in node and panel.ci:
            node["unified_job_template"] = panel.ci.template
    words = f"Runs your job on servers of its own on {panel.name}, and deletes them."
    return Workflow(
        _template(settings, f"{panel.name} ci", words, [], [], allow_simultaneous=True), nodes
    )


def _panel_nodes(settings: Settings, panel: Panel, definition: str) -> list[dict[str, Any]]:
    nodes = []
    for node in settings.definitions[definition]:
        row = {key: value for key, value in node.items() if key != "template"}
        if "template" in node:
            template = Template(node["template"], panel.whole)
            row["unified_job_template"] = settings.named(template.words)
        nodes.append(row)
    return nodes


def _fleet_workflow(settings: Settings) -> Workflow:
    parts = settings.stages()
    data = settings.definitions["fleet_workflow"]
    ids = {
        node["id"]: [_node_id(node["id"], part) for part in parts[node["each"]]]
        if "each" in node
        else [node["id"]]
        for node in data
    }
    nodes: list[dict[str, Any]] = []
    for node in data:
        row = {key: value for key, value in node.items() if key not in ("template", "each", *LINKS)}
        row.update(
            {
                link: [each for target in node[link] for each in ids[target]]
                for link in LINKS
                if link in node
            }
        )
        for part in parts[node["each"]] if "each" in node else [None]:
            one = {**row, "id": _node_id(node["id"], part) if part else node["id"]}
            if "template" in node:
                one["unified_job_template"] = settings.named(Template(node["template"], part).words)
            nodes.append(one)
    types = [panel.type for panel in settings.panels]
    words = "Changes servers of all panels: plans, approval, canary stage, the rest, one report."
    survey = settings.definitions["fleet_survey"]
    return Workflow(_template(settings, "all panels change", words, survey, types), nodes)


def _node_id(name: str, part: Part) -> str:
    return f"{name}-{part.panel.name}{part.suffix}"


def _template(
    settings: Settings,
    words: str,
    description: str,
    survey: Sequence[str],
    types: Sequence[str],
    *,
    allow_simultaneous: bool = False,
) -> AwxObject:
    name = settings.named(words)
    spec = survey_spec(asked(survey, settings.definitions["questions"], types))
    return AwxObject(
        "workflow_job_template",
        name,
        {
            "name": name,
            "description": described(description, settings.label),
            "organization": settings.organization,
            "labels": [settings.label],
            # A variable that is set by hand would answer the surveys of the nodes.
            "extra_vars": {},
            "survey_enabled": bool(spec),
            **({"survey_spec": spec} if spec else {}),
            "allow_simultaneous": allow_simultaneous,
            "ask_variables_on_launch": False,
            "ask_limit_on_launch": False,
            "ask_inventory_on_launch": False,
        },
    )
