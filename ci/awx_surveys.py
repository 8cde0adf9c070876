# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the questions of the AWX surveys from the documentation of the role vps_fleet and of the bulk actions, and the
variables of roles that the list of panels can set.

`awx_surveys.py` prints the file, `awx_surveys.py --write` replaces it. A unit test holds both together.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import Any

import yaml

TOP = Path(__file__).resolve().parent.parent
TARGET = TOP / "roles/awx_content/vars/main/questions.yml"
SPECS = TOP / "roles/vps_fleet/meta/argument_specs.yml"
CI_SPECS = TOP / "roles/virtfusion_ci_server/meta/argument_specs.yml"

#: Type of panel -> the name that people read, the playbook with the flat variables, and the bulk action.
PANELS = {
    "virtfusion": ("VirtFusion", "virtfusion_fleet_package", "virtfusion_server_packages"),
    "virtualizor": ("Virtualizor", "virtualizor_fleet_plan", "virtualizor_vps_plans"),
    "huaweicloud": ("Huawei Cloud", "huaweicloud_fleet_flavor", "huaweicloud_cph_server_flavors"),
}

#: Variables of the role that a survey asks for, with the entry point that documents them.
ASKED = {
    "on_unmatched": "main",
    "max_items": "main",
    "max_failures": "main",
    "max_batch_failures": "main",
    "batches": "main",
    "pause": "main",
    "deadline": "main",
    "workers": "main",
    "ticket": "main",
    "run_dir": "resume",
    "rollback_sha256": "rollback",
    "drift_fails": "drift",
}
#: The other variables of the role, and why no survey asks for them.
NOT_ASKED = {
    "panel": "fixed by the playbook",
    "target": "the options of the bulk action are asked for instead",
    "servers": "the options of the bulk action are asked for instead",
    "options": "the options of the bulk action are asked for instead",
    "connection": "the credential has it",
    "dry_run": "fixed by the template",
    "approval": "the approval node of the workflow approves",
    "started_by": "the user who started the job",
    "approved_by": "AWX records who approved",
    "approval_ttl": "the timeout of the approval node limits it",
    "plan_sha256": "comes from the plan job of the workflow",
    "health_check": "a command on the controller: set it in the variables of the panel",
    "health_check_timeout": "belongs to health_check",
    "table_rows": "the output of a job is limited",
    "check_capacity": "a warning that nobody should switch off",
    "rate_limit": "fixed by the rate of the panel",
    "state_dir": "fixed by the template",
    "force_unlock": "takes the lock from a run: only by hand",
    "fleet": "fixed by the panel",
    "shard": "fixed by the template",
    "run_store": "fixed by the panel",
    "allow_slices": "the templates are not sliced",
    "stats_key": "fixed by the template",
    "lock_ttl": "fixed by the role",
}
#: Variables of NOT_ASKED that a panel can set for its plans.
FOR_PANELS = ("health_check", "health_check_timeout", "table_rows")
#: Entry points of the role virtfusion_ci_server that templates use.
CI_ENTRY_POINTS = ("main", "teardown", "janitor")
#: Variables of the role virtfusion_ci_server that a panel cannot set, and why.
CI_FIXED = {
    "pipeline": "it is the ID of the workflow job",
    "file": "the pipeline is given by its ID",
    "output_dir": "fixed by the template",
    "state_dir": "fixed by the template",
    "stats": "fixed by the template",
    "keep": "the workflow deletes its servers",
    "dry_run": "fixed by the template",
    "connection": "the credential has it",
}
#: A variable whose answer a template combines with an artifact.
COMBINED = ("run_dir", "rollback_sha256")
#: Questions that belong to no option.
OWN = {
    "fleet_max_failures": {
        "question_name": "Maximum failures of all panels",
        "question_description": "Number or percentage of servers that may fail in the canary stage, and in total.",
        "required": False,
        "type": "text",
        "variable": "survey_fleet_max_failures",
        "min": 0,
        "max": 1024,
    },
    "ci_pipeline": {
        "question_name": "Workflow job of the pipeline",
        "question_description": "ID of the workflow job whose servers are deleted. Not needed in a workflow.",
        "required": False,
        "type": "integer",
        "variable": "survey_ci_pipeline",
        "min": 1,
        "max": 2147483647,
    },
}

HEAD = """---
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Written by ci/awx_surveys.py from roles/vps_fleet/meta/argument_specs.yml and the bulk actions. Do not edit.
# `variable` takes the answer. `sets` is the variable of the role or its playbook, and `maps` how the answer becomes it.
# The variables of roles have a reason if the list of panels cannot set them.

"""


def constant(path: Path, *names: str) -> str:
    """Return a text of a Python file, by the names of its classes and variables."""
    body: Any = ast.parse(path.read_text(encoding="utf-8"))
    for name in names:
        body = next(
            node
            for node in body.body
            if (isinstance(node, ast.ClassDef) and node.name == name)
            or (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name)
        )
    return str(ast.literal_eval(body.value))


def documented(module: str) -> dict[str, Any]:
    """Return the options of a module, with those of its documentation fragments."""
    documentation = yaml.safe_load(constant(TOP / f"plugins/modules/{module}.py", "DOCUMENTATION"))
    options: dict[str, Any] = {}
    for fragment in documentation["extends_documentation_fragment"]:
        name, __, part = fragment.removeprefix("vpsfleet.panels.").partition(".")
        path = TOP / f"plugins/doc_fragments/{name}.py"
        text = constant(path, "ModuleDocFragment", (part or "documentation").upper())
        options.update(yaml.safe_load(text).get("options") or {})
    return {**options, **documentation["options"]}


def plain(description: Any) -> str:
    """Return the first paragraph of a description without markup."""
    text = description if isinstance(description, str) else description[0]
    text = re.sub(r"\b[A-Z]\(([^()]*)\)", lambda found: found[1].removeprefix("vps_fleet_"), text)
    return " ".join(text.split())


def question(
    name: str, option: dict[str, Any], *, variable: str, title: str, sets: str
) -> dict[str, Any]:
    """Return the question for an option."""
    kind, elements = option.get("type", "str"), option.get("elements")
    row: dict[str, Any] = {
        "question_name": title,
        "question_description": plain(option["description"]),
        "required": False,
        "variable": variable,
    }
    choices = ["true", "false"] if kind == "bool" else option.get("choices")
    if kind == "list":
        numbers = elements == "int"
        row["question_description"] += (
            " Separated by commas or lines." if numbers else " One in each line."
        )
        row.update(type="textarea", min=0, max=65536, maps="numbers" if numbers else "lines")
    elif choices:
        # A survey has no boolean, and an answer cannot be cleared once it is chosen.
        row.update(
            type="multiplechoice",
            choices=["default", *map(str, choices)],
            default="default",
            maps="choice",
        )
    elif kind in ("int", "float"):
        row.update(type={"int": "integer"}.get(kind, kind), min=0, max=2147483647, maps="plain")
    else:
        row.update(type="text", min=0, max=1024, maps="plain")
    if name in COMBINED:
        row.pop("maps")
    else:
        row["sets"] = sets
    return row


def titled(name: str, before: str = "") -> str:
    words = re.sub(r"\bid(s?)\b", r"ID\1", name.replace("_", " ")).replace("sha256", "SHA-256")
    return f"{before}: {words}" if before else words[0].upper() + words[1:]


def questions() -> dict[str, Any]:
    """Return all questions."""
    specs = yaml.safe_load(SPECS.read_text(encoding="utf-8"))["argument_specs"]
    result: dict[str, Any] = {"fleet": {}}
    for name, entry in ASKED.items():
        option = specs[entry]["options"].get(f"vps_fleet_{name}")
        if option:
            result["fleet"][name] = question(
                name,
                option,
                variable=f"survey_{name}",
                title=titled(name),
                sets=f"vps_fleet_{name}",
            )
    result["fleet"].update(OWN)
    for panel, (words, playbook, module) in PANELS.items():
        (play,) = yaml.safe_load((TOP / f"playbooks/{playbook}.yml").read_text(encoding="utf-8"))
        options = documented(module)
        names = [
            each.removeprefix("vps_fleet_")
            for each in play["vars"]["vps_fleet__playbook_variables"]
        ]
        result[panel] = {
            name: question(
                name,
                options[name],
                variable=f"survey_{panel}_{name}",
                title=titled(name, words),
                sets=f"vps_fleet_{name}",
            )
            for name in names
        }
    return result


def plan_variables() -> dict[str, str]:
    """Map each variable of the role vps_fleet to the reason why a panel cannot set it. It is empty if it can."""
    main = yaml.safe_load(SPECS.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
    names = [name.removeprefix("vps_fleet_") for name in main]
    asked = {
        name: "it is a question of the survey" if entry == "main" else "fixed by the template"
        for name, entry in ASKED.items()
    }
    reasons = {
        **asked,
        **NOT_ASKED,
        **dict.fromkeys(FOR_PANELS, ""),
    }
    return {f"vps_fleet_{name}": reasons[name] for name in names}


def ci_entry_points() -> dict[str, list[str]]:
    """Map the entry points of the role virtfusion_ci_server to their variables."""
    specs = yaml.safe_load(CI_SPECS.read_text(encoding="utf-8"))["argument_specs"]
    return {entry: list(specs[entry]["options"]) for entry in CI_ENTRY_POINTS}


def ci_variables() -> dict[str, str]:
    """Map each variable of the role virtfusion_ci_server to the reason why a panel cannot set it."""
    names = dict.fromkeys(name for each in ci_entry_points().values() for name in each)
    return {name: CI_FIXED.get(name.removeprefix("virtfusion_ci_server_"), "") for name in names}


def text() -> str:
    """Return the file."""
    data = {
        "awx_content__questions": questions(),
        "awx_content__plan_variables": plan_variables(),
        "awx_content__ci_entry_points": ci_entry_points(),
        "awx_content__ci_variables": ci_variables(),
    }
    return HEAD + yaml.safe_dump(data, sort_keys=False, width=110, allow_unicode=True, indent=2)


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        TARGET.write_text(text(), encoding="utf-8")
    else:
        sys.stdout.write(text())
