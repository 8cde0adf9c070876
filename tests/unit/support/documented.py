# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules and bulk actions: code, documentation, and their entries in lists."""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import (
    BULK,
    COLLECTION,
    MODULES,
    TOP,
    Source,
    code_after_docs,
    constant,
    documentation,
    fragment,
    module_file,
    read_yaml,
    source_of,
)

TARGETS = TOP / "tests" / "integration" / "targets"


@functools.cache
def yaml_of(*place: str) -> Any:
    """Return the content of a YAML file of the collection."""
    return read_yaml(TOP.joinpath(*place).read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Documented:
    """A module, or a bulk action (its file holds only documentation)."""

    name: str
    source: Source

    @property
    def full_name(self) -> str:
        return f"{COLLECTION}.{self.name}"

    @property
    def group(self) -> str:
        """The action group, which is the first word of the name."""
        return self.name.split("_")[0]

    @functools.cached_property
    def docs(self) -> dict[str, Any]:
        """The documentation, including its fragments."""
        return documentation(self.source)

    @functools.cached_property
    def examples(self) -> list[dict[str, Any]]:
        """The tasks of the examples."""
        tasks: list[dict[str, Any]] = read_yaml(constant(self.source, "EXAMPLES"))
        return tasks

    @functools.cached_property
    def returned(self) -> dict[str, Any]:
        """The documented results."""
        rows: dict[str, Any] = read_yaml(constant(self.source, "RETURN"))
        return rows

    @functools.cached_property
    def environment_notes(self) -> str:
        """The notes of the fragments, such as that of the panel, as one line."""
        names = self.docs["extends_documentation_fragment"]
        notes = [
            note
            for name in names
            if name.startswith(f"{COLLECTION}.")
            for note in read_yaml(fragment(name)).get("notes", ())
        ]
        return " ".join(" ".join(notes).split())

    @property
    def code(self) -> list[Any]:
        """The statements after the documentation."""
        return code_after_docs(self.source)

    @functools.cached_property
    def plugin(self) -> Any:
        """The imported Python module."""
        folder = "action" if self.name in BULK else "modules"
        return importlib.import_module(
            f"ansible_collections.{COLLECTION}.plugins.{folder}.{self.name}"
        )

    @property
    def arguments(self) -> ArgumentSpec:
        """The argument specification."""
        spec: ArgumentSpec
        if self.name in BULK:
            spec = self.plugin.ActionModule.FLEET.arguments
        elif hasattr(self.plugin, "ARGUMENTS"):
            spec = self.plugin.ARGUMENTS
        else:
            raise AttributeError("the module has no ARGUMENTS")
        return spec

    @property
    def options(self) -> dict[str, dict[str, Any]]:
        """The declared options."""
        return dict(self.arguments.options)

    @property
    def rows(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every documented return value, nested ones included, by its path."""
        return _rows(self.returned, "")


def _rows(rows: dict[str, Any], above: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for key, row in rows.items():
        yield f"{above}{key}", row
        yield from _rows(row.get("contains", {}), f"{above}{key}.")


def strings(value: Any) -> list[str]:
    """Return a description as a list. Documentation may hold a list or a string."""
    return [value] if isinstance(value, str) else list(value)


#: Return values that Ansible adds or documents itself.
COMMON = {"changed", "failed", "msg", "diff", "warnings", "deprecations", "exception"}


def undocumented(name: str, result: dict[str, Any]) -> Iterator[str]:
    """Yield the paths of a module's result that RETURN lacks."""
    own = {key: value for key, value in result.items() if key not in COMMON}
    return _undocumented(own, documented(name).returned, "")


def _undocumented(value: Any, rows: dict[str, Any], above: str) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        for key in each if isinstance(each, dict) else ():
            if key not in rows:
                yield f"{above}{key}"
            elif "contains" in rows[key]:
                yield from _undocumented(each[key], rows[key]["contains"], f"{above}{key}.")


def lacking(name: str, result: dict[str, Any]) -> Iterator[str]:
    """Yield the paths of the keys that RETURN promises and a module's successful result lacks.

    :param name: the module, also by a former name.
    """
    former = yaml_of("meta", "runtime.yml")["plugin_routing"]["modules"].get(name, {})
    rows = documented(former.get("redirect", name).rpartition(".")[2]).returned
    for key, row in rows.items():
        when = row["returned"].partition(", and on failure")[0]
        if when in ("always", "success") and key not in (*COMMON, *result):
            yield key
    yield from _lacking({key: result[key] for key in rows if key in result}, rows, "")


def _lacking(value: Any, rows: dict[str, Any], above: str) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, dict):
            continue
        for key, row in rows.items():
            if key in each:
                yield from _lacking(each[key], row.get("contains", {}), f"{above}{key}.")
            elif above and row["returned"] == "always":
                yield f"{above}{key}"


@functools.cache
def documented(name: str) -> Documented:
    """Return a module or a bulk action by its name."""
    return Documented(name, source_of(module_file(name)))


def modules() -> list[Documented]:
    """Return all modules."""
    return [documented(name) for name in MODULES]


def bulk_actions() -> list[Documented]:
    """Return all bulk actions."""
    return [documented(name) for name in BULK]


# --- integration targets ---------------------------------------------------------------------


def tasks_of_target(name: str) -> Iterator[dict[str, Any]]:
    """Return every task of an integration target, from all its files and blocks."""
    for path in sorted((TARGETS / name).rglob("*.yml")):
        yield from _tasks(read_yaml(path.read_text(encoding="utf-8")))


def _tasks(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, list):
        for each in content:
            yield from _tasks(each)
    elif isinstance(content, dict):
        yield content
        for section in (
            "block",
            "rescue",
            "always",
            "tasks",
            "pre_tasks",
            "post_tasks",
            "handlers",
        ):
            yield from _tasks(content.get(section))


def is_run_by(task: dict[str, Any], full_name: str) -> bool:
    """Return whether a task runs a module by name, by ``action``, or by the shared cycle."""
    cycle = task.get("cycle") or {}
    return full_name in (*task, task.get("action"), cycle.get("module"))


# --- README ----------------------------------------------------------------------------------


def readme_table(heading: str) -> set[str]:
    """Return the first column of the README's table whose heading begins with ``heading``."""
    text = (TOP / "README.md").read_text(encoding="utf-8")
    match = re.search(rf"^\| {re.escape(heading)}.*\n\|---.*\n((?:\|.*\n)+)", text, re.M)
    if not match:
        raise LookupError(f"README.md has no table with the heading {heading!r}")
    return {
        name for row in match[1].splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1])
    }
