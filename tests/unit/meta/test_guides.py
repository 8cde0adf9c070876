# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the README and the guides name exists, and the README forgets nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.vpsfleet.panels.tests.unit.support.collection import (
    TOP,
    name_of,
)

README = TOP / "README.md"
GUIDES = [
    pytest.param(path, id=name_of(path))
    for path in (
        README,
        TOP / "CONTRIBUTING.md",
        *sorted((TOP / "docs" / "docsite" / "rst").glob("*.rst")),
        *sorted((TOP / "roles").glob("*/README.md")),
    )
]
PANELS = ("virtfusion", "virtualizor", "huaweicloud_cph")


def _stems(*folder: str) -> set[str]:
    """Names of the plugins or playbooks in a folder."""
    files = (*TOP.joinpath(*folder).glob("*.py"), *TOP.joinpath(*folder).glob("*.yml"))
    return {file.stem for file in files if not file.stem.startswith("_")}


MODULES = _stems("plugins", "modules") - {"direct"}
PLUGIN_NAMES = {
    "module": MODULES | {"direct"},
    "role": {path.name for path in (TOP / "roles").iterdir()},
    **{kind: _stems("plugins", kind) for kind in ("inventory", "filter")},
}
ROLES = PLUGIN_NAMES["role"]
PLAYBOOKS = _stems("playbooks")
RUNTIME = yaml.safe_load((TOP / "meta" / "runtime.yml").read_text(encoding="utf-8"))
MAKE = set(re.findall(r"^([a-z-]+):", (TOP / "Makefile").read_text(encoding="utf-8"), re.M))
#: Variables of each role, without the role's name.
VARIABLES = {
    role: {
        name.removeprefix(f"{role}_")
        for entry in yaml.safe_load(
            (TOP / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
        )["argument_specs"].values()
        for name in entry["options"]
    }
    for role in sorted(ROLES)
}


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _table(heading: str) -> set[str]:
    """The names in the first column of a table of the README, whose heading begins like that."""
    match = re.search(rf"^\| {re.escape(heading)}.*\n\|---.*\n((?:\|.*\n)+)", _text(README), re.M)
    assert match, f"no table {heading}"
    return {name for row in match[1].splitlines() for name in _words(row.split("|")[1])}


def _words(text: str) -> list[str]:
    return re.findall(r"`(\w+)`", text)


@pytest.mark.parametrize("panel", PANELS)
def test_the_readme_lists_every_module_and_no_other(panel):
    named = _table(f"Modules, each with the prefix `{panel}_`")
    assert named == {name.removeprefix(f"{panel}_") for name in MODULES if name.startswith(panel)}


def test_the_readme_lists_every_other_plugin_and_every_role():
    assert _table("Inventory plugin") == PLUGIN_NAMES["inventory"]
    assert _table("Filter") == PLUGIN_NAMES["filter"]
    assert _table("Role and playbook") == ROLES


def test_the_readme_names_every_playbook():
    assert set(_words(_text(README))) >= PLAYBOOKS


@pytest.mark.parametrize("path", GUIDES)
def test_each_plugin_that_is_referred_to_exists(path):
    referred = re.findall(r":ansplugin:`vpsfleet\.panels\.(\w+)#(\w+)`", _text(path))
    assert [name for name, kind in referred if name not in PLUGIN_NAMES[kind]] == []


@pytest.mark.parametrize("path", GUIDES)
def test_each_full_name_is_that_of_something(path):
    known = (
        set().union(*PLUGIN_NAMES.values())
        | ROLES
        | PLAYBOOKS
        | set(RUNTIME["action_groups"])
        | _stems("plugins", "doc_fragments")
        | {"docsite"}
    )
    assert set(re.findall(r"vpsfleet\.panels\.(\w+)", _text(path))) <= known


@pytest.mark.parametrize("path", GUIDES)
def test_each_target_of_make_exists(path):
    text = _text(path)
    commands = re.findall(r"^\s*(?:\$ )?make ([a-z-]+)", text, re.M)
    inline = re.findall(r"`make ([a-z-]+)", text)
    assert {*commands, *inline} <= MAKE


@pytest.mark.parametrize("path", GUIDES)
def test_each_variable_of_a_role_exists(path):
    named = {
        (role, name)
        for role in ROLES
        for name in re.findall(rf"\b{role}_([a-z][a-z_0-9]*)\b(?!\.)", _text(path))
    }
    unknown = {
        f"{role}_{name}"
        for role, name in named
        # The folder for reports, or for runs, is called after the role; so is a playbook.
        if name not in {*VARIABLES[role], "reports", "runs"} and f"{role}_{name}" not in PLAYBOOKS
    }
    assert unknown == set()


@pytest.mark.parametrize("role", sorted(ROLES))
def test_the_table_of_a_role_has_every_variable_and_no_other(role):
    text = _text(TOP / "roles" / role / "README.md")
    table = re.search(r"^\| variable \|.*\n\| ---.*\n((?:\|.*\n)+)", text, re.M)
    assert table
    named = {name for row in table[1].splitlines() for name in _words(row.split("|")[1])}
    assert named == VARIABLES[role]


@pytest.mark.parametrize("path", GUIDES)
def test_each_file_that_is_linked_to_exists(path):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", _text(path))
    assert [link for link in links if not (path.parent / link).exists()] == []
