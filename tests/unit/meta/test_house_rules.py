# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""House rules for source files: sizes, names, and what they must not contain.

Ruff checks the rest (pyproject.toml): the import of annotations, print, exec, eval, forgotten notes,
and the banned imports, such as those of Python 2 and of processes that outlive their task.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.version import (
    COLLECTION_VERSION,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import (
    PLUGINS,
    TOP,
    Source,
    source_of,
    sources,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import Rule, refuse, toothless

FILES = [
    source_of(path)
    for folder in (PLUGINS, TOP / "tests", TOP / "ci")
    for path in sources(folder)
    if path.parts[-2:-1] != ("output",)
]
#: Files with comments in the same form as those of Python. Fragments of the changelog do not stay.
TEXTS = [
    source_of(path)
    for folder in ("ci", "docs", "extensions", "meta", "playbooks", "plugins", "roles", "tests")
    for path in sorted((TOP / folder).rglob("*"))
    if (path.suffix in (".yml", ".yaml", ".sh") or path.name == "aliases")
    and path.is_file()
    and "output" not in path.parts
    and path.name != "integration_config.yml"
]
#: Code that Ansible copies to a target host.
TRAVELS = r"plugins/(module_utils|modules)/"
IN_UTILS = "plugins/module_utils/_core/planted.py"

GENERIC = {"utils", "util", "helpers", "helper", "common", "misc", "base", "lib"}
LICENCE = "GNU General Public License v3.0 or later"
SPDX = "# SPDX-License-Identifier: GPL-3.0-or-later"


def too_long(file: Source) -> Iterator[str]:
    lines = len(file.text.splitlines())
    if lines > 500:
        yield f"{lines} lines"


def generic_name(file: Source) -> Iterator[str]:
    names = file.name.removesuffix(".py").split("/")[2:]
    yield from (name for name in names if name.lstrip("_") in GENERIC)


def without_licence(file: Source) -> Iterator[str]:
    if file.name.endswith("__init__.py") and not file.text:
        return
    head = file.text.splitlines()[:5]
    if not any(LICENCE in line for line in head):
        yield f"the first lines do not name the {LICENCE}"
    if SPDX not in head:
        yield f"the first lines lack {SPDX}"


def without_docstring(file: Source) -> Iterator[str]:
    if not ast.get_docstring(file.tree) and not file.name.endswith("__init__.py"):
        yield "the file"
    for node in file.tree.body:
        if (
            isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ):
            yield node.name


def output(file: Source) -> Iterator[str]:
    for call in file.calls:
        name = ast.unparse(call.func)
        if (
            name in {"open", "io.open", "os.open", "input"}
            or name.endswith((".write_text", ".write_bytes"))
            or name.startswith(("syslog.", "sys.std"))
            # The loggers of libraries are silenced.
            or (name.startswith("logging.") and not name.startswith("logging.getLogger"))
            or re.search(r"getLogger\(.*\)\.(?!addFilter$)", name)
        ):
            yield f"line {call.lineno} calls {name}"


def ends_module(file: Source) -> Iterator[str]:
    for call in file.calls:
        ender = isinstance(call.func, ast.Attribute) and call.func.attr
        if ender in {"exit_json", "fail_json", "exit"}:
            yield f"line {call.lineno} calls {ast.unparse(call.func)}"


def unverified(file: Source) -> Iterator[str]:
    for call in file.calls:
        for keyword in call.keywords:
            if (
                keyword.arg in {"verify", "validate_certs"}
                and ast.unparse(keyword.value) == "False"
            ):
                yield f"line {call.lineno} passes {keyword.arg}=False"


def background_thread(file: Source) -> Iterator[str]:
    for call in file.calls:
        if any(ast.unparse(keyword) == "daemon=True" for keyword in call.keywords):
            yield f"line {call.lineno} passes daemon=True"


RULES = {
    "a file has at most 500 lines": Rule(
        too_long,
        "Split these files by what their parts are about:",
        Source("tests/planted.py", "\n" * 501),
        where=r"plugins/(?!modules/)|tests/",
    ),
    "a file is named for its contents": Rule(
        generic_name,
        "Name these files and folders for what they contain:",
        Source("plugins/module_utils/_core/helpers.py", ""),
        where=r"plugins/",
    ),
    "a file names its licence": Rule(
        without_licence,
        "Begin these files with the copyright, licence and SPDX lines of their neighbours:",
        Source("plugins/planted.py", "import os"),
    ),
    "public code has a docstring": Rule(
        without_docstring,
        "Write a docstring that says what these are for:",
        Source("plugins/module_utils/_core/planted.py", "class Planted: pass"),
        where=r"plugins/(module_utils|plugin_utils)/",
    ),
    "code on a target host writes no output": Rule(
        output,
        "Return results instead; a module prints one JSON document and writes no file:",
        Source(IN_UTILS, "open('x')"),
        where=rf"{TRAVELS}",
    ),
    "a module ends at the edge": Rule(
        ends_module,
        "Raise a PanelError instead; only _core/ansible_module.py ends a module:",
        Source("plugins/modules/planted.py", "module.fail_json(msg='x')"),
        where=rf"{TRAVELS}(?!_core/ansible_module\.py)",
    ),
    "certificates are verified": Rule(
        unverified,
        "Pass the operator's option instead of False:",
        Source("plugins/planted.py", "get(verify=False)"),
        where=r"plugins/",
    ),
    "no thread outlives its task": Rule(
        background_thread,
        "End the thread before the task ends, Ansible's worker waits for its children:",
        Source("plugins/planted.py", "Thread(daemon=True)"),
        where=r"plugins/",
    ),
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_house_rule(rule):
    rule.hold(FILES)


def test_texts_name_their_licence():
    assert TEXTS
    refuse(
        (f"{file.name}: {what}" for file in TEXTS for what in without_licence(file)),
        "Begin these files with the copyright, licence and SPDX lines of their neighbours:",
    )


def test_each_rule_finds_its_planted_offender():
    refuse(toothless(RULES), "These rules cannot fail, or fail to read their own offender:")


def test_no_sanity_test_is_ignored():
    found = (path.name for path in (TOP / "tests" / "sanity").glob("ignore*.txt"))
    refuse(found, "Fix what the sanity tests report, and remove these files from tests/sanity:")


def test_the_version_equals_the_one_in_galaxy_yml():
    galaxy = yaml.safe_load((TOP / "galaxy.yml").read_text(encoding="utf-8"))
    assert galaxy["version"] == COLLECTION_VERSION, (
        "Set COLLECTION_VERSION in module_utils/_core/version.py to the version in galaxy.yml."
    )


def test_the_variable_of_a_loop_has_no_other_value():
    """Ansible warns at each run of the loop, and an operator cannot do anything about it."""
    found = (
        f"roles/{role.name}: {name}"
        for role in sorted((TOP / "roles").iterdir())
        for path in sorted(role.glob("tasks/*.yml"))
        for name in re.findall(r"^ +loop_var: (\w+)", path.read_text(encoding="utf-8"), re.M)
        for values in sorted(role.glob("*/main.yml"))
        if re.search(rf"^{name}:", values.read_text(encoding="utf-8"), re.M)
    )
    refuse(found, "Remove these from the variables and defaults of the roles:")


def test_no_setting_for_other_hosts_breaks_a_playbook():
    """An ansible.cfg or an inventory for other hosts may have ``strategy = free`` and ``become = true``."""
    plays = [
        (path.name, play)
        for path in sorted((TOP / "playbooks").glob("*.yml"))
        for play in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    refuse(
        (name for name, play in plays if play.get("strategy") != "ansible.builtin.linear"),
        "Add strategy: ansible.builtin.linear to the plays of these playbooks:",
    )
    refuse(
        (
            name
            for name, play in plays
            if "ansible_python_interpreter" in (found := play.get("vars", {}))
            and found.get("ansible_become") is not False
        ),
        "Set ansible_become to false beside ansible_python_interpreter in these playbooks:",
    )


def test_no_play_that_ignores_errors_passes_a_guard_of_a_role():
    """A play, a block or a task with ``ignore_errors`` sets it for all tasks of the roles in it."""
    refuse(
        (
            f"roles/{path.parent.parent.name}: {task['name']}"
            for path in sorted((TOP / "roles").glob("*/tasks/*.yml"))
            for task in _tasks(yaml.safe_load(path.read_text(encoding="utf-8")))
            if GUARDS & task.keys()
            and task["name"] not in CONCLUSIONS
            and task.get("ignore_errors") is not False
        ),
        "Set ignore_errors to false in these tasks:",
    )


#: What refuses to continue a role.
GUARDS = {"ansible.builtin.assert", "ansible.builtin.fail", "vpsfleet.panels.role_variables"}
#: Tasks that state the outcome when all is done. A play may ignore them.
CONCLUSIONS = {
    "Fail if the run failed",
    "Fail if servers could not be compared",
    "Fail if servers have drifted",
}


def _tasks(tasks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield all tasks, including those in blocks."""
    for task in tasks:
        yield task
        for part in ("block", "rescue", "always"):
            yield from _tasks(task.get(part, []))


def test_roles_take_check_mode_from_their_first_task():
    """``ansible_check_mode`` shows ``--check`` only, not the ``check_mode`` of a play, a block or a role."""
    refuse(
        (
            f"{path.relative_to(TOP)}: {line.strip()}"
            for path in sorted((TOP / "roles").glob("*/*/**/*.yml"))
            for line in path.read_text(encoding="utf-8").splitlines()
            if "ansible_check_mode" in line.partition("#")[0]
        ),
        "Use the check_mode that role_variables returns in these lines:",
    )
