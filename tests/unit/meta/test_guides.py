# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the README and the guides name exists. The tables of the README are in test_modules.py."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
import yaml

from ansible_collections.vpsfleet.panels.tests.unit.support.collection import (
    TOP,
    name_of,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import differences, refuse

README = TOP / "README.md"
#: Texts for contributors, which name files and code of this repository.
INTERNAL = [
    TOP / "CONTRIBUTING.md",
    TOP / "docs" / "docsite" / "rst" / "guide_new_module.rst",
    TOP / "docs" / "apis" / "README.md",
    TOP / "tests" / "integration" / "README.md",
]
#: What these texts name and the repository does not hold: make and the release write it.
WRITTEN = {"CHANGELOG.md", "integration_config.yml"}
#: A name in an example, such as ``x.py`` and ``test_x.py``.
EXAMPLE = re.compile(r"(test)?_?x\.py")
GUIDES = [
    README,
    TOP / "CONTRIBUTING.md",
    *sorted((TOP / "docs" / "docsite" / "rst").glob("*.rst")),
    *sorted((TOP / "roles").glob("*/README.md")),
]


def _stems(*folder: str) -> set[str]:
    """Names of the plugins or playbooks in a folder."""
    files = (*TOP.joinpath(*folder).glob("*.py"), *TOP.joinpath(*folder).glob("*.yml"))
    return {file.stem for file in files if not file.stem.startswith("_")}


PLUGIN_NAMES = {
    "module": _stems("plugins", "modules"),
    "role": {path.name for path in (TOP / "roles").iterdir()},
    **{kind: _stems("plugins", kind) for kind in ("inventory", "filter")},
}
ROLES = PLUGIN_NAMES["role"]
PLAYBOOKS = _stems("playbooks")
#: Variables that a playbook passes on to those of a role.
PASSED_ON = {
    name
    for playbook in (TOP / "playbooks").glob("*.yml")
    for play in yaml.safe_load(playbook.read_text(encoding="utf-8"))
    for name in play.get("vars", {}).get("vps_fleet__playbook_variables", ())
}
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


def _words(text: str) -> list[str]:
    return re.findall(r"`(\w+)`", text)


def in_guides(offenders: Callable[[Path], Iterable[str]]) -> Iterator[str]:
    """Return a line for each offender in a guide."""
    for path in GUIDES:
        yield from (f"{name_of(path)}: {what}" for what in offenders(path))


def test_the_readme_names_every_playbook():
    refuse(PLAYBOOKS - set(_words(_text(README))), "Name these playbooks in README.md:")


def test_each_plugin_that_is_referred_to_exists():
    def missing(path: Path) -> Iterator[str]:
        for name, kind in re.findall(r":ansplugin:`vpsfleet\.panels\.(\w+)#(\w+)`", _text(path)):
            if name not in PLUGIN_NAMES[kind]:
                yield f"{kind} {name}"

    refuse(in_guides(missing), "Correct these references, there are no such plugins:")


def test_each_full_name_exists():
    known = (
        set().union(*PLUGIN_NAMES.values())
        | ROLES
        | PLAYBOOKS
        | set(RUNTIME["action_groups"])
        | _stems("plugins", "doc_fragments")
        | {"docsite"}
    )

    def unknown(path: Path) -> set[str]:
        return set(re.findall(r"vpsfleet\.panels\.(\w+)", _text(path))) - known

    refuse(in_guides(unknown), "Correct these names, the collection has nothing named so:")


def test_each_target_of_make_exists():
    def unknown(path: Path) -> set[str]:
        commands = re.findall(r"^\s*(?:\$ )?make ([a-z-]+)", _text(path), re.M)
        return {*commands, *re.findall(r"`make ([a-z-]+)", _text(path))} - MAKE

    refuse(in_guides(unknown), "Correct these commands, the Makefile has no such targets:")


def test_workflows_install_the_collection_as_the_readme_does():
    def source(path: Path) -> set[str]:
        return set(re.findall(r"collection install (git\S+|vpsfleet\S+)", _text(path)))

    (desired,) = source(README)
    files = [path for path in (TOP / "docs" / "ci").rglob("*") if path.is_file()]
    sources = {name_of(path): found for path in files if (found := source(path))}
    assert sources
    refuse(
        (name for name, found in sources.items() if found != {desired}),
        f"Install the collection from {desired} in these files:",
    )


def test_each_variable_of_a_role_exists():
    def unknown(path: Path) -> Iterator[str]:
        for role in ROLES:
            for name in set(re.findall(rf"\b{role}_([a-z][a-z_0-9]*)\b(?!\.)", _text(path))):
                # The folder for reports, or for runs, is called after the role; so is a playbook.
                known = {*VARIABLES[role], "reports", "runs"}
                if name not in known and f"{role}_{name}" not in PLAYBOOKS | PASSED_ON:
                    yield f"{role}_{name}"

    refuse(in_guides(unknown), "Correct these variables, no argument specification has them:")


def test_the_table_of_a_role_has_every_variable_and_no_other():
    def different(role: str) -> Iterator[str]:
        text = _text(TOP / "roles" / role / "README.md")
        table = re.search(r"^\| variable \|.*\n\| ---.*\n((?:\|.*\n)+)", text, re.M)
        if not table:
            yield "there is no table with the heading: variable"
            return
        named = {name for row in table[1].splitlines() for name in _words(row.split("|")[1])}
        yield from differences(named, VARIABLES[role], "the table")

    found = (f"roles/{role}/README.md: {line}" for role in ROLES for line in different(role))
    refuse(found, "Correct the tables of variables:")


def test_each_file_that_is_linked_to_exists():
    def missing(path: Path) -> Iterator[str]:
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", _text(path)):
            if not (path.parent / link).exists():
                yield link

    refuse(in_guides(missing), "Correct these links:")


@functools.cache
def _there() -> tuple[frozenset[str], frozenset[str]]:
    """Return the paths of the repository's files, and the words in the code and in these paths."""
    folders = ("changelogs", "ci", "docs", "extensions", "meta", "plugins", "roles", "tests")
    paths = [path for folder in folders for path in (TOP / folder).rglob("*.*") if path.is_file()]
    code = [_text(path) for path in paths if path.suffix in (".py", ".sh", ".yml", ".yaml")]
    words = re.findall(
        r"\w+", "\n".join([*code, *RUNTIME["action_groups"], _text(TOP / "Makefile")])
    )
    names = [path.name for path in TOP.iterdir()] + [name_of(path) for path in paths]
    folders_and_stems = {part for name in names for part in (Path(name).stem, *Path(name).parts)}
    return frozenset(f"/{name}" for name in names), frozenset({*words, *folders_and_stems})


def nowhere(path: Path) -> Iterator[str]:
    """Find files and names of code that a text for contributors names and that do not exist."""
    files, words = _there()
    for name in sorted(set(re.findall(r"(?<!`)``?([^`\n]+)``?(?!`)", _text(path)))):
        if re.fullmatch(r"[\w./-]+\.(py|sh|md|rst|toml|yml|txt)", name):
            there = any(file.endswith(f"/{name.removeprefix('./')}") for file in files)
            if not (there or Path(name).name in WRITTEN or EXAMPLE.fullmatch(name)):
                yield f"the file {name}"
        elif re.fullmatch(r"\w+(\.\w+)?", name) and not words.issuperset(name.split(".")):
            yield name


def test_each_file_and_name_for_contributors_exists():
    found = (f"{name_of(path)}: {what}" for path in INTERNAL for what in nowhere(path))
    refuse(found, "Correct these names, the repository has nothing named so:")


def test_a_file_and_a_name_that_do_not_exist_are_found(tmp_path):
    page = tmp_path / "page.rst"
    name = "".join(["No", "Such", "Name"])
    page.write_text(f"``no/such_file.py``, ``{name}`` and `test.sh`", encoding="utf-8")
    assert [*nowhere(page)] == [name, "the file no/such_file.py"]


def test_a_wrong_reference_is_found(tmp_path, monkeypatch):
    page = tmp_path / "page.md"
    monkeypatch.setitem(globals(), "GUIDES", [page])
    monkeypatch.setitem(globals(), "name_of", str)
    for sentence, rule in (
        (":ansplugin:`vpsfleet.panels.no_x#module`", test_each_plugin_that_is_referred_to_exists),
        ("vpsfleet.panels.no_x", test_each_full_name_exists),
        ("`make no-x`", test_each_target_of_make_exists),
        (f"{min(ROLES)}_no_x", test_each_variable_of_a_role_exists),
        ("[text](no_x.md)", test_each_file_that_is_linked_to_exists),
    ):
        page.write_text(sentence, encoding="utf-8")
        with pytest.raises(pytest.fail.Exception, match=r"no.x"):
            rule()
