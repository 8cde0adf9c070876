# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""House rules: sizes, names, and what has no place here."""

from __future__ import annotations

import ast
import importlib
import re

import pytest
import yaml

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.operations import (
    Catalogue,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.version import (
    COLLECTION_VERSION,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.connection import (
    PROBES,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import (
    PLUGINS,
    ROOT,
    TOP,
    UTILS,
    name_of,
    sources,
    tree_of,
)

CODE = [pytest.param(path, id=name_of(path)) for path in sources(PLUGINS)]
TRAVELS = [
    pytest.param(path, id=name_of(path))
    for path in [*sources(UTILS), *sources(PLUGINS / "modules")]
]
CONTROLLER = PLUGINS / "plugin_utils"
SIZED = [
    pytest.param(path, id=name_of(path))
    for path in [*sources(UTILS), *sources(CONTROLLER), *sources(TOP / "tests")]
]
DESCRIBED = [
    pytest.param(path, id=name_of(path)) for path in [*sources(UTILS), *sources(CONTROLLER)]
]
OWN_TESTS = [pytest.param(path, id=name_of(path)) for path in sources(TOP / "tests" / "unit")]

#: The catalogue of each panel.
CATALOGUES: dict[str, Catalogue] = {
    file.parent.name: importlib.import_module(
        f"{ROOT}plugins.module_utils.{file.parent.name}.operations"
    ).OPERATIONS
    for file in sorted(UTILS.glob("_*/operations.py"))
    if file.parent.name != "_core"
}


def _calls(path):
    return [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]


# --- sizes and names -------------------------------------------------------------------------


@pytest.mark.parametrize("path", SIZED)
def test_no_file_has_more_than_500_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


@pytest.mark.parametrize("path", CODE)
def test_a_file_is_named_for_what_it_holds(path):
    assert path.stem not in {"utils", "util", "helpers", "helper", "common", "misc", "base", "lib"}


@pytest.mark.parametrize("path", [*CODE, *OWN_TESTS])
def test_each_file_names_its_licence(path):
    head = path.read_text(encoding="utf-8").splitlines()[:5]
    if path.name == "__init__.py" and not head:
        return
    assert any("GNU General Public License v3.0 or later" in line for line in head)
    assert "# SPDX-License-Identifier: GPL-3.0-or-later" in head


@pytest.mark.parametrize("path", [*CODE, *OWN_TESTS])
def test_each_file_knows_modern_annotations(path):
    if path.name != "__init__.py":
        assert "from __future__ import annotations" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", DESCRIBED)
def test_each_class_and_public_function_says_what_it_is_for(path):
    tree = tree_of(path)
    assert ast.get_docstring(tree) or path.name == "__init__.py"
    public = (ast.ClassDef, ast.FunctionDef)
    silent = [
        node.name
        for node in tree.body
        if isinstance(node, public)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


# --- what has no place here ------------------------------------------------------------------


@pytest.mark.parametrize("path", TRAVELS)
def test_nothing_is_printed_or_written_to_a_file(path):
    names = {ast.unparse(call.func) for call in _calls(path)}
    assert not names & {"print", "open", "exec", "eval", "breakpoint", "input"}
    assert not {name for name in names if name.endswith((".write_text", ".write_bytes"))}
    assert not {name for name in names if name.startswith(("logging.", "syslog.", "sys.std"))}


@pytest.mark.parametrize("path", TRAVELS)
def test_a_module_is_ended_at_the_edge_only(path):
    enders = {
        ast.unparse(call.func).rpartition(".")[2]
        for call in _calls(path)
        if isinstance(call.func, ast.Attribute)
    }
    if name_of(path) != "plugins/module_utils/_core/ansible_module.py":
        assert not enders & {"exit_json", "fail_json", "exit"}


@pytest.mark.parametrize("path", CODE)
def test_no_remains_of_old_times_or_of_work(path):
    text = path.read_text(encoding="utf-8")
    for word in ("module_utils.six", "module_utils._text", "module_utils.urls", "__metaclass__"):
        assert word not in text
    assert not re.search(r"\b(TODO|FIXME|XXX|HACK)\b", text)


@pytest.mark.parametrize("path", CODE)
def test_certificates_are_never_unchecked_by_the_code(path):
    for call in _calls(path):
        for keyword in call.keywords:
            if keyword.arg in {"verify", "validate_certs"}:
                assert ast.unparse(keyword.value) != "False"


@pytest.mark.parametrize("path", CODE)
def test_nothing_lives_longer_than_its_task(path):
    text = path.read_text(encoding="utf-8")
    for word in (
        "import socketserver",
        "import multiprocessing",
        "os.fork",
        "daemon=True",
        "atexit",
    ):
        assert word not in text


def test_no_sanity_test_is_ignored():
    assert list((TOP / "tests" / "sanity").glob("ignore*.txt")) == []


# --- one truth -------------------------------------------------------------------------------


def test_the_version_is_galaxys():
    galaxy = yaml.safe_load((TOP / "galaxy.yml").read_text(encoding="utf-8"))
    assert galaxy["version"] == COLLECTION_VERSION


def test_there_is_a_catalogue_for_each_panel():
    panels = {path.parent.name for path in UTILS.glob("_*/client.py")}
    assert panels == set(CATALOGUES)


#: Methods whose first argument is the name of an operation.
BY_NAME = {"call", "one", "find", "rows", "pages", "send", "_data", "probe"}


@pytest.mark.parametrize("panel", CATALOGUES)
def test_each_operation_that_is_called_is_in_the_catalogue(panel):
    called = [
        (name_of(path), call.args[0].value)
        for path in [*sources(UTILS / panel), *sources(CONTROLLER / panel)]
        for call in _calls(path)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in BY_NAME
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]
    assert called, "no call was found: look at BY_NAME"
    assert [place for place in called if place[1] not in CATALOGUES[panel]] == []


def test_each_probe_is_a_read_in_the_catalogue():
    assert all(CATALOGUES["_virtfusion"][name].reads for name in PROBES.values())


@pytest.mark.parametrize(
    "operation",
    [
        pytest.param(operation, id=f"{panel}-{operation.name}")
        for panel, catalogue in CATALOGUES.items()
        for operation in catalogue.values()
    ],
)
def test_each_operation_can_be_spoken_about(operation):
    parts = {name: f"<{name}>" for name in operation.placeholders}
    phrase = operation.describe(parts)
    assert phrase
    assert not set(phrase) & set("{}")
    assert operation.name.replace("_", "").isalnum()
    assert operation.name.islower()
