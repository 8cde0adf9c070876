# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where things are declared: options beside their resource, panels in panel.py."""

from __future__ import annotations

import ast
from pathlib import Path

from ansible_collections.vpsfleet.panels.tests.unit.support.collection import (
    PLUGINS,
    UTILS,
    name_of,
    sources,
    tree_of,
)


def _called(path: Path) -> set[str]:
    """The names that a file calls."""
    calls = [node.func for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
    return {func.id for func in calls if isinstance(func, ast.Name)}


def test_options_are_declared_beside_their_resource():
    modules = [
        name_of(path) for path in sources(PLUGINS / "modules") if "ArgumentSpec" in _called(path)
    ]
    assert modules == [], "move the ArgumentSpec of each to the file of its resource"


def test_each_panel_is_declared_in_its_panel_file():
    panels = sorted(path.parent.name for path in UTILS.glob("_*/client.py"))
    declared = [
        name_of(path)
        for path in sources(UTILS)
        if any(
            isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation).startswith("Panel[")
            for node in tree_of(path).body
        )
    ]
    assert declared == [f"plugins/module_utils/{panel}/panel.py" for panel in panels]
