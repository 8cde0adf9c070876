# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of the collection: paths, imports, documentation."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

TOP = Path(__file__).parents[3]
PLUGINS = TOP / "plugins"
UTILS = PLUGINS / "module_utils"
#: Bulk actions. Their files in plugins/modules have documentation only.
BULK = sorted(
    path.stem
    for path in (PLUGINS / "action").glob("*.py")
    if "FLEET = " in path.read_text(encoding="utf-8")
)
#: Those of BULK that change many servers with the engine of runs.
ENGINE = sorted(
    name
    for name in BULK
    if "FLEET = FleetModule(" in (PLUGINS / "action" / f"{name}.py").read_text(encoding="utf-8")
)
#: Actions for the roles of the collection, which contact no panel. Their files are like those of BULK.
LOCAL = sorted(
    path.stem
    for path in (PLUGINS / "action").glob("*.py")
    if "(ControllerAction)" in path.read_text(encoding="utf-8")
)
#: Files in plugins/modules that are no modules.
PAGES = (*BULK, *LOCAL)
MODULES = sorted({path.stem for path in (PLUGINS / "modules").glob("*.py")} - set(PAGES))
COLLECTION = "vpsfleet.panels"
ROOT = "ansible_collections.vpsfleet.panels."


#: libyaml's loader where PyYAML has it. It is ten times as fast.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str) -> Any:
    """Return the content of a YAML text."""
    return yaml.load(text, _LOADER)


def sources(folder: Path) -> list[Path]:
    """Return all Python files below a folder."""
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def name_of(path: Path) -> str:
    """Return a file's path relative to the collection."""
    return path.relative_to(TOP).as_posix()


@dataclass(frozen=True)
class Source:
    """A Python file: its path relative to the collection, and its text."""

    name: str
    text: str

    @functools.cached_property
    def tree(self) -> ast.Module:
        """The syntax tree of the file."""
        return ast.parse(self.text, self.name)

    @property
    def calls(self) -> list[ast.Call]:
        """Every call in the file."""
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]

    @functools.cached_property
    def imports(self) -> frozenset[str]:
        """The imported modules; those of this collection as ``plugins.module_utils._core.http``."""
        return frozenset(self._imports())

    def _imports(self) -> Iterator[str]:
        package = self.name.split("/")[:-1]
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name.removeprefix(ROOT) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                above = package[: len(package) - node.level + 1] if node.level else ()
                module = ".".join([*above, *filter(None, [node.module])]).removeprefix(ROOT)
                # "from . import x": x is a file, or a name in __init__.py.
                place = TOP.joinpath(*module.split(".")) if module.startswith("plugins") else None
                for alias in node.names:
                    file = place and (place / f"{alias.name}.py")
                    yield f"{module}.{alias.name}" if file and file.exists() else module


@functools.cache
def source_of(path: Path) -> Source:
    """Read a file."""
    return Source(name_of(path), path.read_text(encoding="utf-8"))


def tree_of(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return source_of(path).tree


def imports_of(path: Path) -> frozenset[str]:
    """Return :attr:`Source.imports` of a file."""
    return source_of(path).imports


def constant(source: Source, name: str) -> str:
    """Return a string constant of a file, such as DOCUMENTATION."""
    for node in source.tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == name:
            return str(ast.literal_eval(node.value))
    raise LookupError(f"{source.name} has no {name}")


def module_file(name: str) -> Path:
    """Return a module's file."""
    return PLUGINS / "modules" / f"{name}.py"


def code_after_docs(source: Source) -> list[ast.stmt]:
    """Return the statements of a module after its documentation."""
    docs = {"DOCUMENTATION", "EXAMPLES", "RETURN"}
    body = source.tree.body
    last = max(
        (
            index
            for index, node in enumerate(body)
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) in docs
        ),
        default=-1,
    )
    return body[last + 1 :]


def fragment(name: str) -> str:
    """Return a documentation fragment of this collection, such as ``vpsfleet.panels.attributes.info``."""
    file, _dot, part = name.removeprefix(f"{COLLECTION}.").partition(".")
    desired = (part or "documentation").upper()
    for node in source_of(PLUGINS / "doc_fragments" / f"{file}.py").tree.body:
        if isinstance(node, ast.ClassDef) and node.name == "ModuleDocFragment":
            for each in node.body:
                if isinstance(each, ast.Assign) and getattr(each.targets[0], "id", "") == desired:
                    return str(ast.literal_eval(each.value))
    raise LookupError(f"there is no documentation fragment {name}")


@functools.cache
def _fragment_content(name: str) -> Any:
    return read_yaml(fragment(name))


def documentation(source: Source) -> dict[str, Any]:
    """Return a module's documentation with its fragments merged in."""
    docs: dict[str, Any] = read_yaml(constant(source, "DOCUMENTATION"))
    for each in docs.get("extends_documentation_fragment", ()):
        part = _fragment_content(each)
        for section in ("options", "attributes"):
            for key, value in part.get(section, {}).items():
                have = docs.setdefault(section, {}).setdefault(key, {})
                docs[section][key] = {**value, **have}
    return docs
