# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Imports go down only, and each library has one door."""

from __future__ import annotations

import sys

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.collection import (
    PLUGINS,
    UTILS,
    imports_of,
    name_of,
    sources,
)

HERE = "plugins.module_utils."

#: The core, from the ground up: a file imports from lower lines only. A new file needs its place.
CORE = [
    {"plain_text", "redact", "threads", "trust", "version", "waiting"},
    {"delivery", "errors"},
    {"http"},
    {"argspec", "fields", "operations", "paging", "ranges", "ratelimit", "select"},
    {"changes", "retry"},
    {"session"},
    {"converge"},
    {"existence", "runner"},
    {"membership", "panel_module"},
    {"ansible_module"},
]
#: A panel's package, in the same way.
PANEL = [
    {"credentials", "filters", "messages", "operations", "signer", "together", "values"},
    {"argspec", "endpoints", "errors", "pages"},
    {"client"},
    {"dialect", "one_call", "resources"},
    {"panel"},
]

#: Who may import what is not in Python itself and not of this collection.
DOORS = {
    "requests": {"plugins/module_utils/_core/http.py"},
    "urllib3": {"plugins/module_utils/_core/http.py"},
    "jinja2": {"plugins/plugin_utils/_expressions.py"},
}
#: The edges, which know Ansible: these files, and everything that runs on the controller.
EDGES = {
    "plugins/module_utils/_core/ansible_module.py",
    "plugins/module_utils/_core/argspec.py",
}
EDGE_FOLDERS = (
    "plugins/modules/",
    "plugins/action/",
    "plugins/inventory/",
    "plugins/lookup/",
    "plugins/filter/",
    "plugins/plugin_utils/",
)

PACKAGES = sorted({path.relative_to(UTILS).parts[0] for path in sources(UTILS)})
ALL = [pytest.param(path, id=name_of(path)) for path in sources(PLUGINS)]
IN_UTILS = [pytest.param(path, id=name_of(path)) for path in sources(UTILS)]


def _rank(layers: list[set[str]], part: str, file: str) -> int:
    for rank, names in enumerate(layers):
        if part in names:
            return rank
    pytest.fail(f"{file}: {part} has no place in the layers of {__name__}")


def _part(dotted: str) -> tuple[str, str]:
    """The package of a module in module_utils, and its file or folder there."""
    parts = dotted.removeprefix(HERE).split(".")
    return parts[0], parts[1] if len(parts) > 1 else "__init__"


@pytest.mark.parametrize("path", IN_UTILS)
def test_imports_go_down_only(path):
    file = name_of(path)
    own = path.relative_to(UTILS).with_suffix("").parts
    if own[-1] == "__init__":
        return
    package, part = own[0], own[1]
    layers = CORE if package == "_core" else PANEL
    rank = _rank(layers, part, file)
    for dotted in imports_of(path):
        if not dotted.startswith(HERE):
            continue
        other, lower = _part(dotted)
        if other != package:
            assert other == "_core", f"{file} imports another panel: {dotted}"
            continue
        if lower == part and len(own) > 2:
            continue  # inside a folder
        assert _rank(layers, lower, file) < rank, f"{file} imports upwards: {dotted}"


@pytest.mark.parametrize("path", IN_UTILS)
def test_below_the_edges_nothing_of_the_collection_but_module_utils_is_imported(path):
    outside = [
        dotted
        for dotted in imports_of(path)
        if dotted.startswith(("plugins.", "tests.", "ansible_collections."))
        and not dotted.startswith(HERE)
    ]
    assert outside == []


@pytest.mark.parametrize("path", ALL)
def test_each_library_has_one_door(path):
    file = name_of(path)
    for dotted in imports_of(path):
        library = dotted.split(".")[0]
        if library in sys.stdlib_module_names or library == "plugins":
            continue
        if library == "ansible":
            assert file in EDGES or file.startswith(EDGE_FOLDERS), f"{file} imports {dotted}"
        else:
            assert file in DOORS.get(library, ()), f"{file} imports {dotted}"


@pytest.mark.parametrize("path", IN_UTILS)
def test_what_is_sent_to_a_host_needs_no_controller(path):
    # A module travels: of Ansible it finds only module_utils there.
    for dotted in imports_of(path):
        if dotted.split(".")[0] == "ansible":
            assert dotted.startswith("ansible.module_utils."), dotted


@pytest.mark.parametrize("path", ALL)
def test_time_passes_in_one_place(path):
    if name_of(path) != "plugins/module_utils/_core/waiting.py":
        assert "time" not in set(imports_of(path))


def test_there_is_a_core():
    assert "_core" in PACKAGES


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_are_private(package):
    # Other collections keep off names that begin so.
    assert package.startswith("_")


@pytest.mark.parametrize("path", [path for path in IN_UTILS if path.id.endswith("__init__.py")])
def test_packages_have_an_empty_beginning(path):
    # Importing a part loads that part alone; the oldest ansible-test wants it so.
    assert path.read_bytes() == b""


@pytest.mark.parametrize("path", [pytest.param(p, id=name_of(p)) for p in sources(UTILS / "_core")])
def test_the_core_knows_no_panel(path):
    text = path.read_text(encoding="utf-8").lower()
    assert [name for name in ("virtfusion", "virtualizor", "huawei") if name in text] == []


def test_module_utils_holds_packages_only():
    assert [path.name for path in UTILS.glob("*.py") if path.name != "__init__.py"] == []
