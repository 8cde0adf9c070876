# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make plays of documents.

Every task of an example stands in a block of its own, so that one that fails does not hide the others.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .collect import Document

#: What a play may hold besides its tasks; a document of nothing else is shown for the use in a play.
PLAY_KEYWORDS = {"module_defaults", "environment", "vars"}
#: A read-only module of each panel, for examples that only show how it is reached.
READERS = {
    "virtfusion": "virtfusion_package_info",
    "virtualizor": "virtualizor_plan_info",
    "huaweicloud": "huaweicloud_cph_server_model_info",
}
FAILED = "vpsfleet_example_failed"
TASK_LISTS = ("pre_tasks", "tasks", "post_tasks")


class Unclear(Exception):
    """It is unknown how to run this document."""


@dataclass
class Run:
    """The plays of one source, and the examples they hold by their place, `path:line`.

    :param host: the host of the plays, one for each source: what is registered on one is unknown on others.
    :param inventories: documents that are sources of inventory plugins.
    """

    source: str
    host: str
    plays: list[dict[str, Any]] = field(default_factory=list)
    examples: dict[str, str] = field(default_factory=dict)
    inventories: list[Document] = field(default_factory=list)


def role_entry_points(root: Path) -> dict[str, dict[str, set[str]]]:
    """Return the options of each entry point of each role."""
    return {
        path.parents[1].name: {
            entry: set(spec.get("options") or ())
            for entry, spec in yaml.safe_load(path.read_text())["argument_specs"].items()
        }
        for path in sorted(root.glob("roles/*/meta/argument_specs.yml"))
    }


def host_of(source: str) -> str:
    """Return the name of the host that the examples of a source run on."""
    return "example_" + re.sub(r"\W+", "_", source).lower()


def options_used(content: Any) -> Iterator[tuple[str, set[str]]]:
    """Yield the modules of this collection in a document, each with the options it is given."""
    if isinstance(content, list):
        for item in content:
            yield from options_used(item)
    elif isinstance(content, dict):
        for name, value in content.items():
            if str(name).startswith("vpsfleet.panels.") and isinstance(value, dict):
                yield str(name), set(value)
            yield from options_used(value)


def add(
    run: Run, document: Document, text: str, roles: Mapping[str, Mapping[str, set[str]]]
) -> None:
    """Add a document to the plays of its source.

    :param text: what to run: the document's YAML with addresses and paths of this machine.
    :raises Unclear: the document is not a play, task, inventory source, or set of role variables.
    """
    content = yaml.safe_load(text)
    if isinstance(content, list) and all(isinstance(item, dict) for item in content):
        lines = _lines(text)
        if any("hosts" in item or "ansible.builtin.import_playbook" in item for item in content):
            for item in content:
                run.plays.append(_play(run, document, item, lines))
        else:
            run.plays.append(_header(run) | {"tasks": _wrapped(run, document, content, lines)})
    elif isinstance(content, dict) and "plugin" in content:
        run.inventories.append(document)
    elif isinstance(content, dict):
        tasks, keywords = _tasks_for(content, roles)
        run.plays.append(_header(run) | keywords | {"tasks": _wrapped(run, document, tasks, {})})
    else:
        raise Unclear


def _tasks_for(
    content: dict[str, Any], roles: Mapping[str, Mapping[str, set[str]]]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the tasks that use some variables or play keywords, and the keywords."""
    for role, entries in roles.items():
        for entry, options in entries.items():
            if set(content) <= options:
                given = dict(content)
                if f"{role}_dry_run" in options:
                    given.setdefault(f"{role}_dry_run", True)
                use = {"name": f"vpsfleet.panels.{role}", "tasks_from": entry}
                task = {"name": f"Use the role {role}", "ansible.builtin.include_role": use}
                return [task | {"vars": given}], {}
    for variables in _passing_on():
        passed = set(variables["vps_fleet__playbook_variables"])
        if set(content) <= passed | roles.get("vps_fleet", {}).get("main", set()):
            use = {"name": "vpsfleet.panels.vps_fleet", "rolespec_validate": False}
            task = {"name": "Use the role vps_fleet", "ansible.builtin.include_role": use}
            return [task | {"vars": {"vps_fleet_dry_run": True, **variables, **content}}], {}
    if set(content) <= PLAY_KEYWORDS:
        groups = {str(name).rpartition(".")[2] for name in content.get("module_defaults", ())}
        modules = [READERS[group] for group in sorted(groups & set(READERS))]
        if modules:
            return [
                {"name": f"Use {module}", f"vpsfleet.panels.{module}": {}} for module in modules
            ], content
    raise Unclear


@functools.cache
def _passing_on() -> list[dict[str, Any]]:
    """Return the variables of each playbook that passes variables of its own on to the fleet role."""
    root = Path(__file__).parents[2]
    plays = [yaml.safe_load(path.read_text())[0] for path in sorted(root.glob("playbooks/*.yml"))]
    found = [play.get("vars", {}) for play in plays]
    return [each for each in found if "vps_fleet__playbook_variables" in each]


def _header(run: Run) -> dict[str, Any]:
    return {"name": run.source, "hosts": run.host, "gather_facts": False}


def _play(
    run: Run, document: Document, play: dict[str, Any], lines: dict[str, int]
) -> dict[str, Any]:
    play = dict(play)
    if play.get("hosts") == "localhost":
        play["hosts"] = run.host
    for name in TASK_LISTS:
        if name in play:
            play[name] = _wrapped(run, document, play[name], lines)
    return play


def _wrapped(
    run: Run, document: Document, tasks: list[dict[str, Any]], lines: dict[str, int]
) -> list[dict[str, Any]]:
    blocks = []
    for task in tasks:
        name = str(task.get("name"))
        place = f"{run.source}:{document.line + lines.get(name, 0)}"
        while place in run.examples:
            place += "+"
        run.examples[place] = name
        blocks.append(
            {
                "name": name,
                "vars": {"vpsfleet_example": place},
                "block": [task],
                "rescue": [{"name": FAILED, "ansible.builtin.debug": {}}],
            }
        )
    return blocks


def _lines(text: str) -> dict[str, int]:
    """Return the line, from 0, of each task or play with a name."""
    found = {}
    for number, line in enumerate(text.splitlines()):
        named = re.match(r"\s*- name: (.*)$", line)
        if named:
            found[str(yaml.safe_load(named[1]))] = number
    return found
