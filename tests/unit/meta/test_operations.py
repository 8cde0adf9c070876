# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operations are declared once, and the code calls declared operations only."""

from __future__ import annotations

import ast
import importlib
import re

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.dialect import (
    Catalogue,
    Operation,
    reads,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.panel_info import (
    PROBES,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import (
    PLUGINS,
    ROOT,
    TOP,
    UTILS,
    Source,
    source_of,
    sources,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import refuse

#: The catalogue of each panel, by the name of the panel's packages.
CATALOGUES: dict[str, Catalogue] = {
    file.parent.name: importlib.import_module(
        f"{ROOT}plugins.module_utils.{file.parent.name}.operations"
    ).OPERATIONS
    for file in sorted(UTILS.glob("_*/operations.py"))
    if file.parent.name != "_core"
}
#: Methods whose first argument is the name of an operation.
BY_NAME = {"call", "one", "find", "rows", "pages", "send", "_send", "_write", "_data", "probe"}


def called(file: Source) -> list[tuple[int, str]]:
    """Return the operations that a file calls by name, each with its line."""
    return [
        (call.lineno, call.args[0].value)
        for call in file.calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in BY_NAME
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    ]


def unspeakable(operation: Operation) -> str:
    """Return why an operation's words do not fit into a message, or an empty text."""
    phrase = operation.describe(dict.fromkeys(operation.placeholders, "7"))
    if not phrase or phrase != phrase.strip() or set(phrase) & set("{}"):
        return f"its phrase is {phrase!r}"
    if not operation.name.replace("_", "").isalnum() or not operation.name.islower():
        return "its name is not in lower case with underscores"
    return ""


def page_of(panel: str) -> str:
    """Return the name of the page about a panel's API in docs/apis."""
    names = sorted(path.name for path in (TOP / "docs" / "apis").glob(f"{panel[1:]}*.md"))
    return names[0] if names else f"{panel[1:]}.md"


def undescribed(operation: Operation, page: str) -> bool:
    """Whether a page about a panel's API does not name an operation's request."""
    text = page
    for short, prefix in re.findall(r"`([A-Z])` (?:=|is) `(/[^`]+)`", page):
        text = re.sub(rf"(?<![\w/]){short}/", f"{prefix}/", text)
    act = re.search(r"\bact=\w+", operation.path)
    request = act[0] if act else _shape(operation.path)
    return not re.search(rf"{re.escape(request)}(?![\w/{{-])", _shape(text))


def _shape(path: str) -> str:
    return re.sub(r"{\w+}", "{}", path)


def test_each_panel_has_a_catalogue():
    panels = {path.parent.name for path in UTILS.glob("_*/client.py")}
    refuse(
        panels ^ set(CATALOGUES), "Declare the operations of these panels in their operations.py:"
    )


def test_each_operation_that_is_called_is_declared():
    missing = []
    for panel, catalogue in CATALOGUES.items():
        files = [
            source_of(path)
            for area in (UTILS, PLUGINS / "plugin_utils")
            for path in sources(area / panel)
        ]
        calls = [(file, line, name) for file in files for line, name in called(file)]
        assert calls, f"No call was found in {panel}: update BY_NAME in this file."
        missing += [
            f"{file.name} line {line}: {name}"
            for file, line, name in calls
            if name not in catalogue
        ]
    refuse(missing, "Declare these operations in operations.py, or correct their names:")


def test_a_call_by_name_is_found():
    planted = Source("plugins/module_utils/_planted/client.py", "self._session.call('no_such')")
    assert called(planted) == [(1, "no_such")]


def test_each_operation_fits_into_a_message():
    found = (
        f"{panel} {operation.name}: {why}"
        for panel, catalogue in CATALOGUES.items()
        for operation in catalogue.values()
        if (why := unspeakable(operation))
    )
    refuse(found, 'Give these operations a name and words that follow "Cannot ...":')


def test_each_operation_is_described():
    missing = []
    for panel, catalogue in CATALOGUES.items():
        path = TOP / "docs" / "apis" / page_of(panel)
        page = path.read_text(encoding="utf-8") if path.is_file() else ""
        missing += [
            f"docs/apis/{path.name}: {operation.name}, {operation.method} {operation.path}"
            for operation in catalogue.values()
            if undescribed(operation, page)
        ]
    refuse(missing, "Describe how these requests behave, in a section with its sources:")


def test_an_operation_without_a_description_is_found():
    page = "Under `P` = `/v1/{id}/x`: `GET P/jobs/{job}`, `GET /servers/{id}/name`, `act=users`."
    for path, missing in (
        ("/v1/{project_id}/x/jobs/{job_id}", False),
        ("/servers/{server_id}/name", False),
        ("/servers/{server_id}", True),
        ("/index.php?act=users&id={user_id}", False),
        ("/index.php?act=user", True),
    ):
        assert undescribed(reads("planted", f"GET {path}", "read it"), page) is missing, path


def test_each_probe_is_a_declared_read():
    catalogue = CATALOGUES["_virtfusion"]
    found = (name for name in PROBES.values() if name not in catalogue or not catalogue[name].reads)
    refuse(found, "A probe must be an operation that only reads; correct PROBES:")
