# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print the files of unit tests that a leg can change, one on each line.

`leg_tests.py core`: what another ansible-core can change. `leg_tests.py floor`: what the oldest
ansible-core, Python, requests and urllib3 can change.

Printed are all tests in the folders of the plugins that Ansible loads (action, filter, inventory,
modules). Elsewhere the imports decide. A test file is about the source of its name: test_x.py is about
x.py or _x.py in the same folder below plugins. A test file without such a source is about the sources
that it imports itself. It is printed

- if one of these sources, or the test, imports Ansible or its template engine;
- for the floor, also if one of these sources imports anything else but a module of STABLE;
- if it is about no source.

The main leg runs all tests. On the other legs ruff, mypy and the sanity tests of the floor check the
syntax and the names in all sources, and the integration targets run whole tasks.
"""

from __future__ import annotations

import ast
import functools
import os
import sys
from collections.abc import Iterator
from pathlib import Path

TOP = Path(os.environ["TOP"])
ROOT = "ansible_collections.vpsfleet.panels."
TESTS = "tests/unit/plugins"
#: Folders from which Ansible loads plugins.
LOADED = ("action", "filter", "inventory", "lookup", "modules")
CORE = {"ansible", "jinja2"}
#: Modules of Python's library that compute only, and that do the same in every supported Python. What
#: reads the time, files, the network or the terminal, starts threads or processes, or reads tables and
#: addresses has changed between releases, and so have the texts of enumerations (3.11 and 3.12).
STABLE = {
    *(
        "__future__",
        "abc",
        "base64",
        "binascii",
        "collections",
        "contextlib",
        "copy",
        "dataclasses",
    ),
    *("difflib", "fnmatch", "functools", "hashlib", "hmac", "io", "itertools", "json", "math"),
    *("operator", "pathlib", "re", "secrets", "shlex", "string", "textwrap", "types", "typing"),
    "uuid",
}


@functools.cache
def imports_of(name: str) -> frozenset[str]:
    """Return the modules that a file imports; those of the collection as ``plugins.module_utils._core.http``."""
    package = name.split("/")[:-1]
    found = set()
    for node in ast.walk(ast.parse((TOP / name).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *filter(None, [node.module])])
            found.add(module)
            # "from . import x": x may be a file.
            found.update(f"{module}.{alias.name}" for alias in node.names)
    return frozenset(dotted.removeprefix(ROOT) for dotted in found)


def libraries(name: str) -> set[str]:
    """Return what a file imports from outside of the collection."""
    return {dotted.split(".")[0] for dotted in imports_of(name)} - {"plugins", "tests"}


def sources_of(test: str) -> Iterator[str]:
    """Yield the sources that a test file is about."""
    folder, _slash, file = test.removeprefix("tests/unit/").rpartition("/")
    stem = file.removeprefix("test_")
    named = [f"{folder}/{stem}", f"{folder}/_{stem}"]
    imported = [f"{dotted.replace('.', '/')}.py" for dotted in sorted(imports_of(test))]
    found = [name for name in named if (TOP / name).is_file()]
    yield from found or (
        name for name in imported if name.startswith("plugins/") and (TOP / name).is_file()
    )


def matters(test: str, leg: str) -> bool:
    """Return whether a leg can change the result of a test file."""
    sources = list(sources_of(test))
    if not sources or test.removeprefix(f"{TESTS}/").split("/")[0] in LOADED:
        return True
    used = set().union(*map(libraries, sources))
    # Ansible and its libraries are no part of Python, so they are never stable.
    return bool((used | libraries(test)) & CORE) or (leg == "floor" and not used <= STABLE)


def main() -> None:
    leg = sys.argv[1]
    if leg not in ("core", "floor"):
        sys.exit(f"unknown kind of leg: {leg}")
    for path in sorted((TOP / TESTS).rglob("test_*.py")):
        test = path.relative_to(TOP).as_posix()
        if matters(test, leg):
            print(test)


main()
