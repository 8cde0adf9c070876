# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""House rules for modules and bulk actions: thin, listed and tested.

The tests of this folder name everything that a new module lacks in one run.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.runner import PanelModule
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import (
    BULK,
    COLLECTION,
    MODULES,
    PAGES,
    ROOT,
    TOP,
    code_after_docs,
    module_file,
    source_of,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.documented import (
    Documented,
    bulk_actions,
    is_run_by,
    modules,
    readme_table,
    tasks_of_target,
    yaml_of,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.planted import (
    BULK_ONLY,
    MODULE_ONLY,
    PLANTED,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import (
    Rule,
    differences,
    refuse,
    toothless,
)

ALL = [*modules(), *bulk_actions()]
#: The heading of a table of modules in the README.
TABLE = "Modules, each with the prefix `{}`"


def source_file(kind: str, name: str) -> Path:
    """Return the file of a plugin."""
    return TOP / "plugins" / kind / f"{name}.py"


def _runtime() -> Any:
    return yaml_of("meta", "runtime.yml")


def readme_prefixes() -> list[str]:
    """Return the prefixes of modules for which the README has a table."""
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    prefixes = re.findall(rf"^\| {TABLE.format('(.+?_)')}", readme, re.M)
    assert prefixes, "the README has no table of modules"
    return prefixes


# --- thin ------------------------------------------------------------------------------------


def too_long(module: Documented) -> Iterator[str]:
    if not module.code:
        yield "it has no code"
        return
    first = module.code[0].lineno
    lines = module.source.text.splitlines()[first - 1 :]
    code = [line for line in lines if line.strip() and not line.strip().startswith("#")]
    if len(code) > 60:
        yield f"{len(code)} lines of code"


def decides(module: Documented) -> Iterator[str]:
    decisions = (ast.For, ast.While, ast.Try, ast.If, ast.IfExp, ast.With, ast.Raise, ast.ClassDef)
    if not module.code:
        yield "it has no code"
        return
    *code, guard = module.code
    if ast.unparse(guard) != "if __name__ == '__main__':\n    main()":
        yield "the last statement is not: if __name__ == '__main__': main()"
    for part in code:
        for node in ast.walk(part):
            if isinstance(node, decisions):
                yield f"line {node.lineno} has {type(node).__name__.lower()}"


def undeclared(module: Documented) -> Iterator[str]:
    declared = getattr(module.plugin, "MODULE", None)
    if not isinstance(declared, PanelModule):
        yield "MODULE is not a PanelModule"
    elif declared.arguments is not getattr(module.plugin, "ARGUMENTS", None):
        yield "MODULE does not take ARGUMENTS"
    mains = [node for node in module.code if isinstance(node, ast.FunctionDef)]
    if [ast.unparse(main.body) for main in mains] != ["run_module(MODULE)"]:
        yield "its only function must be main() with run_module(MODULE)"


def has_code(action: Documented) -> Iterator[str]:
    if not source_file("action", action.name).is_file():
        yield f"plugins/action/{action.name}.py does not exist"
    for node in action.code:
        yield f"line {node.lineno} has code"


# --- listed ----------------------------------------------------------------------------------


def not_in_group(module: Documented) -> Iterator[str]:
    if module.name not in _runtime()["action_groups"].get(module.group, ()):
        yield f"add it to action_groups.{module.group}, in alphabetical order"


def not_direct(module: Documented) -> Iterator[str]:
    """Find modules that Ansible would copy to the controller's temporary folder and start there."""
    routing = _runtime()["plugin_routing"]
    as_module = routing.get("modules", {}).get(module.name)
    as_action = routing.get("action", {}).get(module.name)
    action = source_file("action", module.name)
    if action.is_file():
        if as_module or as_action:
            yield "remove its entry from plugin_routing in meta/runtime.yml; it has an action"
        plugin = importlib.import_module(f"{ROOT}plugins.action.{module.name}")
        kind = plugin.ActionModule
        has_main = getattr(plugin, "main", None) is getattr(module.plugin, "main", None)
        if module.name not in BULK and not has_main:
            yield "import main in its action, without which ansible-lint checks no options"
        if module.name not in BULK and kind.MODULE is not module.plugin.MODULE:
            yield "its action runs another module: correct the name in it"
    else:
        # A redirect to a common action would share the module_defaults of one module with all others.
        yield (
            f"plugins/action/{module.name}.py does not exist: copy that of another module, and"
            " change the name in it"
        )


def not_in_readme(module: Documented) -> Iterator[str]:
    prefix = next(filter(module.name.startswith, readme_prefixes()), "")
    if not prefix:
        yield f"there is no table with the heading: {TABLE.format(f'{module.group}_')}"
    elif module.name.removeprefix(prefix) not in readme_table(TABLE.format(prefix)):
        yield f"add `{module.name.removeprefix(prefix)}` to the table for `{prefix}`"


def not_in_changelog(module: Documented) -> Iterator[str]:
    # At a release, the changelog lists new modules by itself. Until then, version_added must be the next version.
    releases = yaml_of("changelogs", "changelog.yaml")["releases"]
    listed = {new["name"] for release in releases.values() for new in release.get("modules", ())}
    version = yaml_of("galaxy.yml")["version"]
    if module.name not in listed:
        if module.docs.get("version_added") != version:
            yield f"version_added is {module.docs.get('version_added')}, the next release is {version}"
        if version in releases:
            yield f"{version} in galaxy.yml is released already"


# --- tested ----------------------------------------------------------------------------------


def no_unit_test(module: Documented) -> Iterator[str]:
    folder = "action" if module.name in BULK else "modules"
    path = f"tests/unit/plugins/{folder}/test_{module.name}.py"
    if not (TOP / path).is_file():
        yield f"{path} does not exist: copy that of a similar one"
    elif folder == "modules" and module.name not in (TOP / path).read_text(encoding="utf-8"):
        yield f"{path} never runs it"


def no_target(module: Documented) -> Iterator[str]:
    # Ansible takes a target with the name of a role for that role.
    target = f"{module.name}_action" if (TOP / "roles" / module.name).is_dir() else module.name
    if not any(is_run_by(task, module.full_name) for task in tasks_of_target(target)):
        yield f"no task of tests/integration/targets/{target} runs it"


RULES = {
    "a module has at most 60 lines of code": Rule(
        too_long,
        "A resource or a field is missing; move code from these modules there:",
        PLANTED,
        where=MODULE_ONLY,
    ),
    "a module decides nothing": Rule(
        decides, "Move these statements to the resource:", PLANTED, where=MODULE_ONLY
    ),
    "a module is a declaration": Rule(
        undeclared,
        "Write ARGUMENTS, MODULE = PanelModule(PANEL, Resource, ARGUMENTS) and main():",
        PLANTED,
        where=MODULE_ONLY,
    ),
    "the page of a bulk action has no code": Rule(
        has_code,
        "The code of a bulk action is in plugins/action, its page in plugins/modules:",
        PLANTED,
        where=BULK_ONLY,
    ),
    "a module is in its action group": Rule(
        not_in_group, "Add these modules to meta/runtime.yml:", PLANTED
    ),
    "a module runs on the controller": Rule(
        not_direct,
        "Give each of these modules an action, which runs it on the controller:",
        PLANTED,
    ),
    "a module is in the README": Rule(
        not_in_readme, "Name these modules in a table of README.md:", PLANTED
    ),
    "a module is in the changelog or new in the next release": Rule(
        not_in_changelog, "Correct version_added to the version in galaxy.yml:", PLANTED
    ),
    "a module has a unit test": Rule(no_unit_test, "Write these tests:", PLANTED),
    "an integration target runs its module": Rule(
        no_target,
        "Write a target whose tasks run the module, by its name or by the action cycle; copy that of"
        " a similar module:",
        PLANTED,
    ),
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_module_rule(rule):
    rule.hold(ALL)


def test_each_rule_finds_its_planted_offender():
    refuse(toothless(RULES), "These rules cannot fail, or fail to read their own offender:")


def test_a_target_runs_a_module_by_its_name_by_action_or_by_the_cycle():
    name = f"{COLLECTION}.virtfusion_planted"
    assert is_run_by({name: {}}, name)
    assert is_run_by({"action": name}, name)
    assert is_run_by({"cycle": {"module": name}}, name)
    assert not is_run_by({"name": name, "vars": {"module": name}}, name)
    assert not is_run_by({"cycle": {"module": f"{name}_info"}}, name)
    assert not is_run_by({f"{name}_info": {}}, name)


# --- the lists themselves --------------------------------------------------------------------


def test_an_action_group_has_modules_and_their_other_names_only():
    runtime = _runtime()
    redirects = runtime["plugin_routing"].get("modules", {})
    found = []
    for group, members in runtime["action_groups"].items():
        if members != sorted(members):
            found.append(f"{group}: its members are not in alphabetical order")
        for member in members:
            target = redirects.get(member, {}).get("redirect", f"{COLLECTION}.{member}")
            if target.removeprefix(f"{COLLECTION}.") not in {*MODULES, *PAGES}:
                found.append(f"{group}: {member} does not exist")
            if member.split("_")[0] != group:
                found.append(f"{group}: {member} belongs to another group")
    refuse(found, "Correct action_groups in meta/runtime.yml:")


def test_a_route_belongs_to_a_module():
    runtime = _runtime()
    found = []
    for kind in ("modules", "action"):
        for name, route in runtime["plugin_routing"].get(kind, {}).items():
            redirect = route.get("redirect", "").removeprefix(f"{COLLECTION}.")
            if name in MODULES:
                if redirect:
                    found.append(f"{name}: a module must not lead to another one")
                continue
            # An alias of a module, or a former name.
            if redirect and redirect not in MODULES:
                found.append(f"{name}: leads to {redirect}, which does not exist")
            if name not in runtime["action_groups"].get(name.split("_")[0], ()):
                found.append(f"{name}: is in no action group")
            if "action_plugin" in route:
                found.append(f"{name}: does not exist")
    refuse(found, "Correct plugin_routing in meta/runtime.yml:")


def test_a_page_has_no_code():
    pages = (module_file(name) for name in PAGES if module_file(name).is_file())
    found = (path.stem for path in pages if code_after_docs(source_of(path)))
    refuse(found, "Move the code of these pages to plugins/action:")


@pytest.mark.parametrize("kind", ["Inventory plugin", "Filter", "Role and playbook"])
def test_the_readme_lists_every_plugin_and_role(kind):
    folders = {"Inventory plugin": "plugins/inventory", "Filter": "plugins/filter"}
    place = TOP / folders.get(kind, "roles")
    names = {path.stem for path in place.iterdir() if not re.match(r"[_.]", path.name)}
    refuse(differences(readme_table(kind), names, f"the table {kind!r}"), "Correct README.md:")


def test_the_readme_lists_no_module_that_does_not_exist():
    found = []
    for prefix in readme_prefixes():
        named = readme_table(TABLE.format(prefix))
        known = {each.name.removeprefix(prefix) for each in ALL}
        found += [f"{prefix}{name}" for name in named - known]
    refuse(found, "Remove these from the tables of modules in README.md:")
