# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every module is documented, listed, tested, and as thin as it can be."""

from __future__ import annotations

import ast
import importlib
from typing import Any

import pytest
import yaml

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.panel_module import PanelModule
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import (
    COLLECTION,
    MODULES,
    PAGES,
    TOP,
    code_after_docs,
    constant,
    documentation,
    fragment,
    module_file,
)

RUNTIME = yaml.safe_load((TOP / "meta" / "runtime.yml").read_text(encoding="utf-8"))
GALAXY = yaml.safe_load((TOP / "galaxy.yml").read_text(encoding="utf-8"))
CHANGELOG = yaml.safe_load((TOP / "changelogs" / "changelog.yaml").read_text(encoding="utf-8"))

each_module = pytest.mark.parametrize("name", MODULES)

#: What a task may have besides its module.
KEYWORDS = {
    "name", "register", "when", "loop", "loop_control", "vars", "delegate_to", "run_once",
    "become", "environment", "ignore_errors", "changed_when", "failed_when", "until", "retries",
    "delay", "no_log", "check_mode", "diff", "tags", "module_defaults", "throttle",
}  # fmt: skip


def _arguments(name: str) -> ArgumentSpec:
    place = f"ansible_collections.{COLLECTION}.plugins.modules.{name}"
    spec: ArgumentSpec = importlib.import_module(place).ARGUMENTS
    return spec


def _examples(name: str) -> list[dict[str, Any]]:
    tasks: list[dict[str, Any]] = yaml.safe_load(constant(module_file(name), "EXAMPLES"))
    return tasks


def _returned(name: str) -> dict[str, Any]:
    docs: dict[str, Any] = yaml.safe_load(constant(module_file(name), "RETURN"))
    return docs


def _group_of(name: str) -> str:
    return name.split("_")[0]


# --- thin ------------------------------------------------------------------------------------


@each_module
def test_a_module_has_at_most_60_lines_of_code(name):
    first = code_after_docs(module_file(name))[0].lineno
    lines = module_file(name).read_text(encoding="utf-8").splitlines()[first - 1 :]
    code = [line for line in lines if line.strip() and not line.strip().startswith("#")]
    assert len(code) <= 60


@each_module
def test_a_module_decides_nothing(name):
    decisions = (ast.For, ast.While, ast.Try, ast.If, ast.IfExp, ast.With, ast.Raise, ast.ClassDef)
    *code, guard = code_after_docs(module_file(name))
    assert ast.unparse(guard) == "if __name__ == '__main__':\n    main()"
    found = [node for part in code for node in ast.walk(part) if isinstance(node, decisions)]
    assert [f"line {node.lineno}" for node in found] == []


@each_module
def test_a_module_is_declared_and_nothing_else(name):
    declared = importlib.import_module(f"ansible_collections.{COLLECTION}.plugins.modules.{name}")
    assert isinstance(declared.MODULE, PanelModule)
    assert declared.MODULE.arguments is declared.ARGUMENTS
    (main,) = [
        node for node in code_after_docs(module_file(name)) if isinstance(node, ast.FunctionDef)
    ]
    assert ast.unparse(main.body) == "run_module(MODULE)"


# --- listed ----------------------------------------------------------------------------------


@each_module
def test_a_module_is_in_its_action_group(name):
    assert name in RUNTIME["action_groups"][_group_of(name)]


def test_an_action_group_has_only_modules_and_their_other_names():
    redirects = RUNTIME["plugin_routing"]["modules"]
    for group, members in RUNTIME["action_groups"].items():
        for member in members:
            target = redirects.get(member, {}).get("redirect", f"{COLLECTION}.{member}")
            assert target.removeprefix(f"{COLLECTION}.") in {*MODULES, *PAGES}, member
            assert _group_of(member) == group
        assert members == sorted(members)


@each_module
def test_a_module_is_carried_out_by_the_one_action(name):
    route = RUNTIME["plugin_routing"]["modules"][name]
    assert route == {"action_plugin": f"{COLLECTION}.direct"}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_an_action_and_no_code(name):
    assert (TOP / "plugins" / "action" / f"{name}.py").is_file()
    assert code_after_docs(module_file(name)) == []


def test_another_name_leads_to_a_module_and_is_in_its_group():
    for other, route in RUNTIME["plugin_routing"]["modules"].items():
        if "action_plugin" in route:
            continue
        assert other not in MODULES
        assert other in RUNTIME["action_groups"][_group_of(other)]
        if "redirect" in route:
            assert route["redirect"].removeprefix(f"{COLLECTION}.") in MODULES


@each_module
def test_a_module_is_in_the_changelog_or_new_in_the_next_release(name):
    # The changelog lists new modules by itself at a release; until then version_added says when.
    released = CHANGELOG["releases"]
    listed = {
        module["name"] for release in released.values() for module in release.get("modules", ())
    }
    if name in listed:
        return
    assert documentation(name)["version_added"] == GALAXY["version"]
    assert GALAXY["version"] not in released


# --- tested ----------------------------------------------------------------------------------


@each_module
def test_a_module_has_a_unit_test(name):
    assert (TOP / "tests" / "unit" / "plugins" / "modules" / f"test_{name}.py").is_file()


@each_module
def test_a_module_has_an_integration_target(name):
    target = TOP / "tests" / "integration" / "targets" / name
    assert (target / "tasks" / "main.yml").is_file() or (target / "runme.sh").is_file()


# --- documented ------------------------------------------------------------------------------


@each_module
def test_a_module_says_what_it_is(name):
    docs = documentation(name)
    assert docs["module"] == name
    assert not docs["short_description"].endswith(".")
    assert docs["author"]
    fragments = docs["extends_documentation_fragment"]
    assert f"{COLLECTION}.{_group_of(name)}" in fragments
    assert f"{COLLECTION}.attributes.{_group_of(name)}_group" in fragments


@each_module
def test_a_module_says_how_it_behaves(name):
    attributes = documentation(name)["attributes"]
    check = attributes["check_mode"]
    assert check["support"] == "full" or (check["support"] == "partial" and check["details"])
    info = (
        name.endswith("_info")
        or f"{COLLECTION}.attributes.info"
        in (documentation(name)["extends_documentation_fragment"])
    )
    diff, again = attributes["diff_mode"], attributes["idempotent"]
    assert diff["support"] == ("N/A" if info else "full") or diff["support"] in ("none", "partial")
    # What cannot be compared says so, and what follows from it.
    assert again["support"] == "full" or again["details"]
    assert f"{COLLECTION}.{_group_of(name)}" in attributes["action_group"]["membership"]
    for attribute in attributes.values():
        assert attribute["description"]


def _spoken(option: dict[str, Any], key: str) -> Any:
    defaults = {"type": "str", "required": False, "choices": [], "aliases": []}
    value = option.get(key, defaults.get(key))
    return list(value) if isinstance(value, (list, tuple)) else value


@each_module
def test_the_documented_options_are_the_options(name):
    assert set(documentation(name)["options"]) == set(_arguments(name).options)


@each_module
@pytest.mark.parametrize("key", ["type", "elements", "required", "default", "choices", "aliases"])
def test_each_option_is_documented_as_it_is(name, key):
    docs, options = documentation(name)["options"], _arguments(name).options
    message = {option: _spoken(docs[option], key) for option in options}
    real = {option: _spoken(options[option], key) for option in options}
    assert message == real


@each_module
def test_each_option_is_explained(name):
    for option, docs in documentation(name)["options"].items():
        sentences = docs["description"]
        assert isinstance(sentences, list), option
        for sentence in sentences:
            assert sentence[0].isupper() or sentence.startswith(("V(", "C(", "O(", "RV(")), option
            assert sentence.rstrip().endswith("."), option


@each_module
def test_each_option_that_may_hold_a_secret_says_whether_it_does(name):
    options = _arguments(name).options
    assert any(option.get("no_log") for option in options.values())
    words = ("token", "password", "secret", "key")
    open_ = [
        option
        for option, spec in options.items()
        if any(word in option for word in words) and "no_log" not in spec
    ]
    assert open_ == []


@each_module
def test_each_environment_variable_is_documented(name):
    notes = " ".join(yaml.safe_load(fragment(f"{COLLECTION}.{_group_of(name)}"))["notes"])
    for option in _arguments(name).options.values():
        for variable in option.get("fallback", (None, ()))[1]:
            assert f"C({variable})" in " ".join(notes.split())


@each_module
def test_no_option_asks_for_a_read(name):
    choices = {
        choice
        for option in _arguments(name).options.values()
        for choice in option.get("choices", ())
    }
    assert not choices & {"get", "query", "current", "list", "info"}


@each_module
def test_the_examples_are_tasks_that_would_run(name):
    used = set()
    options = documentation(name)["options"]
    known = set(options) | {alias for each in options.values() for alias in each.get("aliases", ())}
    for task in _examples(name):
        assert task["name"][0].isupper()
        (action,) = [key for key in task if key not in KEYWORDS]
        assert action.count(".") == 2, f"{action} is no full name"
        used.add(action)
        if action == f"{COLLECTION}.{name}":
            assert set(task[action]) <= known
    assert f"{COLLECTION}.{name}" in used


@each_module
def test_the_first_example_shows_the_connection(name):
    first = _examples(name)[0][f"{COLLECTION}.{name}"]
    options = _arguments(name).options
    assert {"api_url", "region"} & set(first)
    secrets = [option for option in first if options[option].get("no_log")]
    assert secrets
    assert all(first[option].startswith("{{") for option in secrets)


@each_module
def test_every_result_is_explained(name):
    returned = _returned(name)
    assert {"api_calls", "failure"} <= set(returned)
    for key, docs in returned.items():
        assert docs["description"], key
        assert docs["returned"], key
        assert docs["type"], key
        assert "sample" in docs or "contains" in docs, key


@each_module
def test_samples_have_the_documented_type(name):
    types = {
        "dict": dict,
        "list": list,
        "bool": bool,
        "str": str,
        "int": int,
        "float": float,
        "raw": object,
    }
    for key, docs in _returned(name).items():
        if "sample" in docs:
            assert isinstance(docs["sample"], types[docs["type"]]), key
