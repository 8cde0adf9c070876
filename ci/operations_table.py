#!/usr/bin/env python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the docs page of the panel's operations and the modules that use them, from the source code.

    python ci/operations_table.py          writes docs/docsite/rst/virtfusion_operations.rst
    python ci/operations_table.py --check  fails if the page is out of date

A module uses a resource, and the resource uses operations of the catalogue. The script follows the
names in the source, from definition to definition.
"""

from __future__ import annotations

import ast
import functools
import importlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLUGINS = ROOT / "plugins"
PANEL = PLUGINS / "module_utils" / "_virtfusion"
#: The code of the inventory and of the bulk changes.
CONTROLLER = PLUGINS / "plugin_utils" / "_virtfusion"
PAGE = ROOT / "docs" / "docsite" / "rst" / "virtfusion_operations.rst"

#: Uses every operation, so the table omits it.
ANY_CALL = "virtfusion_api"

EFFECTS = {
    "read": "reads",
    "set": "sets a value",
    "create": "creates something",
    "action": "acts",
    "destroy": "deletes",
    "trial": "asks whether a create would be accepted",
}

HEAD = """\
..
  Copyright (c) vpsfleet.panels contributors
  GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
  SPDX-License-Identifier: GPL-3.0-or-later

..
  Written by ci/operations_table.py; do not edit.

.. _ansible_collections.vpsfleet.panels.docsite.virtfusion_operations:

VirtFusion operations
=====================

The published operations of the panel's API, their effects, and the modules and plugins that use them.
:ansplugin:`vpsfleet.panels.virtfusion_api#module` can send any other request.

.. list-table::
   :header-rows: 1
   :widths: 45 15 40

   * - Operation
     - Effect
     - Used by
"""


@dataclass
class Source:
    """The definitions of a file, and the files of its imported names."""

    path: Path
    definitions: dict[str, ast.AST] = field(default_factory=dict)
    imports: dict[str, tuple[Path, str]] = field(default_factory=dict)


def read_source(path: Path) -> Source:
    """Parse a file. Relative imports are resolved to files of the collection."""
    source = Source(path)
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            source.definitions[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    source.definitions[target.id] = node
        elif isinstance(node, ast.ImportFrom) and node.level:
            folder = path.parents[node.level - 1]
            file = folder.joinpath(*(node.module or "").split(".")).with_suffix(".py")
            for alias in node.names:
                source.imports[alias.asname or alias.name] = (file, alias.name)
    return source


class Reach:
    """Follows names through the code of one panel to the operations that they use."""

    def __init__(self, operations: set[str]) -> None:
        self._operations = operations
        self._sources: dict[Path, Source] = {}
        client = self._source(PANEL / "client.py").definitions["VirtFusion"]
        self._methods = {n.name: n for n in ast.walk(client) if isinstance(n, ast.FunctionDef)}

    def _source(self, path: Path) -> Source:
        if path not in self._sources:
            self._sources[path] = read_source(path)
        return self._sources[path]

    def of_file(self, path: Path) -> set[str]:
        """Return the operations that a module or plugin file reaches."""
        found: set[str] = set()
        seen: set[tuple[Path, str]] = set()
        for name in [*self._source(path).definitions, *self._source(path).imports]:
            self._follow(path, name, found, seen)
        return found

    def _follow(self, path: Path, name: str, found: set[str], seen: set[tuple[Path, str]]) -> None:
        if (path, name) in seen or name in ("OPERATIONS", "VirtFusion"):
            return
        seen.add((path, name))
        source = self._source(path)
        if name in source.imports:
            file, original = source.imports[name]
            if file.is_file() and {PANEL, CONTROLLER}.intersection(file.parents):
                self._follow(file, original, found, seen)
            return
        if name in source.definitions:
            for used in self._names(source.definitions[name], found):
                self._follow(path, used, found, seen)

    def _names(self, tree: ast.AST, found: set[str]) -> Iterator[str]:
        """Yield the names that code uses, and add its operations to ``found``."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and node.value in self._operations:
                found.add(str(node.value))
            elif isinstance(node, ast.Name):
                yield node.id
            elif isinstance(node, ast.Attribute) and _is_client(node.value):
                method = self._methods.get(node.attr)
                if method is not None:
                    yield from self._names(method, found)


def _is_client(node: ast.AST) -> bool:
    name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
    return name in ("client", "_client", "self")


def catalogue() -> dict[str, tuple[str, str]]:
    """Return the published operations, name to (effect, request), in the order of the catalogue."""
    sys.path.insert(0, str(PLUGINS))
    try:
        operations = importlib.import_module(f"module_utils.{PANEL.name}.operations").OPERATIONS
    finally:
        sys.path.remove(str(PLUGINS))
    return {
        name: (operation.effect.value, f"{operation.method} {operation.path}")
        for name, operation in operations.items()
    }


@functools.cache
def users() -> dict[str, list[str]]:
    """Return the plugins that use each operation."""
    operations = catalogue()
    reach = Reach(set(operations))
    found: dict[str, list[str]] = {name: [] for name in operations}
    for kind in ("module", "inventory"):
        folder = PLUGINS / ("modules" if kind == "module" else kind)
        for path in sorted(folder.glob("virtfusion*.py")):
            if path.stem == ANY_CALL:
                continue
            files = {path, PLUGINS / "action" / path.name} if kind == "module" else {path}
            for name in set().union(*(reach.of_file(file) for file in files if file.is_file())):
                found[name].append(f":ansplugin:`vpsfleet.panels.{path.stem}#{kind}`")
    return found


def page() -> str:
    """Return the docs page."""
    rows = []
    used_by = users()
    for name, (effect, request) in sorted(
        catalogue().items(), key=lambda item: item[1][1].split()[::-1]
    ):
        rows.append(
            f"   * - ``{request}``\n     - {EFFECTS[effect]}\n     - {', '.join(used_by[name])}\n"
        )
    return HEAD + "".join(rows)


def main() -> int:
    """Write the page, or compare it with the file."""
    if "--check" in sys.argv[1:]:
        same = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page()
        if not same:
            print(f"{PAGE.relative_to(ROOT)} is out of date: run make format")
        return 0 if same else 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
